//! `derive(StringEnum)`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Ident, LitStr, Result};

use crate::shared::{attrs, open_enum, tokens};

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let (known, unknown) = open_enum::variants(input, attrs::wire_values)?;
    let allow = open_enum::allow_deprecated(input);
    let text = text_impls(&input.ident, &known, &unknown.ident, allow.as_ref());
    let conversions = conversion_impls(&input.ident);
    let wire = wire_impl(&input.ident, &unknown.ident);
    let serde = tokens::serde_impls(&input.ident);
    Ok(quote!(#text #conversions #wire #serde))
}

/// Returns `as_str`, and the impl of the private trait `StringEnum`.
fn text_impls(
    name: &Ident,
    known: &[(&Ident, LitStr)],
    unknown: &Ident,
    allow: Option<&TokenStream>,
) -> TokenStream {
    let variants: Vec<_> = known.iter().map(|(variant, _)| variant).collect();
    let values: Vec<_> = known.iter().map(|(_, value)| value).collect();
    quote! {
        #allow
        impl #name {
            /// Returns the JSON value.
            #[inline]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #values,)*
                    Self::#unknown(value) => value,
                }
            }
        }

        #[automatically_derived]
        #allow
        impl ::observatory_runtime::private::StringEnum for #name {
            #[inline]
            fn from_known(text: &str) -> ::core::option::Option<Self> {
                ::core::option::Option::Some(match text {
                    #(#values => Self::#variants,)*
                    _ => return ::core::option::Option::None,
                })
            }

            #[inline]
            fn from_unknown(text: ::std::string::String) -> Self {
                Self::#unknown(text)
            }
        }
    }
}

/// Returns the impls of `Display`, `FromStr` and `From`.
fn conversion_impls(name: &Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Display for #name {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        #[automatically_derived]
        impl ::core::str::FromStr for #name {
            type Err = ::core::convert::Infallible;

            #[inline]
            fn from_str(
                text: &str,
            ) -> ::core::result::Result<Self, ::core::convert::Infallible> {
                ::core::result::Result::Ok(text.into())
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<&str> for #name {
            #[inline]
            fn from(text: &str) -> Self {
                ::observatory_runtime::private::string_enum_from_str(text)
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<&::std::string::String> for #name {
            #[inline]
            fn from(text: &::std::string::String) -> Self {
                ::observatory_runtime::private::string_enum_from_str(text)
            }
        }

        #[automatically_derived]
        impl ::core::convert::From<::std::string::String> for #name {
            #[inline]
            fn from(text: ::std::string::String) -> Self {
                ::observatory_runtime::private::string_enum_from_string(text)
            }
        }
    }
}

fn wire_impl(name: &Ident, unknown: &Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::observatory_runtime::private::Wire for #name {
            const IS_OBJECT: bool = false;

            #[inline]
            fn placeholder() -> Self {
                Self::#unknown(::std::string::String::new())
            }

            fn write<__S: ::observatory_runtime::private::Serializer>(
                &self,
                __serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                __serializer.serialize_str(self.as_str())
            }

            fn read<'de, __D: ::observatory_runtime::private::Deserializer<'de>>(
                __deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                ::observatory_runtime::private::read_string_enum(__deserializer)
            }

            #[inline]
            fn match_score(__content: &::observatory_runtime::private::BufferedValue<'_>, _matcher: &mut ::observatory_runtime::private::Matcher) -> ::observatory_runtime::private::MatchScore {
                ::observatory_runtime::private::score_string_enum::<Self>(__content)
            }
        }
    }
}
