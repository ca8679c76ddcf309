//! Base URLs: choosing one, and joining paths to it.

use url::Url;

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
    let url = Url::parse(text)
        .map_err(|why| Error::builder(format!("the base URL `{text}` is no URL: {why}")))?;
    if url.query().is_some()
        || url.fragment().is_some()
        || !url.username().is_empty()
        || url.password().is_some()
    {
        return Err(Error::builder(
            "a base URL has no user, no query and no fragment",
        ));
    }
    let host = url.host_str().unwrap_or_default();
    match url.scheme() {
        "https" => {}
        "http" if allow_http || is_loopback(host) => {}
        "http" => {
            return Err(Error::builder(format!(
                "`{host}` would get the credential in the clear: use https, or `allow_http(true)` if that is meant"
            )));
        }
        other => {
            return Err(Error::builder(format!(
                "a base URL starts with https://, not {other}://"
            )));
        }
    }
    let base = url.as_str().trim_end_matches('/');
    Ok(match suffix {
        Some(suffix) if !base.ends_with(suffix.trim_end_matches('/')) => {
            format!("{base}/{}", suffix.trim_matches('/'))
        }
        _ => base.to_owned(),
    })
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host.starts_with("127.")
        || matches!(host, "[::1]" | "::1")
}
