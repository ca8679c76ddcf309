//! Tests of the limits of the work that a small document causes. None measures time: each document would take
//! minutes or gigabytes if its limit were gone.

use std::path::Path;

use observatory_codegen::diag::{Code, Diagnostic, Error};
use observatory_codegen::limits::MAX_DEPTH;
use observatory_codegen::plan::ModelKind;
use observatory_codegen::source::{self, RawDocument};
use observatory_codegen::{Generator, Input, PlannedDocument};

use serde_json::Value;

use crate::ir_text::{component_text, lower_document};

pub type TestResult = Result<(), Error>;

pub fn read(text: &str) -> Result<RawDocument, Error> {
    source::parse(Path::new("spec.yaml"), text)
}

/// Plans a document with these component schemas, one each line.
fn plan(schemas: &str) -> Result<PlannedDocument, Error> {
    plan_document(&format!("paths: {{}}\ncomponents:\n  schemas:\n{schemas}"))
}

fn plan_document(rest: &str) -> Result<PlannedDocument, Error> {
    let text = format!("openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\n{rest}");
    Ok(Generator::new(Default::default()).plan(Input::text("spec.yaml", text))?)
}

/// Asserts that a document is refused with one diagnostic with help. Returns its pointer.
#[track_caller]
pub fn refused_at<T>(result: Result<T, Error>, code: Code) -> String {
    let error = result.err().expect("the document is refused");
    let [
        Diagnostic {
            at,
            code: found,
            help: Some(_),
            ..
        },
    ] = error.diags()
    else {
        panic!("one diagnostic with help: {error}");
    };
    assert_eq!(*found, code, "{error}");
    at.0.clone()
}

#[test]
fn refuses_aliases_that_add_too_much_text() {
    let text = format!(
        "big: &b \"{}\"\nlist:\n{}",
        "A".repeat(500_000),
        "  - *b\n".repeat(100)
    );
    assert_eq!(refused_at(read(&text), Code::TooBig), "#/list/33");
}

#[test]
fn refuses_aliases_that_add_too_many_values() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..12 {
        let uses = vec![format!("*a{}", i - 1); 10].join(", ");
        text.push_str(&format!("a{i}: &a{i} [{uses}]\n"));
    }
    assert_eq!(refused_at(read(&text), Code::TooBig), "#/a5/1");
    let mapped = text.replace('[', "{k: [").replace(']', "]}");
    let at = refused_at(read(&mapped), Code::TooBig);
    assert!(at.starts_with("#/a5/k/"), "{at}");
}

#[test]
fn refuses_deep_yaml_before_it_is_parsed() {
    for open in [
        "- ",
        "[",
        "[\n    ",
        "[ ",
        "{a: ",
        "{\"a\": ",
        "[ '', ",
        "[ \"]\", ",
        "[ #]\n    ",
        "- ? ",
    ] {
        let text = format!("x:\n  {}a", open.repeat(40_000));
        let at = refused_at(read(&text), Code::TooDeep);
        assert!(at.starts_with("#/x"), "{open}: {at}");
    }
    let at = refused_at(
        read(&format!("x:\n  {}a", "- ".repeat(40_000))),
        Code::TooDeep,
    );
    assert_eq!(at, format!("#/x{}", "/0".repeat(MAX_DEPTH - 1)));
}

/// For each token, the parser of YAML visits all brackets around it.
#[test]
fn refuses_deep_yaml_with_many_tokens_before_it_is_parsed() {
    let text = format!("x: {}\n{}", "[".repeat(900), "a,\n".repeat(300_000));
    let at = refused_at(read(&text), Code::TooDeep);
    // Found before it is parsed: a reader looks ahead.
    assert_eq!(at, "#/x/0");
}

#[test]
fn accepts_many_brackets_that_are_not_nested() -> TestResult {
    for line in ["- [a, b]\n", "- {a: '['}\n", "- \"[[[\"\n", "- a [b\n"] {
        let value = read(&format!("x:\n{}", line.repeat(5_000)))?.value;
        assert_eq!(value["x"].as_array().map_or(0, Vec::len), 5_000);
    }
    Ok(())
}

#[test]
fn refuses_long_keys_with_many_values_below_them() {
    let key = "k".repeat(100_000);
    let members: Vec<String> = (0..1_000).map(|i| format!("\"p{i}\": 1")).collect();
    let text = format!("{{\"a\": {{\"{key}\": {{{}}}}}}}", members.join(", "));
    let at = refused_at(read(&text), Code::TooBig);
    assert!(at.starts_with("#/a/kkk"), "{at}");
}

#[test]
fn merges_a_schema_once_however_often_it_is_referred_to() -> TestResult {
    let mut schemas = String::new();
    for i in 0..40 {
        let next = format!("{{$ref: '#/components/schemas/A{}'}}", i + 1);
        schemas.push_str(&format!("    A{i}: {{allOf: [{next}, {next}]}}\n"));
    }
    schemas.push_str("    A40: {type: object, properties: {a: {type: string}}}\n");
    let (api, diags) = lower_document(&format!(
        "openapi: 3.1.0\ncomponents:\n  schemas:\n{schemas}"
    ))?;
    assert!(diags.is_empty());
    assert_eq!(component_text(&api, "A0"), "{a?: string}");
    Ok(())
}

#[test]
fn merges_a_long_chain_of_all_of_completely() -> TestResult {
    let mut schemas = "    A0: {type: object, properties: {first: {type: string}}}\n".to_owned();
    for i in 1..=2_000 {
        let last = i - 1;
        schemas.push_str(&format!(
            "    A{i}: {{description: d, allOf: [{{$ref: '#/components/schemas/A{last}'}}], properties: {{}}, required: [first]}}\n"
        ));
    }
    let (api, _) = lower_document(&format!(
        "openapi: 3.1.0\ncomponents:\n  schemas:\n{schemas}"
    ))?;
    assert_eq!(component_text(&api, "A2000"), "{first: string}");
    Ok(())
}

#[test]
fn refuses_a_chain_of_all_of_whose_structs_have_too_many_fields() {
    let mut schemas = "    A0: {type: object, properties: {p0: {type: string}}}\n".to_owned();
    for i in 1..=2_000 {
        let last = i - 1;
        schemas.push_str(&format!(
            "    A{i}: {{allOf: [{{$ref: '#/components/schemas/A{last}'}}], properties: {{p{i}: {{type: string}}}}}}\n"
        ));
    }
    let at = refused_at(plan(&schemas), Code::TooBig);
    assert!(at.starts_with("#/components/schemas/A"), "{at}");
}

#[test]
fn refuses_unions_whose_members_make_too_many_combinations() {
    let unions: Vec<String> = (0..24)
        .map(|i| format!("{{oneOf: [{{properties: {{a{i}: {{type: string}}}}}}, {{properties: {{b{i}: {{type: string}}}}}}]}}"))
        .collect();
    let at = refused_at(
        plan(&format!("    S: {{allOf: [{}]}}\n", unions.join(", "))),
        Code::TooBig,
    );
    assert!(at.starts_with("#/components/schemas/S/allOf/"), "{at}");
}

#[test]
fn refuses_nested_unions_whose_properties_make_too_many_combinations() {
    let mut schemas = String::new();
    for i in 0..24 {
        let next = i + 1;
        schemas.push_str(&format!(
            "    A{i}: {{properties: {{p{i}: {{type: string}}}}, oneOf: [{{$ref: '#/components/schemas/A{next}'}}, {{$ref: '#/components/schemas/B{next}'}}]}}\n\
             \x20   B{i}: {{properties: {{q{i}: {{type: string}}}}, oneOf: [{{$ref: '#/components/schemas/A{next}'}}, {{$ref: '#/components/schemas/B{next}'}}]}}\n"
        ));
    }
    schemas.push_str(
        "    A24: {properties: {a: {type: string}}}\n    B24: {properties: {b: {type: string}}}\n",
    );
    let at = refused_at(plan(&schemas), Code::TooBig);
    assert!(at.starts_with("#/components/schemas/"), "{at}");
}

#[test]
fn refuses_nested_unions_with_discriminators_that_have_too_many_paths() {
    let mut schemas = String::new();
    for i in 0..24 {
        for name in ["A", "B"] {
            let next = i + 1;
            schemas.push_str(&format!(
                "    {name}{i}: {{discriminator: {{propertyName: t}}, oneOf: [{{$ref: '#/components/schemas/A{next}'}}, {{$ref: '#/components/schemas/B{next}'}}]}}\n"
            ));
        }
    }
    for name in ["A", "B"] {
        schemas.push_str(&format!(
            "    {name}24: {{required: [t], properties: {{t: {{type: string, enum: [{name}]}}}}}}\n"
        ));
    }
    let at = refused_at(plan(&schemas), Code::TooBig);
    assert!(at.starts_with("#/components/schemas/"), "{at}");
}

#[test]
fn refuses_references_that_repeat_too_many_schemas() {
    let properties: String = (0..1_000)
        .map(|i| format!("p{i}: {{type: object, properties: {{x: {{type: string}}}}}}, "))
        .collect();
    let paths: String = (0..300)
        .map(|i| format!("  /p{i}: {{get: {{operationId: get_{i}, responses: {{'200': {{$ref: '#/components/responses/R'}}}}}}}}\n"))
        .collect();
    let document = format!(
        "paths:\n{paths}components:\n  responses:\n    R: {{description: d, content: {{application/json: {{schema: {{type: object, properties: {{{properties}}}}}}}}}}}\n"
    );
    let at = refused_at(plan_document(&document), Code::TooBig);
    assert!(at.starts_with("#/components/responses/R/content/"), "{at}");
}

/// Each union is compared with the next ones, but not with thousands of them.
#[test]
fn compares_a_chain_of_unions_in_proportional_time_and_stack() -> TestResult {
    const COUNT: usize = 3_000;
    let mut schemas: String = (0..COUNT)
        .map(|i| {
            let next = i + 1;
            format!("    S{i}: {{oneOf: [{{type: object, required: [p{i}], properties: {{p{i}: {{type: string}}}}}}, {{$ref: '#/components/schemas/S{next}'}}]}}\n")
        })
        .collect();
    schemas.push_str(&format!(
        "    S{COUNT}: {{type: object, properties: {{x: {{type: string}}}}}}\n"
    ));
    let planned = plan(&schemas)?;
    // The last ones are compared completely.
    let incomplete = &planned.plan.union_comparison.incomplete;
    assert!(
        (1..COUNT).contains(&incomplete.len()),
        "{}",
        incomplete.len()
    );
    Ok(())
}

/// Each member is found by its name, and each tag by its text.
#[test]
fn reads_a_large_mapping_once() -> TestResult {
    const COUNT: usize = 2_000;
    let mut schemas = String::new();
    let (mut members, mut mapping) = (String::new(), String::new());
    for i in 0..COUNT {
        schemas.push_str(&format!(
            "    S{i}: {{type: object, required: [t], properties: {{t: {{type: string}}}}}}\n"
        ));
        members.push_str(&format!("{{$ref: '#/components/schemas/S{i}'}}, "));
        mapping.push_str(&format!("k{i}: '#/components/schemas/S{i}', "));
    }
    let planned = plan(&format!(
        "{schemas}    U: {{oneOf: [{members}], discriminator: {{propertyName: t, mapping: {{{mapping}}}}}}}\n"
    ))?;
    let models = planned.plan.models.iter().flat_map(|file| &file.types);
    let tags: usize = models
        .filter_map(|model| match &model.kind {
            ModelKind::Union { variants, .. } => Some(variants),
            _ => None,
        })
        .flatten()
        .map(|variant| variant.tags.len())
        .sum();
    assert_eq!(tags, COUNT);
    Ok(())
}

#[test]
fn refuses_parents_whose_children_are_parents_too_often() {
    let mut schemas = "    S0: {type: object, required: [t], properties: {t: {type: string}}, discriminator: {propertyName: t}}\n".to_owned();
    for i in 1..1_000 {
        let parent = i - 1;
        schemas.push_str(&format!(
            "    S{i}: {{allOf: [{{$ref: '#/components/schemas/S{parent}'}}], properties: {{t: {{type: string}}}}, discriminator: {{propertyName: t}}}}\n"
        ));
    }
    let at = refused_at(plan(&schemas), Code::TooBig);
    assert!(at.starts_with("#/components/schemas/S"), "{at}");
}

#[test]
fn documents_that_a_large_union_was_not_compared_completely() -> TestResult {
    let members: Vec<String> = (0..500)
        .map(|i| {
            format!("{{type: object, required: [p{i}], properties: {{p{i}: {{type: string}}}}}}")
        })
        .collect();
    let planned = plan(&format!("    U: {{oneOf: [{}]}}\n", members.join(", ")))?;
    let models = planned.plan.models.iter().flat_map(|file| &file.types);
    let union = models
        .into_iter()
        .find(|model| matches!(model.kind, ModelKind::Union { .. }));
    let docs = union.map(|union| union.docs.join("\n")).unwrap_or_default();
    assert!(
        docs.contains("The union has too many variants to compare them all"),
        "{docs}"
    );
    let incomplete = &planned.plan.union_comparison.incomplete;
    let unions: Vec<&str> = incomplete.iter().map(|one| one.at.0.as_str()).collect();
    assert_eq!(unions, ["#/components/schemas/U"]);
    Ok(())
}

#[test]
fn refuses_bindings_that_repeat_too_many_schemas() {
    let properties: String = (0..2_000)
        .map(|i| format!("p{i}: {{type: object, properties: {{x: {{type: string}}}}}}, "))
        .collect();
    let bound: String = (0..100)
        .map(|i| format!("    B{i}: {{$ref: '#/components/schemas/G', $defs: {{t: {{$dynamicAnchor: t, type: integer}}}}}}\n"))
        .collect();
    let generic = format!(
        "    G: {{type: object, $defs: {{t: {{$dynamicAnchor: t}}}}, properties: {{{properties} t: {{$dynamicRef: '#t'}}}}}}\n"
    );
    let at = refused_at(plan(&format!("{generic}{bound}")), Code::TooBig);
    assert!(at.starts_with("#/components/schemas/B"), "{at}");
}

#[test]
fn refuses_bindings_inside_bindings_without_end() {
    let generic = "    G: {type: object, $defs: {t: {$dynamicAnchor: t}, u: {$dynamicAnchor: u}}, properties: {t: {$dynamicRef: '#t'}, u: {$dynamicRef: '#u'}}}\n";
    let bound = "    B: {$ref: '#/components/schemas/G', $defs: {u: {$dynamicAnchor: u, type: integer}, t: {$dynamicAnchor: t, $ref: '#/components/schemas/G', $defs: {t: {$dynamicAnchor: t, $ref: '#/components/schemas/B'}}}}}\n";
    // Each copy may bind again; the work ends in any case.
    drop(plan(&format!("{generic}{bound}")));
}

#[test]
fn counts_the_diagnostics_that_it_does_not_show() {
    let members: String = (0..250).map(|i| format!("k{i}: 1\nk{i}: 2\n")).collect();
    let error = read(&members).expect_err("duplicate keys");
    let text =
        observatory_codegen::diag::render(&error, observatory_codegen::diag::ColorChoice::Never);
    assert_eq!(text.matches("occurs twice").count(), 100);
    assert!(
        text.contains("150 more diagnostics are not shown"),
        "{text}"
    );
}

#[test]
fn reads_runs_of_markup_once() -> TestResult {
    for (part, count) in [
        ("*", 100_000),
        ("<", 100_000),
        ("<https://a", 25_000),
        ("h-", 100_000),
        ("https://-", 50_000),
        ("[a](x ", 25_000),
        ("![", 50_000),
        ("` ", 50_000),
        ("*a ", 25_000),
    ] {
        let description = Value::from(part.repeat(count));
        plan(&format!(
            "    S: {{type: object, description: {description}}}\n"
        ))?;
    }
    let list = Value::from("1".repeat(100_000) + &".".repeat(100_000));
    plan(&format!("    S: {{type: object, description: {list}}}\n"))?;
    Ok(())
}

#[test]
fn finds_the_words_of_each_value_once() -> TestResult {
    let values: Vec<String> = (0..15_000).map(|i| format!("v{i}")).collect();
    let texts: Vec<String> = values
        .iter()
        .map(|value| format!("{value}: d{value}"))
        .collect();
    for words in [
        format!("[{}]", values.join(", ")),
        format!("{{{}}}", texts.join(", ")),
    ] {
        let planned = plan(&format!(
            "    S: {{type: string, enum: [{}], x-enum-descriptions: {words}}}\n",
            values.join(", ")
        ))?;
        let models = planned.plan.models.iter().flat_map(|file| &file.types);
        let counts = models.map(|model| match &model.kind {
            ModelKind::Enum { values, .. } => values.len(),
            _ => 0,
        });
        assert_eq!(counts.sum::<usize>(), 15_000);
    }
    Ok(())
}

#[test]
fn looks_for_similar_names_once() {
    let schemas: String = (0..5_000)
        .map(|i| format!("    S{i}: {{$ref: '#/components/schemas/Missing{i}'}}\n"))
        .collect();
    let planned = plan(&schemas).expect("a plan with gaps");
    let dangling = planned
        .diags
        .iter()
        .filter(|diag| diag.code == Code::DanglingRef);
    assert_eq!(dangling.count(), 5_000);
}

#[test]
fn digests_types_that_all_contain_each_other_once() -> TestResult {
    let property = |i: usize| {
        format!(
            "k{i}: {{allOf: [{{$ref: '#/components/schemas/Node'}}, {{type: object, properties: {{p{i}: {{type: integer}}}}}}]}}"
        )
    };
    let properties: Vec<String> = (0..12).map(property).collect();
    let planned = plan(&format!(
        "    Node: {{type: object, properties: {{{}}}}}\n",
        properties.join(", ")
    ))?;
    let kept = planned.api.types.iter();
    let count = kept.filter(|(_, def)| def.replaced_by.is_none()).count();
    assert_eq!(count, 13);
    Ok(())
}

#[test]
fn limits_the_nesting_of_resources() -> TestResult {
    let tags: String = (0..600)
        .map(|i| format!("  - {{name: t{i}, parent: t{}}}\n", i + 1))
        .collect();
    let paths: String = (0..600)
        .map(|i| {
            format!(
                "  /a{i}: {{get: {{tags: [t{i}], responses: {{'204': {{description: d}}}}}}}}\n"
            )
        })
        .collect();
    let text =
        format!("openapi: 3.2.0\ninfo: {{title: T, version: '1'}}\ntags:\n{tags}paths:\n{paths}");
    let output = Generator::new(Default::default()).generate(Input::text("spec.yaml", text))?;
    // Each feature enables those of the resources around it.
    let manifest = output.files.iter().find(|(path, _)| *path == "Cargo.toml");
    let manifest = manifest.map_or(0, |(_, text)| text.len());
    assert!(manifest < 60_000, "{manifest} bytes");
    Ok(())
}

#[test]
fn names_members_of_a_large_union_by_position() -> TestResult {
    let names = |count: usize| -> Result<Vec<String>, Error> {
        let items: String = (0..count)
            .map(|i| {
                format!("        - {{type: object, properties: {{p{i}: {{type: string}}}}}}\n")
            })
            .collect();
        let planned = plan(&format!("    S:\n      oneOf:\n{items}"))?;
        let models = planned.plan.models.into_iter().flat_map(|file| file.types);
        Ok(models.map(|model| model.name).collect())
    };
    assert!(names(3)?.contains(&"SWithP2".to_owned()));
    let large = names(1_001)?;
    assert_eq!(large.len(), 1_002);
    assert!(!large.iter().any(|name| name.contains("With")), "{large:?}");
    Ok(())
}
