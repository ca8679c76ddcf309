//! Types: structs, enums, unions and aliases.

use super::{Document, TestResult, assert_contains, config, file, generator};
use observatory_codegen::diag::Error;

/// Returns the file of the component schema `Sample`, which no operation uses.
fn sample(schema: &str) -> Result<String, Error> {
    sample_with(schema, &[])
}

fn sample_with(schema: &str, others: &[&str]) -> Result<String, Error> {
    let sample = format!("Sample: {schema}");
    let schemas = [&[sample.as_str()], others].concat();
    let document = Document {
        schemas: &schemas,
        ..Document::default()
    };
    Ok(file(&document.files()?, "src/models/extra.rs"))
}

#[test]
fn object_is_a_struct_with_public_fields() -> TestResult {
    let text = sample("{type: object, required: [id], properties: {id: {type: integer}}}")?;
    assert_contains(
        &text,
        &[
            "#[derive(Clone, Debug, PartialEq, Model)]",
            "pub struct Sample {",
            "pub id: i64,",
            "}",
        ],
    );
    Ok(())
}

#[test]
fn optional_property_is_an_option() -> TestResult {
    let text = sample("{type: object, properties: {name: {type: string}}}")?;
    assert_contains(&text, &["pub name: Option<String>,"]);
    Ok(())
}

#[test]
fn renamed_field_names_its_property() -> TestResult {
    let text = sample("{type: object, properties: {userId: {type: string}}}")?;
    assert_contains(
        &text,
        &["#[wire(\"userId\")]", "pub user_id: Option<String>,"],
    );
    Ok(())
}

#[test]
fn required_nullable_property_is_marked_nullable() -> TestResult {
    let text = sample("{type: object, required: [n], properties: {n: {type: [string, 'null']}}}")?;
    assert_contains(&text, &["#[wire(nullable)]", "pub n: Option<String>,"]);
    Ok(())
}

#[test]
fn optional_nullable_property_is_a_patch() -> TestResult {
    let text = sample("{type: object, properties: {n: {type: [string, 'null']}}}")?;
    assert_contains(&text, &["pub n: Patch<String>,"]);
    Ok(())
}

#[test]
fn constant_property_is_a_hidden_fixed_field() -> TestResult {
    let text = sample("{type: object, required: [kind], properties: {kind: {const: a}}}")?;
    assert_contains(
        &text,
        &[
            "#[wire(\"kind\", fixed = \"a\")]",
            "#[doc(hidden)]",
            "pub kind: Fixed,",
        ],
    );
    Ok(())
}

#[test]
fn additional_properties_are_an_extra_map() -> TestResult {
    let text = sample(
        "{type: object, properties: {a: {type: string}}, additionalProperties: {type: integer}}",
    )?;
    assert_contains(&text, &["use std::collections::BTreeMap;"]);
    assert_contains(
        &text,
        &["#[wire(extra)]", "pub extra: BTreeMap<String, i64>,"],
    );
    Ok(())
}

#[test]
fn wide_attribute_is_split() -> TestResult {
    let name = "a-long-name-that-leaves-no-room-for-a-second-argument-of-wire";
    let text = sample(&format!(
        "{{type: object, required: [{name}], properties: {{{name}: {{type: [string, 'null']}}}}}}"
    ))?;
    assert_contains(
        &text,
        &[&format!("#[wire(\"{name}\")]"), "#[wire(nullable)]"],
    );
    Ok(())
}

#[test]
fn wide_field_type_is_on_the_next_line() -> TestResult {
    let name = "TypeNameOfSeveralWordsForTheItems";
    let reference = format!("{{$ref: '#/components/schemas/{name}'}}");
    let text = sample_with(
        &format!(
            "{{type: object, properties: {{a_property_whose_name_is_rather_long: {{type: array, items: {reference}}}}}}}"
        ),
        &[&format!(
            "{name}: {{type: object, properties: {{a: {{type: string}}}}}}"
        )],
    )?;
    assert_contains(
        &text,
        &[
            "pub a_property_whose_name_is_rather_long:",
            &format!("Option<Vec<{name}>>,"),
        ],
    );
    Ok(())
}

#[test]
fn string_enum_is_open() -> TestResult {
    let text = sample("{type: string, enum: [red, dark blue]}")?;
    assert_contains(
        &text,
        &[
            "#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, StringEnum)]",
            "#[non_exhaustive]",
            "pub enum Sample {",
        ],
    );
    assert_contains(&text, &["#[wire(\"dark blue\")]", "DarkBlue,"]);
    assert_contains(&text, &["Unknown(String),", "}"]);
    Ok(())
}

#[test]
fn enum_of_integers_is_open() -> TestResult {
    let text = sample("{type: integer, enum: [-1, 404], x-enum-varnames: [Lost, Missing]}")?;
    assert_contains(
        &text,
        &[
            "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, IntegerEnum)]",
            "#[non_exhaustive]",
            "pub enum Sample {",
        ],
    );
    assert_contains(&text, &["#[wire(-1)]", "Lost,"]);
    assert_contains(&text, &["#[wire(404)]", "Missing,"]);
    assert_contains(&text, &["Unknown(i64),", "}"]);
    Ok(())
}

#[test]
fn union_with_a_discriminating_property_is_tagged() -> TestResult {
    let text = sample_with(
        "{oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}",
        &[
            "Cat: {type: object, required: [type], properties: {type: {const: cat}}}",
            "Dog: {type: object, required: [type], properties: {type: {const: dog}}}",
        ],
    )?;
    assert_contains(
        &text,
        &[
            "#[derive(Clone, Debug, PartialEq, Union)]",
            "#[union(tag = \"type\")]",
            "#[non_exhaustive]",
            "pub enum Sample {",
        ],
    );
    assert_contains(&text, &["#[wire(\"dog\")]", "Dog(Dog),"]);
    assert_contains(&text, &["Unknown(Value),", "}"]);
    Ok(())
}

#[test]
fn union_without_a_discriminating_property_is_chosen_by_shape() -> TestResult {
    let text = sample("{oneOf: [{type: string}, {type: integer}]}")?;
    assert_contains(&text, &["#[union(shape)]"]);
    assert_contains(&text, &["Text(String),"]);
    assert_contains(&text, &["Integer(i64),"]);
    Ok(())
}

#[test]
fn array_is_a_type_alias() -> TestResult {
    let text = sample("{type: array, items: {type: string}}")?;
    assert_contains(&text, &["pub type Sample = Vec<String>;"]);
    Ok(())
}

#[test]
fn recursive_field_is_boxed() -> TestResult {
    let text = sample("{type: object, properties: {next: {$ref: '#/components/schemas/Sample'}}}")?;
    assert_contains(&text, &["pub next: Option<Box<Sample>>,"]);
    Ok(())
}

#[test]
fn response_type_has_no_setters_and_is_non_exhaustive() -> TestResult {
    let document = Document {
        paths: &[
            "/items: {get: {tags: [item], responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Sample'}}}}}}}",
        ],
        schemas: &["Sample: {type: object, properties: {a: {type: string}}}"],
        ..Document::default()
    };
    let files = document.files()?;
    assert_contains(
        &file(&files, "src/models/shared.rs"),
        &[
            "#[derive(Clone, Debug, PartialEq, Model)]",
            "#[model(no_setters)]",
            "#[non_exhaustive]",
            "pub struct Sample {",
        ],
    );
    Ok(())
}

#[test]
fn keyword_is_a_field_with_a_suffix() -> TestResult {
    let text = sample("{type: object, properties: {type: {type: string}}}")?;
    assert_contains(&text, &["#[wire(\"type\")]", "pub type_: Option<String>,"]);
    Ok(())
}

#[test]
fn renamed_type_keeps_a_deprecated_alias() -> TestResult {
    let old = Document {
        schemas: &["Sample: {type: object, properties: {a: {type: string}}}"],
        ..Document::default()
    };
    let lock = generator(config("")?).plan(old.input())?.plan.lock;
    let new = Document {
        schemas: &["Renamed: {type: object, properties: {a: {type: string}}}"],
        ..Document::default()
    };
    let files = new.files_with(config("")?, |generator| generator.lock(lock))?;
    assert_contains(
        &file(&files, "src/models/extra.rs"),
        &[
            "/// Deprecated name of `Renamed`.",
            "#[deprecated = \"renamed to `Renamed`; this name will be removed in version 3.0.0\"]",
            "pub type Sample = Renamed;",
        ],
    );
    Ok(())
}

#[test]
fn deprecated_field_is_deprecated_in_rust() -> TestResult {
    let text = sample(
        "{type: object, properties: {old: {type: string, deprecated: true, x-replaced-by: new}, new: {type: string}}}",
    )?;
    assert_contains(
        &text,
        &[
            "#[deprecated = \"use new instead\"]",
            "pub old: Option<String>,",
        ],
    );
    assert_eq!(text.matches("#[deprecated").count(), 1, "{text}");
    Ok(())
}
