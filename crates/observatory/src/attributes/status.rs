//! The status of a span, which several attributes describe.

use super::AttributeValue;
use crate::model::Status;

/// What attributes and events reported about the end of a span.
#[derive(Debug, Default)]
pub(super) struct StatusDraft {
    /// Whether the span failed, where an attribute reports it.
    has_failed: Option<bool>,
    kind: Option<String>,
    message: Option<String>,
}

impl StatusDraft {
    /// Sets the status code of OpenTelemetry, as a word or as a number of OTLP. `Unset` changes nothing.
    pub(super) fn set_code(&mut self, value: AttributeValue<'_>) {
        let code = value.into_text();
        if code.eq_ignore_ascii_case("error") || code == "2" {
            self.has_failed = Some(true);
        } else if code.eq_ignore_ascii_case("ok") || code == "1" {
            self.has_failed = Some(false);
        }
    }

    /// Sets whether there was an error, or its message.
    pub(super) fn set_error(&mut self, value: AttributeValue<'_>) {
        match value {
            AttributeValue::Boolean(has_failed) => self.has_failed = Some(has_failed),
            value => match value.into_text() {
                text if text.is_empty() || text == "false" => {}
                text if text == "true" => self.has_failed = Some(true),
                text => self.fail(None, Some(text)),
            },
        }
    }

    /// Sets the message, which alone is not a failure.
    pub(super) fn set_message(&mut self, message: String) {
        self.message = Some(message);
    }

    /// Sets type and message of an error, unless another was reported before.
    pub(super) fn fail(&mut self, kind: Option<String>, message: Option<String>) {
        self.has_failed.get_or_insert(true);
        self.kind = self.kind.take().or(kind);
        self.message = self.message.take().or(message);
    }

    /// Returns the status.
    pub(super) fn finish(self) -> Status {
        match self.has_failed {
            Some(true) => Status::Error {
                message: self
                    .message
                    .or_else(|| self.kind.clone())
                    .unwrap_or_else(|| "failed".to_owned()),
                kind: self.kind,
            },
            Some(false) | None => Status::Ok,
        }
    }
}
