//! What a generated client can call, read off the client itself.

use std::fs;

use crate::shared;

/// Method and path of every operation.
pub fn operations(vendor: &str) -> Vec<(String, String)> {
    let folder = shared::root().join("crates").join(vendor).join("src/api");
    let mut found = Vec::new();
    for file in shared::files(&folder, "rs") {
        let text = fs::read_to_string(file).unwrap();
        let facts = text
            .lines()
            .filter_map(|line| line.strip_prefix("#[endpoint(")?.strip_suffix("\")]"))
            .filter_map(|fact| fact.split_once(", \""));
        found.extend(facts.map(|(method, path)| (method.to_owned(), path.to_owned())));
    }
    assert!(found.len() > 20, "{vendor}: there are operations");
    found
}

/// The path, as the client spells it, of the operation that a request calls under one of these paths.
pub fn called<'a>(
    operations: &'a [(String, String)],
    method: &str,
    paths: &[String],
) -> Option<&'a str> {
    let calls = |(verb, template): &&(String, String)| {
        verb == method && paths.iter().any(|path| fits(template, path))
    };
    // What is spelled out goes before what is a parameter.
    let best = operations
        .iter()
        .filter(calls)
        .min_by_key(|(_, path)| path.matches('{').count());
    best.map(|(_, path)| path.as_str())
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template
            .zip(path)
            .all(|(part, given)| part == given || part.starts_with('{'))
}
