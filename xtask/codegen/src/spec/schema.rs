//! Converts the schemas of `openapiv3` to one type.
//!
//! `openapiv3` has a variant of `SchemaKind` for each simple combination of keywords, and `SchemaKind::Any` for all
//! others. All variants are converted to `AnySchema` first.

use indexmap::IndexMap;
use openapiv3::{
    self as oa, AnySchema, ReferenceOr, Schema as Raw, SchemaKind, Type, VariantOrUnknownOrEmpty,
};
use serde::Deserialize as _;
use serde_json::Value;

use super::document::{
    AdditionalProperties, Discriminator, EnumWords, Nullability, Schema, SchemaRef,
};
use crate::ir::{Access, Bound, Constraint, Docs, Pointer, SCHEMAS, SizeRange};

/// Returns the source pointer that `normalize` stored.
pub(super) fn source_pointer(extensions: &IndexMap<String, Value>) -> Pointer {
    let at = extensions.get("x-at").and_then(Value::as_str);
    at.map_or_else(Pointer::root, |at| Pointer(at.to_owned()))
}

/// Returns the reason of a deprecation.
pub(super) fn deprecation(extensions: &IndexMap<String, Value>) -> Option<String> {
    let text = extensions.get("x-deprecation").and_then(Value::as_str);
    text.map(str::to_owned)
}

/// Converts a schema or a reference.
pub(super) fn schema_ref(raw: ReferenceOr<Raw>) -> SchemaRef {
    match raw {
        ReferenceOr::Reference { reference } => SchemaRef::Named(component_key(reference)),
        ReferenceOr::Item(schema) => SchemaRef::Inline(Box::new(schema_from_raw(schema))),
    }
}

fn boxed_ref(raw: ReferenceOr<Box<Raw>>) -> SchemaRef {
    schema_ref(raw.unbox())
}

fn component_key(mut reference: String) -> String {
    if reference.starts_with(SCHEMAS) {
        reference.drain(..SCHEMAS.len());
    }
    reference
}

fn schema_from_raw(raw: Raw) -> Schema {
    let data = raw.schema_data;
    let mut schema = schema_from_any(into_any_schema(raw.schema_kind));
    schema.at = source_pointer(&data.extensions);
    schema.title = data.title;
    schema.docs = Docs {
        summary: None,
        description: data.description,
        deprecated: data.deprecated,
        deprecation: deprecation(&data.extensions),
    };
    let is_null = data.extensions.get("x-null") == Some(&Value::Bool(true));
    schema.nullability = match (is_null, data.nullable) {
        (true, _) => Nullability::OnlyNull,
        (false, true) => Nullability::Nullable,
        (false, false) => Nullability::NonNull,
    };
    schema.is_type_implied = data.extensions.contains_key("x-implied-type");
    schema.access = match (data.read_only, data.write_only) {
        (true, _) => Access::ReadOnly,
        (false, true) => Access::WriteOnly,
        (false, false) => Access::ReadWrite,
    };
    schema.tuple = tuple(&data.extensions);
    schema.enum_words = enum_words(&data.extensions);
    let media_type = data.extensions.get("x-media-type").and_then(Value::as_str);
    schema.media_type = media_type.map(str::to_owned);
    schema.default = data.default;
    schema.discriminator = data.discriminator.map(|raw| Discriminator {
        at: source_pointer(&raw.extensions),
        property: raw.property_name,
        mapping: raw
            .mapping
            .into_iter()
            .map(|(value, target)| (value, component_key(target)))
            .collect(),
        default: (raw.extensions.get("x-default-mapping"))
            .and_then(Value::as_str)
            .map(|target| component_key(target.to_owned())),
    });
    schema
}

/// Converts every variant to the one that has all keywords.
fn into_any_schema(kind: SchemaKind) -> AnySchema {
    let mut any = AnySchema::default();
    match kind {
        SchemaKind::Any(any) => return any,
        SchemaKind::OneOf { one_of } => any.one_of = one_of,
        SchemaKind::AnyOf { any_of } => any.any_of = any_of,
        SchemaKind::AllOf { all_of } => any.all_of = all_of,
        SchemaKind::Not { .. } => {}
        SchemaKind::Type(ty) => copy_type_keywords(ty, &mut any),
    }
    any
}

fn copy_type_keywords(ty: Type, any: &mut AnySchema) {
    let name = match ty {
        Type::String(ty) => {
            any.format = format_name(ty.format);
            any.pattern = ty.pattern;
            any.min_length = ty.min_length;
            any.max_length = ty.max_length;
            any.enumeration = enum_values(ty.enumeration);
            "string"
        }
        Type::Number(ty) => {
            any.format = format_name(ty.format);
            any.minimum = ty.minimum;
            any.maximum = ty.maximum;
            any.exclusive_minimum = Some(ty.exclusive_minimum);
            any.exclusive_maximum = Some(ty.exclusive_maximum);
            any.enumeration = enum_values(ty.enumeration);
            "number"
        }
        Type::Integer(ty) => {
            any.format = format_name(ty.format);
            any.minimum = ty.minimum.map(|bound| bound as f64);
            any.maximum = ty.maximum.map(|bound| bound as f64);
            any.exclusive_minimum = Some(ty.exclusive_minimum);
            any.exclusive_maximum = Some(ty.exclusive_maximum);
            any.enumeration = enum_values(ty.enumeration);
            "integer"
        }
        Type::Boolean(ty) => {
            any.enumeration = enum_values(ty.enumeration);
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

fn format_name<T: serde::Serialize>(format: VariantOrUnknownOrEmpty<T>) -> Option<String> {
    match format {
        VariantOrUnknownOrEmpty::Item(known) => serde_json::to_value(known)
            .ok()
            .and_then(|name| name.as_str().map(str::to_owned)),
        VariantOrUnknownOrEmpty::Unknown(name) => Some(name),
        VariantOrUnknownOrEmpty::Empty => None,
    }
}

/// Returns the schemas of a list of fixed length.
fn tuple(extensions: &IndexMap<String, Value>) -> Vec<SchemaRef> {
    let items = extensions.get("x-tuple").and_then(Value::as_array);
    let items = items.into_iter().flatten();
    let items = items.map(|item| ReferenceOr::<Raw>::deserialize(item).map(schema_ref));
    items.collect::<Result<_, _>>().unwrap_or_default()
}

/// Returns the words that `normalize` stored for values of `enum`.
fn enum_words(extensions: &IndexMap<String, Value>) -> Vec<EnumWords> {
    let words = extensions.get("x-enum-words").and_then(Value::as_array);
    let words = words.into_iter().flatten();
    let text = |words: &Value, key| words.get(key).and_then(Value::as_str).map(str::to_owned);
    let words = words.map(|words| EnumWords {
        value: words.get("value").cloned().unwrap_or_default(),
        name: text(words, "name"),
        description: text(words, "description"),
    });
    words.collect()
}

fn enum_values<T: Into<Value>>(enumeration: Vec<Option<T>>) -> Vec<Value> {
    enumeration
        .into_iter()
        .map(|value| value.map_or(Value::Null, Into::into))
        .collect()
}

fn schema_from_any(raw: AnySchema) -> Schema {
    Schema {
        constraints: read_constraints(&raw),
        json_type: raw.typ,
        format: raw.format,
        enum_values: raw
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
        additional: additional_properties(raw.additional_properties),
        items: raw.items.map(boxed_ref),
        all_of: raw.all_of.into_iter().map(schema_ref).collect(),
        one_of: raw.one_of.into_iter().map(schema_ref).collect(),
        any_of: raw.any_of.into_iter().map(schema_ref).collect(),
        ..Schema::default()
    }
}

fn additional_properties(raw: Option<oa::AdditionalProperties>) -> AdditionalProperties {
    match raw {
        None => AdditionalProperties::Unspecified,
        Some(oa::AdditionalProperties::Any(true)) => AdditionalProperties::Any,
        Some(oa::AdditionalProperties::Any(false)) => AdditionalProperties::Forbidden,
        Some(oa::AdditionalProperties::Schema(schema)) => {
            AdditionalProperties::Schema(schema_ref(*schema))
        }
    }
}

/// Returns the validation keywords, which restrict a value without changing its type.
fn read_constraints(raw: &AnySchema) -> Vec<Constraint> {
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
    // An enum of integers is a type of its own.
    let is_number = |value: &Value| value.is_number() || value.is_null();
    let is_fraction = |value: &Value| value.as_f64().is_some_and(|float| float.fract() != 0.0);
    if raw.enumeration.len() > 1
        && raw.enumeration.iter().all(is_number)
        && raw.enumeration.iter().any(is_fraction)
    {
        constraints.push(Constraint::OneOf(raw.enumeration.clone()));
    }
    constraints.extend(raw.pattern.clone().map(Constraint::Pattern));
    constraints
}

/// Returns a range, unless it includes every size.
fn size_range(min: Option<usize>, max: Option<usize>) -> Option<SizeRange> {
    (max.is_some() || min.is_some_and(|min| min > 0)).then_some(SizeRange { min, max })
}
