//! `derive(Model)`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Attribute, Data, DeriveInput, Error, Fields, Ident, LitStr, Result, Type, spanned::Spanned,
};

use crate::attrs::{self, WireAttrs};
use crate::setters;

/// A field, and how it is serialized.
pub struct Field<'a> {
    pub ident: &'a Ident,
    pub ty: &'a Type,
    pub attrs: &'a [Attribute],
    /// The name of the JSON property.
    pub wire: LitStr,
    pub presence: Presence<'a>,
}

/// How a field is serialized. The type is the argument of `Option` or `Patch`, or the value of the map.
pub enum Presence<'a> {
    Required,
    /// `Option`: `None` is omitted.
    Optional(&'a Type),
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

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    attrs::reject_generics(input)?;
    let fields = parse_fields(input)?;
    let wire = wire_impl(&input.ident, &fields);
    let serde = attrs::serde_impls(&input.ident);
    let inherent = setters::inherent_impl(&input.ident, &fields, no_setters(&input.attrs)?);
    Ok(quote!(#wire #serde #inherent))
}

fn no_setters(attrs: &[Attribute]) -> Result<bool> {
    let mut found = false;
    for attr in attrs.iter().filter(|attr| attr.path().is_ident("model")) {
        attr.parse_nested_meta(|meta| {
            found = meta.path.is_ident("no_setters");
            if found {
                Ok(())
            } else {
                Err(meta.error("expected no_setters"))
            }
        })?;
    }
    Ok(found)
}

fn parse_fields(input: &DeriveInput) -> Result<Vec<Field<'_>>> {
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
    let wire = attrs.name.unwrap_or_else(|| attrs::field_name(ident));
    Ok(Field {
        ident,
        ty: &field.ty,
        attrs: &field.attrs,
        wire,
        presence,
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
    if attrs::is_one_of(ty, &["Fixed"]) {
        return Err(Error::new_spanned(
            ty,
            "expected #[wire(\"name\", fixed = …)] for a Fixed",
        ));
    }
    if let Some(word) = &attrs.extra {
        return attrs::map_value(ty).map_or_else(
            || invalid(word, "extra requires a BTreeMap"),
            |ty| Ok(Presence::Extra(ty)),
        );
    }
    match (
        attrs::type_argument(ty, "Option"),
        attrs::type_argument(ty, "Patch"),
    ) {
        (Some(inner), _) if attrs.nullable.is_some() => Ok(Presence::Nullable(inner)),
        (Some(inner), _) => Ok(Presence::Optional(inner)),
        (None, Some(inner)) => Ok(Presence::Patch(inner)),
        (None, None) => match attrs.nullable.as_ref().or(attrs.lenient.as_ref()) {
            Some(word) => invalid(word, "this requires an Option"),
            None => Ok(Presence::Required),
        },
    }
}

fn wire_impl(name: &Ident, fields: &[Field<'_>]) -> TokenStream {
    let allow = attrs::allow_deprecated(fields.iter().flat_map(|field| field.attrs));
    let named: Vec<_> = fields
        .iter()
        .filter(|field| !matches!(field.presence, Presence::Extra(_)))
        .collect();
    let tables = (!named.is_empty()).then(|| {
        let keys = named.iter().map(|field| &field.wire);
        let rules = named.iter().map(|field| fit_rule(field));
        quote! {
            const KEYS: &'static [&'static str] = &[#(#keys),*];
            const RULES: &'static [::observatory_runtime::private::PropertyRule] = &[#(#rules),*];
        }
    });
    let extra = fields.iter().find_map(|field| match field.presence {
        Presence::Extra(ty) => Some(quote! {
            const EXTRA_SCORE: ::core::option::Option<::observatory_runtime::private::ScoreFn> =
                ::core::option::Option::Some(<#ty as ::observatory_runtime::private::Wire>::match_score);
        }),
        _ => None,
    });
    let write = fields.iter().map(write_field);
    let blank = fields.iter().map(blank_field);
    let set = set_method(fields);
    quote! {
        #[automatically_derived]
        #allow
        impl ::observatory_runtime::private::Wire for #name {
            #tables
            #extra

            fn write_fields<__M: ::observatory_runtime::private::serde::ser::SerializeMap>(
                &self,
                __writer: &mut ::observatory_runtime::private::ObjectWriter<'_, __M>,
            ) {
                #(#write)*
            }

            fn placeholder() -> Self {
                Self { #(#blank)* }
            }

            #set
        }
    }
}

/// Returns the rule by which a union finds the variant that fits an object.
fn fit_rule(field: &Field<'_>) -> TokenStream {
    let Field { ty, presence, .. } = field;
    let score = quote!(<#ty as ::observatory_runtime::private::Wire>::match_score);
    let rule = match presence {
        Presence::Required => quote!(Required(#score)),
        Presence::Nullable(_) => quote!(Nullable(#score)),
        Presence::Optional(_) | Presence::Patch(_) | Presence::Extra(_) => quote!(Optional(#score)),
        Presence::Fixed {
            literal,
            optional: false,
        } => quote!(Fixed(#literal)),
        Presence::Fixed {
            literal,
            optional: true,
        } => quote!(OptionalFixed(#literal)),
    };
    quote!(::observatory_runtime::private::PropertyRule::#rule)
}

fn write_field(field: &Field<'_>) -> TokenStream {
    let Field {
        ident,
        wire,
        presence,
        ..
    } = field;
    match presence {
        Presence::Required | Presence::Nullable(_) => {
            quote!(__writer.write_field(#wire, &self.#ident);)
        }
        Presence::Optional(_) => quote!(__writer.write_optional(#wire, &self.#ident);),
        Presence::Patch(_) => quote!(__writer.write_patch(#wire, &self.#ident);),
        Presence::Fixed { literal, .. } => {
            quote!(__writer.write_fixed(#wire, &self.#ident, #literal);)
        }
        Presence::Extra(_) => quote!(__writer.write_extra(&self.#ident);),
    }
}

/// Returns the initializer of a field that is not read yet.
fn blank_field(
    Field {
        ident, presence, ..
    }: &Field<'_>,
) -> TokenStream {
    let value = match presence {
        Presence::Required => quote!(::observatory_runtime::private::Wire::placeholder()),
        Presence::Optional(_) | Presence::Nullable(_) => quote!(::core::option::Option::None),
        Presence::Patch(_) => quote!(::observatory_runtime::Patch::Absent),
        Presence::Fixed { .. } => quote!(::observatory_runtime::Fixed::Absent),
        Presence::Extra(_) => quote!(::std::collections::BTreeMap::new()),
    };
    quote!(#ident: #value,)
}

/// Returns the method that reads the field of an index; none for a type without fields.
fn set_method(fields: &[Field<'_>]) -> Option<TokenStream> {
    let (mut arms, mut other) = (Vec::new(), quote!(__object.skip_value()));
    for Field {
        ident, presence, ..
    } in fields
    {
        let index = arms.len();
        match presence {
            Presence::Extra(_) => other = quote!(__object.read_extra_into(&mut self.#ident)),
            Presence::Fixed { literal, .. } => {
                arms.push(quote!(#index => __object.read_fixed_into(&mut self.#ident, #literal),));
            }
            _ => arms.push(quote!(#index => __object.read_into(&mut self.#ident),)),
        }
    }
    (!fields.is_empty()).then(|| {
        quote! {
            fn read_field<'de, __A: ::observatory_runtime::private::serde::de::MapAccess<'de>>(
                &mut self,
                __index: usize,
                __object: &mut ::observatory_runtime::private::ObjectReader<'de, __A>,
            ) -> ::core::result::Result<(), __A::Error> {
                match __index {
                    #(#arms)*
                    _ => #other,
                }
            }
        }
    })
}
