use std::time::Duration;

use http::header::{HeaderName, HeaderValue};

use crate::client::retry::RetryPolicy;

/// The options of one request, which override the configuration of the client.
#[derive(Clone, Debug, Default)]
pub(crate) struct RequestOptions {
    pub retry: Option<RetryPolicy>,
    pub timeout: Option<Duration>,
    pub attempt_timeout: Option<Duration>,
    pub idempotent: bool,
    pub headers: Vec<(HeaderName, HeaderValue)>,
    pub base_url: Option<String>,
    /// The first invalid option, reported when the request is sent.
    pub error: Option<String>,
}
