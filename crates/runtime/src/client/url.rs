//! The URL of a request.

use std::borrow::Cow;

use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};

use super::base_url;
use super::call::Settings;
use super::error::Error;
use super::spec::Operation;

/// Beyond this, versions of `http` before 1.5 lose where the query starts, which they count in 16 bits.
const LONGEST: usize = u16::MAX as usize - 1;

/// A base URL taken apart, so that no request has to.
#[derive(Clone)]
pub(super) struct Base {
    scheme: Scheme,
    authority: Authority,
    /// Without a slash at its end.
    path: String,
}

impl Base {
    /// Of a URL that was checked.
    pub(super) fn of(url: &str) -> Result<Self, Error> {
        let parts = Uri::try_from(url).map(Uri::into_parts);
        let parts = parts.map_err(|why| {
            let url = base_url::shown(url);
            Error::builder(format!("the base URL `{url}` is no URL: {why}"))
        })?;
        let path = parts.path_and_query.as_ref().map_or("", PathAndQuery::path);
        let path = path.trim_end_matches('/').to_owned();
        match (parts.scheme, parts.authority) {
            (Some(scheme), Some(authority)) => Ok(Self {
                scheme,
                authority,
                path,
            }),
            _ => Err(Error::builder("a base URL has a scheme and a host")),
        }
    }
}

/// The base, the path with its variables filled in, and the query.
pub(super) fn of(
    settings: &Settings,
    operation: &Operation,
    path: &[(&'static str, String)],
    query: &[String],
) -> Result<Uri, Error> {
    // An operation's own server counts as long as nobody chose another.
    let base = match operation.base_url.filter(|_| !settings.base_url_given) {
        Some(own) => {
            let own = base_url::checked(own, None, settings.allow_http)?;
            Cow::Owned(Base::of(&own)?)
        }
        None => Cow::Borrowed(&settings.base),
    };
    let mut url = String::with_capacity(128);
    url.push_str(&base.path);
    add_path(&mut url, operation.path, path)?;
    for pair in query {
        // Some paths come with a query of their own.
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(pair);
    }
    let invalid = || Error::builder("the request has no valid URL");
    if url.len() > LONGEST {
        return Err(invalid());
    }
    let mut parts = http::uri::Parts::default();
    parts.path_and_query = Some(PathAndQuery::try_from(url).map_err(|_| invalid())?);
    parts.scheme = Some(base.scheme.clone());
    parts.authority = Some(base.authority.clone());
    Uri::from_parts(parts).map_err(|_| invalid())
}

fn add_path(
    url: &mut String,
    template: &str,
    path: &[(&'static str, String)],
) -> Result<(), Error> {
    if !template.starts_with('/') {
        url.push('/');
    }
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        url.push_str(before);
        let value = path.iter().find(|(known, _)| *known == name);
        let (_, value) = value
            .ok_or_else(|| Error::builder(format!("nothing fills in `{{{name}}}` in the path")))?;
        url.push_str(value);
        rest = after;
    }
    url.push_str(rest);
    Ok(())
}
