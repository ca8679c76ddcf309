//! The keyword `type` in every spelling, and the type of schemas without it.

use serde_json::Value;

use super::draft::SchemaDraft;
use super::json_type::JsonType;
use crate::diag::Code;
use crate::source::normalize::node::{Node, type_name};
use crate::source::normalize::normalizer::Normalizer;

/// The meaning of one name in `type`.
enum TypeName {
    Null,
    Any,
    Type(JsonType),
    TypeWithFormat(JsonType, &'static str),
}

/// Parses a name in `type`, ignoring case. Also accepts names of other type systems that have one clear meaning.
fn parse_type_name(text: &str) -> Option<TypeName> {
    use TypeName::{Type, TypeWithFormat};
    Some(match text.to_ascii_lowercase().as_str() {
        "null" => TypeName::Null,
        "any" => TypeName::Any,
        "string" => Type(JsonType::String),
        "file" => TypeWithFormat(JsonType::String, "binary"),
        "uuid" => TypeWithFormat(JsonType::String, "uuid"),
        "date" => TypeWithFormat(JsonType::String, "date"),
        "datetime" | "date-time" => TypeWithFormat(JsonType::String, "date-time"),
        "number" => Type(JsonType::Number),
        "float" => TypeWithFormat(JsonType::Number, "float"),
        "double" => TypeWithFormat(JsonType::Number, "double"),
        "integer" | "int" => Type(JsonType::Integer),
        "int32" => TypeWithFormat(JsonType::Integer, "int32"),
        "int64" | "long" => TypeWithFormat(JsonType::Integer, "int64"),
        "boolean" | "bool" => Type(JsonType::Boolean),
        "object" => Type(JsonType::Object),
        "array" => Type(JsonType::Array),
        _ => return None,
    })
}

/// Returns whether a text is the name of a type, or a shorthand that is read as one.
pub(super) fn is_type_name(text: &str) -> bool {
    parse_type_name(text).is_some()
}

impl<'d> Normalizer<'d> {
    /// Reads `type` and the keywords that allow null.
    pub(super) fn read_types(&mut self, node: &Node<'d>, draft: &mut SchemaDraft) {
        for key in ["nullable", "x-nullable"] {
            draft.nullable |= self.optional_bool(node, key).unwrap_or(false);
        }
        let Some(node) = node.get_or_null("type") else {
            return;
        };
        let names: Vec<Node<'d>> = if node.value.is_array() {
            node.items().collect()
        } else {
            vec![node]
        };
        let mut has_null = false;
        let mut has_any = false;
        for name in names {
            match self.read_type_name(&name) {
                None => {}
                Some(TypeName::Null) => has_null = true,
                Some(TypeName::Any) => has_any = true,
                Some(TypeName::Type(ty)) => draft.add_type(ty),
                Some(TypeName::TypeWithFormat(ty, format)) => {
                    draft.format.get_or_insert_with(|| format.to_owned());
                    draft.add_type(ty);
                }
            }
        }
        draft.drop_integer_next_to_number();
        // All types but `integer`, which `number` includes.
        draft.allows_any_type = draft.types.len() == 5;
        if has_any {
            draft.types.clear();
        }
        draft.is_null_only = has_null && !has_any && draft.types.is_empty();
        draft.nullable |= has_null;
    }

    /// Returns the canonical schema for one that is only a type name (`items: string`).
    pub(super) fn schema_from_type_name(&mut self, name: &Node<'d>) -> Value {
        let mut draft = SchemaDraft::new(&name.at);
        match self.read_type_name(name) {
            Some(TypeName::Type(ty)) => draft.types.push(ty),
            Some(TypeName::TypeWithFormat(ty, format)) => {
                draft.types.push(ty);
                draft.format = Some(format.to_owned());
            }
            Some(TypeName::Null) => draft.is_null_only = true,
            Some(TypeName::Any) | None => {}
        }
        draft.into_canonical()
    }

    fn read_type_name(&self, name: &Node<'d>) -> Option<TypeName> {
        let shown = match name.value {
            Value::Null => return Some(TypeName::Null),
            Value::String(text) => match parse_type_name(text) {
                Some(parsed) => return Some(parsed),
                None => format!("`{text}`"),
            },
            other => type_name(other).to_owned(),
        };
        self.report(
            Code::WrongType,
            &name.at,
            format!("expected the name of a type, found {shown}"),
            "use string, number, integer, boolean, object, array or null",
        );
        None
    }
}

impl SchemaDraft {
    /// Infers the type of a schema without `type` from its other keywords.
    pub(super) fn infer_type(&mut self) {
        if !self.types.is_empty() {
            return;
        }
        if let Some(values) = self.enum_values.take() {
            for ty in values.iter().filter_map(JsonType::of) {
                self.add_type(ty);
            }
            self.drop_integer_next_to_number();
            self.enum_values = Some(values);
        } else if !self.object_keywords.is_empty() {
            self.types.push(JsonType::Object);
            self.is_type_implied = true;
        } else if !self.array_keywords.is_empty() {
            self.types.push(JsonType::Array);
            self.is_type_implied = true;
        } else if !self.is_composed() {
            // Next to other schemas, scalar keywords only restrict those.
            self.types.extend(self.infer_scalar_type());
        }
    }

    fn infer_scalar_type(&self) -> Option<JsonType> {
        let by_format = self.format.as_deref().and_then(JsonType::of_format);
        if by_format.is_some() {
            by_format
        } else if !self.string_keywords.is_empty() {
            Some(JsonType::String)
        } else if !self.number_keywords.is_empty() {
            Some(JsonType::Number)
        } else {
            None
        }
    }

    fn add_type(&mut self, ty: JsonType) {
        if !self.types.contains(&ty) {
            self.types.push(ty);
        }
    }

    /// Removes `integer` if there is `number`, which includes it.
    fn drop_integer_next_to_number(&mut self) {
        if self.types.contains(&JsonType::Number) {
            self.types.retain(|ty| *ty != JsonType::Integer);
        }
    }
}
