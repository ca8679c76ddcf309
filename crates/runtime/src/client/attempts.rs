//! Sending a request until it succeeds or there is a reason to stop. The same for all operations, so that it compiles
//! once.

use std::time::Duration;

use http::Uri;

use super::body::Body;
use super::call::Client;
use super::error::Error;
use super::message;
use super::redirect;
use super::retry::{Next, RetryPolicy, Situation, Trouble, idempotent, retry_after};
use super::span::CallSpan;
use super::spec::Operation;
use super::stream::ByteStream;
use super::transport::{Limits, TransportError};

type Answer = http::Response<ByteStream>;

/// What holds for all attempts of a call.
struct Call<'c> {
    client: &'c Client,
    span: CallSpan,
    operation: &'static Operation,
    policy: &'c RetryPolicy,
    idempotent: bool,
    start: Duration,
    timeout: Duration,
    attempt_timeout: Duration,
    streamed: bool,
}

impl Client {
    /// An answer and how many attempts it took. Its body is whole, except that of a success which is streamed.
    pub(super) async fn send(
        &self,
        operation: &'static Operation,
        request: &http::Request<Body>,
        streamed: bool,
    ) -> Result<(Answer, u32), Error> {
        let (settings, options) = (self.settings(), self.options());
        let call = Call {
            client: self,
            span: CallSpan::new(operation, request),
            operation,
            policy: options
                .and_then(|options| options.retry.as_ref())
                .unwrap_or(&settings.retry),
            idempotent: idempotent(operation, options.is_some_and(|options| options.idempotent)),
            start: settings.clock.now(),
            timeout: options
                .and_then(|options| options.timeout)
                .unwrap_or(settings.timeout),
            attempt_timeout: options
                .and_then(|options| options.attempt_timeout)
                .unwrap_or(settings.attempt_timeout),
            streamed,
        };
        let done = call.span.around(call.attempts(request)).await;
        done.inspect_err(|error| call.span.failed(error))
    }
}

impl Call<'_> {
    async fn attempts(&self, request: &http::Request<Body>) -> Result<(Answer, u32), Error> {
        let settings = self.client.settings();
        let mut left = self.timeout;
        let mut attempts = 0;
        loop {
            attempts += 1;
            let limits = Limits {
                timeout: left.min(self.attempt_timeout),
                response_size: settings.response_size,
                streamed: self.streamed,
            };
            let start = self.start + self.timeout.saturating_sub(left);
            let outcome = self.attempt(request, start, limits).await;
            self.span.attempt(attempts, &outcome);
            let (trouble, retry_after) = match &outcome {
                Ok(answer) if answer.status().is_success() => {
                    settings.budget.earn();
                    return outcome
                        .map(|answer| (answer, attempts))
                        .map_err(Error::transport);
                }
                Ok(answer) => (
                    Trouble::Status(answer.status().as_u16()),
                    retry_after(answer.headers()),
                ),
                Err(error) => (Trouble::Failure(error.failure), None),
            };
            left = self.left();
            let situation = Situation {
                policy: self.policy,
                budget: &settings.budget,
                idempotent: self.idempotent,
                spent: request.body().is_spent(),
                attempts,
                left,
                retry_after,
            };
            match situation.next(trouble) {
                Next::Again(pause) => {
                    self.span.again(attempts, pause);
                    settings.clock.sleep(pause).await;
                }
                Next::Stop(why) => return Err(self.failed(outcome).attempted(attempts, why)),
            }
            left = self.left();
        }
    }

    /// One attempt, wherever it is redirected to.
    async fn attempt(
        &self,
        request: &http::Request<Body>,
        start: Duration,
        mut limits: Limits,
    ) -> Result<Answer, TransportError> {
        let settings = self.client.settings();
        let end = start + limits.timeout;
        let (mut redirects, mut moved) = (0, None);
        loop {
            let going = settings.transport.send(to(request, moved.as_ref()), limits);
            let answer = going.await?;
            let from = moved.as_ref().unwrap_or(request.uri());
            let target = redirect::target(request, from, answer.status(), answer.headers());
            let Some(target) = target.filter(|_| redirects < redirect::MOST) else {
                return if is_read(&answer, limits) {
                    Ok(answer)
                } else {
                    // It is rare, and would make every call's future half as large again.
                    Box::pin(read(answer, limits)).await
                };
            };
            moved = Some(target);
            redirects += 1;
            // However often it is sent, the time is for all of it.
            limits.timeout = end.saturating_sub(settings.clock.now());
        }
    }

    fn left(&self) -> Duration {
        let passed = self
            .client
            .settings()
            .clock
            .now()
            .saturating_sub(self.start);
        self.timeout.saturating_sub(passed)
    }

    fn failed(&self, outcome: Result<Answer, TransportError>) -> Error {
        match outcome {
            Ok(answer) => {
                let answer = answer.map(ByteStream::into_bytes);
                let error = Error::api(message::lift(answer.body()));
                self.client.failed(self.operation, answer, error)
            }
            Err(error) => Error::transport(error).of(self.operation),
        }
    }
}

/// The request, to where it was redirected.
fn to(request: &http::Request<Body>, moved: Option<&Uri>) -> http::Request<Body> {
    let mut sent = request.clone();
    if let Some(target) = moved {
        *sent.uri_mut() = target.clone();
    }
    sent
}

/// Whether the body is all there, or somebody else's to read.
fn is_read(answer: &Answer, limits: Limits) -> bool {
    match answer.body().as_bytes() {
        Some(bytes) => bytes.len() <= limits.response_size,
        None => limits.streamed && answer.status().is_success(),
    }
}

async fn read(answer: Answer, limits: Limits) -> Result<Answer, TransportError> {
    let (head, body) = answer.into_parts();
    let body = body.whole(limits.response_size).await?;
    Ok(http::Response::from_parts(head, body.into()))
}
