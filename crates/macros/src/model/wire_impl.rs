//! The impl of `Wire` for a model.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::fields::{Field, Presence};
use crate::shared::{attrs, types};

/// Returns the impl of the runtime's `Wire`.
pub fn wire_impl(name: &Ident, fields: &[Field<'_>]) -> TokenStream {
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

            #[inline]
            fn placeholder() -> Self {
                Self { #(#blank)* }
            }

            #set
        }
    }
}

/// Returns the rule by which a union finds the variant that fits an object.
fn fit_rule(field: &Field<'_>) -> TokenStream {
    let Field {
        ty,
        presence,
        lenient,
        ..
    } = field;
    let score = quote!(<#ty as ::observatory_runtime::private::Wire>::match_score);
    let rule = match presence {
        Presence::Required => quote!(Required(#score)),
        Presence::Nullable(_) => quote!(Nullable(#score)),
        Presence::Patch(_) => quote!(OptionalNullable(#score)),
        // A null that the document allows is read as `None` intentionally.
        Presence::Optional(inner) if *lenient || types::is_one_of(inner, &["Value"]) => {
            quote!(OptionalNullable(#score))
        }
        Presence::Optional(_) | Presence::WriteOnly(_) | Presence::Extra(_) => {
            quote!(Optional(#score))
        }
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
        read_only,
        ..
    } = field;
    let write = match presence {
        Presence::Required | Presence::Nullable(_) => {
            quote!(__writer.write_field(#wire, &self.#ident);)
        }
        Presence::Optional(_) | Presence::WriteOnly(_) => {
            quote!(__writer.write_optional(#wire, &self.#ident);)
        }
        Presence::Patch(_) => quote!(__writer.write_patch(#wire, &self.#ident);),
        Presence::Fixed { literal, .. } => {
            quote!(__writer.write_fixed(#wire, &self.#ident, #literal);)
        }
        Presence::Extra(_) => quote!(__writer.write_extra(&self.#ident);),
    };
    if *read_only {
        quote!(if !__writer.omits_read_only() { #write })
    } else {
        write
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
        Presence::Optional(_) | Presence::WriteOnly(_) | Presence::Nullable(_) => {
            quote!(::core::option::Option::None)
        }
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
