//! Size limits of hand-written and generated code.

use std::fs;

use observatory_tests::repository::{files, root};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use xtask::repository::VendorFolder;

/// The longest function: its name, and the lines between its braces.
#[derive(Default)]
struct LongestFunction {
    lines: usize,
    name: String,
}

impl LongestFunction {
    fn update(&mut self, name: &syn::Ident, block: &syn::Block) {
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

impl<'ast> Visit<'ast> for LongestFunction {
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.update(&item.sig.ident, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.update(&item.sig.ident, &item.block);
        visit::visit_impl_item_fn(self, item);
    }
}

/// Checks the Rust files in these folders, either the generated or the hand-written ones.
fn check_limits(folders: &[&str], max_file: usize, max_function: usize, generated: bool) {
    let folders = folders.iter().map(|folder| root().join(folder));
    let all: Vec<_> = folders.flat_map(|folder| files(&folder, "rs")).collect();
    assert!(all.len() > 10, "only {} files", all.len());
    for file in all {
        let text = fs::read_to_string(&file).unwrap();
        let has_marker = text.starts_with(observatory_codegen::files::GENERATED_MARKER);
        // In generated crates `ext` is written by hand.
        let is_extension = file.components().any(|part| part.as_os_str() == "ext");
        if generated && is_extension && !has_marker {
            continue;
        }
        if generated != has_marker {
            assert!(!generated, "{} has no @generated header", file.display());
            continue;
        }
        assert!(
            text.lines().count() <= max_file,
            "{} has {} lines",
            file.display(),
            text.lines().count()
        );
        // Files of types have no function: parsing them takes most of the time.
        if !text.contains("fn ") {
            continue;
        }
        let mut longest = LongestFunction::default();
        longest.visit_file(&syn::parse_file(&text).unwrap());
        assert!(
            longest.lines <= max_function,
            "{}: `{}` has {} lines",
            file.display(),
            longest.name,
            longest.lines
        );
    }
}

#[test]
fn generated_functions_are_short() {
    let vendors = VendorFolder::find(&[]).unwrap();
    let crates = vendors.iter().map(|v| format!("crates/{}/src", v.name));
    let crates: Vec<String> = crates.collect();
    let crates: Vec<&str> = crates.iter().map(String::as_str).collect();
    // A generated file has all operations, or all types, of a resource.
    check_limits(&crates, usize::MAX, 3, true);
}

#[test]
fn hand_written_files_and_functions_are_short() {
    check_limits(
        &[
            "xtask/src",
            "xtask/bench/src",
            "xtask/codegen/src",
            "xtask/conformance/src",
            "crates/runtime/src",
            "crates/macros/src",
            "crates/observatory/src",
            "crates/observatory-macros/src",
            "tests/src",
            "tests/tests",
            "tests/clients/tests",
        ],
        500,
        80,
        false,
    );
}
