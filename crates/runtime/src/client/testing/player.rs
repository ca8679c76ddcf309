//! A transport that replays a recording.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::exchange_redaction::ExchangeRedaction;
use super::{Exchange, Recording};
use crate::client::error::{TransportError, TransportErrorKind};
use crate::client::request::Body;
use crate::client::response::ByteStream;
use crate::client::transport::{BoxFuture, Limits, Transport};

/// A transport that replays a recording. [`Recording::player`] creates it.
#[derive(Debug)]
pub struct Player {
    recording: Recording,
    /// The exchanges that were not replayed yet.
    unused: Mutex<Vec<Exchange>>,
}

impl Player {
    pub(super) fn new(recording: &Recording) -> Self {
        Self {
            unused: Mutex::new(recording.exchanges().clone()),
            recording: recording.clone(),
        }
    }

    fn replay(
        &self,
        request: &http::Request<Body>,
    ) -> Result<http::Response<ByteStream>, TransportError> {
        let redaction = ExchangeRedaction::new(&self.recording.redaction, request);
        let target = redaction.redact_target(request.uri());
        let body = redaction.redact_request_body(request);
        let mut unused = self.unused.lock().unwrap_or_else(PoisonError::into_inner);
        let index = unused.iter().position(|exchange| {
            exchange.method == request.method().as_str()
                && exchange.request_body == body
                && exchange.target == target
        });
        let Some(index) = index else {
            let message = format!(
                "the recording has no unused response to {} {target} with this body",
                request.method()
            );
            return Err(TransportError::new(TransportErrorKind::Broken, message));
        };
        into_response(unused.remove(index))
    }
}

fn into_response(exchange: Exchange) -> Result<http::Response<ByteStream>, TransportError> {
    let mut response = http::Response::builder().status(exchange.status);
    for (name, value) in exchange.headers {
        response = response.header(name, value);
    }
    let body = decode_body(&exchange.response_body);
    response
        .body(body.into())
        .map_err(|error| TransportError::new(TransportErrorKind::Broken, error))
}

/// Returns the bytes of a recorded body: the inverse of `Redaction::redact_body`.
fn decode_body(recorded: &Value) -> Vec<u8> {
    if let Some(value) = recorded.get("json") {
        return value.to_string().into_bytes();
    }
    if let Some(text) = recorded.get("text").and_then(Value::as_str) {
        return text.as_bytes().to_vec();
    }
    let bytes = recorded.get("bytes").and_then(Value::as_array);
    let byte = |byte: &Value| byte.as_u64().and_then(|byte| u8::try_from(byte).ok());
    bytes.into_iter().flatten().filter_map(byte).collect()
}

impl Transport for Player {
    fn send(
        &self,
        request: http::Request<Body>,
        _limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let response = self.replay(&request);
        Box::pin(async { response })
    }
}
