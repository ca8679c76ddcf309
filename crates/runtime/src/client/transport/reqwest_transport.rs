//! The default transport, over reqwest.

use std::error::Error as _;
use std::future::Future;
use std::pin::Pin;
use std::sync::{PoisonError, RwLock};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use ::url::Url;
use futures_core::Stream;
use http::Uri;
use http::uri::{Authority, Scheme};
use tokio::time::timeout;

use super::streaming_body::to_reqwest_body;
use super::{BoxFuture, Limits, Transport};
use crate::client::error::{TransportError, TransportErrorKind};
use crate::client::request::Body;
use crate::client::response::ByteStream;

/// The time limit of a connection. A slower one counts as failed, after which any request may be sent again.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The largest buffer that is reserved before the body arrives, because `Content-Length` may be wrong.
const MAX_RESERVED: usize = 1 << 20;

pub(crate) struct ReqwestTransport {
    client: reqwest::Client,
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
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            // reqwest copies each request that it may have to retry. The client retries by itself.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .build()
            .map_err(transport_error)?;
        Ok(Self {
            client,
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
        let (head, body) = request.into_parts();
        let mut converted = reqwest::Request::new(head.method, url);
        *converted.headers_mut() = head.headers;
        *converted.body_mut() = Some(to_reqwest_body(&body));
        Ok(self.client.execute(converted))
    }
}

/// Reads the complete body, decompressed. Stops where it exceeds `limit` bytes.
async fn read_body(
    mut response: reqwest::Response,
    limit: usize,
) -> Result<Vec<u8>, TransportError> {
    // A compressed response has no known length: then only the chunks are counted.
    let length = response.content_length().unwrap_or_default();
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length > limit {
        return Err(TransportError::too_large(limit));
    }
    let mut body = Vec::with_capacity(length.min(MAX_RESERVED));
    while let Some(chunk) = response.chunk().await.map_err(transport_error)? {
        if chunk.len() > limit - body.len() {
            return Err(TransportError::too_large(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

impl Transport for ReqwestTransport {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let pending = self.execute(request);
        // tokio's timeout instead of reqwest's, which allocates for each request.
        Box::pin(async move {
            let result = timeout(limits.timeout, async {
                let mut received = pending?.await.map_err(transport_error)?;
                let (status, headers) = (received.status(), std::mem::take(received.headers_mut()));
                let mut response = http::Response::new(if limits.streamed {
                    ByteStream::new(Chunks {
                        timeout: limits.timeout,
                        pending: Some(read_chunk(received, limits.timeout)),
                    })
                } else {
                    read_body(received, limits.response_size).await?.into()
                });
                *response.status_mut() = status;
                *response.headers_mut() = headers;
                Ok(response)
            });
            result.await.map_err(timeout_error)?
        })
    }
}

/// A response, and the result of reading its next chunk.
type ChunkResult = (reqwest::Response, Result<Option<Vec<u8>>, TransportError>);

/// The chunks of a streamed body.
struct Chunks {
    timeout: Duration,
    pending: Option<BoxFuture<'static, ChunkResult>>,
}

fn read_chunk(mut response: reqwest::Response, limit: Duration) -> BoxFuture<'static, ChunkResult> {
    Box::pin(async move {
        let chunk = match timeout(limit, response.chunk()).await {
            Ok(chunk) => chunk.map_err(transport_error),
            Err(elapsed) => Err(timeout_error(elapsed)),
        };
        let chunk = chunk.map(|chunk| chunk.map(|bytes| bytes.to_vec()));
        (response, chunk)
    })
}

impl Stream for Chunks {
    type Item = Result<Vec<u8>, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(pending) = &mut self.pending else {
            return Poll::Ready(None);
        };
        let (response, chunk) = ready!(pending.as_mut().poll(context));
        let timeout = self.timeout;
        self.pending = match chunk {
            Ok(Some(_)) => Some(read_chunk(response, timeout)),
            _ => None,
        };
        Poll::Ready(chunk.transpose())
    }
}

fn timeout_error(elapsed: tokio::time::error::Elapsed) -> TransportError {
    TransportError::new(TransportErrorKind::Timeout, elapsed)
}

/// Converts an error of reqwest. The URL is removed, because its query may contain a key.
fn transport_error(error: reqwest::Error) -> TransportError {
    // A connect timeout counts as a failed connection, so `is_connect` comes first.
    let kind = if error.is_connect() || is_unprocessed(&error) {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Broken
    };
    TransportError::new(kind, error.without_url())
}

/// Returns whether the server reported over HTTP/2 that it did not process the request (RFC 9113, section 8.7): it
/// refused the stream, or is shutting down and the stream comes after the last one that it processes.
fn is_unprocessed(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<h2::Error>() {
            let is_refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
            let is_shutdown = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
            return error.is_remote() && (is_refused || is_shutdown);
        }
        next = error.source();
    }
    false
}
