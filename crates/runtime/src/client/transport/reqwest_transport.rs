//! The default transport, over reqwest.

use std::future::Future;
use std::pin::Pin;
use std::sync::{PoisonError, RwLock};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use ::url::Url;
use futures_core::Stream;
use http::Uri;
use http::header::{
    ACCEPT_ENCODING, CONTENT_LENGTH, HeaderMap, HeaderName, HeaderValue, RANGE, TRANSFER_ENCODING,
};
use http::uri::{Authority, Scheme};
use tokio::time::timeout;

use super::body_reader::BodyReader;
use super::reqwest_error::transport_error;
use super::streaming_body::to_reqwest_body;
use super::{BoxFuture, Limits, Transport};
use crate::client::error::{MAX_ERROR_SIZE, TransportError, TransportErrorKind};
use crate::client::request::Body;
use crate::client::response::ByteStream;
use crate::client::url::is_loopback;

/// The time limit of a connection. A slower one counts as failed, after which any request may be sent again.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The largest buffer that is reserved before the body arrives, because `Content-Length` may be wrong.
const MAX_RESERVED: usize = 1 << 20;

/// The variables from which reqwest takes proxies.
const PROXY_VARIABLES: &[&str] = &[
    "http_proxy",
    "HTTP_PROXY",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
];

pub(crate) struct ReqwestTransport {
    client: reqwest::Client,
    /// The client for requests to this machine, if there are proxies: they would send the key, which is not encrypted,
    /// to another machine.
    loopback_client: Option<reqwest::Client>,
    /// The origin of the last request, parsed. Most requests of a client have the same, and parsing each URL took a
    /// tenth of the time of a call.
    origin: RwLock<Option<Origin>>,
}

struct Origin {
    scheme: Scheme,
    authority: Authority,
    url: Url,
}

impl ReqwestTransport {
    pub(crate) fn new() -> Result<Self, TransportError> {
        #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            let message = "the feature `rustls-no-provider` requires that the program installs a crypto provider";
            return Err(TransportError::new(TransportErrorKind::Connect, message));
        }
        let build = |builder: reqwest::ClientBuilder| {
            let builder = builder
                .connect_timeout(CONNECT_TIMEOUT)
                .redirect(reqwest::redirect::Policy::none())
                // Another crate of the program may enable these features of reqwest. The client decodes by itself.
                .no_gzip()
                .no_brotli()
                .no_deflate()
                .no_zstd()
                // reqwest copies each request that it may have to retry. The client retries by itself.
                .retry(reqwest::retry::never().max_retries_per_request(0));
            builder.build().map_err(transport_error)
        };
        let is_set = |name: &&str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let loopback_client = if PROXY_VARIABLES.iter().any(is_set) {
            Some(build(reqwest::Client::builder().no_proxy())?)
        } else {
            None
        };
        Ok(Self {
            client: build(reqwest::Client::builder())?,
            loopback_client,
            origin: RwLock::new(None),
        })
    }

    fn cached_origin(&self, uri: &Uri) -> Option<Url> {
        let cached = self.origin.read().unwrap_or_else(PoisonError::into_inner);
        let cached = cached.as_ref()?;
        // Compared as text: another spelling of the same authority is parsed again.
        let is_same = uri.scheme() == Some(&cached.scheme)
            && uri.authority().map(Authority::as_str) == Some(cached.authority.as_str());
        is_same.then(|| cached.url.clone())
    }

    fn parse_url(&self, uri: &Uri) -> Result<Url, TransportError> {
        if let Some(mut url) = self.cached_origin(uri) {
            url.set_path(uri.path());
            url.set_query(uri.query());
            return Ok(url);
        }
        let url = Url::parse(&uri.to_string())
            .map_err(|error| TransportError::new(TransportErrorKind::Broken, error))?;
        if let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) {
            let mut origin = self.origin.write().unwrap_or_else(PoisonError::into_inner);
            *origin = Some(Origin {
                scheme: scheme.clone(),
                authority: authority.clone(),
                url: url.clone(),
            });
        }
        Ok(url)
    }

    fn execute(
        &self,
        request: http::Request<Body>,
    ) -> Result<impl Future<Output = reqwest::Result<reqwest::Response>> + use<>, TransportError>
    {
        let url = self.parse_url(request.uri())?;
        let (mut head, body) = request.into_parts();
        set_transfer_headers(&mut head.headers, &body);
        let loopback_client = self.loopback_client.as_ref().filter(|_| is_loopback(&url));
        let client = loopback_client.unwrap_or(&self.client);
        let mut converted = reqwest::Request::new(head.method, url);
        *converted.headers_mut() = head.headers;
        *converted.body_mut() = Some(to_reqwest_body(&body));
        Ok(client.execute(converted))
    }
}

/// Removes what HTTP derives from the body, and accepts a compressed response.
fn set_transfer_headers(headers: &mut HeaderMap, body: &Body) {
    // A request has a few headers, so that comparing all names costs less than hashing one.
    let contains =
        |headers: &HeaderMap, name: &HeaderName| headers.keys().any(|other| other == name);
    // With another length, HTTP would send a part of the body.
    if contains(headers, &CONTENT_LENGTH) && !has_length_of(headers, body) {
        headers.remove(CONTENT_LENGTH);
    }
    if contains(headers, &TRANSFER_ENCODING) {
        headers.remove(TRANSFER_ENCODING);
    }
    // A range of a compressed body cannot be decompressed.
    if !contains(headers, &ACCEPT_ENCODING) && !contains(headers, &RANGE) {
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    }
}

/// Returns whether the headers contain the length of the body, as those of an empty body may.
fn has_length_of(headers: &HeaderMap, body: &Body) -> bool {
    let mut lengths = headers.get_all(CONTENT_LENGTH).iter();
    let length = lengths.next().and_then(|length| length.to_str().ok());
    let length: Option<u64> = length.and_then(|length| length.parse().ok());
    length.is_some() && length == body.len() && lengths.next().is_none()
}

/// Reads the complete body, decompressed. Stops where it exceeds the limit: an error response keeps what was read.
async fn read_body(mut reader: BodyReader, limits: Limits) -> Result<Vec<u8>, TransportError> {
    let is_success = reader.response_mut().status().is_success();
    let limit = match is_success {
        true => limits.response_size,
        false => limits.response_size.min(MAX_ERROR_SIZE),
    };
    let length = usize::try_from(reader.length().unwrap_or_default()).unwrap_or(usize::MAX);
    if is_success && length > limit {
        return Err(TransportError::too_large(limit));
    }
    let mut body = Vec::with_capacity(length.min(limit).min(MAX_RESERVED));
    while let Some(part) = reader.next().await? {
        let rest = limit - body.len();
        if part.len() > rest {
            if is_success {
                return Err(TransportError::too_large(limit));
            }
            body.extend_from_slice(part.get(..rest).unwrap_or_default());
            break;
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        // The timers and sockets of tokio panic without its runtime.
        if tokio::runtime::Handle::try_current().is_err() {
            return Box::pin(async { Err(no_runtime()) });
        }
        let method = request.method().clone();
        let pending = self.execute(request);
        // tokio's timeout instead of reqwest's, which allocates for each request.
        Box::pin(async move {
            let result = timeout(limits.timeout, async {
                let received = pending?.await.map_err(transport_error)?;
                let mut reader = BodyReader::new(&method, received);
                let received = reader.response_mut();
                let (status, headers) = (received.status(), std::mem::take(received.headers_mut()));
                let mut response = http::Response::new(if limits.streamed && status.is_success() {
                    ByteStream::new(Chunks {
                        timeout: limits.timeout,
                        pending: Some(read_chunk(reader, limits.timeout)),
                    })
                } else {
                    read_body(reader, limits).await?.into()
                });
                *response.status_mut() = status;
                *response.headers_mut() = headers;
                Ok(response)
            });
            result.await.map_err(timeout_error)?
        })
    }
}

/// A body, and the result of reading its next chunk.
type ChunkResult = (BodyReader, Result<Option<Vec<u8>>, TransportError>);

/// The chunks of a streamed body.
struct Chunks {
    timeout: Duration,
    pending: Option<BoxFuture<'static, ChunkResult>>,
}

fn read_chunk(mut reader: BodyReader, limit: Duration) -> BoxFuture<'static, ChunkResult> {
    Box::pin(async move {
        let chunk = match tokio::runtime::Handle::try_current() {
            Ok(_) => match timeout(limit, reader.next()).await {
                Ok(chunk) => chunk,
                Err(elapsed) => Err(timeout_error(elapsed)),
            },
            Err(_) => Err(no_runtime()),
        };
        let chunk = chunk.map(|chunk| chunk.map(|bytes| bytes.to_vec()));
        (reader, chunk)
    })
}

impl Stream for Chunks {
    type Item = Result<Vec<u8>, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(pending) = &mut self.pending else {
            return Poll::Ready(None);
        };
        let (reader, chunk) = ready!(pending.as_mut().poll(context));
        let timeout = self.timeout;
        self.pending = match chunk {
            Ok(Some(_)) => Some(read_chunk(reader, timeout)),
            _ => None,
        };
        Poll::Ready(chunk.transpose())
    }
}

fn timeout_error(elapsed: tokio::time::error::Elapsed) -> TransportError {
    TransportError::new(TransportErrorKind::Timeout, elapsed)
}

fn no_runtime() -> TransportError {
    let message = "there is no tokio runtime; call from one, or use the feature `blocking`";
    TransportError::new(TransportErrorKind::Permanent, message)
}
