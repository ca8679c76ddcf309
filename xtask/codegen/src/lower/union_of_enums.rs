//! A union of enums, or of enums and the primitive of their values, is one enum.

use std::borrow::Cow;

use indexmap::IndexSet;
use serde_json::Value;

use super::lowerer::Lowerer;
use super::scalar::{integral, is_text};
use crate::spec::{EnumWords, Schema, SchemaRef};

/// What the members of a union of scalars are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ScalarKind {
    String,
    Integer,
}

impl ScalarKind {
    fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
        }
    }
}

impl Lowerer<'_> {
    /// Merges the members of a union of strings, or of integers, to one schema: without values if every one is allowed.
    /// An enum is open, so that `enum | string` is the enum. An integer besides some values is an integer, because those
    /// are exceptions (`-1`). `None` for another union, and for integers without an enum.
    pub(super) fn merge_enums(&self, schema: &Schema, members: &[SchemaRef]) -> Option<Schema> {
        let members = members.iter().map(|member| self.effective_schema(member));
        let members: Vec<Cow<'_, Schema>> = members.collect();
        let kind = scalar_kind(members.first()?)?;
        if !members.iter().all(|one| scalar_kind(one) == Some(kind)) {
            return None;
        }
        let values = members.iter().flat_map(|member| &member.enum_values);
        let values: IndexSet<Value> = values.cloned().collect();
        if kind == ScalarKind::Integer && values.is_empty() {
            return None;
        }
        let is_any_integer = kind == ScalarKind::Integer
            && members.iter().any(|member| member.enum_values.is_empty());
        let values = if is_any_integer {
            IndexSet::new()
        } else {
            values
        };
        let format = members.iter().find_map(|member| member.format.clone());
        Some(Schema {
            enum_values: values.into_iter().collect(),
            enum_words: members.iter().flat_map(|one| member_words(one)).collect(),
            format: format.filter(|_| kind == ScalarKind::Integer),
            json_type: Some(kind.as_str().to_owned()),
            ..schema.clone()
        })
    }
}

/// Returns the kind of a member that is an enum, or any value of that kind.
fn scalar_kind(member: &Schema) -> Option<ScalarKind> {
    if member.is_union() {
        return None;
    }
    if member.enum_values.is_empty() {
        return match member.json_type.as_deref() {
            Some("string") if is_text(member.format.as_deref()) => Some(ScalarKind::String),
            Some("integer") => Some(ScalarKind::Integer),
            _ => None,
        };
    }
    let is_integer = |value: &Value| value.as_number().and_then(integral).is_some();
    if member.enum_values.iter().all(Value::is_string) {
        Some(ScalarKind::String)
    } else if member.enum_values.iter().all(is_integer) {
        Some(ScalarKind::Integer)
    } else {
        None
    }
}

/// Returns the words of a member's values. The title of a member with one integer is its name, as JSON Schema has no
/// other way to name a constant; a string names itself.
fn member_words(member: &Schema) -> Vec<EnumWords> {
    match member.enum_values.as_slice() {
        [value] if member.enum_words.is_empty() => vec![EnumWords {
            value: value.clone(),
            name: member.title.clone().filter(|_| value.is_number()),
            description: member.docs.description.clone(),
        }],
        _ => member.enum_words.clone(),
    }
}
