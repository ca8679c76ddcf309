//! Schemas that are the target of a reference but not a component, and their keys as components.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use super::canonical::Object;
use super::node::Node;
use super::resolve::{pointer_tokens, resolve_reference, unescape};
use crate::ir::{Pointer, SCHEMAS};

/// The key of a bundled document that holds the parts of other files, by file.
pub const EXTERNAL_FILES_KEY: &str = "x-external-files";

/// Pointer tokens that describe the structure of a document, not the content of a schema.
const STRUCTURAL_TOKENS: &[&str] = &[
    "paths",
    "components",
    "schemas",
    "schema",
    "content",
    "properties",
    "responses",
    "requestBody",
    "requestBodies",
    "parameters",
    "headers",
    "$defs",
    "definitions",
    "allOf",
    "anyOf",
    "oneOf",
    "items",
    "additionalProperties",
    "prefixItems",
];

/// The schemas that become components.
pub(super) struct HoistedSchemas {
    /// The targets of references that are not components.
    targets: BTreeSet<Pointer>,
    /// The keys chosen so far.
    keys: BTreeMap<Pointer, String>,
    /// Schemas with a key that have not been normalized yet.
    queue: VecDeque<Pointer>,
    /// The keys of all components.
    used_keys: BTreeSet<String>,
}

impl HoistedSchemas {
    /// Searches the whole document for references to schemas that are not components.
    pub(super) fn new(root: &Node<'_>) -> Self {
        let schemas = root.get("components").and_then(|node| node.get("schemas"));
        let mut search = ReferenceSearch {
            root,
            schemas: schemas.as_ref().and_then(|node| node.value.as_object()),
            at: root.at.clone(),
            targets: BTreeSet::new(),
        };
        search.visit(root.value);
        let targets = search.targets;
        let used_keys = schemas
            .iter()
            .flat_map(Node::sorted_entries)
            .map(|(key, _)| key.to_owned())
            .collect();
        Self {
            targets,
            keys: BTreeMap::new(),
            queue: VecDeque::new(),
            used_keys,
        }
    }

    /// Removes the next schema to normalize from the queue. Returns its key and its pointer.
    pub(super) fn next_schema(&mut self) -> Option<(String, Pointer)> {
        let at = self.queue.pop_front()?;
        Some((self.keys.get(&at)?.clone(), at))
    }

    /// Returns whether the schema at `at` becomes a component.
    pub(super) fn contains(&self, at: &Pointer) -> bool {
        self.targets.contains(at)
    }

    /// Returns an unused key for a new component: `name`, or `name` with a number.
    pub(super) fn reserve_key(&mut self, name: &str) -> String {
        let numbered = (2..).map(|n: usize| format!("{name}_{n}"));
        let mut candidates = std::iter::once(name.to_owned()).chain(numbered);
        let unused = candidates.find(|key| !self.used_keys.contains(key));
        let key = unused.unwrap_or_else(|| name.to_owned());
        self.used_keys.insert(key.clone());
        key
    }

    /// Returns the key of the schema at `at`. On the first call, chooses the key and adds the schema to the queue.
    pub(super) fn component_key(&mut self, at: &Pointer) -> String {
        if let Some(key) = self.keys.get(at) {
            return key.clone();
        }
        let key = choose_key(&pointer_tokens(&at.0), &self.used_keys);
        self.used_keys.insert(key.clone());
        self.keys.insert(at.clone(), key.clone());
        self.queue.push_back(at.clone());
        key
    }
}

/// Collects the targets of references from a whole document.
struct ReferenceSearch<'s, 'd> {
    root: &'s Node<'d>,
    /// The component schemas, which are the targets of nearly all references.
    schemas: Option<&'d Object>,
    /// The pointer to the current node.
    at: Pointer,
    targets: BTreeSet<Pointer>,
}

impl<'d> ReferenceSearch<'_, 'd> {
    fn visit(&mut self, value: &'d Value) {
        match value {
            Value::Object(object) => {
                for (key, child) in object {
                    match child {
                        Value::String(text) if key == "$ref" => self.add_reference(text),
                        _ => self.visit_child(key, child),
                    }
                }
            }
            Value::Array(items) => {
                for (i, child) in items.iter().enumerate() {
                    self.visit_child(&i.to_string(), child);
                }
            }
            _ => {}
        }
    }

    fn visit_child(&mut self, token: &str, child: &'d Value) {
        if child.is_object() || child.is_array() {
            let length = self.at.0.len();
            self.at.push(token);
            self.visit(child);
            self.at.0.truncate(length);
        }
    }

    fn add_reference(&mut self, text: &str) {
        let is_component =
            |key: &str| !key.contains('/') && self.schemas.is_some_and(|all| all.contains_key(key));
        if text.strip_prefix(SCHEMAS).is_some_and(is_component) {
            return;
        }
        if let Ok(target) = resolve_reference(self.root, text, &self.at)
            && component_key_of(&target.at).is_none()
        {
            self.targets.insert(target.at);
        }
    }
}

/// Returns an unused key made of the last tokens of a pointer, as few as possible.
fn choose_key(tokens: &[String], used: &BTreeSet<String>) -> String {
    let (file, tokens) = match tokens {
        [key, file, tokens @ ..] if key == EXTERNAL_FILES_KEY => (Some(file_stem(file)), tokens),
        tokens => (None, tokens),
    };
    let is_content = |token: &&String| {
        !STRUCTURAL_TOKENS.contains(&token.as_str()) && !token.contains("application/")
    };
    let own_words = tokens.iter().filter(is_content).map(String::as_str);
    let words: Vec<String> = file
        .into_iter()
        .chain(own_words)
        .map(replace_punctuation)
        .filter(|word| !word.is_empty())
        .collect();
    // A schema of `$defs` is described by its own name. A schema of an operation needs that of the operation.
    let last_start = match tokens.iter().rev().nth(1).map(String::as_str) {
        Some("$defs" | "definitions") => words.len().saturating_sub(1),
        // The name of a file is needed only where another schema has the same name.
        Some("schemas") if file.is_some() => words.len().saturating_sub(1),
        _ => usize::from(file.is_some() && words.len() > 1),
    };
    for start in (0..=last_start).rev() {
        let key = words.get(start..).unwrap_or_default().join("_");
        if !key.is_empty() && !used.contains(&key) {
            return key;
        }
    }
    let base = if words.is_empty() {
        "schema".to_owned()
    } else {
        words.join("_")
    };
    let mut numbered = (2..).map(|n: usize| format!("{base}_{n}"));
    numbered.find(|key| !used.contains(key)).unwrap_or(base)
}

/// Returns the name of a file without its folders and its extension.
fn file_stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split('.').next().unwrap_or_default()
}

/// Replaces the punctuation of paths and templates in a token by underscores.
fn replace_punctuation(token: &str) -> String {
    let words = token
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// Returns the key in `components/schemas` if `at` points to a component schema.
pub(super) fn component_key_of(at: &Pointer) -> Option<String> {
    let key = at.0.strip_prefix(SCHEMAS)?;
    (!key.contains('/')).then(|| unescape(key))
}
