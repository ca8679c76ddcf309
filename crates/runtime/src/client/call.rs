//! The client, and what it does with a request value.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use http::{Method, StatusCode};

use super::auth::{self, Credentials};
use super::base_url;
use super::error::Error;
use super::message;
use super::output::{Answer, Decode};
use super::parts::Parts;
use super::spec::{Api, Operation};
use super::transport::{BoxFuture, Transport};

/// What every call of a client has in common. Cheap to clone.
#[derive(Clone)]
pub struct Client(Arc<Settings>);

pub(super) struct Settings {
    pub api: &'static Api,
    pub base_url: String,
    pub base_url_given: bool,
    pub allow_http: bool,
    pub credentials: Credentials,
    pub timeout: Duration,
    pub headers: HeaderMap,
    pub transport: Arc<dyn Transport>,
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
    /// What it holds.
    #[doc(hidden)]
    fn fill(&self, parts: &mut Parts);
}

/// An answer: the value, and what came with it.
#[derive(Clone, Debug)]
pub struct Response<T> {
    status: StatusCode,
    headers: HeaderMap,
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

    /// The value.
    pub fn value(&self) -> &T {
        &self.value
    }

    /// The value, to keep.
    pub fn into_value(self) -> T {
        self.value
    }
}

impl Client {
    pub(super) fn new(settings: Settings) -> Self {
        Self(Arc::new(settings))
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.0
    }

    /// Where requests go.
    pub fn base_url(&self) -> &str {
        &self.0.base_url
    }

    /// Everything but the reading of the answer: the same for all operations, so that it compiles once.
    pub(super) fn execute(
        &self,
        operation: &'static Operation,
        accept: &'static str,
        parts: Parts,
    ) -> BoxFuture<'static, Result<http::Response<Vec<u8>>, Error>> {
        let request = self
            .request(operation, accept, parts)
            .map_err(|error| error.of(operation));
        let this = self.clone();
        Box::pin(async move {
            let answer = this.0.transport.send(request?, this.0.timeout).await;
            let answer = answer.map_err(|error| Error::transport(error).of(operation))?;
            if answer.status().is_success() {
                return Ok(answer);
            }
            Err(this.failed(operation, &answer, Error::api(message::lift(answer.body()))))
        })
    }

    fn request(
        &self,
        operation: &'static Operation,
        accept: &'static str,
        mut parts: Parts,
    ) -> Result<http::Request<Vec<u8>>, Error> {
        if let Some(error) = parts.error.take() {
            return Err(error);
        }
        let mut headers = self.0.headers.clone();
        let agent = HeaderValue::from_static(self.0.api.user_agent);
        headers.entry(USER_AGENT).or_insert(agent);
        headers
            .entry(ACCEPT)
            .or_insert(HeaderValue::from_static(accept));
        if let Some(media_type) = &parts.content_type {
            headers.insert(CONTENT_TYPE, header("content-type", media_type)?);
        }
        for (name, value) in &parts.headers {
            let key = HeaderName::try_from(*name)
                .map_err(|_| Error::builder(format!("`{name}` is no name for a header")))?;
            headers.insert(key, header(name, value)?);
        }
        let chosen = self.0.credentials.choose(self.0.api, operation)?;
        self.0
            .credentials
            .apply(self.0.api, &chosen, &mut headers, &mut parts)?;
        auth::cookies(std::mem::take(&mut parts.cookies), &mut headers)?;
        let method = Method::from_bytes(operation.method.as_bytes())
            .map_err(|_| Error::builder("no such method"))?;
        let mut request = http::Request::new(std::mem::take(&mut parts.body));
        *request.method_mut() = method;
        let url = match &parts.link {
            Some(link) => self.linked(operation, &parts, link)?,
            None => self.url(operation, &parts.path, &parts.query)?,
        };
        *request.uri_mut() = url
            .parse()
            .map_err(|_| Error::builder("the request has no valid URL"))?;
        *request.headers_mut() = headers;
        Ok(request)
    }

    pub(super) fn url(
        &self,
        operation: &Operation,
        path: &[(&'static str, String)],
        query: &[String],
    ) -> Result<String, Error> {
        // An operation's own server counts as long as nobody chose another.
        let mut url = match operation.base_url.filter(|_| !self.0.base_url_given) {
            Some(own) => base_url::checked(own, None, self.0.allow_http)?,
            None => self.0.base_url.clone(),
        };
        let template = operation.path;
        if !template.starts_with('/') {
            url.push('/');
        }
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else {
                break;
            };
            url.push_str(before);
            let value = path.iter().find(|(known, _)| *known == name);
            let (_, value) = value.ok_or_else(|| {
                Error::builder(format!("nothing fills in `{{{name}}}` in the path"))
            })?;
            url.push_str(value);
            rest = after;
        }
        url.push_str(rest);
        for pair in query {
            url.push(if url.contains('?') { '&' } else { '?' });
            url.push_str(pair);
        }
        Ok(url)
    }

    /// The error with what is known of its answer.
    fn failed(
        &self,
        operation: &'static Operation,
        answer: &http::Response<Vec<u8>>,
        error: Error,
    ) -> Error {
        error
            .without(&self.0.credentials)
            .of(operation)
            .answered(answer, self.request_id(answer.headers()))
    }

    fn request_id(&self, headers: &HeaderMap) -> Option<String> {
        let known = self
            .0
            .api
            .request_id_headers
            .iter()
            .copied()
            .chain(["x-request-id", "request-id"]);
        let found = known.filter_map(|name| headers.get(name)).next()?;
        found.to_str().ok().map(str::to_owned)
    }
}

fn header(name: &str, value: &str) -> Result<HeaderValue, Error> {
    HeaderValue::try_from(value).map_err(|_| {
        Error::builder(format!(
            "the header `{name}` holds a line break or the like"
        ))
    })
}

/// Sends a request and reads its answer.
#[doc(hidden)]
pub fn send<E: Endpoint>(
    endpoint: &E,
) -> impl Future<Output = Result<Response<<E::Output as Decode>::Value>, Error>> + Send + use<E> {
    let mut parts = Parts::default();
    endpoint.fill(&mut parts);
    let client = endpoint.client().clone();
    let going = client.execute(E::OPERATION, <E::Output as Decode>::ACCEPT, parts);
    async move { read::<E>(&client, going.await?) }
}

/// Reads an answer.
pub(super) fn read<E: Endpoint>(
    client: &Client,
    answer: http::Response<Vec<u8>>,
) -> Result<Response<<E::Output as Decode>::Value>, Error> {
    let view = Answer {
        status: answer.status(),
        body: answer.body(),
        envelope: E::OPERATION.envelope,
    };
    match <E::Output as Decode>::decode(&view) {
        Ok(value) => Ok(Response {
            status: answer.status(),
            headers: answer.headers().clone(),
            value,
        }),
        Err(error) => Err(client.failed(E::OPERATION, &answer, error)),
    }
}

/// Sends a request and keeps the value alone.
#[doc(hidden)]
pub fn answer<E: Endpoint + 'static>(
    endpoint: &E,
) -> BoxFuture<'static, Result<<E::Output as Decode>::Value, Error>> {
    let going = send(endpoint);
    Box::pin(async move { going.await.map(Response::into_value) })
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("api", &self.0.api.title)
            .field("base_url", &self.0.base_url)
            .finish_non_exhaustive()
    }
}
