//! Validation of the fields of forms and multipart bodies.

use serde_json::{Map, Value};

use super::validate::SchemaRequestValidator;
use crate::shared::lookup::DocumentLookup;
use observatory_codegen::diag::Error;
use observatory_codegen::ir::Pointer;

impl SchemaRequestValidator {
    /// Validates the fields of a form: required fields are present, and the text of each field fits its property.
    pub(super) fn validate_form(
        &self,
        schema: &str,
        encoding: Option<&Value>,
        fields: &Value,
    ) -> Result<Option<String>, Error> {
        let fields = fields.as_object().into_iter().flatten();
        let fields: Map<String, Value> = fields
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let resolved = DocumentLookup(&self.document).resolve(schema);
        let keyword = |key: &str| resolved.as_ref().and_then(|(_, schema)| schema.get(key));
        let required = keyword("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        for name in required.filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                return Ok(Some(format!("the form field `{name}` is missing")));
            }
        }
        let properties = keyword("properties").and_then(Value::as_object);
        let is_free_form = properties.is_none_or(Map::is_empty)
            || keyword("additionalProperties").is_some_and(|any| *any != false);
        for (name, value) in &fields {
            // `metadata[key]` belongs to `metadata`; its form depends on the style.
            let owner = name
                .split_once('[')
                .map_or(name.as_str(), |(owner, _)| owner);
            let is_described = |name: &str| properties.is_some_and(|all| all.contains_key(name));
            if is_free_form || owner != name && is_described(owner) {
                continue;
            }
            if self.is_exploded_property(schema, encoding, name) {
                continue;
            }
            if !is_described(name) {
                return Ok(Some(format!("the form field `{name}` is not described")));
            }
            let at = Pointer(schema.to_owned()).join("properties").join(name).0;
            if value.is_object() {
                let nested = encoding.and_then(|encoding| encoding.get(name)?.get("encoding"));
                if let Some(error) = self.validate_nested_form(&at, nested, value)? {
                    return Ok(Some(format!("in the form field `{name}`: {error}")));
                }
                continue;
            }
            let texts: Vec<String> = match value {
                Value::Array(items) => items
                    .iter()
                    .filter_map(Value::as_str)
                    .map(str::to_owned)
                    .collect(),
                value => value.as_str().map(str::to_owned).into_iter().collect(),
            };
            if !self.are_valid_texts(Some(&at), &texts, false)? {
                return Ok(Some(format!("the form field `{name}`: {texts:?}")));
            }
        }
        Ok(None)
    }

    /// Validates a form field that is a form itself: of an object by its properties, of a list by its items.
    fn validate_nested_form(
        &self,
        schema: &str,
        encoding: Option<&Value>,
        fields: &Value,
    ) -> Result<Option<String>, Error> {
        let resolved = DocumentLookup(&self.document).resolve(schema);
        let items = resolved
            .as_ref()
            .and_then(|(_, schema)| schema.get("items"));
        if items.is_none() {
            return self.validate_form(schema, encoding, fields);
        }
        let items = Pointer(schema.to_owned()).join("items").0;
        for (position, part) in fields.as_object().into_iter().flatten() {
            let texts: Vec<String> = part.as_str().map(str::to_owned).into_iter().collect();
            if !self.are_valid_texts(Some(&items), &texts, false)? {
                return Ok(Some(format!("the part `{position}`: {texts:?}")));
            }
        }
        Ok(None)
    }

    /// Returns whether a form field is a property of an object whose properties are fields of their own.
    fn is_exploded_property(&self, schema: &str, encoding: Option<&Value>, name: &str) -> bool {
        let encodings = encoding.and_then(Value::as_object).into_iter().flatten();
        let mut exploded = encodings.filter(|(_, encoding)| {
            let style = encoding.get("style").and_then(Value::as_str);
            style.is_some_and(|style| style == "form")
                && encoding.get("explode") != Some(&Value::Bool(false))
        });
        exploded.any(|(property, _)| {
            let at = Pointer(schema.to_owned()).join("properties").join(property);
            let resolved = DocumentLookup(&self.document).resolve(&at.0);
            let properties = resolved.and_then(|(_, schema)| schema.get("properties")?.as_object());
            properties.is_some_and(|all| all.contains_key(name))
        })
    }
}
