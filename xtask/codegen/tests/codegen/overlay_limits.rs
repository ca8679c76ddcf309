//! Tests of the limits of the work that an overlay causes.

use std::path::Path;

use observatory_codegen::diag::{Code, Error};
use observatory_codegen::source;
use observatory_codegen::source::overlay::{Overlay, Strictness};
use serde_json::Value;

use crate::limits::{TestResult, read, refused_at};

/// Applies an overlay to a document.
fn apply(document: &str, actions: &[(&str, &str)], strictness: Strictness) -> Result<Value, Error> {
    let actions = actions.iter().map(|(target, edit)| {
        format!(
            "- {{target: {}, description: why, {edit}}}\n",
            Value::from(*target)
        )
    });
    let text = format!(
        "overlay: 1.0.0\ninfo: {{title: t, version: '1'}}\nactions:\n{}",
        actions.collect::<String>()
    );
    let overlay = Overlay::parse(&source::parse(Path::new("overlay.yaml"), text)?)?;
    let mut document = read(document)?.value;
    overlay.apply(&mut document, strictness)?;
    Ok(document)
}

#[test]
fn refuses_an_overlay_that_doubles_the_document_with_each_action() {
    let doubling = ("$..*", "update: {a: {b: {c: x}}}");
    let keys: Vec<String> = (0..30).map(|i| format!("update: {{k{i}: {{}}}}")).collect();
    let doublings: Vec<(&str, &str)> = keys.iter().map(|edit| ("$..*", edit.as_str())).collect();
    let document = "{a: {}, b: {}}";
    for strictness in [Strictness::Strict, Strictness::Lenient] {
        let at = refused_at(apply(document, &doublings, strictness), Code::TooBig);
        assert!(at.starts_with("#/actions/"), "{at}");
    }
    let lists = "{l: [[], []]}";
    let item = vec![("$..[?@[0] || !@.x]", "update: [[], [], []]"); 30];
    let at = refused_at(apply(lists, &item, Strictness::Strict), Code::TooBig);
    assert!(at.starts_with("#/actions/"), "{at}");
    assert!(apply(document, &[doubling], Strictness::Strict).is_ok());
}

#[test]
fn refuses_an_overlay_that_adds_much_text() {
    let update = format!("update: {{t: {}}}", "x".repeat(1_000_000));
    let targets = "{p: [{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}]}";
    let at = refused_at(
        apply(targets, &[("$.p.*", &update)], Strictness::Strict),
        Code::TooBig,
    );
    assert_eq!(at, "#/actions/0");
}

#[test]
fn refuses_an_overlay_that_nests_the_document_too_deeply() {
    let update = format!(
        "update: {}leaf: {{}}{}",
        "{a: ".repeat(50) + "{",
        "}".repeat(51)
    );
    let actions = vec![("$..leaf", update.as_str()); 3];
    let at = refused_at(
        apply("{leaf: {}}", &actions, Strictness::Strict),
        Code::TooBig,
    );
    assert_eq!(at, "#/actions/2");
}

#[test]
fn refuses_an_overlay_with_long_keys_above_many_values() {
    let members: Vec<String> = (0..2_000).map(|i| format!("p{i}: 1")).collect();
    let rename = format!("x-rename-keys: {{a: {}}}", "k".repeat(100_000));
    let document = format!("{{a: {{{}}}}}", members.join(", "));
    let result = apply(&document, &[("$", &rename)], Strictness::Strict);
    assert_eq!(refused_at(result, Code::TooBig), "#");
}

#[test]
fn selects_each_node_once_however_many_ways_lead_to_it() -> TestResult {
    let document = format!("{}x: 1{}", "{a: ".repeat(100) + "{", "}".repeat(101));
    let target = format!("${}", "..*".repeat(20));
    let result = apply(&document, &[(&target, "remove: true")], Strictness::Strict)?;
    assert_eq!(
        result.pointer(&"/a".repeat(19)),
        Some(&serde_json::json!({}))
    );
    let filter = vec!["@.a == 1"; 5_000].join(" || ");
    let target = format!("$..[?{filter}]");
    let wide: Vec<String> = (0..5_000).map(|i| format!("p{i}: {{}}")).collect();
    let wide = format!("{{{}}}", wide.join(", "));
    let result = apply(&wide, &[(&target, "remove: true")], Strictness::Lenient);
    assert_eq!(refused_at(result, Code::TooBig), "#/actions/0");
    Ok(())
}
