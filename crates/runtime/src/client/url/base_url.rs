//! The base URL of a client: its choice and its validation.

use std::borrow::Cow;

use ::url::{Host, Url};
use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};

use crate::client::error::Error;
use crate::client::spec::{Api, DerivedUrl, Operation, UrlRule};

/// The base URL of a client, validated.
pub(crate) struct ServerUrl {
    /// The URL without a slash at its end.
    pub(crate) text: String,
    parsed: ParsedUrl,
    /// Whether the user has set it. Then it overrides the servers of operations too.
    is_explicit: bool,
    pub(crate) allow_http: bool,
}

/// A base URL, split once so that no request has to.
#[derive(Clone)]
pub(super) struct ParsedUrl {
    pub(super) scheme: Scheme,
    pub(super) authority: Authority,
    /// Without a slash at its end.
    pub(super) path: String,
}

impl ServerUrl {
    /// Validates a base URL and adds the suffix of the API, if it is missing.
    ///
    /// # Errors
    /// If `url` is not an absolute URL, has a user, query or fragment, or would send the credential over plain HTTP.
    pub(crate) fn new(
        url: &str,
        suffix: Option<&str>,
        is_explicit: bool,
        allow_http: bool,
    ) -> Result<Self, Error> {
        let text = validate(url, suffix, allow_http)?;
        Ok(Self {
            parsed: ParsedUrl::new(&text)?,
            text,
            is_explicit,
            allow_http,
        })
    }

    /// Returns the base URL if the user has set it.
    pub(crate) fn explicit_url(&self) -> Option<&str> {
        self.is_explicit.then_some(self.text.as_str())
    }

    /// Returns the base URL of an operation: its own server, unless the user has set another one. A relative one is
    /// resolved against the base URL in any case, so that `/api/v2` replaces its path. One that starts with `//` has a host
    /// of its own.
    pub(super) fn for_operation(&self, operation: &Operation) -> Result<Cow<'_, ParsedUrl>, Error> {
        let own = operation.base_url;
        let has_host = |url: &&str| url.starts_with("//") || url.contains("://");
        if let Some(relative) = own.filter(|url| !has_host(url)) {
            return self.resolve(relative).map(Cow::Owned);
        }
        match own.filter(|_| !self.is_explicit) {
            Some(url) if url.starts_with("//") => self.resolve(url).map(Cow::Owned),
            Some(url) => {
                let url = validate(url, None, self.allow_http)?;
                Ok(Cow::Owned(ParsedUrl::new(&url)?))
            }
            None => Ok(Cow::Borrowed(&self.parsed)),
        }
    }
}

impl ServerUrl {
    fn resolve(&self, relative: &str) -> Result<ParsedUrl, Error> {
        let base = Url::parse(&format!("{}/", self.text)).and_then(|base| base.join(relative));
        let url = base.map_err(|error| {
            Error::builder(format!(
                "invalid server of the operation `{relative}`: {error}"
            ))
        })?;
        ParsedUrl::new(&validate(url.as_str(), None, self.allow_http)?)
    }
}

impl ParsedUrl {
    /// Splits a validated URL.
    fn new(url: &str) -> Result<Self, Error> {
        let parts = Uri::try_from(url).map(Uri::into_parts);
        let parts = parts.map_err(|error| {
            let url = hide_secrets(url);
            Error::builder(format!("invalid base URL `{url}`: {error}"))
        })?;
        let path = parts.path_and_query.as_ref().map_or("", PathAndQuery::path);
        let path = path.trim_end_matches('/').to_owned();
        match (parts.scheme, parts.authority) {
            (Some(scheme), Some(authority)) => Ok(Self {
                scheme,
                authority,
                path,
            }),
            _ => Err(Error::builder(
                "invalid base URL: scheme or host is missing",
            )),
        }
    }
}

/// Returns the URL of the server with this name.
pub(crate) fn server_named(api: &Api, name: &str) -> Result<&'static str, Error> {
    let server = api.servers.iter().find(|server| server.name == name);
    server.map(|server| server.url).ok_or_else(|| {
        let names: Vec<&str> = api.servers.iter().map(|server| server.name).collect();
        Error::builder(format!(
            "unknown server `{name}`; available: {}",
            names.join(", ")
        ))
    })
}

/// Returns the URL of the server whose key prefix matches one of the keys, or of the default server.
pub(crate) fn server_for_key(api: &Api, keys: &[&str]) -> Result<&'static str, Error> {
    let has_key = |prefix: &str| keys.iter().any(|key| key.starts_with(prefix));
    let by_key = api
        .servers
        .iter()
        .find(|server| server.key_prefix.is_some_and(has_key));
    let server = by_key.or_else(|| {
        api.servers
            .iter()
            .find(|server| server.key_prefix.is_none())
    });
    server
        .or(api.servers.first())
        .map(|server| server.url)
        .ok_or_else(|| {
            Error::builder(format!(
                "the API description of {} has no server; set `base_url`",
                api.title
            ))
        })
}

/// Returns the base URL that the rules derive from another URL of the vendor.
pub(crate) fn url_from_other(derive: &DerivedUrl, other: &str) -> Option<String> {
    derive.rules.iter().find_map(|rule| match rule {
        UrlRule::Contains { any, url } => any
            .iter()
            .any(|text| other.contains(text))
            .then(|| (*url).to_owned()),
        UrlRule::Replace { from, to } => other.contains(from).then(|| other.replacen(from, to, 1)),
    })
}

/// Returns the URL without a slash at its end, and with the suffix of the API.
fn validate(text: &str, suffix: Option<&str>, allow_http: bool) -> Result<String, Error> {
    let url = Url::parse(text).map_err(|error| {
        Error::builder(format!(
            "invalid base URL `{}`: {error}",
            hide_secrets(text.trim())
        ))
    })?;
    if url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
        || url.password().is_some()
    {
        return Err(Error::builder(
            "invalid base URL: user, query and fragment are not allowed",
        ));
    }
    match url.scheme() {
        "https" => {}
        "http" if allow_http || is_loopback(&url) => {}
        "http" => {
            return Err(Error::builder(format!(
                "plain HTTP would send the credential unencrypted to `{}`; use https or set `allow_http(true)`",
                url.host_str().unwrap_or_default()
            )));
        }
        other => {
            return Err(Error::builder(format!(
                "invalid base URL: the scheme must be https, not {other}"
            )));
        }
    }
    let base = url.as_str().trim_end_matches('/');
    let Some(suffix) = suffix.map(|suffix| format!("/{}", suffix.trim_matches('/'))) else {
        return Ok(base.to_owned());
    };
    // The path is compared, not the whole URL: `https://v1` does not end with the path `/v1`.
    if url.path().trim_end_matches('/').ends_with(&suffix) {
        return Ok(base.to_owned());
    }
    Ok(format!("{base}{suffix}"))
}

/// Returns the text of a base URL for messages: without user, password, query and fragment. Works for invalid URLs too.
pub(crate) fn hide_secrets(text: &str) -> String {
    // The last `@`, because a password may contain one.
    let (prefix, rest) = match text.rsplit_once('@') {
        Some((before, after)) => match before.split_once("://") {
            Some((scheme, _)) => (format!("{scheme}://…@"), after),
            None => ("…@".to_owned(), after),
        },
        None => (String::new(), text),
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    format!("{prefix}{rest}")
}

/// Returns whether requests stay on this machine. The parsed host is compared: `127.example.com` is a remote host.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => {
            let mapped = address.to_ipv4_mapped();
            address.is_loopback() || mapped.is_some_and(|address| address.is_loopback())
        }
        None => false,
    }
}
