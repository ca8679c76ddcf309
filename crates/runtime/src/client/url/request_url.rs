//! The URL of a request.

use http::Uri;
use http::uri::PathAndQuery;

use super::base_url::ServerUrl;
use crate::client::error::Error;
use crate::client::spec::Operation;

/// The longest URL in bytes. Versions of `http` before 1.5 store the start of the query in 16 bits, and truncate it for
/// a longer URL.
const MAX_LENGTH: usize = u16::MAX as usize - 1;

/// Returns the URL of an operation: the base URL, the path with its variables, and the encoded query pairs.
///
/// # Errors
/// If a path variable is missing, or the URL is invalid or too long.
pub(crate) fn request_url(
    server: &ServerUrl,
    operation: &Operation,
    path_variables: &[(&'static str, String)],
    query: &[String],
) -> Result<Uri, Error> {
    let base = server.for_operation(operation)?;
    let mut url = String::with_capacity(128);
    url.push_str(&base.path);
    push_path(&mut url, operation.path, path_variables)?;
    for pair in query {
        // The path of some operations contains a query.
        url.push(if url.contains('?') { '&' } else { '?' });
        url.push_str(pair);
    }
    let invalid = || Error::builder("invalid request URL");
    if url.len() > MAX_LENGTH {
        return Err(invalid());
    }
    let mut parts = http::uri::Parts::default();
    parts.path_and_query = Some(PathAndQuery::try_from(url).map_err(|_| invalid())?);
    parts.scheme = Some(base.scheme.clone());
    parts.authority = Some(base.authority.clone());
    Uri::from_parts(parts).map_err(|_| invalid())
}

fn push_path(
    url: &mut String,
    template: &str,
    variables: &[(&'static str, String)],
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
        let variable = variables.iter().find(|(known, _)| *known == name);
        let (_, value) =
            variable.ok_or_else(|| Error::builder(format!("missing path variable `{name}`")))?;
        url.push_str(value);
        rest = after;
    }
    url.push_str(rest);
    Ok(())
}
