//! Name candidates of operations, and the tags of their resources.

use std::collections::{BTreeMap, BTreeSet};

use super::configured_words::join_configured_words;
use crate::config::Names;
use crate::ir::Operation;
use crate::plan::casing::{comparison_key, has_words, snake_case, split_words};

/// Returns candidates for the name of an operation, as words, best first.
///
/// The first is its id without what a framework adds. Operations with the same id words (those of `same_key`, this
/// one included) are distinguished by path segments, then by method. The last is method and path.
pub(super) fn operation_name_candidates<'o>(
    operation: &'o Operation,
    same_key: &'o SegmentCounts<'_>,
    config: &Names,
) -> impl Iterator<Item = String> + use<'o> {
    let by_id = id_words(operation, config);
    let distinguished = by_id.clone().into_iter().flat_map(|words| {
        let with_method = with_method_prefix(operation, &words);
        let (repeated, new): (Vec<String>, Vec<String>) =
            distinctive_segments(operation, same_key).partition(|one| words.contains(one.as_str()));
        let by_variable = last_variable(operation).map(|name| format!("{words} by {name}"));
        let with = move |segment: String| format!("{words} {segment}");
        let with_new = new.into_iter().map(with.clone());
        let with_repeated = repeated.into_iter().map(with);
        with_new
            .chain(by_variable)
            .chain(with_method)
            .chain(with_repeated)
    });
    let custom = by_id
        .is_none()
        .then(|| custom_method_words(operation))
        .flatten();
    let by_path = std::iter::once_with(|| {
        let words = method_and_path_words(operation);
        let has_slash = operation.path.len() > 1 && operation.path.ends_with('/');
        let with_slash = has_slash.then(|| format!("{words} with slash"));
        [Some(words), with_slash].into_iter().flatten()
    });
    let by_id = custom.into_iter().chain(by_id);
    by_id.chain(distinguished).chain(by_path.flatten())
}

/// Returns the words with the HTTP method before them, unless they start with it.
fn with_method_prefix(operation: &Operation, words: &str) -> Option<String> {
    let method = operation.method.as_str().to_lowercase();
    (!words.starts_with(&method)).then(|| format!("{method} {words}"))
}

/// Returns the key under which the ids of two operations give the same name.
pub(super) fn operation_name_key(operation: &Operation, config: &Names) -> String {
    snake_case(&id_words(operation, config).unwrap_or_default())
}

/// Returns the words of the `operationId` without path, method and resource.
fn id_words(operation: &Operation, config: &Names) -> Option<String> {
    let id = operation.id.as_deref()?;
    let id = strip_resource(strip_path_and_method(id, operation), operation);
    let words = split_words(&join_configured_words(id, config));
    Some(strip_function_kind(&words, operation).to_owned()).filter(|words| !words.is_empty())
}

/// Removes the last word of the name of a function that handles requests: `list_projects_route` is `list projects`.
fn strip_function_kind<'w>(words: &'w str, operation: &Operation) -> &'w str {
    match words.rsplit_once(' ') {
        Some((rest, kind @ ("endpoint" | "handler" | "route")))
            if rest.contains(' ') && !operation.path.contains(kind) =>
        {
            rest
        }
        _ => words,
    }
}

/// Returns the words of the path segments that distinguish an operation from the others of its key, and that its own words do
/// not have.
pub(super) fn distinguishing_words<'o>(
    operation: &'o Operation,
    words: &'o str,
    same_key: &SegmentCounts<'_>,
) -> impl Iterator<Item = String> + use<'o> {
    let segments = distinctive_segments(operation, same_key);
    segments.filter(move |one| !split_words(words).contains(one.as_str()))
}

/// The operations of one key, counted by the path segments that they have.
#[derive(Default)]
pub(super) struct SegmentCounts<'o> {
    operations: usize,
    by_segment: BTreeMap<&'o str, usize>,
}

impl<'o> SegmentCounts<'o> {
    /// Counts an operation.
    pub(super) fn add(&mut self, operation: &'o Operation) {
        self.operations += 1;
        let segments: BTreeSet<&str> = literal_segments(operation).collect();
        for segment in segments {
            *self.by_segment.entry(segment).or_default() += 1;
        }
    }

    /// Returns whether several operations have the key.
    pub(super) fn is_shared(&self) -> bool {
        self.operations > 1
    }

    /// Returns whether a segment of a counted operation is in the path of no other one.
    fn is_distinctive(&self, segment: &str) -> bool {
        self.by_segment.get(segment) == Some(&1)
    }
}

/// Returns the words of the path segments that no other operation of the same key has, versions last.
fn distinctive_segments<'o>(
    operation: &'o Operation,
    same_key: &SegmentCounts<'_>,
) -> impl Iterator<Item = String> + use<'o> {
    let segments = literal_segments(operation);
    let mut segments: Vec<&str> = segments
        .filter(|segment| same_key.is_distinctive(segment))
        .collect();
    segments.sort_by_key(|segment| is_version(segment));
    segments.into_iter().map(split_words)
}

/// Returns what a path segment names: without a custom method (`jobs:batch`), a key (`Items(id={id})`), a query or a
/// fragment.
fn resource_of_segment(segment: &str) -> &str {
    let end = segment.find([':', '(', '?', '#', '{']);
    end.and_then(|end| segment.get(..end)).unwrap_or(segment)
}

/// Returns the words of a custom method at the end of the path: `batch` of `/jobs:batch`.
fn custom_method_words(operation: &Operation) -> Option<String> {
    let last = operation.path.rsplit('/').next()?;
    let (_, method) = last.rsplit_once(':')?;
    Some(split_words(method)).filter(|words| !words.is_empty() && !method.contains(['{', '}']))
}

/// Returns the segments of a path that are not variables.
fn literal_segments(operation: &Operation) -> impl Iterator<Item = &str> {
    let segments = operation.path.split('/');
    segments.filter(|segment| has_words(segment) && !segment.starts_with('{'))
}

/// Returns whether a path segment is a version: `v1`, `V2beta`.
pub(super) fn is_version(segment: &str) -> bool {
    let digits = segment.strip_prefix(['v', 'V']).unwrap_or_default();
    digits.starts_with(|c: char| c.is_ascii_digit())
}

/// Removes path and method from the end of an id.
///
/// FastAPI appends them: `log_traces_projects__project_id__traces_post`.
fn strip_path_and_method<'i>(id: &'i str, operation: &Operation) -> &'i str {
    let method = operation.method.as_str().to_lowercase();
    if !id.ends_with(&method) {
        return id;
    }
    let segments: Vec<&str> = operation.path.split('/').collect();
    // An overlay can move the path below a prefix that the id does not have.
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
        let stripped = id.strip_suffix(&format!("{path}_{method}"));
        if let Some(stripped) = stripped.filter(|stripped| !stripped.is_empty()) {
            return stripped;
        }
    }
    id
}

/// Removes the resource from the start of an id.
///
/// Fern prepends it: `annotationQueues_listQueues`, with the tag `AnnotationQueues`.
fn strip_resource<'i>(id: &'i str, operation: &Operation) -> &'i str {
    let Some(tag) = operation.tags.first().map(|tag| comparison_key(tag)) else {
        return id;
    };
    let splits = id
        .match_indices('_')
        .filter_map(|(at, _)| id.split_at_checked(at));
    let splits = splits.filter_map(|(group, rest)| Some((group, rest.strip_prefix('_')?)));
    splits
        .filter(|(_, rest)| has_words(rest))
        .find(|(group, _)| comparison_key(group) == tag)
        .map_or(id, |(_, rest)| rest)
}

/// Returns the words of the last path segment that is a variable.
fn last_variable(operation: &Operation) -> Option<String> {
    let mut segments = operation.path.rsplit('/');
    segments.find_map(|segment| {
        let name = segment.strip_prefix('{')?.strip_suffix('}')?;
        Some(split_words(name)).filter(|words| !words.is_empty())
    })
}

/// Returns words for the method and the path, with the last variable: `get users by user id`.
fn method_and_path_words(operation: &Operation) -> String {
    let mut words = operation.method.as_str().to_lowercase();
    let mut variables = Vec::new();
    for segment in operation.path.split('/').filter(|s| !s.is_empty()) {
        match segment.strip_prefix('{').and_then(|s| s.strip_suffix('}')) {
            Some(variable) => variables.push(split_words(variable)),
            None => words = format!("{words} {}", split_words(segment)),
        }
    }
    match variables.last() {
        Some(last) => format!("{words} by {last}"),
        None => words,
    }
}

/// Returns the name of the resource of an operation: its first tag, or the first path segment with a meaning.
pub(in crate::plan) fn resource_tag(operation: &Operation) -> String {
    if let Some(tag) = operation.tags.iter().find(|tag| has_words(tag)) {
        return tag.clone();
    }
    let mut segments = literal_segments(operation);
    let first = segments.find(|s| !is_version(s) && !matches!(*s, "api" | "rest" | "public"));
    let first = first
        .map(resource_of_segment)
        .filter(|name| has_words(name));
    first.unwrap_or("api").to_owned()
}
