//! Adds credentials to requests.

use http::HeaderMap;
use http::header::COOKIE;
use zeroize::Zeroizing;

use super::credentials::Credentials;
use super::prepared::{Placement, PreparedCredential, prepare, sensitive_header};
use crate::client::error::Error;
use crate::client::request::RequestParts;
use crate::client::request::encoding::{encode_cookie, encode_query};
use crate::client::spec::{Api, Operation, SchemeKind, SecurityScheme};

/// Chooses the security schemes of an operation, and adds their credentials to its requests.
pub(crate) struct Authenticator {
    api: &'static Api,
    prepared: Vec<PreparedCredential>,
}

impl Authenticator {
    /// Prepares the credentials.
    ///
    /// # Errors
    /// If a credential contains characters that a header cannot contain.
    pub(crate) fn new(api: &'static Api, credentials: &Credentials) -> Result<Self, Error> {
        Ok(Self {
            api,
            prepared: prepare(api, credentials)?,
        })
    }

    /// Adds the credentials that the operation requires to the headers, or to the query and the cookies of the parts.
    ///
    /// # Errors
    /// If a required credential is not set.
    pub(crate) fn authenticate(
        &self,
        operation: &Operation,
        headers: &mut HeaderMap,
        parts: &mut RequestParts,
    ) -> Result<(), Error> {
        for id in self.choose_schemes(operation)? {
            match self.placement(id) {
                Some(Placement::Header(name, value)) => _ = headers.insert(name, value.clone()),
                Some(Placement::Query(name, key)) => {
                    parts.add_query(name, &encode_query(key.expose(), false));
                }
                Some(Placement::Cookie(name, key)) => {
                    parts.add_cookie(name, &encode_cookie(key.expose()));
                }
                // The transport applies it.
                None => {}
            }
        }
        Ok(())
    }

    /// Returns the first alternative of the operation for which all credentials are set.
    ///
    /// An alternative without credentials is used only if there is no other, so that operations with optional
    /// authentication are authenticated where possible.
    fn choose_schemes(&self, operation: &Operation) -> Result<&'static [&'static str], Error> {
        let mut is_optional = operation.auth.is_empty();
        for &schemes in operation.auth {
            let mut count = 0;
            let is_available = |id: &&str| {
                let is_set = self.placement(id).is_some();
                count += usize::from(is_set);
                is_set || self.is_applied_by_transport(id)
            };
            if schemes.iter().all(is_available) {
                if count > 0 {
                    return Ok(schemes);
                }
                is_optional = true;
            }
        }
        if is_optional {
            Ok(&[])
        } else {
            Err(Error::builder(self.missing_credential(operation)))
        }
    }

    fn placement(&self, id: &str) -> Option<&Placement> {
        let credential = self.prepared.iter().find(|known| known.scheme == id);
        credential.map(|credential| &credential.placement)
    }

    fn is_applied_by_transport(&self, id: &str) -> bool {
        self.scheme(id)
            .is_some_and(|scheme| matches!(scheme.kind, SchemeKind::Other))
    }

    fn scheme(&self, id: &str) -> Option<&'static SecurityScheme> {
        self.api.schemes.iter().find(|scheme| scheme.id == id)
    }

    /// Returns a message that names the credentials of the operation and their environment variables.
    fn missing_credential(&self, operation: &Operation) -> String {
        let describe = |id: &&str| {
            let scheme = self.scheme(id);
            let variables = |scheme: &'static SecurityScheme| {
                scheme
                    .variables()
                    .chain(scheme.password_env.iter().copied())
            };
            let variables: Vec<&str> = scheme.into_iter().flat_map(variables).collect();
            match variables.as_slice() {
                [] => format!("`{id}`"),
                variables => format!("`{id}` ({})", variables.join(", ")),
            }
        };
        let alternatives: Vec<String> = operation
            .auth
            .iter()
            .map(|schemes| {
                schemes
                    .iter()
                    .map(describe)
                    .collect::<Vec<_>>()
                    .join(" and ")
            })
            .collect();
        format!(
            "no credential is set; the operation requires {}",
            alternatives.join(" or ")
        )
    }
}

/// Adds the cookies to the header `Cookie`, after those that are there. They may contain a key.
pub(crate) fn insert_cookies(cookies: Vec<String>, headers: &mut HeaderMap) -> Result<(), Error> {
    if cookies.is_empty() {
        return Ok(());
    }
    let present = headers.get(COOKIE).and_then(|value| value.to_str().ok());
    let mut all: Vec<String> = present.map(str::to_owned).into_iter().collect();
    all.extend(cookies);
    headers.insert(COOKIE, sensitive_header(Zeroizing::new(all.join("; ")))?);
    Ok(())
}
