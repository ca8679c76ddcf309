//! Setting up a client.

mod credentials;
mod environment;
mod limits;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use super::auth::{Authenticator, Credentials};
use super::config::{Client, ClientConfig};
use super::error::Error;
use super::redaction::mark_sensitive;
use super::request::static_header_value;
use super::retry::{Clock, RetryBudget, RetryPolicy, TokioClock};
use super::spec::Api;
#[cfg(feature = "__reqwest")]
use super::transport::ReqwestTransport;
use super::transport::Transport;
use super::url::{ServerUrl, hide_secrets, server_for_key, server_named};

/// The default of [`ClientBuilder::timeout`].
const TIMEOUT: Duration = Duration::from_secs(120);

/// The default of [`ClientBuilder::attempt_timeout`].
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);

/// The default of [`ClientBuilder::max_response_size`].
const MAX_RESPONSE_SIZE: usize = 64 << 20;

/// A function that wraps a transport.
type Layer = Box<dyn FnOnce(Arc<dyn Transport>) -> Arc<dyn Transport> + Send>;

/// Configures and creates a client of type `C`, the `Client` of a generated crate.
///
/// The methods do not fail: [`build`](Self::build) returns the first error.
///
/// ```
/// # use std::time::Duration;
/// # use observatory_runtime::{Client, ClientBuilder, Error, RetryPolicy};
/// # fn example(builder: ClientBuilder<Client>) -> Result<(), Error> {
/// let client = builder
///     .api_key("my-key")
///     .timeout(Duration::from_secs(30))
///     .retry(RetryPolicy::new().attempts(2))
///     .build()?;
/// # Ok(())
/// # }
/// ```
pub struct ClientBuilder<C> {
    api: &'static Api,
    credentials: Credentials,
    base_url: Option<String>,
    allow_http: bool,
    timeout: Duration,
    attempt_timeout: Duration,
    retry: RetryPolicy,
    budget: RetryBudget,
    max_response_size: usize,
    headers: HeaderMap,
    transport: Option<Arc<dyn Transport>>,
    layers: Vec<Layer>,
    clock: Option<Arc<dyn Clock>>,
    error: Option<Error>,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Client>> ClientBuilder<C> {
    /// Creates a builder for an API. Generated crates call it.
    pub fn new(api: &'static Api) -> Self {
        Self {
            api,
            credentials: Credentials::default(),
            base_url: None,
            allow_http: false,
            timeout: TIMEOUT,
            attempt_timeout: ATTEMPT_TIMEOUT,
            retry: RetryPolicy::new(),
            budget: RetryBudget::default(),
            max_response_size: MAX_RESPONSE_SIZE,
            headers: HeaderMap::new(),
            transport: None,
            layers: Vec::new(),
            clock: None,
            error: None,
            client: PhantomData,
        }
    }

    /// Creates a builder with the configuration of an existing client, including its credentials, its transport and its
    /// retry budget.
    pub fn from_client(client: &Client) -> Self {
        let config = client.config();
        Self {
            credentials: config.credentials.clone(),
            base_url: config.server.explicit_url().map(str::to_owned),
            allow_http: config.server.allow_http,
            timeout: config.timeout,
            attempt_timeout: config.attempt_timeout,
            retry: config.retry.clone(),
            budget: config.budget.clone(),
            max_response_size: config.max_response_size,
            headers: config.headers.clone(),
            transport: Some(Arc::clone(&config.transport)),
            clock: Some(Arc::clone(&config.clock)),
            ..Self::new(config.api)
        }
    }

    /// Sets the base URL. By default it is a server of the API description.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// Selects a server of the API description by name.
    #[must_use]
    pub fn server(self, name: &str) -> Self {
        match server_named(self.api, name) {
            Ok(url) => self.base_url(url),
            Err(error) => self.fail_with(error),
        }
    }

    /// Allows plain HTTP to other hosts than this machine, which sends the credential unencrypted.
    #[must_use]
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Adds a header to every request.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(mut value)) => {
                mark_sensitive(&name, &mut value);
                self.headers.insert(name, value);
                self
            }
            _ => self.fail(format!(
                "invalid name or value of the header `{}`",
                name.escape_debug()
            )),
        }
    }

    /// Replaces the default transport, reqwest.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Wraps the transport in another one, to add headers, to sign, to log or to measure every attempt.
    ///
    /// Later layers wrap earlier ones: the first layer is the one next to the network.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use observatory_runtime::{Body, BoxFuture, ByteStream, Limits, Transport, TransportError};
    ///
    /// /// Counts the bytes that are sent.
    /// struct Counting<T> {
    ///     inner: T,
    ///     bytes: Arc<std::sync::atomic::AtomicU64>,
    /// }
    ///
    /// impl<T: Transport> Transport for Counting<T> {
    ///     fn send(
    ///         &self,
    ///         mut request: http::Request<Body>,
    ///         limits: Limits,
    ///     ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
    ///         let headers = request.headers_mut();
    ///         headers.insert("x-team", http::HeaderValue::from_static("search"));
    ///         let sent = request.body().len().unwrap_or_default();
    ///         self.bytes.fetch_add(sent, std::sync::atomic::Ordering::Relaxed);
    ///         self.inner.send(request, limits)
    ///     }
    /// }
    ///
    /// # fn example<C: From<observatory_runtime::Client>>(
    /// #     builder: observatory_runtime::ClientBuilder<C>,
    /// # ) -> Result<(), observatory_runtime::Error> {
    /// let bytes = Arc::default();
    /// let counted = Arc::clone(&bytes);
    /// let client = builder
    ///     .layer(move |inner| Counting { inner, bytes: counted })
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn layer<T: Transport>(
        mut self,
        wrap: impl FnOnce(Arc<dyn Transport>) -> T + Send + 'static,
    ) -> Self {
        self.layers.push(Box::new(|inner| Arc::new(wrap(inner))));
        self
    }

    /// Creates the client.
    ///
    /// # Errors
    /// If the configuration is invalid, or the transport cannot be created.
    pub fn build(self) -> Result<C, Error> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let is_explicit = self.base_url.is_some();
        let url = match self.base_url {
            Some(url) => url,
            None => server_for_key(self.api, &self.credentials.bare_keys())?.to_owned(),
        };
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport()?,
        };
        let wrap = |inner, layer: Layer| layer(inner);
        let transport = self.layers.into_iter().fold(transport, wrap);
        let suffix = self.api.base_url.suffix;
        let server = ServerUrl::new(&url, suffix, is_explicit, self.allow_http)?;
        let mut headers = self.headers;
        if !headers.contains_key(USER_AGENT) {
            let agent = static_header_value("user-agent", self.api.user_agent)?;
            headers.insert(USER_AGENT, agent);
        }
        Ok(C::from(Client::new(ClientConfig {
            api: self.api,
            server,
            authenticator: Authenticator::new(self.api, &self.credentials)?,
            redactor: Arc::new(self.credentials.to_redactor()),
            credentials: self.credentials,
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
            retry: self.retry,
            budget: self.budget,
            max_response_size: self.max_response_size,
            headers,
            transport,
            clock: self.clock.unwrap_or_else(|| Arc::new(TokioClock::new())),
        })))
    }

    fn fail(self, message: impl Into<String>) -> Self {
        self.fail_with(Error::builder(message))
    }

    /// Stores the error for `build`, unless there is an earlier one.
    fn fail_with(mut self, error: Error) -> Self {
        self.error.get_or_insert(error);
        self
    }
}

#[cfg(feature = "__reqwest")]
fn default_transport() -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(ReqwestTransport::new().map_err(Error::transport)?))
}

#[cfg(not(feature = "__reqwest"))]
fn default_transport() -> Result<Arc<dyn Transport>, Error> {
    Err(Error::builder(
        "no transport; enable the feature `rustls` or `native-tls`, or set `transport`",
    ))
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schemes: Vec<&str> = self
            .credentials
            .all
            .iter()
            .map(|credential| credential.scheme)
            .collect();
        f.debug_struct("ClientBuilder")
            .field("api", &self.api.title)
            .field("base_url", &self.base_url.as_deref().map(hide_secrets))
            .field("credentials", &schemes)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
