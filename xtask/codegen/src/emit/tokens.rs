//! The small change: identifiers, conditions, order.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::plan::words::{by_version, is_keyword};

/// An identifier. `plan::scope` made it one; another one where the language has taken the word since.
pub(super) fn ident(name: &str) -> Ident {
    match is_identifier(name) {
        true => Ident::new(name, Span::call_site()),
        false => Ident::new(
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

/// Whether a name is an identifier. Nearly all tell so by their letters; a parser is asked about the others alone.
fn is_identifier(name: &str) -> bool {
    let start = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let letters = name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_');
    start && letters && name != "Self" && !is_keyword(name) || syn::parse_str::<Ident>(name).is_ok()
}

/// The condition of a feature.
pub(super) fn cfg(feature: Option<&str>) -> TokenStream {
    feature
        .map(|feature| quote!(#[cfg(feature = #feature)]))
        .unwrap_or_default()
}

/// Imports in the order of rustfmt, which is not that of modules: it knows numbers.
pub(super) fn in_order(mut uses: Vec<(&str, TokenStream)>) -> Vec<TokenStream> {
    uses.sort_by(|a, b| by_version(a.0, b.0));
    uses.into_iter().map(|(_, tokens)| tokens).collect()
}
