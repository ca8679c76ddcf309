//! Digests of types: two types with the same digest have the same content under different names.
//!
//! The hashed text has its own vocabulary, independent of the names in `ir`. Do not change it: every digest in every
//! `names.lock` would change, and renamed types would no longer be recognized.

use sha2::{Digest, Sha256};

use crate::hex::to_hex;
use crate::ir::{
    Api, EnumType, Integer, Literal, Origin, Presence, Primitive, Shape, Tagging, TypeId, TypeRef,
};

/// The maximum nesting of inline types that the digest includes.
const MAX_DEPTH: usize = 16;

/// Returns the digest of a type. `reference` returns the text that represents a component type.
pub(super) fn type_digest(api: &Api, id: TypeId, reference: &dyn Fn(TypeId) -> String) -> String {
    let mut text = String::new();
    DigestText {
        api,
        reference,
        root: id,
    }
    .write_shape(id, 0, &mut text);
    let digest = Sha256::digest(text.as_bytes());
    to_hex(digest.iter().take(6))
}

/// Writes the text that is hashed.
struct DigestText<'a> {
    api: &'a Api,
    reference: &'a dyn Fn(TypeId) -> String,
    /// The type itself. References to it are written as `self`, because a renamed type refers to itself by another name.
    root: TypeId,
}

impl DigestText<'_> {
    fn write_shape(&self, id: TypeId, depth: usize, out: &mut String) {
        match &self.api.types.get(id).shape {
            Shape::Alias(ty) => {
                out.push_str("alias ");
                self.write_type(ty, depth, out);
            }
            Shape::Struct(object) => {
                out.push_str("struct{");
                let mut fields: Vec<_> = object.fields.iter().collect();
                fields.sort_by(|a, b| a.wire_name.cmp(&b.wire_name));
                for field in fields {
                    let wire_name = json_string(&field.wire_name);
                    out.push_str(&format!("{wire_name} {} ", presence_text(field.presence)));
                    self.write_type(&field.ty, depth, out);
                }
                for constant in &object.constants {
                    let value = literal_text(&constant.value);
                    let wire_name = json_string(&constant.wire_name);
                    out.push_str(&format!("{wire_name}={value} {};", constant.required));
                }
                if let Some(extra) = &object.extra {
                    out.push_str("extra ");
                    self.write_type(extra, depth, out);
                }
                out.push('}');
            }
            Shape::Enum(values) => {
                let texts = values.values.iter().map(|value| value.value.to_string());
                let mut texts: Vec<String> = texts.collect();
                texts.sort_unstable();
                let name = match values.ty {
                    EnumType::String => "enum",
                    EnumType::I64 | EnumType::I128 => "integer enum",
                };
                let texts = json_list(texts.iter().map(String::as_str));
                out.push_str(&format!("{name}{texts}"));
            }
            Shape::Union(union) => {
                match &union.tagging {
                    Tagging::Property(wire_name) => {
                        out.push_str(&format!("union by {}{{", json_string(wire_name)))
                    }
                    Tagging::Untagged => out.push_str("union{"),
                }
                for variant in &union.variants {
                    let tags: Vec<String> = variant.tags.iter().map(Literal::to_string).collect();
                    out.push_str(&json_list(tags.iter().map(String::as_str)));
                    self.write_type(&variant.ty, depth, out);
                }
                out.push('}');
            }
        }
    }

    fn write_type(&self, ty: &TypeRef, depth: usize, out: &mut String) {
        match ty {
            TypeRef::Named(id) if *id == self.root => out.push_str("self"),
            TypeRef::Named(id) => match &self.api.types.get(*id).origin {
                Origin::Inline { .. } if depth < MAX_DEPTH => self.write_shape(*id, depth + 1, out),
                Origin::Inline { .. } => out.push_str("deep"),
                Origin::Component(_) => out.push_str(&(self.reference)(*id)),
            },
            TypeRef::Primitive(primitive) => out.push_str(&primitive_text(primitive)),
            TypeRef::List(inner) => self.write_wrapped("list", inner, depth, out),
            TypeRef::Tuple(items) => {
                for item in items {
                    self.write_wrapped("tuple", item, depth, out);
                }
            }
            TypeRef::Map(inner) => self.write_wrapped("map", inner, depth, out),
            TypeRef::Nullable(inner) => self.write_wrapped("null or", inner, depth, out),
        }
        out.push(';');
    }

    fn write_wrapped(&self, wrapper: &str, inner: &TypeRef, depth: usize, out: &mut String) {
        out.push_str(wrapper);
        out.push(' ');
        self.write_type(inner, depth, out);
    }
}

fn literal_text(value: &Literal) -> String {
    match value {
        Literal::Null => "null".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Integer(value) => value.to_string(),
        Literal::Number(value) => value.to_string(),
        Literal::String(value) => json_string(value),
    }
}

/// Returns the text as a JSON string, whose end is unambiguous.
fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn json_list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(json_string).collect();
    format!("[{}]", texts.join(","))
}

fn presence_text(presence: Presence) -> &'static str {
    match presence {
        Presence::Required => "required",
        Presence::RequiredNullable => "required or null",
        Presence::Optional => "optional",
        Presence::OptionalNullable => "optional or null",
    }
}

fn primitive_text(primitive: &Primitive) -> String {
    let text = match primitive {
        Primitive::Any => "any",
        Primitive::Null => "null",
        Primitive::Bool => "boolean",
        Primitive::Integer(Integer::I32) => "int32",
        Primitive::Integer(Integer::I64) => "int64",
        Primitive::Integer(Integer::U64) => "uint64",
        Primitive::Integer(Integer::Big) => "integer",
        Primitive::Number => "number",
        Primitive::String { format: None } => "string",
        Primitive::String {
            format: Some(format),
        } => return format!("string {}", json_string(format)),
        Primitive::Secret => "secret",
        Primitive::Timestamp => "time",
        Primitive::Bytes => "base64",
        Primitive::File => "file",
    };
    text.to_owned()
}
