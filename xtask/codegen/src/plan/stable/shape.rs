//! What a type consists of, as a digest: two of one shape are the same type under two names.
//!
//! It is made from words of its own, which stay as they are whatever `ir` calls things: with other words every digest
//! would be another, and what is renamed would not be known again until the lock is written anew.

use sha2::{Digest, Sha256};

use crate::hex::to_hex;
use crate::ir::{
    Api, Integer, Literal, Origin, Presence, Primitive, Shape, Tagging, TypeId, TypeRef,
};

/// Types written in place are told whole, as far as this.
const DEPTH: usize = 16;

/// The digest of a type. `token` says what a type with a name of its own is known by.
pub(super) fn shape(api: &Api, id: TypeId, token: &dyn Fn(TypeId) -> String) -> String {
    let mut text = String::new();
    Teller {
        api,
        token,
        own: id,
    }
    .shape(id, 0, &mut text);
    let digest = Sha256::digest(text.as_bytes());
    to_hex(digest.iter().take(6))
}

struct Teller<'a> {
    api: &'a Api,
    token: &'a dyn Fn(TypeId) -> String,
    /// The type itself, which a renamed one mentions by its new name.
    own: TypeId,
}

impl Teller<'_> {
    fn shape(&self, id: TypeId, depth: usize, out: &mut String) {
        match &self.api.types.get(id).shape {
            Shape::Alias(ty) => {
                out.push_str("alias ");
                self.ty(ty, depth, out);
            }
            Shape::Struct(object) => {
                out.push_str("struct{");
                let mut fields: Vec<_> = object.fields.iter().collect();
                fields.sort_by(|a, b| a.wire.cmp(&b.wire));
                for field in fields {
                    let wire = quoted(&field.wire);
                    out.push_str(&format!("{wire} {} ", presence(field.presence)));
                    self.ty(&field.ty, depth, out);
                }
                for constant in &object.constants {
                    let value = literal(&constant.value);
                    let wire = quoted(&constant.wire);
                    out.push_str(&format!("{wire}={value} {};", constant.required));
                }
                if let Some(extra) = &object.extra {
                    out.push_str("extra ");
                    self.ty(extra, depth, out);
                }
                out.push('}');
            }
            Shape::Enum(values) => {
                let values = values.values.iter();
                let mut values: Vec<&str> = values.map(|value| value.value.as_str()).collect();
                values.sort_unstable();
                out.push_str(&format!("enum{}", list(values)));
            }
            Shape::Union(union) => {
                match &union.tagging {
                    Tagging::Property(wire) => {
                        out.push_str(&format!("union by {}{{", quoted(wire)))
                    }
                    Tagging::Shape => out.push_str("union{"),
                }
                for variant in &union.variants {
                    out.push_str(&list(variant.tags.iter().map(String::as_str)));
                    self.ty(&variant.ty, depth, out);
                }
                out.push('}');
            }
        }
    }

    fn ty(&self, ty: &TypeRef, depth: usize, out: &mut String) {
        match ty {
            TypeRef::Named(id) if *id == self.own => out.push_str("self"),
            TypeRef::Named(id) => match &self.api.types.get(*id).origin {
                Origin::Inline { .. } if depth < DEPTH => self.shape(*id, depth + 1, out),
                Origin::Inline { .. } => out.push_str("deep"),
                Origin::Component(_) => out.push_str(&(self.token)(*id)),
            },
            TypeRef::Primitive(known) => out.push_str(&primitive(known)),
            TypeRef::List(inner) => self.held("list", inner, depth, out),
            TypeRef::Map(inner) => self.held("map", inner, depth, out),
            TypeRef::Nullable(inner) => self.held("null or", inner, depth, out),
        }
        out.push(';');
    }

    fn held(&self, what: &str, inner: &TypeRef, depth: usize, out: &mut String) {
        out.push_str(what);
        out.push(' ');
        self.ty(inner, depth, out);
    }
}

fn literal(value: &Literal) -> String {
    match value {
        Literal::Null => "null".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Integer(value) => value.to_string(),
        Literal::String(value) => quoted(value),
    }
}

/// A text as JSON has it, so that it ends where it ends.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn list<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(quoted).collect();
    format!("[{}]", texts.join(","))
}

fn presence(presence: Presence) -> &'static str {
    match presence {
        Presence::Required => "required",
        Presence::RequiredNullable => "required or null",
        Presence::Optional => "optional",
        Presence::OptionalNullable => "optional or null",
    }
}

fn primitive(primitive: &Primitive) -> String {
    let word = match primitive {
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
        } => return format!("string {}", quoted(format)),
        Primitive::Secret => "secret",
        Primitive::Timestamp => "time",
        Primitive::Bytes => "base64",
        Primitive::File => "file",
    };
    word.to_owned()
}
