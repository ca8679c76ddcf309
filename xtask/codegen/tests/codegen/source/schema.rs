//! The canonical form of schemas, a rule a test; unions and null have a file of their own.

use super::support::{Outcome, becomes, schema};

#[test]
fn every_schema_says_where_it_came_from() -> Outcome {
    let found = schema(
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
fn words_stay_and_examples_go() -> Outcome {
    becomes(
        "{type: string, title: T, description: D, example: e, examples: [e], externalDocs: {url: u}, x-thing: 1, wat: 2, xml: {}}",
        "{type: string, title: T, description: D}",
    )
}

#[test]
fn words_of_the_wrong_kind_are_taken_as_written() -> Outcome {
    becomes(
        "{type: string, title: 404, description: null}",
        "{type: string, title: '404'}",
    )
}

#[test]
fn types_in_a_list_of_one() -> Outcome {
    becomes("{type: [string]}", "{type: string}")
}

#[test]
fn types_of_other_spellings() -> Outcome {
    becomes("{type: String}", "{type: string}")?;
    becomes("{type: file}", "{type: string, format: binary}")?;
    becomes("{type: int}", "{type: integer}")?;
    becomes("{type: int64}", "{type: integer, format: int64}")?;
    becomes("{type: any}", "{}")?;
    becomes(
        "{type: array, items: string}",
        "{type: array, items: {type: string}}",
    )
}

#[test]
fn a_constant_is_a_list_of_one() -> Outcome {
    becomes(
        "{const: llm, default: llm}",
        "{type: string, enum: [llm], default: llm}",
    )?;
    becomes("{type: integer, const: 3}", "{type: integer, enum: [3]}")
}

#[test]
fn values_occur_once() -> Outcome {
    becomes(
        "{type: string, enum: [a, b, a]}",
        "{type: string, enum: [a, b]}",
    )
}

#[test]
fn values_fit_their_type() -> Outcome {
    becomes(
        "{type: string, enum: [1, 2.5, true, a]}",
        "{type: string, enum: ['1', '2.5', 'true', a]}",
    )?;
    becomes(
        "{type: integer, enum: ['1', '2']}",
        "{type: integer, enum: [1, 2]}",
    )?;
    becomes(
        "{type: boolean, enum: ['true']}",
        "{type: boolean, enum: [true]}",
    )
}

#[test]
fn a_type_that_none_of_the_values_has_is_wrong() -> Outcome {
    becomes(
        "{type: number, enum: [low, high]}",
        "{type: string, enum: [low, high]}",
    )
}

#[test]
fn values_beside_a_list_are_the_items() -> Outcome {
    becomes(
        "{type: array, items: {type: string}, enum: [a, b]}",
        "{type: array, items: {type: string, enum: [a, b]}}",
    )?;
    becomes(
        "{type: array, enum: [a]}",
        "{type: array, items: {type: string, enum: [a]}}",
    )
}

#[test]
fn values_that_are_collections_are_not_listed() -> Outcome {
    becomes("{type: object, enum: [{a: 1}]}", "{type: object}")
}

#[test]
fn a_reference_stays_bare() -> Outcome {
    becomes(
        "{$ref: '#/components/schemas/A'}",
        "{$ref: '#/components/schemas/A'}",
    )?;
    becomes(
        "{$ref: '#/components/schemas/A', type: object, example: 1}",
        "{$ref: '#/components/schemas/A'}",
    )
}

#[test]
fn what_stands_beside_a_reference_stays_beside_it() -> Outcome {
    becomes(
        "{$ref: '#/components/schemas/A', description: D}",
        "{description: D, allOf: [{$ref: '#/components/schemas/A'}]}",
    )?;
    becomes(
        "{$ref: '#/components/schemas/A', properties: {b: {type: string}}}",
        "{type: object, properties: {b: {type: string}}, allOf: [{$ref: '#/components/schemas/A'}]}",
    )
}

#[test]
fn exclusive_bounds_are_flags() -> Outcome {
    becomes(
        "{type: number, exclusiveMinimum: 1}",
        "{type: number, minimum: 1, exclusiveMinimum: true}",
    )?;
    becomes(
        "{type: number, maximum: 5, exclusiveMaximum: 4.5}",
        "{type: number, maximum: 4.5, exclusiveMaximum: true}",
    )?;
    becomes(
        "{type: number, maximum: 4, exclusiveMaximum: 5}",
        "{type: number, maximum: 4}",
    )?;
    becomes(
        "{type: integer, minimum: 1, exclusiveMinimum: true}",
        "{type: integer, minimum: 1, exclusiveMinimum: true}",
    )
}

#[test]
fn numbers_in_quotes() -> Outcome {
    becomes(
        "{type: integer, minimum: '1', maximum: '10'}",
        "{type: integer, minimum: 1, maximum: 10}",
    )?;
    becomes(
        "{type: string, maxLength: '10', minLength: 1.0}",
        "{type: string, maxLength: 10, minLength: 1}",
    )
}

#[test]
fn bounds_of_integers_are_integers() -> Outcome {
    becomes(
        "{type: integer, minimum: 0.0, maximum: 9.5, multipleOf: 0.01}",
        "{type: integer, minimum: 0}",
    )
}

#[test]
fn bounds_beyond_64_bits_show_in_the_format() -> Outcome {
    becomes(
        "{type: integer, minimum: 0, maximum: 18446744073709551615}",
        "{type: integer, format: uint64, minimum: 0}",
    )?;
    becomes(
        "{type: integer, maximum: 1e30}",
        "{type: integer, format: bigint}",
    )?;
    becomes(
        "{type: integer, format: int32, maximum: 1e30}",
        "{type: integer, format: int32}",
    )
}

#[test]
fn counts_that_say_nothing_go() -> Outcome {
    becomes(
        "{type: string, minLength: -1, maxLength: 1.5}",
        "{type: string}",
    )
}

#[test]
fn bytes_by_encoding_or_media_type() -> Outcome {
    becomes(
        "{type: string, contentEncoding: base64}",
        "{type: string, format: byte}",
    )?;
    becomes(
        "{type: string, contentMediaType: application/octet-stream}",
        "{type: string, format: binary}",
    )?;
    becomes(
        "{type: string, contentMediaType: application/json}",
        "{type: string}",
    )
}

#[test]
fn lists_have_items() -> Outcome {
    becomes("{type: array}", "{type: array, items: {}}")?;
    becomes(
        "{type: array, items: [{type: string}, {type: string}]}",
        "{type: array, items: {type: string}}",
    )
}

#[test]
fn tuples_are_lists() -> Outcome {
    becomes(
        "{type: array, prefixItems: [{type: string}, {type: integer}], items: false}",
        "{type: array, items: {anyOf: [{type: string}, {type: integer}]}}",
    )?;
    becomes(
        "{prefixItems: [{type: string}], items: {type: string}}",
        "{type: array, items: {type: string}}",
    )
}

#[test]
fn boolean_schemas() -> Outcome {
    becomes("true", "{}")?;
    becomes("false", "{not: {}}")?;
    becomes("null", "{}")?;
    becomes("{}", "{}")
}

#[test]
fn what_other_properties_may_be() -> Outcome {
    becomes(
        "{additionalProperties: true}",
        "{type: object, additionalProperties: true}",
    )?;
    becomes(
        "{type: object, additionalProperties: 'false'}",
        "{type: object, additionalProperties: false}",
    )?;
    becomes(
        "{patternProperties: {'^x': {type: string}}}",
        "{type: object, additionalProperties: {type: string}}",
    )?;
    becomes(
        "{patternProperties: {'^x': {type: string}, '^y': {type: integer}}, additionalProperties: false}",
        "{type: object, additionalProperties: {anyOf: [{type: string}, {type: integer}]}}",
    )?;
    becomes(
        "{type: object, unevaluatedProperties: {type: string}}",
        "{type: object, additionalProperties: {type: string}}",
    )?;
    becomes(
        "{type: object, unevaluatedProperties: false}",
        "{type: object}",
    )
}

#[test]
fn constraints_go() -> Outcome {
    becomes(
        "{type: object, propertyNames: {pattern: x}, if: {}, then: {}, else: {}, not: {}, dependentRequired: {}, contains: {}}",
        "{type: object}",
    )?;
    becomes("{not: {type: string}}", "{}")
}

#[test]
fn required_names_strings() -> Outcome {
    becomes(
        "{type: object, required: [a, b, a, 1]}",
        "{type: object, required: [a, b]}",
    )?;
    becomes("{type: string, required: true}", "{type: string}")
}

#[test]
fn types_are_told_from_keywords() -> Outcome {
    becomes(
        "{properties: {p: {}}}",
        "{type: object, properties: {p: {}}}",
    )?;
    becomes(
        "{items: {type: string}}",
        "{type: array, items: {type: string}}",
    )?;
    becomes("{format: uuid4}", "{type: string, format: uuid4}")?;
    becomes("{format: int32}", "{type: integer, format: int32}")?;
    becomes("{pattern: x}", "{type: string, pattern: x}")?;
    becomes("{minimum: 1}", "{type: number, minimum: 1}")?;
    becomes("{format: mystery}", "{}")
}

#[test]
fn keywords_of_other_types_go() -> Outcome {
    becomes(
        "{type: string, properties: {p: {}}, items: {}, minimum: 1}",
        "{type: string}",
    )?;
    becomes("{type: boolean, format: bool}", "{type: boolean}")?;
    becomes("{type: object, format: date-time}", "{type: object}")
}

#[test]
fn defaults_of_the_wrong_type_go() -> Outcome {
    becomes("{type: integer, default: many}", "{type: integer}")?;
    becomes("{type: string, default: null}", "{type: string}")?;
    becomes(
        "{type: [string, 'null'], default: null}",
        "{type: string, nullable: true, default: null}",
    )?;
    becomes(
        "{anyOf: [{type: string}, {type: 'null'}], default: 5}",
        "{type: string, nullable: true}",
    )?;
    becomes("{type: number, default: 1}", "{type: number, default: 1}")
}

#[test]
fn properties_taken_over_from_a_schema() -> Outcome {
    becomes(
        "{type: object, properties: {$ref: '#/components/schemas/A'}}",
        "{$ref: '#/components/schemas/A'}",
    )
}

#[test]
fn a_property_may_be_called_anything() -> Outcome {
    becomes(
        "{properties: {x-at: {type: string}, $ref: {type: string}, type: {type: string}, nullable: {type: boolean}}}",
        "{type: object, properties: {x-at: {type: string}, $ref: {type: string}, type: {type: string}, nullable: {type: boolean}}}",
    )
}
