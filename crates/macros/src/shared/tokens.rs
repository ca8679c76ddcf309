//! Tokens that several derives emit.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Ident;

/// Returns the impls of `Serialize` and `Deserialize`, which forward to `Wire`.
pub fn serde_impls(name: &Ident) -> TokenStream {
    quote! {
        #[automatically_derived]
        impl ::observatory_runtime::private::Serialize for #name {
            fn serialize<__S: ::observatory_runtime::private::Serializer>(
                &self,
                __serializer: __S,
            ) -> ::core::result::Result<__S::Ok, __S::Error> {
                ::observatory_runtime::private::Wire::write(self, __serializer)
            }
        }

        #[automatically_derived]
        impl<'de> ::observatory_runtime::private::Deserialize<'de> for #name {
            fn deserialize<__D: ::observatory_runtime::private::Deserializer<'de>>(
                __deserializer: __D,
            ) -> ::core::result::Result<Self, __D::Error> {
                ::observatory_runtime::private::Wire::read(__deserializer)
            }
        }
    }
}

/// Returns an expression of type `Option`.
pub fn option<T: ToTokens>(value: Option<&T>) -> TokenStream {
    match value {
        Some(value) => quote!(::core::option::Option::Some(#value)),
        None => quote!(::core::option::Option::None),
    }
}
