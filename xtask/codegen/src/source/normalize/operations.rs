//! Paths and operations.

use std::collections::BTreeMap;

use serde_json::Value;

use super::read::{Node, as_text};
use super::template::Template;
use super::{AT, Cx, Object, node_at, put};
use crate::diag::Code;

/// The methods that a path item may hold.
const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

impl<'d> Cx<'d> {
    /// The canonical form of all paths.
    pub(super) fn paths(&mut self, root: &Node<'d>) -> Value {
        let mut out = Object::new();
        // What the paths were called in the document, by what they are called now.
        let mut spelled: BTreeMap<String, &str> = BTreeMap::new();
        for (path, item) in self.section(root, "paths").iter().flat_map(Node::entries) {
            if path.starts_with("x-") || item.value.is_null() {
                continue;
            }
            let slashed = if path.starts_with('/') {
                path.to_owned()
            } else {
                format!("/{path}")
            };
            let Some((path_now, item_now)) = self.path_item(&slashed, &item) else {
                continue;
            };
            if let Some(other) = spelled.insert(path_now.clone(), path) {
                let message = format!("`{path}` is the same path as `{other}`");
                self.fault(
                    Code::DuplicateOperation,
                    &item.at,
                    message,
                    "merge the two into one path",
                );
            }
            out.insert(path_now, item_now);
        }
        Value::Object(out)
    }

    /// A path item, everything shared by its operations handed down to them, and its path as written from now on.
    fn path_item(&mut self, path: &str, node: &Node<'d>) -> Option<(String, Value)> {
        self.object(node, "a path item")?;
        let mut layers = vec![node.clone()];
        // 3.1 lets a path item say more than the one it refers to; what it says itself goes first.
        let mut outer = node.clone();
        while let Some(reference) = outer.reference() {
            outer = self.target(&reference)?;
            if layers.len() > 64 || layers.iter().any(|layer| layer.at == outer.at) {
                self.fault(
                    Code::CyclicRef,
                    &node.at,
                    "the path item leads back to itself",
                    "refer to what is meant",
                );
                return None;
            }
            self.object(&outer, "a path item")?;
            layers.push(outer.clone());
        }
        let mut shared = Vec::new();
        for layer in layers.iter().rev() {
            shared.extend(self.list_at(layer, "parameters"));
        }
        let mut out = Object::new();
        let mut spelling = None;
        for method in METHODS {
            let Some((layer, operation)) = layers
                .iter()
                .find_map(|layer| Some((layer, layer.get(method)?)))
            else {
                continue;
            };
            let servers = self.servers(&operation).or_else(|| self.servers(layer));
            if let Some((template, mut operation)) = self.operation(path, &operation, &shared) {
                put(
                    &mut operation,
                    "servers",
                    servers.filter(|servers| !servers.is_empty()),
                );
                out.insert((*method).to_owned(), Value::Object(operation));
                spelling.get_or_insert(template);
            }
        }
        for layer in layers.iter().rev() {
            self.prose(layer, &["summary", "description"], &mut out);
        }
        Some((
            spelling.unwrap_or_else(|| path.to_owned()),
            Value::Object(out),
        ))
    }

    /// An operation and its path, both canonical.
    fn operation(
        &mut self,
        path: &str,
        node: &Node<'d>,
        shared: &[Node<'d>],
    ) -> Option<(String, Object)> {
        self.object(node, "an operation")?;
        let mut out = node_at(&node.at);
        put(
            &mut out,
            "operationId",
            self.text(node, "operationId")
                .filter(|id| !id.trim().is_empty()),
        );
        self.prose(node, &["summary", "description"], &mut out);
        let tags = self.operation_tags(node);
        put(&mut out, "tags", (!tags.is_empty()).then_some(tags));
        put(
            &mut out,
            "deprecated",
            self.flag(node, "deprecated").filter(|set| *set),
        );

        let mut own = shared.to_vec();
        own.extend(self.list_at(node, "parameters"));
        let mut parameters = self.parameters(&own);
        let template = Template::read(path);
        let path = template.spell(&mut parameters);
        for name in template.undeclared(&parameters) {
            parameters.push(undeclared_parameter(&name, node));
        }
        put(
            &mut out,
            "parameters",
            (!parameters.is_empty()).then_some(parameters),
        );

        put(&mut out, "requestBody", self.request_body(node));
        out.insert("responses".to_owned(), self.responses(node));
        put(&mut out, "security", self.requirements(node));
        Some((path, out))
    }

    fn operation_tags(&self, node: &Node<'d>) -> Vec<String> {
        let Some(said) = node.get("tags") else {
            return Vec::new();
        };
        if let Value::String(tag) = said.value {
            return vec![tag.clone()];
        }
        let tags = self.list_at(node, "tags");
        let name = |tag: &Node<'d>| as_text(tag.value).or_else(|| self.text(tag, "name"));
        tags.iter().filter_map(name).collect()
    }
}

/// The parameter that a path needs and the document forgot.
fn undeclared_parameter(name: &str, operation: &Node<'_>) -> Value {
    serde_json::json!({
        "name": name,
        "in": "path",
        "required": true,
        "schema": { "type": "string", AT: operation.at.0 },
        AT: operation.at.0,
    })
}
