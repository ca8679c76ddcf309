//! Names that a lock keeps.

use super::{
    TestResult, method_names, methods, model, model_names, plan, plan_locked, variant_names,
};

const LIST: &str =
    "/a: {get: {tags: [t], operationId: list, responses: {'204': {description: ''}}}}";

#[test]
fn a_new_operation_renames_no_other() -> TestResult {
    let before = plan(&[LIST], &[])?;
    let new = "/New: {get: {tags: [t], operationId: List, responses: {'204': {description: ''}}}}";
    assert_eq!(
        method_names(&plan(&[new, LIST], &[])?),
        ["t.list", "t.list_a"]
    );
    let after = plan_locked(before.lock, &[new, LIST], &[])?;
    assert_eq!(method_names(&after), ["t.list_new", "t.list"]);
    Ok(())
}

#[test]
fn a_renamed_operation_keeps_its_old_name_as_deprecated() -> TestResult {
    let before = plan(&[LIST], &[])?;
    let renamed = LIST.replace("list", "listAll");
    let after = plan_locked(before.lock, &[&renamed], &[])?;
    let method = methods(&after)[0];
    assert_eq!(method.name, "list_all");
    let old = &method.previous_names[0];
    assert_eq!(
        (old.name.as_str(), old.request.as_deref()),
        ("list", Some("List"))
    );
    assert_eq!(old.removed_in, "0.5.0");
    Ok(())
}

#[test]
fn deprecated_names_end_with_their_version() -> TestResult {
    let before = plan(&[LIST], &[])?;
    let renamed = LIST.replace("list", "listAll");
    let mut lock = plan_locked(before.lock, &[&renamed], &[])?.lock;
    for names in lock.operations.values_mut() {
        names.previous_names[0].removed_in = "0.3.0".to_owned();
    }
    let after = plan_locked(lock, &[&renamed], &[])?;
    assert!(methods(&after)[0].previous_names.is_empty());
    Ok(())
}

#[test]
fn a_renamed_schema_is_recognized_by_its_content() -> TestResult {
    let before = plan(&[], &["Old: {properties: {a: {type: string}}}"])?;
    let after = plan_locked(
        before.lock,
        &[],
        &["New: {properties: {a: {type: string}}}"],
    )?;
    assert_eq!(model_names(&after), ["New"]);
    assert_eq!(model(&after, "New").previous_names[0].name, "Old");
    Ok(())
}

#[test]
fn a_changed_schema_with_a_new_name_is_another_one() -> TestResult {
    let before = plan(&[], &["Old: {properties: {a: {type: string}}}"])?;
    let after = plan_locked(
        before.lock,
        &[],
        &["New: {properties: {b: {type: string}}}"],
    )?;
    assert!(model(&after, "New").previous_names.is_empty());
    Ok(())
}

#[test]
fn a_new_variant_renames_no_other() -> TestResult {
    let old = "A: {anyOf: [{required: [x], properties: {x: {type: string}}}, {type: string}]}";
    let new = "A: {anyOf: [{required: [y], properties: {y: {type: string}}}, {required: [x], properties: {x: {type: string}}}, \
               {type: string}]}";
    let before = plan(&[], &[old])?;
    assert_eq!(variant_names(&before, "A"), ["Object", "Text"]);
    let after = plan_locked(before.lock, &[], &[new])?;
    assert_eq!(variant_names(&after, "A"), ["WithY", "Object", "Text"]);
    assert!(model_names(&after).contains(&"AObject"));
    Ok(())
}
