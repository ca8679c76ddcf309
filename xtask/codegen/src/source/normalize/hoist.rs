//! Schemas that are referred to but are no components, and the names they get as components.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value;

use super::read::Node;
use super::refs::{pointer_tokens, resolve, unescape};
use super::{Cx, Object};
use crate::ir::{Pointer, SCHEMAS};

/// Words of a pointer that say how a document is built, not what a schema is about.
const STRUCTURE: &[&str] = &[
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

/// What has to move to the components, and what has moved.
pub(super) struct Hoisted {
    /// Places that some reference points at and that are no components.
    wanted: BTreeSet<Pointer>,
    /// The names they have got.
    names: BTreeMap<Pointer, String>,
    /// Those that still have to be read.
    queue: VecDeque<Pointer>,
    /// Names that are taken.
    taken: BTreeSet<String>,
}

impl Hoisted {
    /// Looks through the whole document for references to places that are no components.
    pub(super) fn new(root: &Node<'_>) -> Self {
        let schemas = root.get("components").and_then(|node| node.get("schemas"));
        let mut search = Search {
            root,
            schemas: schemas.as_ref().and_then(|node| node.value.as_object()),
            at: root.at.clone(),
            wanted: BTreeSet::new(),
        };
        search.look(root.value);
        let wanted = search.wanted;
        let taken = schemas
            .iter()
            .flat_map(Node::entries)
            .map(|(key, _)| key.to_owned())
            .collect();
        Self {
            wanted,
            names: BTreeMap::new(),
            queue: VecDeque::new(),
            taken,
        }
    }

    /// Takes a schema that has still to be read, with its name.
    pub(super) fn pop(&mut self) -> Option<(String, Pointer)> {
        let at = self.queue.pop_front()?;
        Some((self.names.get(&at)?.clone(), at))
    }

    /// Whether the schema at `at` is to stand among the components.
    pub(super) fn wants(&self, at: &Pointer) -> bool {
        self.wanted.contains(at)
    }

    /// The name of the schema at `at`, a new one the first time.
    pub(super) fn name(&mut self, at: &Pointer) -> String {
        if let Some(name) = self.names.get(at) {
            return name.clone();
        }
        let name = free_name(&pointer_tokens(&at.0), &self.taken);
        self.taken.insert(name.clone());
        self.names.insert(at.clone(), name.clone());
        self.queue.push_back(at.clone());
        name
    }
}

/// A walk through the whole document.
struct Search<'s, 'd> {
    root: &'s Node<'d>,
    /// The components, in which nearly every reference ends.
    schemas: Option<&'d Object>,
    /// Where it has come to.
    at: Pointer,
    wanted: BTreeSet<Pointer>,
}

impl<'d> Search<'_, 'd> {
    /// Looks for references below `value`.
    fn look(&mut self, value: &'d Value) {
        match value {
            Value::Object(object) => {
                for (key, child) in object {
                    match child {
                        Value::String(text) if key == "$ref" => self.reference(text),
                        _ => self.below(key, child),
                    }
                }
            }
            Value::Array(items) => {
                for (i, child) in items.iter().enumerate() {
                    self.below(&i.to_string(), child);
                }
            }
            _ => {}
        }
    }

    fn below(&mut self, token: &str, child: &'d Value) {
        if child.is_object() || child.is_array() {
            let length = self.at.0.len();
            self.at.push(token);
            self.look(child);
            self.at.0.truncate(length);
        }
    }

    fn reference(&mut self, text: &str) {
        let known =
            |key: &str| !key.contains('/') && self.schemas.is_some_and(|all| all.contains_key(key));
        if text.strip_prefix(SCHEMAS).is_some_and(known) {
            return;
        }
        if let Ok(target) = resolve(self.root, text, &self.at)
            && component_name(&target.at).is_none()
        {
            self.wanted.insert(target.at);
        }
    }
}

/// The shortest name made of the last words of a place that nobody has yet.
fn free_name(tokens: &[String], taken: &BTreeSet<String>) -> String {
    let said =
        |token: &&String| !STRUCTURE.contains(&token.as_str()) && !token.contains("application/");
    let words: Vec<String> = tokens
        .iter()
        .filter(said)
        .map(|token| plain(token))
        .collect();
    let words: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !word.is_empty())
        .collect();
    // A place in an operation means nothing without the operation; `$defs` mean something by their last word alone.
    let first = match tokens.iter().rev().nth(1).map(String::as_str) {
        Some("$defs" | "definitions") => words.len().saturating_sub(1),
        _ => 0,
    };
    for start in (0..=first).rev() {
        let name = words.get(start..).unwrap_or_default().join("_");
        if !name.is_empty() && !taken.contains(&name) {
            return name;
        }
    }
    let base = if words.is_empty() {
        "schema".to_owned()
    } else {
        words.join("_")
    };
    let numbered = (2..).map(|n: usize| format!("{base}_{n}"));
    numbered
        .into_iter()
        .find(|name| !taken.contains(name))
        .unwrap_or(base)
}

/// A token without the signs of paths and templates.
fn plain(token: &str) -> String {
    let words = token
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// The key in `components/schemas` that `at` is the place of, if it is one.
pub(super) fn component_name(at: &Pointer) -> Option<String> {
    let key = at.0.strip_prefix(SCHEMAS)?;
    (!key.contains('/')).then(|| unescape(key))
}

impl<'d> Cx<'d> {
    /// A canonical reference to the schema at `at`.
    pub(super) fn schema_ref(&mut self, at: &Pointer) -> Value {
        let name = component_name(at).unwrap_or_else(|| self.hoisted.name(at));
        serde_json::json!({ "$ref": format!("{SCHEMAS}{name}") })
    }
}
