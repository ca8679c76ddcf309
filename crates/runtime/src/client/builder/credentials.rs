//! Credentials for a client.

use http::header::HeaderName;

use super::ClientBuilder;
use crate::Secret;
use crate::client::auth::Credential;
use crate::client::call::Client;
use crate::client::spec::{Scheme, SchemeKind};

impl<C: From<Client>> ClientBuilder<C> {
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
}
