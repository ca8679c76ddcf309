//! Webhooks and callbacks: the operations that the API calls. A client needs only the types of their bodies.

use serde_json::Value;

use super::canonical::canonical_node;
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

    /// Adds the operations of a path item that have a body. Several of them are distinguished by their methods.
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
            let Some(body) = self.normalize_request_body(&operation) else {
                continue;
            };
            let mut out = canonical_node(&operation.at);
            let name = match has_several {
                true => format!("{name} {}", method.key()),
                false => name.to_owned(),
            };
            out.insert("operationId".to_owned(), name.into());
            self.copy_strings(&operation, &["summary", "description"], &mut out);
            self.read_deprecation(&operation, &mut out);
            out.insert("requestBody".to_owned(), body);
            out.insert("responses".to_owned(), Value::Object(Default::default()));
            self.payload_pointers.insert(operation.at.0.clone());
            self.payloads.push(Value::Object(out));
        }
    }
}
