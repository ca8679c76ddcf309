//! The fields of a model.

use proc_macro2::TokenStream;
use syn::{
    Attribute, Data, DeriveInput, Error, Fields, Ident, LitStr, Result, Type, spanned::Spanned,
};

use crate::shared::attrs::{self, WireAttrs};
use crate::shared::types;

/// A field, and how it is serialized.
pub struct Field<'a> {
    pub ident: &'a Ident,
    pub ty: &'a Type,
    pub attrs: &'a [Attribute],
    /// The name of the JSON property.
    pub wire: LitStr,
    pub presence: Presence<'a>,
    /// Whether the server sets the property, so that it is left out of requests and has no setter.
    pub read_only: bool,
    /// Whether a null is documented, and read as an absent value.
    pub lenient: bool,
}

/// How a field is serialized. The type is the argument of `Option` or `Patch`, or the value of the map.
pub enum Presence<'a> {
    Required,
    /// `Option`: `None` is omitted.
    Optional(&'a Type),
    /// `Option`: required of a request, so an argument of the constructor; absent from responses.
    WriteOnly(&'a Type),
    /// `Option`: `None` is null.
    Nullable(&'a Type),
    Patch(&'a Type),
    /// A single value.
    Fixed {
        literal: TokenStream,
        optional: bool,
    },
    /// The properties without a field.
    Extra(&'a Type),
}

pub fn parse_fields(input: &DeriveInput) -> Result<Vec<Field<'_>>> {
    let expected = || Error::new(input.ident.span(), "expected a struct with named fields");
    let Data::Struct(data) = &input.data else {
        return Err(expected());
    };
    match &data.fields {
        Fields::Named(fields) => fields.named.iter().map(parse_field).collect(),
        Fields::Unit => Ok(Vec::new()),
        Fields::Unnamed(_) => Err(expected()),
    }
}

fn parse_field(field: &syn::Field) -> Result<Field<'_>> {
    let Some(ident) = &field.ident else {
        return Err(Error::new(field.span(), "expected a named field"));
    };
    let attrs = WireAttrs::parse(&field.attrs)?;
    let presence = presence(&attrs, &field.ty)?;
    let wire = attrs
        .name
        .clone()
        .unwrap_or_else(|| attrs::field_name(ident));
    Ok(Field {
        ident,
        ty: &field.ty,
        attrs: &field.attrs,
        wire,
        presence,
        read_only: attrs.read_only.is_some(),
        lenient: attrs.lenient.is_some(),
    })
}

fn presence<'a>(attrs: &WireAttrs, ty: &'a Type) -> Result<Presence<'a>> {
    let invalid = |word: &Ident, message| Err(Error::new(word.span(), message));
    if let Some(literal) = attrs.fixed.clone() {
        return Ok(Presence::Fixed {
            literal,
            optional: attrs.optional.is_some(),
        });
    }
    if let Some(word) = &attrs.optional {
        return invalid(word, "optional requires fixed; use an Option otherwise");
    }
    if types::is_one_of(ty, &["Fixed"]) {
        return Err(Error::new_spanned(
            ty,
            "expected #[wire(\"name\", fixed = …)] for a Fixed",
        ));
    }
    if let Some(word) = &attrs.extra {
        return types::map_value(ty).map_or_else(
            || invalid(word, "extra requires a BTreeMap"),
            |ty| Ok(Presence::Extra(ty)),
        );
    }
    match (
        types::type_argument(ty, "Option"),
        types::type_argument(ty, "Patch"),
    ) {
        (Some(inner), _) if attrs.nullable.is_some() => Ok(Presence::Nullable(inner)),
        (Some(inner), _) if attrs.write_only.is_some() => Ok(Presence::WriteOnly(inner)),
        (Some(inner), _) => Ok(Presence::Optional(inner)),
        (None, Some(inner)) => Ok(Presence::Patch(inner)),
        (None, None) => match attrs.option_word() {
            Some(word) => invalid(word, "this requires an Option"),
            None => Ok(Presence::Required),
        },
    }
}
