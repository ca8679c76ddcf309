//! The operations of a generated client, read from its source.

use std::fs;

use crate::repository::{files, root};

/// Returns the method and path template of every operation of a client.
///
/// # Panics
/// If the source cannot be read or has almost no operations.
pub fn operations(vendor: &str) -> Vec<(String, String)> {
    let folder = root().join("crates").join(vendor).join("src/api");
    let mut found = Vec::new();
    for file in files(&folder, "rs") {
        let text = fs::read_to_string(file).unwrap();
        let endpoints = text
            .lines()
            .filter_map(|line| line.strip_prefix("#[endpoint(")?.strip_suffix("\")]"))
            .filter_map(|endpoint| endpoint.split_once(", \""));
        found.extend(endpoints.map(|(method, path)| (method.to_owned(), path.to_owned())));
    }
    assert!(
        found.len() > 20,
        "{vendor}: only {} operations",
        found.len()
    );
    found
}

/// Returns the path template of the operation that a request to one of these paths calls.
pub fn find_template<'a>(
    operations: &'a [(String, String)],
    method: &str,
    paths: &[String],
) -> Option<&'a str> {
    let is_called = |(verb, template): &&(String, String)| {
        verb == method && paths.iter().any(|path| matches_template(template, path))
    };
    // As OpenAPI requires, concrete paths match before templated ones.
    let best = operations
        .iter()
        .filter(is_called)
        .min_by_key(|(_, path)| path.matches('{').count());
    best.map(|(_, path)| path.as_str())
}

fn matches_template(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template
            .zip(path)
            .all(|(part, value)| part == value || part.starts_with('{'))
}
