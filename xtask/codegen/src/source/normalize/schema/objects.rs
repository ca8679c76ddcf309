//! The keywords of objects.

use serde_json::Value;

use super::draft::SchemaDraft;
use super::unions::union_of;
use crate::source::normalize::canonical::{Object, insert_some};
use crate::source::normalize::node::Node;
use crate::source::normalize::normalizer::Normalizer;

impl<'d> Normalizer<'d> {
    /// Reads `properties`, `required`, and the keywords for additional properties.
    pub(super) fn read_object_keywords(&mut self, node: &Node<'d>, draft: &mut SchemaDraft) {
        if let Some(properties) = self.optional_object(node, "properties") {
            let is_ref = |node: &Node<'d>| node.value.is_string();
            if let Some(reference) = properties.reference_node().filter(is_ref) {
                // `properties: {$ref: …}` includes the properties of another schema.
                let target = self.resolve_target(&reference);
                let included = target.map(|target| self.schema_ref(&target.at));
                draft.all_of.extend(included);
            }
            let mut out = Object::new();
            for (name, property) in properties
                .sorted_entries()
                .filter(|(name, node)| *name != "$ref" || !is_ref(node))
            {
                out.insert(name.to_owned(), self.schema(&property));
            }
            let out = Value::Object(out);
            draft.object_keywords.insert("properties".to_owned(), out);
        }
        let required = self.required_names(node);
        let required = (!required.is_empty()).then_some(required);
        insert_some(&mut draft.object_keywords, "required", required);
        let additional = self.additional_properties(node);
        let keywords = &mut draft.object_keywords;
        insert_some(keywords, "additionalProperties", additional);
        self.read_counts(node, &["minProperties", "maxProperties"], keywords);
    }

    /// Returns the names in `required`. A boolean or a string, as in older drafts of JSON Schema, is ignored.
    fn required_names(&self, node: &Node<'d>) -> Vec<Value> {
        let Some(required) = node.get("required") else {
            return Vec::new();
        };
        match required.value {
            Value::Array(_) => {}
            Value::Bool(_) | Value::String(_) => return Vec::new(),
            _ => self.report_wrong_type(
                &required,
                "`required`, an array of names",
                "write an array of the names of required properties",
            ),
        }
        let mut names: Vec<Value> = Vec::new();
        for name in required.items().filter(|name| name.value.is_string()) {
            if !names.contains(name.value) {
                names.push(name.value.clone());
            }
        }
        names
    }

    /// Returns `additionalProperties`, made of all keywords for properties that are not in `properties`.
    fn additional_properties(&mut self, node: &Node<'d>) -> Option<Value> {
        let mut schemas = Vec::new();
        for (_, pattern) in self
            .optional_object(node, "patternProperties")
            .iter()
            .flat_map(Node::sorted_entries)
        {
            schemas.push(self.schema(&pattern));
        }
        let mut is_allowed = None;
        for key in ["additionalProperties", "unevaluatedProperties"] {
            let Some(additional) = node.get(key) else {
                continue;
            };
            match additional.value {
                Value::Object(_) if is_allowed.is_none() => {
                    schemas.push(self.schema(&additional));
                    is_allowed = Some(true);
                }
                Value::Object(_) => {}
                _ if key == "additionalProperties" => is_allowed = self.optional_bool(node, key),
                _ => {}
            }
        }
        let allows_any_value = || {
            let additional = node.get("additionalProperties");
            is_allowed == Some(true)
                && additional.is_some_and(|additional| !additional.value.is_object())
        };
        if schemas.is_empty() {
            is_allowed.map(Value::Bool)
        } else if allows_any_value() {
            Some(true.into())
        } else {
            union_of(&node.at, schemas)
        }
    }
}
