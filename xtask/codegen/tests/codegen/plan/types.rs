//! Fields and variants of types.

use observatory_codegen::plan::{FieldEncoding, ModelKind, RustType};

use super::{
    TestResult, field_types, fields, model, model_file, plan, plan_types, value_names,
    variant_names, variants,
};

#[test]
fn maps_scalars_to_rust_types() -> TestResult {
    for (schema, expected) in [
        ("{type: string}", "String"),
        ("{type: integer}", "i64"),
        ("{type: integer, format: int32}", "i32"),
        ("{type: number}", "f64"),
        ("{type: boolean}", "bool"),
        ("{}", "Value"),
        ("{type: string, format: date-time}", "Timestamp"),
        ("{type: string, format: uuid}", "String"),
        ("{type: string, format: password}", "Secret"),
        ("{type: string, format: byte}", "Bytes"),
        ("{type: array, items: {type: string}}", "Vec<String>"),
        (
            "{type: object, additionalProperties: {type: integer}}",
            "std::collections::BTreeMap<String, i64>",
        ),
    ] {
        let line = format!("A: {{required: [x], properties: {{x: {schema}}}}}");
        let plan = plan_types(&[&line])?;
        assert_eq!(field_types(&plan, "A"), [format!("x: {expected}")]);
    }
    Ok(())
}

#[test]
fn optional_fields_are_options_and_nullable_ones_patches() -> TestResult {
    let schema = "A: {required: [a, b], properties: {a: {type: string}, b: {type: [string, 'null']}, \
                  c: {type: string}, d: {type: [string, 'null']}}}";
    let plan = plan_types(&[schema])?;
    assert_eq!(
        field_types(&plan, "A"),
        [
            "a: String",
            "b: Option<String>",
            "c: Option<String>",
            "d: Patch<String>"
        ]
    );
    Ok(())
}

#[test]
fn types_of_responses_have_no_constructor_and_no_patch() -> TestResult {
    let path = "/a: {get: {tags: [t], responses: {'200': {description: '', content: {application/json: {schema: \
                {$ref: '#/components/schemas/A'}}}}}}}";
    let plan = plan(&[path], &["A: {properties: {d: {type: [string, 'null']}}}"])?;
    assert_eq!(field_types(&plan, "A"), ["d: Option<String>"]);
    let ModelKind::Struct {
        has_constructor, ..
    } = model(&plan, "A").kind
    else {
        panic!("not a struct");
    };
    assert!(!has_constructor);
    Ok(())
}

#[test]
fn properties_with_the_name_of_a_secret_are_secrets() -> TestResult {
    let schema = "A: {required: [apiKey, tokens], properties: {apiKey: {type: string}, tokens: {type: string}}}";
    let plan = plan_types(&[schema])?;
    assert_eq!(
        field_types(&plan, "A"),
        ["api_key: Secret", "tokens: String"]
    );
    Ok(())
}

#[test]
fn a_leading_symbol_distinguishes_fields() -> TestResult {
    let schema =
        "A: {required: [type, _type], properties: {type: {type: string}, _type: {type: string}}}";
    let plan = plan_types(&[schema])?;
    let fields = field_types(&plan, "A");
    assert_eq!(fields, ["type_: String", "underscore_type: String"]);
    Ok(())
}

#[test]
fn additional_properties_become_a_field() -> TestResult {
    let schema = "A: {properties: {extra: {type: string}}, additionalProperties: {type: integer}}";
    let plan = plan_types(&[schema])?;
    let extra = fields(&plan, "A").last().unwrap();
    assert_eq!(extra.name, "extra_properties");
    assert_eq!(extra.encoding, FieldEncoding::Extra);
    Ok(())
}

#[test]
fn recursive_fields_are_boxed() -> TestResult {
    let schema = "A: {properties: {next: {$ref: '#/components/schemas/A'}}}";
    let plan = plan_types(&[schema])?;
    assert_eq!(field_types(&plan, "A"), ["next: Option<Box<A>>"]);
    Ok(())
}

#[test]
fn spells_the_symbols_of_enum_values() -> TestResult {
    let plan = plan_types(&["A: {type: string, enum: ['>=', '+1', '', unknown]}"])?;
    assert_eq!(
        value_names(&plan, "A"),
        [
            "GreaterOrEqual",
            "Plus1",
            "Empty",
            "Unknown",
            "Unrecognized"
        ]
    );
    Ok(())
}

#[test]
fn documents_the_format_of_texts() -> TestResult {
    let plan = plan_types(&[
        "Id: {type: string, format: uuid}",
        "A: {properties: {price: {type: string, format: decimal}, id: {$ref: '#/components/schemas/Id'}}}",
    ])?;
    assert!(
        model(&plan, "Id")
            .docs
            .contains(&"Format `uuid`.".to_owned())
    );
    assert_eq!(fields(&plan, "A")[1].docs, ["Format `decimal`."]);
    Ok(())
}

#[test]
fn names_integers_by_their_value() -> TestResult {
    let plan = plan_types(&[
        "Level: {type: integer, enum: [-1, 0, 10]}",
        "ExitCode: {type: integer, enum: [0, 1]}",
    ])?;
    assert_eq!(
        value_names(&plan, "Level"),
        ["ValueMinus1", "Value0", "Value10", "Unknown"]
    );
    assert_eq!(
        value_names(&plan, "ExitCode"),
        ["Code0", "Code1", "Unknown"]
    );
    Ok(())
}

#[test]
fn names_enum_values_as_the_document_does() -> TestResult {
    let plan = plan_types(&[
        "A: {type: integer, enum: [1, 2, 3, 4, 5], x-enum-varnames: [HTTPError, same, SAME, '2nd', '?']}",
        "B: {type: string, enum: [a, b, c], x-enumNames: [Unknown, Self, A]}",
    ])?;
    assert_eq!(
        value_names(&plan, "A"),
        ["HttpError", "Same", "Same3", "N2nd", "Question", "Unknown"]
    );
    assert_eq!(
        value_names(&plan, "B"),
        ["Unknown", "Itself", "A", "Unrecognized"]
    );
    Ok(())
}

#[test]
fn names_variants_of_scalars_by_type() -> TestResult {
    let plan = plan_types(&["A: {anyOf: [{type: string}, {type: array, items: {type: string}}]}"])?;
    assert_eq!(variant_names(&plan, "A"), ["Text", "TextList"]);
    Ok(())
}

#[test]
fn large_variants_are_boxed() -> TestResult {
    let large = "B: {required: [a, b, c, d, e], properties: {a: {type: string}, b: {type: string}, c: {type: string}, \
                 d: {type: string}, e: {type: string}}}";
    let small = "C: {required: [z], properties: {z: {type: string}}}";
    let union = "A: {anyOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]}";
    let plan = plan_types(&[union, large, small])?;
    let is_boxed = |index: usize| matches!(variants(&plan, "A")[index].ty, RustType::Box(_));
    assert!(is_boxed(0) && !is_boxed(1));
    Ok(())
}

#[test]
fn reports_variants_that_a_value_does_not_distinguish() -> TestResult {
    let union = "A: {anyOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}]}";
    let member =
        |name: &str| format!("{name}: {{required: [a], properties: {{a: {{type: string}}}}}}");
    let c = "C: {required: [a], properties: {a: {type: string}, z: {type: string}}}";
    let plan = plan_types(&[union, &member("B"), c])?;
    let pair = plan.union_comparison.ambiguities.first().unwrap();
    assert_eq!((pair.read_as.as_str(), pair.also_fits.as_str()), ("B", "C"));
    assert!(
        model(&plan, "A")
            .docs
            .last()
            .unwrap()
            .ends_with("matches both `B` and `C`, and is read as `B`.")
    );
    Ok(())
}

#[test]
fn types_that_no_operation_uses_share_a_file() -> TestResult {
    let plan = plan_types(&["Run: {properties: {step: {properties: {a: {type: string}}}}}"])?;
    let file = model_file(&plan, "RunStep");
    assert_eq!((file.folder.as_str(), &file.module), ("extra", &None));
    assert_eq!(file.feature.as_deref(), Some("extra-types"));
    Ok(())
}

#[test]
fn documents_constraints_and_defaults() -> TestResult {
    let plan = plan_types(&[
        "A: {properties: {x: {type: string, description: Name., maxLength: 3, default: abc}}}",
    ])?;
    assert_eq!(
        fields(&plan, "A")[0].docs,
        ["Name.", "", "At most 3 characters. Default: `abc`."]
    );
    Ok(())
}

#[test]
fn code_that_has_a_fence_is_escaped_text() -> TestResult {
    let description = serde_json::Value::from("~~~\n```\n<script>\n~~~\n\n1. one");
    let plan = plan_types(&[&format!(
        "A: {{properties: {{x: {{type: string, description: {description}}}}}}}"
    )])?;
    let docs = fields(&plan, "A")[0].docs.join("\n");
    assert!(
        !docs.contains("\n```\n") && docs.contains("\\<script"),
        "{docs}"
    );
    assert!(docs.contains("1\\. one"), "{docs}");
    Ok(())
}

#[test]
fn never_breaks_inline_code_so_that_no_line_starts_with_html() -> TestResult {
    let long = "a".repeat(90);
    let words = "word ".repeat(30);
    for (description, whole) in [
        (
            format!("`{long} <script>alert(1)</script> b`"),
            format!("`{long} <script>alert(1)</script> b`"),
        ),
        (
            format!("{words}`x  {words} <img src=x onerror=alert(1)>` <b>"),
            format!("`x {words}<img src=x onerror=alert(1)>`"),
        ),
        (
            format!("- item `{long} <!-- a\\ --> ` and `{long} # b`"),
            format!("`{long} # b`"),
        ),
        (
            format!("\\`{long} <p> `{long}"),
            format!("`{long} <p> `{long}"),
        ),
        (
            format!("`a\\` {words} `<script> b`"),
            "`<script> b`".to_owned(),
        ),
    ] {
        let schema = serde_json::json!({"type": "object", "description": description});
        let plan = plan_types(&[&format!("S: {schema}")])?;
        let docs = &model(&plan, "S").docs;
        assert!(docs.iter().any(|line| line.contains(&whole)), "{docs:#?}");
        for line in docs {
            assert!(!line.trim_start().starts_with('<'), "{docs:#?}");
            assert!(line.matches('`').count() % 2 == 0, "{docs:#?}");
        }
    }
    Ok(())
}
