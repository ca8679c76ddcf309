//! The URL of a request.

use super::base_url;
use super::call::Settings;
use super::error::Error;
use super::spec::Operation;

/// The base, the path with its variables filled in, and the query.
pub(super) fn of(
    settings: &Settings,
    operation: &Operation,
    path: &[(&'static str, String)],
    query: &[String],
) -> Result<String, Error> {
    // An operation's own server counts as long as nobody chose another.
    let mut url = match operation.base_url.filter(|_| !settings.base_url_given) {
        Some(own) => base_url::checked(own, None, settings.allow_http)?,
        None => settings.base_url.clone(),
    };
    let template = operation.path;
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
    for pair in query {
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(pair);
    }
    Ok(url)
}
