//! One construct a fixture: what is generated from it, and what is said about it, as snapshots.
//!
//! To add one: put `fixtures/<name>.yaml` (and `<name>.toml`, if it takes configuration, `<name>.lock`, if it has
//! names already), run the test with
//! `INSTA_UPDATE=always`, and read the snapshot that it wrote.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::diag::{ColorChoice, render, render_diagnostics};
use observatory_codegen::files::{Mode, write_files};
use observatory_codegen::pipeline::Output;
use observatory_codegen::plan::Runtime;
use observatory_tests::fixtures::{self, Fixture};
use observatory_tests::json::reversed;
use observatory_tests::scratch::Scratch;
use observatory_tests::shared::root;

#[test]
fn fixtures_generate_what_they_did() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for fixture in fixtures::all() {
            insta::assert_snapshot!(fixture.name.as_str(), shown(&fixture));
        }
    });
}

/// A snapshot whose fixture is gone would be checked by nobody.
#[test]
fn every_snapshot_has_its_fixture() {
    let names: BTreeSet<String> = fixtures::all().into_iter().map(|f| f.name).collect();
    for entry in fs::read_dir("tests/snapshots").unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let name = file.strip_suffix(".snap");
        assert!(
            name.is_some_and(|name| names.contains(name)),
            "{file} belongs to no fixture"
        );
    }
}

/// What the names of fixtures promise: a refusal is one, a gap is one, and everything else has neither.
#[test]
fn fixtures_end_as_their_names_say() {
    for fixture in fixtures::all() {
        let made = fixture.make();
        let ends = match fixture.name.split('_').next() {
            Some("refused") => made.is_err(),
            Some("gap") => made.is_ok_and(|made| !made.diagnostics.is_empty()),
            _ => made.is_ok_and(|made| made.diagnostics.is_empty()),
        };
        assert!(ends, "{}", fixture.name);
    }
}

/// What is generated compiles without a warning, gaps or not.
#[test]
fn fixtures_compile() {
    let scratch = Scratch::new("fixtures");
    let mut names = Vec::new();
    for fixture in fixtures::all() {
        let runtime = Runtime::Path(runtime().display().to_string());
        let Ok(made) = fixture.make_of(&fixture.document, runtime) else {
            continue;
        };
        write_files(&made.files, &scratch.home(&fixture.package()), Mode::Write).unwrap();
        names.push(fixture.package());
    }
    scratch.check(&names);
}

fn runtime() -> PathBuf {
    root().join("crates/runtime")
}

/// The order of keys means nothing, so it changes nothing.
#[test]
fn the_order_of_keys_changes_nothing() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    for fixture in fixtures::all() {
        let Ok(made) = fixture.make() else { continue };
        let document = folder.join(format!("{}.json", fixture.name));
        fs::write(&document, reversed(&made.raw.value).to_string()).unwrap();
        let again = fixture.make_of(&document, Runtime::Workspace).unwrap();
        assert_eq!(made.files, again.files, "{}", fixture.name);
    }
}

fn shown(fixture: &Fixture) -> String {
    match fixture.make() {
        Err(error) => render(&error, ColorChoice::Never),
        Ok(made) => {
            let gaps =
                render_diagnostics(&made.diagnostics, &made.raw.source(), ColorChoice::Never);
            gaps + &code(fixture, &made)
        }
    }
}

/// The files in which the construct shows: the client and the manifest only where they are what it is about.
fn code(fixture: &Fixture, made: &Output) -> String {
    let about = |kinds: &[&str]| kinds.iter().any(|kind| fixture.name.starts_with(kind));
    let shows = |path: &str| match path {
        "src/client.rs" => about(&["client", "text"]),
        "Cargo.toml" => about(&["features", "text", "document_empty"]),
        "README.md" => about(&["text"]),
        "src/lib.rs" | "rustfmt.toml" => false,
        path if path.starts_with("src/api/") => !about(&["schema", "union", "recursion"]),
        path => !path.ends_with("mod.rs") || about(&["features"]),
    };
    let files = made.files.iter().filter(|(path, _)| shows(path));
    files
        .map(|(path, text)| format!("=== {path}\n{}\n", without_head(path, text)))
        .collect()
}

/// The first two lines say where a file comes from, which is the same everywhere.
fn without_head<'t>(path: &str, text: &'t str) -> &'t str {
    let is_rust = Path::new(path)
        .extension()
        .is_some_and(|extension| extension == "rs");
    let head = text.match_indices('\n').nth(2).filter(|_| is_rust);
    head.and_then(|(end, _)| text.get(end + 1..))
        .unwrap_or(text)
}
