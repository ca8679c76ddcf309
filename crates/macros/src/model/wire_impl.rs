//! The impl of `Wire` for a model.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::fields::{Field, Presence};
use crate::shared::{attrs, types};

/// The number of calls in a chain.
const MAX_CHAIN: usize = 16;

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
            const PROPERTIES: ::observatory_runtime::private::Properties =
                ::observatory_runtime::private::Properties(&[#(#keys),*], &[#(#rules),*]);
        }
    });
    let extra = fields.iter().find_map(|field| match field.presence {
        Presence::Extra(ty) => Some(quote! {
            const EXTRA_SCORE: ::core::option::Option<::observatory_runtime::private::ScoreFn> =
                ::core::option::Option::Some(<#ty as ::observatory_runtime::private::Wire>::match_score);
        }),
        _ => None,
    });
    let write = write_fields(fields);
    let blank = fields.iter().map(blank_field);
    let set = set_method(fields);
    quote! {
        #[automatically_derived]
        #allow
        impl ::observatory_runtime::private::Wire for #name {
            #tables
            #extra

            fn write_fields<__M: ::observatory_runtime::private::SerializeMap>(
                &self,
                __writer: &mut ::observatory_runtime::private::ObjectWriter<'_, __M>,
            ) {
                #write
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
    let rule = match presence {
        Presence::Required => quote!(REQUIRED_RULE),
        Presence::Nullable(_) => quote!(NULLABLE_RULE),
        Presence::Patch(_) => quote!(OPTIONAL_NULLABLE_RULE),
        // A null that the document allows is read as `None` intentionally.
        Presence::Optional(inner) if *lenient || types::is_one_of(inner, &["Value"]) => {
            quote!(OPTIONAL_NULLABLE_RULE)
        }
        Presence::Optional(_) | Presence::WriteOnly(_) | Presence::Extra(_) => {
            quote!(OPTIONAL_RULE)
        }
        Presence::Fixed { literal, optional } => {
            let variant = match optional {
                true => quote!(OptionalFixed),
                false => quote!(Fixed),
            };
            return quote!(::observatory_runtime::private::PropertyRule::#variant(#literal));
        }
    };
    quote!(<#ty as ::observatory_runtime::private::Wire>::#rule)
}

/// Returns the statements that write the fields. Calls are chained, which takes less to compile than a statement for
/// each, up to a depth that the compiler's stack allows.
fn write_fields(fields: &[Field<'_>]) -> TokenStream {
    let mut statements = TokenStream::new();
    let mut rest = fields.iter().map(write_field).peekable();
    while let Some((first, read_only)) = rest.next() {
        let mut chain = first;
        for _ in 1..MAX_CHAIN {
            let Some((call, _)) = rest.next_if(|(_, next)| *next == read_only) else {
                break;
            };
            chain.extend(call);
        }
        statements.extend(match read_only {
            true => quote!(if !__writer.omits_read_only() { __writer #chain; }),
            false => quote!(__writer #chain;),
        });
    }
    statements
}

/// Returns the call that writes a field, and whether the field is read-only.
fn write_field(field: &Field<'_>) -> (TokenStream, bool) {
    let Field {
        ident,
        wire,
        presence,
        read_only,
        ..
    } = field;
    let write = match presence {
        Presence::Required | Presence::Nullable(_) => {
            quote!(.write_field(#wire, &self.#ident))
        }
        Presence::Optional(_) | Presence::WriteOnly(_) => {
            quote!(.write_optional(#wire, &self.#ident))
        }
        Presence::Patch(_) => quote!(.write_patch(#wire, &self.#ident)),
        Presence::Fixed { literal, .. } => {
            quote!(.write_fixed(#wire, &self.#ident, #literal))
        }
        Presence::Extra(_) => quote!(.write_extra(&self.#ident)),
    };
    (write, *read_only)
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
            fn read_field<'de, __A: ::observatory_runtime::private::MapAccess<'de>>(
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
