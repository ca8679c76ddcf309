//! Tests of the canonical form of schemas, one rule per test. Unions and null are in `unions.rs`.

use super::support::{TestResult, assert_canonical, normalize_schema};

#[test]
fn every_schema_has_its_source_pointer() -> TestResult {
    let found = normalize_schema(
        "{type: object, properties: {p: {type: array, items: {type: string}}}, additionalProperties: {type: number}}",
    )?;
    assert_eq!(found["x-at"], "#/components/schemas/S");
    assert_eq!(
        found["properties"]["p"]["x-at"],
        "#/components/schemas/S/properties/p"
    );
    assert_eq!(
        found["properties"]["p"]["items"]["x-at"],
        "#/components/schemas/S/properties/p/items"
    );
    assert_eq!(
        found["additionalProperties"]["x-at"],
        "#/components/schemas/S/additionalProperties"
    );
    Ok(())
}

#[test]
fn keeps_documentation_and_removes_examples() -> TestResult {
    assert_canonical(
        "{type: string, title: T, description: D, example: e, examples: [e], externalDocs: {url: u}, x-thing: 1, wat: 2, xml: {}}",
        "{type: string, title: T, description: D}",
    )
}

#[test]
fn accepts_scalars_as_documentation() -> TestResult {
    assert_canonical(
        "{type: string, title: 404, description: null}",
        "{type: string, title: '404'}",
    )
}

#[test]
fn unwraps_a_list_of_one_type() -> TestResult {
    assert_canonical("{type: [string]}", "{type: string}")
}

#[test]
fn accepts_other_spellings_of_types() -> TestResult {
    assert_canonical("{type: String}", "{type: string}")?;
    assert_canonical("{type: file}", "{type: string, format: binary}")?;
    assert_canonical("{type: int}", "{type: integer}")?;
    assert_canonical("{type: int64}", "{type: integer, format: int64}")?;
    assert_canonical("{type: any}", "{}")?;
    assert_canonical(
        "{type: array, items: string}",
        "{type: array, items: {type: string}}",
    )
}

#[test]
fn const_becomes_enum() -> TestResult {
    assert_canonical(
        "{const: llm, default: llm}",
        "{type: string, enum: [llm], default: llm}",
    )?;
    assert_canonical("{type: integer, const: 3}", "{type: integer, enum: [3]}")
}

#[test]
fn removes_duplicate_enum_values() -> TestResult {
    assert_canonical(
        "{type: string, enum: [a, b, a]}",
        "{type: string, enum: [a, b]}",
    )
}

#[test]
fn converts_enum_values_to_the_type() -> TestResult {
    assert_canonical(
        "{type: string, enum: [1, 2.5, true, a]}",
        "{type: string, enum: ['1', '2.5', 'true', a]}",
    )?;
    assert_canonical(
        "{type: integer, enum: ['1', '2']}",
        "{type: integer, enum: [1, 2]}",
    )?;
    assert_canonical(
        "{type: boolean, enum: ['true']}",
        "{type: boolean, enum: [true]}",
    )
}

#[test]
fn infers_the_type_if_no_enum_value_has_it() -> TestResult {
    assert_canonical(
        "{type: number, enum: [low, high]}",
        "{type: string, enum: [low, high]}",
    )
}

#[test]
fn moves_enum_of_an_array_to_its_items() -> TestResult {
    assert_canonical(
        "{type: array, items: {type: string}, enum: [a, b]}",
        "{type: array, items: {type: string, enum: [a, b]}}",
    )?;
    assert_canonical(
        "{type: array, enum: [a]}",
        "{type: array, items: {type: string, enum: [a]}}",
    )
}

#[test]
fn removes_enum_values_that_are_collections() -> TestResult {
    assert_canonical("{type: object, enum: [{a: 1}]}", "{type: object}")
}

#[test]
fn keeps_a_reference_without_siblings() -> TestResult {
    assert_canonical(
        "{$ref: '#/components/schemas/A'}",
        "{$ref: '#/components/schemas/A'}",
    )?;
    assert_canonical(
        "{$ref: '#/components/schemas/A', type: object, example: 1}",
        "{$ref: '#/components/schemas/A'}",
    )
}

#[test]
fn keeps_siblings_of_a_reference() -> TestResult {
    assert_canonical(
        "{$ref: '#/components/schemas/A', description: D}",
        "{description: D, allOf: [{$ref: '#/components/schemas/A'}]}",
    )?;
    assert_canonical(
        "{$ref: '#/components/schemas/A', properties: {b: {type: string}}}",
        "{type: object, properties: {b: {type: string}}, allOf: [{$ref: '#/components/schemas/A'}]}",
    )
}

#[test]
fn exclusive_bounds_become_flags() -> TestResult {
    assert_canonical(
        "{type: number, exclusiveMinimum: 1}",
        "{type: number, minimum: 1, exclusiveMinimum: true}",
    )?;
    assert_canonical(
        "{type: number, maximum: 5, exclusiveMaximum: 4.5}",
        "{type: number, maximum: 4.5, exclusiveMaximum: true}",
    )?;
    assert_canonical(
        "{type: number, maximum: 4, exclusiveMaximum: 5}",
        "{type: number, maximum: 4}",
    )?;
    assert_canonical(
        "{type: integer, minimum: 1, exclusiveMinimum: true}",
        "{type: integer, minimum: 1, exclusiveMinimum: true}",
    )
}

#[test]
fn accepts_numbers_in_quotes() -> TestResult {
    assert_canonical(
        "{type: integer, minimum: '1', maximum: '10'}",
        "{type: integer, minimum: 1, maximum: 10}",
    )?;
    assert_canonical(
        "{type: string, maxLength: '10', minLength: 1.0}",
        "{type: string, maxLength: 10, minLength: 1}",
    )
}

#[test]
fn bounds_of_integers_are_integers() -> TestResult {
    assert_canonical(
        "{type: integer, minimum: 0.0, maximum: 9.5, multipleOf: 0.01}",
        "{type: integer, minimum: 0}",
    )
}

#[test]
fn bounds_beyond_64_bits_become_a_format() -> TestResult {
    assert_canonical(
        "{type: integer, minimum: 0, maximum: 18446744073709551615}",
        "{type: integer, format: uint64, minimum: 0}",
    )?;
    assert_canonical(
        "{type: integer, maximum: 1e30}",
        "{type: integer, format: bigint}",
    )?;
    assert_canonical(
        "{type: integer, format: int32, maximum: 1e30}",
        "{type: integer, format: int32}",
    )
}

#[test]
fn removes_invalid_counts() -> TestResult {
    assert_canonical(
        "{type: string, minLength: -1, maxLength: 1.5}",
        "{type: string}",
    )
}

#[test]
fn content_encoding_and_media_type_become_a_format() -> TestResult {
    assert_canonical(
        "{type: string, contentEncoding: base64}",
        "{type: string, format: byte}",
    )?;
    assert_canonical(
        "{type: string, contentMediaType: application/octet-stream}",
        "{type: string, format: binary}",
    )?;
    assert_canonical(
        "{type: string, contentMediaType: application/json}",
        "{type: string}",
    )?;
    assert_canonical(
        "{type: string, contentMediaType: image/png}",
        "{type: string, format: binary, x-media-type: image/png}",
    )?;
    assert_canonical(
        "{type: string, contentMediaType: image/svg+xml}",
        "{type: string, x-media-type: image/svg+xml}",
    )?;
    assert_canonical(
        "{type: string, contentMediaType: application/jwt}",
        "{type: string, x-media-type: application/jwt}",
    )
}

#[test]
fn arrays_always_have_items() -> TestResult {
    assert_canonical("{type: array}", "{type: array, items: {}}")?;
    assert_canonical(
        "{type: array, items: [{type: string}, {type: string}]}",
        "{type: array, items: {type: string}}",
    )
}

#[test]
fn prefix_items_become_a_union_and_a_tuple() -> TestResult {
    assert_canonical(
        "{type: array, prefixItems: [{type: string}, {type: integer}], items: false}",
        "{type: array, items: {anyOf: [{type: string}, {type: integer}]}, x-tuple: [{type: string}, {type: integer}]}",
    )?;
    assert_canonical(
        "{type: array, prefixItems: [{type: string}, {type: integer}]}",
        "{type: array, items: {anyOf: [{type: string}, {type: integer}]}}",
    )?;
    assert_canonical(
        "{prefixItems: [{type: string}], items: {type: string}}",
        "{type: array, items: {type: string}}",
    )
}

#[test]
fn normalizes_boolean_schemas() -> TestResult {
    assert_canonical("true", "{}")?;
    assert_canonical("false", "{not: {}}")?;
    assert_canonical("null", "{}")?;
    assert_canonical("{}", "{}")
}

#[test]
fn normalizes_additional_properties() -> TestResult {
    assert_canonical(
        "{additionalProperties: true}",
        "{type: object, additionalProperties: true}",
    )?;
    assert_canonical(
        "{type: object, additionalProperties: 'false'}",
        "{type: object, additionalProperties: false}",
    )?;
    assert_canonical(
        "{patternProperties: {'^x': {type: string}}}",
        "{type: object, additionalProperties: {type: string}}",
    )?;
    assert_canonical(
        "{patternProperties: {'^x': {type: string}, '^y': {type: integer}}, additionalProperties: false}",
        "{type: object, additionalProperties: {anyOf: [{type: string}, {type: integer}]}}",
    )?;
    assert_canonical(
        "{type: object, unevaluatedProperties: {type: string}}",
        "{type: object, additionalProperties: {type: string}}",
    )?;
    assert_canonical(
        "{type: object, unevaluatedProperties: false}",
        "{type: object}",
    )
}

#[test]
fn removes_constraints() -> TestResult {
    assert_canonical(
        "{type: object, propertyNames: {pattern: x}, if: {}, then: {}, else: {}, not: {}, dependentRequired: {}, contains: {}}",
        "{type: object}",
    )?;
    assert_canonical("{not: {type: string}}", "{}")
}

#[test]
fn required_keeps_distinct_strings() -> TestResult {
    assert_canonical(
        "{type: object, required: [a, b, a, 1]}",
        "{type: object, required: [a, b]}",
    )?;
    assert_canonical("{type: string, required: true}", "{type: string}")
}

#[test]
fn infers_types_from_keywords() -> TestResult {
    assert_canonical(
        "{properties: {p: {}}}",
        "{type: object, properties: {p: {}}}",
    )?;
    assert_canonical(
        "{items: {type: string}}",
        "{type: array, items: {type: string}}",
    )?;
    assert_canonical("{format: uuid4}", "{type: string, format: uuid4}")?;
    assert_canonical("{format: int32}", "{type: integer, format: int32}")?;
    assert_canonical("{pattern: x}", "{type: string, pattern: x}")?;
    assert_canonical("{minimum: 1}", "{type: number, minimum: 1}")?;
    assert_canonical("{format: mystery}", "{}")
}

#[test]
fn removes_keywords_of_other_types() -> TestResult {
    assert_canonical(
        "{type: string, properties: {p: {}}, items: {}, minimum: 1}",
        "{type: string}",
    )?;
    assert_canonical("{type: boolean, format: bool}", "{type: boolean}")?;
    assert_canonical("{type: object, format: date-time}", "{type: object}")
}

#[test]
fn removes_defaults_of_the_wrong_type() -> TestResult {
    assert_canonical("{type: integer, default: many}", "{type: integer}")?;
    assert_canonical("{type: string, default: null}", "{type: string}")?;
    assert_canonical(
        "{type: [string, 'null'], default: null}",
        "{type: string, nullable: true, default: null}",
    )?;
    assert_canonical(
        "{anyOf: [{type: string}, {type: 'null'}], default: 5}",
        "{type: string, nullable: true}",
    )?;
    assert_canonical("{type: number, default: 1}", "{type: number, default: 1}")
}

#[test]
fn reference_in_properties_becomes_all_of() -> TestResult {
    assert_canonical(
        "{type: object, properties: {$ref: '#/components/schemas/A'}}",
        "{$ref: '#/components/schemas/A'}",
    )
}

#[test]
fn properties_can_have_the_names_of_keywords() -> TestResult {
    assert_canonical(
        "{properties: {x-at: {type: string}, $ref: {type: string}, type: {type: string}, nullable: {type: boolean}}}",
        "{type: object, properties: {x-at: {type: string}, $ref: {type: string}, type: {type: string}, nullable: {type: boolean}}}",
    )
}
