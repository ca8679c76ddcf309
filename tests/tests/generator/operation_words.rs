//! Every operation of every vendor has a line of our own, with more than the operation's name. Every crate has a guide
//! about its API.

use std::collections::BTreeSet;

use observatory_codegen::ir::{Operation, Pointer};
use observatory_codegen::pipeline::PlannedDocument;

use crate::planned::{PlannedVendor, VENDORS};

/// Words that add nothing to a name.
const FILLERS: &[&str] = &[
    "a", "all", "an", "and", "at", "by", "for", "from", "given", "in", "into", "it", "of", "on",
    "one", "or", "single", "specific", "that", "the", "their", "these", "this", "to", "via",
    "with",
];

/// The verbs of operations. Each HTTP method has one of them.
const VERBS: &[&str] = &[
    "add", "change", "create", "delete", "fetch", "find", "get", "give", "list", "modify", "patch",
    "post", "put", "read", "remove", "replace", "request", "retrieve", "return", "set", "store",
    "update", "upsert",
];

/// Splits a text into words in lower case, without the endings of plurals and of verbs.
fn split_words(text: &str) -> BTreeSet<String> {
    let mut words = vec![String::new()];
    let mut previous = ' ';
    for c in text.chars() {
        let starts_word = !c.is_alphanumeric() || c.is_uppercase() && previous.is_lowercase();
        if starts_word {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        previous = c;
    }
    let words = words.iter().filter(|word| !word.is_empty());
    words.map(|word| stem(word)).collect()
}

/// Returns a word without the ending of a plural or of the third person.
fn stem(word: &str) -> String {
    let singular = match word.strip_suffix("ies") {
        Some(start) if start.len() > 1 => format!("{start}y"),
        _ => word.strip_suffix('s').unwrap_or(word).to_owned(),
    };
    // `replace`, `replaces` and `batch`, `batches` have the same stem.
    singular.strip_suffix('e').unwrap_or(&singular).to_owned()
}

fn stems(words: &[&str]) -> BTreeSet<String> {
    words.iter().map(|word| stem(word)).collect()
}

/// Returns what is wrong with the line of an operation, if anything. `names` are the names that programs see.
fn find_fault(line: Option<&str>, names: &str) -> Option<&'static str> {
    let Some(line) = line.map(str::trim).filter(|line| !line.is_empty()) else {
        return Some("has no line");
    };
    let ends_line = line.ends_with('.') && !line.contains('\n');
    if !ends_line || !line.starts_with(|c: char| c.is_uppercase()) {
        return Some("is not one line with a capital and a full stop");
    }
    let mut known = split_words(names);
    known.extend(stems(FILLERS));
    known.extend(stems(VERBS));
    split_words(line)
        .is_subset(&known)
        .then_some("only repeats the name")
}

/// Returns the names of an operation: its id, its path, and the method and the resource that it has in Rust.
fn names_of(planned: &PlannedDocument, operation: &Operation) -> String {
    let mut names = vec![operation.path.as_str()];
    names.extend(operation.id.as_deref());
    let is_it = |at: &Pointer| *at == operation.at;
    for resource in &planned.plan.resources {
        for method in resource.methods.iter().filter(|method| is_it(&method.at)) {
            names.extend([&resource.module, &resource.tag, &method.name].map(String::as_str));
        }
    }
    names.join(" ")
}

/// Returns the operations of a vendor whose line is missing or repeats the name.
fn find_faults(vendor: &str, planned: &PlannedDocument) -> Vec<String> {
    let operations = planned.api.operations.iter();
    let operations = operations.filter(|operation| !operation.is_variant);
    let faults = operations.filter_map(|operation| {
        let line = operation.docs.summary.as_deref();
        let fault = find_fault(line, &names_of(planned, operation))?;
        let (method, path) = (operation.method.as_str(), &operation.path);
        let line = line.unwrap_or_default();
        Some(format!("{vendor}: {method} {path} {fault}: {line}"))
    });
    faults.collect()
}

#[test]
fn every_operation_has_a_line_of_ours() {
    let mut faults = Vec::new();
    for PlannedVendor {
        folder, planned, ..
    } in VENDORS.iter()
    {
        let vendor = &folder.name;
        assert!(
            !planned.api.operations.is_empty(),
            "{vendor} has no operations"
        );
        faults.extend(find_faults(vendor, planned));
    }
    assert!(faults.is_empty(), "{}\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn every_crate_has_a_guide_about_its_api() {
    for PlannedVendor { folder, .. } in VENDORS.iter() {
        assert!(folder.config().unwrap().guide.is_some(), "{}", folder.name);
    }
}

#[test]
fn recognizes_lines_that_repeat_a_name() {
    let names = "/v1/projects/{project_id}/trace_scores listTraceScores scores list";
    for line in [
        "",
        "Lists trace scores.",
        "Get all the trace scores of a project.",
        "Returns a list of trace scores for the given project ID.",
        "Lists scores of traces, newest first",
    ] {
        assert!(find_fault(Some(line), names).is_some(), "{line}");
    }
    assert!(find_fault(None, names).is_some());
    let line = "Lists the scores of all traces of a project, newest first.";
    assert_eq!(find_fault(Some(line), names), None);
}
