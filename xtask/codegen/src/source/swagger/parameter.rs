//! Parameters, and the schemas that they contain.

use serde_json::Value;

use super::convert::{Converter, Object, Source, object};
use crate::ir::Pointer;

/// What a parameter becomes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Parameter,
    Body,
    FormField,
}

/// Keywords that belong to the schema in OpenAPI 3.
const SCHEMA_KEYWORDS: &[&str] = &[
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "x-nullable",
    "x-enum-varnames",
    "x-enumNames",
    "x-enum-descriptions",
    "x-enumDescriptions",
];

impl<'d> Converter<'d> {
    /// Returns what a parameter, or the one that it refers to, becomes.
    pub(super) fn kind(&self, parameter: &Source<'d>) -> Kind {
        match self.resolve(parameter.clone()).text("in") {
            Some("body") => Kind::Body,
            Some("formData") => Kind::FormField,
            _ => Kind::Parameter,
        }
    }

    /// Returns a parameter that is not part of a body. A reference to `#/parameters` stays one.
    pub(super) fn parameter(&mut self, parameter: &Source<'d>, at: &Pointer) -> Value {
        let reference = parameter.text("$ref").unwrap_or_default();
        let is_component = |name: &str| !name.contains('/');
        if reference
            .strip_prefix("#/parameters/")
            .is_some_and(is_component)
        {
            self.mount(at, parameter);
            return parameter.value.clone();
        }
        let source = self.resolve(parameter.clone());
        self.mount(at, &source);
        if source.value.get("schema").is_some() || source.value.get("type").is_none() {
            return source.value.clone();
        }
        let mut out = source.without(SCHEMA_KEYWORDS);
        out.remove("collectionFormat");
        self.insert_style(&source, at, &mut out);
        out.insert("schema".to_owned(), schema_of(&source).into());
        Value::Object(out)
    }

    /// Inserts the style of `collectionFormat`.
    fn insert_style(&mut self, source: &Source<'d>, at: &Pointer, out: &mut Object) {
        if source.text("type") != Some("array") {
            return;
        }
        let location = source.text("in").unwrap_or_default();
        let format = source.text("collectionFormat").unwrap_or("csv");
        let style = match (format, location) {
            ("csv", "query") => Some(("form", false)),
            ("csv", _) => Some(("simple", false)),
            ("multi", "query") => Some(("form", true)),
            ("ssv", "query") => Some(("spaceDelimited", false)),
            ("pipes", "query") => Some(("pipeDelimited", false)),
            _ => None,
        };
        match style {
            Some((style, explode)) => {
                out.insert("style".to_owned(), style.into());
                out.insert("explode".to_owned(), explode.into());
            }
            None => self.report_collection_format(source, at, format),
        }
        self.check_items(source, at);
    }

    /// Reports a `collectionFormat` that OpenAPI 3 has no style for.
    pub(super) fn report_collection_format(
        &mut self,
        source: &Source<'d>,
        at: &Pointer,
        format: &str,
    ) {
        let message = format!("`collectionFormat: {format}` has no equivalent here");
        let node = source
            .get("collectionFormat")
            .unwrap_or_else(|| source.clone());
        let help = "use csv, or for query parameters multi, ssv or pipes";
        self.report(at, &node, message, help);
    }

    /// Reports arrays in arrays, which OpenAPI 3 cannot join.
    pub(super) fn check_items(&mut self, source: &Source<'d>, at: &Pointer) {
        if let Some(items) = source.get("items")
            && items.text("type") == Some("array")
        {
            let message = "an array in an array has no equivalent in OpenAPI 3";
            self.report(at, &items, message, "describe the items as strings");
        }
    }
}

/// Returns the schema of a parameter, a form field or a header.
pub(super) fn schema_of(source: &Source<'_>) -> Object {
    let mut schema = source.without(&[]);
    schema.retain(|key, _| SCHEMA_KEYWORDS.contains(&key.as_str()));
    if source.text("type") == Some("file") {
        schema.insert("type".to_owned(), "string".into());
        schema.insert("format".to_owned(), "binary".into());
    }
    without_collection_formats(&mut schema);
    schema
}

fn without_collection_formats(schema: &mut Object) {
    schema.remove("collectionFormat");
    if let Some(Value::Object(items)) = schema.get_mut("items") {
        without_collection_formats(items);
    }
}

/// Returns a form field as the schema of a property, with its description.
pub(super) fn property_of(source: &Source<'_>) -> Value {
    let mut schema = match source.text("description") {
        Some(description) => object("description", description),
        None => Object::new(),
    };
    schema.extend(schema_of(source));
    Value::Object(schema)
}
