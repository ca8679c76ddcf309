//! Credentials, and how they get into a request.

use bytes::Bytes;
use http::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};
use zeroize::Zeroizing;

use super::call::Settings;
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

/// A credential as it travels.
pub(super) struct Proof {
    scheme: &'static str,
    carried: Carried,
}

enum Carried {
    Header(HeaderName, HeaderValue),
    Query(&'static str, Secret),
    Cookie(&'static str, Secret),
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

    /// What proves who is asking, as it travels: made once for all requests.
    pub(super) fn proofs(&self, api: &'static Api) -> Result<Vec<Proof>, Error> {
        let mut proofs = Vec::new();
        for credential in &self.all {
            let Some(scheme) = scheme(api, credential.scheme) else {
                continue;
            };
            if let Some(carried) = self.carried(api, scheme, credential)? {
                let scheme = scheme.id;
                proofs.push(Proof { scheme, carried });
            }
        }
        Ok(proofs)
    }

    fn carried(
        &self,
        api: &Api,
        scheme: &'static Scheme,
        credential: &Credential,
    ) -> Result<Option<Carried>, Error> {
        let secret = &credential.secret;
        let key = secret.expose();
        let authorization = |text| Ok(Some(Carried::Header(AUTHORIZATION, sensitive(text)?)));
        match &scheme.kind {
            SchemeKind::Header { name, prefix } => Ok(Some(Carried::Header(
                self.header_name(api, scheme, name)?,
                sensitive(prefixed(prefix, key))?,
            ))),
            SchemeKind::Bearer => authorization(prefixed("Bearer ", key)),
            SchemeKind::Basic => {
                let user = credential.user.as_deref().unwrap_or_default();
                let pair = Zeroizing::new(format!("{user}:{key}"));
                let pair = Zeroizing::new(base64(pair.as_bytes()));
                authorization(prefixed("Basic ", &pair))
            }
            SchemeKind::Query { name } => Ok(Some(Carried::Query(name, secret.clone()))),
            SchemeKind::Cookie { name } => Ok(Some(Carried::Cookie(name, secret.clone()))),
            SchemeKind::Other => Ok(None),
        }
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

/// Puts what proves who is asking into the headers, or into the parts.
pub(super) fn apply(
    settings: &Settings,
    operation: &Operation,
    headers: &mut http::HeaderMap,
    parts: &mut Parts,
) -> Result<(), Error> {
    for id in chosen(settings, operation)? {
        match proof(settings, id) {
            Some(Carried::Header(name, value)) => _ = headers.insert(name, value.clone()),
            Some(Carried::Query(name, key)) => {
                parts.add_query(name, &percent(key.expose(), false));
            }
            Some(Carried::Cookie(name, key)) => parts.add_cookie(name, &cookie(key.expose())),
            // The transport sees to it.
            None => {}
        }
    }
    Ok(())
}

/// The first alternative whose credentials are all there. One that needs none counts only where there is no other: an
/// operation that may be called by nobody in particular is still told who is asking.
fn chosen(settings: &Settings, operation: &Operation) -> Result<&'static [&'static str], Error> {
    let mut complete = operation.auth.is_empty();
    for &all in operation.auth {
        let mut proofs = 0;
        let here = |id: &&str| {
            let here = proof(settings, id).is_some();
            proofs += usize::from(here);
            here || by_transport(settings.api, id)
        };
        if all.iter().all(here) {
            if proofs > 0 {
                return Ok(all);
            }
            complete = true;
        }
    }
    if complete {
        Ok(&[])
    } else {
        Err(Error::builder(missing(settings.api, operation)))
    }
}

fn proof<'s>(settings: &'s Settings, id: &str) -> Option<&'s Carried> {
    let known = settings.proofs.iter().find(|proof| proof.scheme == id);
    known.map(|proof| &proof.carried)
}

fn by_transport(api: &Api, id: &str) -> bool {
    scheme(api, id).is_some_and(|scheme| matches!(scheme.kind, SchemeKind::Other))
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
    headers.insert(COOKIE, sensitive(Zeroizing::new(all.join("; ")))?);
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

/// The text as a header. It is wiped when the last request that carries it is gone.
fn sensitive(text: Zeroizing<String>) -> Result<HeaderValue, Error> {
    let bytes = Bytes::from_owner(Wiped(text));
    let mut value = HeaderValue::from_maybe_shared(bytes).map_err(|_| {
        Error::builder(
            "the credential holds characters that cannot travel in a header, such as a line break",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}

struct Wiped(Zeroizing<String>);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
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
