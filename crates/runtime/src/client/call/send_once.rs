//! One attempt: sends a request, follows redirects, and reads the body of the response.

use std::time::Duration;

use http::Uri;

use super::redirect::{MAX_REDIRECTS, redirect_target};
use crate::client::config::ClientConfig;
use crate::client::error::{MAX_ERROR_SIZE, TransportError};
use crate::client::request::Body;
use crate::client::response::ByteStream;
use crate::client::transport::Limits;

pub(super) type HttpResponse = http::Response<ByteStream>;

/// Sends a request that started at `start`, within the limits.
///
/// The body of the response is complete, except for a success if [`Limits::streamed`] is set.
pub(super) async fn send_once(
    config: &ClientConfig,
    request: &http::Request<Body>,
    start: Duration,
    mut limits: Limits,
) -> Result<HttpResponse, TransportError> {
    let deadline = start.saturating_add(limits.timeout);
    let (mut redirects, mut location) = (0, None);
    loop {
        let sent = copy_request(request, location.as_ref());
        let exchange = config.transport.send(sent, limits);
        let response = exchange.await?;
        let from = location.as_ref().unwrap_or(request.uri());
        let target = redirect_target(request, from, response.status(), response.headers());
        let Some(target) = target.filter(|_| redirects < MAX_REDIRECTS) else {
            return if is_body_ready(&response, limits) {
                Ok(response)
            } else {
                // Boxed because it is rare, and would enlarge the future of every call by half.
                Box::pin(read_body(response, limits)).await
            };
        };
        location = Some(target);
        redirects += 1;
        // All redirects share the time of the attempt.
        limits.timeout = deadline.saturating_sub(config.clock.now());
    }
}

/// Copies the request, with the target of a redirect as its URL.
fn copy_request(request: &http::Request<Body>, location: Option<&Uri>) -> http::Request<Body> {
    let mut copy = http::Request::new(request.body().clone());
    *copy.method_mut() = request.method().clone();
    *copy.uri_mut() = location.unwrap_or(request.uri()).clone();
    *copy.version_mut() = request.version();
    // A clone hashes no names. Its list grows once for what HTTP adds, which costs less.
    *copy.headers_mut() = request.headers().clone();
    *copy.extensions_mut() = request.extensions().clone();
    copy
}

/// Returns whether the body is complete and within the limit, or is to be streamed.
fn is_body_ready(response: &HttpResponse, limits: Limits) -> bool {
    match response.body().as_bytes() {
        Some(bytes) => bytes.len() <= body_limit(response, limits),
        None => limits.streamed && response.status().is_success(),
    }
}

/// Returns the limit of the body. That of an error response is smaller.
fn body_limit(response: &HttpResponse, limits: Limits) -> usize {
    if response.status().is_success() {
        limits.response_size
    } else {
        limits.response_size.min(MAX_ERROR_SIZE)
    }
}

async fn read_body(response: HttpResponse, limits: Limits) -> Result<HttpResponse, TransportError> {
    let limit = body_limit(&response, limits);
    let (head, body) = response.into_parts();
    let body = if head.status.is_success() {
        body.read_all(limit).await?
    } else {
        body.read_start(limit).await?
    };
    Ok(http::Response::from_parts(head, body.into()))
}
