//! Which content is recorded: applied once, before a record is queued or spooled.

use super::content_text::{visit_span_texts, visit_value_texts};
use crate::model::{Record, Span, TraceInfo};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The variable with which OpenTelemetry's instrumentations are configured.
const VARIABLE: &str = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT";

/// Which content of prompts, responses, tools and documents is recorded. It is applied before a record is queued or spooled.
///
/// Content is personal data more often than not, so it is recorded only on request: by
/// [`ObservatoryBuilder::content`](crate::ObservatoryBuilder::content), or by the environment variable
/// `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT`, as OpenTelemetry's instrumentations. `false` or `NO_CONTENT` turns
/// content off, and the setting of the program has no effect then. `true`, `SPAN_ONLY`, `EVENT_ONLY` or `SPAN_AND_EVENT` turns
/// it on where the program has chosen nothing.
///
/// ```
/// use llm_observatory::ContentPolicy;
///
/// let policy = ContentPolicy::masked(|text| text.replace("4111 1111 1111 1111", "[card]"));
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum ContentPolicy {
    /// Content is recorded unchanged.
    All,
    /// No content is recorded: no messages, tools, input, output, documents and attributes of events. Metadata, the message of
    /// an error and the comment of a score are kept.
    #[default]
    None,
    /// Content is recorded after each of its texts has passed a function. So do metadata, the message of an error and the
    /// comment of a score. Names of properties and base64 are not texts.
    Masked(Mask),
}

/// A function that masks a text.
#[derive(Clone)]
pub struct Mask(Arc<dyn Fn(&str) -> String + Send + Sync>);

impl fmt::Debug for Mask {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Mask")
    }
}

impl fmt::Debug for ContentPolicy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::All => "All",
            Self::None => "None",
            Self::Masked(_) => "Masked",
        })
    }
}

/// The masking function panicked.
pub(super) struct MaskPanicked;

impl ContentPolicy {
    /// Records content after each text has passed the function. If it panics, the record has no content.
    pub fn masked(mask: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        Self::Masked(Mask(Arc::new(mask)))
    }

    /// Returns the policy that results from the program's choice and the environment variable.
    pub(crate) fn resolve(chosen: Option<Self>) -> Self {
        let value = std::env::var(VARIABLE).unwrap_or_default().to_lowercase();
        match value.trim() {
            "false" | "0" | "no" | "off" | "no_content" => Self::None,
            "true" | "1" | "yes" | "on" | "span_only" | "event_only" | "span_and_event" => {
                chosen.unwrap_or(Self::All)
            }
            _ => chosen.unwrap_or_default(),
        }
    }

    /// Removes or masks the content of the record.
    pub(super) fn apply(&self, record: &mut Record) -> Result<(), MaskPanicked> {
        match self {
            Self::All => Ok(()),
            Self::None => {
                remove_content(record);
                Ok(())
            }
            Self::Masked(Mask(mask)) => {
                let masked = catch_unwind(AssertUnwindSafe(|| {
                    visit_all_texts(record, &mut |text| *text = mask(text));
                }));
                masked.map_err(|_| {
                    // Some texts are masked and others are not.
                    remove_content(record);
                    remove_other_texts(record);
                    MaskPanicked
                })
            }
        }
    }
}

fn remove_content(record: &mut Record) {
    let Record::Span(span) = record else { return };
    span.system.clear();
    span.input_messages.clear();
    span.tools.clear();
    span.input = None;
    span.output = None;
    // Why the model stopped is not content.
    span.output_messages.retain_mut(|message| {
        message.parts.clear();
        message.finish_reason.is_some()
    });
    for document in &mut span.documents {
        document.content.clear();
        document.metadata.clear();
    }
    for event in &mut span.events {
        event.attributes.clear();
    }
}

/// Removes what is masked although it is not content.
fn remove_other_texts(record: &mut Record) {
    match record {
        Record::Span(span) => {
            span.metadata.clear();
            trace_mut(span, |trace| trace.metadata.clear());
            if let crate::model::Status::Error { message, .. } = &mut span.status {
                message.clear();
            }
        }
        Record::Score(score) => score.comment = None,
    }
}

fn visit_all_texts(record: &mut Record, visit: &mut dyn FnMut(&mut String)) {
    match record {
        Record::Span(span) => {
            visit_span_texts(span, visit);
            for value in span.metadata.values_mut() {
                visit_value_texts(value, visit);
            }
            trace_mut(span, |trace| {
                for value in trace.metadata.values_mut() {
                    visit_value_texts(value, visit);
                }
            });
        }
        Record::Score(score) => {
            if let Some(comment) = &mut score.comment {
                visit(comment);
            }
        }
    }
}

/// Changes the trace's metadata, which all spans of the trace share, for this span.
fn trace_mut(span: &mut Span, change: impl FnOnce(&mut TraceInfo)) {
    if !span.trace.metadata.is_empty() {
        change(Arc::make_mut(&mut span.trace));
    }
}
