//! Identifiers.

use proc_macro2::{Ident, Span};

use crate::plan::casing::is_keyword;

/// Returns an identifier. `plan::scope` chose the name, so it is valid; the fallback covers words that a later edition
/// of Rust reserves.
pub(super) fn ident(name: &str) -> Ident {
    if is_identifier(name) {
        return literal_ident(name);
    }
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    literal_ident(&format!("r_{letters}"))
}

/// Returns an identifier that is known to be valid, such as a name that is written in this module's callers.
pub(super) fn literal_ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// Returns whether `name` is a valid identifier. The first check covers nearly all names and avoids the parser.
fn is_identifier(name: &str) -> bool {
    let start = name.starts_with(|c: char| c.is_ascii_alphabetic());
    let letters = name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_');
    start && letters && name != "Self" && !is_keyword(name) || syn::parse_str::<Ident>(name).is_ok()
}
