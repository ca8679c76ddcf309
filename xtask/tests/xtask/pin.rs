//! Pinning: which parts of a document are kept, and how its origin is recorded.

use std::path::Path;

use observatory_codegen::config::{Config, DocumentOrigin};
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::source::{fact_extensions, parse};
use serde_json::{Value, json};
use xtask::pin::{OriginArgs, pin_document, strip_prose, write_origin};

type TestResult = Result<(), Error>;

fn read(text: &str) -> Result<Value, Error> {
    Ok(parse(Path::new("published.yaml"), text)?.value)
}

/// Returns a schema without its prose.
fn strip_schema(text: &str) -> Result<Value, Error> {
    let document = json!({ "openapi": "3.1.0", "components": { "schemas": { "S": read(text)? } } });
    Ok(strip_prose(&document, false)["components"]["schemas"]["S"].clone())
}

#[test]
fn strips_prose_everywhere() -> TestResult {
    let document = read(
        "openapi: 3.1.0
info: {title: T, version: '1', summary: s, description: d, termsOfService: t, contact: {name: n}, license: {name: MIT}, x-logo: l}
externalDocs: {url: u}
x-tagGroups: []
tags: [{name: a, description: d, externalDocs: {url: u}}]
servers: [{url: u, description: d, variables: {v: {default: x, description: d}}}]
paths:
  x-path: {}
  /a:
    summary: s
    description: d
    get:
      summary: s
      description: d
      externalDocs: {url: u}
      x-code: []
      tags: [a]
      parameters: [{name: p, in: query, description: d, example: 1, examples: {}, schema: {type: string}}]
      responses:
        '200': {description: d, content: {application/json: {schema: {title: t}, example: {}, examples: {}}}}
        default: {$ref: '#/components/responses/R'}
        x-response: {}
",
    )?;
    let expected = read(
        "openapi: 3.1.0
info: {title: T, version: '1'}
tags: [{name: a}]
servers: [{url: u, variables: {v: {default: x}}}]
paths:
  /a:
    get:
      tags: [a]
      parameters: [{name: p, in: query, schema: {type: string}}]
      responses:
        '200': {description: '', content: {application/json: {schema: {}}}}
        default: {$ref: '#/components/responses/R'}
",
    )?;
    assert_eq!(strip_prose(&document, false), expected);
    Ok(())
}

#[test]
fn keeps_names_that_equal_prose_keywords() -> TestResult {
    let text = "type: object
required: [description, title]
properties:
  description: {type: string}
  title: {type: object, properties: {example: {type: string}, x-y: {type: string}}}
  summary: {}
  examples: true
patternProperties: {description: {type: string}}
$defs: {title: {type: string}}
dependentSchemas: {description: {type: object}}
discriminator: {propertyName: title, mapping: {description: '#/components/schemas/A', title: '#/components/schemas/B'}}
";
    assert_eq!(strip_schema(text)?, read(text)?);
    let document = read(
        "openapi: 3.0.0
paths: {/description: {get: {responses: {'200': {description: '', headers: {title: {}, x-rate: {}}}}}}}
components:
  schemas: {title: {}, description: {}, x-s: {}}
  parameters: {example: {name: example, in: header}}
  responses: {title: {description: ''}, x-r: {description: ''}}
  securitySchemes: {description: {type: apiKey, name: title, in: header}}
",
    )?;
    assert_eq!(strip_prose(&document, false), document);
    Ok(())
}

#[test]
fn keeps_data_unchanged() -> TestResult {
    let text = "default: {description: d, title: [{example: 1}], x-a: 2}
enum: [{title: t}, description]
const: {summary: s}
";
    assert_eq!(strip_schema(text)?, read(text)?);
    Ok(())
}

#[test]
fn strips_extensions_that_are_not_listed() -> TestResult {
    assert_eq!(
        strip_schema("{type: string, x-nullable: true, x-other: true}")?,
        json!({ "type": "string", "x-nullable": true })
    );
    let schema = "{deprecated: true, x-sunset: 2027-01-01, x-deprecated-reason: r, x-enum-descriptions: [d]}";
    let kept = json!({ "deprecated": true, "x-sunset": "2027-01-01" });
    assert_eq!(strip_schema(schema)?, kept);
    assert!(fact_extensions().all(|key| key.starts_with("x-")));
    Ok(())
}

#[test]
fn keeps_scope_names_without_descriptions() -> TestResult {
    let document = read(
        "components: {securitySchemes: {o: {type: oauth2, description: d, flows: {password: {tokenUrl: u, scopes: {read: what it lets you do}}}}}}",
    )?;
    let expected = json!({ "type": "oauth2", "flows": { "password": { "tokenUrl": "u", "scopes": { "read": "" } } } });
    assert_eq!(
        strip_prose(&document, false)["components"]["securitySchemes"]["o"],
        expected
    );
    Ok(())
}

#[test]
fn keep_docs_keeps_prose_and_strips_extensions_and_examples() -> TestResult {
    let document = read(
        "openapi: 3.0.0
info: {title: T, version: '1', description: d, license: {name: MIT}}
paths: {/a: {get: {summary: s, x-a: 1, responses: {'200': {description: d}}}}}
components: {schemas: {S: {title: t, description: d, example: 1}}}
",
    )?;
    let expected = read(
        "openapi: 3.0.0
info: {title: T, version: '1', description: d}
paths: {/a: {get: {summary: s, responses: {'200': {description: d}}}}}
components: {schemas: {S: {title: t, description: d}}}
",
    )?;
    assert_eq!(strip_prose(&document, true), expected);
    Ok(())
}

#[test]
fn pinned_document_reads_back_unchanged_in_the_same_order() -> TestResult {
    let text = r#"{"openapi": "3.0.0", "paths": {"/b": {}, "/a": {}}, "components": {"schemas": {"N": {
        "enum": ["no", "1e3", "0x10", "null", "~", "", " a", "a: b", "2020-01-01", "multi\nline", "\u0000", "é", "- x"],
        "default": 1.5, "maximum": 12345678901234567890, "minimum": -0.1}}}}"#;
    let raw = parse(Path::new("published.json"), text)?;
    let pinned = pin_document(&raw, "first line\nsecond", false)?;
    assert!(
        pinned.starts_with("# first line\n# second\nopenapi: 3.0.0\n"),
        "{pinned}"
    );
    assert!(pinned.find("/b:") < pinned.find("/a:"), "{pinned}");
    assert_eq!(read(&pinned)?, raw.value);
    let again = parse(Path::new("openapi.yaml"), pinned.as_str())?;
    assert_eq!(pin_document(&again, "first line\nsecond", false)?, pinned);
    Ok(())
}

#[test]
fn rejects_versions_other_than_openapi_3_0_and_3_1() -> TestResult {
    for text in [
        "swagger: '2.0'",
        "openapi: 4.0.0",
        "openapi: 3",
        "[]",
        "a: b",
    ] {
        let raw = parse(Path::new("published.yaml"), text)?;
        assert_eq!(
            pin_document(&raw, "", false)
                .err()
                .map(|error| error.code()),
            Some(Code::UnsupportedVersion),
            "{text}"
        );
    }
    Ok(())
}

/// Returns the origin of a document that is read from `read-from.json` without further options.
fn origin_args() -> OriginArgs {
    OriginArgs {
        read_from: "read-from.json".into(),
        sha256: "2".into(),
        today: "2026-11-21".into(),
        ..OriginArgs::default()
    }
}

fn recorded(sha256: &str) -> DocumentOrigin {
    DocumentOrigin {
        origin: "o".into(),
        sha256: sha256.into(),
        date: "2020-01-01".into(),
        license: "MIT".into(),
        etag: String::new(),
    }
}

#[test]
fn same_bytes_keep_the_recorded_origin_and_date() {
    assert_eq!(origin_args().update(&recorded("2")), recorded("2"));
    let new = origin_args().update(&recorded("1"));
    assert_eq!(
        (new.origin.as_str(), new.date.as_str(), new.license.as_str()),
        ("read-from.json", "2026-11-21", "MIT")
    );
    let stated = OriginArgs {
        document_license: Some("ISC".into()),
        ..origin_args()
    };
    assert_eq!(stated.update(&recorded("1")).license, "MIT");
    assert_eq!(stated.update(&DocumentOrigin::default()).license, "ISC");
    let explicit = OriginArgs {
        origin: Some("u".into()),
        date: Some("2021-02-03".into()),
        license: Some("0BSD".into()),
        ..origin_args()
    };
    let explicit = explicit.update(&recorded("2"));
    assert_eq!(
        (
            explicit.origin.as_str(),
            explicit.date.as_str(),
            explicit.license.as_str()
        ),
        ("u", "2021-02-03", "0BSD")
    );
}

#[test]
fn write_origin_keeps_the_rest_of_the_file() -> TestResult {
    let path = Path::new("vendor.toml");
    let text = "# Ours.\ntitle = \"Acme\" # kept comment\n\n[document]\norigin = \"o\" # kept\nsha256 = \"1\"\n\n[[server]]\nname = \"us\"\nurl = \"https://a.example\"\n";
    let new = write_origin(path, text, &recorded("2"))?;
    assert!(new.starts_with("# Ours.\ntitle = \"Acme\" # kept comment\n\n[document]\norigin = \"o\" # kept\nsha256 = \"2\"\n"), "{new}");
    assert!(
        new.ends_with("[[server]]\nname = \"us\"\nurl = \"https://a.example\"\n"),
        "{new}"
    );
    assert_eq!(Config::parse(path, &new)?.document, recorded("2"));
    assert_eq!(write_origin(path, &new, &recorded("2"))?, new);
    assert_eq!(
        Config::parse(path, &write_origin(path, "", &recorded("2"))?)?.document,
        recorded("2")
    );
    for broken in ["document = 1", "title = "] {
        assert!(
            write_origin(path, broken, &recorded("2")).is_err(),
            "{broken}"
        );
    }
    Ok(())
}

/// Examples of each type of yaml.org/type that YAML 1.1 resolves from plain scalars.
const RESOLVED_BY_YAML_1_1: &[&str] = &[
    "=",
    "<<",
    "~",
    "null",
    "Null",
    "NULL",
    "",
    "y",
    "Y",
    "yes",
    "Yes",
    "YES",
    "n",
    "N",
    "no",
    "No",
    "NO",
    "true",
    "True",
    "TRUE",
    "false",
    "False",
    "FALSE",
    "on",
    "On",
    "ON",
    "off",
    "Off",
    "OFF",
    "685230",
    "+685_230",
    "02472256",
    "0x_0A_74_AE",
    "0b1010_0111_0100_1010_1110",
    "190:20:30",
    "0o14",
    "6.8523015e+5",
    "685.230_15e+03",
    "685_230.15",
    "190:20:30.15",
    "-.inf",
    ".Inf",
    ".NaN",
    "1e3",
    "2001-12-15T02:59:43.1Z",
    "2001-12-14t21:59:43.10-05:00",
    "2001-12-14 21:59:43.10 -5",
    "2001-12-15 2:59:43.10",
    "2002-12-14",
];

/// Many programs read YAML 1.1, PyYAML among them, which fails for a plain `=`.
#[test]
fn quotes_what_yaml_1_1_resolves_to_another_type() -> TestResult {
    let schema = json!({ "type": "string", "enum": RESOLVED_BY_YAML_1_1 });
    // The loader reads a key `<<` as a merge key, quoted or not, so that such a document is refused.
    let keys = RESOLVED_BY_YAML_1_1.iter().filter(|word| **word != "<<");
    let keyed: serde_json::Map<String, Value> = (keys.clone())
        .map(|text| ((*text).to_owned(), json!({ "type": "string" })))
        .collect();
    let document = json!({ "openapi": "3.1.0", "info": { "title": "T", "version": "1" },
        "components": { "schemas": { "Enum": schema, "Keys": { "properties": keyed } } } });
    let raw = parse(Path::new("published.json"), document.to_string())?;
    let text = pin_document(&raw, "", false)?;
    for word in RESOLVED_BY_YAML_1_1 {
        let key = keys.clone().any(|key| key == word);
        let lines = [format!("- '{word}'"), format!("'{word}':")];
        for line in lines.iter().take(if key { 2 } else { 1 }) {
            assert!(text.lines().any(|known| known.trim() == line), "{line}");
        }
    }
    Ok(())
}

/// Everything else has the layout that serde_yaml writes.
#[test]
fn writes_the_layout_of_serde_yaml() -> TestResult {
    let long = "k".repeat(129);
    let document = json!({ "openapi": "3.1.0", "info": { "title": "a: b", "version": "#1" }, "tags": [], "paths": {},
        "components": { "schemas": { "Any": { "default": {
            "lists": [[1, [2.5, null]], [], [{ "a": true, "b": [{}] }, "text"], ["two\nlines", " indented\nlines\n"]],
            "two": "lines\n\nand an empty one", "tab": "a\tb", "quote": "it's", "unicode": "\u{fc}\u{1f600}\u{7}",
            "key: with colon": 1, "/a/{b}": "$ref", "nested": { long: [{ "x": "z" }] },
        } } } } });
    let raw = parse(Path::new("published.json"), document.to_string())?;
    let text = pin_document(&raw, "", false)?;
    let expected = serde_yaml::to_string(&strip_prose(&document, false)).unwrap();
    assert_eq!(text, expected);
    // A key of several lines is written on one; pinning checks that it is read back.
    let document =
        json!({ "openapi": "3.1.0", "components": { "x": { "default": { "two\nlines": 1 } } } });
    let raw = parse(Path::new("published.json"), document.to_string())?;
    assert!(pin_document(&raw, "", false)?.ends_with("\"two\\nlines\": 1\n"));
    Ok(())
}

#[test]
fn pinned_documents_of_the_vendors_are_written_so() -> Result<(), Box<dyn std::error::Error>> {
    let specs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../specs");
    let mut count = 0;
    for folder in std::fs::read_dir(specs)? {
        let path = folder?.path().join("openapi.yaml");
        let text = std::fs::read_to_string(&path)?;
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let body: String = lines.flat_map(|line| [line, "\n"]).collect();
        let raw = parse(&path, text.as_bytes())?;
        assert!(pin_document(&raw, "", true)? == body, "{}", path.display());
        count += 1;
    }
    assert!(count >= 10, "{count}");
    Ok(())
}
