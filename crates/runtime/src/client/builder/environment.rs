//! Configuration from environment variables.

use super::ClientBuilder;
use crate::Secret;
use crate::client::auth::Credential;
use crate::client::config::Client;
use crate::client::error::Error;
use crate::client::spec::{Api, SchemeKind, SecurityScheme};
use crate::client::url::url_from_other;

impl<C: From<Client>> ClientBuilder<C> {
    /// Reads credentials and the base URL from the environment variables that the SDKs of the vendor use.
    ///
    /// Blank variables are ignored. Values from the environment replace those that were set before this call.
    ///
    /// # Errors
    /// If the API requires a credential and no variable contains one. The error names the variables.
    pub fn from_env(self) -> Result<Self, Error> {
        self.from_lookup(|name| std::env::var(name).ok())
    }

    /// Like [`from_env`](Self::from_env), with another source of variables than the environment of the process.
    ///
    /// # Errors
    /// As [`from_env`](Self::from_env).
    pub fn from_lookup(mut self, lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        let first_value = |names: &[&str]| {
            names
                .iter()
                .find_map(|name| lookup(name).filter(|value| !value.trim().is_empty()))
        };
        for scheme in self.api.schemes {
            if let Some(credential) = credential_from(scheme, first_value) {
                self.credentials.set(credential);
            }
        }
        if self.api.requires_credential && self.credentials.all.is_empty() {
            if let Some(variables) = credential_variables(self.api) {
                return Err(Error::builder(format!(
                    "no credential in the environment; set {variables}"
                )));
            }
        }
        if let Some(url) = first_value(self.api.base_url.env) {
            self.base_url = Some(url);
        } else if let Some(derive) = &self.api.base_url.derive {
            if let Some(url) = first_value(derive.env) {
                self.base_url = Some(url_from_other(derive, &url).unwrap_or(url));
            }
        }
        Ok(self)
    }
}

fn credential_from(
    scheme: &'static SecurityScheme,
    first_value: impl Fn(&[&str]) -> Option<String>,
) -> Option<Credential> {
    let (header, value) = key_from(scheme, &first_value)?;
    let (user, secret) = match scheme.kind {
        SchemeKind::Basic => (Some(value), Secret::new(first_value(scheme.password_env)?)),
        SchemeKind::Other => return None,
        // A key contains no spaces, but a variable that was read from a file often ends with a line break.
        _ => (None, Secret::new(value.trim())),
    };
    Some(Credential {
        scheme: scheme.id,
        user,
        secret,
        header,
    })
}

/// Returns the key or the user name, and the header to send it in if the variable is one of another header.
fn key_from(
    scheme: &'static SecurityScheme,
    first_value: impl Fn(&[&str]) -> Option<String>,
) -> Option<(Option<&'static str>, String)> {
    if let Some(value) = first_value(scheme.env) {
        return Some((None, value));
    }
    let mut others = scheme.other_headers.iter();
    others.find_map(|other| first_value(other.env).map(|value| (Some(other.name), value)))
}

/// Returns the alternatives of variables to set, for a message. `None` if the API has no such variables.
fn credential_variables(api: &Api) -> Option<String> {
    let describe = |scheme: &SecurityScheme| {
        let variables: Vec<&str> = scheme.variables().collect();
        match scheme.kind {
            SchemeKind::Other => None,
            _ if variables.is_empty() => None,
            SchemeKind::Basic => Some(format!(
                "{} and {}",
                variables.join(" or "),
                scheme.password_env.join(" or ")
            )),
            _ => Some(variables.join(" or ")),
        }
    };
    let alternatives: Vec<String> = api.schemes.iter().filter_map(describe).collect();
    (!alternatives.is_empty()).then(|| alternatives.join(" or "))
}
