//! Items as syntax trees: structs, enums, aliases.

use syn::token::{Brace, Paren};
use syn::{
    Attribute, Field, FieldMutability, Fields, FieldsNamed, FieldsUnnamed, Generics, Item,
    ItemEnum, ItemStruct, ItemType, Token, Type, Variant, Visibility,
};

use super::nodes::{docs_of, name_value, named_type, public};
use super::tokens::ident;
use crate::lock::OldName;

/// `pub struct name { fields }`.
pub(super) fn structure(
    attrs: Vec<Attribute>,
    name: &str,
    fields: impl Iterator<Item = Field>,
) -> Item {
    Item::Struct(ItemStruct {
        attrs,
        vis: public(),
        struct_token: <Token![struct]>::default(),
        ident: ident(name),
        generics: Generics::default(),
        fields: Fields::Named(FieldsNamed {
            brace_token: Brace::default(),
            named: fields.collect(),
        }),
        semi_token: None,
    })
}

/// `pub name: ty`.
pub(super) fn named(attrs: Vec<Attribute>, name: &str, ty: Type) -> Field {
    Field {
        vis: public(),
        ident: Some(ident(name)),
        colon_token: Some(<Token![:]>::default()),
        ..unnamed(attrs, ty)
    }
}

fn unnamed(attrs: Vec<Attribute>, ty: Type) -> Field {
    Field {
        attrs,
        vis: Visibility::Inherited,
        mutability: FieldMutability::None,
        ident: None,
        colon_token: None,
        ty,
    }
}

/// `pub enum name { variants }`.
pub(super) fn enumeration(
    attrs: Vec<Attribute>,
    name: &str,
    variants: impl Iterator<Item = Variant>,
) -> Item {
    Item::Enum(ItemEnum {
        attrs,
        vis: public(),
        enum_token: <Token![enum]>::default(),
        ident: ident(name),
        generics: Generics::default(),
        brace_token: Brace::default(),
        variants: variants.collect(),
    })
}

/// `name`, or `name(payload)`.
pub(super) fn variant(attrs: Vec<Attribute>, name: &str, payload: Option<Type>) -> Variant {
    let fields = payload.map_or(Fields::Unit, |payload| {
        Fields::Unnamed(FieldsUnnamed {
            paren_token: Paren::default(),
            unnamed: std::iter::once(unnamed(Vec::new(), payload)).collect(),
        })
    });
    Variant {
        attrs,
        ident: ident(name),
        fields,
        discriminant: None,
    }
}

/// `pub type name = ty;`.
pub(super) fn alias(attrs: Vec<Attribute>, name: &str, ty: Type) -> Item {
    Item::Type(ItemType {
        attrs,
        vis: public(),
        type_token: <Token![type]>::default(),
        ident: ident(name),
        generics: Generics::default(),
        eq_token: <Token![=]>::default(),
        ty: Box::new(ty),
        semi_token: <Token![;]>::default(),
    })
}

/// A type under the name that it had.
pub(super) fn old_type(now: &str, name: &str, old: &OldName) -> Item {
    alias(outdated(now, old), name, named_type(now))
}

/// What stands on an old name: what it is called now, and until when it is there.
pub(super) fn outdated(now: &str, old: &OldName) -> Vec<Attribute> {
    let until = &old.until;
    let why = format!("renamed to `{now}`; this name goes with version {until}");
    let mut attrs = docs_of(&format!("The old name of `{now}`."));
    attrs.push(name_value("deprecated", &why));
    attrs
}
