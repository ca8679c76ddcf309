//! Parses the header `Link` (RFC 8288, section 3).

use http::HeaderMap;
use http::header::LINK;

/// Returns the target of the first link with the relation `next`.
pub(crate) fn next_link(headers: &HeaderMap) -> Option<String> {
    let values = headers
        .get_all(LINK)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let next = values
        .flat_map(split_links)
        .find(|(_, parameters)| has_relation_next(parameters));
    next.map(|(target, _)| target.to_owned())
}

/// Splits a header value into targets and the text of their parameters.
///
/// The value is split at `<` and not at commas, because a quoted parameter may contain a comma.
fn split_links(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('<')
        .skip(1)
        .filter_map(|link| link.split_once('>'))
}

/// Returns whether the parameters contain `rel="next"`, quoted or not, alone or among other relations.
fn has_relation_next(parameters: &str) -> bool {
    parameters.split([';', ',']).any(|parameter| {
        let Some((name, value)) = parameter.split_once('=') else {
            return false;
        };
        let value = value.trim().trim_matches('"');
        let mut relations = value.split_ascii_whitespace();
        name.trim().eq_ignore_ascii_case("rel")
            && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
    })
}
