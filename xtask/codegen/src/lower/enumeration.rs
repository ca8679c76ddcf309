//! `enum`: an enum of strings or of integers is a type of its own, any other is the primitive of its values.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::lowerer::{Location, Lowerer};
use super::scalar::{integral, primitive};
use crate::ir::{
    Docs, Enum, EnumType, EnumValue, Integer, Literal, Primitive, Shape, TypeId, TypeRef,
};
use crate::spec::{EnumWords, Schema};

impl Lowerer<'_> {
    /// Lowers a schema with an `enum`. The values decide, because the `type` next to them may contradict them.
    pub(super) fn lower_enum(
        &mut self,
        schema: &Schema,
        location: &Location,
        component: Option<TypeId>,
    ) -> TypeRef {
        let values = &schema.enum_values;
        let Some(ty) = enum_type(schema) else {
            return TypeRef::Primitive(if values.iter().all(Value::is_boolean) {
                Primitive::Bool
            } else if values.iter().all(Value::is_number) {
                match schema.json_type.as_deref() {
                    // Beyond 64 bits.
                    Some("integer") => Primitive::Integer(Integer::Big),
                    _ => Primitive::Number,
                }
            } else {
                Primitive::Any
            });
        };
        let words = schema.enum_words.iter().rev();
        let words: BTreeMap<String, &EnumWords> = words
            .map(|words| (words.value.to_string(), words))
            .collect();
        // `1` and `1.0` are one value.
        let mut integers = BTreeSet::new();
        let known = values.iter().filter_map(|value| {
            let value = enum_value(value, words.get(&value.to_string()).copied())?;
            match value.value {
                Literal::Integer(integer) => integers.insert(integer).then_some(value),
                _ => Some(value),
            }
        });
        let known: Vec<EnumValue> = known.collect();
        let id = self.type_id(schema, location, component);
        self.types.get_mut(id).shape = Shape::Enum(Enum { ty, values: known });
        TypeRef::Named(id)
    }
}

/// Returns the type of the values if they make an enum of their own.
fn enum_type(schema: &Schema) -> Option<EnumType> {
    let values = &schema.enum_values;
    if values.iter().all(Value::is_string) {
        return Some(EnumType::String);
    }
    let integers = values.iter().map(|value| integral(value.as_number()?));
    let integers: Vec<i128> = integers.collect::<Option<_>>()?;
    let declared = primitive("integer", schema.format.as_deref());
    let is_wide = matches!(declared, Primitive::Integer(Integer::U64 | Integer::Big))
        || integers.iter().any(|value| i64::try_from(*value).is_err());
    Some(match is_wide {
        true => EnumType::I128,
        false => EnumType::I64,
    })
}

/// Returns a value with its words.
fn enum_value(value: &Value, words: Option<&EnumWords>) -> Option<EnumValue> {
    let literal = match value {
        Value::String(text) => Literal::String(text.clone()),
        Value::Number(number) => Literal::Integer(integral(number)?),
        _ => return None,
    };
    Some(EnumValue {
        value: literal,
        name: words.and_then(|words| words.name.clone()),
        docs: Docs {
            description: words.and_then(|words| words.description.clone()),
            ..Docs::default()
        },
    })
}
