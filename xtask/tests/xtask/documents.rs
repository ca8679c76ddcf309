//! `coverage` and `spec pin`.

use serde_json::{Value, json};

use crate::support::{DOCUMENT, Repo, TestResult};

#[test]
fn coverage_counts_document_and_generated_code() -> TestResult {
    let repo = Repo::new("coverage")?;
    let run = repo.run(&["coverage", "--json"])?.succeeds();
    let complete = json!({ "vendors": [{
        "vendor": "acme",
        "operations": { "document": 1, "generated": 1 },
        "skipped": 0,
        "schemas": { "document": 1, "generated": 1 },
        "gaps": [],
        "ambiguities": [],
        "incomplete_comparisons": [],
        "positional_names": [],
        "warnings": [],
        "not_generated": [{
            "object": "Info",
            "keyword": "license",
            "count": 1,
            "places": [{ "pointer": "#/info/license", "line": 2 }],
        }],
    }] });
    assert_eq!(serde_json::from_str::<Value>(&run.out)?, complete);
    let run = repo.run(&["coverage"])?.succeeds();
    assert_eq!(
        run.out,
        "vendor  operations  skipped    schemas  gaps  ambiguous\nacme           1/1        0        1/1     0          0\n\n\
         acme: not generated:\n     1  Info `license`\n"
    );
    repo.run(&["coverage", "--verbose"])?
        .succeeds()
        .prints("specs/acme/openapi.yaml:2 (#/info/license)");

    repo.with_gap()?;
    let run = repo.run(&["coverage", "--json"])?.fails();
    let gaps = &serde_json::from_str::<Value>(&run.out)?["vendors"][0]["gaps"];
    let keys: Vec<&String> = gaps[0]
        .as_object()
        .into_iter()
        .flat_map(|gap| gap.keys())
        .collect();
    assert_eq!(keys, ["code", "pointer", "line", "message"]);
    assert_eq!(
        (&gaps[0]["code"], &gaps[0]["line"]),
        (&json!("unused-path-parameter"), &json!(9))
    );
    repo.run(&["coverage"])?
        .fails()
        .prints("specs/acme/openapi.yaml:9: unused-path-parameter: ");
    Ok(())
}

#[test]
fn pin_strips_prose_and_records_the_origin() -> TestResult {
    let repo = Repo::new("pin")?;
    repo.put("published.yaml", DOCUMENT)?;
    let args = ["spec", "pin", "new", "--from", "published.yaml"];
    repo.run(&[&args[..], &["--date", "2026-01-02"]].concat())?
        .succeeds()
        .prints("new: pinned, 1 operations, 1 schemas");
    let text = repo.read("specs/new/openapi.yaml")?;
    assert!(
        text.starts_with(
            "# The interface of the new API, without descriptions. Origin: published.yaml\n"
        ),
        "{text}"
    );
    assert!(
        !text.contains("Prose.") && text.contains("description:\n"),
        "{text}"
    );
    let vendor = repo.read("specs/new/vendor.toml")?;
    for line in [
        "title = \"New\"",
        "[document]",
        "origin = \"published.yaml\"",
        "date = \"2026-01-02\"",
        "license = \"MIT\"",
        "sha256 = \"",
    ] {
        assert!(vendor.contains(line), "{line}: {vendor}");
    }
    repo.run(&args)?.succeeds().prints("new: unchanged");
    repo.run(&[&args[..], &["--keep-docs"]].concat())?
        .succeeds();
    assert!(
        repo.read("specs/new/openapi.yaml")?
            .contains("summary: Prose.")
    );
    repo.run(&["codegen", "new"])?.succeeds();
    Ok(())
}

#[test]
fn pin_bundles_the_files_that_references_lead_to() -> TestResult {
    let repo = Repo::new("pin-bundled")?;
    let document = DOCUMENT.replace("'#/components/schemas/Thing'", "'parts/thing.yaml#/Thing'");
    repo.put("api/published.yaml", &document)?;
    repo.put(
        "api/parts/thing.yaml",
        "Thing:\n  description: Prose.\n  type: object\n  properties:\n    \
         part: {$ref: ../../shared/part.yaml}\n    broken: {type: strin}\nUnused: {type: string}\n",
    )?;
    repo.put("shared/part.yaml", "{type: object, description: Prose.}\n")?;
    let args = ["spec", "pin", "new", "--from", "api/published.yaml"];
    repo.run(&[&args[..], &["--allow-dir", "shared"]].concat())?
        .succeeds();
    let text = repo.read("specs/new/openapi.yaml")?;
    assert!(text.contains("x-external-files:"), "{text}");
    assert!(
        !text.contains("Prose.") && !text.contains("Unused"),
        "{text}"
    );
    let run = repo.run(&["codegen", "new"])?.fails();
    run.prints("specs/new/openapi.yaml:");
    repo.run(&["spec", "add", "other", "--from", "api/published.yaml"])?
        .fails()
        .prints("api/parts/thing.yaml:6:")
        .prints("`../../shared/part.yaml` is outside the folder of the document");
    Ok(())
}

#[test]
fn pin_converts_swagger() -> TestResult {
    let repo = Repo::new("pin-swagger")?;
    repo.put(
        "swagger.yaml",
        "swagger: '2.0'
info: {title: Acme, version: '1'}
host: api.acme.example
paths: {/a: {post: {operationId: a, parameters: [{name: b, in: body, schema: {$ref: '#/definitions/B'}}], responses: {200: {description: ''}}}}}
definitions: {B: {type: object, description: Prose., properties: {c: {type: string}}}}
",
    )?;
    repo.run(&["spec", "pin", "new", "--from", "swagger.yaml"])?
        .succeeds()
        .prints("new: pinned, 1 operations, 1 schemas");
    let text = repo.read("specs/new/openapi.yaml")?;
    assert!(text.contains("openapi: 3.0.3"), "{text}");
    assert!(text.contains("$ref: '#/components/schemas/B'"), "{text}");
    repo.run(&["codegen", "new"])?.succeeds();
    Ok(())
}

#[test]
fn pin_writes_nothing_on_errors() -> TestResult {
    let repo = Repo::new("pin-refused")?;
    repo.put("published.yaml", DOCUMENT)?;
    repo.put("old.yaml", "swagger: '1.2'\n")?;
    repo.put("broken.yaml", "openapi: 3.0.0\n a: b\n")?;
    for (vendor, from, expected) in [
        ("../up", "published.yaml", "invalid vendor name"),
        ("Upper", "published.yaml", "invalid vendor name"),
        ("new", "old.yaml", "old.yaml:1:1"),
        ("new", "broken.yaml", "broken.yaml:2"),
        ("new", "nowhere.yaml", "nowhere.yaml"),
        (
            "new",
            "http://acme.example/openapi.json",
            "only https URLs are supported",
        ),
    ] {
        repo.run(&["spec", "pin", vendor, "--from", from])?
            .fails()
            .prints(expected);
    }
    repo.run(&[
        "spec",
        "pin",
        "new",
        "--from",
        "published.yaml",
        "--date",
        "yesterday",
    ])?
    .fails()
    .prints("YYYY-MM-DD");
    assert!(!repo.has("specs/new"));
    Ok(())
}
