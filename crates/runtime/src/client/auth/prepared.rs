//! Credentials in the form in which requests carry them.

use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use zeroize::Zeroizing;

use super::credentials::{Credential, Credentials};
use crate::Secret;
use crate::bytes::encode_base64;
use crate::client::error::Error;
use crate::client::spec::{Api, SchemeKind, SecurityScheme};

/// A credential, prepared once for all requests of a client.
pub(super) struct PreparedCredential {
    /// The ID of the security scheme.
    pub(super) scheme: &'static str,
    pub(super) placement: Placement,
}

/// Where and how a request carries a credential.
pub(super) enum Placement {
    Header(HeaderName, HeaderValue),
    Query(&'static str, Secret),
    Cookie(&'static str, Secret),
}

/// Prepares the credentials of a client. Schemes that the transport applies are skipped.
pub(super) fn prepare(
    api: &'static Api,
    credentials: &Credentials,
) -> Result<Vec<PreparedCredential>, Error> {
    let mut prepared = Vec::new();
    for credential in &credentials.all {
        let scheme = api
            .schemes
            .iter()
            .find(|scheme| scheme.id == credential.scheme);
        let Some(scheme) = scheme else { continue };
        let replaced_header = credentials
            .header
            .as_ref()
            .filter(|_| is_first_header_scheme(api, scheme));
        if let Some(placement) = place(scheme, credential, replaced_header)? {
            let scheme = scheme.id;
            prepared.push(PreparedCredential { scheme, placement });
        }
    }
    Ok(prepared)
}

fn place(
    scheme: &'static SecurityScheme,
    credential: &Credential,
    replaced_header: Option<&HeaderName>,
) -> Result<Option<Placement>, Error> {
    let secret = &credential.secret;
    let key = secret.expose();
    let authorization = |text| {
        let value = sensitive_header(text)?;
        Ok(Some(Placement::Header(AUTHORIZATION, value)))
    };
    match &scheme.kind {
        SchemeKind::Header { name, prefix } => {
            let name = credential.header.unwrap_or(name);
            let name = match replaced_header {
                Some(name) => name.clone(),
                None => HeaderName::try_from(name)
                    .map_err(|_| Error::builder(format!("invalid header name `{name}`")))?,
            };
            let value = sensitive_header(with_prefix(prefix, key))?;
            Ok(Some(Placement::Header(name, value)))
        }
        SchemeKind::Bearer => authorization(with_prefix("Bearer ", key)),
        SchemeKind::Basic => {
            let user = credential.user.as_deref().unwrap_or_default();
            let pair = Zeroizing::new(format!("{user}:{key}"));
            let pair = Zeroizing::new(encode_base64(pair.as_bytes()));
            authorization(with_prefix("Basic ", &pair))
        }
        SchemeKind::Query { name } => Ok(Some(Placement::Query(name, secret.clone()))),
        SchemeKind::Cookie { name } => Ok(Some(Placement::Cookie(name, secret.clone()))),
        SchemeKind::Other => Ok(None),
    }
}

fn is_first_header_scheme(api: &Api, scheme: &SecurityScheme) -> bool {
    let first = api
        .schemes
        .iter()
        .find(|scheme| matches!(scheme.kind, SchemeKind::Header { .. }));
    first.is_some_and(|first| first.id == scheme.id)
}

/// Returns the key with its prefix. The key may have the prefix already, because users sometimes paste it along.
fn with_prefix(prefix: &str, key: &str) -> Zeroizing<String> {
    let has_prefix = key
        .get(..prefix.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    Zeroizing::new(if has_prefix {
        key.to_owned()
    } else {
        [prefix, key].concat()
    })
}

/// Returns a header value that is marked as sensitive, and whose memory is wiped when its last clone is dropped.
pub(super) fn sensitive_header(text: Zeroizing<String>) -> Result<HeaderValue, Error> {
    let bytes = Bytes::from_owner(WipedText(text));
    let mut value = HeaderValue::from_maybe_shared(bytes).map_err(|_| {
        Error::builder(
            "the credential contains characters that are invalid in a header, such as a line break",
        )
    })?;
    value.set_sensitive(true);
    Ok(value)
}

struct WipedText(Zeroizing<String>);

impl AsRef<[u8]> for WipedText {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
