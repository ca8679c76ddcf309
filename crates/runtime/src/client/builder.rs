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
    api: &'static Api,
    credentials: Credentials,
    base_url: Option<String>,
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

    /// Takes credentials and the base URL from the variables that the vendor's own SDKs read.
    ///
    /// # Errors
    /// When the API takes credentials and no variable holds one; the error names them.
    pub fn from_env(self) -> Result<Self, Error> {
        self.from_lookup(|name| std::env::var(name).ok())
    }

    /// The same, from another place than the process's environment.
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    pub fn from_lookup(mut self, lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let first = |names: &[&str]| {
            names
                .iter()
                .find_map(|name| lookup(name).filter(|value| !value.trim().is_empty()))
        };
        for scheme in self.api.schemes {
            let (Some(value), password) = (first(scheme.env), first(scheme.password_env)) else {
                continue;
            };
            let credential = match (&scheme.kind, password) {
                (SchemeKind::Basic, Some(password)) => Credential {
                    scheme: scheme.id,
                    user: Some(value),
                    secret: Secret::new(password),
                },
                (SchemeKind::Basic, None) => continue,
                _ => Credential {
                    scheme: scheme.id,
                    user: None,
                    secret: Secret::new(value.trim()),
                },
            };
            self.credentials.set(credential);
        }
        let names: Vec<&str> = self
            .api
            .schemes
            .iter()
            .flat_map(|scheme| scheme.env)
            .copied()
            .collect();
        if self.credentials.all.is_empty() && !names.is_empty() {
            return Err(Error::builder(format!(
                "no credential in the environment: set {}",
                names.join(" or ")
            )));
        }
        if let Some(url) = first(self.api.base_url.env) {
            self.base_url = Some(url);
        } else if let Some(derive) = &self.api.base_url.derive {
            if let Some(url) = first(&[derive.env]) {
                self.base_url = Some(base_url::derived(derive, &url).unwrap_or(url));
            }
        }
        Ok(self)
    }

    /// The key, for the first scheme of the API.
    #[must_use]
    pub fn api_key(self, key: impl Into<Secret>) -> Self {
        match self.api.schemes.first() {
            Some(scheme) => self.set(scheme, None, key.into()),
            None => self.fail("the API takes no credential"),
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
    pub fn auth_header(mut self, name: impl Into<String>) -> Self {
        self.credentials.header = Some(name.into());
        self
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
            Err(error) => Self {
                error: Some(error),
                ..self
            },
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
                let keys: Vec<&str> = self
                    .credentials
                    .all
                    .iter()
                    .map(|known| known.secret.expose())
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

    fn set(mut self, scheme: &'static Scheme, user: Option<String>, secret: Secret) -> Self {
        self.credentials.set(Credential {
            scheme: scheme.id,
            user,
            secret,
        });
        self
    }

    fn fail(mut self, message: impl Into<String>) -> Self {
        self.error.get_or_insert_with(|| Error::builder(message));
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
            .field("base_url", &self.base_url)
            .field("credentials", &schemes)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
