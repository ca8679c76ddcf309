//! Whole documents: each is read and normalized to the form that `openapiv3` parses, or rejected because it is invalid.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::diag::{Error, Severity};
use observatory_codegen::source;
use serde::Deserialize;
use serde_json::Value;

use super::support::{without_faults, without_pointers};

/// Returns the documents of a folder, without those in its subfolders.
fn documents(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json" || extension == "yaml")
    });
    files.sort();
    files
}

/// Returns the fixtures, and whether each is invalid.
fn fixtures() -> Vec<(PathBuf, bool)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let files = documents(&folder);
    assert!(files.len() > 50, "only {} fixtures", files.len());
    files
        .into_iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let is_invalid = ["refused_", "gap_", "warns_"]
                .iter()
                .any(|prefix| name.starts_with(prefix));
            (path, is_invalid)
        })
        .collect()
}

fn normalize(path: &Path) -> Result<Value, Error> {
    let spec = source::load(path)?;
    source::normalize(&spec.value)
        .and_then(|(document, mut faults)| {
            // Harmless faults have a canonical form, too.
            faults.retain(|fault| fault.severity == Severity::Error);
            without_faults((document, faults))
        })
        .map_err(|error| error.with_source(spec.source()))
}

/// Asserts that `openapiv3` parses the normalized document.
fn assert_parses(path: &Path, normalized: &Value) {
    if let Err(error) = openapiv3::OpenAPI::deserialize(normalized) {
        panic!("{}: {error}", path.display());
    }
}

/// Keywords of the canonical form for what `openapiv3` cannot parse. They are not read from a document.
const CANONICAL_KEYS: &[&str] = &["x-deprecation", "x-enum-words", "x-tuple", "x-unused-parts"];

fn remove_canonical_keys(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|key, _| !CANONICAL_KEYS.contains(&key.as_str()));
            object.values_mut().for_each(remove_canonical_keys);
        }
        Value::Array(items) => items.iter_mut().for_each(remove_canonical_keys),
        _ => {}
    }
}

/// Asserts that normalizing a normalized document changes nothing but [`CANONICAL_KEYS`].
fn assert_idempotent(path: &Path, normalized: &Value) {
    let again = source::normalize(normalized).ok();
    let again = again.map(|(mut again, _)| {
        remove_canonical_keys(&mut again);
        without_pointers(&again)
    });
    let mut expected = without_pointers(normalized);
    remove_canonical_keys(&mut expected);
    assert_eq!(again, Some(expected), "{}", path.display());
}

#[test]
fn normalizes_fixtures() {
    for (path, is_invalid) in fixtures() {
        match normalize(&path) {
            Ok(normalized) if !is_invalid => {
                assert_parses(&path, &normalized);
            }
            Err(error) if !is_invalid => panic!("{error}"),
            // Later stages reject the others.
            _ => {}
        }
    }
}

/// Returns the pinned documents of the vendors.
fn pinned_documents() -> Vec<PathBuf> {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs");
    let vendors = fs::read_dir(specs).unwrap();
    let documents = vendors.map(|vendor| vendor.unwrap().path().join("openapi.yaml"));
    documents.collect()
}

fn assert_normalizing_again_changes_nothing(path: &Path) {
    let normalized = normalize(path).unwrap_or_else(|error| panic!("{error}"));
    assert_parses(path, &normalized);
    assert_idempotent(path, &normalized);
}

/// The fixtures include documents that the canonical form describes by extensions of its own, which are not read again.
#[test]
fn normalizing_a_pinned_document_again_changes_nothing() {
    let mut documents = pinned_documents();
    documents.retain(|path| fs::metadata(path).unwrap().len() < 300_000);
    assert!(documents.len() >= 5, "{documents:?}");
    for path in documents {
        assert_normalizing_again_changes_nothing(&path);
    }
}

#[test]
#[ignore = "normalizes all documents twice: run scripts/test-all.sh"]
fn normalizing_any_pinned_document_again_changes_nothing() {
    for path in pinned_documents() {
        assert_normalizing_again_changes_nothing(&path);
    }
}

mod with_shared {
    use observatory_codegen::diag::Code;

    use super::*;

    /// Returns the published documents in `../shared`, or in the folder that `OBSERVATORY_SHARED` names.
    fn published_documents() -> Vec<PathBuf> {
        let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
        let shared = env::var_os("OBSERVATORY_SHARED").map_or(default, PathBuf::from);
        let folder = shared.join("vendor-docs");
        let mut files = documents(&folder);
        files.extend(documents(&folder.join("history")));
        files
    }

    #[test]
    #[ignore = "needs ../shared: published documents"]
    fn normalizes_published_documents() {
        for path in published_documents() {
            let name = path.file_name().unwrap().to_string_lossy();
            match (name.as_ref(), normalize(&path)) {
                ("openlit.yaml", Err(error)) => {
                    assert_eq!(error.code(), Code::Syntax);
                    assert!(error.to_string().contains("openlit.yaml:796:"), "{error}");
                }
                ("lunary.json", Err(error)) => {
                    let codes: Vec<Code> = error.diags().iter().map(|it| it.code).collect();
                    assert_eq!(codes, [Code::DanglingRef; 6]);
                    let location = "lunary.json:3353:21: dangling-ref";
                    assert!(error.to_string().contains(location), "{error}");
                }
                ("openlit.yaml" | "lunary.json", Ok(_)) => panic!("{name} is accepted"),
                (_, Ok(normalized)) => {
                    assert_parses(&path, &normalized);
                    assert_idempotent(&path, &normalized);
                }
                (_, Err(error)) => panic!("{error}"),
            }
        }
    }
}
