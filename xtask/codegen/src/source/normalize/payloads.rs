//! Webhooks and callbacks: the operations that the API calls. Their receiver needs the types of bodies and responses.

use serde_json::Value;

use super::canonical::{Object, canonical_node, insert_some};
use super::node::Node;
use super::normalizer::Normalizer;

impl<'d> Normalizer<'d> {
    /// Collects the webhooks of a document.
    pub(super) fn collect_webhooks(&mut self, root: &Node<'d>) {
        for (name, item) in self
            .component_section(root, "webhooks")
            .iter()
            .flat_map(Node::sorted_entries)
        {
            self.collect_payloads(name, item);
        }
    }

    /// Collects the callbacks of an operation.
    pub(super) fn collect_callbacks(&mut self, operation: &Node<'d>) {
        for (name, callback) in self
            .optional_object(operation, "callbacks")
            .iter()
            .flat_map(Node::sorted_entries)
        {
            let Some((callback, _)) = self.dereference(callback) else {
                continue;
            };
            // The keys are expressions for the URL.
            for (expression, item) in callback.sorted_entries() {
                if !expression.starts_with("x-") {
                    self.collect_payloads(name, item);
                }
            }
        }
    }

    /// Adds the operations of a path item that have a body or a response with one. Several of them are distinguished by
    /// their methods.
    fn collect_payloads(&mut self, name: &str, item: Node<'d>) {
        let Some((item, _)) = self.dereference(item) else {
            return;
        };
        if name.starts_with("x-") || self.expect_object(&item, "a path item").is_none() {
            return;
        }
        let operations = self.list_path_operations(&[item]);
        let has_several = operations.len() > 1;
        for (method, _, operation) in operations {
            if self.payload_pointers.contains(&operation.at.0)
                || self.expect_object(&operation, "an operation").is_none()
            {
                continue;
            }
            let body = self.normalize_request_body(&operation);
            let responses = self.normalize_responses(&operation);
            let has_content = |response: &Value| response.get("content").is_some();
            let mut all = responses.as_object().into_iter().flat_map(Object::values);
            if body.is_none() && !all.any(has_content) {
                continue;
            }
            let mut out = canonical_node(&operation.at);
            let name = match has_several {
                true => format!("{name} {}", method.key()),
                false => name.to_owned(),
            };
            out.insert("operationId".to_owned(), name.into());
            self.copy_strings(&operation, &["summary", "description"], &mut out);
            self.read_deprecation(&operation, &mut out);
            insert_some(&mut out, "requestBody", body);
            out.insert("responses".to_owned(), responses);
            self.payload_pointers.insert(operation.at.0.clone());
            self.payloads.push(Value::Object(out));
        }
    }
}
