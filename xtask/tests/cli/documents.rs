//! `coverage`, `generate` and `spec pin`.

use serde_json::{Value, json};

use crate::support::{DOCUMENT, Outcome, Repo};

#[test]
fn coverage_counts_both_sides() -> Outcome {
    let repo = Repo::new("coverage")?;
    let run = repo.run(&["coverage", "--json"])?.succeeds();
    let whole = json!({ "vendors": [{
        "vendor": "acme",
        "operations": { "document": 1, "generated": 1 },
        "schemas": { "document": 1, "generated": 1 },
        "gaps": [],
        "ambiguities": [],
    }] });
    assert_eq!(serde_json::from_str::<Value>(&run.out)?, whole);
    let run = repo.run(&["coverage"])?.succeeds();
    assert_eq!(
        run.out,
        "vendor  operations    schemas  gaps  ambiguous\nacme           1/1        1/1     0          0\n"
    );

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
        .says("specs/acme/openapi.yaml:9: unused-path-parameter: ");

    repo.put(
        "other.json",
        r#"{"openapi": "3.1.0", "info": {"title": "O", "version": "1"}, "paths": {}}"#,
    )?;
    repo.run(&["coverage", "--spec", "other.json"])?
        .succeeds()
        .says("other.json         0/0        0/0     0          0");
    Ok(())
}

#[test]
fn coverage_tells_what_is_ambiguous() -> Outcome {
    let repo = Repo::new("ambiguous")?;
    repo.put(
        "either.yaml",
        "openapi: 3.1.0
info: {title: Either, version: '1'}
paths: {}
components:
  schemas:
    Either: {anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}
    A: {type: object, required: [id], properties: {id: {type: string}, a: {type: string}}}
    B: {type: object, required: [id], properties: {id: {type: string}, b: {type: string}}}
",
    )?;
    let run = repo
        .run(&["coverage", "--json", "--spec", "either.yaml"])?
        .succeeds();
    let ambiguities = &serde_json::from_str::<Value>(&run.out)?["vendors"][0]["ambiguities"];
    let told = json!([{
        "pointer": "#/components/schemas/Either",
        "line": 6,
        "union": "Either",
        "variants": ["A", "B"],
        "instance": {"id": "text"},
    }]);
    assert_eq!(*ambiguities, told);
    repo.run(&["coverage", "--spec", "either.yaml"])?
        .succeeds()
        .says("either.yaml:6: ambiguous: {\"id\":\"text\"} could be `Either::A` or `B`");
    Ok(())
}

#[test]
fn generate_makes_a_crate_of_any_document() -> Outcome {
    let repo = Repo::new("generate")?;
    repo.put("runtime/Cargo.toml", "")?;
    let args = [
        "generate",
        "--spec",
        "specs/acme/openapi.yaml",
        "--out",
        "made/acme",
        "--name",
        "acme-client",
    ];
    repo.run(&args)?
        .succeeds()
        .says("acme-client: 1 operations, 1 types; ");
    assert!(
        repo.read("made/acme/Cargo.toml")?
            .contains("observatory-runtime = { version = \"0.1.0\"")
    );
    repo.run(&[&args[..], &["--runtime-path", "runtime"]].concat())?
        .succeeds();
    assert!(
        repo.read("made/acme/Cargo.toml")?
            .contains("observatory-runtime = { path = \"../../runtime\"")
    );
    repo.run(&[&args[..], &["--runtime-path", "nowhere"]].concat())?
        .fails()
        .says("nowhere");

    repo.with_gap()?;
    let mut elsewhere = args;
    elsewhere[4] = "gap";
    repo.run(&elsewhere)?.fails().says("unused-path-parameter");
    assert!(!repo.has("gap"));
    repo.run(&[&elsewhere[..], &["--allow-gaps"]].concat())?
        .succeeds()
        .says("unused-path-parameter");
    assert!(repo.has("gap/src/lib.rs"));
    Ok(())
}

#[test]
fn generate_keeps_its_hands_off_what_it_did_not_make() -> Outcome {
    let repo = Repo::new("foreign")?;
    repo.put("mine/Cargo.toml", "[package]\n")?;
    let args = |out: &'static str, name: &'static str| {
        [
            "generate",
            "--spec",
            "specs/acme/openapi.yaml",
            "--out",
            out,
            "--name",
            name,
        ]
    };
    repo.run(&args("mine", "acme"))?
        .fails()
        .says("mine/Cargo.toml is not generated");
    assert_eq!(repo.read("mine/Cargo.toml")?, "[package]\n");
    for name in ["", "1a", "a b", "../a", "fn", "self", "é"] {
        repo.run(&args("new", name))?
            .fails()
            .says("is no name for a crate");
    }
    assert!(!repo.has("new"));
    Ok(())
}

#[test]
fn pin_keeps_facts_and_records_where_they_are_from() -> Outcome {
    let repo = Repo::new("pin")?;
    repo.put("published.yaml", DOCUMENT)?;
    let args = ["spec", "pin", "new", "--from", "published.yaml"];
    repo.run(&[&args[..], &["--date", "2026-01-02"]].concat())?
        .succeeds()
        .says("new: pinned, 1 operations, 1 schemas");
    let text = repo.read("specs/new/openapi.yaml")?;
    assert!(
        text.starts_with(
            "# The interface of the new API, without its prose. Origin: published.yaml\n"
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
        "licence = \"MIT\"",
        "sha256 = \"",
    ] {
        assert!(vendor.contains(line), "{line}: {vendor}");
    }
    repo.run(&args)?.succeeds().says("new: unchanged");
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
fn pin_refuses_before_it_writes() -> Outcome {
    let repo = Repo::new("pin-refused")?;
    repo.put("published.yaml", DOCUMENT)?;
    repo.put("old.yaml", "swagger: '2.0'\n")?;
    repo.put("broken.yaml", "openapi: 3.0.0\n a: b\n")?;
    for (vendor, from, wanted) in [
        (
            "../up",
            "published.yaml",
            "is no name for a vendor's folder",
        ),
        (
            "Upper",
            "published.yaml",
            "is no name for a vendor's folder",
        ),
        ("new", "old.yaml", "old.yaml:1:1"),
        ("new", "broken.yaml", "broken.yaml:2"),
        ("new", "nowhere.yaml", "nowhere.yaml"),
        (
            "new",
            "http://acme.example/openapi.json",
            "only https is fetched",
        ),
    ] {
        repo.run(&["spec", "pin", vendor, "--from", from])?
            .fails()
            .says(wanted);
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
    .says("YYYY-MM-DD");
    assert!(!repo.has("specs/new"));
    Ok(())
}
