//! The header `Content-Encoding` (RFC 9110, section 8.4).

use http::header::{CONTENT_ENCODING, HeaderMap};

/// How the body of a response is encoded.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum ContentEncoding {
    Identity,
    Gzip,
    /// Codings that are registered with IANA and not supported, as the server names them.
    Unsupported(String),
}

/// The registered codings. Some servers send other values, such as `utf-8`, with a body that is not encoded.
const REGISTERED: &[&str] = &[
    "aes128gcm",
    "br",
    "compress",
    "dcb",
    "dcz",
    "deflate",
    "exi",
    "gzip",
    "pack200-gzip",
    "x-compress",
    "x-gzip",
    "zstd",
];

impl ContentEncoding {
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        // Fast path: most responses are not encoded.
        if !headers.contains_key(CONTENT_ENCODING) {
            return Self::Identity;
        }
        let values = headers.get_all(CONTENT_ENCODING).iter();
        let names: Vec<String> = values
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|name| name.trim().to_ascii_lowercase())
            .filter(|name| REGISTERED.contains(&name.as_str()))
            .collect();
        match names.as_slice() {
            [] => Self::Identity,
            [name] if matches!(name.as_str(), "gzip" | "x-gzip") => Self::Gzip,
            names => Self::Unsupported(names.join(", ")),
        }
    }
}
