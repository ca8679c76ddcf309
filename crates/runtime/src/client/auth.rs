//! Credentials, and how they get into a request.

use http::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};

use super::encode::base64;
use super::error::Error;
use super::parts::Parts;
use super::spec::{Api, Operation, Scheme, SchemeKind};
use crate::Secret;

/// A credential for one scheme.
#[derive(Clone, Debug)]
pub(super) struct Credential {
    pub scheme: &'static str,
    pub user: Option<String>,
    pub secret: Secret,
}

/// Everything there is to prove who is asking.
#[derive(Clone, Debug, Default)]
pub(super) struct Credentials {
    pub all: Vec<Credential>,
    /// The header that takes the place of the first header scheme's.
    pub header: Option<String>,
}

impl Credentials {
    pub(super) fn set(&mut self, credential: Credential) {
        self.all.retain(|known| known.scheme != credential.scheme);
        self.all.push(credential);
    }

    fn get(&self, scheme: &str) -> Option<&Credential> {
        self.all
            .iter()
            .find(|credential| credential.scheme == scheme)
    }

    /// The first alternative whose credentials are all there.
    pub(super) fn choose(
        &self,
        api: &Api,
        operation: &Operation,
    ) -> Result<Vec<&Credential>, Error> {
        if operation.auth.is_empty() {
            return Ok(Vec::new());
        }
        let found = operation.auth.iter().find_map(|all| {
            all.iter()
                .map(|id| self.get(id))
                .collect::<Option<Vec<_>>>()
        });
        found.ok_or_else(|| Error::builder(missing(api, operation)))
    }

    /// Puts the credentials into the headers, or into the parts.
    pub(super) fn apply(
        &self,
        api: &Api,
        chosen: &[&Credential],
        headers: &mut http::HeaderMap,
        parts: &mut Parts,
    ) -> Result<(), Error> {
        for credential in chosen {
            let Some(scheme) = api
                .schemes
                .iter()
                .find(|scheme| scheme.id == credential.scheme)
            else {
                continue;
            };
            let key = credential.secret.expose();
            match &scheme.kind {
                SchemeKind::Header { name, prefix } => {
                    let name = self.header_name(api, scheme, name)?;
                    headers.insert(name, sensitive(&prefixed(prefix, key))?);
                }
                SchemeKind::Bearer => {
                    headers.insert(AUTHORIZATION, sensitive(&prefixed("Bearer ", key))?);
                }
                SchemeKind::Basic => {
                    let user = credential.user.as_deref().unwrap_or_default();
                    let pair = Secret::new(base64(format!("{user}:{key}").as_bytes()));
                    headers.insert(
                        AUTHORIZATION,
                        sensitive(&format!("Basic {}", pair.expose()))?,
                    );
                }
                SchemeKind::Query { name } => {
                    parts
                        .query
                        .push(((*name).to_owned(), key.to_owned(), false))
                }
                SchemeKind::Cookie { name } => {
                    parts.cookies.push(((*name).to_owned(), key.to_owned()))
                }
                SchemeKind::Other => {}
            }
        }
        Ok(())
    }

    fn header_name(&self, api: &Api, scheme: &Scheme, name: &str) -> Result<HeaderName, Error> {
        let first = api
            .schemes
            .iter()
            .find(|scheme| matches!(scheme.kind, SchemeKind::Header { .. }));
        let replaced = self
            .header
            .as_deref()
            .filter(|_| first.is_some_and(|first| first.id == scheme.id));
        let name = replaced.unwrap_or(name);
        HeaderName::try_from(name)
            .map_err(|_| Error::builder(format!("`{name}` is no name for a header")))
    }
}

/// A cookie header of all cookies, which may hold a key.
pub(super) fn cookies(
    cookies: &[(String, String)],
    headers: &mut http::HeaderMap,
) -> Result<(), Error> {
    if cookies.is_empty() {
        return Ok(());
    }
    let encode = |text: &str| super::encode::percent(text, false);
    let all: Vec<String> = cookies
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    headers.insert(COOKIE, sensitive(&all.join("; "))?);
    Ok(())
}

/// The key after its prefix, which people sometimes paste along with it.
fn prefixed(prefix: &str, key: &str) -> String {
    let has = key
        .get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    if has {
        key.to_owned()
    } else {
        format!("{prefix}{key}")
    }
}

fn sensitive(text: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::try_from(text).map_err(|_| {
        Error::builder(
            "the credential holds characters that cannot travel in a header, such as a line break",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn missing(api: &Api, operation: &Operation) -> String {
    let mut ways = Vec::new();
    for id in operation.auth.iter().copied().flatten() {
        let env = api
            .schemes
            .iter()
            .find(|scheme| scheme.id == *id)
            .map(|scheme| scheme.env)
            .unwrap_or_default();
        let env = if env.is_empty() {
            String::new()
        } else {
            format!(" ({})", env.join(", "))
        };
        ways.push(format!("`{id}`{env}"));
    }
    format!(
        "no credential is set; the operation takes {}",
        ways.join(" or ")
    )
}
