//! Schemas: from the many shapes `openapiv3` reads them into, to one.
//!
//! Its `SchemaKind::Any` does not mean "untyped": it is what a schema becomes that mixes keywords, so it is read in
//! full, and the neat kinds are brought into the same form first.

use indexmap::IndexMap;
use openapiv3::{
    AdditionalProperties, AnySchema, ReferenceOr, Schema as Raw, SchemaKind, Type,
    VariantOrUnknownOrEmpty,
};
use serde_json::Value;

use super::{Additional, Discriminator, Nullability, Schema, SchemaRef};
use crate::ir::{Bound, Constraint, Docs, Pointer, SCHEMAS, SizeRange};

/// The place that `normalize` noted.
pub(super) fn place(extensions: &IndexMap<String, Value>) -> Pointer {
    let at = extensions.get("x-at").and_then(Value::as_str);
    at.map_or_else(Pointer::root, |at| Pointer(at.to_owned()))
}

/// A schema or the name of one.
pub(super) fn schema_ref(raw: ReferenceOr<Raw>) -> SchemaRef {
    match raw {
        ReferenceOr::Reference { reference } => SchemaRef::Named(component(reference)),
        ReferenceOr::Item(schema) => SchemaRef::Inline(Box::new(convert(schema))),
    }
}

fn boxed_ref(raw: ReferenceOr<Box<Raw>>) -> SchemaRef {
    schema_ref(raw.unbox())
}

fn component(mut reference: String) -> String {
    if reference.starts_with(SCHEMAS) {
        reference.drain(..SCHEMAS.len());
    }
    reference
}

fn convert(raw: Raw) -> Schema {
    let data = raw.schema_data;
    let mut schema = any(flatten(raw.schema_kind));
    schema.at = place(&data.extensions);
    schema.title = data.title;
    schema.docs = Docs {
        summary: None,
        description: data.description,
        deprecated: data.deprecated,
    };
    let is_null = data.extensions.get("x-null") == Some(&Value::Bool(true));
    schema.nullability = match (is_null, data.nullable) {
        (true, _) => Nullability::OnlyNull,
        (false, true) => Nullability::Nullable,
        (false, false) => Nullability::NonNull,
    };
    schema.read_only = data.read_only;
    schema.default = data.default;
    schema.discriminator = data.discriminator.map(|raw| Discriminator {
        property: raw.property_name,
        mapping: raw
            .mapping
            .into_iter()
            .map(|(value, target)| (value, component(target)))
            .collect(),
    });
    schema
}

/// Every kind of schema in the form that can say everything.
fn flatten(kind: SchemaKind) -> AnySchema {
    let mut any = AnySchema::default();
    match kind {
        SchemaKind::Any(already) => return already,
        SchemaKind::OneOf { one_of } => any.one_of = one_of,
        SchemaKind::AnyOf { any_of } => any.any_of = any_of,
        SchemaKind::AllOf { all_of } => any.all_of = all_of,
        SchemaKind::Not { .. } => {}
        SchemaKind::Type(ty) => typed(ty, &mut any),
    }
    any
}

fn typed(ty: Type, any: &mut AnySchema) {
    let name = match ty {
        Type::String(ty) => {
            any.format = format(ty.format);
            any.pattern = ty.pattern;
            any.min_length = ty.min_length;
            any.max_length = ty.max_length;
            any.enumeration = values(ty.enumeration);
            "string"
        }
        Type::Number(ty) => {
            any.format = format(ty.format);
            any.minimum = ty.minimum;
            any.maximum = ty.maximum;
            any.exclusive_minimum = Some(ty.exclusive_minimum);
            any.exclusive_maximum = Some(ty.exclusive_maximum);
            any.enumeration = values(ty.enumeration);
            "number"
        }
        Type::Integer(ty) => {
            any.format = format(ty.format);
            any.minimum = ty.minimum.map(|bound| bound as f64);
            any.maximum = ty.maximum.map(|bound| bound as f64);
            any.exclusive_minimum = Some(ty.exclusive_minimum);
            any.exclusive_maximum = Some(ty.exclusive_maximum);
            any.enumeration = values(ty.enumeration);
            "integer"
        }
        Type::Boolean(ty) => {
            any.enumeration = values(ty.enumeration);
            "boolean"
        }
        Type::Object(ty) => {
            any.properties = ty.properties;
            any.required = ty.required;
            any.additional_properties = ty.additional_properties;
            "object"
        }
        Type::Array(ty) => {
            any.items = ty.items;
            any.min_items = ty.min_items;
            any.max_items = ty.max_items;
            "array"
        }
    };
    any.typ = Some(name.to_owned());
}

fn format<T: serde::Serialize>(format: VariantOrUnknownOrEmpty<T>) -> Option<String> {
    match format {
        VariantOrUnknownOrEmpty::Item(known) => serde_json::to_value(known)
            .ok()
            .and_then(|name| name.as_str().map(str::to_owned)),
        VariantOrUnknownOrEmpty::Unknown(name) => Some(name),
        VariantOrUnknownOrEmpty::Empty => None,
    }
}

fn values<T: Into<Value>>(enumeration: Vec<Option<T>>) -> Vec<Value> {
    enumeration
        .into_iter()
        .map(|value| value.map_or(Value::Null, Into::into))
        .collect()
}

fn any(raw: AnySchema) -> Schema {
    Schema {
        constraints: constraints(&raw),
        kind: raw.typ,
        format: raw.format,
        values: raw
            .enumeration
            .into_iter()
            .filter(|v| !v.is_null())
            .collect(),
        properties: raw
            .properties
            .into_iter()
            .map(|(k, v)| (k, boxed_ref(v)))
            .collect(),
        required: raw.required,
        additional: additional(raw.additional_properties),
        items: raw.items.map(boxed_ref),
        all_of: raw.all_of.into_iter().map(schema_ref).collect(),
        one_of: raw.one_of.into_iter().map(schema_ref).collect(),
        any_of: raw.any_of.into_iter().map(schema_ref).collect(),
        ..Schema::default()
    }
}

fn additional(raw: Option<AdditionalProperties>) -> Additional {
    match raw {
        None => Additional::Unsaid,
        Some(AdditionalProperties::Any(true)) => Additional::Any,
        Some(AdditionalProperties::Any(false)) => Additional::Denied,
        Some(AdditionalProperties::Schema(schema)) => Additional::Schema(schema_ref(*schema)),
    }
}

/// The validation keywords that restrict a value without changing its type.
fn constraints(raw: &AnySchema) -> Vec<Constraint> {
    let bound = |value: Option<f64>, exclusive: Option<bool>| {
        value.map(|value| Bound {
            value,
            is_exclusive: exclusive.unwrap_or(false),
        })
    };
    let mut constraints = Vec::new();
    constraints.extend(size_range(raw.min_length, raw.max_length).map(Constraint::Length));
    constraints.extend(size_range(raw.min_items, raw.max_items).map(Constraint::ItemCount));
    let min = bound(raw.minimum, raw.exclusive_minimum);
    let max = bound(raw.maximum, raw.exclusive_maximum);
    if min.is_some() || max.is_some() {
        constraints.push(Constraint::Range { min, max });
    }
    // An enum of numbers becomes no type of its own.
    let is_number = |value: &Value| value.is_number() || value.is_null();
    if raw.enumeration.len() > 1 && raw.enumeration.iter().all(is_number) {
        constraints.push(Constraint::OneOf(raw.enumeration.clone()));
    }
    constraints.extend(raw.pattern.clone().map(Constraint::Pattern));
    constraints
}

/// A range that excludes something: a lower limit of zero alone does not.
fn size_range(min: Option<usize>, max: Option<usize>) -> Option<SizeRange> {
    (max.is_some() || min.is_some_and(|min| min > 0)).then_some(SizeRange { min, max })
}
