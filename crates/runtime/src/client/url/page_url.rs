//! The URL of a page that a response links to.

use ::url::Url;
use http::Uri;

use super::base_url::ServerUrl;
use super::request_url::request_url;
use crate::client::error::Error;
use crate::client::spec::Operation;

/// Returns the URL of a linked page.
///
/// `query` holds the encoded pairs that carry a credential; those that the link does not repeat are added.
///
/// # Errors
/// If the link is invalid, or leads to another origin: that would send the credential there.
pub(crate) fn page_url(
    server: &ServerUrl,
    operation: &Operation,
    path_variables: &[(&'static str, String)],
    query: &[String],
    link: &str,
) -> Result<Uri, Error> {
    let invalid = |error| Error::builder(format!("invalid link to the next page: {error}"));
    let own = request_url(server, operation, path_variables, &[])?;
    let own = Url::parse(&own.to_string()).map_err(invalid)?;
    let mut url = own.join(link).map_err(invalid)?;
    if url.origin() != own.origin() {
        return Err(Error::builder(
            "the link to the next page leads to another server, to which the credential is not sent",
        ));
    }
    url.set_fragment(None);
    let name = |pair: &str| pair.split('=').next().map(str::to_owned);
    for pair in query {
        let present = url.query().unwrap_or_default();
        if !present.split('&').any(|known| name(known) == name(pair)) {
            let extended = [present, pair.as_str()].join("&");
            url.set_query(Some(extended.trim_start_matches('&')));
        }
    }
    let uri = Uri::try_from(String::from(url));
    uri.map_err(|_| Error::builder("invalid link to the next page"))
}
