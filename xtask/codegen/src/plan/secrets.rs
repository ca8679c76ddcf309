//! Strings that `Debug` must not show.

use super::casing::{snake_case, split_words};
use super::rust_type::RustType;
use crate::ir::ParamLocation;

/// Names of string properties whose value must not be shown in `Debug` output.
///
/// The list is closed, because a general rule would also hide values that users need to see.
const SECRET_PROPERTIES: &[&str] = &[
    "access_key",
    "access_token",
    "api_key",
    "api_secret",
    "apikey",
    "auth_token",
    "client_secret",
    "hmac_key",
    "id_token",
    "jwt",
    "passphrase",
    "password",
    "private_key",
    "provider_secret_key",
    "refresh_token",
    "secret",
    "secret_access_key",
    "secret_key",
    "session_token",
    "webhook_secret",
];

/// Parts of the names of headers and cookies that carry credentials. The runtime has the same list for other headers.
const CREDENTIAL_PARTS: &[&str] = &[
    "auth",
    "cookie",
    "credential",
    "key",
    "password",
    "secret",
    "session",
    "signature",
    "token",
];

/// Replaces `String` by `Secret` for properties that hold a secret.
pub(super) fn hide_secret_property(ty: RustType, wire_name: &str) -> RustType {
    let name = || snake_case(&split_words(wire_name));
    hide_if(ty, || SECRET_PROPERTIES.contains(&name().as_str()))
}

/// Replaces `String` by `Secret` for parameters that carry a credential.
pub(super) fn hide_secret_parameter(
    ty: RustType,
    location: ParamLocation,
    wire_name: &str,
) -> RustType {
    match location {
        ParamLocation::Header | ParamLocation::Cookie => hide_if(ty, || {
            let name = wire_name.to_ascii_lowercase();
            name != "idempotency-key" && CREDENTIAL_PARTS.iter().any(|part| name.contains(part))
        }),
        ParamLocation::Query => hide_secret_property(ty, wire_name),
        ParamLocation::Path => ty,
    }
}

fn hide_if(ty: RustType, is_secret: impl FnOnce() -> bool) -> RustType {
    if ty.is_string() && is_secret() {
        RustType::Runtime("Secret")
    } else {
        ty
    }
}
