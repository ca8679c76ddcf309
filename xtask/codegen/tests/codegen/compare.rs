//! What a change of a document does to programs and to the wire: one change a line.

use observatory_codegen::compare::{Change, Effect, compare, next_version};
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
      responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Answer'}}}}}
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
    Answer:
      type: object
      required: [status]
      properties:
        status: {type: string}
        note: {type: string}
";

/// What is replaced, by what, and what is said of it.
const CHANGES: &[(&str, &str, &[&str])] = &[
    // Credentials and servers.
    (
        "name: X-Key",
        "name: X-Token",
        &[
            "wire `key`: the credential travels in the header `X-Token`, no longer in the header `X-Key`",
        ],
    ),
    (
        "in: header, name: X-Key",
        "in: query, name: X-Key",
        &[
            "wire `key`: the credential travels in the query `X-Key`, no longer in the header `X-Key`",
        ],
    ),
    (
        "    spare: {type: http, scheme: bearer}\n",
        "",
        &["wire `spare`: the security scheme is gone; it travelled as `Authorization: Bearer`"],
    ),
    (
        "[{key: []}]",
        "[{key: []}, {spare: []}]",
        &[
            "additive other().list_others: asks for key or spare, no longer for key",
            "additive thing().send_thing: asks for key or spare, no longer for key",
        ],
    ),
    (
        "acme.example/v1",
        "acme.example/v2",
        &[
            "wire servers: the document's default server is `https://acme.example/v2`, no longer `https://acme.example/v1`",
        ],
    ),
    (
        "type: apiKey, in: header, name: X-Key}\n    spare: {type: http, scheme: bearer}",
        "type: http, scheme: basic}\n    spare: {type: http, scheme: basic}",
        &[
            "breaking Client::new: takes a user's name and password, no longer a key",
            "wire `key`: the credential travels as `Authorization: Basic`, no longer in the header `X-Key`",
            "wire `spare`: the credential travels as `Authorization: Basic`, no longer as `Authorization: Bearer`",
        ],
    ),
    // Operations.
    (
        "  /others:\n",
        "  /other/things:\n",
        &["wire other().list_others: goes to `GET /other/things`, no longer to `GET /others`"],
    ),
    (
        "listOthers",
        "findOthers",
        &[
            "breaking other().find_others: the request is `FindOthers`, no longer `ListOthers`",
            "breaking other().find_others: was called `other().list_others`",
        ],
    ),
    (
        "    get: {tags: [other], operationId: listOthers, responses: {'204': {description: ''}}}\n",
        "    parameters: []\n",
        &["breaking other().list_others: `GET /others` is gone"],
    ),
    (
        "responses: {'204'",
        "deprecated: true, responses: {'204'",
        &["additive other().list_others: is deprecated"],
    ),
    (
        "things/{id}:\n    post:\n      tags: [thing]\n      operationId: sendThing\n      parameters:\n      - {name: id,",
        "things/{thing}:\n    post:\n      tags: [thing]\n      operationId: sendThing\n      parameters:\n      - {name: thing,",
        &["breaking thing().send_thing.thing: was called `id`"],
    ),
    (
        "- {name: limit, in: query,",
        "- {name: limit, in: query, required: true,",
        &[
            "breaking thing().send_thing: takes (String, i64, Thing), no longer (String, Thing)",
            "breaking thing().send_thing.limit: is i64, no longer Option<i64>",
        ],
    ),
    (
        "      - {name: tags, in: query, schema: {type: array, items: {type: string}}}\n",
        "",
        &["breaking thing().send_thing.tags: the query parameter `tags` is gone"],
    ),
    (
        "      - {name: tags,",
        "      - {name: X-Must, in: header, required: true, schema: {type: string}}\n      - {name: tags,",
        &[
            "breaking thing().send_thing: takes (String, String, Thing), no longer (String, Thing)",
            "breaking thing().send_thing.x_must: a new required header parameter, `X-Must`",
        ],
    ),
    (
        "      - {name: tags,",
        "      - {name: page, in: query, schema: {type: string}}\n      - {name: tags,",
        &["additive thing().send_thing.page: a new query parameter, `page`"],
    ),
    (
        "{name: tags, in: query,",
        "{name: tags, in: query, explode: false,",
        &["wire thing().send_thing.tags: travels form, no longer form, exploded"],
    ),
    (
        "{name: tags, in: query,",
        "{name: tags, in: header,",
        &[
            "wire thing().send_thing.tags: travels in header, no longer in query",
            "wire thing().send_thing.tags: travels simple, no longer form, exploded",
        ],
    ),
    (
        "default: 10",
        "default: 20",
        &["wire thing().send_thing.limit: its default is 20, no longer 10"],
    ),
    (
        "content: {application/json: {schema: {$ref: '#/components/schemas/Thing'",
        "content: {application/vnd.acme+json: {schema: {$ref: '#/components/schemas/Thing'",
        &[
            "wire thing().send_thing: its body travels as application/vnd.acme+json, no longer as json",
        ],
    ),
    // Types.
    (
        "        size: {type: integer, default: 3}\n",
        "",
        &["breaking models::Thing::size: the field is gone"],
    ),
    (
        "size: {type: integer,",
        "size: {type: number,",
        &["breaking models::Thing::size: is Option<f64>, no longer Option<i64>"],
    ),
    (
        "size: {type: integer, default: 3}",
        "size: {type: integer, default: 4}",
        &["wire models::Thing::size: its default is 4, no longer 3"],
    ),
    (
        "required: [name, kind]",
        "required: [name, kind, size]",
        &["breaking models::Thing::size: is i64, no longer Option<i64>: it must be there now"],
    ),
    (
        "required: [status]",
        "required: []",
        &[
            "breaking models::Answer::status: is Option<String>, no longer String: it need not be there any more",
        ],
    ),
    (
        "        note: {type: string}\n",
        "        note: {type: string}\n        more: {type: string}\n",
        &["additive models::Answer::more: a new field, Option<String>"],
    ),
    (
        "required: [status]\n      properties:\n",
        "required: [status, more]\n      properties:\n        more: {type: string}\n",
        &["additive models::Answer::more: a new field, String"],
    ),
    (
        "required: [name, kind]\n      properties:\n",
        "required: [name, kind, more]\n      properties:\n        more: {type: string}\n",
        &["breaking models::Thing::more: a new field that `new` takes, String"],
    ),
    (
        "medium, large]",
        "medium]",
        &["breaking models::Kind::Large: the value `large` is gone"],
    ),
    (
        "medium, large]",
        "medium, large, huge]",
        &["additive models::Kind::Huge: a new value, `huge`"],
    ),
    (
        "medium, large]",
        "medium, LARGE]",
        &["wire models::Kind::Large: is `LARGE` on the wire, no longer `large`"],
    ),
    (
        "[{type: string}, {type: integer}]",
        "[{type: string}, {type: integer}, {type: boolean}]",
        &["additive models::ThingEither::Bool: a new member"],
    ),
    (
        "[{type: string}, {type: integer}]",
        "[{type: string}, {type: boolean}]",
        &[
            "breaking models::ThingEither::Integer: the member is gone",
            "additive models::ThingEither::Bool: a new member",
        ],
    ),
    (
        "    Kind: {type: string, enum: [small, medium, large]}",
        "    Kind: {type: integer}",
        &["breaking models::Kind: is another name for i64, no longer an enum of strings"],
    ),
    (
        "    Answer:\n",
        "    Extra: {type: string}\n    Answer:\n",
        &["additive models::Extra: a new type"],
    ),
    // Words.
    (
        "note: {type: string}",
        "note: {type: string, description: Words.}",
        &[],
    ),
];

fn understood(text: &str) -> Result<PlannedDocument, Error> {
    configured(text, &Config::default())
}

fn configured(text: &str, vendor: &Config) -> Result<PlannedDocument, Error> {
    let generator = Generator::new(vendor.clone())
        .package("acme")
        .document_name("acme.yaml");
    Ok(generator.plan(Input::text("acme.yaml", text))?)
}

fn changes(from: &str, to: &str) -> Result<Vec<Change>, Error> {
    Ok(compare(&understood(from)?, &understood(to)?))
}

#[test]
fn every_change_is_told_by_what_it_does() -> Result<(), Error> {
    for (from, to, expected) in CHANGES {
        let changed = DOCUMENT.replace(from, to);
        assert_ne!(changed, DOCUMENT, "{from} is in the document");
        let told = changes(DOCUMENT, &changed)?;
        let told: Vec<String> = told
            .iter()
            .map(|change| format!("{} {}: {}", change.effect, change.subject, change.what))
            .collect();
        assert_eq!(told, *expected, "{from} → {to}");
    }
    Ok(())
}

#[test]
fn nothing_changed_where_nothing_did() -> Result<(), Error> {
    let changes = changes(DOCUMENT, DOCUMENT)?;
    assert_eq!(changes, []);
    assert_eq!(
        next_version(&changes, "1.2.3"),
        (Effect::None, "1.2.3".to_owned())
    );
    Ok(())
}

#[test]
fn versions_step_as_far_as_the_worst_change_asks() -> Result<(), Error> {
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
fn security_stands_first_and_places_are_lines() -> Result<(), Error> {
    let changed = DOCUMENT
        .replace("X-Key", "X-Token")
        .replace("medium, large]", "medium]");
    let told = changes(DOCUMENT, &changed)?;
    let told: Vec<(&str, &str)> = told
        .iter()
        .map(|change| (change.subject.as_str(), change.place.as_str()))
        .collect();
    assert_eq!(
        told,
        [("`key`", "new:20"), ("models::Kind::Large", "new:31")]
    );
    Ok(())
}

/// What the document renames keeps its old name for a while: nobody's program breaks.
#[test]
fn what_was_renamed_breaks_nobody_while_the_old_name_stays() -> Result<(), Error> {
    let old = understood(DOCUMENT)?;
    let text = DOCUMENT
        .replace("Answer", "Reply")
        .replace("sendThing", "postThing");
    let mut vendor = Config::default();
    vendor.names.lock = old.plan.lock.clone();
    let new = configured(&text, &vendor)?;
    let told = compare(&old, &new);
    let called = |change: &&Change| change.what.contains("; the old name stays for now");
    assert!(told.iter().filter(called).count() >= 2, "{told:#?}");
    assert_eq!(
        next_version(&told, "1.2.3").0,
        Effect::Additive,
        "{told:#?}"
    );
    let told = compare(&old, &understood(&text)?);
    assert_eq!(
        next_version(&told, "1.2.3").0,
        Effect::Breaking,
        "{told:#?}"
    );
    Ok(())
}
