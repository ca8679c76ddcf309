//! Real documents of many origins, and documents that are wrong on purpose: generated whole, or refused at a place where
//! the document is to blame. `cargo xtask corpus` takes all of them; here it is those that are quick.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use observatory_codegen::compare::{Area, Effect};
use observatory_conformance::corpus::{Corpus, Ending, Survey, corpus, documents};
use observatory_tests::shared::{self, say};
use xtask::diff::changes;
use xtask::repository::VendorFolder;

/// Larger documents take too long in a build that is not optimised.
const LARGE: u64 = 120_000;

fn survey(folder: &Path, documents: Vec<PathBuf>, check_sample: usize) -> Survey {
    corpus(&Corpus {
        documents,
        folder: folder.to_path_buf(),
        jobs: 2,
        time_limit: Duration::from_secs(120),
        check_sample,
        scratch: shared::root().join("target/corpus-tests"),
        runtime: shared::root().join("crates/runtime"),
    })
    .unwrap()
}

/// Nothing is the generator's fault; what is refused says where and why.
fn blameless(survey: &Survey) {
    let ours: Vec<String> = survey
        .ours()
        .map(|outcome| format!("{}: {:?}", outcome.document, outcome.ending))
        .collect();
    assert!(ours.is_empty(), "{}", ours.join("\n"));
    for outcome in &survey.outcomes {
        if let Ending::Refused(error) = &outcome.ending {
            assert!(!error.diags().is_empty(), "{}: {error}", outcome.document);
        }
    }
}

#[test]
fn real_documents_are_generated_whole_or_to_blame() {
    let Some(folder) = shared::find("corpus/documents") else {
        return;
    };
    let small = |path: &PathBuf| fs::metadata(path).unwrap().len() < LARGE;
    let all: Vec<PathBuf> = documents(&folder)
        .unwrap()
        .into_iter()
        .filter(small)
        .collect();
    let chosen: Vec<PathBuf> = all.into_iter().step_by(4).collect();
    assert!(chosen.len() > 50, "{}", chosen.len());
    let survey = survey(&folder, chosen, 12);
    say(&format!(
        "{} of {} documents whole, {} compiled",
        survey.whole(),
        survey.outcomes.len(),
        survey.compiled
    ));
    blameless(&survey);
    assert_eq!(survey.compiled, 12);
    assert!(survey.whole() * 10 > survey.outcomes.len() * 9);
}

#[test]
fn documents_that_are_wrong_on_purpose_are_told_where() {
    let Some(folder) = shared::find("corpus/invalid") else {
        return;
    };
    let survey = survey(&folder, documents(&folder).unwrap(), 0);
    blameless(&survey);
    assert!(survey.whole() < survey.outcomes.len());
}

/// What a maintainer would have said of it first: keys go by another header.
#[test]
fn the_history_of_galileo_leads_with_the_key() {
    let Some(history) = shared::find("vendor-docs/history") else {
        return;
    };
    let galileo = VendorFolder::find(&["galileo".to_owned()])
        .unwrap()
        .remove(0);
    let now = shared::document("galileo", "galileo.yaml");
    for old in documents(&history).unwrap() {
        let changes = changes(&galileo, &old, &now).unwrap();
        let first = &changes[0];
        assert_eq!((first.area, first.effect), (Area::Security, Effect::Wire));
        for part in [
            "`Splunk-AO-API-Key`",
            "no longer in the header `Galileo-API-Key`",
        ] {
            assert!(first.what.contains(part), "{}", first.what);
        }
        assert_eq!(first.subject, "`APIKeyHeader`");
    }
}
