//! `derive(IntegerEnum)`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{DeriveInput, Error, Fields, Ident, Result, Type, Variant};

use crate::shared::{attrs, open_enum, tokens, types};

/// What the impls need of an enum.
struct IntegerEnum<'a> {
    name: &'a Ident,
    variants: Vec<&'a Ident>,
    values: Vec<TokenStream>,
    unknown: &'a Ident,
    /// `i64` or `i128`.
    integer: Ident,
    allow: Option<TokenStream>,
}

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let (known, unknown) = open_enum::variants(input, attrs::integer_values)?;
    let (variants, values) = known.into_iter().unzip();
    let parts = IntegerEnum {
        name: &input.ident,
        variants,
        values,
        unknown: &unknown.ident,
        integer: integer_type(unknown)?,
        allow: open_enum::allow_deprecated(input),
    };
    let conversions = conversion_impls(&parts);
    let text = text_impls(&parts);
    let wire = wire_impl(&parts);
    let serde = tokens::serde_impls(&input.ident);
    Ok(quote!(#conversions #text #wire #serde))
}

/// Returns the type of unknown values.
fn integer_type(unknown: &Variant) -> Result<Ident> {
    let names = ["i64", "i128"];
    let is_known = |ty: &Type, name: &str| types::is_one_of(ty, &[name]);
    let found = match &unknown.fields {
        Fields::Unnamed(fields) => fields.unnamed.first().and_then(|field| {
            let mut names = names.into_iter();
            names.find(|name| is_known(&field.ty, name))
        }),
        _ => None,
    };
    let error = || Error::new_spanned(unknown, "expected a field of type `i64` or `i128`");
    let name = found.ok_or_else(error)?;
    Ok(Ident::new(name, unknown.ident.span()))
}

/// Returns `as_i64` or `as_i128`, and the conversions from and to integers.
fn conversion_impls(parts: &IntegerEnum<'_>) -> TokenStream {
    let IntegerEnum {
        name,
        variants,
        values,
        unknown,
        integer,
        allow,
    } = parts;
    let as_integer = format_ident!("as_{integer}");
    let narrower = match integer == "i128" {
        true => vec![
            format_ident!("i32"),
            format_ident!("i64"),
            format_ident!("u64"),
        ],
        false => vec![format_ident!("i32")],
    };
    quote! {
        #allow
        impl #name {
            /// Returns the JSON value.
            pub fn #as_integer(self) -> #integer {
                match self {
                    #(Self::#variants => #values,)*
                    Self::#unknown(value) => value,
                }
            }
        }

        #[automatically_derived]
        #allow
        impl ::core::convert::From<#integer> for #name {
            fn from(value: #integer) -> Self {
                match value {
                    #(#values => Self::#variants,)*
                    value => Self::#unknown(value),
                }
            }
        }

        #(
            #[automatically_derived]
            impl ::core::convert::From<#narrower> for #name {
                fn from(value: #narrower) -> Self {
                    Self::from(#integer::from(value))
                }
            }
        )*

        #[automatically_derived]
        impl ::core::convert::From<#name> for #integer {
            fn from(value: #name) -> Self {
                value.#as_integer()
            }
        }
    }
}

/// Returns the impls of `Display` and `FromStr`.
fn text_impls(parts: &IntegerEnum<'_>) -> TokenStream {
    let IntegerEnum { name, integer, .. } = parts;
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Display for #name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&#integer::from(*self), f)
            }
        }

        #[automatically_derived]
        impl ::core::str::FromStr for #name {
            type Err = ::core::num::ParseIntError;

            fn from_str(
                text: &str,
            ) -> ::core::result::Result<Self, ::core::num::ParseIntError> {
                ::core::result::Result::Ok(Self::from(text.parse::<#integer>()?))
            }
        }
    }
}

fn wire_impl(parts: &IntegerEnum<'_>) -> TokenStream {
    let IntegerEnum {
        name,
        unknown,
        integer,
        ..
    } = parts;
    quote! {
        #[automatically_derived]
        impl ::observatory_runtime::private::Wire for #name {
            const IS_OBJECT: bool = false;

            fn placeholder() -> Self {
                Self::#unknown(0)
            }

            fn write<__S: ::observatory_runtime::private::Serializer>(
                &self,
                __serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                ::observatory_runtime::private::Wire::write(&#integer::from(*self), __serializer)
            }

            fn read<'de, __D: ::observatory_runtime::private::Deserializer<'de>>(
                __deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                let value: #integer = ::observatory_runtime::private::Wire::read(__deserializer)?;
                ::core::result::Result::Ok(Self::from(value))
            }

            fn match_score(__content: &::observatory_runtime::private::BufferedValue<'_>, _matcher: &mut ::observatory_runtime::private::Matcher) -> ::observatory_runtime::private::MatchScore {
                ::observatory_runtime::private::score_integer_enum::<Self>(__content, |value| !::core::matches!(value, Self::#unknown(_)))
            }
        }
    }
}
