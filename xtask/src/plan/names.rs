//! What things are called: types by their component's name or by where they stand, operations by their id or by verb
//! and path. Frameworks add noise to both; it is removed by rule.

use std::collections::BTreeMap;

use super::scope::Scope;
use super::words::{singular, snake, words};
use crate::config::Names;
use crate::ir::{Api, Operation, Origin, Parent, RoleStep, TypeDef, TypeId};

/// Longer type names are shortened: the ends say most.
const LONGEST: usize = 64;

/// The names of every type, by id.
pub(super) fn types(api: &Api, names: &Names, operations: &[String]) -> BTreeMap<TypeId, String> {
    let mut scope = Scope::types();
    let mut out = BTreeMap::new();
    for (id, def) in api.types.iter() {
        if let Some(name) = names.rename.get(&def.at.0) {
            out.insert(id, scope.claim([words(name)]));
        }
    }
    for (id, def) in api.types.iter() {
        if out.contains_key(&id) {
            continue;
        }
        let candidates = match &def.origin {
            Origin::Component(key) => component(&keep_together(key, names)),
            Origin::Inline {
                parent,
                role,
                title,
            } => inline(&out, operations, *parent, &role.0, title.as_deref()),
        };
        let candidates: Vec<String> = candidates.iter().map(|name| shorten(name)).collect();
        out.insert(id, scope.claim_type(&candidates, kind(def)));
    }
    out
}

/// What is added to a name that a type may not take.
fn kind(def: &TypeDef) -> &'static str {
    match def.shape {
        crate::ir::Shape::Enum(_) => "kind",
        crate::ir::Shape::Union(_) => "choice",
        crate::ir::Shape::Struct(_) | crate::ir::Shape::Alias(_) => "data",
    }
}

/// Words that `vendor.toml` wants in one piece lose their inner capitals.
fn keep_together(raw: &str, names: &Names) -> String {
    names.words.iter().fold(raw.to_owned(), |text, word| {
        let mut chars = word.chars();
        let lead: String = chars
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        text.replace(
            word.as_str(),
            &format!(" {lead}{} ", chars.as_str().to_lowercase()),
        )
    })
}

/// The names a component could have, best first.
fn component(key: &str) -> Vec<String> {
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

/// The names of a schema written in place: its title if it is free, then where it stands.
fn inline(
    known: &BTreeMap<TypeId, String>,
    operations: &[String],
    parent: Parent,
    role: &[RoleStep],
    title: Option<&str>,
) -> Vec<String> {
    let owner = match parent {
        Parent::Type(id) => known.get(&id).cloned().unwrap_or_default(),
        Parent::Operation(index) => operations.get(index).cloned().unwrap_or_default(),
    };
    let mut name = owner.clone();
    for step in role {
        name.push(' ');
        name.push_str(&step_words(step, &owner, title));
    }
    let mut names = vec![name];
    if let (Some(title), Some(RoleStep::Variant(..))) = (title, role.last()) {
        let title = component(title);
        names.insert(
            0,
            format!(
                "{owner} {}",
                title.first().map(String::as_str).unwrap_or_default()
            ),
        );
    }
    names
}

fn step_words(step: &RoleStep, owner: &str, title: Option<&str>) -> String {
    match step {
        RoleStep::Property(name) | RoleStep::Param(name) => words(name),
        RoleStep::Item => "item".to_owned(),
        RoleStep::MapValue => "value".to_owned(),
        RoleStep::Variant(_, Some(tag)) => words(tag),
        RoleStep::Variant(index, None) => title
            .map(words)
            .unwrap_or_else(|| format!("option {}", letter(*index))),
        RoleStep::RequestBody if owner.ends_with("Request") => "body".to_owned(),
        RoleStep::RequestBody => "request".to_owned(),
        RoleStep::Response(_) => "response".to_owned(),
        RoleStep::Error(status) => format!("error {status}"),
    }
}

/// `A`, `B`, … for members that have nothing else to be called by.
fn letter(index: usize) -> String {
    let letter = u32::try_from(index % 26)
        .ok()
        .and_then(|i| char::from_u32(u32::from('A') + i))
        .unwrap_or('Z');
    if index < 26 {
        letter.to_string()
    } else {
        format!("{letter}{}", index / 26)
    }
}

/// Names over the limit keep their first words and their last ones.
fn shorten(raw: &str) -> String {
    let spoken = snake(&words(raw));
    if spoken.len() <= LONGEST {
        return raw.to_owned();
    }
    let all: Vec<&str> = spoken.split('_').collect();
    let half = LONGEST / 2;
    let take = |words: &mut dyn Iterator<Item = &&str>| -> Vec<String> {
        let mut length = 0;
        let fits = words.take_while(|word| {
            length += word.len() + 1;
            length <= half
        });
        fits.map(|word| (*word).to_owned()).collect()
    };
    let mut name = take(&mut all.iter());
    let mut tail = take(&mut all.iter().rev());
    tail.reverse();
    if name.is_empty() && tail.is_empty() {
        return spoken.chars().take(LONGEST).collect();
    }
    name.extend(tail);
    name.join(" ")
}

/// The words of an operation: its id without a framework's noise, or verb and path. Among operations of the same
/// name (`same`, itself included) the path tells it apart, then the verb.
pub(super) fn operation(operation: &Operation, same: &[&Operation], names: &Names) -> Vec<String> {
    let by_path = verb_and_path(operation);
    let Some(plain) = id_words(operation, names) else {
        return vec![by_path];
    };
    let mut candidates = vec![plain.clone()];
    candidates.extend(telling(operation, same).map(|segment| format!("{plain} {segment}")));
    let method = operation.method.as_str().to_lowercase();
    if !plain.to_lowercase().starts_with(&method) {
        candidates.push(format!("{method} {plain}"));
    }
    candidates.push(by_path);
    candidates
}

/// What operations of the same name have in common.
pub(super) fn key(operation: &Operation, names: &Names) -> String {
    snake(&id_words(operation, names).unwrap_or_default())
}

fn id_words(operation: &Operation, names: &Names) -> Option<String> {
    let id = operation.id.as_deref()?;
    Some(words(&keep_together(without_path(id, operation), names)))
        .filter(|words| !words.is_empty())
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
    segments.filter(|segment| !words(segment).is_empty() && !segment.starts_with('{'))
}

fn is_version(segment: &str) -> bool {
    let digits = segment.strip_prefix(['v', 'V']).unwrap_or_default();
    digits.starts_with(|c: char| c.is_ascii_digit())
}

/// FastAPI ends an id with path and method: `log_traces_projects__project_id__traces_post`.
fn without_path<'i>(id: &'i str, operation: &Operation) -> &'i str {
    let method = operation.method.as_str().to_lowercase();
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
pub(super) fn resource(operation: &Operation) -> String {
    if let Some(tag) = operation.tags.iter().find(|tag| !words(tag).is_empty()) {
        return tag.clone();
    }
    let mut segments = fixed(operation);
    let first = segments.find(|s| !is_version(s) && !matches!(*s, "api" | "rest" | "public"));
    first.unwrap_or("api").to_owned()
}
