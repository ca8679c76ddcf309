//! Types, formats and enums.

use super::{Outcome, becomes, property_becomes};

#[test]
fn chooses_the_width_of_integers_by_format() -> Outcome {
    becomes("{type: integer}", "i64")?;
    becomes("{type: integer, format: int64}", "i64")?;
    becomes("{type: integer, format: int32}", "i32")?;
    becomes("{type: integer, format: int16}", "i32")?;
    becomes("{type: integer, format: int8}", "i32")?;
    becomes("{type: integer, format: uint64}", "u64")?;
    becomes(
        "{type: integer, minimum: 0, maximum: 18446744073709551615}",
        "u64",
    )?;
    becomes(
        "{type: integer, format: uint64, maximum: 18446744073709551615}",
        "u64",
    )?;
    // A value may be negative.
    becomes("{type: integer, maximum: 18446744073709551615}", "bigint")?;
    becomes("{type: integer, enum: [5, 1e20]}", "bigint")?;
    becomes("{type: integer, maximum: 1e30}", "bigint")
}

#[test]
fn lowers_booleans_and_numbers() -> Outcome {
    becomes("{type: boolean}", "bool")?;
    becomes("{type: number, format: float}", "number")
}

#[test]
fn chooses_the_type_of_strings_by_format() -> Outcome {
    becomes("{type: string}", "string")?;
    becomes("{type: string, format: uuid}", "string(uuid)")?;
    becomes("{type: string, format: date-time}", "timestamp")?;
    becomes("{type: string, format: date}", "string(date)")?;
    becomes("{type: string, format: byte}", "bytes")?;
    becomes("{type: string, format: binary}", "file")?;
    becomes("{type: string, format: password}", "secret")
}

#[test]
fn lowers_schemas_without_type_to_any() -> Outcome {
    becomes("{}", "any")?;
    becomes("{description: anything}", "any")
}

#[test]
fn lowers_null_alone() -> Outcome {
    becomes("{enum: [null]}", "null")
}

#[test]
fn lowers_enums_of_strings_to_types() -> Outcome {
    becomes("{type: string, enum: [a, b, a]}", "enum(a, b)")?;
    property_becomes("{enum: [a, b]}", "enum(a, b)")
}

#[test]
fn lowers_other_enums_to_the_primitive_of_their_values() -> Outcome {
    becomes("{type: number, enum: [1.5, 2]}", "number")?;
    becomes("{type: boolean, enum: [true, false]}", "bool")
}

#[test]
fn lowers_enums_of_integers_to_types() -> Outcome {
    becomes("{type: integer, enum: [1, -2, 1]}", "i64 enum(1, -2)")?;
    becomes(
        "{type: integer, format: int32, enum: [1, 2]}",
        "i64 enum(1, 2)",
    )?;
    becomes("{type: integer, enum: [1, 1.0, '2']}", "i64 enum(1, 2)")?;
    becomes("{type: number, enum: [1, 2]}", "i64 enum(1, 2)")?;
    becomes("{enum: [1, 2]}", "i64 enum(1, 2)")?;
    becomes("{type: integer, enum: [7]}", "i64 enum(7)")?;
    property_becomes("{type: integer, enum: [1, 2]}", "i64 enum(1, 2)")
}

#[test]
fn lowers_enums_beyond_64_bits_to_a_wider_type() -> Outcome {
    becomes(
        "{type: integer, enum: [-1, 18446744073709551615]}",
        "i128 enum(-1, 18446744073709551615)",
    )?;
    becomes(
        "{type: integer, format: uint64, enum: [1, 2]}",
        "i128 enum(1, 2)",
    )
}

#[test]
fn names_enum_values_by_extensions() -> Outcome {
    becomes(
        "{type: integer, enum: [0, 1], x-enum-varnames: [Off, On]}",
        "i64 enum(0 = Off, 1 = On)",
    )?;
    becomes(
        "{type: integer, enum: ['0', '1', null], x-enumNames: [Off, On]}",
        "i64 enum(0 = Off, 1 = On)",
    )?;
    becomes(
        "{type: integer, enum: [null, 0, 1], x-enumNames: [Nothing, Off, On]}",
        "i64 enum(0 = Off, 1 = On)",
    )?;
    becomes(
        "{type: string, enum: [a, b], x-enum-varnames: [First, null]}",
        "enum(a = First, b)",
    )?;
    becomes(
        "{type: string, enum: [a, b], x-enum-varnames: {b: Second}}",
        "enum(a, b = Second)",
    )?;
    becomes(
        "{type: array, enum: [0, 1], x-enum-varnames: [Off, On]}",
        "[i64 enum(0 = Off, 1 = On)]",
    )
}

#[test]
fn merges_unions_of_integer_enums() -> Outcome {
    becomes(
        "{anyOf: [{type: integer, enum: [0, 1]}, {type: integer, enum: [2]}]}",
        "i64 enum(0, 1, 2)",
    )?;
    becomes("{anyOf: [{const: -1}, {type: integer}]}", "i64")?;
    becomes(
        "{oneOf: [{const: 0, title: Off}, {const: 1, title: On}]}",
        "i64 enum(0 = Off, 1 = On)",
    )?;
    becomes("{oneOf: [{const: a, title: A}, {const: b}]}", "enum(a, b)")
}

#[test]
fn prefers_the_values_of_an_enum_to_its_type() -> Outcome {
    becomes("{type: integer, enum: [a, b]}", "enum(a, b)")
}

#[test]
fn lowers_arrays_to_lists() -> Outcome {
    becomes("{type: array, items: {type: integer}}", "[i64]")?;
    becomes("{type: array}", "[any]")?;
    becomes(
        "{type: array, items: {$ref: '#/components/schemas/A'}}",
        "[A]",
    )?;
    becomes(
        "{type: array, items: {type: array, items: {type: string}}}",
        "[[string]]",
    )
}

#[test]
fn lowers_lists_of_fixed_length_to_tuples() -> Outcome {
    let pair = "prefixItems: [{type: integer}, {type: string}]";
    becomes(&format!("{{{pair}, items: false}}"), "(i64, string)")?;
    becomes(
        &format!("{{type: array, {pair}, minItems: 2, maxItems: 2}}"),
        "(i64, string)",
    )?;
    becomes(
        &format!("{{type: array, {pair}, items: false, minItems: 2, maxItems: 5}}"),
        "(i64, string)",
    )?;
    property_becomes(&format!("{{{pair}, items: false}}"), "(i64, string)")?;
    becomes(
        &format!("{{allOf: [{{{pair}, items: false}}, {{description: d}}]}}"),
        "(i64, string)",
    )?;
    becomes(
        "{prefixItems: [{type: [string, 'null']}], items: false}",
        "(string | null)",
    )
}

#[test]
fn lowers_lists_of_other_lengths_to_lists() -> Outcome {
    let pair = "prefixItems: [{type: string}, {$ref: '#/components/schemas/A'}]";
    for rest in [
        "minItems: 0",
        "minItems: 2",
        "maxItems: 2",
        "items: false, minItems: 1",
        "items: false, minItems: 3",
        "items: {type: string}",
    ] {
        becomes(
            &format!("{{type: array, {pair}, {rest}}}"),
            "[union(string, A)]",
        )?;
    }
    becomes(
        "{type: array, items: {type: number}, minItems: 2, maxItems: 2}",
        "[number]",
    )
}

#[test]
fn lowers_references_to_aliases() -> Outcome {
    becomes("{$ref: '#/components/schemas/A'}", "A")
}
