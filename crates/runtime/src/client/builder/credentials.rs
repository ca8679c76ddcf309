//! Setters of credentials.

use http::header::HeaderName;

use super::ClientBuilder;
use crate::Secret;
use crate::client::auth::Credential;
use crate::client::config::Client;
use crate::client::spec::{SchemeKind, SecurityScheme};

impl<C: From<Client>> ClientBuilder<C> {
    /// Sets the key for the first security scheme that takes one.
    #[must_use]
    pub fn api_key(self, key: impl Into<Secret>) -> Self {
        let is_key = |scheme: &&SecurityScheme| {
            !matches!(scheme.kind, SchemeKind::Basic | SchemeKind::Other)
        };
        match self.api.schemes.iter().find(is_key) {
            Some(scheme) if is_bearer(scheme) => self.bearer_token(key),
            Some(scheme) => self.set_credential(scheme, None, key.into()),
            None => self.fail("the API has no security scheme with a key"),
        }
    }

    /// Sets the credential for a security scheme, by its name in the API description.
    #[must_use]
    pub fn credential(self, scheme: &str, secret: impl Into<Secret>) -> Self {
        match self.api.schemes.iter().find(|known| known.id == scheme) {
            Some(scheme) => self.set_credential(scheme, None, secret.into()),
            None => self.fail(format!("unknown security scheme `{scheme}`")),
        }
    }

    /// Sets the token for `Authorization: Bearer …`, for all security schemes that are sent so, OAuth 2 and OpenID Connect
    /// among them.
    #[must_use]
    pub fn bearer_token(mut self, token: impl Into<Secret>) -> Self {
        let token = token.into();
        let mut schemes = self.api.schemes.iter().filter(|scheme| is_bearer(scheme));
        let Some(first) = schemes.next() else {
            return self.fail("the API has no security scheme with a bearer token");
        };
        for scheme in schemes {
            self = self.set_credential(scheme, None, token.clone());
        }
        self.set_credential(first, None, token)
    }

    /// Sets user name and password for HTTP Basic authentication.
    #[must_use]
    pub fn basic_auth(self, user: impl Into<String>, password: impl Into<Secret>) -> Self {
        match self
            .api
            .schemes
            .iter()
            .find(|scheme| matches!(scheme.kind, SchemeKind::Basic))
        {
            Some(scheme) => self.set_credential(scheme, Some(user.into()), password.into()),
            None => self.fail("the API has no security scheme with user name and password"),
        }
    }

    /// Sends the key in another header than the one in the API description, or than the one that
    /// [`from_env`](Self::from_env) chose.
    #[must_use]
    pub fn auth_header(mut self, name: impl AsRef<str>) -> Self {
        let in_header = |scheme: &SecurityScheme| matches!(scheme.kind, SchemeKind::Header { .. });
        if !self.api.schemes.iter().any(in_header) {
            return self.fail("the API has no security scheme with a key in a header");
        }
        match HeaderName::try_from(name.as_ref()) {
            Ok(name) => {
                self.credentials.header = Some(name);
                self
            }
            Err(_) => self.fail(format!(
                "invalid header name `{}`",
                name.as_ref().escape_debug()
            )),
        }
    }

    /// Sets a credential. An unusable one is rejected here, because the server would only return a 401.
    fn set_credential(
        mut self,
        scheme: &'static SecurityScheme,
        user: Option<String>,
        secret: Secret,
    ) -> Self {
        let id = scheme.id;
        match (&scheme.kind, &user) {
            (SchemeKind::Other, _) => {
                return self.fail(format!(
                    "the security scheme `{id}` is not supported; implement it in a `transport`"
                ));
            }
            (SchemeKind::Basic, None) => {
                return self.fail(format!(
                    "the security scheme `{id}` requires user name and password; use `basic_auth`"
                ));
            }
            (SchemeKind::Basic, Some(user)) if user.contains(':') => {
                return self.fail(format!("the user name for `{id}` contains a colon"));
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
            header: None,
        });
        self
    }
}

fn is_bearer(scheme: &SecurityScheme) -> bool {
    matches!(scheme.kind, SchemeKind::Bearer)
}
