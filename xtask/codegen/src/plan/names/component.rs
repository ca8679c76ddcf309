//! Name candidates of components. Frameworks write module paths, type arguments and whole types into their keys.

use super::shorten::{MAX_INLINE_LENGTH, can_be_alone, count_letters, without_repetitions};
use crate::plan::casing::{has_words, split_words, to_singular, word_list};

/// Modules that only name the kind of what is in them.
const KINDS_OF_MODULES: &[&str] = &[
    "dto", "entity", "model", "request", "response", "schema", "type",
];

/// The second word of a package that begins with the host of its repository: `github_com_owner_name`.
const TOP_LEVEL_DOMAINS: &[&str] = &["ai", "app", "com", "dev", "io", "net", "org"];

/// The maximum length of the properties that name an object, in letters.
const MAX_CONTENT_LENGTH: usize = 24;

/// Returns candidates for the name of a component, best first.
pub(super) fn component_name_candidates(key: &str) -> Vec<String> {
    if let Some((generic, rest)) = key.split_once("_Annotated_Union_") {
        // pydantic spells the arguments of a generic type out: `FilterLeaf_Annotated_Union_A__B___FieldInfo_…`.
        let argument = rest.split("__").next().unwrap_or_default();
        return vec![
            generic.to_owned(),
            format!("{generic} {argument}"),
            format!("{generic} {rest}"),
        ];
    }
    if is_module_path(key) {
        // FastAPI prepends the module to models of the same name: `api__schemas__project__Message`.
        let mut segments: Vec<&str> = key.split("__").collect();
        let last = segments.len() - 1;
        let mut index = 0..;
        segments.retain(|segment| index.next() == Some(last) || !is_kind_of_module(segment));
        return (1..=segments.len())
            .map(|n| without_repetitions(&segments[segments.len() - n..].join(" ")))
            .collect();
    }
    if let Some(names) = openapi_generator_names(key).or_else(|| hosted_package_names(key)) {
        return names;
    }
    if let Some(body) = key.strip_prefix("Body_") {
        return vec![format!("{} body", fastapi_body_words(body)), key.to_owned()];
    }
    if is_type_expression(key) {
        tsoa_name_candidates(key)
    } else {
        vec![key.to_owned()]
    }
}

/// Returns names for keys that OpenAPI Generator makes of inline schemas: `RunStepsInner` is an item of `steps`, and
/// `ErrorOneOf` a member of the union `Error`.
fn openapi_generator_names(key: &str) -> Option<Vec<String>> {
    // Most keys have none of the words, which is found without splitting them.
    let lowercase = key.to_ascii_lowercase();
    if key.is_ascii() && !lowercase.contains("inner") && !lowercase.contains("of") {
        return None;
    }
    let mut words: Vec<String> = Vec::new();
    let mut is_generated = false;
    for word in word_list(key) {
        match (word.as_str(), words.last_mut()) {
            ("inner", Some(list)) if to_singular(list) != *list => {
                *list = to_singular(list);
                is_generated = true;
            }
            ("of", Some(one)) if matches!(one.as_str(), "one" | "any" | "all") => {
                words.pop();
                is_generated = true;
            }
            _ => words.push(word),
        }
    }
    let name = words.join(" ");
    let is_usable = is_generated && !name.is_empty();
    is_usable.then(|| vec![name.clone(), format!("{name} variant"), key.to_owned()])
}

/// Returns whether a module is called after the kind of what is in it, such as `request_types`.
fn is_kind_of_module(segment: &str) -> bool {
    let words = word_list(segment);
    let mut kinds = words.iter().map(|word| to_singular(word));
    kinds.all(|kind| KINDS_OF_MODULES.contains(&kind.as_str()))
}

/// Returns names for a type in a package of Go with its whole path, each with more words of the package, at least two,
/// and none of its host: `McpServersAuthType` for `langchain_com_fleet_mcp_servers.AuthType`.
fn hosted_package_names(key: &str) -> Option<Vec<String>> {
    let (package, name) = key.rsplit_once('.')?;
    let words: Vec<&str> = package.split('_').collect();
    let (host, path) = words.split_at_checked(2)?;
    let is_hosted = host
        .last()
        .is_some_and(|word| TOP_LEVEL_DOMAINS.contains(word));
    if !is_hosted || path.len() < 2 || !has_words(name) {
        return None;
    }
    let tails = (0..path.len() - 1)
        .rev()
        .filter_map(|start| path.get(start..));
    Some(
        tails
            .map(|tail| format!("{} {name}", tail.join(" ")))
            .collect(),
    )
}

fn is_module_path(key: &str) -> bool {
    let segments: Vec<&str> = key.split("__").collect();
    segments.len() > 2
        && segments
            .iter()
            .all(|s| has_words(s) && s.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

/// Returns the words of a FastAPI body schema without path and method.
///
/// In `create_code_scorer_version_scorers__scorer_id__version_code_post`, the path starts at the first word that has
/// occurred before.
fn fastapi_body_words(key: &str) -> String {
    let key = ["_post", "_put", "_patch", "_delete"]
        .iter()
        .find_map(|method| key.strip_suffix(method))
        .unwrap_or(key);
    let words: Vec<&str> = key.split('_').filter(|w| !w.is_empty()).collect();
    let path_start = (1..words.len()).find(|i| {
        let after = words.get(*i..).unwrap_or_default();
        let before = words.get(..*i).unwrap_or_default();
        after.first().is_some_and(|word| {
            before
                .iter()
                .any(|other| to_singular(other) == to_singular(word))
        })
    });
    words
        .get(..path_start.unwrap_or(words.len()))
        .unwrap_or_default()
        .join(" ")
}

/// Returns whether the key is a type spelled out by a framework, as by tsoa: `Result__id-string--name-string_.string_`.
pub(super) fn is_type_expression(key: &str) -> bool {
    key.ends_with('_')
        || key.contains("-or-")
        || key.contains("-Array")
        || key.contains('.') && key.contains('_') && without_package(key).is_none()
}

/// Returns the name of a type in a package of Go: `AgentPermissions` for `agents.AgentPermissions`. A name
/// with little content needs its package: `agents.ListResponse`.
pub(super) fn without_package(key: &str) -> Option<&str> {
    let (package, name) = key.rsplit_once('.')?;
    let is_package = package.starts_with(|c: char| c.is_ascii_lowercase())
        && package
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._".contains(c));
    let is_type = name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric());
    (is_package && is_type && can_be_alone(&split_words(name))).then_some(name)
}

/// Returns the words of what is in an envelope of tsoa, if they name a type without the envelope:
/// `chat completion or content` for `ResultSuccess_ChatCompletion-or-_content-string__`.
pub(super) fn envelope_content(key: &str) -> Option<String> {
    let plain = unescape_tsoa(key);
    let arguments = plain.strip_prefix("ResultSuccess_")?.trim_end_matches('_');
    let content = tsoa_content_words(arguments);
    let words = content.get(..content.len().min(3))?.join(" ");
    can_be_alone(&words).then_some(words)
}

/// Returns names by content: the properties of objects and the names of types, without the punctuation.
fn tsoa_name_candidates(key: &str) -> Vec<String> {
    let plain = unescape_tsoa(key);
    let (wrapper, arguments) = plain.split_once('_').unwrap_or((plain.as_str(), ""));
    let arguments = arguments.trim_end_matches('_');
    // The error type of a result is always a string, so it does not distinguish results.
    let arguments = arguments
        .strip_suffix(".string")
        .filter(|_| wrapper == "Result")
        .unwrap_or(arguments);
    let is_list = arguments.ends_with("-Array") || arguments.starts_with("Array_");
    let content = tsoa_content_words(arguments);
    let list = if is_list { " List" } else { "" };
    let wrapper = if wrapper == "Record" { "Map" } else { wrapper };
    let name = |words: &[String]| {
        let words = words.join(" ");
        match wrapper {
            "Map" | "Pick" | "Omit" | "Result" | "ResultSuccess" | "ResultError" | "Partial" => {
                format!("{words}{list} {wrapper}")
            }
            _ => format!("{wrapper} {words}{list}"),
        }
    };
    // Three members distinguish types, or fewer if three are too long.
    let fits = |words: &&[String]| count_letters(words) <= MAX_CONTENT_LENGTH;
    let some = (1..=content.len().min(3)).rev();
    let mut some: Vec<&[String]> = some.filter_map(|n| content.get(..n)).collect();
    if arguments.starts_with('_') {
        some.sort_by_key(|words| !fits(words));
    } else {
        some.truncate(1);
    }
    let mut names: Vec<String> = some.into_iter().map(&name).collect();
    let is_long = |name: &String| count_letters(&word_list(name)) > MAX_INLINE_LENGTH;
    if wrapper == "ResultSuccess" && names.first().is_some_and(is_long) {
        names.insert(0, format!("{}{list} success", content.join(" ")));
    }
    if wrapper == "Partial" {
        // Without a component for the whole type, only the partial one needs the name.
        names.insert(0, content.join(" "));
    }
    names.push(name(&content));
    names
}

/// Replaces tsoa's escapes of punctuation: `_63_` is the character 63.
fn unescape_tsoa(key: &str) -> String {
    [("_63_", ""), ("_91_", " "), ("_93_", " "), ("_32_", " ")]
        .iter()
        .fold(key.to_owned(), |key, (escape, text)| {
            key.replace(escape, text)
        })
}

/// Returns the words of a spelled-out type: the property names of an object, or the names of types.
fn tsoa_content_words(arguments: &str) -> Vec<String> {
    let arguments = arguments.trim_end_matches("-Array");
    if let Some(object) = arguments.strip_prefix('_') {
        let properties = object.trim_end_matches('_').split("--");
        return properties
            .filter_map(|p| p.split('-').next())
            .map(split_words)
            .filter(|w| !w.is_empty())
            .collect();
    }
    let members = arguments.split("-or-").flat_map(|member| {
        if let Some(object) = member.strip_prefix('_') {
            // An object in a union: its first property.
            let property = object.split('-').next().map(split_words);
            let property = property.filter(|words| !words.is_empty());
            return property
                .map(|words| format!("or {words}"))
                .into_iter()
                .collect();
        }
        let parts = member.split(['.', '-']);
        let parts = parts.map(|part| part.trim_start_matches("Array_"));
        let parts = parts.filter(|part| !matches!(*part, "or" | "Array" | ""));
        parts.map(split_words).collect::<Vec<_>>()
    });
    members.filter(|words| !words.is_empty()).collect()
}
