//! Which parts of a document are facts.

use serde_json::{Map, Value};

/// Extensions that say something the generator uses: `x-nullable` is how documents from before 3.0 say `nullable`.
pub const KEPT_EXTENSIONS: &[&str] = &["x-nullable"];

/// What is told to people.
const PROSE: &[&str] = &["summary", "description", "title"];
/// What illustrates, and never changes what is allowed.
const ILLUSTRATION: &[&str] = &["example", "examples", "externalDocs", "$comment"];

/// Keys whose value is a map from names to nodes: whatever its keys are called, they are names.
const NAMES: &[&str] = &[
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
/// Keys whose value is data, not description.
const DATA: &[&str] = &[
    "default",
    "enum",
    "const",
    "required",
    "security",
    "mapping",
    "dependentRequired",
];

/// What a value is, as far as it decides which of its keys are prose.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// The document.
    Root,
    /// `info`, of which the title names the API.
    Info,
    /// `components`, where a name may start with `x-`.
    Components,
    /// An object of OpenAPI's own.
    Node,
    /// A response, which must have a description.
    Response,
    /// A map from names to nodes of the kind.
    Names { response: bool, extensions: bool },
    /// A map from names to prose.
    Told,
    /// Data.
    Data,
}

/// The facts of a document, in its order.
pub fn facts(document: &Value, keep_docs: bool) -> Value {
    Facts { keep_docs }.value(document, Place::Root)
}

struct Facts {
    keep_docs: bool,
}

impl Facts {
    fn value(&self, value: &Value, place: Place) -> Value {
        match (value, place) {
            (_, Place::Data) => value.clone(),
            (Value::Object(map), _) => Value::Object(self.object(map, place)),
            (Value::Array(items), _) => items.iter().map(|item| self.value(item, place)).collect(),
            (Value::String(_), Place::Told) if !self.keep_docs => Value::String(String::new()),
            _ => value.clone(),
        }
    }

    fn object(&self, map: &Map<String, Value>, place: Place) -> Map<String, Value> {
        let mut out = Map::new();
        for (key, value) in map {
            if place == Place::Response && key == "description" && !self.keep_docs {
                out.insert(key.clone(), "".into());
            } else if self.keeps(key, place) {
                out.insert(key.clone(), self.value(value, below(key, value, place)));
            }
        }
        out
    }

    fn keeps(&self, key: &str, place: Place) -> bool {
        let extension = key.starts_with("x-") && !KEPT_EXTENSIONS.contains(&key);
        match place {
            Place::Names { extensions, .. } => !(extensions && extension),
            Place::Told | Place::Data => true,
            Place::Info => {
                ["title", "version"].contains(&key) || self.keep_docs && PROSE.contains(&key)
            }
            Place::Root | Place::Components | Place::Node | Place::Response => {
                !extension
                    && !ILLUSTRATION.contains(&key)
                    && (self.keep_docs || !PROSE.contains(&key))
            }
        }
    }
}

/// What stands below `key`.
fn below(key: &str, value: &Value, place: Place) -> Place {
    match place {
        Place::Names { response: true, .. } => return Place::Response,
        Place::Names { .. } => return Place::Node,
        Place::Told | Place::Data | Place::Info => return place,
        Place::Root | Place::Components | Place::Node | Place::Response => {}
    }
    match key {
        "info" if place == Place::Root => Place::Info,
        "components" if place == Place::Root => Place::Components,
        "scopes" if value.is_object() => Place::Told,
        "paths" if place == Place::Root => Place::Names {
            response: false,
            extensions: true,
        },
        "responses" => Place::Names {
            response: true,
            extensions: place != Place::Components,
        },
        // `parameters` is a map in `components` and a list elsewhere; `headers` of a wrong kind is for others to tell.
        _ if value.is_object() && NAMES.contains(&key) => Place::Names {
            response: false,
            extensions: false,
        },
        _ if DATA.contains(&key) => Place::Data,
        _ => Place::Node,
    }
}
