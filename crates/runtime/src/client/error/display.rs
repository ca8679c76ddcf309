//! The text of an error.

use std::fmt::{self, Write as _};

use super::{Error, Kind, StopReason};
use crate::client::redaction::escape;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&escape(&self.text()?))
    }
}

impl Error {
    fn text(&self) -> Result<String, fmt::Error> {
        let mut f = String::new();
        if let Some(operation) = self.0.operation {
            write!(f, "{} {}: ", operation.method, operation.path)?;
        }
        match &self.0.kind {
            Kind::Builder(message) => f.write_str(message)?,
            Kind::Transport(error) => write!(f, "{error}: {}", root_cause(error.source.as_ref()))?,
            Kind::Decode(error) => {
                let colon = if error.path.is_empty() { ":" } else { "" };
                write!(f, "invalid response body{colon} {error}")?
            }
            Kind::Api(message) => {
                if let Some(status) = self.status() {
                    write!(f, "server returned {status}")?;
                }
                if let Some(message) = message {
                    write!(f, ": {}", message)?;
                }
            }
        }
        let notes: Vec<String> = [
            self.content_type_note(),
            self.request_id_note(),
            self.attempts_note(),
        ]
        .into_iter()
        .flatten()
        .collect();
        if !notes.is_empty() {
            write!(f, " ({})", notes.join("; "))?;
        }
        Ok(f)
    }

    /// Names the content type where the response is not JSON: usually the page of a gateway.
    fn content_type_note(&self) -> Option<String> {
        let content_type = self.content_type().filter(|_| self.is_decode())?;
        let is_json = content_type.contains("json");
        (!is_json).then(|| format!("content type {}", content_type))
    }

    fn request_id_note(&self) -> Option<String> {
        Some(format!("request ID {}", self.request_id()?))
    }

    /// Names the number of attempts and the stop reason, unless both are obvious.
    fn attempts_note(&self) -> Option<String> {
        let (attempts, reason) = self.0.attempts?;
        let count = match attempts {
            1 => "1 attempt".to_owned(),
            attempts => format!("{attempts} attempts"),
        };
        let wait = self
            .retry_after()
            .filter(|_| reason != StopReason::Permanent);
        let wait = wait.map(|wait| format!("; retry after {} s", wait.as_secs()));
        match (attempts, reason) {
            (1, StopReason::Permanent | StopReason::Attempts) => None,
            (_, StopReason::Permanent) => Some(count),
            (_, StopReason::RetryAfter) => Some(format!("{count}{}", wait.unwrap_or_default())),
            _ => Some(format!("{count}: {reason}{}", wait.unwrap_or_default())),
        }
    }
}

/// Returns the innermost source, such as `connection refused`: more useful than the wrappers of a transport.
pub(super) fn root_cause<'e>(
    mut error: &'e (dyn std::error::Error + 'static),
) -> &'e dyn std::error::Error {
    while let Some(source) = error.source() {
        error = source;
    }
    error
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0.kind {
            Kind::Transport(error) => Some(error),
            Kind::Decode(error) => Some(error),
            Kind::Builder(_) | Kind::Api(_) => None,
        }
    }
}
