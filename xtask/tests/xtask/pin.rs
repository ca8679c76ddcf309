//! Pinning: what of a document is a fact, and what is recorded of its origin.

use std::path::Path;

use observatory_codegen::config::{Config, DocumentOrigin};
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::source::parse;
use serde_json::{Value, json};
use xtask::pin::{KEPT_EXTENSIONS, Origin, facts, pin, record};

type Outcome = Result<(), Error>;

fn read(text: &str) -> Result<Value, Error> {
    Ok(parse(Path::new("published.yaml"), text)?.value)
}

/// The facts of a schema.
fn schema(text: &str) -> Result<Value, Error> {
    let document = json!({ "openapi": "3.1.0", "components": { "schemas": { "S": read(text)? } } });
    Ok(facts(&document, false)["components"]["schemas"]["S"].clone())
}

#[test]
fn prose_goes_wherever_it_stands() -> Outcome {
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
    let wanted = read(
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
    assert_eq!(facts(&document, false), wanted);
    Ok(())
}

#[test]
fn names_are_facts_whatever_they_are_called() -> Outcome {
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
    assert_eq!(schema(text)?, read(text)?);
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
    assert_eq!(facts(&document, false), document);
    Ok(())
}

#[test]
fn data_is_a_fact_whatever_it_says() -> Outcome {
    let text = "default: {description: d, title: [{example: 1}], x-a: 2}
enum: [{title: t}, description]
const: {summary: s}
";
    assert_eq!(schema(text)?, read(text)?);
    Ok(())
}

#[test]
fn extensions_go_unless_they_are_listed() -> Outcome {
    assert_eq!(
        schema("{type: string, x-nullable: true, x-other: true}")?,
        json!({ "type": "string", "x-nullable": true })
    );
    assert_eq!(KEPT_EXTENSIONS, ["x-nullable"]);
    Ok(())
}

#[test]
fn scopes_keep_their_names() -> Outcome {
    let document = read(
        "components: {securitySchemes: {o: {type: oauth2, description: d, flows: {password: {tokenUrl: u, scopes: {read: what it lets you do}}}}}}",
    )?;
    let wanted = json!({ "type": "oauth2", "flows": { "password": { "tokenUrl": "u", "scopes": { "read": "" } } } });
    assert_eq!(
        facts(&document, false)["components"]["securitySchemes"]["o"],
        wanted
    );
    Ok(())
}

#[test]
fn kept_prose_is_kept_and_the_rest_is_not() -> Outcome {
    let document = read(
        "openapi: 3.0.0
info: {title: T, version: '1', description: d, license: {name: MIT}}
paths: {/a: {get: {summary: s, x-a: 1, responses: {'200': {description: d}}}}}
components: {schemas: {S: {title: t, description: d, example: 1}}}
",
    )?;
    let wanted = read(
        "openapi: 3.0.0
info: {title: T, version: '1', description: d}
paths: {/a: {get: {summary: s, responses: {'200': {description: d}}}}}
components: {schemas: {S: {title: t, description: d}}}
",
    )?;
    assert_eq!(facts(&document, true), wanted);
    Ok(())
}

#[test]
fn what_is_pinned_reads_back_the_same_in_the_same_order() -> Outcome {
    let text = r#"{"openapi": "3.0.0", "paths": {"/b": {}, "/a": {}}, "components": {"schemas": {"N": {
        "enum": ["no", "1e3", "0x10", "null", "~", "", " a", "a: b", "2020-01-01", "multi\nline", "\u0000", "é", "- x"],
        "default": 1.5, "maximum": 12345678901234567890, "minimum": -0.1}}}}"#;
    let raw = parse(Path::new("published.json"), text)?;
    let pinned = pin(&raw, "first line\nsecond", false)?;
    assert!(
        pinned.starts_with("# first line\n# second\nopenapi: 3.0.0\n"),
        "{pinned}"
    );
    assert!(pinned.find("/b:") < pinned.find("/a:"), "{pinned}");
    assert_eq!(read(&pinned)?, raw.value);
    let again = parse(Path::new("openapi.yaml"), pinned.as_str())?;
    assert_eq!(pin(&again, "first line\nsecond", false)?, pinned);
    Ok(())
}

#[test]
fn only_openapi_3_is_pinned() -> Outcome {
    for text in [
        "swagger: '2.0'",
        "openapi: 4.0.0",
        "openapi: 3",
        "[]",
        "a: b",
    ] {
        let raw = parse(Path::new("published.yaml"), text)?;
        assert_eq!(
            pin(&raw, "", false).err().map(|error| error.code()),
            Some(Code::UnsupportedVersion),
            "{text}"
        );
    }
    Ok(())
}

/// What is said of a document read from `read-from.json` today.
fn said() -> Origin {
    Origin {
        read_from: "read-from.json".into(),
        sha256: "2".into(),
        today: "2026-11-21".into(),
        ..Origin::default()
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
fn the_same_bytes_keep_what_is_recorded_of_them() {
    assert_eq!(said().settle(&recorded("2")), recorded("2"));
    let new = said().settle(&recorded("1"));
    assert_eq!(
        (new.origin.as_str(), new.date.as_str(), new.license.as_str()),
        ("read-from.json", "2026-11-21", "MIT")
    );
    let stated = Origin {
        stated_license: Some("ISC".into()),
        ..said()
    };
    assert_eq!(stated.settle(&recorded("1")).license, "MIT");
    assert_eq!(stated.settle(&DocumentOrigin::default()).license, "ISC");
    let told = Origin {
        origin: Some("u".into()),
        date: Some("2021-02-03".into()),
        license: Some("0BSD".into()),
        ..said()
    };
    let told = told.settle(&recorded("2"));
    assert_eq!(
        (
            told.origin.as_str(),
            told.date.as_str(),
            told.license.as_str()
        ),
        ("u", "2021-02-03", "0BSD")
    );
}

#[test]
fn recording_leaves_the_rest_of_the_file_alone() -> Outcome {
    let path = Path::new("vendor.toml");
    let text = "# Ours.\ntitle = \"Acme\" # said\n\n[document]\norigin = \"o\" # kept\nsha256 = \"1\"\n\n[[server]]\nname = \"us\"\nurl = \"https://a.example\"\n";
    let new = record(path, text, &recorded("2"))?;
    assert!(new.starts_with("# Ours.\ntitle = \"Acme\" # said\n\n[document]\norigin = \"o\" # kept\nsha256 = \"2\"\n"), "{new}");
    assert!(
        new.ends_with("[[server]]\nname = \"us\"\nurl = \"https://a.example\"\n"),
        "{new}"
    );
    assert_eq!(Config::parse(path, &new)?.document, recorded("2"));
    assert_eq!(record(path, &new, &recorded("2"))?, new);
    assert_eq!(
        Config::parse(path, &record(path, "", &recorded("2"))?)?.document,
        recorded("2")
    );
    for broken in ["document = 1", "title = "] {
        assert!(record(path, broken, &recorded("2")).is_err(), "{broken}");
    }
    Ok(())
}
