//! Removes prose, examples and extensions from a document.

use observatory_codegen::source::{EXTERNAL_FILES_KEY, fact_extensions, prose_extensions};
use serde_json::{Map, Value};

/// Keys of documentation, apart from extensions.
const PROSE: &[&str] = &["summary", "description", "title"];
/// Keys of illustrations, which do not restrict values.
const ILLUSTRATIONS: &[&str] = &["example", "examples", "externalDocs", "$comment"];

/// Keys whose value is a map. The keys of such a map are names, even if they equal a keyword.
const MAPS: &[&str] = &[
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "definitions",
    "schemas",
    "parameters",
    "requestBodies",
    "headers",
    "securitySchemes",
    "pathItems",
    "links",
    "callbacks",
    "webhooks",
    "content",
    "encoding",
    "variables",
    "flows",
];
/// Keys whose value is data, which is kept unchanged.
const DATA: &[&str] = &[
    "default",
    "enum",
    "const",
    "required",
    "security",
    "mapping",
    "dependentRequired",
];

/// The kind of an object, which determines which of its keys are prose.
#[derive(Clone, Copy, PartialEq)]
enum NodeKind {
    /// The document, or another file of which it has parts.
    Root,
    /// `info`, whose title is the name of the API.
    Info,
    /// `components`, whose maps may have names that start with `x-`.
    Components,
    /// Another object of OpenAPI or JSON Schema.
    Object,
    /// A response, whose description is required.
    Response,
    /// A map from names to objects or responses.
    Map {
        has_responses: bool,
        has_extensions: bool,
    },
    /// The parts of other files, by file.
    Files,
    /// A map from names to descriptions.
    Descriptions,
    /// Data.
    Data,
}

fn is_prose(key: &str) -> bool {
    PROSE.contains(&key) || prose_extensions().any(|prose| prose == key)
}

/// Returns the document without its prose, in the same order.
pub fn strip_prose(document: &Value, keep_docs: bool) -> Value {
    ProseFilter { keep_docs }.value(document, NodeKind::Root)
}

struct ProseFilter {
    keep_docs: bool,
}

impl ProseFilter {
    fn value(&self, value: &Value, kind: NodeKind) -> Value {
        match (value, kind) {
            (_, NodeKind::Data) => value.clone(),
            (Value::Object(map), _) => Value::Object(self.object(map, kind)),
            (Value::Array(items), _) => items.iter().map(|item| self.value(item, kind)).collect(),
            (Value::String(_), NodeKind::Descriptions) if !self.keep_docs => {
                Value::String(String::new())
            }
            _ => value.clone(),
        }
    }

    fn object(&self, map: &Map<String, Value>, kind: NodeKind) -> Map<String, Value> {
        let mut out = Map::new();
        for (key, value) in map {
            if kind == NodeKind::Response && key == "description" && !self.keep_docs {
                out.insert(key.clone(), "".into());
            } else if self.is_kept(key, kind) {
                let value = self.value(value, child_kind(key, value, kind));
                out.insert(key.clone(), value);
            }
        }
        out
    }

    fn is_kept(&self, key: &str, kind: NodeKind) -> bool {
        let is_extension =
            key.starts_with("x-") && !is_prose(key) && fact_extensions().all(|fact| fact != key);
        match kind {
            NodeKind::Map { has_extensions, .. } => !(has_extensions && is_extension),
            NodeKind::Root if key == EXTERNAL_FILES_KEY => true,
            NodeKind::Descriptions | NodeKind::Data | NodeKind::Files => true,
            NodeKind::Info => {
                ["title", "version"].contains(&key) || self.keep_docs && is_prose(key)
            }
            NodeKind::Root | NodeKind::Components | NodeKind::Object | NodeKind::Response => {
                !is_extension && !ILLUSTRATIONS.contains(&key) && (self.keep_docs || !is_prose(key))
            }
        }
    }
}

/// Returns the kind of the value of `key` in an object of kind `parent`.
fn child_kind(key: &str, value: &Value, parent: NodeKind) -> NodeKind {
    match parent {
        NodeKind::Map {
            has_responses: true,
            ..
        } => return NodeKind::Response,
        NodeKind::Map { .. } => return NodeKind::Object,
        // A file is a document, or a schema or another part of one.
        NodeKind::Files
            if ["components", "paths"]
                .iter()
                .any(|key| value.get(key).is_some()) =>
        {
            return NodeKind::Root;
        }
        NodeKind::Files => return NodeKind::Object,
        NodeKind::Descriptions | NodeKind::Data | NodeKind::Info => return parent,
        NodeKind::Root | NodeKind::Components | NodeKind::Object | NodeKind::Response => {}
    }
    match key {
        "info" if parent == NodeKind::Root => NodeKind::Info,
        "components" if parent == NodeKind::Root => NodeKind::Components,
        EXTERNAL_FILES_KEY if parent == NodeKind::Root => NodeKind::Files,
        "scopes" if value.is_object() => NodeKind::Descriptions,
        "paths" if parent == NodeKind::Root => NodeKind::Map {
            has_responses: false,
            has_extensions: true,
        },
        "responses" => NodeKind::Map {
            has_responses: true,
            has_extensions: parent != NodeKind::Components,
        },
        // `parameters` is a map in `components` and a list elsewhere.
        _ if value.is_object() && MAPS.contains(&key) => NodeKind::Map {
            has_responses: false,
            has_extensions: false,
        },
        _ if DATA.contains(&key) => NodeKind::Data,
        _ => NodeKind::Object,
    }
}
