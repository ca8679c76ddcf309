//! The commands of `conformance`, run as users run them, each in a folder of its own.

#[path = "../../../tests/xtask/support.rs"]
#[allow(dead_code, reason = "each binary uses a part of it")]
mod support;

use support::{DOCUMENT, GAP, Outcome, Repo};

/// The program under test.
fn program() -> &'static str {
    env!("CARGO_BIN_EXE_conformance")
}

#[test]
fn corpus_counts_by_cause() -> Outcome {
    let repo = Repo::new("corpus")?;
    repo.put("all/good.yaml", DOCUMENT)?;
    repo.put(
        "all/deeper/bad.yml",
        "openapi: 3.0.3\ninfo: {title: B, version: '1'}\npaths: {/a: {$ref: '#/b'}}\n",
    )?;
    repo.put("all/broken.json", "{")?;
    repo.put("all/notes.txt", "no document")?;
    let contradiction: Vec<&str> = DOCUMENT
        .lines()
        .map(|line| {
            if line.trim_start().starts_with("parameters:") {
                GAP
            } else {
                line
            }
        })
        .collect();
    repo.put("all/gap.yaml", &(contradiction.join("\n") + "\n"))?;
    let run = repo
        .run(&["corpus", "all", "--jobs", "2", "--markdown", "corpus.md"])?
        .succeeds();
    let expected = [
        "     1  generated whole",
        "     1  gap: unused-path-parameter",
        "     1  refused: dangling-ref",
        "     1  refused: syntax",
        "1 of 4 documents whole: 1 operations, 1 types; none compiled",
        "broken.json:1:1: EOF while parsing an object",
        "deeper/bad.yml:3:14: dangling-ref: `#/b` does not exist (#/paths/~1a/$ref)",
    ];
    for line in expected {
        assert!(
            run.out.lines().any(|said| said.starts_with(line)),
            "{line}: {}",
            run.out
        );
    }
    let markdown = repo.read("corpus.md")?;
    assert!(
        markdown.contains("| refused: syntax | 1 | the document's |"),
        "{markdown}"
    );
    assert!(
        !markdown.contains(env!("CARGO_TARGET_TMPDIR")),
        "{markdown}"
    );
    repo.run(&["corpus", "nowhere"])?.fails().says("nowhere");
    repo.put("empty/notes.txt", "no document")?;
    repo.run(&["corpus", "empty"])?
        .fails()
        .says("there is no document below empty");
    Ok(())
}

#[test]
fn help_shows_an_example_of_every_command() -> Outcome {
    let repo = Repo::new("conformance-help")?;
    for args in [
        &["--help"][..],
        &["calls", "-h"],
        &["corpus", "-h"],
        &["fuzz", "-h"],
        &["roundtrip", "-h"],
    ] {
        let run = repo.run(args)?.succeeds();
        assert!(run.out.contains("Example"), "{args:?}: {}", run.out);
    }
    Ok(())
}
