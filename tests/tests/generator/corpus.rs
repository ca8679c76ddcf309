//! Surveys of many documents: each is generated completely, or rejected with a location in the document.
//! `cargo xtask corpus` does the same for any folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use observatory_conformance::corpus::{
    CorpusOptions, CorpusReport, DocumentOutcome, find_documents, generate_corpus,
};
use observatory_tests::repository::root;

fn survey(folder: &Path, documents: Vec<PathBuf>, check_sample: usize) -> CorpusReport {
    let options = CorpusOptions {
        documents,
        folder: folder.to_path_buf(),
        jobs: 2,
        time_limit: Duration::from_secs(120),
        check_sample,
        scratch: root().join("target/corpus-tests"),
        runtime: root().join("crates/runtime"),
    };
    generate_corpus(&options, &mut |_| {}).unwrap()
}

/// Returns the failures for which the document is not to blame.
fn own_failures(survey: &CorpusReport) -> Vec<String> {
    let own = survey.generator_faults();
    own.map(|result| format!("{}: {:?}", result.document, result.outcome))
        .collect()
}

#[test]
fn fixtures_are_generated_or_rejected() {
    let folder = root().join("tests/fixtures");
    let survey = survey(&folder, find_documents(&folder).unwrap(), 0);
    assert_eq!(own_failures(&survey), Vec::<String>::new());
    for result in &survey.results {
        if let DocumentOutcome::Rejected(error) = &result.outcome {
            let text = error.to_string();
            assert!(text.contains(&result.document), "no location: {text}");
        }
    }
    assert!(
        survey.generated_count() > 50,
        "{}",
        survey.generated_count()
    );
    assert!(survey.generated_count() < survey.results.len());
}

mod with_shared {
    use observatory_codegen::compare::{Area, Effect};
    use observatory_tests::repository::print_now;
    use observatory_tests::shared;
    use xtask::repository::VendorFolder;
    use xtask::spec::diff::compare_documents;

    use super::*;

    /// Asserts that each document is generated or rejected with diagnostics.
    fn assert_no_own_failures(survey: &CorpusReport) {
        assert_eq!(own_failures(survey), Vec::<String>::new());
        for result in &survey.results {
            if let DocumentOutcome::Rejected(error) = &result.outcome {
                assert!(!error.diags().is_empty(), "{}: {error}", result.document);
            }
        }
    }

    /// Larger documents take too long in a build without optimization.
    const MAX_BYTES: u64 = 120_000;

    #[test]
    #[ignore = "needs ../shared: published documents of many vendors"]
    fn published_documents_are_generated_or_rejected() {
        let folder = shared::find("corpus/documents");
        let is_small = |path: &PathBuf| fs::metadata(path).unwrap().len() < MAX_BYTES;
        let small = find_documents(&folder)
            .unwrap()
            .into_iter()
            .filter(is_small);
        let chosen: Vec<PathBuf> = small.step_by(4).collect();
        assert!(chosen.len() > 50, "{}", chosen.len());
        let survey = survey(&folder, chosen, 12);
        print_now(&format!(
            "{} of {} documents generated completely, {} compiled",
            survey.generated_count(),
            survey.results.len(),
            survey.compiled
        ));
        assert_no_own_failures(&survey);
        assert_eq!(survey.compiled, 12);
        assert!(survey.generated_count() * 10 > survey.results.len() * 9);
    }

    #[test]
    #[ignore = "needs ../shared: invalid documents"]
    fn invalid_documents_are_rejected_with_a_location() {
        let folder = shared::find("corpus/invalid");
        let survey = survey(&folder, find_documents(&folder).unwrap(), 0);
        assert_no_own_failures(&survey);
        assert!(survey.generated_count() < survey.results.len());
    }

    /// The most important change for callers comes first: the API key moved to another header.
    #[test]
    #[ignore = "needs ../shared: old versions of Galileo's document"]
    fn diff_reports_a_changed_api_key_header_first() {
        let history = shared::find("vendor-docs/history");
        let galileo = VendorFolder::find(&["galileo".to_owned()])
            .unwrap()
            .remove(0);
        let now = shared::document("galileo", "galileo.yaml");
        for old in find_documents(&history).unwrap() {
            let changes = compare_documents(&galileo, &old, &now).unwrap();
            let first = &changes[0];
            assert_eq!((first.area, first.effect), (Area::Security, Effect::Wire));
            for part in [
                "`Splunk-AO-API-Key`",
                "instead of in the header `Galileo-API-Key`",
            ] {
                assert!(first.description.contains(part), "{}", first.description);
            }
            assert_eq!(first.subject, "`APIKeyHeader`");
        }
    }
}
