//! `use` items.

use proc_macro2::TokenStream;
use syn::token::Brace;
use syn::{ItemUse, Token, UseGroup, UseName, UsePath, UseTree, Visibility};

use super::idents::{ident, literal_ident};
use crate::plan::casing::compare_as_rustfmt;

/// Returns `use root::{a, b};`, `use root::a;` for one name, and nothing without names.
pub(super) fn import<S: AsRef<str>>(root: &[&str], names: &[S]) -> Option<ItemUse> {
    let leaf = |name: &S| {
        UseTree::Name(UseName {
            ident: ident(name.as_ref()),
        })
    };
    let last = match names {
        [] => return None,
        [one] => leaf(one),
        many => UseTree::Group(UseGroup {
            brace_token: Brace::default(),
            items: many.iter().map(leaf).collect(),
        }),
    };
    let below = |tree: UseTree, name: &&str| {
        UseTree::Path(UsePath {
            ident: literal_ident(name),
            colon2_token: <Token![::]>::default(),
            tree: Box::new(tree),
        })
    };
    Some(ItemUse {
        attrs: Vec::new(),
        vis: Visibility::Inherited,
        use_token: <Token![use]>::default(),
        leading_colon: None,
        tree: root.iter().rev().fold(last, below),
        semi_token: <Token![;]>::default(),
    })
}

/// Returns the import of `BTreeMap`, if it is needed.
pub(super) fn map_import(is_needed: bool) -> Option<ItemUse> {
    let names = is_needed.then_some("BTreeMap");
    import(&["std", "collections"], names.as_slice())
}

/// Sorts `use` items by their module as rustfmt does, which compares numbers in names by value.
pub(super) fn sort_like_rustfmt(mut uses: Vec<(&str, TokenStream)>) -> Vec<TokenStream> {
    uses.sort_by(|a, b| compare_as_rustfmt(a.0, b.0));
    uses.into_iter().map(|(_, tokens)| tokens).collect()
}
