//! Real documents: each is read and brought into a shape that `openapiv3` takes, or refused for its own faults.

use std::path::{Path, PathBuf};

use super::support::plain;
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::source;
use serde::Deserialize;

/// Where vendors' documents lie, if they lie anywhere.
fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vendor-docs");
    [root.clone(), root.join("history")]
        .into_iter()
        .filter(|folder| folder.is_dir())
        .collect()
}

fn documents() -> Vec<PathBuf> {
    let files = folders()
        .into_iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok())
        .flatten()
        .flatten();
    let mut files: Vec<PathBuf> = files.map(|entry| entry.path()).collect();
    files.retain(|path| {
        path.extension()
            .is_some_and(|ext| ext == "json" || ext == "yaml")
    });
    files.sort();
    if files.is_empty() {
        eprintln!("SKIPPED: there are no vendor documents beside the repository");
    }
    files
}

fn read(path: &Path) -> Result<serde_json::Value, Error> {
    let spec = source::load(path)?;
    source::normalize(&spec.value).map_err(|error| error.with_source(&spec.path, &spec.text))
}

/// What is wrong with the outcome for the document `name`; nothing, if it is as it should be.
fn complaint(name: &str, outcome: Result<serde_json::Value, Error>) -> Option<String> {
    let told = outcome
        .as_ref()
        .err()
        .map(ToString::to_string)
        .unwrap_or_default();
    let expected = match (name, &outcome) {
        ("openlit.yaml", Err(error)) => {
            error.code() == Code::Syntax && told.contains("openlit.yaml:796:")
        }
        ("lunary.json", Err(error)) => {
            let dangling = error
                .diags()
                .iter()
                .filter(|diag| diag.code == Code::DanglingRef);
            dangling.count() == 6
                && error.diags().len() == 6
                && told.contains("lunary.json:3353:21: dangling-ref")
        }
        (_, Err(_)) => false,
        (_, Ok(canonical)) => match openapiv3::OpenAPI::deserialize(canonical) {
            Ok(_) => true,
            Err(why) => return Some(format!("{name}: {why}")),
        },
    };
    (!expected).then(|| format!("{name}: {told}"))
}

#[test]
fn documents_are_read_or_refused_for_their_own_faults() {
    let complaints = documents().into_iter().filter_map(|path| {
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        complaint(&name, read(&path))
    });
    assert_eq!(complaints.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn what_is_canonical_stays_as_it_is() {
    for path in documents() {
        let Ok(first) = read(&path) else { continue };
        let second = source::normalize(&first).ok();
        assert_eq!(
            second.as_ref().map(plain),
            Some(plain(&first)),
            "{}",
            path.display()
        );
    }
}
