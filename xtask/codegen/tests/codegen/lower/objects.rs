//! Objects, maps, constants and `allOf`.

use super::{Outcome, becomes, property_becomes};
use crate::ir_text::{component_text, document_with, lower_document};
use observatory_codegen::diag::Code;

#[test]
fn orders_required_properties_as_listed_and_others_by_name() -> Outcome {
    becomes(
        "{type: object, required: [z, b], properties: {c: {type: string}, a: {type: string}, b: {type: string}, \
         z: {type: string}}}",
        "{z: string, b: string, a?: string, c?: string}",
    )
}

#[test]
fn infers_the_type_object_from_properties() -> Outcome {
    becomes("{properties: {a: {type: string}}}", "{a?: string}")
}

#[test]
fn lowers_objects_without_properties_to_maps() -> Outcome {
    becomes("{type: object}", "{...: any}")?;
    becomes("{additionalProperties: true}", "{...: any}")?;
    becomes("{type: object, additionalProperties: false}", "{...: any}")?;
    becomes("{additionalProperties: {type: integer}}", "{...: i64}")
}

#[test]
fn keeps_additional_properties_next_to_named_ones() -> Outcome {
    let object = |additional: &str| {
        format!(
            "{{type: object, properties: {{a: {{type: string}}}}, additionalProperties: {additional}}}"
        )
    };
    becomes(&object("{type: integer}"), "{a?: string, ...: i64}")?;
    becomes(&object("true"), "{a?: string, ...: any}")?;
    becomes(&object("false"), "{a?: string}")
}

#[test]
fn adds_required_properties_that_are_not_declared() -> Outcome {
    becomes(
        "{type: object, required: [a, x], properties: {a: {type: string}}}",
        "{a: string, x?: any}",
    )?;
    becomes(
        "{type: object, required: [a, x], properties: {a: {type: string}}, additionalProperties: {type: integer}}",
        "{a: string, ...: i64}",
    )
}

#[test]
fn makes_properties_of_one_value_constants() -> Outcome {
    becomes(
        "{type: object, required: [a], properties: {a: {enum: [x]}, b: {type: integer, enum: [1]}, c: {enum: [true]}, \
         d: {enum: [null]}, e: {enum: [x, y]}}}",
        "{a: 'x', b?: 1, c?: true, d?: null, e?: enum(x, y)}",
    )
}

#[test]
fn a_nullable_value_is_not_a_constant() -> Outcome {
    property_becomes("{enum: [x], nullable: true}", "enum(x) | null")
}

#[test]
fn merges_the_members_of_all_of() -> Outcome {
    becomes(
        "{allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {required: [b]}]}",
        "{b: string, a?: string}",
    )?;
    becomes(
        "{allOf: [{$ref: '#/components/schemas/A'}], properties: {p: {type: integer}}}",
        "{a?: string, p?: i64}",
    )
}

#[test]
fn combines_a_property_that_two_members_of_all_of_have() -> Outcome {
    becomes(
        "{allOf: [{properties: {p: {type: string}}}, {properties: {p: {enum: [x, y]}}}]}",
        "{p?: enum(x, y)}",
    )?;
    becomes(
        "{allOf: [{properties: {p: {enum: [x, y, z]}}}, {properties: {p: {enum: [w, y, z]}}}]}",
        "{p?: enum(y, z)}",
    )
}

#[test]
fn reports_enums_without_a_common_value_and_takes_the_later_one() -> Outcome {
    let schema = "{allOf: [{type: string, enum: [x]}, {type: string, enum: [y, z]}]}";
    let (api, diagnostics) = lower_document(&document_with(schema))?;
    assert_eq!(component_text(&api, "S"), "enum(y, z)");
    let codes: Vec<_> = diagnostics.iter().map(|d| d.code).collect();
    assert_eq!(codes, [Code::ContradictorySchema]);
    Ok(())
}

#[test]
fn all_of_one_reference_is_the_reference() -> Outcome {
    property_becomes("{allOf: [{$ref: '#/components/schemas/A'}]}", "A")?;
    property_becomes(
        "{type: object, description: d, allOf: [{$ref: '#/components/schemas/A'}]}",
        "A",
    )
}

#[test]
fn reports_types_that_contradict_each_other() -> Outcome {
    let contradiction = "{allOf: [{type: string}, {type: integer}]}";
    let (_, diagnostics) = lower_document(&document_with(contradiction))?;
    let found: Vec<_> = diagnostics
        .iter()
        .map(|d| (d.code, d.at.0.as_str()))
        .collect();
    assert_eq!(
        found,
        [(Code::ContradictorySchema, "#/components/schemas/S")]
    );
    becomes("{allOf: [{type: number}, {type: integer}]}", "i64")
}
