//! Copies: types of equal structure under several names, in all generated crates.

use std::collections::{BTreeMap, BTreeSet};

use observatory_codegen::pipeline::PlannedDocument;
use observatory_codegen::plan::{FieldEncoding, FieldPlan, ModelKind, ModelPlan, Plan, RustType};

use crate::planned::VENDORS;

/// Returns the names of the types that the document names itself.
fn component_types(plan: &Plan) -> BTreeSet<&str> {
    let names = plan.component_types.iter();
    names.map(|(_, name)| name.as_str()).collect()
}

/// Returns a type as text, with the classes of the types that it refers to.
fn type_text(ty: &RustType, classes: &BTreeMap<&str, usize>) -> String {
    let debug = format!("{ty:?}");
    let parts = debug.split('"').map(|part| match classes.get(part) {
        Some(class) => class.to_string(),
        None => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("\"")
}

/// Returns the sentences of a field's docs that are part of its structure.
fn structural_docs(field: &FieldPlan) -> String {
    let is_structural = |sentence: &&str| {
        ["Default: ", "Format ", "Read-only", "Write-only"]
            .iter()
            .any(|start| sentence.starts_with(start))
    };
    let text = field.docs.join(" ");
    let sentences = text.split(". ").filter(is_structural);
    sentences.collect::<Vec<_>>().join(". ")
}

/// Returns the structure of a type without names.
fn structure(model: &ModelPlan, classes: &BTreeMap<&str, usize>) -> String {
    let mut lines: Vec<String> = match &model.kind {
        ModelKind::Alias(ty) => vec![type_text(ty, classes)],
        ModelKind::Struct { fields, .. } => {
            let fields = fields.iter().map(|field| {
                let name = field.encoding.wire_name().unwrap_or("*").to_owned();
                let value = match &field.encoding {
                    FieldEncoding::Named { .. } | FieldEncoding::Extra => structural_docs(field),
                    fixed => format!("{fixed:?}"),
                };
                format!("{name} {} {value}", type_text(&field.ty, classes))
            });
            let mut fields: Vec<String> = fields.collect();
            fields.sort();
            fields
        }
        ModelKind::Enum { values, .. } => {
            let mut values: Vec<String> = values
                .iter()
                .map(|value| format!("{:?}", value.wire_value))
                .collect();
            values.sort();
            values
        }
        ModelKind::Union { tag, variants, .. } => {
            let variants = variants
                .iter()
                .map(|variant| format!("{:?} {}", variant.tags, type_text(&variant.ty, classes)));
            std::iter::once(format!("{tag:?}"))
                .chain(variants)
                .collect()
        }
    };
    let kind = match &model.kind {
        ModelKind::Alias(_) => "alias",
        ModelKind::Struct { .. } => "struct",
        ModelKind::Enum { .. } => "enum",
        ModelKind::Union { .. } => "union",
    };
    lines.insert(0, kind.to_owned());
    lines.join("\n")
}

/// Returns the names of types of equal structure, with names replaced by classes until nothing changes.
fn equal_types(plan: &Plan) -> Vec<Vec<&str>> {
    let models: Vec<&ModelPlan> = plan.models.iter().flat_map(|file| &file.types).collect();
    let mut classes: BTreeMap<&str, usize> = models
        .iter()
        .map(|model| (model.name.as_str(), 0))
        .collect();
    let mut count = 0;
    loop {
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let next = models.iter().map(|model| {
            let own = classes[model.name.as_str()];
            let key = format!("{own} {}", structure(model, &classes));
            let class = known.len();
            (model.name.as_str(), *known.entry(key).or_insert(class))
        });
        let next: BTreeMap<&str, usize> = next.collect();
        classes = next;
        if known.len() == count {
            break;
        }
        count = known.len();
    }
    let mut members: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (name, class) in classes {
        members.entry(class).or_default().push(name);
    }
    members
        .into_values()
        .filter(|names| names.len() > 1)
        .collect()
}

#[test]
fn inline_types_have_no_copies() {
    for (vendor, PlannedDocument { plan, .. }) in VENDORS.iter() {
        let components = component_types(plan);
        let is_inline = |name: &&&str| !components.contains(**name);
        let copies = equal_types(plan)
            .into_iter()
            .filter(|names| names.iter().filter(is_inline).count() > 1);
        let copies: Vec<Vec<&str>> = copies.collect();
        assert!(copies.is_empty(), "{vendor}: {copies:?}");
    }
}

#[test]
fn names_from_the_generator_have_no_letters_or_framework_words() {
    for (vendor, PlannedDocument { plan, .. }) in VENDORS.iter() {
        let keys = component_types(plan);
        for model in plan.models.iter().flat_map(|file| &file.types) {
            let name = model.name.as_str();
            let words = ["OneOf", "AnyOf", "Inner"];
            assert!(
                !words.iter().any(|word| name.contains(word)),
                "{vendor}: {name}"
            );
            if !keys.contains(name) {
                assert!(name.len() <= 40, "{vendor}: {name}");
            }
        }
    }
}
