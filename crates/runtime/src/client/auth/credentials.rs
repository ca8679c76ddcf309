//! The credentials that a client was given.

use http::header::HeaderName;

use crate::Secret;
use crate::client::redaction::Redactor;

/// The credential for one security scheme.
#[derive(Clone, Debug)]
pub(crate) struct Credential {
    /// The ID of the security scheme.
    pub scheme: &'static str,
    /// The user name, for HTTP Basic.
    pub user: Option<String>,
    pub secret: Secret,
    /// The header for the key, if it is not the one of the scheme.
    pub header: Option<&'static str>,
}

/// The credentials of a client, at most one for each security scheme.
#[derive(Clone, Debug, Default)]
pub(crate) struct Credentials {
    pub all: Vec<Credential>,
    /// The header that the caller chose for the key of the first header scheme.
    pub header: Option<HeaderName>,
}

impl Credentials {
    /// Sets a credential; replaces the previous one of the same scheme.
    pub(crate) fn set(&mut self, credential: Credential) {
        self.all.retain(|known| known.scheme != credential.scheme);
        self.all.push(credential);
    }

    /// Returns the keys without a prefix such as `Bearer`, which users sometimes paste along with a key.
    pub(crate) fn bare_keys(&self) -> Vec<&str> {
        self.all
            .iter()
            .filter_map(|known| known.secret.expose().split_whitespace().last())
            .collect()
    }

    /// Returns a redactor of the credentials.
    pub(crate) fn to_redactor(&self) -> Redactor {
        let mut redactor = Redactor::default();
        for known in &self.all {
            match &known.user {
                Some(user) => redactor.add_basic(user, known.secret.expose()),
                None => redactor.add_credential(known.secret.expose()),
            }
        }
        redactor
    }
}
