//! The canonical form of unions and of everything that allows null, a rule a test.

use super::support::{Outcome, becomes, schema};
use serde_json::json;

#[test]
fn null_in_the_type_list() -> Outcome {
    becomes("{type: [string, 'null']}", "{type: string, nullable: true}")?;
    becomes(
        "{type: ['null', string, null]}",
        "{type: string, nullable: true}",
    )
}

#[test]
fn null_as_a_member_of_a_union() -> Outcome {
    becomes(
        "{anyOf: [{type: string}, {type: 'null'}], title: T}",
        "{type: string, nullable: true, title: T}",
    )?;
    becomes(
        "{oneOf: [{type: 'null'}, {$ref: '#/components/schemas/A'}]}",
        "{nullable: true, allOf: [{$ref: '#/components/schemas/A'}]}",
    )?;
    becomes(
        "{anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}, {enum: [null]}]}",
        "{nullable: true, anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
    )
}

#[test]
fn null_of_a_member_is_null_of_the_union() -> Outcome {
    becomes(
        "{anyOf: [{type: [string, 'null']}, {type: integer}]}",
        "{nullable: true, anyOf: [{type: string}, {type: integer}]}",
    )?;
    becomes(
        "{oneOf: [{$ref: '#/components/schemas/A', nullable: true}, {$ref: '#/components/schemas/B'}]}",
        "{nullable: true, oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
    )
}

#[test]
fn null_in_an_enum() -> Outcome {
    becomes(
        "{type: string, enum: [a, null, b]}",
        "{type: string, nullable: true, enum: [a, b]}",
    )?;
    becomes(
        "{type: [string, 'null'], enum: [a, null]}",
        "{type: string, nullable: true, enum: [a]}",
    )
}

#[test]
fn null_beside_a_reference() -> Outcome {
    becomes(
        "{$ref: '#/components/schemas/A', nullable: true}",
        "{nullable: true, allOf: [{$ref: '#/components/schemas/A'}]}",
    )?;
    becomes(
        "{allOf: [{$ref: '#/components/schemas/A'}, {nullable: true}]}",
        "{nullable: true, allOf: [{$ref: '#/components/schemas/A'}]}",
    )
}

#[test]
fn null_in_quotes() -> Outcome {
    becomes(
        "{type: string, nullable: 'true'}",
        "{type: string, nullable: true}",
    )?;
    becomes(
        "{type: string, x-nullable: true}",
        "{type: string, nullable: true}",
    )?;
    becomes("{type: string, nullable: false}", "{type: string}")
}

#[test]
fn nothing_but_null() -> Outcome {
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
        becomes(spelling, null)?;
    }
    Ok(())
}

#[test]
fn several_types_are_a_union() -> Outcome {
    becomes(
        "{type: [string, integer, 'null'], minLength: 1, maximum: 5, title: T}",
        "{nullable: true, title: T, anyOf: [{type: string, minLength: 1}, {type: integer, maximum: 5}]}",
    )?;
    becomes(
        "{type: [object, array], properties: {p: {type: string}}, items: {type: number}}",
        "{anyOf: [{type: object, properties: {p: {type: string}}}, {type: array, items: {type: number}}]}",
    )?;
    becomes("{type: [integer, number]}", "{type: number}")
}

#[test]
fn all_types_are_any() -> Outcome {
    becomes(
        "{type: [string, number, boolean, object, array, 'null'], items: {}}",
        "{nullable: true}",
    )
}

#[test]
fn values_of_several_types_are_a_union() -> Outcome {
    becomes(
        "{type: [string, integer], enum: [a, 1, b]}",
        "{anyOf: [{type: string, enum: [a, b]}, {type: integer, enum: [1]}]}",
    )?;
    becomes(
        "{enum: [a, 1, true]}",
        "{anyOf: [{type: string, enum: [a]}, {type: integer, enum: [1]}, {type: boolean, enum: [true]}]}",
    )
}

#[test]
fn a_union_of_one_is_that_one() -> Outcome {
    becomes(
        "{oneOf: [{type: string, title: inner}], title: outer}",
        "{type: string, title: outer}",
    )?;
    becomes(
        "{anyOf: [{$ref: '#/components/schemas/A'}]}",
        "{$ref: '#/components/schemas/A'}",
    )?;
    let found = schema("{anyOf: [{type: string}, {type: 'null'}]}")?;
    assert_eq!(found["x-at"], "#/components/schemas/S");
    Ok(())
}

#[test]
fn members_of_a_union_occur_once() -> Outcome {
    becomes(
        "{anyOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/A'}, {type: string}]}",
        "{anyOf: [{$ref: '#/components/schemas/A'}, {type: string}]}",
    )
}

#[test]
fn removes_members_that_differ_in_annotations_and_constraints_only() -> Outcome {
    becomes(
        "{anyOf: [{type: array, items: {}, title: A, maxItems: 1}, {type: array, items: {}, description: B}]}",
        "{type: array, items: {}}",
    )?;
    becomes(
        "{anyOf: [{enum: [a], title: A}, {type: integer}, {enum: [a], title: B}]}",
        "{anyOf: [{type: string, enum: [a], title: A}, {type: integer}]}",
    )?;
    becomes(
        "{anyOf: [{$ref: '#/components/schemas/A'}, {type: string}], oneOf: [{$ref: '#/components/schemas/A'}, {type: boolean}]}",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {type: boolean}, {type: string}]}",
    )
}

#[test]
fn a_format_beside_a_union_is_its_members() -> Outcome {
    becomes(
        "{anyOf: [{type: string}, {type: 'null'}], format: password}",
        "{type: string, nullable: true, format: password}",
    )
}

#[test]
fn unions_that_only_constrain_go() -> Outcome {
    becomes(
        "{type: string, oneOf: [{format: ipv4}, {format: ipv6}]}",
        "{type: string}",
    )
}

#[test]
fn a_type_beside_a_union_belongs_to_its_members() -> Outcome {
    becomes(
        "{type: string, oneOf: [{enum: [a]}, {const: b}]}",
        "{oneOf: [{type: string, enum: [a]}, {type: string, enum: [b]}]}",
    )?;
    becomes(
        "{type: object, oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
        "{oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]}",
    )
}

#[test]
fn all_of_beside_properties_keeps_both() -> Outcome {
    becomes(
        "{allOf: [{$ref: '#/components/schemas/A'}], properties: {p: {type: string}}, required: [p]}",
        "{type: object, properties: {p: {type: string}}, required: [p], allOf: [{$ref: '#/components/schemas/A'}]}",
    )
}

#[test]
fn discriminators_name_components() -> Outcome {
    let union = "oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]";
    let found = schema(&format!(
        "{{{union}, discriminator: {{propertyName: t, mapping: {{a: A, b: '#/components/schemas/B'}}}}}}"
    ))?;
    let mapping = json!({ "a": "#/components/schemas/A", "b": "#/components/schemas/B" });
    assert_eq!(
        found["discriminator"],
        json!({ "propertyName": "t", "mapping": mapping })
    );
    let found = schema(&format!("{{{union}, discriminator: t}}"))?;
    assert_eq!(found["discriminator"], json!({ "propertyName": "t" }));
    Ok(())
}
