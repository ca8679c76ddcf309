//! The description of an API, as constants that generated code declares.

mod operation;
mod otlp;
mod parameter;

pub use operation::{Envelope, Operation};
pub use otlp::{Otlp, OtlpConvention, OtlpEncoding};
pub use parameter::{ParamEncoding, ParamStyle, PartEncoding};

/// An API.
#[derive(Debug)]
pub struct Api {
    /// The product name of the API.
    pub title: &'static str,
    /// The value of the header `User-Agent`.
    pub user_agent: &'static str,
    /// The servers; the first one is the default.
    pub servers: &'static [Server],
    /// The environment variables for the base URL.
    pub base_url: BaseUrlSource,
    /// The security schemes.
    pub schemes: &'static [SecurityScheme],
    /// Whether an operation requires a credential. Otherwise a server may accept requests without one.
    pub requires_credential: bool,
    /// Response headers that contain the request ID, in order of preference.
    pub request_id_headers: &'static [&'static str],
}

/// A server of an API.
#[derive(Debug)]
pub struct Server {
    /// The name for [`ClientBuilder::server`](crate::ClientBuilder::server).
    pub name: &'static str,
    /// The base URL.
    pub url: &'static str,
    /// The prefix of keys that are valid on this server.
    pub key_prefix: Option<&'static str>,
}

/// The environment variables for the base URL.
#[derive(Debug)]
pub struct BaseUrlSource {
    /// Variables with the base URL; the first one that is set is used.
    pub env: &'static [&'static str],
    /// The suffix of every base URL; added where it is missing.
    pub suffix: Option<&'static str>,
    /// Another URL of the vendor, from which the base URL is derived.
    pub derive: Option<DerivedUrl>,
}

/// Derives the base URL from another URL of the vendor.
#[derive(Debug)]
pub struct DerivedUrl {
    /// Environment variables with the other URL; the first one that is set is used.
    pub env: &'static [&'static str],
    /// The rules; the first one that matches is used.
    pub rules: &'static [UrlRule],
}

/// One rule of a [`DerivedUrl`].
#[derive(Debug)]
pub enum UrlRule {
    /// If the other URL contains one of the texts, the base URL is `url`.
    Contains {
        /// The texts.
        any: &'static [&'static str],
        /// The base URL.
        url: &'static str,
    },
    /// The other URL with its first `from` replaced by `to`.
    Replace {
        /// The text to replace.
        from: &'static str,
        /// The replacement.
        to: &'static str,
    },
}

/// A security scheme.
#[derive(Debug)]
pub struct SecurityScheme {
    /// The name in the API description.
    pub id: &'static str,
    /// How requests carry the credential.
    pub kind: SchemeKind,
    /// Environment variables with the credential (for HTTP Basic: the user name); the first one that is set is used.
    pub env: &'static [&'static str],
    /// Environment variables with the password, for HTTP Basic.
    pub password_env: &'static [&'static str],
    /// Other headers that the server accepts for the same key. The variable that is found decides on the header.
    pub other_headers: &'static [OtherHeader],
}

impl SecurityScheme {
    /// Returns the environment variables with the credential (for HTTP Basic: the user name), in the order in which they are
    /// read.
    pub(crate) fn variables(&self) -> impl Iterator<Item = &'static str> {
        let others = self.other_headers.iter().flat_map(|other| other.env);
        self.env.iter().chain(others).copied()
    }
}

/// Another header for the key of a [`SecurityScheme`].
#[derive(Debug)]
pub struct OtherHeader {
    /// The name of the header.
    pub name: &'static str,
    /// Environment variables whose key is sent in this header.
    pub env: &'static [&'static str],
}

/// How requests carry a credential.
#[derive(Debug)]
pub enum SchemeKind {
    /// In a header.
    Header {
        /// The name of the header.
        name: &'static str,
        /// The text before the key.
        prefix: &'static str,
    },
    /// As a query parameter.
    Query {
        /// The name of the parameter.
        name: &'static str,
    },
    /// As a cookie.
    Cookie {
        /// The name of the cookie.
        name: &'static str,
    },
    /// `Authorization: Bearer …`.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// In another way, which a custom transport must implement.
    Other,
}
