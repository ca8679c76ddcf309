//! Normalizes path items and operations.

use std::collections::BTreeMap;

use serde_json::Value;

use super::canonical::{AT_KEY, Object, canonical_node, insert_some};
use super::node::{Node, scalar_to_string};
use super::normalizer::Normalizer;
use super::resolve::MAX_REFERENCES;
use super::template::PathTemplate;
use crate::diag::Code;
use crate::http_names::is_token;
use crate::inventory::absolute_path;
use crate::ir::Method;

impl<'d> Normalizer<'d> {
    /// Returns the canonical `paths`.
    pub(super) fn normalize_paths(&mut self, root: &Node<'d>) -> Value {
        let mut out = Object::new();
        // The paths of the source document by canonical path.
        let mut source_paths: BTreeMap<String, &str> = BTreeMap::new();
        for (path, item) in self
            .component_section(root, "paths")
            .iter()
            .flat_map(Node::sorted_entries)
        {
            if path.starts_with("x-") || item.value.is_null() {
                continue;
            }
            let absolute = absolute_path(path);
            let Some((canonical_path, canonical_item)) = self.normalize_path_item(&absolute, &item)
            else {
                continue;
            };
            if let Some(other) = source_paths.insert(canonical_path.clone(), path) {
                let message = format!("the paths `{path}` and `{other}` are the same");
                self.report(
                    Code::DuplicateOperation,
                    &item.at,
                    message,
                    "merge the two path items",
                );
            }
            out.insert(canonical_path, canonical_item);
        }
        Value::Object(out)
    }

    /// Returns the canonical path and the path item, with shared parameters and servers copied to the operations.
    fn normalize_path_item(&mut self, path: &str, node: &Node<'d>) -> Option<(String, Value)> {
        self.expect_object(node, "a path item")?;
        let mut layers = vec![node.clone()];
        // In 3.1, a path item with `$ref` may have own members, which override those of the target.
        let mut layer = node.clone();
        while let Some(reference) = layer.reference_node() {
            layer = self.resolve_target(&reference)?;
            if layers.len() > MAX_REFERENCES || layers.iter().any(|known| known.at == layer.at) {
                self.report(
                    Code::CyclicRef,
                    &node.at,
                    "the path item refers to itself",
                    "refer to a path item with operations",
                );
                return None;
            }
            self.expect_object(&layer, "a path item")?;
            layers.push(layer.clone());
        }
        let mut shared = Vec::new();
        for layer in layers.iter().rev() {
            shared.extend(self.optional_list(layer, "parameters"));
        }
        let mut out = Object::new();
        let mut canonical_path = None;
        let mut others = Object::new();
        for (method, layer, operation) in self.list_path_operations(&layers) {
            let servers = self
                .normalize_servers(&operation)
                .or_else(|| self.normalize_servers(&layer));
            if let Some((operation_path, mut operation)) =
                self.normalize_operation(path, &operation, &shared)
            {
                insert_some(
                    &mut operation,
                    "servers",
                    servers.filter(|servers| !servers.is_empty()),
                );
                match method {
                    Method::Query | Method::Other(_) => {
                        others.insert(method.as_str().to_owned(), Value::Object(operation))
                    }
                    _ => out.insert(method.key().to_owned(), Value::Object(operation)),
                };
                canonical_path.get_or_insert(operation_path);
            }
        }
        insert_some(
            &mut out,
            "x-other-operations",
            (!others.is_empty()).then_some(others),
        );
        for layer in layers.iter().rev() {
            self.copy_strings(layer, &["summary", "description"], &mut out);
        }
        Some((
            canonical_path.unwrap_or_else(|| path.to_owned()),
            Value::Object(out),
        ))
    }

    /// Returns the operations of a path item with their methods, and the layer of the path item that has each.
    pub(super) fn list_path_operations(
        &self,
        layers: &[Node<'d>],
    ) -> Vec<(Method, Node<'d>, Node<'d>)> {
        let mut found: Vec<(Method, Node<'d>, Node<'d>)> = Vec::new();
        for method in Method::ALL {
            let mut layers = layers.iter();
            let operation =
                layers.find_map(|layer| Some((layer.clone(), layer.get(method.key())?)));
            found.extend(operation.map(|(layer, operation)| (method.clone(), layer, operation)));
        }
        for layer in layers {
            let additional = self.optional_object(layer, "additionalOperations");
            for (name, operation) in additional.iter().flat_map(Node::sorted_entries) {
                if !is_token(name) {
                    let message = format!("`{name}` is not a method");
                    let help = "use letters, digits and `-`";
                    self.report(Code::WrongType, &operation.at, message, help);
                    continue;
                }
                let method = Method::from_name(name);
                if !found.iter().any(|(known, ..)| *known == method) {
                    found.push((method, layer.clone(), operation));
                }
            }
        }
        found
    }

    /// Returns the canonical path and the canonical operation.
    fn normalize_operation(
        &mut self,
        path: &str,
        node: &Node<'d>,
        shared: &[Node<'d>],
    ) -> Option<(String, Object)> {
        self.expect_object(node, "an operation")?;
        let mut out = canonical_node(&node.at);
        insert_some(
            &mut out,
            "operationId",
            self.optional_string(node, "operationId")
                .filter(|id| !id.trim().is_empty()),
        );
        self.copy_strings(node, &["summary", "description"], &mut out);
        let tags = self.normalize_operation_tags(node);
        insert_some(&mut out, "tags", (!tags.is_empty()).then_some(tags));
        self.read_deprecation(node, &mut out);

        let mut own = shared.to_vec();
        own.extend(self.optional_list(node, "parameters"));
        let mut parameters = self.normalize_parameters(&own);
        let template = PathTemplate::parse(path);
        let path = template.canonical_path(&mut parameters);
        for name in template.undeclared_variables(&parameters) {
            parameters.push(undeclared_parameter(&name, node));
        }
        insert_some(
            &mut out,
            "parameters",
            (!parameters.is_empty()).then_some(parameters),
        );

        insert_some(&mut out, "requestBody", self.normalize_request_body(node));
        out.insert("responses".to_owned(), self.normalize_responses(node));
        insert_some(&mut out, "security", self.normalize_requirements(node));
        self.collect_callbacks(node);
        Some((path, out))
    }

    fn normalize_operation_tags(&self, node: &Node<'d>) -> Vec<String> {
        let Some(tags) = node.get("tags") else {
            return Vec::new();
        };
        if let Value::String(tag) = tags.value {
            return vec![tag.clone()];
        }
        let tags = self.optional_list(node, "tags");
        let name = |tag: &Node<'d>| {
            scalar_to_string(tag.value).or_else(|| self.optional_string(tag, "name"))
        };
        tags.iter().filter_map(name).collect()
    }
}

/// Returns a parameter for a path variable without a parameter.
fn undeclared_parameter(name: &str, operation: &Node<'_>) -> Value {
    serde_json::json!({
        "name": name,
        "in": "path",
        "required": true,
        "schema": { "type": "string", AT_KEY: operation.at.0 },
        AT_KEY: operation.at.0,
    })
}
