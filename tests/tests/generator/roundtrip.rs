//! Round trips: values that the vendors' documents allow are decoded and encoded by the generated types without a change.
//! `cargo xtask roundtrip` does the same with more values, more seeds and any document.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use observatory_codegen::config::Config;
use observatory_codegen::diag::{ColorChoice, render};
use observatory_conformance::DocumentSource;
use observatory_conformance::roundtrip::{
    RoundtripOptions, RoundtripReport, send_lines, send_mutants, send_samples,
};
use observatory_tests::repository::{print_now, root};
use xtask::repository::VendorFolder;

fn settings_for_vendor(name: &str) -> RoundtripOptions {
    let spec = root().join("specs").join(name).join("openapi.yaml");
    RoundtripOptions {
        source: DocumentSource::from_path(&spec).unwrap(),
        schemas: None,
        count: 12,
        seed: 20,
    }
}

/// Asserts that every value comes back equal, and that every schema has values.
fn assert_lossless(name: &str, schemas: usize) {
    let report = send_samples(&settings_for_vendor(name), &mut |_| {})
        .unwrap_or_else(|error| panic!("{}", render(&error, ColorChoice::Never)));
    assert_eq!(report.failures, [], "{name}");
    assert_eq!(
        (report.valid.accepted, report.valid.equal),
        (report.valid.sent, report.valid.sent),
        "{name}"
    );
    assert_eq!(
        (report.newer.accepted, report.newer.equal),
        (report.newer.sent, report.newer.sent),
        "{name}"
    );
    assert!(
        report.schemas >= schemas,
        "{name}: {} schemas",
        report.schemas
    );
    assert!(
        report.valid.sent > report.schemas * 10,
        "{name}: {} tried",
        report.valid.sent
    );
    assert!(
        report.newer.sent > report.schemas * 5,
        "{name}: {:?}",
        report.newer
    );
    let empty = report.by_schema.iter().filter(|row| row.valid.sent == 0);
    let empty: Vec<&str> = empty.map(|row| row.pointer.as_str()).collect();
    assert_eq!(empty, Vec::<&str>::new(), "{name}");
}

#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn adaline_types_are_lossless() {
    assert_lossless("adaline", 180);
}

#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn galileo_types_are_lossless() {
    assert_lossless("galileo", 680);
}

#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn helicone_types_are_lossless() {
    assert_lossless("helicone", 540);
}

#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn langsmith_types_are_lossless() {
    assert_lossless("langsmith", 750);
}

#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn opik_types_are_lossless() {
    assert_lossless("opik", 530);
}

#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn phoenix_types_are_lossless() {
    assert_lossless("phoenix", 330);
}

#[test]
#[ignore = "compiles generated crates: run scripts/test-all.sh"]
fn mutants_of_all_vendors_are_rejected_or_unchanged() {
    let vendors = VendorFolder::find(&[]).unwrap();
    for vendor in &vendors {
        let duration = Duration::from_secs(30) / vendors.len() as u32;
        let settings = settings_for_vendor(&vendor.name);
        let report = send_mutants(&settings, duration, &mut |_| {})
            .unwrap_or_else(|error| panic!("{}", render(&error, ColorChoice::Never)));
        let (sent, accepted) = (report.sent, report.accepted);
        print_now(&format!(
            "{}: {sent} mutants, {accepted} accepted",
            vendor.name
        ));
        assert_eq!(report.failures, [], "{}", vendor.name);
        assert!(
            accepted > sent / 20 && accepted < sent,
            "{accepted} of {sent}"
        );
    }
}

/// Round trips the given values of a small document.
fn round_trip(lines: &str) -> RoundtripReport {
    let document = Path::new(env!("CARGO_TARGET_TMPDIR")).join("roundtrip.yaml");
    fs::write(&document, DOCUMENT).unwrap();
    send_lines(&settings_for_document(document), lines, &mut |_| {})
        .unwrap_or_else(|error| panic!("{}", render(&error, ColorChoice::Never)))
}

fn settings_for_document(document: PathBuf) -> RoundtripOptions {
    RoundtripOptions {
        source: DocumentSource {
            document,
            overlay: None,
            config: Config::default(),
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
        '200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}
  /send:
    post:
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Order'}}}}
      responses: {'204': {description: ''}}
components:
  schemas:
    Book: {type: object, properties: {note: {type: string, nullable: true}, count: {type: integer}, many: {type: array, items: {$ref: '#/components/schemas/Book'}}}}
    Order: {type: object, properties: {note: {type: string, nullable: true}, at: {type: string, format: date-time}, any: {}}}
";

/// A dangling reference in one schema does not keep the others from being checked.
#[test]
#[ignore = "compiles a generated crate: run scripts/test-all.sh"]
fn skips_schemas_with_faults() {
    let dangling =
        "    Broken: {type: object, properties: {a: {$ref: '#/components/schemas/Missing'}}}\n";
    let document = Path::new(env!("CARGO_TARGET_TMPDIR")).join("roundtrip-faults.yaml");
    fs::write(&document, format!("{DOCUMENT}{dangling}")).unwrap();
    let mut settings = settings_for_document(document);
    settings.source.name = "tests-faults".to_owned();
    let report = send_samples(&settings, &mut |_| {})
        .unwrap_or_else(|error| panic!("{}", render(&error, ColorChoice::Never)));
    assert_eq!(report.failures, []);
    assert_eq!((report.schemas, report.valid.equal), (2, report.valid.sent));
    let skipped = report.skipped.iter();
    let skipped = skipped.filter(|skipped| skipped.pointer == "#/components/schemas/Broken");
    let reasons: Vec<&str> = skipped.map(|skipped| skipped.reason.as_str()).collect();
    let is_reported = |reason: &&str| reason.contains("does not support");
    assert_eq!(
        reasons.iter().filter(|reason| is_reported(reason)).count(),
        1,
        "{reasons:?}"
    );
}

/// A round trip that never reported differences would prove nothing.
#[test]
#[ignore = "compiles a generated crate: run scripts/test-all.sh"]
fn reports_differences() {
    let line = |schema: &str, value: &str| {
        format!("{{\"pointer\": \"#/components/schemas/{schema}\", \"value\": {value}}}\n")
    };
    let lossless = [
        line(
            "Order",
            r#"{"note": null, "at": "2024-05-01 10:00:00.123456789", "any": 18446744073709551615}"#,
        ),
        line(
            "Order",
            r#"{"any": [1e-7, 3.0, -0.0, {"a": null}, 9007199254740993]}"#,
        ),
        // The only allowed difference: a null in a response type may be omitted.
        line("Book", r#"{"note": null, "count": 9223372036854775807}"#),
        line("Book", r#"{"count": 3.0, "many": [{}, {"count": 30e-1}]}"#),
    ];
    let report = round_trip(&lossless.concat());
    assert_eq!(report.failures, []);
    assert_eq!(
        (report.schemas, report.valid.sent, report.valid.equal),
        (2, 4, 4)
    );

    let lossy = [
        line("Book", r#"{"many": [{"new": 1}]}"#),
        line("Book", r#"{"count": 9223372036854775808}"#),
        line("Order", r#"{"any": 12345678901234567890123}"#),
    ];
    let report = round_trip(&lossy.concat());
    let found: Vec<(&str, &str)> = report
        .failures
        .iter()
        .map(|failure| (failure.kind, failure.path.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("changed", "$.many[0].new"),
            ("rejected", "$.count"),
            ("changed", "$.any")
        ]
    );
    assert_eq!(
        (report.valid.sent, report.valid.accepted, report.valid.equal),
        (3, 2, 0)
    );
}
