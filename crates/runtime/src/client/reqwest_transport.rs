//! The default transport.

use std::time::{Duration, Instant};

use http::header::LOCATION;
use http::{Method, StatusCode};

use super::transport::{BoxFuture, Transport, TransportError, TransportFailure};

/// Redirects are followed so often.
const REDIRECTS: usize = 5;

/// reqwest with rustls.
pub(super) struct Reqwest(reqwest::Client);

impl Reqwest {
    pub(super) fn new() -> Result<Self, TransportError> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(failed)?;
        Ok(Self(client))
    }

    async fn exchange(
        &self,
        mut request: reqwest::Request,
        timeout: Duration,
    ) -> Result<reqwest::Response, reqwest::Error> {
        let start = Instant::now();
        for _ in 0..REDIRECTS {
            // However often it is sent, the time is for the whole.
            *request.timeout_mut() = Some(timeout.saturating_sub(start.elapsed()));
            let again = request.try_clone();
            let answer = self.0.execute(request).await?;
            match again.and_then(|again| redirected(again, &answer)) {
                Some(again) => request = again,
                None => return Ok(answer),
            }
        }
        *request.timeout_mut() = Some(timeout.saturating_sub(start.elapsed()));
        self.0.execute(request).await
    }
}

/// The same request to where the answer sends it. `None` if it is no redirect, or one that is not followed: to another
/// host, since no credential leaves this one; or one that would make a GET of a POST, whose answer would look like
/// success though nothing was done.
fn redirected(
    mut request: reqwest::Request,
    answer: &reqwest::Response,
) -> Option<reqwest::Request> {
    let followed = match answer.status() {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => {
            matches!(*request.method(), Method::GET | Method::HEAD)
        }
        _ => false,
    };
    let location = answer.headers().get(LOCATION).filter(|_| followed)?;
    let url = request.url().join(location.to_str().ok()?).ok()?;
    let from = request.url();
    if (url.scheme(), url.authority()) != (from.scheme(), from.authority()) {
        return None;
    }
    *request.url_mut() = url;
    Some(request)
}

impl Transport for Reqwest {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, TransportError>> {
        Box::pin(async move {
            let request = reqwest::Request::try_from(request).map_err(failed)?;
            let answer = self.exchange(request, timeout).await.map_err(failed)?;
            let mut response = http::Response::new(Vec::new());
            *response.status_mut() = answer.status();
            *response.headers_mut() = answer.headers().clone();
            *response.body_mut() = answer.bytes().await.map_err(failed)?.to_vec();
            Ok(response)
        })
    }
}

/// reqwest's error without the URL, which may hold a key in its query.
fn failed(error: reqwest::Error) -> TransportError {
    let failure = if error.is_timeout() {
        TransportFailure::Timeout
    } else if error.is_connect() {
        TransportFailure::Connect
    } else {
        TransportFailure::Broken
    };
    TransportError {
        failure,
        source: Box::new(error.without_url()),
    }
}
