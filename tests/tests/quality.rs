//! Limits on size that keep the code readable, ours and the generated.

use std::fs;
use std::path::{Path, PathBuf};

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use xtask::repository::VendorFolder;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The longest function body, in lines between its braces.
#[derive(Default)]
struct Longest {
    lines: usize,
    name: String,
}

impl Longest {
    fn see(&mut self, name: &syn::Ident, block: &syn::Block) {
        let span = block.span();
        let lines = (span.end().line - span.start().line).saturating_sub(1);
        if lines > self.lines {
            *self = Self {
                lines,
                name: name.to_string(),
            };
        }
    }
}

impl<'ast> Visit<'ast> for Longest {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.see(&item.sig.ident, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.see(&item.sig.ident, &item.block);
        visit::visit_impl_item_fn(self, item);
    }
}

fn check(folders: &[&str], lines: usize, body: usize, generated: bool) {
    let mut files = Vec::new();
    for folder in folders {
        rust_files(&root().join(folder), &mut files);
    }
    assert!(files.len() > 10, "there is something to look at");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let marked = text.starts_with(observatory_codegen::files::GENERATED_MARKER);
        // Beside what is generated people write in `ext`.
        let theirs = file.components().any(|part| part.as_os_str() == "ext");
        if generated && theirs && !marked {
            continue;
        }
        if generated != marked {
            assert!(!generated, "{} does not say what made it", file.display());
            continue;
        }
        assert!(
            text.lines().count() <= lines,
            "{} has {} lines",
            file.display(),
            text.lines().count()
        );
        let mut longest = Longest::default();
        longest.visit_file(&syn::parse_file(&text).unwrap());
        assert!(
            longest.lines <= body,
            "{}: `{}` has {} lines",
            file.display(),
            longest.name,
            longest.lines
        );
    }
}

#[test]
fn generated_code_is_short() {
    let vendors = VendorFolder::find(&[]).unwrap();
    let crates = vendors.iter().map(|v| format!("crates/{}/src", v.name));
    let crates: Vec<String> = crates.collect();
    let crates: Vec<&str> = crates.iter().map(String::as_str).collect();
    check(&crates, 2000, 3, true);
}

#[test]
fn our_code_is_short() {
    check(
        &[
            "xtask/src",
            "xtask/bench/src",
            "xtask/codegen/src",
            "xtask/conformance/src",
            "crates/runtime/src",
            "crates/macros/src",
            "tests/src",
            "tests/tests",
        ],
        500,
        80,
        false,
    );
}
