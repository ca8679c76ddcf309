//! What a type consists of, as a digest: two of one shape are the same type under two names.
//!
//! What it is made from is what `ir` calls things. When that changes, so does every digest, and until the lock is
//! written anew nothing that is renamed is known again; names by place stay all the same.

use sha2::{Digest, Sha256};

use crate::ir::{Api, Literal, Origin, Shape, TypeId, TypeRef};

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
    let bytes = digest.iter().take(6);
    bytes.map(|byte| format!("{byte:02x}")).collect()
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
                    out.push_str(&format!("{:?} {:?} ", field.wire, field.presence));
                    self.ty(&field.ty, depth, out);
                }
                for constant in &object.constants {
                    let value = literal(&constant.value);
                    out.push_str(&format!(
                        "{:?}={value} {};",
                        constant.wire, constant.required
                    ));
                }
                if let Some(extra) = &object.extra {
                    out.push_str("extra ");
                    self.ty(extra, depth, out);
                }
                out.push('}');
            }
            Shape::Enum(values) => {
                let mut values: Vec<_> = values.values.iter().map(|value| &value.value).collect();
                values.sort();
                out.push_str(&format!("enum{values:?}"));
            }
            Shape::Union(union) => {
                out.push_str(&format!("union {:?}{{", union.tagging));
                for variant in &union.variants {
                    out.push_str(&format!("{:?} ", variant.tags));
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
            TypeRef::Primitive(primitive) => out.push_str(&format!("{primitive:?}")),
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
        Literal::String(value) => format!("{value:?}"),
    }
}
