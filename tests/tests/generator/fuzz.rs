//! A few hundred mutated documents; `cargo xtask fuzz` runs more.

use std::path::PathBuf;
use std::time::Duration;

use observatory_conformance::corpus::{
    CorpusOptions, DocumentOutcome, find_documents, generate_corpus,
};
use observatory_conformance::fuzz::{FuzzOptions, MutantKind, run_fuzz};
use observatory_tests::repository::{print_now, root};

fn documents() -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = find_documents(&root().join("specs")).unwrap();
    all.retain(|path| !path.ends_with("overlay.yaml"));
    all.extend(find_documents(&root().join("tests/fixtures")).unwrap());
    all
}

/// Mutates for half a minute.
fn assert_no_failures(kind: MutantKind, folder: &str) {
    let settings = FuzzOptions {
        kind,
        documents: documents(),
        seed: 20,
        count: u64::MAX,
        duration: Duration::from_secs(30),
        time_limit: Duration::from_secs(60),
        jobs: 2,
        folder: PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(folder),
        sample: 0,
    };
    let summary = run_fuzz(&settings, &|_| {}).unwrap();
    print_now(&format!("{kind:?}: {summary:?}"));
    assert!(summary.failures.is_empty(), "{:#?}", summary.failures);
    let read = summary.generated + summary.gaps;
    assert!(read > 10 && summary.rejected > 10, "{summary:?}");
}

#[test]
#[ignore = "takes half a minute"]
fn mutated_yaml_is_generated_or_rejected() {
    assert_no_failures(MutantKind::Yaml, "fuzz-yaml");
}

#[test]
#[ignore = "takes half a minute"]
fn mutated_overlays_are_applied_or_rejected() {
    assert_no_failures(MutantKind::Overlay, "fuzz-overlay");
}

#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn mutated_documents_are_generated_or_rejected() {
    let all = documents();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    let settings = FuzzOptions {
        kind: MutantKind::Document,
        documents: all,
        seed: 20,
        count: 300,
        duration: Duration::from_secs(600),
        time_limit: Duration::from_secs(60),
        jobs: 2,
        folder: folder.clone(),
        sample: 8,
    };
    let summary = run_fuzz(&settings, &|_| {}).unwrap();
    assert!(summary.failures.is_empty(), "{:#?}", summary.failures);
    // If almost all mutants were rejected, only the first stage would be tested.
    assert_eq!(summary.mutants, 300);
    assert!(summary.generated > 30, "{summary:?}");
    let options = CorpusOptions {
        documents: summary.sample,
        folder: folder.join("sample"),
        jobs: 2,
        time_limit: Duration::from_secs(60),
        check_sample: 8,
        scratch: root().join("target/corpus-tests"),
        runtime: root().join("crates/runtime"),
    };
    let report = generate_corpus(&options, &mut |_| {}).unwrap();
    let outcomes = report.results.iter();
    let outcomes: Vec<&DocumentOutcome> = outcomes.map(|result| &result.outcome).collect();
    let is_generated =
        |outcome: &&DocumentOutcome| matches!(outcome, DocumentOutcome::Generated { .. });
    assert!(outcomes.iter().all(is_generated), "{outcomes:#?}");
    print_now(&format!(
        "{} of {} mutants compiled",
        report.compiled, summary.mutants
    ));
}
