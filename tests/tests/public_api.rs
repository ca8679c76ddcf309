//! What the runtime promises: every public item of it is in a snapshot, so that none changes unnoticed, and no other
//! crate's types are among them but those that say what they are for.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

use observatory_tests::shared::root;
use public_api::{PublicApi, PublicItem};

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

/// rustdoc's JSON, which the stable toolchain writes when it is told to behave like a nightly one.
fn rustdoc() -> PathBuf {
    let workspace = root();
    let target = workspace.join("target/public-api");
    // With the default transport, whose types must not show; without the cryptography, which is compiled from C.
    let features = "rustls-no-provider,blocking,tracing,testing,chrono,jiff,time";
    let done = Command::new(env!("CARGO"))
        .current_dir(&workspace)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", &target)
        .args([
            "rustdoc",
            "--quiet",
            "--package",
            "observatory-runtime",
            "--lib",
        ])
        .args(["--features", features])
        .args(["--", "-Z", "unstable-options", "--output-format", "json"])
        .args(["--cap-lints", "allow"])
        .status()
        .unwrap();
    assert!(done.success(), "rustdoc failed");
    target.join("doc/observatory_runtime.json")
}

fn api() -> PublicApi {
    let made = public_api::Builder::from_rustdoc_json(rustdoc())
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .build();
    made.unwrap_or_else(|why| {
        panic!(
            "{why}\nrustdoc's JSON is of another version where the toolchain is: choose the version of `public-api` in \
             tests/Cargo.toml that reads it"
        )
    })
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
    let api = api();
    let lines: Vec<String> = api.items().map(PublicItem::to_string).collect();
    // Beside the snapshots of fixtures, each of which has its fixture.
    insta::with_settings!({snapshot_path => "interface"}, {
        insta::assert_snapshot!("runtime", lines.join("\n"));
    });
    let named: BTreeSet<&str> = lines.iter().flat_map(|line| crates(line)).collect();
    assert_eq!(named, SHOWN.iter().copied().collect());
}
