//! `derive(Model)`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Attribute, Data, DeriveInput, Error, Fields, Ident, LitStr, Result, Type, spanned::Spanned,
};

use crate::attrs::{self, FieldAttr};
use crate::setters;

/// A field, and how it travels.
pub struct Field<'a> {
    pub ident: &'a Ident,
    pub ty: &'a Type,
    pub attrs: &'a [Attribute],
    pub wire: LitStr,
    pub kind: Kind<'a>,
}

/// How a field travels. The type is the one inside `Option`, `Patch` or the map.
pub enum Kind<'a> {
    /// Always there.
    Required,
    /// `Option`: `None` is not sent.
    Optional(&'a Type),
    /// `Option`: `None` is sent as null.
    Nullable(&'a Type),
    /// `Patch`.
    Patch(&'a Type),
    /// `Fixed`.
    Fixed {
        literal: TokenStream,
        optional: bool,
    },
    /// Everything that has no name.
    Extra(&'a Type),
}

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    attrs::refuse_generics(input)?;
    let fields = fields(input)?;
    let wire = wire_impl(&input.ident, &fields);
    let serde = attrs::serde_impls(&input.ident);
    let inherent = setters::inherent(&input.ident, &fields, no_setters(&input.attrs)?);
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

fn fields(input: &DeriveInput) -> Result<Vec<Field<'_>>> {
    let expected = || Error::new(input.ident.span(), "a Model is a struct with named fields");
    let Data::Struct(data) = &input.data else {
        return Err(expected());
    };
    match &data.fields {
        Fields::Named(fields) => fields.named.iter().map(field).collect(),
        Fields::Unit => Ok(Vec::new()),
        Fields::Unnamed(_) => Err(expected()),
    }
}

fn field(field: &syn::Field) -> Result<Field<'_>> {
    let Some(ident) = &field.ident else {
        return Err(Error::new(field.span(), "expected a name"));
    };
    let attr = FieldAttr::of(&field.attrs)?;
    let kind = kind(&attr, &field.ty)?;
    let wire = attr.name.unwrap_or_else(|| {
        let name = ident.to_string();
        LitStr::new(name.strip_prefix("r#").unwrap_or(&name), ident.span())
    });
    Ok(Field {
        ident,
        ty: &field.ty,
        attrs: &field.attrs,
        wire,
        kind,
    })
}

fn kind<'a>(attr: &FieldAttr, ty: &'a Type) -> Result<Kind<'a>> {
    let wrong = |word: &Ident, message| Err(Error::new(word.span(), message));
    if let Some(literal) = attr.fixed.clone() {
        return Ok(Kind::Fixed {
            literal,
            optional: attr.optional.is_some(),
        });
    }
    if let Some(word) = &attr.optional {
        return wrong(word, "optional goes with fixed; otherwise the type says so");
    }
    if attrs::is_one_of(ty, &["Fixed"]) {
        return Err(Error::new_spanned(
            ty,
            "a Fixed needs #[wire(\"name\", fixed = …)]",
        ));
    }
    if let Some(word) = &attr.extra {
        return attrs::map_value(ty).map_or_else(
            || wrong(word, "extra goes with a BTreeMap"),
            |ty| Ok(Kind::Extra(ty)),
        );
    }
    match (attrs::argument(ty, "Option"), attrs::argument(ty, "Patch")) {
        (Some(inner), _) if attr.nullable.is_some() => Ok(Kind::Nullable(inner)),
        (Some(inner), _) => Ok(Kind::Optional(inner)),
        (None, Some(inner)) => Ok(Kind::Patch(inner)),
        (None, None) => match attr.nullable.as_ref().or(attr.lenient.as_ref()) {
            Some(word) => wrong(word, "this goes with an Option"),
            None => Ok(Kind::Required),
        },
    }
}

fn wire_impl(name: &Ident, fields: &[Field<'_>]) -> TokenStream {
    let allow = attrs::allow_deprecated(fields.iter().flat_map(|field| field.attrs));
    let named: Vec<_> = fields
        .iter()
        .filter(|field| !matches!(field.kind, Kind::Extra(_)))
        .collect();
    let tables = (!named.is_empty()).then(|| {
        let keys = named.iter().map(|field| &field.wire);
        let rules = named.iter().map(|field| rule(field));
        quote! {
            const KEYS: &'static [&'static str] = &[#(#keys),*];
            const RULES: &'static [::observatory_runtime::private::PropertyRule] = &[#(#rules),*];
        }
    });
    let extra = fields.iter().find_map(|field| match field.kind {
        Kind::Extra(ty) => Some(quote! {
            const EXTRA_SCORE: ::core::option::Option<::observatory_runtime::private::ScoreFn> =
                ::core::option::Option::Some(<#ty as ::observatory_runtime::private::Wire>::match_score);
        }),
        _ => None,
    });
    let write = fields.iter().map(write);
    let blank = fields.iter().map(blank);
    let set = set(fields);
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

fn rule(field: &Field<'_>) -> TokenStream {
    let Field { ty, kind, .. } = field;
    let judge = quote!(<#ty as ::observatory_runtime::private::Wire>::match_score);
    let rule = match kind {
        Kind::Required => quote!(Required(#judge)),
        Kind::Nullable(_) => quote!(Nullable(#judge)),
        Kind::Optional(_) | Kind::Patch(_) | Kind::Extra(_) => quote!(Optional(#judge)),
        Kind::Fixed {
            literal,
            optional: false,
        } => quote!(Fixed(#literal)),
        Kind::Fixed {
            literal,
            optional: true,
        } => quote!(OptionalFixed(#literal)),
    };
    quote!(::observatory_runtime::private::PropertyRule::#rule)
}

fn write(field: &Field<'_>) -> TokenStream {
    let Field {
        ident, wire, kind, ..
    } = field;
    match kind {
        Kind::Required | Kind::Nullable(_) => quote!(__writer.write_field(#wire, &self.#ident);),
        Kind::Optional(_) => quote!(__writer.write_optional(#wire, &self.#ident);),
        Kind::Patch(_) => quote!(__writer.write_patch(#wire, &self.#ident);),
        Kind::Fixed { literal, .. } => quote!(__writer.write_fixed(#wire, &self.#ident, #literal);),
        Kind::Extra(_) => quote!(__writer.write_extra(&self.#ident);),
    }
}

/// What a field is before it is read.
fn blank(Field { ident, kind, .. }: &Field<'_>) -> TokenStream {
    let value = match kind {
        Kind::Required => quote!(::observatory_runtime::private::Wire::placeholder()),
        Kind::Optional(_) | Kind::Nullable(_) => quote!(::core::option::Option::None),
        Kind::Patch(_) => quote!(::observatory_runtime::Patch::Absent),
        Kind::Fixed { .. } => quote!(::observatory_runtime::Fixed::Absent),
        Kind::Extra(_) => quote!(::std::collections::BTreeMap::new()),
    };
    quote!(#ident: #value,)
}

/// How the fields are read, one at a time; nothing where there are none.
fn set(fields: &[Field<'_>]) -> Option<TokenStream> {
    let (mut arms, mut other) = (Vec::new(), quote!(__object.skip_value()));
    for Field { ident, kind, .. } in fields {
        let index = arms.len();
        match kind {
            Kind::Extra(_) => other = quote!(__object.read_extra_into(&mut self.#ident)),
            Kind::Fixed { literal, .. } => {
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
