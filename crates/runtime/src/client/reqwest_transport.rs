//! The default transport.

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

use super::body::Body;
use super::stream::ByteStream;
use super::transport::{BoxFuture, Limits, Transport, TransportError, TransportFailure};
use super::upload::upload;

/// A connection may take this long. One that takes longer is none, after which any request may be sent again.
const CONNECT: Duration = Duration::from_secs(10);

/// What is set aside for an answer before any of it has come, at most: its length is the server's word alone.
const AHEAD: usize = 1 << 20;

/// reqwest.
pub(super) struct Reqwest {
    client: reqwest::Client,
    /// Where the last request went, which is where the next one goes: to parse the URL of each was a tenth of what a
    /// call costs.
    origin: RwLock<Option<Origin>>,
}

struct Origin {
    scheme: Scheme,
    authority: Authority,
    url: Url,
}

impl Reqwest {
    pub(super) fn new() -> Result<Self, TransportError> {
        #[cfg(all(feature = "rustls-no-provider", not(feature = "rustls")))]
        if rustls::crypto::CryptoProvider::get_default().is_none() {
            let why = "the feature `rustls-no-provider` takes the provider of cryptography that the program installs, \
                       and it has installed none";
            return Err(TransportError::new(TransportFailure::Connect, why));
        }
        let client = reqwest::Client::builder()
            .connect_timeout(CONNECT)
            .redirect(reqwest::redirect::Policy::none())
            // To be ready for a second time, it would copy the first. What may be sent again is known elsewhere.
            .retry(reqwest::retry::never().max_retries_per_request(0))
            .build()
            .map_err(failed)?;
        Ok(Self {
            client,
            origin: RwLock::new(None),
        })
    }

    fn known(&self, uri: &Uri) -> Option<Url> {
        let known = self.origin.read().unwrap_or_else(PoisonError::into_inner);
        let known = known.as_ref()?;
        // As they are written: one who writes them in another way has them parsed.
        let same = uri.scheme() == Some(&known.scheme)
            && uri.authority().map(Authority::as_str) == Some(known.authority.as_str());
        same.then(|| known.url.clone())
    }

    fn url(&self, uri: &Uri) -> Result<Url, TransportError> {
        if let Some(mut url) = self.known(uri) {
            url.set_path(uri.path());
            url.set_query(uri.query());
            return Ok(url);
        }
        let url = Url::parse(&uri.to_string())
            .map_err(|why| TransportError::new(TransportFailure::Broken, why))?;
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

    fn exchange(
        &self,
        request: http::Request<Body>,
    ) -> Result<impl Future<Output = reqwest::Result<reqwest::Response>> + use<>, TransportError>
    {
        let url = self.url(request.uri())?;
        let (head, body) = request.into_parts();
        let mut sent = reqwest::Request::new(head.method, url);
        *sent.headers_mut() = head.headers;
        *sent.body_mut() = Some(upload(&body));
        Ok(self.client.execute(sent))
    }
}

/// The body, unpacked, as long as it is not too large. What is too large is not read to its end.
async fn body(mut answer: reqwest::Response, limit: usize) -> Result<Vec<u8>, TransportError> {
    // What is packed says nothing of its length, so that there the chunks are counted alone.
    let length = answer.content_length().unwrap_or_default();
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    if length > limit {
        return Err(TransportError::too_large(limit));
    }
    let mut body = Vec::with_capacity(length.min(AHEAD));
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        if chunk.len() > limit - body.len() {
            return Err(TransportError::too_large(limit));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

impl Transport for Reqwest {
    fn send(
        &self,
        request: http::Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let going = self.exchange(request);
        // reqwest's own limit of time would be put aside on the heap for each request.
        Box::pin(async move {
            let answer = timeout(limits.timeout, async {
                let mut answer = going?.await.map_err(failed)?;
                let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
                let mut response = http::Response::new(if limits.streamed {
                    ByteStream::new(Chunks {
                        wait: limits.timeout,
                        going: Some(next(answer, limits.timeout)),
                    })
                } else {
                    body(answer, limits.response_size).await?.into()
                });
                *response.status_mut() = status;
                *response.headers_mut() = headers;
                Ok(response)
            });
            answer.await.map_err(late)?
        })
    }
}

/// An answer, and what came of asking it for a piece.
type Piece = (reqwest::Response, Result<Option<Vec<u8>>, TransportError>);

/// The body of an answer, piece by piece.
struct Chunks {
    wait: Duration,
    going: Option<BoxFuture<'static, Piece>>,
}

fn next(mut answer: reqwest::Response, wait: Duration) -> BoxFuture<'static, Piece> {
    Box::pin(async move {
        let chunk = match timeout(wait, answer.chunk()).await {
            Ok(chunk) => chunk.map_err(failed),
            Err(elapsed) => Err(late(elapsed)),
        };
        let chunk = chunk.map(|chunk| chunk.map(|bytes| bytes.to_vec()));
        (answer, chunk)
    })
}

impl Stream for Chunks {
    type Item = Result<Vec<u8>, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(going) = &mut self.going else {
            return Poll::Ready(None);
        };
        let (answer, chunk) = ready!(going.as_mut().poll(context));
        let wait = self.wait;
        self.going = match chunk {
            Ok(Some(_)) => Some(next(answer, wait)),
            _ => None,
        };
        Poll::Ready(chunk.transpose())
    }
}

fn late(elapsed: tokio::time::error::Elapsed) -> TransportError {
    TransportError::new(TransportFailure::Timeout, elapsed)
}

/// reqwest's error without the URL, which may hold a key in its query.
fn failed(error: reqwest::Error) -> TransportError {
    // A connection that was not made in time is no connection.
    let failure = if error.is_connect() || unseen(&error) {
        TransportFailure::Connect
    } else if error.is_timeout() {
        TransportFailure::Timeout
    } else {
        TransportFailure::Broken
    };
    TransportError::new(failure, error.without_url())
}

/// Whether the server has said, by HTTP/2, that it did not look at the request (RFC 9113, section 8.7): it refused the
/// stream, or is about to go and names the last one that it still answers.
fn unseen(error: &reqwest::Error) -> bool {
    let mut next = error.source();
    while let Some(error) = next {
        if let Some(error) = error.downcast_ref::<h2::Error>() {
            let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
            let going = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
            return error.is_remote() && (refused || going);
        }
        next = error.source();
    }
    false
}
