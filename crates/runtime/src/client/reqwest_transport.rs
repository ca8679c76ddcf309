//! The default transport.

use std::time::Duration;

use super::transport::{BoxFuture, Transport, TransportError, TransportFailure};

/// Redirects are followed so often.
const REDIRECTS: usize = 5;

/// reqwest with rustls. Redirects are followed on the same host only, so that no credential leaves it.
pub(super) struct Reqwest(reqwest::Client);

impl Reqwest {
    pub(super) fn new() -> Result<Self, TransportError> {
        let policy = reqwest::redirect::Policy::custom(|attempt| {
            let from = attempt
                .previous()
                .last()
                .map(|url| (url.scheme().to_owned(), url.authority().to_owned()));
            let to = (
                attempt.url().scheme().to_owned(),
                attempt.url().authority().to_owned(),
            );
            let same = from == Some(to);
            if same && attempt.previous().len() <= REDIRECTS {
                attempt.follow()
            } else {
                attempt.stop()
            }
        });
        let client = reqwest::Client::builder()
            .redirect(policy)
            .build()
            .map_err(failed)?;
        Ok(Self(client))
    }
}

impl Transport for Reqwest {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<http::Response<Vec<u8>>, TransportError>> {
        Box::pin(async move {
            let mut request = reqwest::Request::try_from(request).map_err(failed)?;
            *request.timeout_mut() = Some(timeout);
            let answer = self.0.execute(request).await.map_err(failed)?;
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
