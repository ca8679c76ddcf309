//! The header `Link` (RFC 8288), as far as pages need it.

use ::url::Url;
use http::header::LINK;
use http::{HeaderMap, Uri};

use super::call::Settings;
use super::error::Error;
use super::parts::Parts;
use super::spec::Operation;
use super::url;

/// The target of the first link to what is next.
pub(super) fn next(headers: &HeaderMap) -> Option<String> {
    let texts = headers
        .get_all(LINK)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let next = texts.flat_map(links).find(|(_, params)| is_next(params));
    next.map(|(target, _)| target.to_owned())
}

/// Targets, each with the text of its parameters: up to where the next `<` opens, for a comma may stand in a quote.
fn links(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('<')
        .skip(1)
        .filter_map(|link| link.split_once('>'))
}

/// `rel="next"`, quoted or not, among other relations or alone.
fn is_next(params: &str) -> bool {
    params.split([';', ',']).any(|param| {
        let Some((name, value)) = param.split_once('=') else {
            return false;
        };
        let value = value.trim().trim_matches('"');
        let mut relations = value.split_ascii_whitespace();
        name.trim().eq_ignore_ascii_case("rel")
            && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
    })
}

/// The URL of a page that an answer has linked to. It takes the credential along, so that it has to lie where
/// requests go anyway.
pub(super) fn url(
    settings: &Settings,
    operation: &Operation,
    parts: &Parts,
    link: &str,
) -> Result<Uri, Error> {
    let invalid = |why| Error::builder(format!("the link to the next page is no URL: {why}"));
    let own = url::of(settings, operation, &parts.path, &[])?;
    let own = Url::parse(&own.to_string()).map_err(invalid)?;
    let mut url = own.join(link).map_err(invalid)?;
    if url.origin() != own.origin() {
        return Err(Error::builder(
            "the link to the next page leads to another server, which gets no credential",
        ));
    }
    url.set_fragment(None);
    // What is left of the query is a key, which a link may or may not repeat.
    let name = |pair: &str| pair.split('=').next().map(str::to_owned);
    for pair in &parts.query {
        let given = url.query().unwrap_or_default();
        if !given.split('&').any(|known| name(known) == name(pair)) {
            let query = [given, pair.as_str()].join("&");
            url.set_query(Some(query.trim_start_matches('&')));
        }
    }
    let uri = Uri::try_from(String::from(url));
    uri.map_err(|_| Error::builder("the link to the next page is no URL"))
}
