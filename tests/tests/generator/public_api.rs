//! The public items of the runtime are in a snapshot, so that each change is reviewed. They name only types of the crates
//! in [`ALLOWED_CRATES`].

use std::collections::BTreeSet;
use std::sync::LazyLock;

use observatory_tests::repository::root;

use crate::rustdoc::Library;

/// Crates whose types may be in public items: those for HTTP, streams, JSON and time, but not the default transport.
const ALLOWED_CRATES: &[&str] = &[
    "alloc",
    "chrono",
    "core",
    "futures_core",
    "http",
    "jiff",
    "observatory_runtime",
    "serde_core",
    "serde_json",
    "std",
    "time",
];

/// Returns the public items, from one run of rustdoc for all tests.
fn public_items() -> &'static [String] {
    static ITEMS: LazyLock<Vec<String>> = LazyLock::new(list_public_items);
    &ITEMS
}

fn list_public_items() -> Vec<String> {
    let workspace = root();
    let library = Library {
        folder: &workspace,
        package: "observatory-runtime",
        // With the default transport, whose types must not be public; without its cryptography, which is compiled from C.
        features: "rustls-no-provider,blocking,tracing,testing,chrono,jiff,time",
        target: &workspace.join("target/public-api"),
    };
    library.lines()
}

/// Returns the crates that an item names.
fn named_crates(line: &str) -> impl Iterator<Item = &str> {
    let word = |c: char| !(c.is_alphanumeric() || c == '_' || c == ':');
    line.split(word)
        .filter_map(|path| path.split_once("::"))
        .map(|(root, _)| root)
        .filter(|root| root.starts_with(|c: char| c.is_ascii_lowercase()))
}

#[test]
#[ignore = "runs rustdoc: run scripts/test-all.sh"]
fn public_items_of_runtime_match_snapshot() {
    // Not in the folder of the fixtures' snapshots, where each has its fixture.
    insta::with_settings!({snapshot_path => "../interface", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("public_api__runtime", public_items().join("\n"));
    });
}

#[test]
#[ignore = "runs rustdoc: run scripts/test-all.sh"]
fn public_items_of_runtime_name_only_allowed_crates() {
    let items = public_items();
    let named: BTreeSet<&str> = items.iter().flat_map(|item| named_crates(item)).collect();
    assert_eq!(named, ALLOWED_CRATES.iter().copied().collect());
}
