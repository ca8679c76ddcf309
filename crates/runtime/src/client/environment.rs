//! Setting up a client from the environment.

use super::auth::Credential;
use super::base_url;
use super::builder::ClientBuilder;
use super::call::Client;
use super::error::Error;
use super::spec::{Api, Scheme, SchemeKind};
use crate::Secret;

impl<C: From<Client>> ClientBuilder<C> {
    /// Takes credentials and the base URL from the variables that the vendor's own SDKs read.
    ///
    /// A variable that is blank is as good as none. What was set before gives way to what is found; what is set after
    /// takes its place.
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
            if let Some(credential) = credential(scheme, first) {
                self.credentials.set(credential);
            }
        }
        if self.credentials.all.is_empty() {
            if let Some(ways) = ways(self.api) {
                return Err(Error::builder(format!(
                    "no credential in the environment: set {ways}"
                )));
            }
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
}

fn credential(
    scheme: &'static Scheme,
    first: impl Fn(&[&str]) -> Option<String>,
) -> Option<Credential> {
    let value = first(scheme.env)?;
    let (user, secret) = match scheme.kind {
        SchemeKind::Basic => (Some(value), Secret::new(first(scheme.password_env)?)),
        SchemeKind::Other => return None,
        // A key holds no spaces, while a line break at its end is common where it was read from a file.
        _ => (None, Secret::new(value.trim())),
    };
    Some(Credential {
        scheme: scheme.id,
        user,
        secret,
    })
}

/// The variables to set. `None` if the API has none.
fn ways(api: &Api) -> Option<String> {
    let way = |scheme: &Scheme| match scheme.kind {
        SchemeKind::Other => None,
        _ if scheme.env.is_empty() => None,
        SchemeKind::Basic => Some(format!(
            "{} and {}",
            scheme.env.join(" or "),
            scheme.password_env.join(" or ")
        )),
        _ => Some(scheme.env.join(" or ")),
    };
    let ways: Vec<String> = api.schemes.iter().filter_map(way).collect();
    (!ways.is_empty()).then(|| ways.join(" or "))
}
