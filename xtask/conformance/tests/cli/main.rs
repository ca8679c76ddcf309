//! Tests of the command line: each runs the program in a temporary repository of its own.

#[path = "../../../tests/xtask/support.rs"]
#[allow(dead_code, reason = "each binary uses a part of it")]
mod support;

use support::{DOCUMENT, Repo, TestResult};

/// Returns the path of the program under test.
fn program() -> &'static str {
    env!("CARGO_BIN_EXE_conformance")
}

#[test]
fn corpus_counts_outcomes_by_cause() -> TestResult {
    let repo = Repo::new("corpus")?;
    repo.put("all/good.yaml", DOCUMENT)?;
    repo.put(
        "all/deeper/bad.yml",
        "openapi: 3.0.3\ninfo: {title: B, version: '1'}\npaths: {/a: {$ref: '#/b'}}\n",
    )?;
    repo.put("all/broken.json", "{")?;
    repo.put("all/notes.txt", "no document")?;
    let nameless = "parameters: [{in: query, schema: {type: string}}, ";
    repo.put("all/gap.yaml", &DOCUMENT.replace("parameters: [", nameless))?;
    let run = repo
        .run(&["corpus", "all", "--jobs", "2", "--markdown", "corpus.md"])?
        .succeeds();
    let expected = [
        "     1  generated",
        "     1  gap: missing-key",
        "     1  unresolvable references",
        "     1  rejected: syntax",
        "1 of 4 documents generated: 1 operations, 1 types; no crate compiled",
        "broken.json:1:1: EOF while parsing an object",
        "deeper/bad.yml:3: dangling-ref: `#/b` does not exist (#/paths/~1a/$ref)",
    ];
    for line in expected {
        assert!(
            run.out.lines().any(|printed| printed.starts_with(line)),
            "{line}: {}",
            run.out
        );
    }
    let markdown = repo.read("corpus.md")?;
    assert!(
        markdown.contains("| rejected: syntax | 1 | document |"),
        "{markdown}"
    );
    assert!(
        !markdown.contains(env!("CARGO_TARGET_TMPDIR")),
        "{markdown}"
    );
    repo.run(&["corpus", "nowhere"])?.fails().prints("nowhere");
    repo.put("empty/notes.txt", "no document")?;
    repo.run(&["corpus", "empty"])?
        .fails()
        .prints("no document was found in empty");
    Ok(())
}

#[test]
fn help_shows_an_example_of_every_command() -> TestResult {
    let repo = Repo::new("conformance-help")?;
    for args in [
        &["--help"][..],
        &["calls", "-h"],
        &["chaos", "-h"],
        &["corpus", "-h"],
        &["fuzz", "-h"],
        &["roundtrip", "-h"],
    ] {
        let run = repo.run(args)?.succeeds();
        assert!(run.out.contains("Example"), "{args:?}: {}", run.out);
    }
    Ok(())
}
