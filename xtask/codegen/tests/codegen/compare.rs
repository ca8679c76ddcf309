//! The effect of each change of a document on dependent code and on the wire: one change per entry.

use observatory_codegen::compare::{Change, Effect, Report, compare, next_version};
use observatory_codegen::config::Config;
use observatory_codegen::diag::Error;
use observatory_codegen::{Generator, Input, PlannedDocument};

const DOCUMENT: &str = "openapi: 3.1.0
info: {title: Acme, version: '1'}
servers: [{url: 'https://acme.example/v1'}]
security: [{key: []}]
paths:
  /things/{id}:
    post:
      tags: [thing]
      operationId: sendThing
      parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: limit, in: query, schema: {type: integer, default: 10}}
      - {name: tags, in: query, schema: {type: array, items: {type: string}}}
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
      responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Receipt'}}}}}
  /others:
    get: {tags: [other], operationId: listOthers, responses: {'204': {description: ''}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    spare: {type: http, scheme: bearer}
  schemas:
    Thing:
      type: object
      required: [name, kind]
      properties:
        name: {type: string}
        kind: {$ref: '#/components/schemas/Kind'}
        size: {type: integer, default: 3}
        either: {oneOf: [{type: string}, {type: integer}]}
    Kind: {type: string, enum: [small, medium, large]}
    Receipt:
      type: object
      required: [status]
      properties:
        status: {type: string}
        note: {type: string}
";

/// A text of [`DOCUMENT`], its replacement, and the changes that the comparison reports.
const CHANGES: &[(&str, &str, &[&str])] = &[
    // Credentials and servers.
    (
        "name: X-Key",
        "name: X-Token",
        &[
            "wire `key`: the credential is sent in the header `X-Token` instead of in the header `X-Key`",
        ],
    ),
    (
        "in: header, name: X-Key",
        "in: query, name: X-Key",
        &[
            "wire `key`: the credential is sent in the query `X-Key` instead of in the header `X-Key`",
        ],
    ),
    (
        "    spare: {type: http, scheme: bearer}\n",
        "",
        &[
            "wire `spare`: the security scheme was removed; the credential was sent as `Authorization: Bearer`",
        ],
    ),
    (
        "[{key: []}]",
        "[{key: []}, {spare: []}]",
        &[
            "additive other().list: requires key or spare instead of key",
            "additive thing().send: requires key or spare instead of key",
        ],
    ),
    (
        "acme.example/v1",
        "acme.example/v2",
        &[
            "wire servers: the document's default server is `https://acme.example/v2` instead of `https://acme.example/v1`",
        ],
    ),
    (
        "[{url: 'https://acme.example/v1'}]",
        "[{url: 'https://acme.example/v1'}, {url: 'https://acme.example/v2'}, {url: 'https://other.example'}]",
        &[
            "breaking servers: the document lists the new server `https://other.example`: check that it is the vendor's, since credentials are sent to it",
            "additive servers: the document lists the new server `https://acme.example/v2`",
        ],
    ),
    (
        "https://acme.example",
        "http://acme.example",
        &[
            "breaking servers: the document's default server is `http://acme.example/v1` instead of `https://acme.example/v1`: check that it is the vendor's, since credentials are sent to it",
        ],
    ),
    (
        "  /others:\n    get: {",
        "  /others:\n    get: {servers: [{url: 'https://other.example'}], ",
        &["breaking other().list: the base URL is https://other.example instead of the client's"],
    ),
    (
        "  /others:\n    get: {",
        "  /others:\n    get: {servers: [{url: 'https://acme.example/v2'}], ",
        &["wire other().list: the base URL is https://acme.example/v2 instead of the client's"],
    ),
    (
        "type: apiKey, in: header, name: X-Key}\n    spare: {type: http, scheme: bearer}",
        "type: http, scheme: basic}\n    spare: {type: http, scheme: basic}",
        &[
            "breaking Client::new: takes a user name and a password instead of an API key",
            "wire `key`: the credential is sent as `Authorization: Basic` instead of in the header `X-Key`",
            "wire `spare`: the credential is sent as `Authorization: Basic` instead of as `Authorization: Bearer`",
        ],
    ),
    // Operations.
    (
        "  /others:\n",
        "  /other/things:\n",
        &["wire other().list: sends `GET /other/things` instead of `GET /others`"],
    ),
    (
        "listOthers",
        "findOthers",
        &[
            "breaking other().find: renamed from `other().list`",
            "breaking other().find: the request is `FindOthers` instead of `ListOthers`",
        ],
    ),
    (
        "    get: {tags: [other], operationId: listOthers, responses: {'204': {description: ''}}}\n",
        "    parameters: []\n",
        &["breaking other().list: `GET /others` was removed"],
    ),
    (
        "responses: {'204'",
        "deprecated: true, responses: {'204'",
        &["additive other().list: is deprecated"],
    ),
    (
        "things/{id}:\n    post:\n      tags: [thing]\n      operationId: sendThing\n      parameters:\n      - {name: id,",
        "things/{thing}:\n    post:\n      tags: [thing]\n      operationId: sendThing\n      parameters:\n      - {name: thing,",
        &["breaking thing().send.thing: renamed from `id`"],
    ),
    (
        "- {name: limit, in: query,",
        "- {name: limit, in: query, required: true,",
        &[
            "breaking thing().send: takes (String, i64, Thing) instead of (String, Thing)",
            "breaking thing().send.limit: is i64 instead of Option<i64>",
            "wire thing().send.limit: is required in requests: programs that were built before do not send it",
        ],
    ),
    (
        "      - {name: tags, in: query, schema: {type: array, items: {type: string}}}\n",
        "",
        &["breaking thing().send.tags: the query parameter `tags` was removed"],
    ),
    (
        "      - {name: tags,",
        "      - {name: X-Must, in: header, required: true, schema: {type: string}}\n      - {name: tags,",
        &[
            "breaking thing().send: takes (String, String, Thing) instead of (String, Thing)",
            "breaking thing().send.x_must: new required header parameter, `X-Must`",
            "wire thing().send.x_must: is required in requests: programs that were built before do not send it",
        ],
    ),
    (
        "      - {name: tags,",
        "      - {name: page, in: query, schema: {type: string}}\n      - {name: tags,",
        &["additive thing().send.page: new query parameter, `page`"],
    ),
    (
        "{name: tags, in: query,",
        "{name: tags, in: query, explode: false,",
        &["wire thing().send.tags: has the style form instead of form, exploded"],
    ),
    (
        "{name: tags, in: query,",
        "{name: tags, in: header,",
        &[
            "wire thing().send.tags: has the style simple instead of form, exploded",
            "wire thing().send.tags: is sent in the header instead of the query",
        ],
    ),
    (
        "default: 10",
        "default: 20",
        &["wire thing().send.limit: the default is 20 instead of 10"],
    ),
    (
        "content: {application/json: {schema: {$ref: '#/components/schemas/Thing'",
        "content: {application/vnd.acme+json: {schema: {$ref: '#/components/schemas/Thing'",
        &[
            "wire thing().send: the request body is sent as application/vnd.acme+json instead of json",
        ],
    ),
    // Types.
    (
        "        size: {type: integer, default: 3}\n",
        "",
        &["breaking models::Thing::size: the field was removed"],
    ),
    (
        "size: {type: integer,",
        "size: {type: number,",
        &["breaking models::Thing::size: is Option<f64> instead of Option<i64>"],
    ),
    (
        "size: {type: integer, default: 3}",
        "size: {type: integer, default: 4}",
        &["wire models::Thing::size: the default is 4 instead of 3"],
    ),
    (
        "required: [name, kind]",
        "required: [name, kind, size]",
        &[
            "breaking models::Thing::size: is i64 instead of Option<i64>: it is required now",
            "wire models::Thing::size: is required in requests: programs that were built before do not send it",
        ],
    ),
    (
        "required: [status]",
        "required: []",
        &[
            "breaking models::Receipt::status: is Option<String> instead of String: it is optional now",
        ],
    ),
    (
        "        note: {type: string}\n",
        "        note: {type: string}\n        more: {type: string}\n",
        &["additive models::Receipt::more: new field, Option<String>"],
    ),
    (
        "required: [status]\n      properties:\n",
        "required: [status, more]\n      properties:\n        more: {type: string}\n",
        &["additive models::Receipt::more: new field, String"],
    ),
    (
        "required: [name, kind]\n      properties:\n",
        "required: [name, kind, more]\n      properties:\n        more: {type: string}\n",
        &[
            "breaking models::Thing::more: new field, String, an argument of `new`",
            "wire models::Thing::more: is required in requests: programs that were built before do not send it",
        ],
    ),
    (
        "required: [name, kind]\n      properties:\n",
        "required: [name, kind, more]\n      properties:\n        more: {type: string, readOnly: true}\n",
        &["additive models::Thing::more: new field, Option<String>"],
    ),
    (
        "required: [name, kind]\n      properties:\n",
        "required: [name, kind, more]\n      properties:\n        more: {type: string, const: one}\n",
        &[
            "wire models::Thing::more: is required in requests: programs that were built before do not send it",
            "additive models::Thing::more: new field, Fixed",
        ],
    ),
    (
        "requestBody: {required: true, ",
        "requestBody: {",
        &["breaking thing().send: takes (String) instead of (String, Thing)"],
    ),
    (
        "medium, large]",
        "medium]",
        &["breaking models::Kind::Large: the value `large` was removed"],
    ),
    (
        "medium, large]",
        "medium, large, huge]",
        &["additive models::Kind::Huge: new value, `huge`"],
    ),
    (
        "medium, large]",
        "medium, LARGE]",
        &["wire models::Kind::Large: is `LARGE` on the wire instead of `large`"],
    ),
    (
        "[{type: string}, {type: integer}]",
        "[{type: string}, {type: integer}, {type: boolean}]",
        &["additive models::ThingEither::Bool: new variant"],
    ),
    (
        "[{type: string}, {type: integer}]",
        "[{type: string}, {type: boolean}]",
        &[
            "breaking models::ThingEither::Integer: the variant was removed",
            "additive models::ThingEither::Bool: new variant",
        ],
    ),
    (
        "    Kind: {type: string, enum: [small, medium, large]}",
        "    Kind: {type: integer}",
        &["breaking models::Kind: is an alias of i64 instead of a string enum"],
    ),
    (
        "    Receipt:\n",
        "    Extra: {type: string}\n    Receipt:\n",
        &["additive models::Extra: new type"],
    ),
    // Descriptions.
    (
        "note: {type: string}",
        "note: {type: string, description: Words.}",
        &[],
    ),
];

fn plan(text: &str) -> Result<PlannedDocument, Error> {
    plan_with_config(text, &Config::default())
}

fn plan_with_config(text: &str, config: &Config) -> Result<PlannedDocument, Error> {
    let generator = Generator::new(config.clone())
        .package("acme")
        .document_name("acme.yaml");
    Ok(generator.plan(Input::text("acme.yaml", text))?)
}

fn changes(from: &str, to: &str) -> Result<Vec<Change>, Error> {
    Ok(compare(&plan(from)?, &plan(to)?))
}

#[test]
fn reports_each_change_with_its_effect() -> Result<(), Error> {
    for (from, to, expected) in CHANGES {
        let changed = DOCUMENT.replace(from, to);
        assert_ne!(changed, DOCUMENT, "{from} is in the document");
        let found = changes(DOCUMENT, &changed)?;
        let found: Vec<String> = found
            .iter()
            .map(|change| {
                format!(
                    "{} {}: {}",
                    change.effect, change.subject, change.description
                )
            })
            .collect();
        assert_eq!(found, *expected, "{from} → {to}");
    }
    Ok(())
}

#[test]
fn reports_a_newly_required_body_on_the_wire() -> Result<(), Error> {
    let optional = DOCUMENT.replace("requestBody: {required: true, ", "requestBody: {");
    let found = changes(&optional, DOCUMENT)?;
    let wire = found.iter().filter(|change| change.effect == Effect::Wire);
    let wire: Vec<&str> = wire.map(|change| change.description.as_str()).collect();
    assert_eq!(
        wire,
        [
            "the request body is required in requests: programs that were built before do not send it"
        ]
    );
    Ok(())
}

#[test]
fn reports_no_changes_between_equal_documents() -> Result<(), Error> {
    let changes = changes(DOCUMENT, DOCUMENT)?;
    assert_eq!(changes, []);
    assert_eq!(
        next_version(&changes, "1.2.3"),
        (Effect::None, "1.2.3".to_owned())
    );
    Ok(())
}

#[test]
fn next_version_follows_the_strongest_effect() -> Result<(), Error> {
    let breaking = changes(DOCUMENT, &DOCUMENT.replace("medium, large]", "medium]"))?;
    let wire = changes(DOCUMENT, &DOCUMENT.replace("X-Key", "X-Token"))?;
    let steps = [
        (&breaking, "0.3.4", "0.4.0"),
        (&breaking, "1.2.3", "2.0.0"),
        (&wire, "0.3.4", "0.3.5"),
        (&wire, "1.2.3", "1.3.0"),
    ];
    for (changes, before, after) in steps {
        assert_eq!(next_version(changes, before).1, after);
    }
    Ok(())
}

#[test]
fn lists_security_first_and_locates_changes_by_line() -> Result<(), Error> {
    let changed = DOCUMENT
        .replace("X-Key", "X-Token")
        .replace("medium, large]", "medium]");
    let found = changes(DOCUMENT, &changed)?;
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|change| (change.subject.as_str(), change.location.as_str()))
        .collect();
    assert_eq!(
        found,
        [("`key`", "new:20"), ("models::Kind::Large", "new:31")]
    );
    Ok(())
}

#[test]
fn renames_with_a_deprecated_alias_are_additive() -> Result<(), Error> {
    let old = plan(DOCUMENT)?;
    let text = DOCUMENT
        .replace("Receipt", "Reply")
        .replace("sendThing", "postThing");
    let mut config = Config::default();
    config.names.lock = old.plan.lock.clone();
    let new = plan_with_config(&text, &config)?;
    let found = compare(&old, &new);
    let is_alias = |change: &&Change| change.description.ends_with(", which is deprecated");
    assert!(found.iter().filter(is_alias).count() >= 2, "{found:#?}");
    assert_eq!(
        next_version(&found, "1.2.3").0,
        Effect::Additive,
        "{found:#?}"
    );
    // A renamed item is not a new one.
    assert!(found.iter().all(|change| !change.is_new), "{found:#?}");
    let report = Report {
        name: "acme".to_owned(),
        package: None,
        old_version: "1".to_owned(),
        new_version: "2".to_owned(),
        changes: found,
    };
    let entry = report.changelog_entry();
    assert!(!entry.contains("Added"), "{entry}");
    let renamed = "- **Compatible**: `models::Reply`: renamed from `Receipt`, which is deprecated.";
    assert!(entry.contains(renamed), "{entry}");
    let found = compare(&old, &plan(&text)?);
    assert_eq!(
        next_version(&found, "1.2.3").0,
        Effect::Breaking,
        "{found:#?}"
    );
    Ok(())
}
