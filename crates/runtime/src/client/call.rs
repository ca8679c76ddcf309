//! The client, and what it does with a request value.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use http::header::HeaderMap;

use super::auth::{Credentials, Proof};
use super::clock::Clock;
use super::error::Error;
use super::options::Options;
use super::output::{Answer, Decode};
use super::parts::Parts;
use super::retry::{RetryBudget, RetryPolicy, Stopped};
use super::spec::{Api, Operation};
use super::stream::ByteStream;
use super::transport::{BoxFuture, Transport};
use super::url::Base;

/// What every call of a client has in common. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    settings: Arc<Settings>,
    /// What the request that holds this client has to itself.
    options: Option<Arc<Options>>,
}

pub(super) struct Settings {
    pub api: &'static Api,
    pub base_url: String,
    /// The same, taken apart.
    pub base: Base,
    pub base_url_given: bool,
    pub allow_http: bool,
    pub credentials: Credentials,
    /// The credentials as they travel.
    pub proofs: Vec<Proof>,
    pub timeout: Duration,
    pub attempt_timeout: Duration,
    pub retry: RetryPolicy,
    pub budget: RetryBudget,
    pub response_size: usize,
    pub headers: HeaderMap,
    pub transport: Arc<dyn Transport>,
    pub clock: Arc<dyn Clock>,
}

/// A request as a value.
pub trait Endpoint: Sized {
    /// How its answer is read.
    type Output: Decode;
    /// What is fixed about it.
    #[doc(hidden)]
    const OPERATION: &'static Operation;
    /// Whom it is sent with.
    #[doc(hidden)]
    fn client(&self) -> &Client;
    #[doc(hidden)]
    fn client_mut(&mut self) -> &mut Client;
    /// What it holds.
    #[doc(hidden)]
    fn fill(&self, parts: &mut Parts);
}

/// An answer: the value, and what came with it.
#[derive(Clone, Debug)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
    value: T,
}

impl<T> Response<T> {
    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How often the request was sent until this came back.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The value, to keep.
    pub fn into_value(self) -> T {
        self.value
    }
}

/// An answer as it came.
pub(super) struct Received {
    pub answer: http::Response<Vec<u8>>,
    pub attempts: u32,
}

impl Client {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings: Arc::new(settings),
            options: None,
        }
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.settings
    }

    pub(super) fn options(&self) -> Option<&Options> {
        self.options.as_deref()
    }

    pub(super) fn options_mut(&mut self) -> &mut Options {
        Arc::make_mut(self.options.get_or_insert_default())
    }

    /// Where requests go.
    pub fn base_url(&self) -> &str {
        &self.settings.base_url
    }

    /// Everything but the reading of the answer.
    pub(super) fn execute(
        &self,
        operation: &'static Operation,
        accept: &'static str,
        parts: Parts,
    ) -> BoxFuture<'static, Result<Received, Error>> {
        let request = self
            .request(operation, accept, parts)
            .map_err(|error| error.of(operation));
        let this = self.clone();
        Box::pin(async move {
            let request = request?;
            let (answer, attempts) = this.send(operation, &request, false).await?;
            let answer = answer.map(ByteStream::into_bytes);
            Ok(Received { answer, attempts })
        })
    }

    /// The same, with the body of a success left to be read.
    fn open(
        self,
        operation: &'static Operation,
        parts: Parts,
    ) -> BoxFuture<'static, Result<Response<ByteStream>, Error>> {
        let request = self
            .request(operation, "*/*", parts)
            .map_err(|error| error.of(operation));
        Box::pin(async move {
            let limit = self.settings.response_size;
            let request = request?;
            let (mut answer, attempts) = self.send(operation, &request, true).await?;
            Ok(Response {
                status: answer.status(),
                attempts,
                headers: std::mem::take(answer.headers_mut()),
                value: answer.into_body().of(operation, limit),
            })
        })
    }

    /// The error with what is known of its answer.
    pub(super) fn failed(
        &self,
        operation: &'static Operation,
        answer: http::Response<Vec<u8>>,
        error: Error,
    ) -> Error {
        let id = self.request_id(answer.headers());
        error
            .without(&self.settings.credentials)
            .of(operation)
            .answered(answer, id)
    }

    fn request_id(&self, headers: &HeaderMap) -> Option<String> {
        let known = self
            .settings
            .api
            .request_id_headers
            .iter()
            .copied()
            .chain(["x-request-id", "request-id"]);
        let found = known.filter_map(|name| headers.get(name)).next()?;
        found.to_str().ok().map(str::to_owned)
    }
}

/// Everything up to the answer.
fn start<E: Endpoint>(endpoint: &E) -> BoxFuture<'static, Result<Received, Error>> {
    let mut parts = Parts::default();
    endpoint.fill(&mut parts);
    let accept = <E::Output as Decode>::ACCEPT;
    endpoint.client().execute(E::OPERATION, accept, parts)
}

/// Everything after it.
pub(super) fn finish<E: Endpoint>(
    client: &Client,
    received: Received,
) -> Result<Response<<E::Output as Decode>::Value>, Error> {
    let (mut answer, attempts) = (received.answer, received.attempts);
    let view = Answer {
        status: answer.status(),
        body: answer.body(),
        envelope: E::OPERATION.envelope,
    };
    match <E::Output as Decode>::decode(&view) {
        Ok(value) => Ok(Response {
            status: answer.status(),
            attempts,
            headers: std::mem::take(answer.headers_mut()),
            value,
        }),
        // What went wrong after the last attempt would go wrong again.
        Err(error) => Err(client
            .failed(E::OPERATION, answer, error)
            .attempted(attempts, Stopped::Permanent)),
    }
}

/// Sends a request and reads its answer.
fn going<E: Endpoint>(
    endpoint: &E,
) -> impl Future<Output = Result<Response<<E::Output as Decode>::Value>, Error>> + Send + use<E> {
    let client = endpoint.client().clone();
    let going = start(endpoint);
    async move { finish::<E>(&client, going.await?) }
}

/// The same, on the thread of the caller, which also reads the answer: the runtime has others to serve.
#[cfg(feature = "blocking")]
pub(super) fn send_blocking<E: Endpoint>(
    endpoint: &E,
) -> Result<Response<<E::Output as Decode>::Value>, Error> {
    finish::<E>(endpoint.client(), super::blocking::wait(start(endpoint))?)
}

/// Sends a request, and reads nothing of its answer but the head.
pub(super) fn open<E: Endpoint>(
    endpoint: &E,
) -> BoxFuture<'static, Result<Response<ByteStream>, Error>> {
    let mut parts = Parts::default();
    endpoint.fill(&mut parts);
    let client = endpoint.client().clone();
    client.open(E::OPERATION, parts)
}

/// Sends a request and reads its answer.
///
/// Boxed, like everything here that a generated method calls: a future of its own for every operation would be compiled
/// for every operation.
#[doc(hidden)]
pub fn send<E: Endpoint + 'static>(
    endpoint: &E,
) -> BoxFuture<'static, Result<Response<<E::Output as Decode>::Value>, Error>> {
    Box::pin(going(endpoint))
}

/// Sends a request and keeps the value alone.
#[doc(hidden)]
pub fn answer<E: Endpoint + 'static>(
    endpoint: &E,
) -> BoxFuture<'static, Result<<E::Output as Decode>::Value, Error>> {
    let going = going(endpoint);
    Box::pin(async move { going.await.map(Response::into_value) })
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("api", &self.settings.api.title)
            .field("base_url", &self.settings.base_url)
            .finish_non_exhaustive()
    }
}
