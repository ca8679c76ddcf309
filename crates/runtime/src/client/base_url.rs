//! Base URLs: choosing one, and joining paths to it.

use ::url::{Host, Url};

use super::error::Error;
use super::spec::{Api, DerivedUrl, UrlRule};

/// The base URL of a server of this name.
pub(super) fn named(api: &Api, name: &str) -> Result<&'static str, Error> {
    let known = api.servers.iter().find(|server| server.name == name);
    known.map(|server| server.url).ok_or_else(|| {
        let names: Vec<&str> = api.servers.iter().map(|server| server.name).collect();
        Error::builder(format!(
            "there is no server `{name}`; there are: {}",
            names.join(", ")
        ))
    })
}

/// The server a key belongs to, or the default one.
pub(super) fn by_key(api: &Api, keys: &[&str]) -> Result<&'static str, Error> {
    let belongs = |prefix: &str| keys.iter().any(|key| key.starts_with(prefix));
    let chosen = api
        .servers
        .iter()
        .find(|server| server.key_prefix.is_some_and(belongs));
    let chosen = chosen.or_else(|| {
        api.servers
            .iter()
            .find(|server| server.key_prefix.is_none())
    });
    chosen
        .or(api.servers.first())
        .map(|server| server.url)
        .ok_or_else(|| {
            Error::builder(format!(
                "the document of {} names no server: set `base_url`",
                api.title
            ))
        })
}

/// The base URL told from another URL.
pub(super) fn derived(derive: &DerivedUrl, url: &str) -> Option<String> {
    derive.rules.iter().find_map(|rule| match rule {
        UrlRule::Contains { any, url: answer } => any
            .iter()
            .any(|text| url.contains(text))
            .then(|| (*answer).to_owned()),
        UrlRule::Replace { from, to } => url.contains(from).then(|| url.replacen(from, to, 1)),
    })
}

/// A base URL that can be joined to: checked, without a slash at its end, with the suffix every one has.
pub(super) fn checked(text: &str, suffix: Option<&str>, allow_http: bool) -> Result<String, Error> {
    let url = Url::parse(text).map_err(|why| {
        Error::builder(format!(
            "the base URL `{}` is no URL: {why}",
            shown(text.trim())
        ))
    })?;
    if url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
        || url.password().is_some()
    {
        return Err(Error::builder(
            "a base URL has no user, no query and no fragment",
        ));
    }
    match url.scheme() {
        "https" => {}
        "http" if allow_http || is_loopback(&url) => {}
        "http" => {
            return Err(Error::builder(format!(
                "`{}` would get the credential in the clear: use https, or `allow_http(true)` if that is meant",
                url.host_str().unwrap_or_default()
            )));
        }
        other => {
            return Err(Error::builder(format!(
                "a base URL starts with https://, not {other}:"
            )));
        }
    }
    let base = url.as_str().trim_end_matches('/');
    let Some(suffix) = suffix.map(|suffix| format!("/{}", suffix.trim_matches('/'))) else {
        return Ok(base.to_owned());
    };
    // The path is asked, not the whole: `https://v1` has no `/v1` yet.
    if url.path().trim_end_matches('/').ends_with(&suffix) {
        return Ok(base.to_owned());
    }
    Ok(format!("{base}{suffix}"))
}

/// A base URL as it may be shown: without what could be a secret, whether or not it is a URL at all.
pub(super) fn shown(text: &str) -> String {
    // The last `@` first: a password may hold anything.
    let (hidden, rest) = match text.rsplit_once('@') {
        Some((before, after)) => match before.split_once("://") {
            Some((scheme, _)) => (format!("{scheme}://…@"), after),
            None => ("…@".to_owned(), after),
        },
        None => (String::new(), text),
    };
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    format!("{hidden}{rest}")
}

/// Whether requests stay on this machine. The host is compared as what it is: `127.example.com` is somewhere else.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
