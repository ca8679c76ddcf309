//! A few hundred documents as nobody writes them; `cargo xtask fuzz` runs as many as there is time for.

use std::path::PathBuf;
use std::time::Duration;

use observatory_conformance::corpus::{Corpus, Ending, corpus, documents};
use observatory_conformance::fuzz::{Fuzz, fuzz};
use observatory_tests::shared::{root, say};

#[test]
fn no_document_does_what_none_may() {
    let mut all: Vec<PathBuf> = documents(&root().join("specs")).unwrap();
    all.retain(|path| !path.ends_with("overlay.yaml"));
    all.extend(documents(&root().join("tests/fixtures")).unwrap());
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    let asked = Fuzz {
        documents: all,
        seed: 20,
        count: 300,
        time: Duration::from_secs(600),
        time_limit: Duration::from_secs(60),
        jobs: 2,
        folder: folder.clone(),
        sample: 8,
    };
    let tally = fuzz(&asked, &|_| {}).unwrap();
    assert!(tally.finds.is_empty(), "{:#?}", tally.finds);
    // Mutants that are all refused at once would try nothing but the first stage.
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
    let broken = survey.outcomes.iter();
    let broken: Vec<&Ending> = broken.map(|outcome| &outcome.ending).collect();
    let whole = |ending: &&Ending| matches!(ending, Ending::Whole { .. });
    assert!(broken.iter().all(whole), "{broken:#?}");
    say(&format!(
        "{} of {} mutants compiled",
        survey.compiled, tally.tried
    ));
}
