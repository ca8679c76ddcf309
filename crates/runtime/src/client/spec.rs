//! What generated code states about an API, as constants.

/// An API as a whole.
#[derive(Debug)]
pub struct Api {
    /// The name people know it by.
    pub title: &'static str,
    /// What requests say that they come from.
    pub user_agent: &'static str,
    /// Base URLs, the default one first.
    pub servers: &'static [Server],
    /// Where the environment holds the base URL.
    pub base_url: BaseUrl,
    /// Ways to prove who is asking.
    pub schemes: &'static [Scheme],
    /// Response headers that carry the request's id, most telling first.
    pub request_id_headers: &'static [&'static str],
}

/// A base URL with a name.
#[derive(Debug)]
pub struct Server {
    /// What [`ClientBuilder::server`](crate::ClientBuilder::server) calls it.
    pub name: &'static str,
    /// The base URL.
    pub url: &'static str,
    /// How keys that belong to this server start.
    pub key_prefix: Option<&'static str>,
}

/// Where the environment holds the base URL.
#[derive(Debug)]
pub struct BaseUrl {
    /// Variables that hold it; the first one set wins.
    pub env: &'static [&'static str],
    /// What every base URL ends with, added where it is missing.
    pub suffix: Option<&'static str>,
    /// Another URL from which it can be told.
    pub derive: Option<DerivedUrl>,
}

/// How to tell the base URL from another URL; the first rule that applies wins.
#[derive(Debug)]
pub struct DerivedUrl {
    /// The variable that holds the other URL.
    pub env: &'static str,
    /// The rules.
    pub rules: &'static [UrlRule],
}

/// One rule of a [`DerivedUrl`].
#[derive(Debug)]
pub enum UrlRule {
    /// Where the other URL contains one of these, the base URL is this.
    Contains {
        /// What to look for.
        any: &'static [&'static str],
        /// The base URL.
        url: &'static str,
    },
    /// The other URL with one text in place of another.
    Replace {
        /// What to look for.
        from: &'static str,
        /// What to put there.
        to: &'static str,
    },
}

/// A way to prove who is asking.
#[derive(Debug)]
pub struct Scheme {
    /// The document's name for it.
    pub id: &'static str,
    /// How it travels.
    pub kind: SchemeKind,
    /// Variables that hold the credential (for basic auth the user's name); the first one set wins.
    pub env: &'static [&'static str],
    /// Variables that hold the password.
    pub password_env: &'static [&'static str],
}

/// How a credential travels.
#[derive(Debug)]
pub enum SchemeKind {
    /// In a header, after a prefix.
    Header {
        /// The header.
        name: &'static str,
        /// What stands before the key.
        prefix: &'static str,
    },
    /// As a query parameter.
    Query {
        /// The parameter.
        name: &'static str,
    },
    /// As a cookie.
    Cookie {
        /// The cookie.
        name: &'static str,
    },
    /// `Authorization: Bearer …`.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// In a way that the transport has to see to.
    Other,
}

/// What is fixed about an operation.
#[doc(hidden)]
#[derive(Debug)]
pub struct Operation {
    pub method: &'static str,
    pub path: &'static str,
    /// Alternatives of schemes that must all be there. None at all: no credential is sent.
    pub auth: &'static [&'static [&'static str]],
    pub envelope: Option<Envelope>,
    pub base_url: Option<&'static str>,
    /// Whether sending it twice is harmless though its method does not say so.
    pub idempotent: bool,
}

/// What is wrapped around an answer.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Envelope {
    pub data: &'static str,
    pub error: Option<&'static str>,
}

/// How a parameter becomes text.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    pub kind: &'static str,
    pub explode: bool,
    pub reserved: bool,
    pub required: bool,
}
