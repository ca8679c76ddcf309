//! Printing a [`Plan`]: tokens in, text out. Decides nothing and cannot fail.

mod api;
mod client;
mod crate_files;
mod items;
mod layout;
mod models;
mod module;
mod nodes;
mod request;
mod tokens;

use crate::files::{Files, GENERATED_MARKER};
use crate::plan::{Layout, Plan};
use proc_macro2::TokenStream;
use syn::File;

/// The files of a crate.
pub fn emit(plan: &Plan) -> Files {
    let mut files = Files::default();
    if plan.options.layout == Layout::Crate {
        crate_files::emit(plan, &mut files);
    }
    client::emit(plan, &mut files);
    api::emit(plan, &mut files);
    models::emit(plan, &mut files);
    files
}

/// Returns the path that the generated modules are in: `crate`, or the module's own.
fn root(plan: &Plan) -> syn::Path {
    let path = match &plan.options.layout {
        Layout::Crate => "crate",
        Layout::Module(path) => path.as_str(),
    };
    // An invalid path is reported by the generator before anything is planned.
    syn::parse_str(path).unwrap_or_else(|_| syn::Path::from(tokens::ident("crate")))
}

/// Tokens as the tree of a file.
fn parsed(tokens: TokenStream) -> File {
    syn::parse2(tokens).unwrap_or_else(faulty)
}

/// What stands in a file whose tokens do not parse. They come from `quote`, so they do; should they ever not, the
/// compiler is told what is wrong.
fn faulty(why: syn::Error) -> File {
    syn::parse2(why.to_compile_error()).unwrap_or_else(|_| of_items(Vec::new()))
}

/// A file of these.
fn of_items(items: Vec<syn::Item>) -> File {
    File {
        shebang: None,
        attrs: Vec::new(),
        items,
    }
}

/// Prints a file of Rust under its first lines: the command that made it, and where it comes from.
fn print(plan: &Plan, files: &mut Files, path: String, place: &str, file: File) {
    let options = &plan.options;
    let (path, file) = match &options.layout {
        Layout::Crate => (path, file),
        Layout::Module(_) => (
            module::file_path(&path),
            module::relocate(file, &root(plan)),
        ),
    };
    let code = spaced(file);
    let version = if plan.version.is_empty() {
        String::new()
    } else {
        format!(" {}", one_line(&plan.version))
    };
    let place = if place.is_empty() {
        String::new()
    } else {
        format!(", {}", one_line(place))
    };
    let head = format!(
        "{GENERATED_MARKER}{}`\n// from {} ({}{version}){place}\n\n",
        options.command,
        options.document,
        one_line(&plan.title)
    );
    files.insert(path, head + &code);
}

/// The items with a blank line between them, but for runs of `use` and of `mod`.
fn spaced(file: File) -> String {
    let mut out = layout::unparse(file.attrs, Vec::new());
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    let mut run_before = None;
    for item in file.items {
        let run = run(&item);
        let together = run.is_some() && run == run_before;
        if !together && !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&layout::item(item));
        run_before = run;
    }
    out
}

/// What stands together without blank lines: imports, modules, and what modules give.
fn run(item: &syn::Item) -> Option<&'static str> {
    match item {
        syn::Item::Use(item) if matches!(item.vis, syn::Visibility::Public(_)) => Some("given"),
        syn::Item::Use(_) => Some("use"),
        syn::Item::Mod(item) if item.content.is_none() => Some("mod"),
        _ => None,
    }
}

/// A place in a comment: a pointer may hold any character of the document.
fn one_line(place: &str) -> String {
    place.chars().map(|c| if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}
