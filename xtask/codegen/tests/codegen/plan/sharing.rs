//! Inline types of equal structure: one type, its name, and the lock.

use super::{
    TestResult, field_types, fields, method_names, model, model_names, plan, plan_locked,
    plan_types, variant_names,
};

/// Two schemas with an inline object in the property `limit`.
const TWO_LIMITS: &[&str] = &[
    "Run: {properties: {limit: {description: Of a run., properties: {max: {type: integer}}}}}",
    "Job: {properties: {limit: {description: Of a job., properties: {max: {type: integer}}}}}",
];

#[test]
fn equal_inline_objects_are_one_type_with_their_common_words() -> TestResult {
    let plan = plan_types(TWO_LIMITS)?;
    assert_eq!(model_names(&plan), ["Job", "Limit", "Run"]);
    assert_eq!(field_types(&plan, "Run"), ["limit: Option<Limit>"]);
    assert_eq!(field_types(&plan, "Job"), ["limit: Option<Limit>"]);
    Ok(())
}

#[test]
fn a_shared_type_has_no_words_of_one_place() -> TestResult {
    let plan = plan_types(TWO_LIMITS)?;
    let docs = model(&plan, "Limit").docs.join(" ");
    assert_eq!(docs, "Property `limit` of [`Job`] and [`Run`].");
    Ok(())
}

#[test]
fn a_type_is_not_called_schema_where_its_places_have_only_that_in_common() -> TestResult {
    let cost = "{anyOf: [{type: number}, {type: string}]}";
    let plan = plan_types(&[
        &format!("CreateSchema: {{properties: {{prompt_cost: {cost}}}}}"),
        &format!("PriceSchema: {{properties: {{limit: {cost}}}}}"),
    ])?;
    assert_eq!(
        field_types(&plan, "PriceSchema"),
        ["limit: Option<NumberOrText>"]
    );
    Ok(())
}

#[test]
fn a_use_of_another_kind_begins_in_lower_case() -> TestResult {
    let plan = plan_types(&[
        "Run: {properties: {limit: {properties: {max: {type: integer}}}}}",
        "Job: {properties: {limits: {type: array, items: {properties: {max: {type: integer}}}}}}",
    ])?;
    let docs = model(&plan, "Limit").docs.join(" ");
    assert_eq!(
        docs,
        "Item of property `limits` of [`Job`]; property `limit` of [`Run`]."
    );
    Ok(())
}

#[test]
fn an_inline_object_equal_to_a_component_is_the_component() -> TestResult {
    let plan = plan_types(&[
        "Run: {properties: {limit: {properties: {max: {type: integer}}}}}",
        "Quota: {properties: {max: {type: integer}}}",
    ])?;
    assert_eq!(field_types(&plan, "Run"), ["limit: Option<Quota>"]);
    assert_eq!(model_names(&plan), ["Quota", "Run"]);
    Ok(())
}

#[test]
fn equal_components_stay_two_types() -> TestResult {
    let plan = plan_types(&[
        "Quota: {properties: {max: {type: integer}}}",
        "Limit: {properties: {max: {type: integer}}}",
    ])?;
    assert_eq!(model_names(&plan), ["Limit", "Quota"]);
    Ok(())
}

#[test]
fn what_a_property_means_on_the_wire_keeps_types_apart() -> TestResult {
    for other in [
        "{type: integer, default: 1}",
        "{type: integer, readOnly: true}",
        "{type: [integer, 'null']}",
        "{type: string}",
        "{type: integer, format: int32}",
    ] {
        let other = format!("Job: {{properties: {{limit: {{properties: {{max: {other}}}}}}}}}");
        let plan = plan_types(&[TWO_LIMITS[0], &other])?;
        assert_eq!(model_names(&plan).len(), 4, "{other}");
    }
    Ok(())
}

#[test]
fn types_are_equal_if_the_types_in_them_are() -> TestResult {
    let nested = "{properties: {limit: {properties: {max: {properties: {n: {type: integer}}}}}}}";
    let plan = plan_types(&[&format!("Run: {nested}"), &format!("Job: {nested}")])?;
    assert_eq!(model_names(&plan), ["Job", "Limit", "LimitMax", "Run"]);
    Ok(())
}

#[test]
fn a_union_is_named_after_the_common_words_of_its_members() -> TestResult {
    let part = |kind: &str| {
        format!("{kind}Part: {{required: [type], properties: {{type: {{const: {kind}}}}}}}")
    };
    let parts = "{anyOf: [{$ref: '#/components/schemas/TextPart'}, {$ref: '#/components/schemas/FilePart'}]}";
    let plan = plan_types(&[
        &part("Text"),
        &part("File"),
        &format!("Message: {{properties: {{content: {parts}}}}}"),
        &format!("Span: {{properties: {{output: {parts}}}}}"),
    ])?;
    assert_eq!(field_types(&plan, "Message"), ["content: Option<Part>"]);
    assert_eq!(field_types(&plan, "Span"), ["output: Option<Part>"]);
    Ok(())
}

#[test]
fn a_shared_type_keeps_its_name_when_places_are_added_or_removed() -> TestResult {
    let third = "Task: {properties: {bound: {properties: {max: {type: integer}}}}}";
    let before = plan_types(TWO_LIMITS)?;
    let added = plan_locked(
        before.lock.clone(),
        &[],
        &[third, TWO_LIMITS[0], TWO_LIMITS[1]],
    )?;
    assert_eq!(field_types(&added, "Task"), ["bound: Option<Limit>"]);
    let removed = plan_locked(before.lock, &[], &[TWO_LIMITS[1]])?;
    assert_eq!(field_types(&removed, "Job"), ["limit: Option<Limit>"]);
    Ok(())
}

#[test]
fn a_place_that_changes_gets_a_type_of_its_own() -> TestResult {
    let before = plan_types(TWO_LIMITS)?;
    let changed =
        "Run: {properties: {limit: {properties: {max: {type: integer}, min: {type: integer}}}}}";
    let after = plan_locked(before.lock, &[], &[changed, TWO_LIMITS[1]])?;
    assert_eq!(field_types(&after, "Job"), ["limit: Option<Limit>"]);
    assert_eq!(field_types(&after, "Run"), ["limit: Option<RunLimit>"]);
    Ok(())
}

#[test]
fn an_anonymous_union_in_a_union_is_flattened() -> TestResult {
    let plan = plan_types(&[
        "A: {anyOf: [{type: string}, {anyOf: [{type: integer}, {type: array, items: {type: string}}]}]}",
    ])?;
    assert_eq!(variant_names(&plan, "A"), ["Text", "Integer", "TextList"]);
    Ok(())
}

#[test]
fn an_item_of_a_list_is_named_in_the_singular() -> TestResult {
    let plan = plan_types(&["Run: {properties: {entries: {items: {properties: {a: {}}}}}}"])?;
    assert_eq!(model_names(&plan), ["Run", "RunEntry"]);
    Ok(())
}

#[test]
fn a_field_without_words_has_no_docs() -> TestResult {
    let plan = plan_types(&["Run: {properties: {trace_id: {type: string}}}"])?;
    assert!(fields(&plan, "Run")[0].docs.is_empty());
    Ok(())
}

#[test]
fn methods_do_not_repeat_their_resource() -> TestResult {
    let operation = |line: &str, id: &str| {
        format!(
            "{line}: {{tags: [datasets], operationId: {id}, responses: {{'204': {{description: ''}}}}}}}}"
        )
    };
    let cases = [
        ("/datasets: {post", "create_dataset", "create"),
        ("/datasets: {get", "getDatasets", "list"),
        ("/datasets: {patch", "patchDataset", "update"),
        ("/datasets: {put", "putDatasets", "replace"),
        (
            "/datasets/rows: {post",
            "update_dataset_rows",
            "update_rows",
        ),
        ("/datasets/{id}: {get", "getDatasetId", "get"),
        (
            "/datasets/{id}/insert: {post",
            "postDatasetIdInsert",
            "insert",
        ),
        ("/datasets: {delete", "datasets", "delete"),
        ("/datasets: {post", "clear_all", "clear_all"),
    ];
    for (line, id, expected) in cases {
        let parameters = match line.contains("{id}") {
            true => line.replacen(
                ": {",
                ": {parameters: [{name: id, in: path, required: true, schema: {type: string}}], ",
                1,
            ),
            false => line.to_owned(),
        };
        let plan = plan(&[&operation(&parameters, id)], &[])?;
        assert_eq!(
            method_names(&plan),
            [format!("datasets.{expected}")],
            "{id}"
        );
    }
    Ok(())
}
