//! Tests of the canonical form of unions and of null, one rule per test.

use super::support::{TestResult, assert_canonical, normalize_schema};
use serde_json::json;

#[test]
fn null_in_type_becomes_nullable() -> TestResult {
    assert_canonical("{type: [string, 'null']}", "{type: string, nullable: true}")?;
    assert_canonical(
        "{type: ['null', string, null]}",
        "{type: string, nullable: true}",
    )
}

#[test]
fn null_member_of_a_union_becomes_nullable() -> TestResult {
    assert_canonical(
        "{anyOf: [{type: string}, {type: 'null'}], title: T}",
        "{type: string, nullable: true, title: T}",
    )?;
    assert_canonical(
        "{oneOf: [{type: 'null'}, {$ref: '#/components/schemas/A'}]}",
        "{nullable: true, allOf: [{$ref: '#/components/schemas/A'}]}",
    )?;
    assert_canonical(
        "{anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {enum: [null]}]}",
        "{nullable: true, anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
    )
}

#[test]
fn nullable_member_makes_the_union_nullable() -> TestResult {
    assert_canonical(
        "{anyOf: [{type: [string, 'null']}, {type: integer}]}",
        "{nullable: true, anyOf: [{type: string}, {type: integer}]}",
    )?;
    assert_canonical(
        "{oneOf: [{$ref: '#/components/schemas/A', nullable: true}, {$ref: '#/components/schemas/B'}]}",
        "{nullable: true, oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
    )
}

#[test]
fn null_in_enum_becomes_nullable() -> TestResult {
    assert_canonical(
        "{type: string, enum: [a, null, b]}",
        "{type: string, nullable: true, enum: [a, b]}",
    )?;
    assert_canonical(
        "{type: [string, 'null'], enum: [a, null]}",
        "{type: string, nullable: true, enum: [a]}",
    )
}

#[test]
fn nullable_next_to_a_reference_is_kept() -> TestResult {
    assert_canonical(
        "{$ref: '#/components/schemas/A', nullable: true}",
        "{nullable: true, allOf: [{$ref: '#/components/schemas/A'}]}",
    )?;
    assert_canonical(
        "{allOf: [{$ref: '#/components/schemas/A'}, {nullable: true}]}",
        "{nullable: true, allOf: [{$ref: '#/components/schemas/A'}]}",
    )
}

#[test]
fn normalizes_spellings_of_nullable() -> TestResult {
    assert_canonical(
        "{type: string, nullable: 'true'}",
        "{type: string, nullable: true}",
    )?;
    assert_canonical(
        "{type: string, x-nullable: true}",
        "{type: string, nullable: true}",
    )?;
    assert_canonical("{type: string, nullable: false}", "{type: string}")
}

#[test]
fn normalizes_every_spelling_of_a_null_schema() -> TestResult {
    let null = "{enum: [null], nullable: true, x-null: true}";
    for spelling in [
        "{type: 'null'}",
        "{type: ['null']}",
        "{type: null}",
        "{enum: [null]}",
        "{const: null}",
        "{type: number, enum: [null]}",
        "{type: number, enum: [null], nullable: true}",
        "{type: string, const: null}",
        "{anyOf: [{type: 'null'}]}",
        "{oneOf: [{type: 'null'}, {enum: [null]}]}",
    ] {
        assert_canonical(spelling, null)?;
    }
    Ok(())
}

#[test]
fn several_types_become_a_union() -> TestResult {
    assert_canonical(
        "{type: [string, integer, 'null'], minLength: 1, maximum: 5, title: T}",
        "{nullable: true, title: T, anyOf: [{type: string, minLength: 1}, {type: integer, maximum: 5}]}",
    )?;
    assert_canonical(
        "{type: [object, array], properties: {p: {type: string}}, items: {type: number}}",
        "{anyOf: [{type: object, properties: {p: {type: string}}}, {type: array, items: {type: number}}]}",
    )?;
    assert_canonical("{type: [integer, number]}", "{type: number}")
}

#[test]
fn all_types_become_any() -> TestResult {
    assert_canonical(
        "{type: [string, number, boolean, object, array, 'null'], items: {}}",
        "{nullable: true}",
    )
}

#[test]
fn enum_values_of_several_types_become_a_union() -> TestResult {
    assert_canonical(
        "{type: [string, integer], enum: [a, 1, b]}",
        "{anyOf: [{type: string, enum: [a, b]}, {type: integer, enum: [1]}]}",
    )?;
    assert_canonical(
        "{enum: [a, 1, true]}",
        "{anyOf: [{type: string, enum: [a]}, {type: integer, enum: [1]}, {type: boolean, enum: [true]}]}",
    )
}

#[test]
fn replaces_a_union_of_one_by_its_member() -> TestResult {
    assert_canonical(
        "{oneOf: [{type: string, title: inner}], title: outer}",
        "{type: string, title: outer}",
    )?;
    assert_canonical(
        "{anyOf: [{$ref: '#/components/schemas/A'}]}",
        "{$ref: '#/components/schemas/A'}",
    )?;
    let found = normalize_schema("{anyOf: [{type: string}, {type: 'null'}]}")?;
    assert_eq!(found["x-at"], "#/components/schemas/S");
    Ok(())
}

#[test]
fn removes_duplicate_members_of_a_union() -> TestResult {
    assert_canonical(
        "{anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/A'}, {type: string}]}",
        "{anyOf: [{$ref: '#/components/schemas/A'}, {type: string}]}",
    )
}

#[test]
fn removes_members_that_differ_in_annotations_and_constraints_only() -> TestResult {
    assert_canonical(
        "{anyOf: [{type: array, items: {}, title: A, maxItems: 1}, {type: array, items: {}, description: B}]}",
        "{type: array, items: {}}",
    )?;
    assert_canonical(
        "{anyOf: [{enum: [a], title: A}, {type: integer}, {enum: [a], title: B}]}",
        "{anyOf: [{type: string, enum: [a], title: A}, {type: integer}]}",
    )?;
    assert_canonical(
        "{anyOf: [{$ref: '#/components/schemas/A'}, {type: string}], oneOf: [{$ref: '#/components/schemas/A'}, {type: boolean}]}",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {type: boolean}, {type: string}]}",
    )
}

#[test]
fn moves_a_format_next_to_a_union_to_its_members() -> TestResult {
    assert_canonical(
        "{anyOf: [{type: string}, {type: 'null'}], format: password}",
        "{type: string, nullable: true, format: password}",
    )
}

#[test]
fn removes_unions_that_only_restrict_a_scalar_type() -> TestResult {
    assert_canonical(
        "{type: string, oneOf: [{format: ipv4}, {format: ipv6}]}",
        "{type: string}",
    )
}

#[test]
fn moves_a_type_next_to_a_union_to_its_members() -> TestResult {
    assert_canonical(
        "{type: string, oneOf: [{enum: [a]}, {const: b}]}",
        "{oneOf: [{type: string, enum: [a]}, {type: string, enum: [b]}]}",
    )?;
    assert_canonical(
        "{type: object, oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
    )
}

#[test]
fn keeps_all_of_next_to_properties() -> TestResult {
    assert_canonical(
        "{allOf: [{$ref: '#/components/schemas/A'}], properties: {p: {type: string}}, required: [p]}",
        "{type: object, properties: {p: {type: string}}, required: [p], allOf: [{$ref: '#/components/schemas/A'}]}",
    )
}

#[test]
fn discriminator_mappings_become_references() -> TestResult {
    let union = "oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]";
    let found = normalize_schema(&format!(
        "{{{union}, discriminator: {{propertyName: t, mapping: {{a: A, b: '#/components/schemas/B'}}}}}}"
    ))?;
    let mapping = json!({ "a": "#/components/schemas/A", "b": "#/components/schemas/B" });
    assert_eq!(
        found["discriminator"],
        json!({ "x-at": "#/components/schemas/S/discriminator", "propertyName": "t", "mapping": mapping })
    );
    let found = normalize_schema(&format!("{{{union}, discriminator: t}}"))?;
    assert_eq!(found["discriminator"]["propertyName"], "t");
    Ok(())
}
