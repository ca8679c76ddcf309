//! Arguments of constructors and setters.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, Type};

use super::{attrs, types};

/// The types of arguments without `impl Into`: for `impl Into<i64>` a literal would be an `i32`.
const SCALARS: &[&str] = &["bool", "i32", "i64", "u64", "f64"];

/// Returns the type of an argument for a value of type `ty`.
pub fn argument_type(ty: &Type) -> TokenStream {
    let ty = types::type_argument(ty, "Box").unwrap_or(ty);
    if types::is_one_of(ty, SCALARS) {
        quote!(#ty)
    } else {
        quote!(impl ::core::convert::Into<#ty>)
    }
}

/// Returns the conversion of such an argument to a value of type `ty`.
pub fn convert_argument(ty: &Type, argument: &Ident) -> TokenStream {
    let boxed = types::type_argument(ty, "Box");
    let inner = boxed.unwrap_or(ty);
    let value = if types::is_one_of(inner, SCALARS) {
        quote!(#argument)
    } else {
        quote!(#argument.into())
    };
    if boxed.is_some() {
        quote!(::std::boxed::Box::new(#value))
    } else {
        value
    }
}

/// Returns the generics and arguments of the setter of an `Option`, and the value that it assigns.
pub fn option_assignment(ident: &Ident, inner: &Type) -> (TokenStream, TokenStream) {
    let option = quote!(::core::option::Option);
    assignment(ident, inner, "IntoOption", "into_option", &option)
}

/// Returns the generics and arguments of the setter of a `Patch`, and the value that it assigns.
pub fn patch_assignment(ident: &Ident, inner: &Type) -> (TokenStream, TokenStream) {
    let patch = quote!(::observatory_runtime::Patch);
    assignment(ident, inner, "IntoPatch", "into_patch", &patch)
}

fn assignment(
    ident: &Ident,
    inner: &Type,
    into: &str,
    method: &str,
    wrapper: &TokenStream,
) -> (TokenStream, TokenStream) {
    let boxed = types::type_argument(inner, "Box");
    let inner = boxed.unwrap_or(inner);
    let map = boxed.map(|_| quote!(.map(::std::boxed::Box::new)));
    // The type of the argument follows from that of the field, so that literals, `None` and `Some` need no annotation.
    if types::is_one_of(inner, SCALARS) {
        let signature = quote!((mut self, #ident: impl ::core::convert::Into<#wrapper<#inner>>));
        return (signature, quote!(#ident.into()#map));
    }
    // An `Option` converts to a `Value` too, so that `IntoOption` would be ambiguous.
    if types::is_one_of(inner, &["Value"]) {
        let signature = quote!((mut self, #ident: impl ::core::convert::Into<#inner>));
        return (signature, quote!(#wrapper::from(#ident.into())#map));
    }
    let (into, method) = (format_ident!("{into}"), format_ident!("{method}"));
    let into = quote!(::observatory_runtime::#into);
    let signature = quote!(<__Kind>(mut self, #ident: impl #into<#inner, __Kind>));
    // The bound makes the method visible without an import.
    (signature, quote!(#ident.#method()#map))
}

/// Returns the docs of a field for its setter, or a default.
pub fn docs(ident: &Ident, attrs: &[syn::Attribute]) -> TokenStream {
    let docs: Vec<_> = attrs::docs(attrs).collect();
    if docs.iter().any(|attr| attr.path().is_ident("doc")) {
        return quote!(#(#docs)*);
    }
    let text = format!("Sets `{ident}`.");
    quote!(#[doc = #text] #(#docs)*)
}
