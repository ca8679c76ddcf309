//! Names of operations and of the resources they belong to.

use super::keep_together;
use crate::config::Names;
use crate::ir::Operation;
use crate::plan::words::{has_words, identity, snake, words};

/// The words of an operation, one proposal after the other: its id without a framework's noise, or verb and path.
/// Among operations of the same name (`same`, itself included) the path tells it apart, then the verb.
pub fn operation<'o>(
    operation: &'o Operation,
    same: &'o [&Operation],
    names: &Names,
) -> impl Iterator<Item = String> + use<'o> {
    let plain = id_words(operation, names);
    let told = plain.clone().into_iter().flat_map(|plain| {
        let verb = verb(operation, &plain);
        let segments = telling(operation, same);
        let told = segments.map(move |segment| format!("{plain} {segment}"));
        told.chain(verb)
    });
    let by_path = std::iter::once_with(|| verb_and_path(operation));
    plain.into_iter().chain(told).chain(by_path)
}

/// The name with the verb before it, unless it starts so.
fn verb(operation: &Operation, plain: &str) -> Option<String> {
    let method = operation.method.as_str().to_lowercase();
    (!plain.starts_with(&method)).then(|| format!("{method} {plain}"))
}

/// What operations of the same name have in common.
pub fn key(operation: &Operation, names: &Names) -> String {
    snake(&id_words(operation, names).unwrap_or_default())
}

fn id_words(operation: &Operation, names: &Names) -> Option<String> {
    let id = operation.id.as_deref()?;
    let own = without_resource(without_path(id, operation), operation);
    Some(words(&keep_together(own, names))).filter(|words| !words.is_empty())
}

/// The segments of the path that no other operation of the name has, in which operations of one name differ; versions say least.
fn telling<'o>(
    operation: &'o Operation,
    same: &[&Operation],
) -> impl Iterator<Item = String> + use<'o> {
    let others = same.iter().filter(|other| other.at != operation.at);
    let common: Vec<String> = others
        .flat_map(|other| fixed(other))
        .map(str::to_owned)
        .collect();
    let own = move |segment: &&str| !common.iter().any(|known| known == segment);
    let mut segments: Vec<&str> = fixed(operation).filter(own).collect();
    segments.sort_by_key(|segment| is_version(segment));
    segments.into_iter().map(words)
}

/// The segments of a path that are no variables.
fn fixed(operation: &Operation) -> impl Iterator<Item = &str> {
    let segments = operation.path.split('/');
    segments.filter(|segment| has_words(segment) && !segment.starts_with('{'))
}

fn is_version(segment: &str) -> bool {
    let digits = segment.strip_prefix(['v', 'V']).unwrap_or_default();
    digits.starts_with(|c: char| c.is_ascii_digit())
}

/// FastAPI ends an id with path and method: `log_traces_projects__project_id__traces_post`.
fn without_path<'i>(id: &'i str, operation: &Operation) -> &'i str {
    let method = operation.method.as_str().to_lowercase();
    if !id.ends_with(&method) {
        return id;
    }
    let segments: Vec<&str> = operation.path.split('/').collect();
    // An overlay may have moved the path below a prefix that the id does not know.
    for skip in 0..segments.len() {
        let path = segments.get(skip..).unwrap_or_default().join("/");
        let path: String = format!("_{}", path.trim_start_matches('/'))
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || c == '_' {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        let short = id.strip_suffix(&format!("{path}_{method}"));
        if let Some(short) = short.filter(|short| !short.is_empty()) {
            return short;
        }
    }
    id
}

/// Fern starts an id with the resource: `annotationQueues_listQueues`, tagged `AnnotationQueues`.
fn without_resource<'i>(id: &'i str, operation: &Operation) -> &'i str {
    let Some(tag) = operation.tags.first().map(|tag| identity(tag)) else {
        return id;
    };
    let parts = id
        .match_indices('_')
        .filter_map(|(at, _)| id.split_at_checked(at));
    let own = parts.filter_map(|(group, rest)| Some((group, rest.strip_prefix('_')?)));
    own.filter(|(_, rest)| has_words(rest))
        .find(|(group, _)| identity(group) == tag)
        .map_or(id, |(_, rest)| rest)
}

fn verb_and_path(operation: &Operation) -> String {
    let mut name = operation.method.as_str().to_lowercase();
    let mut variables = Vec::new();
    for segment in operation.path.split('/').filter(|s| !s.is_empty()) {
        match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            Some(variable) => variables.push(words(variable)),
            None => name = format!("{name} {}", words(segment)),
        }
    }
    match variables.last() {
        Some(last) => format!("{name} by {last}"),
        None => name,
    }
}

/// The name of a resource: its tag, or the first segment of the path that is no version.
pub fn resource(operation: &Operation) -> String {
    if let Some(tag) = operation.tags.iter().find(|tag| has_words(tag)) {
        return tag.clone();
    }
    let mut segments = fixed(operation);
    let first = segments.find(|s| !is_version(s) && !matches!(*s, "api" | "rest" | "public"));
    first.unwrap_or("api").to_owned()
}
