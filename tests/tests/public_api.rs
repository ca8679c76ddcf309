//! What the runtime promises: every public item of it is in a snapshot, so that none changes unnoticed, and no other
//! crate's types are among them but those that say what they are for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod rustdoc;

use std::collections::BTreeSet;

use observatory_tests::shared::root;
use rustdoc::Library;

/// Crates whose types are in the interface: the vocabulary of HTTP, of streams, of JSON and of time. That of the default
/// transport is not.
const SHOWN: &[&str] = &[
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

fn interface() -> Vec<String> {
    let workspace = root();
    let library = Library {
        folder: &workspace,
        package: "observatory-runtime",
        // With the default transport, whose types must not show; without the cryptography, which is compiled from C.
        features: "rustls-no-provider,blocking,tracing,testing,chrono,jiff,time",
        target: &workspace.join("target/public-api"),
    };
    library.lines()
}

/// The crates whose items are named in a line.
fn crates(line: &str) -> impl Iterator<Item = &str> {
    let word = |c: char| !(c.is_alphanumeric() || c == '_' || c == ':');
    line.split(word)
        .filter_map(|path| path.split_once("::"))
        .map(|(root, _)| root)
        .filter(|root| root.starts_with(|c: char| c.is_ascii_lowercase()))
}

#[test]
fn the_runtime_s_interface() {
    let lines = interface();
    // Beside the snapshots of fixtures, each of which has its fixture.
    insta::with_settings!({snapshot_path => "interface"}, {
        insta::assert_snapshot!("runtime", lines.join("\n"));
    });
    let named: BTreeSet<&str> = lines.iter().flat_map(|line| crates(line)).collect();
    assert_eq!(named, SHOWN.iter().copied().collect());
}
