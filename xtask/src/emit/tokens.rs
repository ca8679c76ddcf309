//! The small change: identifiers, types, documentation.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::plan::RustType;

/// An identifier. `plan::scope` made it one; a raw one where the language has taken the word since.
pub(super) fn ident(name: &str) -> Ident {
    match syn::parse_str::<Ident>(name) {
        Ok(_) => Ident::new(name, Span::call_site()),
        Err(_) => Ident::new(
            &format!(
                "r_{}",
                name.chars()
                    .filter(char::is_ascii_alphanumeric)
                    .collect::<String>()
            ),
            Span::call_site(),
        ),
    }
}

/// Documentation lines.
pub(super) fn docs<S: AsRef<str>>(lines: &[S]) -> TokenStream {
    let lines = lines.iter().map(|line| match line.as_ref() {
        "" => String::new(),
        line => format!(" {line}"),
    });
    quote!(#(#[doc = #lines])*)
}

/// Inner documentation lines.
pub(super) fn inner_docs<S: AsRef<str>>(lines: &[S]) -> TokenStream {
    let lines = lines.iter().map(|line| match line.as_ref() {
        "" => String::new(),
        line => format!(" {line}"),
    });
    quote!(#(#![doc = #lines])*)
}

/// The condition of a feature.
pub(super) fn cfg(feature: Option<&str>) -> TokenStream {
    feature
        .map(|feature| quote!(#[cfg(feature = #feature)]))
        .unwrap_or_default()
}

/// A type; models under `prefix`.
pub(super) fn ty(ty: &RustType, prefix: &TokenStream) -> TokenStream {
    let inner = |inner: &RustType| self::ty(inner, prefix);
    match ty {
        RustType::Model(name) => {
            let name = ident(name);
            quote!(#prefix #name)
        }
        RustType::Runtime(name) | RustType::Plain(name) => {
            let name = ident(name);
            quote!(#name)
        }
        RustType::Unit => quote!(()),
        RustType::Option(ty) => {
            let ty = inner(ty);
            quote!(Option<#ty>)
        }
        RustType::Patch(ty) => {
            let ty = inner(ty);
            quote!(Patch<#ty>)
        }
        RustType::Vec(ty) => {
            let ty = inner(ty);
            quote!(Vec<#ty>)
        }
        RustType::Map(ty) => {
            let ty = inner(ty);
            quote!(BTreeMap<String, #ty>)
        }
        RustType::Box(ty) => {
            let ty = inner(ty);
            quote!(Box<#ty>)
        }
    }
}

/// `use root::{a, b};`, or `use root::a;` for one.
pub(super) fn imports(root: &TokenStream, names: &[String]) -> TokenStream {
    let idents: Vec<Ident> = names.iter().map(|name| ident(name)).collect();
    match idents.as_slice() {
        [] => TokenStream::new(),
        [one] => quote!(use #root::#one;),
        many => quote!(use #root::{#(#many),*};),
    }
}
