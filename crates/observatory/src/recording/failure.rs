//! How errors and panics become the status of a span.

use crate::model::Status;
use std::any::type_name;
use std::error::Error;

/// Returns the status of a span that was open when its thread panicked.
pub(crate) fn panic_status() -> Status {
    Status::Error {
        kind: Some("panic".to_owned()),
        message: "the thread panicked before the span ended".to_owned(),
    }
}

/// Returns the status for an error: its message followed by those of its sources, and the name of its type.
pub(crate) fn error_status<E: Error + ?Sized>(error: &E) -> Status {
    Status::Error {
        kind: short_type_name(type_name::<E>()),
        message: error_message(error),
    }
}

/// Returns the status for a message.
pub(super) fn failure(message: String) -> Status {
    Status::Error {
        kind: None,
        message,
    }
}

/// Returns the message of an error, followed by those of its sources.
pub(crate) fn error_message<E: Error + ?Sized>(error: &E) -> String {
    let mut message = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let text = error.to_string();
        // Many errors repeat the message of their source.
        if !message.contains(&text) {
            message.push_str(": ");
            message.push_str(&text);
        }
        source = error.source();
    }
    message
}

/// Returns the name of a type without its path and parameters; `None` for a trait object, whose type is not known.
fn short_type_name(name: &str) -> Option<String> {
    if name.starts_with("dyn ") {
        return None;
    }
    let name = name.split('<').next().unwrap_or(name);
    let name = name.trim_start_matches('&');
    name.rsplit("::").next().map(str::to_owned)
}
