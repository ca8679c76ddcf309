//! `oneOf` and `anyOf`: by tag, by kind, by shape, and those that come to a simpler type.

use super::{Outcome, becomes, property_becomes};

const CAT: &str = "{$ref: '#/components/schemas/Cat'}";
const DOG: &str = "{$ref: '#/components/schemas/Dog'}";
const A: &str = "{$ref: '#/components/schemas/A'}";
const B: &str = "{$ref: '#/components/schemas/B'}";

#[test]
fn infers_the_tag_from_constants() -> Outcome {
    becomes(
        &format!("{{oneOf: [{CAT}, {DOG}]}}"),
        "union by kind (cat => Cat, dog => Dog)",
    )
}

#[test]
fn infers_the_tag_from_required_enums_without_common_values() -> Outcome {
    let member = |values: &str, required: &str| {
        format!("{{type: object, required: [{required}], properties: {{k: {{enum: [{values}]}}}}}}")
    };
    let union = |a: &str, b: &str| format!("{{oneOf: [{a}, {b}]}}");
    becomes(
        &union(&member("x, y", "k"), &member("z, w", "k")),
        "union by k (x/y => {k: enum(x, y)}, z/w => {k: enum(z, w)})",
    )?;
    becomes(
        &union(&member("x, y", "k"), &member("y, z", "k")),
        "union({k: enum(x, y)}, {k: enum(y, z)})",
    )?;
    becomes(
        &union(&member("x, y", ""), &member("z, w", "")),
        "union({k?: enum(x, y)}, {k?: enum(z, w)})",
    )
}

#[test]
fn uses_the_discriminator_and_its_mapping() -> Outcome {
    becomes(
        &format!(
            "{{oneOf: [{A}, {B}], discriminator: {{propertyName: t, mapping: {{one: A, uno: A, two: B}}}}}}"
        ),
        "union by t (one/uno => A, two => B)",
    )
}

#[test]
fn a_nested_union_has_the_mapped_tags_of_its_members() -> Outcome {
    let nested = format!("{{oneOf: [{A}, {CAT}]}}");
    becomes(
        &format!(
            "{{oneOf: [{{allOf: [{nested}]}}, {B}], discriminator: {{propertyName: t, mapping: {{'1': A, '2': Cat, '3': B}}}}}}"
        ),
        "union by t (1/2 => union(A, Cat), 3 => B)",
    )
}

#[test]
fn a_discriminator_without_mapping_has_the_names_of_components() -> Outcome {
    becomes(
        &format!("{{oneOf: [{A}, {B}], discriminator: {{propertyName: t}}}}"),
        "union by t (A => A, B => B)",
    )
}

#[test]
fn prefers_the_constant_of_a_member_to_its_name() -> Outcome {
    becomes(
        &format!("{{oneOf: [{CAT}, {A}], discriminator: {{propertyName: kind}}}}"),
        "union by kind (cat => Cat, A => A)",
    )
}

#[test]
fn prefers_the_mapping_to_the_constant_of_another_member() -> Outcome {
    becomes(
        &format!(
            "{{oneOf: [{CAT}, {DOG}], discriminator: {{propertyName: kind, mapping: {{cat: Dog}}}}}}"
        ),
        "union by kind (Cat => Cat, cat/dog => Dog)",
    )
}

#[test]
fn ignores_a_discriminator_that_distinguishes_no_members() -> Outcome {
    becomes(
        &format!("{{oneOf: [{A}, {{type: string}}], discriminator: {{propertyName: t}}}}"),
        "union(A, string)",
    )
}

#[test]
fn flattens_nested_unions() -> Outcome {
    becomes(
        &format!(
            "{{oneOf: [{CAT}, {{oneOf: [{DOG}, {{type: object, properties: {{kind: {{enum: [eel]}}}}}}]}}]}}"
        ),
        "union by kind (cat => Cat, dog => Dog, eel => {kind?: 'eel'})",
    )
}

#[test]
fn members_without_a_common_tag_are_distinguished_by_shape() -> Outcome {
    becomes(&format!("{{anyOf: [{A}, {B}]}}"), "union(A, B)")?;
    becomes(
        "{anyOf: [{type: string}, {type: integer}, {type: array, items: {type: string}}]}",
        "union(string, i64, [string])",
    )
}

#[test]
fn a_union_of_strings_is_one_enum_or_string() -> Outcome {
    becomes("{anyOf: [{enum: [a, b]}, {enum: [b, c]}]}", "enum(a, b, c)")?;
    becomes("{anyOf: [{type: string}, {enum: [a]}]}", "enum(a)")?;
    becomes(
        "{anyOf: [{type: string, format: uuid}, {type: string, format: uri}]}",
        "string",
    )
}

#[test]
fn a_format_that_is_read_keeps_a_union_of_strings() -> Outcome {
    becomes(
        "{anyOf: [{type: string, format: date-time}, {type: string}]}",
        "union(timestamp, string)",
    )
}

#[test]
fn a_union_of_one_primitive_is_the_primitive() -> Outcome {
    becomes(
        "{anyOf: [{type: string, format: date-time}, {type: string, format: date-time, nullable: true}]}",
        "timestamp | null",
    )?;
    becomes(
        "{anyOf: [{type: integer, format: int64}, {type: integer, format: int32}]}",
        "union(i64, i32)",
    )?;
    becomes(
        "{anyOf: [{type: integer}, {type: number}]}",
        "union(i64, number)",
    )
}

#[test]
fn a_union_with_any_value_is_any() -> Outcome {
    becomes(&format!("{{anyOf: [{A}, {{}}]}}"), "any")
}

#[test]
fn adds_the_properties_next_to_a_union_to_its_objects() -> Outcome {
    becomes(
        &format!("{{type: object, properties: {{p: {{type: integer}}}}, oneOf: [{A}, {B}]}}"),
        "union({a?: string, p?: i64}, {b?: string, p?: i64})",
    )
}

#[test]
fn adds_the_properties_next_to_a_union_to_no_scalar() -> Outcome {
    becomes(
        &format!("{{properties: {{p: {{type: integer}}}}, oneOf: [{A}, {{type: string}}]}}"),
        "union({a?: string, p?: i64}, string)",
    )
}

#[test]
fn drops_unions_that_only_restrict_the_object() -> Outcome {
    let requirements = "[{required: [a]}, {required: [b]}]";
    becomes(
        &format!("{{type: object, properties: {{a: {{}}, b: {{}}}}, anyOf: {requirements}}}"),
        "{a?: any, b?: any}",
    )?;
    becomes(
        &format!("{{type: object, properties: {{a: {{}}, b: {{}}}}, oneOf: {requirements}}}"),
        "{a?: any, b?: any}",
    )?;
    property_becomes(&format!("{{allOf: [{A}], anyOf: {requirements}}}"), "A")?;
    property_becomes(
        &format!("{{allOf: [{A}, {{anyOf: {requirements}}}]}}"),
        "{a?: string}",
    )
}

#[test]
fn drops_members_that_only_restrict_the_object() -> Outcome {
    becomes(
        "{type: object, properties: {a: {type: string}}, anyOf: [{required: [a]}, {properties: {x: {type: integer}}}]}",
        "{a?: string, x?: i64}",
    )
}

#[test]
fn combines_two_unions_of_all_of() -> Outcome {
    becomes(
        &format!("{{allOf: [{{oneOf: [{A}, {B}]}}, {{oneOf: [{CAT}, {DOG}]}}]}}"),
        "union(union by kind (cat => {kind: 'cat', a?: string, lives?: i64}, dog => {kind: 'dog', a?: string, \
         tricks?: i64}), union by kind (cat => {kind: 'cat', b?: string, lives?: i64}, dog => {kind: 'dog', b?: string, \
         tricks?: i64}))",
    )
}
