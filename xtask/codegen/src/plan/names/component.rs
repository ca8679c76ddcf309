//! Names of components. Frameworks write more into them than a name: modules, type arguments, whole types.

use crate::plan::words::{singular, snake, words};

/// The names a component could have, best first.
pub(super) fn component(key: &str) -> Vec<String> {
    if let Some((head, rest)) = key.split_once("_Annotated_Union_") {
        // pydantic writes the arguments of a generic out: `FilterLeaf_Annotated_Union_A__B___FieldInfo_…`.
        let argument = rest.split("__").next().unwrap_or_default();
        return vec![
            head.to_owned(),
            format!("{head} {argument}"),
            format!("{head} {rest}"),
        ];
    }
    if is_module_path(key) {
        // FastAPI tells models of one name apart by their module: `api__schemas__project__Message`.
        let segments: Vec<&str> = key.split("__").collect();
        return (1..=segments.len())
            .map(|n| undouble(&segments[segments.len() - n..].join(" ")))
            .collect();
    }
    if let Some(body) = key.strip_prefix("Body_") {
        return vec![format!("{} body", fastapi_body(body)), key.to_owned()];
    }
    if is_generic(key) {
        tsoa(key)
    } else {
        vec![key.to_owned()]
    }
}

fn is_module_path(key: &str) -> bool {
    let segments: Vec<&str> = key.split("__").collect();
    segments.len() > 2
        && segments
            .iter()
            .all(|s| !s.is_empty() && s.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

/// The same word twice in a row says no more than once.
fn undouble(text: &str) -> String {
    let spoken = snake(&words(text));
    let mut all: Vec<&str> = spoken.split('_').collect();
    all.dedup();
    all.join(" ")
}

/// `create_code_scorer_version_scorers__scorer_id__version_code_post` without path and method, as far as the path's
/// first parameter or the method shows where it starts.
fn fastapi_body(raw: &str) -> String {
    let raw = ["_post", "_put", "_patch", "_delete"]
        .iter()
        .find_map(|verb| raw.strip_suffix(verb))
        .unwrap_or(raw);
    let all: Vec<&str> = raw.split('_').filter(|w| !w.is_empty()).collect();
    // The path repeats words of the name: cut where the last word that occurs twice starts again.
    let cut = (1..all.len()).find(|i| {
        let tail = all.get(*i..).unwrap_or_default();
        let head = all.get(..*i).unwrap_or_default();
        tail.first()
            .is_some_and(|word| head.iter().any(|known| singular(known) == singular(word)))
    });
    all.get(..cut.unwrap_or(all.len()))
        .unwrap_or_default()
        .join(" ")
}

/// tsoa writes types out as names: `Result__id-string--name-string_.string_`.
fn is_generic(key: &str) -> bool {
    key.ends_with('_')
        || key.contains("-or-")
        || key.contains("-Array")
        || key.contains(".") && key.contains('_')
}

/// Named by its content: the properties of the objects and the names of the types, without the punctuation.
fn tsoa(key: &str) -> Vec<String> {
    let plain = unescape(key);
    let (wrapper, rest) = plain.split_once('_').unwrap_or((plain.as_str(), ""));
    let rest = rest.trim_end_matches('_');
    // The error type of a result is always a string; it says nothing.
    let rest = rest
        .strip_suffix(".string")
        .filter(|_| wrapper == "Result")
        .unwrap_or(rest);
    let many = rest.ends_with("-Array") || rest.starts_with("Array_");
    let content = content(rest);
    let list = if many { " List" } else { "" };
    let short = content
        .iter()
        .take(3)
        .cloned()
        .collect::<Vec<_>>()
        .join(" ");
    let full = content.join(" ");
    match wrapper {
        "Record" | "Partial" | "Pick" | "Omit" | "Result" | "ResultSuccess" | "ResultError" => {
            let wrapper = if wrapper == "Record" { "Map" } else { wrapper };
            vec![
                format!("{short}{list} {wrapper}"),
                format!("{full}{list} {wrapper}"),
            ]
        }
        _ => vec![
            format!("{wrapper} {short}{list}"),
            format!("{wrapper} {full}{list}"),
        ],
    }
}

/// `_63_` is tsoa's way of writing the character of that number; only its own punctuation needs to be known.
fn unescape(key: &str) -> String {
    [("_63_", ""), ("_91_", " "), ("_93_", " "), ("_32_", " ")]
        .iter()
        .fold(key.to_owned(), |key, (code, text)| key.replace(code, text))
}

/// The telling words of a written-out type: property names of objects, names of types.
fn content(rest: &str) -> Vec<String> {
    let rest = rest.trim_end_matches("-Array");
    if let Some(object) = rest.strip_prefix('_') {
        let properties = object.trim_end_matches('_').split("--");
        return properties
            .filter_map(|p| p.split('-').next())
            .map(words)
            .filter(|w| !w.is_empty())
            .collect();
    }
    let parts = rest
        .split(['.', '-'])
        .map(|part| part.trim_start_matches("Array_"));
    let parts = parts
        .filter(|part| !matches!(*part, "or" | "Array" | ""))
        .map(words);
    parts.filter(|part| !part.is_empty()).collect()
}
