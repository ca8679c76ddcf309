//! Digests of types: two types with the same digest have the same content under different names.
//!
//! The hashed text has its own vocabulary, independent of the names in `ir`. Do not change it: every digest in every
//! `names.lock` would change, and renamed types would no longer be recognized.

use std::collections::BTreeMap;

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
        open: Vec::new(),
        recursive: BTreeMap::new(),
    }
    .write_shape(id, &mut text);
    let digest = Sha256::digest(text.as_bytes());
    to_hex(digest.iter().take(6))
}

/// Writes the text that is hashed.
struct DigestText<'a> {
    api: &'a Api,
    reference: &'a dyn Fn(TypeId) -> String,
    /// The type itself. References to it are written as `self`, because a renamed type refers to itself by another name.
    root: TypeId,
    /// The inline types around the one that is written.
    open: Vec<TypeId>,
    /// The inline types whose text refers to one around them, in the order in which they were written. Their text is not
    /// repeated: types that all refer to each other would have a text of exponential length.
    recursive: BTreeMap<TypeId, usize>,
}

impl<'a> DigestText<'a> {
    /// Writes the content of a type. Returns whether the text is cut: at a type around it, at a recursive one, or at
    /// [`MAX_DEPTH`].
    fn write_shape(&mut self, id: TypeId, out: &mut String) -> bool {
        let api: &'a Api = self.api;
        let mut is_cut = false;
        match &api.types.get(id).shape {
            Shape::Alias(ty) => {
                out.push_str("alias ");
                is_cut |= self.write_type(ty, out);
            }
            Shape::Struct(object) => {
                out.push_str("struct{");
                let mut fields: Vec<_> = object.fields.iter().collect();
                fields.sort_by(|a, b| a.wire_name.cmp(&b.wire_name));
                for field in fields {
                    let wire_name = json_string(&field.wire_name);
                    out.push_str(&format!("{wire_name} {} ", presence_text(field.presence)));
                    is_cut |= self.write_type(&field.ty, out);
                }
                for constant in &object.constants {
                    let value = literal_text(&constant.value);
                    let wire_name = json_string(&constant.wire_name);
                    out.push_str(&format!("{wire_name}={value} {};", constant.required));
                }
                if let Some(extra) = &object.extra {
                    out.push_str("extra ");
                    is_cut |= self.write_type(extra, out);
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
                    is_cut |= self.write_type(&variant.ty, out);
                }
                out.push('}');
            }
        }
        is_cut
    }

    /// Writes a type. Returns whether the text is cut, as [`write_shape`](Self::write_shape) does.
    fn write_type(&mut self, ty: &'a TypeRef, out: &mut String) -> bool {
        let is_cut = match ty {
            TypeRef::Named(id) if *id == self.root => {
                out.push_str("self");
                false
            }
            TypeRef::Named(id) => match &self.api.types.get(*id).origin {
                Origin::Inline { .. } => self.write_inline(*id, out),
                Origin::Component(_) => {
                    out.push_str(&(self.reference)(*id));
                    false
                }
            },
            TypeRef::Primitive(primitive) => {
                out.push_str(&primitive_text(primitive));
                false
            }
            TypeRef::List(inner) => self.write_wrapped("list", inner, out),
            TypeRef::Tuple(items) => {
                let mut is_cut = false;
                for item in items {
                    is_cut |= self.write_wrapped("tuple", item, out);
                }
                is_cut
            }
            TypeRef::Map(inner) => self.write_wrapped("map", inner, out),
            TypeRef::Nullable(inner) => self.write_wrapped("null or", inner, out),
        };
        out.push(';');
        is_cut
    }

    fn write_inline(&mut self, id: TypeId, out: &mut String) -> bool {
        let around = self.open.iter().rev().position(|open| *open == id);
        if let Some(levels) = around {
            out.push_str(&format!("around {levels}"));
            return true;
        }
        if let Some(index) = self.recursive.get(&id) {
            out.push_str(&format!("recursive {index}"));
            return true;
        }
        if self.open.len() >= MAX_DEPTH {
            out.push_str("deep");
            return true;
        }
        self.open.push(id);
        let is_cut = self.write_shape(id, out);
        self.open.pop();
        if is_cut {
            let index = self.recursive.len();
            self.recursive.insert(id, index);
        }
        is_cut
    }

    fn write_wrapped(&mut self, wrapper: &str, inner: &'a TypeRef, out: &mut String) -> bool {
        out.push_str(wrapper);
        out.push(' ');
        self.write_type(inner, out)
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
