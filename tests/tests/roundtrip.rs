//! Nothing is lost on the wire: what the vendors' documents allow goes through the generated types and comes back equal.
//! `cargo xtask roundtrip` does the same with more instances, more seeds and any document.

use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::config::Config;
use observatory_codegen::diag::{ColorChoice, render};
use observatory_conformance::roundtrip::{Report, Roundtrip, Source, generated, given};
use observatory_tests::shared::root;

fn vendor(name: &str) -> Roundtrip {
    let spec = root().join("specs").join(name).join("openapi.yaml");
    Roundtrip {
        source: Source::of(&spec).unwrap(),
        schemas: None,
        count: 12,
        seed: 20,
    }
}

/// Every value came back, and every schema had some.
fn whole(name: &str, schemas: usize) {
    let report = generated(&vendor(name), &mut |_| {})
        .unwrap_or_else(|error| panic!("{}", render(&error, ColorChoice::Never)));
    assert_eq!(report.failures, [], "{name}");
    assert_eq!(
        (report.accepted, report.equal),
        (report.tried, report.tried),
        "{name}"
    );
    assert!(report.is_whole(), "{name}: {:?}", report.forward);
    assert!(
        report.schemas >= schemas,
        "{name}: {} schemas",
        report.schemas
    );
    assert!(
        report.tried > report.schemas * 10,
        "{name}: {} tried",
        report.tried
    );
    assert!(
        report.forward.tried > report.schemas * 5,
        "{name}: {:?}",
        report.forward
    );
    let empty = report.by_schema.iter().filter(|row| row.valid.tried == 0);
    let empty: Vec<&str> = empty.map(|row| row.pointer.as_str()).collect();
    assert_eq!(empty, Vec::<&str>::new(), "{name}");
}

#[test]
fn adaline_loses_nothing() {
    whole("adaline", 180);
}

#[test]
fn galileo_loses_nothing() {
    whole("galileo", 680);
}

#[test]
fn helicone_loses_nothing() {
    whole("helicone", 540);
}

/// A document of one schema, and values for it.
fn sent(lines: &str) -> Report {
    let document = Path::new(env!("CARGO_TARGET_TMPDIR")).join("roundtrip.yaml");
    fs::write(&document, DOCUMENT).unwrap();
    given(&plain(document), lines, &mut |_| {})
        .unwrap_or_else(|error| panic!("{}", render(&error, ColorChoice::Never)))
}

fn plain(document: PathBuf) -> Roundtrip {
    Roundtrip {
        source: Source {
            document,
            overlay: None,
            vendor: Config::default(),
            name: "tests-small".to_owned(),
        },
        schemas: None,
        count: 100,
        seed: 3,
    }
}

const DOCUMENT: &str = "openapi: 3.0.3
info: {title: Small, version: '1'}
paths:
  /read:
    get:
      responses:
        '200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Answer'}}}}
  /send:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Ask'}}}}
      responses: {'204': {description: ''}}
components:
  schemas:
    Answer: {type: object, properties: {note: {type: string, nullable: true}, count: {type: integer}, many: {type: array, items: {$ref: '#/components/schemas/Answer'}}}}
    Ask: {type: object, properties: {note: {type: string, nullable: true}, at: {type: string, format: date-time}, any: {}}}
";

/// The command has to see what is lost; a judge that finds nothing anywhere would please everybody.
#[test]
fn differences_are_seen() {
    let line = |schema: &str, value: &str| {
        format!("{{\"pointer\": \"#/components/schemas/{schema}\", \"value\": {value}}}\n")
    };
    let good = [
        line(
            "Ask",
            r#"{"note": null, "at": "2024-05-01 10:00:00.123456789", "any": 18446744073709551615}"#,
        ),
        line(
            "Ask",
            r#"{"any": [1e-7, 3.0, -0.0, {"a": null}, 9007199254740993]}"#,
        ),
        // The one difference that is allowed.
        line("Answer", r#"{"note": null, "count": 9223372036854775807}"#),
        line(
            "Answer",
            r#"{"count": 3.0, "many": [{}, {"count": 30e-1}]}"#,
        ),
    ];
    let report = sent(&good.concat());
    assert_eq!(report.failures, []);
    assert_eq!((report.schemas, report.tried, report.equal), (2, 4, 4));

    let bad = [
        line("Answer", r#"{"many": [{"new": 1}]}"#),
        line("Answer", r#"{"count": 9223372036854775808}"#),
        line("Ask", r#"{"any": 12345678901234567890123}"#),
    ];
    let report = sent(&bad.concat());
    let found: Vec<(&str, &str)> = report
        .failures
        .iter()
        .map(|failure| (failure.kind, failure.path.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("changed", "$.many[0].new"),
            ("refused", "$.count"),
            ("changed", "$.any")
        ]
    );
    assert_eq!((report.tried, report.accepted, report.equal), (3, 2, 0));
}
