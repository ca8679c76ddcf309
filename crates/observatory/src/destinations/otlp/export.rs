//! Records as spans of OTLP, independent of their encoding.

use super::attributes::Attributes;
use super::profile::Names;
use super::span::{Export, OtlpEvent, OtlpSpan, Resource, Service};
use super::{gen_ai, langfuse, open_inference};
use crate::model::{Record, Score, Span, SpanId, SpanKind, Status, TraceInfo};
use observatory_runtime::spec::OtlpConvention;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// Which attributes requests have.
#[derive(Clone, Debug)]
pub(crate) struct Vocabulary {
    /// The conventions.
    pub(super) conventions: Vec<OtlpConvention>,
    /// Names besides those of the conventions.
    pub(super) names: Option<&'static Names>,
    /// Attributes of every resource.
    pub(super) resource: Vec<(&'static str, String)>,
}

impl Vocabulary {
    /// Returns the vocabulary of conventions alone.
    pub(crate) fn new(conventions: &[OtlpConvention]) -> Self {
        Self {
            conventions: conventions.to_vec(),
            names: None,
            resource: Vec::new(),
        }
    }
}

impl<'a> Export<'a> {
    /// Translates records into the vocabularies that a vendor reads.
    ///
    /// A score becomes an event of the span that it scores. Where that span is not among the records, or the whole trace
    /// is scored, the event has a span of its own, with an id derived from the score's.
    pub(crate) fn new(records: &'a [Arc<Record>], vocabulary: &'a Vocabulary) -> Self {
        let mut export = Self::default();
        let scores = records.iter().filter_map(|record| match &**record {
            Record::Score(score) => Some(score),
            Record::Span(_) => None,
        });
        let has_scores = scores.clone().next().is_some();
        let mut positions = HashMap::new();
        for record in records {
            if let Record::Span(span) = &**record {
                let position = export.push(&span.trace, vocabulary, encode_span(span, vocabulary));
                if has_scores {
                    positions.insert((span.trace.id, span.id), position);
                }
            }
        }
        for score in scores {
            let scored = score.span_id.map(|span| (score.trace_id, span));
            match scored.and_then(|key| positions.get(&key)) {
                Some(position) => export.add_score(*position, score, vocabulary),
                None => export.push_score(score, vocabulary),
            }
        }
        export
    }

    /// Adds a span to the resource of its trace. Returns where it is.
    fn push(
        &mut self,
        trace: &'a TraceInfo,
        vocabulary: &'a Vocabulary,
        span: OtlpSpan<'a>,
    ) -> (usize, usize) {
        let service = Service {
            name: trace.service.as_deref(),
            environment: trace.environment.as_deref(),
            version: trace.release.as_deref(),
        };
        let known = self
            .resources
            .iter()
            .rposition(|resource| resource.service == service);
        let index = known.unwrap_or_else(|| self.add_resource(service, vocabulary));
        let spans = self
            .resources
            .get_mut(index)
            .map(|resource| &mut resource.spans);
        let position = spans.map_or(0, |spans| {
            spans.push(span);
            spans.len() - 1
        });
        (index, position)
    }

    /// Adds a resource without spans. Returns where it is.
    fn add_resource(&mut self, service: Service<'a>, vocabulary: &'a Vocabulary) -> usize {
        let mut attributes = Attributes::default();
        attributes.text("service.name", service.name);
        attributes.text("deployment.environment.name", service.environment);
        attributes.text("service.version", service.version);
        for (name, value) in &vocabulary.resource {
            attributes.text(*name, Some(value));
        }
        self.resources.push(Resource {
            service,
            attributes,
            spans: Vec::new(),
        });
        self.resources.len() - 1
    }

    /// Adds a score to a span of the export.
    fn add_score(
        &mut self,
        (resource, span): (usize, usize),
        score: &'a Score,
        vocabulary: &Vocabulary,
    ) {
        let resource = self.resources.get_mut(resource);
        if let Some(span) = resource.and_then(|resource| resource.spans.get_mut(span)) {
            add_score(span, score, vocabulary);
        }
    }

    /// Adds a span that has only a score.
    fn push_score(&mut self, score: &'a Score, vocabulary: &'a Vocabulary) {
        let trace = TraceInfo::new(score.trace_id, score.name.clone());
        let mut id = [0; 8];
        id.copy_from_slice(&score.id.to_bytes()[..8]);
        let mut carrier = Span::new(
            Arc::new(trace),
            SpanKind::Evaluator,
            score.name.clone(),
            score.time,
        );
        carrier.id = SpanId::from_bytes(id).unwrap_or(carrier.id);
        carrier.parent = score.span_id;
        let mut span = encode_span(&carrier, vocabulary).into_owned();
        add_score(&mut span, score, vocabulary);
        if self.resources.is_empty() {
            self.add_resource(Service::default(), vocabulary);
        }
        // Without a service of its own, the score belongs to the first one.
        if let Some(resource) = self.resources.first_mut() {
            resource.spans.push(span);
        }
    }
}

fn encode_span<'a>(span: &'a Span, vocabulary: &Vocabulary) -> OtlpSpan<'a> {
    let mut attributes = Attributes::of_span();
    for convention in &vocabulary.conventions {
        match convention {
            OtlpConvention::OpenInference => open_inference::describe(span, &mut attributes),
            OtlpConvention::Langfuse => langfuse::describe(span, &mut attributes),
            // The standard is what an endpoint of a later version is most likely to read.
            _ => gen_ai::describe(span, &mut attributes),
        }
    }
    if let Some(names) = vocabulary.names {
        names.describe(span, &mut attributes);
    }
    if vocabulary.conventions.len() > 1 || vocabulary.names.is_some() {
        attributes.keep_first();
    }
    let mut events: Vec<OtlpEvent> = span.events.iter().map(encode_event).collect();
    let error = match &span.status {
        Status::Error { kind, message } => {
            events.push(exception(span, kind.as_deref(), message));
            Some(Cow::Borrowed(message.as_str()))
        }
        Status::Ok => None,
    };
    OtlpSpan {
        trace_id: span.trace.id,
        id: span.id,
        parent: span.parent,
        name: Cow::Borrowed(&span.name),
        is_client: matches!(span.kind, SpanKind::Llm | SpanKind::Embedding),
        start: span.start,
        end: span.end,
        attributes,
        events,
        error,
    }
}

fn encode_event(event: &crate::model::Event) -> OtlpEvent<'_> {
    let mut attributes = Attributes::default();
    for (name, value) in &event.attributes {
        attributes.json(name, value);
    }
    OtlpEvent {
        time: event.time,
        name: Cow::Borrowed(&event.name),
        attributes,
    }
}

/// Returns the event by which OpenTelemetry records an error.
fn exception<'a>(span: &Span, kind: Option<&'a str>, message: &'a str) -> OtlpEvent<'a> {
    let mut attributes = Attributes::default();
    attributes.text("exception.type", kind);
    attributes.text("exception.message", Some(message));
    OtlpEvent {
        time: span.end,
        name: Cow::Borrowed("exception"),
        attributes,
    }
}

fn add_score<'a>(span: &mut OtlpSpan<'a>, score: &'a Score, vocabulary: &Vocabulary) {
    if vocabulary
        .conventions
        .contains(&OtlpConvention::OpenInference)
    {
        let index = span
            .events
            .iter()
            .filter(|event| event.name == gen_ai::EVALUATION)
            .count();
        open_inference::annotate(score, index, &mut span.attributes);
    }
    span.events.push(gen_ai::evaluation(score));
}
