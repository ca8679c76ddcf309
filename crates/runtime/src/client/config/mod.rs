//! The configuration of a client, shared by all its calls.

mod options;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::HeaderMap;

use super::auth::{Authenticator, Credentials};
use super::redaction::Redactor;
use super::retry::{Clock, RetryBudget, RetryPolicy};
use super::spec::Api;
use super::transport::Transport;
use super::url::ServerUrl;

pub(crate) use options::RequestOptions;

/// The configuration that all calls of an API share. Cheap to clone.
///
/// Generated crates wrap it in their own `Client`; [`ClientBuilder`](crate::ClientBuilder) creates it.
#[derive(Clone)]
pub struct Client {
    config: Arc<ClientConfig>,
    /// The options of the request that contains this client.
    options: Option<Arc<RequestOptions>>,
}

pub(crate) struct ClientConfig {
    pub api: &'static Api,
    pub server: ServerUrl,
    pub credentials: Credentials,
    pub authenticator: Authenticator,
    /// Removes the credentials from errors.
    pub redactor: Arc<Redactor>,
    pub timeout: Duration,
    pub attempt_timeout: Duration,
    pub retry: RetryPolicy,
    pub budget: RetryBudget,
    pub max_response_size: usize,
    pub headers: HeaderMap,
    pub transport: Arc<dyn Transport>,
    pub clock: Arc<dyn Clock>,
}

impl Client {
    pub(crate) fn new(config: ClientConfig) -> Self {
        Self {
            config: Arc::new(config),
            options: None,
        }
    }

    pub(crate) fn config(&self) -> &ClientConfig {
        &self.config
    }

    pub(crate) fn options(&self) -> Option<&RequestOptions> {
        self.options.as_deref()
    }

    pub(crate) fn options_mut(&mut self) -> &mut RequestOptions {
        Arc::make_mut(self.options.get_or_insert_default())
    }

    /// Returns the base URL of requests, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.config.server.text
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("api", &self.config.api.title)
            .field("base_url", &self.config.server.text)
            .finish_non_exhaustive()
    }
}
