//! Keywords that restrict no instances: documentation, default, discriminator.

use serde_json::{Value, json};

use super::draft::SchemaDraft;
use super::json_type::JsonType;
use crate::diag::Code;
use crate::ir::SCHEMAS;
use crate::source::normalize::canonical::{
    AT_KEY, DEFAULT_MAPPING_KEY, Object, canonical_node, insert_some,
};
use crate::source::normalize::node::Node;
use crate::source::normalize::normalizer::Normalizer;

impl<'d> Normalizer<'d> {
    /// Reads documentation, flags, default and discriminator.
    pub(super) fn read_annotations(&mut self, node: &Node<'d>, draft: &mut SchemaDraft) {
        self.copy_strings(node, &["title", "description"], &mut draft.annotations);
        self.read_deprecation(node, &mut draft.annotations);
        for key in ["readOnly", "writeOnly"] {
            let set = self.optional_bool(node, key).filter(|set| *set);
            insert_some(&mut draft.annotations, key, set);
        }
        let default = node.get_or_null("default");
        let default = default.map(|default| default.value.clone());
        insert_some(&mut draft.annotations, "default", default);
        let discriminator = self.normalize_discriminator(node);
        insert_some(&mut draft.annotations, "discriminator", discriminator);
    }

    fn normalize_discriminator(&mut self, schema: &Node<'d>) -> Option<Value> {
        let node = schema.get("discriminator")?;
        // In Swagger 2.0, the discriminator is the name of the property.
        if let Value::String(name) = node.value {
            return Some(json!({ "propertyName": name, AT_KEY: node.at.0 }));
        }
        self.expect_object(&node, "`discriminator`")?;
        let name = self.required_string(&node, "propertyName", "the discriminator")?;
        let mut mapping = Object::new();
        for (tag, target) in self
            .optional_object(&node, "mapping")
            .iter()
            .flat_map(Node::sorted_entries)
        {
            if let Some(reference) = self.normalize_mapping_target(&target) {
                mapping.insert(tag.to_owned(), reference);
            }
        }
        let mut out = canonical_node(&node.at);
        out.insert("propertyName".to_owned(), name.into());
        insert_some(
            &mut out,
            "mapping",
            (!mapping.is_empty()).then_some(mapping),
        );
        let default = node.get("defaultMapping");
        let default = default.and_then(|target| self.normalize_mapping_target(&target));
        insert_some(&mut out, DEFAULT_MAPPING_KEY, default);
        Some(Value::Object(out))
    }

    /// Returns the canonical reference for the target of a mapping: a reference, or the key of a component.
    fn normalize_mapping_target(&mut self, target: &Node<'d>) -> Option<Value> {
        let Value::String(text) = target.value else {
            self.report_wrong_type(
                target,
                "a reference to a schema, a string",
                "write `#/components/schemas/…`",
            );
            return None;
        };
        let schemas = self
            .root
            .get("components")
            .and_then(|components| components.get("schemas"));
        if schemas.is_some_and(|schemas| schemas.get_or_null(text).is_some()) {
            return Some(format!("{SCHEMAS}{text}").into());
        }
        if !text.contains(['#', '/', '.']) {
            self.report(
                Code::DanglingRef,
                &target.at,
                format!("the schema `{text}` does not exist"),
                "use a key of components/schemas",
            );
            return None;
        }
        let schema = self.resolve_target(target)?;
        match self.schema_ref(&schema.at) {
            Value::Object(mut reference) => reference.remove("$ref"),
            _ => None,
        }
    }
}

/// Removes a default that is not an instance of the schema. Defaults are only documentation, and this one would
/// mislead.
pub(super) fn remove_invalid_default(schema: &mut Object) {
    let Some(default) = schema.get("default") else {
        return;
    };
    let is_invalid = match JsonType::of_schema(schema) {
        _ if default.is_null() => schema.get("nullable").is_none(),
        Some(ty) => !ty.accepts(default),
        None => false,
    };
    if is_invalid {
        schema.remove("default");
    }
}
