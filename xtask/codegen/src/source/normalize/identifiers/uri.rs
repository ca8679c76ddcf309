//! Joins URIs (RFC 3986, section 5.2).

/// Resolves a URI reference without a fragment against a base.
pub(super) fn join_uri(base: &str, reference: &str) -> String {
    if has_scheme(reference) || base.is_empty() {
        return reference.to_owned();
    }
    if reference.is_empty() {
        return base.to_owned();
    }
    let authority_end = base.find("://").map_or(0, |scheme| {
        let rest = base.get(scheme + 3..).unwrap_or_default();
        scheme + 3 + rest.find('/').unwrap_or(rest.len())
    });
    let (authority, path) = base.split_at(authority_end);
    if let Some(rest) = reference.strip_prefix("//") {
        let scheme = base.split_once(':').map_or("", |(scheme, _)| scheme);
        return format!("{scheme}://{rest}");
    }
    let joined = match reference.starts_with('/') {
        true => reference.to_owned(),
        false => {
            let folder = path.rfind('/').and_then(|end| path.get(..=end));
            let default = if authority.is_empty() { "" } else { "/" };
            format!("{}{reference}", folder.unwrap_or(default))
        }
    };
    format!("{authority}{}", remove_dot_segments(&joined))
}

/// Returns whether a reference is absolute: a scheme comes before any other punctuation.
fn has_scheme(reference: &str) -> bool {
    reference.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

fn remove_dot_segments(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "." => {}
            // The first segment of an absolute path is empty and stays.
            ".." if kept.len() > 1 || kept.first().is_some_and(|first| !first.is_empty()) => {
                kept.pop();
            }
            ".." => {}
            segment => kept.push(segment),
        }
    }
    kept.join("/")
}
