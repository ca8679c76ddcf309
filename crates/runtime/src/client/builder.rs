//! Setting up a client.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use http::header::{HeaderMap, HeaderName, HeaderValue};

use super::auth::{Credential, Credentials};
use super::base_url;
use super::call::{Client, Settings};
use super::error::Error;
use super::reqwest_transport::Reqwest;
use super::spec::{Api, Scheme, SchemeKind};
use super::transport::Transport;
use crate::Secret;

/// A call may take this long, unless [`ClientBuilder::timeout`] says otherwise.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Sets up a client of type `C`.
pub struct ClientBuilder<C> {
    pub(super) api: &'static Api,
    pub(super) credentials: Credentials,
    pub(super) base_url: Option<String>,
    allow_http: bool,
    timeout: Duration,
    headers: HeaderMap,
    transport: Option<Arc<dyn Transport>>,
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
            headers: HeaderMap::new(),
            transport: None,
            error: None,
            client: PhantomData,
        }
    }

    /// A builder of clients like `client`, with its credentials and its transport.
    pub fn like(client: &Client) -> Self {
        let settings = client.settings();
        Self {
            credentials: settings.credentials.clone(),
            base_url: Some(settings.base_url.clone()),
            allow_http: settings.allow_http,
            timeout: settings.timeout,
            headers: settings.headers.clone(),
            transport: Some(Arc::clone(&settings.transport)),
            ..Self::new(settings.api)
        }
    }

    /// The key, for the first scheme of the API that takes one.
    #[must_use]
    pub fn api_key(self, key: impl Into<Secret>) -> Self {
        let takes_key =
            |scheme: &&Scheme| !matches!(scheme.kind, SchemeKind::Basic | SchemeKind::Other);
        match self.api.schemes.iter().find(takes_key) {
            Some(scheme) => self.set(scheme, None, key.into()),
            None => self.fail("the API takes no key"),
        }
    }

    /// The credential for a scheme, by the document's name for it.
    #[must_use]
    pub fn credential(self, scheme: &str, secret: impl Into<Secret>) -> Self {
        match self.api.schemes.iter().find(|known| known.id == scheme) {
            Some(scheme) => self.set(scheme, None, secret.into()),
            None => self.fail(format!("there is no security scheme `{scheme}`")),
        }
    }

    /// A token that travels as `Authorization: Bearer …`.
    #[must_use]
    pub fn bearer_token(self, token: impl Into<Secret>) -> Self {
        match self
            .api
            .schemes
            .iter()
            .find(|scheme| matches!(scheme.kind, SchemeKind::Bearer))
        {
            Some(scheme) => self.set(scheme, None, token.into()),
            None => self.fail("the API takes no bearer token"),
        }
    }

    /// A user's name and password.
    #[must_use]
    pub fn basic_auth(self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        match self
            .api
            .schemes
            .iter()
            .find(|scheme| matches!(scheme.kind, SchemeKind::Basic))
        {
            Some(scheme) => self.set(scheme, Some(user.into()), password.into()),
            None => self.fail("the API takes no user name and password"),
        }
    }

    /// Another header for the key than the one the API's description names.
    #[must_use]
    pub fn auth_header(mut self, name: impl AsRef<str>) -> Self {
        let in_header = |scheme: &Scheme| matches!(scheme.kind, SchemeKind::Header { .. });
        if !self.api.schemes.iter().any(in_header) {
            return self.fail("the API takes no key in a header of its own");
        }
        match HeaderName::try_from(name.as_ref()) {
            Ok(name) => {
                self.credentials.header = Some(name);
                self
            }
            Err(_) => self.fail(format!(
                "`{}` is no name for a header",
                name.as_ref().escape_debug()
            )),
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

    /// How long a call may take, from the first byte out to the last byte in. 60 seconds, unless set.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
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
            None => Arc::new(Reqwest::new().map_err(Error::transport)?),
        };
        Ok(C::from(Client::new(Settings {
            api: self.api,
            base_url: base_url::checked(&url, suffix, self.allow_http)?,
            base_url_given: given,
            allow_http: self.allow_http,
            credentials: self.credentials,
            timeout: self.timeout,
            headers: self.headers,
            transport,
        })))
    }

    /// A credential that could prove nothing is refused here: sent, it would come back as a 401 that says little.
    fn set(mut self, scheme: &'static Scheme, user: Option<String>, secret: Secret) -> Self {
        let id = scheme.id;
        match (&scheme.kind, &user) {
            (SchemeKind::Other, _) => {
                return self.fail(format!(
                    "how `{id}` travels is not known here: a `transport` has to see to it"
                ));
            }
            (SchemeKind::Basic, None) => {
                return self.fail(format!(
                    "`{id}` takes a user's name and password: use `basic_auth`"
                ));
            }
            (SchemeKind::Basic, Some(user)) if user.contains(':') => {
                return self.fail(format!(
                    "the user's name for `{id}` holds a colon, which ends it"
                ));
            }
            (_, None) if secret.expose().trim().is_empty() => {
                return self.fail(format!("the credential for `{id}` is blank"));
            }
            _ => {}
        }
        self.credentials.set(Credential {
            scheme: id,
            user,
            secret,
        });
        self
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
