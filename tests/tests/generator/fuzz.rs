//! A few hundred mutated documents; `cargo xtask fuzz` runs more.

use std::path::PathBuf;
use std::time::Duration;

use observatory_conformance::corpus::{Corpus, Ending, corpus, documents};
use observatory_conformance::fuzz::{Fuzz, fuzz};
use observatory_tests::repository::{print_now, root};

#[test]
fn mutated_documents_are_generated_or_rejected() {
    let mut all: Vec<PathBuf> = documents(&root().join("specs")).unwrap();
    all.retain(|path| !path.ends_with("overlay.yaml"));
    all.extend(documents(&root().join("tests/fixtures")).unwrap());
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    let settings = Fuzz {
        documents: all,
        seed: 20,
        count: 300,
        time: Duration::from_secs(600),
        time_limit: Duration::from_secs(60),
        jobs: 2,
        folder: folder.clone(),
        sample: 8,
    };
    let tally = fuzz(&settings, &|_| {}).unwrap();
    assert!(tally.finds.is_empty(), "{:#?}", tally.finds);
    // If almost all mutants were rejected, only the first stage would be tested.
    assert_eq!(tally.tried, 300);
    assert!(tally.whole > 30, "{tally:?}");
    let survey = corpus(&Corpus {
        documents: tally.sample,
        folder: folder.join("sample"),
        jobs: 2,
        time_limit: Duration::from_secs(60),
        check_sample: 8,
        scratch: root().join("target/corpus-tests"),
        runtime: root().join("crates/runtime"),
    });
    let survey = survey.unwrap();
    let endings = survey.outcomes.iter();
    let endings: Vec<&Ending> = endings.map(|outcome| &outcome.ending).collect();
    let is_whole = |ending: &&Ending| matches!(ending, Ending::Whole { .. });
    assert!(endings.iter().all(is_whole), "{endings:#?}");
    print_now(&format!(
        "{} of {} mutants compiled",
        survey.compiled, tally.tried
    ));
}
