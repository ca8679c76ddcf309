//! The small change: identifiers, types, documentation.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::layout::WIDTH;
use crate::lock::OldName;
use crate::plan::{RustType, by_version};

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

/// Imports in the order of rustfmt, which is not that of modules: it knows numbers.
pub(super) fn in_order(mut uses: Vec<(&str, TokenStream)>) -> Vec<TokenStream> {
    uses.sort_by(|a, b| by_version(a.0, b.0));
    uses.into_iter().map(|(_, tokens)| tokens).collect()
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

/// `#[name(a, b)]`, or `#[name(a)] #[name(b)]` where rustfmt would break the line.
pub(super) fn attribute(name: &TokenStream, words: Vec<TokenStream>) -> TokenStream {
    let lengths = words.iter().map(|word| word.to_string().len() + ", ".len());
    if lengths.sum::<usize>() <= ARGUMENTS {
        quote!(#[#name(#(#words),*)])
    } else {
        quote!(#(#[#name(#words)])*)
    }
}

/// How much of a line rustfmt gives to an attribute's arguments: seven tenths.
const ARGUMENTS: usize = WIDTH * 7 / 10;

/// Why a name is deprecated.
pub(super) fn renamed(now: &str, old: &OldName) -> String {
    format!(
        "renamed to `{now}`; this name goes with version {}",
        old.until
    )
}

/// The documentation of an old name.
pub(super) fn old_docs(now: &str) -> TokenStream {
    docs(&[format!("The old name of `{now}`.")])
}

/// A type under the name that it had.
pub(super) fn old_type(now: &str, name: &str, old: &OldName) -> TokenStream {
    let (why, docs) = (renamed(now, old), old_docs(now));
    let (now, name) = (ident(now), ident(name));
    quote!(#docs #[deprecated = #why] pub type #name = #now;)
}
