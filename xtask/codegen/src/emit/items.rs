//! Items as syntax trees: structs, enums, type aliases, and files of them.

use proc_macro2::TokenStream;
use syn::token::{Brace, Paren};
use syn::{
    Attribute, Field, FieldMutability, Fields, FieldsNamed, FieldsUnnamed, File, Generics, Item,
    ItemEnum, ItemStruct, ItemType, Token, Type, Variant, Visibility,
};

use super::attributes::{deprecated, docs};
use super::idents::ident;
use super::types::named_type;
use crate::plan::OldName;

/// Returns a file of these items.
pub(super) fn file_of_items(items: Vec<Item>) -> File {
    File {
        shebang: None,
        attrs: Vec::new(),
        items,
    }
}

/// Parses the tokens of a file.
pub(super) fn parse_file(tokens: TokenStream) -> File {
    syn::parse2(tokens).unwrap_or_else(error_file)
}

/// Returns a file that is a `compile_error!`. Tokens of `quote!` always parse; should they not, the compiler reports
/// the reason.
pub(super) fn error_file(error: syn::Error) -> File {
    syn::parse2(error.to_compile_error()).unwrap_or_else(|_| file_of_items(Vec::new()))
}

/// Returns `pub struct name { fields }`.
pub(super) fn struct_item(
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

/// Returns `pub name: ty`.
pub(super) fn public_field(attrs: Vec<Attribute>, name: &str, ty: Type) -> Field {
    Field {
        vis: public(),
        ..private_field(attrs, name, ty)
    }
}

/// Returns `name: ty`.
pub(super) fn private_field(attrs: Vec<Attribute>, name: &str, ty: Type) -> Field {
    Field {
        ident: Some(ident(name)),
        colon_token: Some(<Token![:]>::default()),
        ..unnamed_field(attrs, ty)
    }
}

fn unnamed_field(attrs: Vec<Attribute>, ty: Type) -> Field {
    Field {
        attrs,
        vis: Visibility::Inherited,
        mutability: FieldMutability::None,
        ident: None,
        colon_token: None,
        ty,
    }
}

/// Returns `pub enum name { variants }`.
pub(super) fn enum_item(
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

/// Returns `name`, or `name(payload)`.
pub(super) fn variant(attrs: Vec<Attribute>, name: &str, payload: Option<Type>) -> Variant {
    let fields = payload.map_or(Fields::Unit, |payload| {
        Fields::Unnamed(FieldsUnnamed {
            paren_token: Paren::default(),
            unnamed: std::iter::once(unnamed_field(Vec::new(), payload)).collect(),
        })
    });
    Variant {
        attrs,
        ident: ident(name),
        fields,
        discriminant: None,
    }
}

/// Returns `pub type name = ty;`.
pub(super) fn type_alias(attrs: Vec<Attribute>, name: &str, ty: Type) -> Item {
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

/// Returns a deprecated alias of the type `current` under its previous name.
pub(super) fn deprecated_alias(current: &str, name: &str, old: &OldName) -> Item {
    type_alias(deprecation(current, old), name, named_type(current))
}

/// Returns the attributes of a previous name: the current name, and the version that removes the previous one.
pub(super) fn deprecation(current: &str, old: &OldName) -> Vec<Attribute> {
    let until = &old.removed_in;
    let note = format!("renamed to `{current}`; this name will be removed in version {until}");
    let mut attrs = docs(&[format!("Deprecated name of `{current}`.")]);
    attrs.push(deprecated(&note));
    attrs
}

fn public() -> Visibility {
    Visibility::Public(<Token![pub]>::default())
}
