//! Turns the files of a crate into those of a module: `mod.rs` instead of `src/lib.rs`, no features, and paths that
//! start at the module.

use syn::{Attribute, File, ImplItem, Item, ItemUse, Path, UsePath, UseTree};

use super::idents::literal_ident;
use crate::plan::{Layout, Plan};

/// Returns the path that the generated modules are in: `crate`, or the module's own.
pub(super) fn root_path(plan: &Plan) -> Path {
    let path = match &plan.options.layout {
        Layout::Crate => "crate",
        Layout::Module(path) => path.as_str(),
    };
    // The generator has rejected an invalid path before planning.
    syn::parse_str(path).unwrap_or_else(|_| Path::from(literal_ident("crate")))
}

/// Returns the path of a file in the module that has `path` in the crate.
pub(super) fn module_file_path(path: &str) -> String {
    match path {
        "src/lib.rs" => "mod.rs".to_owned(),
        path => path.strip_prefix("src/").unwrap_or(path).to_owned(),
    }
}

/// Removes the conditions of features, and makes imports start at the module.
pub(super) fn relocate(mut file: File, plan: &Plan) -> File {
    let module = root_path(plan);
    remove_features(&mut file.attrs);
    for item in &mut file.items {
        match item {
            Item::Use(item) => {
                remove_features(&mut item.attrs);
                replace_crate(item, &module);
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
    let is_condition = |attr: &Attribute| {
        ["cfg", "cfg_attr"]
            .iter()
            .any(|name| attr.path().is_ident(name))
    };
    attrs.retain(|attr| !is_condition(attr));
}

/// Replaces the `crate` that an import starts with.
fn replace_crate(item: &mut ItemUse, module: &Path) {
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
