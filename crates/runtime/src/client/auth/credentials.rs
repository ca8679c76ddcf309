//! The credentials that a client was given.

use http::header::HeaderName;

use crate::Secret;

/// The shortest key that is redacted. Redacting a shorter one would make a message unreadable.
const MIN_REDACTED_LENGTH: usize = 6;

/// The credential for one security scheme.
#[derive(Clone, Debug)]
pub(crate) struct Credential {
    /// The ID of the security scheme.
    pub scheme: &'static str,
    /// The user name, for HTTP Basic.
    pub user: Option<String>,
    pub secret: Secret,
}

/// The credentials of a client, at most one for each security scheme.
#[derive(Clone, Debug, Default)]
pub(crate) struct Credentials {
    pub all: Vec<Credential>,
    /// The header that replaces the one of the first header scheme.
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

    /// Replaces the keys in a text by `…`.
    pub(crate) fn redact(&self, text: &str) -> String {
        let keys = self.all.iter().flat_map(|known| {
            let key = known.secret.expose().trim();
            [Some(key), key.split_whitespace().last()]
        });
        keys.flatten()
            .filter(|key| key.len() >= MIN_REDACTED_LENGTH)
            .fold(text.to_owned(), |text, key| text.replace(key, "…"))
    }
}
