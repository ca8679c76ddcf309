//! Tests of references: inlined targets, schemas that become components, errors.

use super::support::{TestResult, errors_after_version, normalize_after_version, without_pointers};
use observatory_codegen::diag::{Code, Error};
use serde_json::{Value, json};

const PARTS: &str = "
components:
  parameters:
    Id: {name: id, in: path, schema: {type: string}}
    Alias: {$ref: '#/components/parameters/Id'}
  headers:
    Left: {schema: {type: integer}}
  requestBodies:
    Body: {content: {application/json: {schema: {$ref: '#/components/schemas/T'}}}}
  responses:
    Bad:
      description: A text.
      headers: {x-left: {$ref: '#/components/headers/Left'}}
      content: {application/json: {schema: {type: object, properties: {m: {type: string}}}}}
  pathItems:
    Shared: {get: {operationId: shared, responses: {}}}
  securitySchemes:
    key: {type: http, scheme: bearer}
    other: {$ref: '#/components/securitySchemes/key'}
  schemas:
    T: {type: object, properties: {p: {type: object, properties: {q: {type: integer}}}}, $defs: {Inner: {type: string}}}
";

fn document(rest: &str) -> Result<Value, observatory_codegen::diag::Error> {
    normalize_after_version(&format!("{PARTS}{rest}"))
}

#[test]
fn inlines_components_other_than_schemas() -> TestResult {
    let found = document(
        "
paths:
  /a/{id}:
    post:
      parameters: [{$ref: '#/components/parameters/Alias'}]
      requestBody: {$ref: '#/components/requestBodies/Body', description: mine}
      responses: {400: {$ref: '#/components/responses/Bad'}}
  /b: {$ref: '#/components/pathItems/Shared'}
",
    )?;
    let post = &found["paths"]["/a/{id}"]["post"];
    assert_eq!(post["parameters"][0]["name"], "id");
    assert_eq!(post["parameters"][0]["x-at"], "#/components/parameters/Id");
    assert_eq!(post["requestBody"]["description"], "mine");
    assert_eq!(
        post["requestBody"]["content"]["application/json"]["schema"],
        json!({ "$ref": "#/components/schemas/T" })
    );
    assert_eq!(
        post["responses"]["400"]["x-at"],
        "#/components/responses/Bad"
    );
    assert_eq!(
        post["responses"]["400"]["headers"]["x-left"]["schema"]["type"],
        "integer"
    );
    assert_eq!(found["paths"]["/b"]["get"]["operationId"], "shared");
    assert_eq!(
        found["components"]["securitySchemes"]["other"]["scheme"],
        "bearer"
    );
    assert!(found["components"].get("parameters").is_none());
    Ok(())
}

#[test]
fn referenced_inline_schemas_become_components() -> TestResult {
    let found = document(
        "
paths:
  /a:
    get:
      responses:
        200: {content: {application/json: {schema: {$ref: '#/components/schemas/T/properties/p'}}}}
        201: {content: {application/json: {schema: {$ref: '#/components/responses/Bad/content/application~1json/schema'}}}}
        202: {content: {application/json: {schema: {$ref: '#/paths/~1a/get/responses/203/content/application~1json/schema'}}}}
        203: {content: {application/json: {schema: {type: object, properties: {z: {type: string}}}}}}
",
    )?;
    let schema = |status: &str| {
        found["paths"]["/a"]["get"]["responses"][status]["content"]["application/json"]["schema"]
            .clone()
    };
    assert_eq!(schema("200"), json!({ "$ref": "#/components/schemas/T_p" }));
    assert_eq!(schema("201"), json!({ "$ref": "#/components/schemas/Bad" }));
    assert_eq!(
        schema("202"),
        json!({ "$ref": "#/components/schemas/a_get_203" })
    );
    // What moved can also be referred to by its old location: it is one type, not two.
    assert_eq!(schema("203"), schema("202"));
    let schemas = &found["components"]["schemas"];
    assert_eq!(schemas["T"]["properties"]["p"], schema("200"));
    assert_eq!(
        schemas["T_p"]["x-at"],
        "#/components/schemas/T/properties/p"
    );
    assert_eq!(
        without_pointers(&schemas["Bad"])["properties"]["m"],
        json!({ "type": "string" })
    );
    Ok(())
}

#[test]
fn local_definitions_become_components() -> TestResult {
    let found = document(
        "x: 1\npaths: {/a: {get: {responses: {200: {content: {a/b: {schema: {$ref: '#/components/schemas/T/$defs/Inner'}}}}}}}}",
    )?;
    assert_eq!(
        without_pointers(&found["components"]["schemas"]["Inner"]),
        json!({ "type": "string" })
    );
    Ok(())
}

#[test]
fn resolves_definitions_relative_to_a_copied_schema() -> TestResult {
    let found = normalize_after_version(
        "components: {schemas: {T: {$defs: {I: {type: string}}, properties: {i: {$ref: '#/$defs/I'}}}}}",
    )?;
    assert_eq!(
        found["components"]["schemas"]["T"]["properties"]["i"],
        json!({ "$ref": "#/components/schemas/I" })
    );
    Ok(())
}

#[test]
fn hoisted_schemas_get_unique_keys() -> TestResult {
    let found = normalize_after_version(
        "components: {schemas: {I: {type: integer}, T: {$defs: {I: {type: string}}, properties: {i: {$ref: '#/components/schemas/T/$defs/I'}}}}}",
    )?;
    assert_eq!(
        found["components"]["schemas"]["T"]["properties"]["i"],
        json!({ "$ref": "#/components/schemas/T_I" })
    );
    Ok(())
}

#[test]
fn decodes_escapes_in_references() -> TestResult {
    let found = normalize_after_version(
        "components: {schemas: {'a/b c~d': {type: string}, T: {properties: {x: {$ref: '#/components/schemas/a~1b%20c~0d'}, y: {$ref: '#/components/schemas/a~1b%20c%7E0d'}}}}}",
    )?;
    let properties = &found["components"]["schemas"]["T"]["properties"];
    assert_eq!(
        properties["x"],
        json!({ "$ref": "#/components/schemas/a/b c~d" })
    );
    assert_eq!(properties["y"], properties["x"]);
    Ok(())
}

#[test]
fn resolves_anchors() -> TestResult {
    let found = normalize_after_version(
        "components: {schemas: {A: {$anchor: here, type: string}, T: {properties: {x: {$ref: '#here'}}}}}",
    )?;
    assert_eq!(
        found["components"]["schemas"]["T"]["properties"]["x"],
        json!({ "$ref": "#/components/schemas/A" })
    );
    Ok(())
}

#[test]
fn accepts_recursion_through_properties() -> TestResult {
    let found = normalize_after_version(
        "components: {schemas: {T: {properties: {t: {$ref: '#/components/schemas/T'}}}}}",
    )?;
    assert_eq!(
        found["components"]["schemas"]["T"]["properties"]["t"],
        json!({ "$ref": "#/components/schemas/T" })
    );
    Ok(())
}

#[test]
fn children_inherit_from_a_parent_that_lists_them() -> TestResult {
    let found = normalize_after_version(
        "
components:
  schemas:
    Parent:
      oneOf: [{$ref: '#/components/schemas/Child'}, {$ref: '#/components/schemas/Other'}]
      discriminator: {propertyName: kind}
      properties: {kind: {type: string}}
    Child: {allOf: [{$ref: '#/components/schemas/Parent'}, {properties: {c: {type: string}}}]}
    Other: {type: object}
",
    )?;
    let child = without_pointers(&found["components"]["schemas"]["Child"]["allOf"][0]);
    assert_eq!(
        child,
        json!({ "type": "object", "properties": { "kind": { "type": "string" } } })
    );
    Ok(())
}

/// The components of a document in which `Parent` has a discriminator with this mapping.
const MAPPED: &str = "
components:
  schemas:
    Parent: {type: object, discriminator: {propertyName: kind, mapping: MAPPING}, properties: {kind: {type: string}}}
    Whole: {type: object, properties: {kind: {type: string}, w: {type: string}}}
    Part: {type: object, properties: {p: {type: string}}}
    Back: {oneOf: [{$ref: '#/components/schemas/Parent'}, {type: string}]}
";

#[test]
fn mapping_lists_children_that_do_not_extend_the_parent() -> TestResult {
    let parent = |mapping: &str| -> Result<Value, Error> {
        let found = normalize_after_version(&MAPPED.replace("MAPPING", mapping))?;
        Ok(without_pointers(&found["components"]["schemas"]["Parent"]))
    };
    let found = parent("{w: Whole, p: Part}")?;
    let own = json!({ "type": "object", "properties": { "kind": { "type": "string" } } });
    let part = json!({ "allOf": [{ "$ref": "#/components/schemas/Part" }, own] });
    let whole = json!({ "$ref": "#/components/schemas/Whole" });
    assert_eq!(found["oneOf"], json!([part, whole]));
    // A union that contains the parent would consist of itself.
    assert_eq!(parent("{b: Back}")?["oneOf"], json!(null));
    assert_eq!(
        parent("{p: Part, b: Back}")?["oneOf"][1]["$ref"],
        "#/components/schemas/ParentBase"
    );
    // A schema that lists only itself has no children.
    assert_eq!(parent("{a: Parent}")?["oneOf"], json!(null));
    Ok(())
}

#[test]
fn rejects_a_reference_to_a_missing_target() -> TestResult {
    let found = errors_after_version(
        "components: {schemas: {T: {properties: {x: {$ref: '#/components/schemas/Nope'}}}}}",
    )?;
    assert_eq!(
        found,
        [(
            Code::DanglingRef,
            "#/components/schemas/T/properties/x/$ref".to_owned()
        )]
    );
    Ok(())
}

#[test]
fn suggests_a_similar_component_for_a_missing_target() -> TestResult {
    let error = normalize_after_version(
        "components: {schemas: {my_place: {}, T: {$ref: '#/components/schemas/MyPlace'}}}",
    )
    .err();
    let help = error.and_then(|error| error.diags().first().and_then(|diag| diag.help.clone()));
    assert_eq!(
        help.as_deref(),
        Some("refer to `#/components/schemas/my_place`, which exists")
    );
    Ok(())
}

#[test]
fn rejects_a_reference_to_another_document() -> TestResult {
    let found = errors_after_version("components: {schemas: {T: {$ref: 'other.yaml#/X'}}}")?;
    assert_eq!(
        found,
        [(Code::ExternalRef, "#/components/schemas/T/$ref".to_owned())]
    );
    Ok(())
}

#[test]
fn rejects_a_reference_that_is_not_a_string() -> TestResult {
    let found = errors_after_version("components: {schemas: {T: {$ref: 5}}}")?;
    assert_eq!(
        found,
        [(Code::WrongType, "#/components/schemas/T/$ref".to_owned())]
    );
    Ok(())
}

#[test]
fn rejects_a_schema_that_refers_to_another_kind_of_component() -> TestResult {
    let found = errors_after_version(&format!(
        "{PARTS}    X: {{$ref: '#/components/parameters/Id'}}\n"
    ))?;
    assert_eq!(
        found,
        [(Code::WrongType, "#/components/schemas/X/$ref".to_owned())]
    );
    Ok(())
}

#[test]
fn rejects_cyclic_schemas() -> TestResult {
    for cycle in [
        "A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}",
        "A: {allOf: [{$ref: '#/components/schemas/A'}, {type: object}]}",
        "A: {anyOf: [{type: string}, {$ref: '#/components/schemas/B'}]}, B: {anyOf: [{type: string}, {$ref: '#/components/schemas/A'}]}",
        "A: {$ref: '#/components/schemas/A', nullable: true}",
    ] {
        let found = errors_after_version(&format!("components: {{schemas: {{{cycle}}}}}"))?;
        assert_eq!(
            found.iter().map(|(code, _)| *code).collect::<Vec<_>>(),
            [Code::CyclicRef],
            "{cycle}"
        );
    }
    Ok(())
}

#[test]
fn rejects_cyclic_references_of_other_components() -> TestResult {
    let parts = "
components:
  parameters: {A: {$ref: '#/components/parameters/B'}, B: {$ref: '#/components/parameters/A'}}
paths:
  /a: {get: {parameters: [{$ref: '#/components/parameters/A'}]}}
  /b: {$ref: '#/paths/~1b'}
";
    let found = errors_after_version(parts)?;
    assert_eq!(
        found,
        [
            (Code::CyclicRef, "#/paths/~1a/get/parameters/0".to_owned()),
            (Code::CyclicRef, "#/paths/~1b".to_owned())
        ]
    );
    Ok(())
}
