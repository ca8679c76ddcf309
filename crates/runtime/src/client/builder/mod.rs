//! Setting up a client.

mod credentials;
mod limits;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::header::{HeaderMap, HeaderName, HeaderValue, USER_AGENT};

use super::auth::Credentials;
use super::base_url;
use super::call::{Client, Settings};
use super::clock::{Clock, TokioClock};
use super::error::Error;
use super::request;
#[cfg(feature = "__reqwest")]
use super::reqwest_transport::Reqwest;
use super::retry::{RetryBudget, RetryPolicy};
use super::spec::Api;
use super::transport::Transport;
use super::url::Base;

/// A call may take this long, unless [`ClientBuilder::timeout`] says otherwise.
const TIMEOUT: Duration = Duration::from_secs(120);

/// An attempt may take this long, unless [`ClientBuilder::attempt_timeout`] says otherwise.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(60);

/// An answer may be this large, unless [`ClientBuilder::max_response_size`] says otherwise.
const RESPONSE_SIZE: usize = 64 << 20;

/// A request has so many headers of its own, most often.
const HEADERS: usize = 8;

/// Wraps a transport into another.
type Layer = Box<dyn FnOnce(Arc<dyn Transport>) -> Arc<dyn Transport> + Send>;

/// Sets up a client of type `C`.
pub struct ClientBuilder<C> {
    pub(super) api: &'static Api,
    pub(super) credentials: Credentials,
    pub(super) base_url: Option<String>,
    allow_http: bool,
    timeout: Duration,
    attempt_timeout: Duration,
    retry: RetryPolicy,
    budget: RetryBudget,
    response_size: usize,
    headers: HeaderMap,
    transport: Option<Arc<dyn Transport>>,
    layers: Vec<Layer>,
    clock: Option<Arc<dyn Clock>>,
    error: Option<Error>,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Client>> ClientBuilder<C> {
    /// A builder for an API; generated crates call this.
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
            response_size: RESPONSE_SIZE,
            headers: HeaderMap::new(),
            transport: None,
            layers: Vec::new(),
            clock: None,
            error: None,
            client: PhantomData,
        }
    }

    /// A builder of clients like `client`, with its credentials, its transport and its budget for retries.
    pub fn like(client: &Client) -> Self {
        let settings = client.settings();
        Self {
            credentials: settings.credentials.clone(),
            base_url: Some(settings.base_url.clone()),
            allow_http: settings.allow_http,
            timeout: settings.timeout,
            attempt_timeout: settings.attempt_timeout,
            retry: settings.retry.clone(),
            budget: settings.budget.clone(),
            response_size: settings.response_size,
            headers: settings.headers.clone(),
            transport: Some(Arc::clone(&settings.transport)),
            clock: Some(Arc::clone(&settings.clock)),
            ..Self::new(settings.api)
        }
    }

    /// Where the API is, in place of its own servers.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// One of the API's servers, by name.
    #[must_use]
    pub fn server(self, name: &str) -> Self {
        match base_url::named(self.api, name) {
            Ok(url) => self.base_url(url),
            Err(error) => self.fail_with(error),
        }
    }

    /// Lets the credential travel in the clear, to other hosts than this one too.
    #[must_use]
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// A header on every request.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
                self
            }
            _ => self.fail(format!(
                "the header `{}` cannot be sent",
                name.escape_debug()
            )),
        }
    }

    /// Another transport than reqwest.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Wraps the transport into another one, which sees every attempt: to add headers, to sign, to log, to measure.
    /// What is set first stands next to the network.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use observatory_runtime::{Body, BoxFuture, ByteStream, Limits, Transport, TransportError};
    ///
    /// /// Counts what is sent.
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

    /// The client.
    ///
    /// # Errors
    /// When something was set that cannot be, or the transport cannot start.
    pub fn build(self) -> Result<C, Error> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let suffix = self.api.base_url.suffix;
        let given = self.base_url.is_some();
        let url = match self.base_url {
            Some(url) => url,
            None => {
                // People paste `Bearer …` along with a key; what stands last is the key.
                let keys: Vec<&str> = self
                    .credentials
                    .all
                    .iter()
                    .filter_map(|known| known.secret.expose().split_whitespace().last())
                    .collect();
                base_url::by_key(self.api, &keys)?.to_owned()
            }
        };
        let transport = match self.transport {
            Some(transport) => transport,
            None => default_transport()?,
        };
        let wrap = |inner, layer: Layer| layer(inner);
        let transport = self.layers.into_iter().fold(transport, wrap);
        let base_url = base_url::checked(&url, suffix, self.allow_http)?;
        let mut headers = self.headers;
        if !headers.contains_key(USER_AGENT) {
            let agent = request::fixed("user-agent", self.api.user_agent)?;
            headers.insert(USER_AGENT, agent);
        }
        // Requests add to a copy of them, which is to need no more room.
        headers.reserve(HEADERS);
        Ok(C::from(Client::new(Settings {
            api: self.api,
            base: Base::of(&base_url)?,
            base_url,
            base_url_given: given,
            allow_http: self.allow_http,
            proofs: self.credentials.proofs(self.api)?,
            credentials: self.credentials,
            timeout: self.timeout,
            attempt_timeout: self.attempt_timeout,
            retry: self.retry,
            budget: self.budget,
            response_size: self.response_size,
            headers,
            transport,
            clock: self.clock.unwrap_or_else(|| Arc::new(TokioClock::new())),
        })))
    }

    fn fail(self, message: impl Into<String>) -> Self {
        self.fail_with(Error::builder(message))
    }

    /// The first thing that is wrong is what `build` tells.
    fn fail_with(mut self, error: Error) -> Self {
        self.error.get_or_insert(error);
        self
    }
}

#[cfg(feature = "__reqwest")]
fn default_transport() -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(Reqwest::new().map_err(Error::transport)?))
}

#[cfg(not(feature = "__reqwest"))]
fn default_transport() -> Result<Arc<dyn Transport>, Error> {
    Err(Error::builder(
        "there is no transport: enable the feature `rustls` or `native-tls`, or set `transport`",
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
            .field("base_url", &self.base_url.as_deref().map(base_url::shown))
            .field("credentials", &schemes)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
