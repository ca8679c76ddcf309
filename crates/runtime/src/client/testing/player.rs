//! A transport that answers what was answered once.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::{Exchange, Recording};
use crate::client::body::Body;
use crate::client::stream::ByteStream;
use crate::client::transport::{BoxFuture, Limits, Transport, TransportError, TransportFailure};

/// Answers from a recording; [`Recording::player`] makes one.
#[derive(Debug)]
pub struct Player {
    recording: Recording,
    /// What was not asked for yet.
    left: Mutex<Vec<Exchange>>,
}

impl Player {
    pub(super) fn new(recording: &Recording) -> Self {
        Self {
            left: Mutex::new(recording.exchanges().clone()),
            recording: recording.clone(),
        }
    }

    fn answer(
        &self,
        request: &http::Request<Body>,
    ) -> Result<http::Response<ByteStream>, TransportError> {
        let redaction = &self.recording.redaction;
        let target = redaction.target(request.uri());
        let sent = redaction.sent(request);
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        let found = left.iter().position(|exchange| {
            exchange.method == request.method().as_str()
                && exchange.sent == sent
                && exchange.target == target
        });
        let Some(found) = found else {
            let why = format!(
                "no answer to {} {target} with this body is left in the recording",
                request.method()
            );
            return Err(TransportError::new(TransportFailure::Broken, why));
        };
        replay(left.remove(found))
    }
}

fn replay(exchange: Exchange) -> Result<http::Response<ByteStream>, TransportError> {
    let mut answer = http::Response::builder().status(exchange.status);
    for (name, value) in exchange.headers {
        answer = answer.header(name, value);
    }
    let body = body(&exchange.received);
    answer
        .body(body.into())
        .map_err(|why| TransportError::new(TransportFailure::Broken, why))
}

fn body(kept: &Value) -> Vec<u8> {
    if let Some(value) = kept.get("json") {
        return value.to_string().into_bytes();
    }
    if let Some(text) = kept.get("text").and_then(Value::as_str) {
        return text.as_bytes().to_vec();
    }
    let bytes = kept.get("bytes").and_then(Value::as_array);
    let byte = |byte: &Value| byte.as_u64().and_then(|byte| u8::try_from(byte).ok());
    bytes.into_iter().flatten().filter_map(byte).collect()
}

impl Transport for Player {
    fn send(
        &self,
        request: http::Request<Body>,
        _limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let answer = self.answer(&request);
        Box::pin(async { answer })
    }
}
