//! What one request has to itself.

use std::time::Duration;

use http::header::{HeaderName, HeaderValue};

use super::call::{Endpoint, Response, open};
use super::error::Error;
#[cfg(feature = "blocking")]
use super::output::Decode;
use super::retry::RetryPolicy;
use super::stream::ByteStream;
use super::transport::BoxFuture;

/// What a request does otherwise than its client.
#[derive(Clone, Debug, Default)]
pub(super) struct Options {
    pub retry: Option<RetryPolicy>,
    pub timeout: Option<Duration>,
    pub attempt_timeout: Option<Duration>,
    pub idempotent: bool,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// What was set and cannot be sent.
    pub fault: Option<String>,
}

/// What can be said of any request before it is sent.
///
/// A parameter of the same name goes first: where an operation has a parameter `timeout`, the time is set with
/// `RequestExt::timeout(request, …)`.
///
/// ```
/// # use std::time::Duration;
/// # use observatory_runtime::{Endpoint, Error, RequestExt, RetryPolicy};
/// # async fn example<E: Endpoint + 'static>(request: E) -> Result<(), Error> {
/// let request = request
///     .timeout(Duration::from_secs(5))
///     .retry(RetryPolicy::never());
/// # Ok(())
/// # }
/// ```
pub trait RequestExt: Endpoint {
    /// How long the call may take, all attempts and the waits between them included, in place of the client's
    /// [`timeout`](crate::ClientBuilder::timeout).
    #[must_use = "a request does nothing until it is awaited"]
    fn timeout(self, timeout: Duration) -> Self {
        with(self, |options| options.timeout = Some(timeout))
    }

    /// How long one attempt may take, in place of the client's
    /// [`attempt_timeout`](crate::ClientBuilder::attempt_timeout).
    #[must_use = "a request does nothing until it is awaited"]
    fn attempt_timeout(self, timeout: Duration) -> Self {
        with(self, |options| options.attempt_timeout = Some(timeout))
    }

    /// When it is tried again, in place of the client's [`retry`](crate::ClientBuilder::retry).
    #[must_use = "a request does nothing until it is awaited"]
    fn retry(self, policy: RetryPolicy) -> Self {
        with(self, |options| options.retry = Some(policy))
    }

    /// Says that sending it twice is as good as sending it once, so that it is tried again like a GET.
    #[must_use = "a request does nothing until it is awaited"]
    fn idempotent(self) -> Self {
        with(self, |options| options.idempotent = true)
    }

    /// Sends it, and gives the body of the answer as it comes, whatever it is: bytes,
    /// [events](crate::ByteStream::events) or [JSON lines](crate::ByteStream::lines). Nothing of it is kept, and
    /// no `max_response_size` is its end.
    ///
    /// The time for an attempt is for the head of the answer, and then for each piece of the body. What breaks off is not
    /// asked for again.
    ///
    /// # Errors
    /// As the method that makes the request says, as far as that shows before the body.
    #[must_use = "a request does nothing until it is awaited"]
    fn stream(&self) -> BoxFuture<'static, Result<Response<ByteStream>, Error>> {
        open(self)
    }

    /// A header, such as an `Idempotency-Key`: the same one on every attempt.
    #[must_use = "a request does nothing until it is awaited"]
    fn header(self, name: &str, value: &str) -> Self {
        let header = (HeaderName::try_from(name), HeaderValue::try_from(value));
        with(self, |options| match header {
            (Ok(name), Ok(value)) => options.headers.push((name, value)),
            // The value may be a secret.
            _ => {
                let fault = format!("the header `{}` cannot be sent", name.escape_debug());
                options.fault.get_or_insert(fault);
            }
        })
    }

    /// Sends it and waits for the value: what `.await` does, where nothing is async.
    ///
    /// It works inside a tokio runtime too, where it holds up the thread it is called on. The call itself runs on a
    /// thread that all blocking calls of the process share.
    ///
    /// # Errors
    /// As the method that makes the request says.
    #[cfg(feature = "blocking")]
    fn wait(self) -> Result<<Self::Output as Decode>::Value, Error> {
        self.send_blocking().map(Response::into_value)
    }

    /// The same, and keeps status and headers beside the value.
    ///
    /// # Errors
    /// As the method that makes the request says.
    #[cfg(feature = "blocking")]
    fn send_blocking(self) -> Result<Response<<Self::Output as Decode>::Value>, Error> {
        super::call::send_blocking(&self)
    }
}

impl<E: Endpoint> RequestExt for E {}

fn with<E: Endpoint>(mut request: E, set: impl FnOnce(&mut Options)) -> E {
    set(request.client_mut().options_mut());
    request
}
