//! Method names without the words of their resource.
//!
//! `datasets().list_datasets()` is `datasets().list()`, and `dashboards().delete_dashboard_placement()` is
//! `delete_placement()`. An id that only repeats the method and the path (`postProject`) is replaced by a
//! verb for the method: `create`, `update`, `replace`, `get`, `list` or `delete`.

use crate::ir::{Method, Operation, ResponseContent, TypeRef};
use crate::plan::casing::{has_words, to_singular, word_list};

/// Words that need another word after them.
const PREPOSITIONS: &[&str] = &[
    "and", "at", "by", "for", "from", "in", "of", "on", "or", "to", "with",
];

/// Words of paths that are verbs, as in `POST /datasets/{id}/insert`.
const VERBS: &[&str] = &[
    "activate",
    "archive",
    "batch",
    "cancel",
    "check",
    "clone",
    "compare",
    "complete",
    "copy",
    "count",
    "create",
    "delete",
    "deploy",
    "disable",
    "enable",
    "evaluate",
    "export",
    "fetch",
    "generate",
    "get",
    "import",
    "ingest",
    "insert",
    "invite",
    "invoke",
    "launch",
    "list",
    "log",
    "lookup",
    "merge",
    "move",
    "preview",
    "publish",
    "query",
    "refresh",
    "remove",
    "render",
    "reset",
    "restore",
    "resume",
    "retry",
    "run",
    "search",
    "send",
    "set",
    "start",
    "stop",
    "submit",
    "summarize",
    "sync",
    "test",
    "update",
    "upload",
    "upsert",
    "validate",
];

/// The names of an operation by its resource, as words.
pub(super) struct ShortName {
    /// The method.
    pub method: String,
    /// The method if another operation has that name.
    pub alternative: Option<String>,
    /// The words for its types, with the resource.
    pub full: String,
}

/// Returns the name of an operation within its resource; `None` if the words repeat neither the resource nor the
/// HTTP method and the path. Without words, the operation has no id, and is named by method and path.
pub(super) fn short_method_name(
    operation: &Operation,
    words: &str,
    resource: &str,
) -> Option<ShortName> {
    let words = word_list(words);
    let resource = word_list(resource);
    if resource.is_empty() {
        return None;
    }
    if words.is_empty() {
        // Without an id; a custom method (`/jobs:batch`) is a name.
        let has_custom_method = operation.path.contains(':');
        return (!has_custom_method).then(|| name_by_method(operation, &resource));
    }
    if is_same(&words, &resource) || repeats_method_and_path(operation, &words) {
        return Some(name_by_method(operation, &resource));
    }
    let at = find_words(&words, &resource)?;
    let end = at + resource.len();
    let is_plural = words
        .get(end - 1)
        .is_some_and(|last| to_singular(last) != *last);
    let after = words.get(end..).unwrap_or_default();
    // `list span annotations by span ids` is `list by span ids`.
    let repeats_later = |word: &String| {
        let singular = to_singular(word);
        after.iter().any(|later| to_singular(later) == singular)
    };
    let before = words.get(..at).unwrap_or_default();
    let before = match before.split_last() {
        Some((last, before)) if !before.is_empty() && repeats_later(last) => before,
        _ => before,
    };
    let mut rest: Vec<String> = before.iter().chain(after).cloned().collect();
    while rest
        .last()
        .is_some_and(|last| PREPOSITIONS.contains(&last.as_str()))
    {
        rest.pop();
    }
    let first = rest.first()?;
    if PREPOSITIONS.contains(&first.as_str()) || !rest.iter().any(|word| is_name(word)) {
        return None;
    }
    let is_verb = |word: &String| VERBS.contains(&word.as_str());
    if let Some((_, named)) = rest.split_first().filter(|(first, _)| *first == "post")
        && named.first().is_some_and(is_verb)
    {
        // `post insert` is `insert`.
        return Some(ShortName {
            method: named.join(" "),
            alternative: Some(rest.join(" ")),
            full: format!("{} {}", named.join(" "), resource.join(" ")),
        });
    }
    let method = match rest.join(" ").as_str() {
        "get" if is_plural && operation.method == Method::Get && !ends_in_variable(operation) => {
            "list".to_owned()
        }
        "post" => "create".to_owned(),
        "patch" => "update".to_owned(),
        "put" => "replace".to_owned(),
        rest => rest.to_owned(),
    };
    Some(ShortName {
        method,
        alternative: None,
        full: words.join(" "),
    })
}

/// Returns the position of `part` in the words, plurals apart.
fn find_words(words: &[String], part: &[String]) -> Option<usize> {
    let mut windows = words.windows(part.len().max(1));
    windows.position(|window| is_same(window, part))
}

/// Returns whether a word can be a method: a version cannot.
fn is_name(word: &str) -> bool {
    let version = word.strip_prefix('v').unwrap_or(word);
    !version.starts_with(|c: char| c.is_ascii_digit())
}

/// Returns whether words are equal but for plurals.
fn is_same(a: &[String], b: &[String]) -> bool {
    a.len() == b.len()
        && a.iter()
            .zip(b)
            .all(|(a, b)| to_singular(a) == to_singular(b))
}

/// Returns whether the words only repeat the HTTP method and the path.
///
/// `get` and `delete` are verbs already, so that only ids of variables (`getProjectId`) and a `get` of a list are replaced.
fn repeats_method_and_path(operation: &Operation, words: &[String]) -> bool {
    let method = operation.method.as_str().to_lowercase();
    let Some((_, rest)) = words.split_first().filter(|(first, _)| **first == method) else {
        return false;
    };
    let mut with_ids = Vec::new();
    let mut literals = Vec::new();
    for segment in segments(operation) {
        if is_variable(segment) {
            with_ids.push("id".to_owned());
        } else {
            literals.extend(word_list(segment));
            with_ids.extend(word_list(segment));
        }
    }
    let is_literal = is_same(rest, &literals);
    match operation.method {
        Method::Get if is_list(operation) && is_literal => true,
        Method::Get | Method::Delete => !is_literal && is_same(rest, &with_ids),
        _ => is_literal || is_same(rest, &with_ids),
    }
}

/// Returns the segments of a path without versions.
fn segments(operation: &Operation) -> impl Iterator<Item = &str> {
    let segments = operation
        .path
        .split('/')
        .filter(|segment| !segment.is_empty());
    segments.filter(|segment| is_variable(segment) || (has_words(segment) && is_name(segment)))
}

fn is_variable(segment: &str) -> bool {
    segment.starts_with('{')
}

fn ends_in_variable(operation: &Operation) -> bool {
    operation.path.trim_end_matches('/').ends_with('}')
}

/// Names an operation by its HTTP method and the words of the path after the resource.
fn name_by_method(operation: &Operation, resource: &[String]) -> ShortName {
    let literals = segments(operation).filter(|segment| !is_variable(segment));
    let path: Vec<String> = literals.flat_map(word_list).collect();
    let mut rest: Vec<String> = match find_words(&path, resource) {
        Some(start) => path.iter().skip(start + resource.len()).cloned().collect(),
        None => path,
    };
    let verb = http_verb(operation);
    if let Some(last) = rest.last_mut().filter(|_| ends_in_variable(operation)) {
        *last = to_singular(last);
    }
    let is_verb = rest
        .first()
        .is_some_and(|first| VERBS.contains(&first.as_str()));
    let method = match (is_verb, rest.is_empty()) {
        (true, _) => rest.join(" "),
        (false, true) => verb.clone(),
        (false, false) => format!("{verb} {}", rest.join(" ")),
    };
    let mut noun = resource.to_vec();
    if let Some(last) = noun.last_mut().filter(|_| verb != "list") {
        *last = to_singular(last);
    }
    let full = match (is_verb, rest.split_first()) {
        (true, Some((first, rest))) => format!("{first} {} {}", noun.join(" "), rest.join(" ")),
        _ => format!("{verb} {} {}", noun.join(" "), rest.join(" ")),
    };
    let http_method = operation.method.as_str().to_lowercase();
    let has_slash = operation.path.len() > 1 && operation.path.ends_with('/');
    let alternative = match (ends_in_variable(operation), is_verb) {
        _ if has_slash => Some(format!("{method} with slash")),
        (true, _) => Some(format!("{method} by id")),
        (false, true) => Some(format!("{http_method} {method}")),
        (false, false) => None,
    };
    ShortName {
        method,
        alternative,
        full: full.trim_end().to_owned(),
    }
}

/// Returns the verb for the HTTP method. A GET of a list is `list`.
fn http_verb(operation: &Operation) -> String {
    let verb = match &operation.method {
        Method::Get if is_list(operation) => "list",
        Method::Post => "create",
        Method::Put => "replace",
        Method::Patch => "update",
        other => return other.as_str().to_lowercase(),
    };
    verb.to_owned()
}

fn is_list(operation: &Operation) -> bool {
    let success = operation.responses.success.iter();
    let mut contents = success.map(|response| &response.content);
    let is_array =
        contents.any(|content| matches!(content, ResponseContent::Json(TypeRef::List(_))));
    !ends_in_variable(operation) && (operation.pagination.is_some() || is_array)
}
