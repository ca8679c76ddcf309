//! Absent and null: `required`, and every place that null can come from.

use super::{Outcome, becomes, property_becomes};

#[test]
fn joins_required_and_nullable() -> Outcome {
    becomes(
        "{type: object, required: [a, b], properties: {a: {type: string}, b: {type: string, nullable: true}, \
         c: {type: string}, d: {type: string, nullable: true}}}",
        "{a: string, b: string | null, c?: string, d?: string | null}",
    )
}

#[test]
fn finds_null_behind_references() -> Outcome {
    property_becomes("{$ref: '#/components/schemas/Empty'}", "Empty | null")?;
    property_becomes("{$ref: '#/components/schemas/A'}", "A")
}

#[test]
fn adds_null_to_a_wrapped_reference() -> Outcome {
    property_becomes(
        "{nullable: true, allOf: [{$ref: '#/components/schemas/A'}]}",
        "A | null",
    )?;
    property_becomes(
        "{description: d, allOf: [{$ref: '#/components/schemas/Empty'}]}",
        "Empty | null",
    )
}

#[test]
fn moves_null_from_members_to_the_union() -> Outcome {
    property_becomes(
        "{anyOf: [{$ref: '#/components/schemas/Empty'}, {type: integer}]}",
        "union(Empty, i64) | null",
    )?;
    property_becomes(
        "{anyOf: [{type: string, nullable: true}, {type: integer}]}",
        "union(string, i64) | null",
    )
}

#[test]
fn keeps_null_in_items_and_map_values() -> Outcome {
    becomes(
        "{type: array, items: {type: string, nullable: true}}",
        "[string | null]",
    )?;
    becomes(
        "{type: object, additionalProperties: {type: integer, nullable: true}}",
        "{...: i64 | null}",
    )?;
    becomes(
        "{type: array, items: {$ref: '#/components/schemas/Empty'}}",
        "[Empty | null]",
    )
}

#[test]
fn any_value_includes_null() -> Outcome {
    property_becomes("{nullable: true}", "any")?;
    becomes("{type: array, items: {nullable: true}}", "[any]")
}

#[test]
fn an_all_of_is_nullable_if_every_part_with_structure_is() -> Outcome {
    property_becomes(
        "{allOf: [{$ref: '#/components/schemas/Empty'}, {description: d}]}",
        "{e?: string} | null",
    )?;
    property_becomes(
        "{allOf: [{$ref: '#/components/schemas/Empty'}, {$ref: '#/components/schemas/A'}]}",
        "{a?: string, e?: string}",
    )?;
    property_becomes(
        "{nullable: true, allOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
        "{a?: string, b?: string} | null",
    )
}

#[test]
fn a_nullable_component_without_a_type_of_its_own_holds_its_null() -> Outcome {
    becomes("{type: string, nullable: true}", "string | null")
}
