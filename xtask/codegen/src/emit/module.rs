//! Turning the files of a crate into those of a module: `mod.rs` instead of `src/lib.rs`, no features, and paths that
//! start at the module.

use syn::{Attribute, File, ImplItem, Item, ItemUse, Path, UsePath, UseTree};

/// Returns the path of a file in the module that has `path` in the crate.
pub(super) fn file_path(path: &str) -> String {
    match path {
        "src/lib.rs" => "mod.rs".to_owned(),
        path => path.strip_prefix("src/").unwrap_or(path).to_owned(),
    }
}

/// Removes what only a crate can have, and makes imports start at `module`.
pub(super) fn relocate(mut file: File, module: &Path) -> File {
    for item in &mut file.items {
        match item {
            Item::Use(item) => {
                remove_features(&mut item.attrs);
                rebase(item, module);
            }
            Item::Mod(item) => remove_features(&mut item.attrs),
            Item::Impl(item) => {
                for member in &mut item.items {
                    if let ImplItem::Fn(function) = member {
                        remove_features(&mut function.attrs);
                    }
                }
            }
            _ => {}
        }
    }
    file
}

fn remove_features(attrs: &mut Vec<Attribute>) {
    attrs.retain(|attr| !attr.path().is_ident("cfg"));
}

/// Replaces the `crate` that an import starts with.
fn rebase(item: &mut ItemUse, module: &Path) {
    let UseTree::Path(UsePath { ident, tree, .. }) = &mut item.tree else {
        return;
    };
    if ident != "crate" {
        return;
    }
    let mut tree = std::mem::replace(&mut **tree, UseTree::Group(empty_group()));
    for segment in module.segments.iter().rev() {
        tree = UseTree::Path(UsePath {
            ident: segment.ident.clone(),
            colon2_token: Default::default(),
            tree: Box::new(tree),
        });
    }
    item.tree = tree;
}

fn empty_group() -> syn::UseGroup {
    syn::UseGroup {
        brace_token: Default::default(),
        items: syn::punctuated::Punctuated::new(),
    }
}
