//! What an error says.

use std::fmt;

use super::{Error, Kind};
use crate::client::message;
use crate::client::retry::Stopped;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{} {}: ", operation.method, operation.path)?;
        }
        match &self.0.kind {
            Kind::Builder(message) => f.write_str(message)?,
            Kind::Transport(error) => write!(f, "{error}: {}", cause(error.source.as_ref()))?,
            Kind::Decode(error) => {
                let colon = if error.path.is_empty() { ":" } else { "" };
                write!(f, "the answer is not what it should be{colon} {error}")?
            }
            Kind::Api(message) => {
                if let Some(status) = self.status() {
                    write!(f, "the server answered {status}")?;
                }
                if let Some(message) = message {
                    write!(f, ": {}", message::shorten(message))?;
                }
            }
        }
        let notes: Vec<String> = [self.told_type(), self.told_id(), self.told_attempts()]
            .into_iter()
            .flatten()
            .collect();
        if notes.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", notes.join("; "))
    }
}

impl Error {
    /// What the answer is, where it is not even JSON.
    fn told_type(&self) -> Option<String> {
        let told = self.content_type().filter(|_| self.is_decode())?;
        (!told.contains("json")).then(|| format!("it came as {}", message::shorten(told)))
    }

    fn told_id(&self) -> Option<String> {
        Some(format!("request {}", message::shorten(self.request_id()?)))
    }

    /// How often it was tried, and why no more, where that is news.
    fn told_attempts(&self) -> Option<String> {
        let (attempts, stopped) = self.0.attempts?;
        let times = match attempts {
            1 => "1 attempt".to_owned(),
            attempts => format!("{attempts} attempts"),
        };
        let wait = self.retry_after().filter(|_| stopped != Stopped::Permanent);
        let wait = wait.map(|wait| format!("; the server asks to wait {} s", wait.as_secs()));
        match (attempts, stopped) {
            (1, Stopped::Permanent | Stopped::Attempts) => None,
            (_, Stopped::Permanent) => Some(times),
            (_, Stopped::RetryAfter) => Some(format!("{times}{}", wait.unwrap_or_default())),
            _ => Some(format!("{times}: {stopped}{}", wait.unwrap_or_default())),
        }
    }
}

/// What everything else came of: `connection refused` says more than the layers of a transport around it.
fn cause<'e>(mut error: &'e (dyn std::error::Error + 'static)) -> &'e dyn std::error::Error {
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
