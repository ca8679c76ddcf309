//! The keywords of objects.

use indexmap::IndexSet;
use serde_json::Value;

use super::draft::SchemaDraft;
use super::types::is_type_name;
use super::unions::union_of;
use crate::diag::Code;
use crate::source::normalize::canonical::{Object, canonical_node, insert_some};
use crate::source::normalize::node::{Node, type_name};
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
                let schema = match is_misplaced_keyword(name, property.value) {
                    true => self.any_property(name, &property),
                    false => self.schema(&property),
                };
                out.insert(name.to_owned(), schema);
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

    /// Returns the schema of a property that is written as a keyword of the schema around it. Reports it.
    fn any_property(&self, name: &str, property: &Node<'d>) -> Value {
        let found = type_name(property.value);
        let message = format!(
            "`{name}` in `properties` is a property, and {found} is not a schema; the property can have any value"
        );
        let help = format!("move `{name}` out of `properties`, or write a schema");
        self.report(Code::IgnoredKeyword, &property.at, message, &help);
        Value::Object(canonical_node(&property.at))
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
        let names = required.items().map(|name| name.value);
        let names: IndexSet<&Value> = names.filter(|name| name.is_string()).collect();
        names.into_iter().cloned().collect()
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

/// Keywords of schemas that are easily written one level too deep, as a property.
const KEYWORDS: &[&str] = &[
    "additionalProperties",
    "allOf",
    "anyOf",
    "default",
    "description",
    "discriminator",
    "enum",
    "example",
    "examples",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "oneOf",
    "pattern",
    "prefixItems",
    "required",
    "title",
    "uniqueItems",
];

/// Returns whether a member of `properties` has the name of a keyword, and no schema as its value.
fn is_misplaced_keyword(name: &str, value: &Value) -> bool {
    let is_schema = match value {
        Value::Object(_) | Value::Bool(_) | Value::Null => true,
        Value::String(text) => is_type_name(text),
        Value::Array(_) | Value::Number(_) => false,
    };
    !is_schema && KEYWORDS.contains(&name)
}
