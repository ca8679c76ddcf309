//! Passes over types: constants, duplicate members of unions, recursion and usage.

use super::refine_document;
use crate::ir_text::{Outcome, component, component_text, document_with};

/// Checks what the schema of a component is refined to.
#[track_caller]
fn becomes(schema: &str, expected: &str) -> Outcome {
    let api = refine_document(&document_with(schema), "")?;
    assert_eq!(component_text(&api, "S"), expected, "\nfrom {schema}");
    Ok(())
}

#[test]
fn an_optional_constant_is_a_field() -> Outcome {
    becomes(
        "{type: object, properties: {stream: {type: boolean, enum: [true]}, n: {type: integer, enum: [1]}, \
         s: {type: string, enum: [x]}, z: {enum: [null]}}}",
        "{n?: i64 always 1, s?: string always 'x', stream?: bool always true, z?: any always null}",
    )
}

#[test]
fn a_required_constant_and_a_default_stay_constants() -> Outcome {
    becomes(
        "{type: object, required: [a], properties: {a: {enum: [x]}, b: {type: string, enum: [y], default: y}}}",
        "{a: 'x', b?: 'y'}",
    )
}

#[test]
fn the_constants_of_a_unions_members_stay_constants() -> Outcome {
    becomes(
        "{oneOf: [{type: object, properties: {k: {enum: [x]}}}, {type: object, properties: {k: {enum: [y]}}}]}",
        "union by k (x => {k?: 'x'}, y => {k?: 'y'})",
    )
}

#[test]
fn merges_members_of_one_type() -> Outcome {
    becomes(
        "{anyOf: [{type: array, items: {type: string, format: uuid}}, {type: array, items: {type: string}}, \
         {type: integer}]}",
        "union([string(uuid)], i64)",
    )
}

#[test]
fn inline_members_of_one_type_stay_a_union() -> Outcome {
    becomes(
        "{anyOf: [{type: array, items: {type: string, format: uuid}}, {type: array, items: {type: string}}]}",
        "union([string(uuid)])",
    )
}

#[test]
fn members_of_one_type_under_two_names_become_an_alias() -> Outcome {
    let document = format!(
        "{}    I: {{type: integer}}\n    J: {{type: integer}}\n",
        document_with(
            "{anyOf: [{$ref: '#/components/schemas/I'}, {$ref: '#/components/schemas/J'}, {type: boolean}]}"
        )
    );
    let api = refine_document(&document, "")?;
    assert_eq!(component_text(&api, "S"), "union(i64, bool)");
    let document = format!(
        "{}    I: {{type: array, items: {{}}}}\n    J: {{type: array, items: {{}}}}\n",
        document_with(
            "{anyOf: [{$ref: '#/components/schemas/I'}, {$ref: '#/components/schemas/J'}]}"
        )
    );
    let api = refine_document(&document, "")?;
    assert_eq!(component_text(&api, "S"), "[any]");
    Ok(())
}

#[test]
fn a_field_that_leads_back_closes_a_cycle() -> Outcome {
    becomes(
        "{type: object, properties: {next: {$ref: '#/components/schemas/S'}}}",
        "{next?: cycle S}",
    )
}

#[test]
fn lists_and_maps_close_no_cycle() -> Outcome {
    becomes(
        "{type: object, properties: {all: {type: array, items: {$ref: '#/components/schemas/S'}}, \
         by: {additionalProperties: {$ref: '#/components/schemas/S'}}}}",
        "{all?: [S], by?: {...: S}}",
    )
}

#[test]
fn a_member_that_leads_back_closes_a_cycle() -> Outcome {
    becomes(
        "{oneOf: [{type: object, properties: {not: {$ref: '#/components/schemas/S'}}}, {type: string}]}",
        "union({not?: cycle S}, string)",
    )
}

#[test]
fn a_required_cycle_ends_with_an_optional_field() -> Outcome {
    becomes(
        "{type: object, required: [next], properties: {next: {$ref: '#/components/schemas/S'}}}",
        "{next?: cycle S ends recursion}",
    )
}

#[test]
fn an_alias_of_itself_is_any() -> Outcome {
    becomes(
        "{type: array, items: {$ref: '#/components/schemas/S'}}",
        "any",
    )
}

#[test]
fn usage_is_what_requests_and_responses_reach() -> Outcome {
    let document = format!(
        "{}paths:\n  /x:\n    post:\n      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/A'}}}}}}}}\n      \
         responses: {{'200': {{description: d, content: {{application/json: {{schema: {{$ref: '#/components/schemas/S'}}}}}}}}}}\n",
        document_with(
            "{type: object, properties: {inner: {type: object, properties: {b: {$ref: '#/components/schemas/B'}}}}}"
        )
    );
    let api = refine_document(&document, "")?;
    let usage = |name: &str| {
        let usage = component(&api, name).1.usage;
        (usage.request, usage.response, usage.component)
    };
    assert_eq!(usage("A"), (true, false, true));
    assert_eq!(usage("S"), (false, true, true));
    assert_eq!(usage("B"), (false, true, true));
    assert_eq!(usage("Cat"), (false, false, true));
    Ok(())
}
