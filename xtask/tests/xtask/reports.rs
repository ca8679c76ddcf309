//! `spec diff` and `explain`.

use serde_json::Value;

use crate::support::{DOCUMENT, Repo, TestResult};

#[test]
fn diff_reports_changes_as_text_json_and_markdown() -> TestResult {
    let repo = Repo::new("diff")?;
    repo.put("old.yaml", &DOCUMENT.replace("getThing", "readThing"))?;
    let run = repo
        .run(&["spec", "diff", "acme", "--from", "old.yaml"])?
        .succeeds();
    for part in [
        "acme: 2 breaking, 0 wire, 0 additive; observatory-acme 0.1.0 → 0.2.0: dependent code may not compile",
        "  breaking  thing().get: renamed from `thing().read` (new:5)",
        "### observatory-acme, document version 1.2.3",
        "- **Breaking**: `thing().get`: renamed from `thing().read`.",
    ] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    let args = ["spec", "diff", "acme", "--from", "old.yaml", "--format"];
    let run = repo.run(&[&args[..], &["json"]].concat())?.succeeds();
    let report: Value = serde_json::from_str(&run.out)?;
    assert_eq!(
        (&report["effect"], &report["package"]["next_version"]),
        (&"breaking".into(), &"0.2.0".into())
    );
    assert_eq!(report["changes"][0]["location"], "new:5");
    let run = repo
        .run(&[&args[..], &["markdown", "--write-changelog"]].concat())?
        .succeeds();
    run.prints("| breaking | `thing().get` | renamed from `thing().read` | new:5 |");
    assert!(
        repo.read("CHANGELOG.md")?
            .starts_with("# Changelog\n\n## Unreleased\n\n### observatory-acme")
    );
    let same = ["spec", "diff", "acme", "--from", "specs/acme/openapi.yaml"];
    repo.run(&same)?
        .succeeds()
        .prints("- No changes that affect dependent code.");
    Ok(())
}

#[test]
fn explain_shows_document_generated_code_and_reasons() -> TestResult {
    let repo = Repo::new("explain")?;
    let explanations = [
        (
            "getThing",
            "GET /things/{id}\n  document    specs/acme/openapi.yaml:5 (#/paths/~1things~1{id}/get)\n",
        ),
        (
            "thing().get",
            "  name        from its operationId `getThing`, without the words of its resource, its path and its HTTP method\n",
        ),
        (
            "GET /things/{id}",
            "  generated   `thing().get`, which returns the request `GetThing`\n",
        ),
        ("getThing", "  file        crates/acme/src/api/thing.rs:"),
        (
            "Thing",
            "  used in     responses only, so it has no constructor and is non-exhaustive\n",
        ),
        ("models::Thing", "  name        from the schema `Thing`\n"),
        (
            "Thing::description",
            "  presence    optional, `None` is omitted\n",
        ),
        (
            "#/components/schemas/Thing/properties/description",
            "models::Thing::description\n",
        ),
        ("#/paths/~1things~1{id}/get/responses", "GET /things/{id}\n"),
    ];
    for (item, text) in explanations {
        repo.run(&["explain", "acme", item])?
            .succeeds()
            .prints(text);
    }
    repo.run(&["explain", "acme", "get_things"])?
        .fails()
        .prints("specs/acme/openapi.yaml has no `get_things`");
    repo.run(&["explain", "acme", "thing"])?
        .fails()
        .prints("did you mean `Thing`");
    for (typo, help) in [
        ("Thign", "did you mean `Thing`"),
        ("thing().gte", "did you mean `thing().get`"),
        ("getThng", "did you mean `getThing`"),
        ("GET /thing/{id}", "did you mean `GET /things/{id}`"),
    ] {
        repo.run(&["explain", "acme", typo])?.fails().prints(help);
    }
    let run = repo.run(&["explain", "acme", "zzzzzzzz"])?.fails();
    assert!(!run.out.contains("did you mean"), "{}", run.out);
    Ok(())
}

#[test]
fn explain_shows_the_result_and_the_pages() -> TestResult {
    let repo = Repo::new("explain-pages")?;
    let paged = DOCUMENT
        .replace(
            "parameters: [{name: id, in: path, required: true, schema: {type: string}}]",
            "parameters: [{name: id, in: path, required: true, schema: {type: string}}, {name: cursor, in: query, schema: {type: string}}]",
        )
        .replace(
            "{application/json: {schema: {$ref: '#/components/schemas/Thing'}}}",
            "{application/json: {schema: {$ref: '#/components/schemas/Page'}}, text/csv: {schema: {type: string}}}",
        )
        + "    Page: {type: object, required: [things], properties: {nextCursor: {type: string}, things: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}\n";
    repo.put("specs/acme/openapi.yaml", &paged)?;
    for line in [
        "  returns     Page\n",
        "  returns     or `text/csv`, with `.as_csv()`\n",
        "  pages       `.pages()` and `.items()`, of Thing. The next request takes `cursor` from `nextCursor` of the response, until it is absent.\n",
    ] {
        repo.run(&["explain", "acme", "getThing"])?
            .succeeds()
            .prints(line);
    }
    Ok(())
}
