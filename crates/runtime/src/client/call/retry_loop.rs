//! Repeats a request until it succeeds or there is a reason to stop.

use std::time::Duration;

use super::decode_response::unsupported_encoding;
use super::response_error::with_response;
use super::send_once::{HttpResponse, send_once};
use super::span::CallSpan;
use crate::client::config::Client;
use crate::client::error::{Error, TransportError, vendor_message};
use crate::client::headers::retry_after;
use crate::client::request::Body;
use crate::client::response::ByteStream;
use crate::client::retry::{FailureCause, RetryDecision, RetryPolicy, RetryState, is_idempotent};
use crate::client::spec::Operation;
use crate::client::transport::Limits;

/// Sends a request with retries. Returns the response and the number of attempts.
///
/// The body of the response is complete, except for a success if `streamed` is set.
///
/// # Errors
/// On a non-success status or a transport error, after the last attempt.
pub(super) async fn send_with_retries(
    client: &Client,
    operation: &'static Operation,
    request: &http::Request<Body>,
    streamed: bool,
) -> Result<(HttpResponse, u32), Error> {
    let retry_loop = RetryLoop::new(client, operation, request, streamed);
    let result = retry_loop.span.instrument(retry_loop.run(request)).await;
    result.inspect_err(|error| retry_loop.span.record_error(error))
}

/// What all attempts of a call have in common.
struct RetryLoop<'c> {
    client: &'c Client,
    span: CallSpan,
    operation: &'static Operation,
    policy: &'c RetryPolicy,
    is_idempotent: bool,
    start: Duration,
    timeout: Duration,
    attempt_timeout: Duration,
    streamed: bool,
}

impl<'c> RetryLoop<'c> {
    /// Takes the options of the request where they are set, and those of the client otherwise.
    fn new(
        client: &'c Client,
        operation: &'static Operation,
        request: &http::Request<Body>,
        streamed: bool,
    ) -> Self {
        let (config, options) = (client.config(), client.options());
        Self {
            client,
            span: CallSpan::new(operation, request),
            operation,
            policy: options
                .and_then(|options| options.retry.as_ref())
                .unwrap_or(&config.retry),
            is_idempotent: is_idempotent(
                operation,
                options.is_some_and(|options| options.idempotent),
            ),
            start: config.clock.now(),
            timeout: options
                .and_then(|options| options.timeout)
                .unwrap_or(config.timeout),
            attempt_timeout: options
                .and_then(|options| options.attempt_timeout)
                .unwrap_or(config.attempt_timeout),
            streamed,
        }
    }

    async fn run(&self, request: &http::Request<Body>) -> Result<(HttpResponse, u32), Error> {
        let config = self.client.config();
        let mut remaining = self.timeout;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let start = self
                .start
                .saturating_add(self.timeout.saturating_sub(remaining));
            let limits = Limits {
                timeout: remaining.min(self.attempt_timeout),
                response_size: config.max_response_size,
                streamed: self.streamed,
            };
            let result = send_once(config, request, start, limits).await;
            self.span.record_attempt(attempts, &result);
            let Some((cause, retry_after)) = failure_of(&result) else {
                config.budget.deposit();
                return result
                    .map(|response| (response, attempts))
                    .map_err(Error::transport);
            };
            let state = RetryState {
                policy: self.policy,
                budget: &config.budget,
                is_idempotent: self.is_idempotent,
                is_body_consumed: request.body().is_consumed(),
                attempts,
                remaining: self.remaining(),
                retry_after,
            };
            match state.decide(cause) {
                RetryDecision::Retry(delay) => {
                    self.span.record_retry(attempts, delay);
                    config.clock.sleep(delay).await;
                }
                RetryDecision::Stop(reason) => {
                    return Err(self
                        .error_of(request, result)
                        .with_attempts(attempts, reason));
                }
            }
            remaining = self.remaining();
        }
    }

    /// Returns the time that is left for the call.
    fn remaining(&self) -> Duration {
        let now = self.client.config().clock.now();
        let elapsed = now.saturating_sub(self.start);
        self.timeout.saturating_sub(elapsed)
    }

    /// Returns the error of a failed attempt.
    fn error_of(
        &self,
        request: &http::Request<Body>,
        result: Result<HttpResponse, TransportError>,
    ) -> Error {
        match result {
            Ok(response) => {
                let response = response.map(ByteStream::into_bytes);
                let message = match unsupported_encoding(response.headers()) {
                    Some(encoding) => Some(format!("unsupported content encoding `{encoding}`")),
                    None => vendor_message::extract(response.body()),
                };
                let error = Error::api(message);
                with_response(self.client, self.operation, request, response, error)
            }
            Err(error) => {
                let redactor = &self.client.config().redactor;
                let redactor = redactor.with_request(request);
                let error = Error::transport(error).with_operation(self.operation);
                error.redact(&redactor, b"")
            }
        }
    }
}

/// Returns why an attempt failed, and the wait that the server asks for. `None` for a success.
fn failure_of(
    result: &Result<HttpResponse, TransportError>,
) -> Option<(FailureCause, Option<Duration>)> {
    match result {
        Ok(response) if response.status().is_success() => None,
        Ok(response) => Some((
            FailureCause::Status(response.status().as_u16()),
            retry_after(response.headers()),
        )),
        Err(error) => Some((FailureCause::Transport(error.kind), None)),
    }
}
