use std::time::Duration;

use http::header::{HeaderName, HeaderValue};

use super::endpoint::Endpoint;
use super::response::Response;
use crate::client::config::RequestOptions;
use crate::client::error::Error;
use crate::client::redaction::mark_sensitive;
use crate::client::response::ByteStream;
#[cfg(feature = "blocking")]
use crate::client::response::Decode;
use crate::client::retry::RetryPolicy;
use crate::client::transport::BoxFuture;

/// The options of a single request, and other ways to send it than `.await`.
///
/// Import the trait to use them. A parameter of the operation takes precedence over an option of the same name: if
/// there is a parameter `timeout`, set the option with `RequestExt::timeout(request, …)`.
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
    /// Sets the time limit of the call, including all attempts and the delays between them. Overrides
    /// [`ClientBuilder::timeout`](crate::ClientBuilder::timeout).
    #[must_use = "a request does nothing until it is awaited"]
    fn timeout(self, timeout: Duration) -> Self {
        with_options(self, |options| options.timeout = Some(timeout))
    }

    /// Sets the time limit of one attempt. Overrides
    /// [`ClientBuilder::attempt_timeout`](crate::ClientBuilder::attempt_timeout).
    #[must_use = "a request does nothing until it is awaited"]
    fn attempt_timeout(self, timeout: Duration) -> Self {
        with_options(self, |options| options.attempt_timeout = Some(timeout))
    }

    /// Sets the retry policy. Overrides [`ClientBuilder::retry`](crate::ClientBuilder::retry).
    #[must_use = "a request does nothing until it is awaited"]
    fn retry(self, policy: RetryPolicy) -> Self {
        with_options(self, |options| options.retry = Some(policy))
    }

    /// Declares that sending the request twice is harmless, so that it is retried like a GET.
    #[must_use = "a request does nothing until it is awaited"]
    fn idempotent(self) -> Self {
        with_options(self, |options| options.idempotent = true)
    }

    /// Sends the request to another server, with the credentials of the client. Overrides
    /// [`ClientBuilder::base_url`](crate::ClientBuilder::base_url) and the server of the operation.
    #[must_use = "a request does nothing until it is awaited"]
    fn base_url(self, url: impl Into<String>) -> Self {
        let url = url.into();
        with_options(self, |options| options.base_url = Some(url))
    }

    /// Sends the request and returns the body of the response as a stream of chunks, which can be decoded as
    /// [events](crate::ByteStream::events) or [JSON lines](crate::ByteStream::json_lines).
    ///
    /// `max_response_size` does not apply. The attempt timeout applies to the head of the response, and then to each
    /// chunk of the body. An interrupted body is not requested again.
    ///
    /// # Errors
    /// As the method of the operation documents, except for errors in the body.
    #[must_use = "a request does nothing until it is awaited"]
    fn stream(&self) -> BoxFuture<'static, Result<Response<ByteStream>, Error>> {
        super::send_streamed(self)
    }

    /// Adds a header, such as an `Idempotency-Key`. Every attempt sends the same value.
    #[must_use = "a request does nothing until it is awaited"]
    fn header(self, name: &str, value: &str) -> Self {
        let header = (HeaderName::try_from(name), HeaderValue::try_from(value));
        with_options(self, |options| match header {
            (Ok(name), Ok(mut value)) => {
                mark_sensitive(&name, &mut value);
                options.headers.push((name, value));
            }
            // Without the value, which may be a secret.
            _ => {
                let message = format!(
                    "invalid name or value of the header `{}`",
                    name.escape_debug()
                );
                options.error.get_or_insert(message);
            }
        })
    }

    /// Sends the request, blocks the thread, and returns the value: `.await` for code that is not async.
    ///
    /// It also works inside a tokio runtime. The call runs on a thread that all blocking calls of the process share.
    ///
    /// # Errors
    /// As the method of the operation documents.
    #[cfg(feature = "blocking")]
    fn wait(self) -> Result<<Self::Output as Decode>::Value, Error> {
        self.send_blocking().map(Response::into_value)
    }

    /// Like [`wait`](Self::wait), but also returns the status and the headers.
    ///
    /// # Errors
    /// As the method of the operation documents.
    #[cfg(feature = "blocking")]
    fn send_blocking(self) -> Result<Response<<Self::Output as Decode>::Value>, Error> {
        super::send_blocking(&self)
    }
}

impl<E: Endpoint> RequestExt for E {}

fn with_options<E: Endpoint>(mut request: E, set: impl FnOnce(&mut RequestOptions)) -> E {
    set(request.client_mut().options_mut());
    request
}
