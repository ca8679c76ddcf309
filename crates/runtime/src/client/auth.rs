//! Credentials, and how they get into a request.

use http::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};
use zeroize::Zeroizing;

use super::encode::{base64, cookie, percent};
use super::error::Error;
use super::parts::Parts;
use super::spec::{Api, Operation, Scheme, SchemeKind};
use crate::Secret;

/// Shorter keys are no secret worth a word: they would blot out half of what is said.
const SECRET: usize = 6;

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
    pub header: Option<HeaderName>,
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

    /// The first alternative whose credentials are all there. One that needs none counts only where there is no
    /// other: an operation that may be called by nobody in particular is still told who is asking.
    pub(super) fn choose(
        &self,
        api: &Api,
        operation: &Operation,
    ) -> Result<Vec<&Credential>, Error> {
        if operation.auth.is_empty() {
            return Ok(Vec::new());
        }
        let by_transport = |id: &str| {
            scheme(api, id).is_some_and(|scheme| matches!(scheme.kind, SchemeKind::Other))
        };
        let complete = operation.auth.iter().filter_map(|all| {
            all.iter()
                .filter(|id| !by_transport(id))
                .map(|id| self.get(id))
                .collect::<Option<Vec<_>>>()
        });
        complete
            .reduce(|first, next| if first.is_empty() { next } else { first })
            .ok_or_else(|| Error::builder(missing(api, operation)))
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
            let Some(scheme) = scheme(api, credential.scheme) else {
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
                    let pair = Zeroizing::new(format!("{user}:{key}"));
                    let pair = Zeroizing::new(base64(pair.as_bytes()));
                    headers.insert(AUTHORIZATION, sensitive(&prefixed("Basic ", &pair))?);
                }
                SchemeKind::Query { name } => parts.add_query(name, &percent(key, false)),
                SchemeKind::Cookie { name } => parts.add_cookie(name, &cookie(key)),
                SchemeKind::Other => {}
            }
        }
        Ok(())
    }

    /// The text with the keys blotted out.
    pub(super) fn blot(&self, text: &str) -> String {
        let keys = self.all.iter().flat_map(|known| {
            let key = known.secret.expose().trim();
            [Some(key), key.split_whitespace().last()]
        });
        keys.flatten()
            .filter(|key| key.len() >= SECRET)
            .fold(text.to_owned(), |text, key| text.replace(key, "…"))
    }

    fn header_name(&self, api: &Api, scheme: &Scheme, name: &str) -> Result<HeaderName, Error> {
        let first = api
            .schemes
            .iter()
            .find(|scheme| matches!(scheme.kind, SchemeKind::Header { .. }));
        let replaced = self
            .header
            .as_ref()
            .filter(|_| first.is_some_and(|first| first.id == scheme.id));
        if let Some(name) = replaced {
            return Ok(name.clone());
        }
        HeaderName::try_from(name)
            .map_err(|_| Error::builder(format!("`{name}` is no name for a header")))
    }
}

fn scheme<'a>(api: &'a Api, id: &str) -> Option<&'a Scheme> {
    api.schemes.iter().find(|scheme| scheme.id == id)
}

/// A cookie header of all cookies, which may hold a key, after those of every request.
pub(super) fn cookies(cookies: Vec<String>, headers: &mut http::HeaderMap) -> Result<(), Error> {
    if cookies.is_empty() {
        return Ok(());
    }
    let given = headers.get(COOKIE).and_then(|given| given.to_str().ok());
    let mut all: Vec<String> = given.map(str::to_owned).into_iter().collect();
    all.extend(cookies);
    headers.insert(COOKIE, sensitive(&all.join("; "))?);
    Ok(())
}

/// The key after its prefix, which people sometimes paste along with it.
fn prefixed(prefix: &str, key: &str) -> Zeroizing<String> {
    let has = key
        .get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    Zeroizing::new(if has {
        key.to_owned()
    } else {
        [prefix, key].concat()
    })
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
    let name = |id: &&str| {
        let all = scheme(api, id).map(|scheme| [scheme.env, scheme.password_env].concat());
        match all.filter(|env| !env.is_empty()) {
            Some(env) => format!("`{id}` ({})", env.join(", ")),
            None => format!("`{id}`"),
        }
    };
    let ways: Vec<String> = operation
        .auth
        .iter()
        .map(|all| all.iter().map(name).collect::<Vec<_>>().join(" and "))
        .collect();
    format!(
        "no credential is set; the operation takes {}",
        ways.join(" or ")
    )
}
