//! Copies: types of equal structure under several names, in all generated crates.

use std::collections::{BTreeMap, BTreeSet};

use observatory_codegen::config::Config;
use observatory_codegen::plan::{FieldEncoding, FieldPlan, ModelKind, ModelPlan, Plan, RustType};
use observatory_codegen::{Generator, Input};

use crate::planned::{PlannedVendor, VENDORS};

/// Returns the names of the types that the document names itself.
fn component_types(plan: &Plan) -> BTreeSet<&str> {
    let names = plan.component_types.iter();
    names.map(|(_, name)| name.as_str()).collect()
}

/// The structure of a type without names.
struct Structure<'i> {
    text: String,
    /// The types that it refers to, in the order of the text, by their index.
    references: Vec<usize>,
    indexes: &'i BTreeMap<&'i str, usize>,
}

impl Structure<'_> {
    fn push(&mut self, part: &str) {
        self.text.push_str(part);
        self.text.push(' ');
    }

    fn push_type(&mut self, ty: &RustType) {
        let debug = format!("{ty:?}");
        for part in debug.split('"') {
            match self.indexes.get(part) {
                Some(index) => self.references.push(*index),
                None => self.push(part),
            }
        }
    }
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

/// Returns the structure of a type. `indexes` are those of all types by name.
fn structure<'i>(model: &ModelPlan, indexes: &'i BTreeMap<&'i str, usize>) -> Structure<'i> {
    let mut structure = Structure {
        text: String::new(),
        references: Vec::new(),
        indexes,
    };
    match &model.kind {
        ModelKind::Alias(ty) => {
            structure.push("alias");
            structure.push_type(ty);
        }
        ModelKind::Struct { fields, .. } => {
            structure.push("struct");
            let mut fields: Vec<&FieldPlan> = fields.iter().collect();
            fields.sort_by_key(|field| field.encoding.wire_name());
            for field in fields {
                structure.push(field.encoding.wire_name().unwrap_or("*"));
                structure.push_type(&field.ty);
                match &field.encoding {
                    FieldEncoding::Named { .. } | FieldEncoding::Extra => {
                        structure.push(&structural_docs(field));
                    }
                    fixed => structure.push(&format!("{fixed:?}")),
                }
            }
        }
        ModelKind::Enum { values, .. } => {
            structure.push("enum");
            let values = values.iter().map(|value| format!("{:?}", value.wire_value));
            let values: BTreeSet<String> = values.collect();
            values.iter().for_each(|value| structure.push(value));
        }
        ModelKind::Union { tag, variants, .. } => {
            structure.push(&format!("union {tag:?}"));
            for variant in variants {
                structure.push(&format!("{:?}", variant.tags));
                structure.push_type(&variant.ty);
            }
        }
    }
    structure
}

/// Returns the classes of types of equal structure. Types that refer to different types are in different classes.
fn equal_types(plan: &Plan) -> Vec<Vec<&str>> {
    let models: Vec<&ModelPlan> = plan.models.iter().flat_map(|file| &file.types).collect();
    let indexes = models.iter().enumerate();
    let indexes: BTreeMap<&str, usize> = indexes
        .map(|(index, model)| (model.name.as_str(), index))
        .collect();
    let structures = models.iter().map(|model| structure(model, &indexes));
    let structures: Vec<Structure<'_>> = structures.collect();
    let (mut classes, mut count) = number_keys(structures.iter().map(|own| &own.text));
    loop {
        let keys = structures.iter().zip(&classes).map(|(own, class)| {
            let references = own.references.iter().map(|index| classes[*index]);
            (*class, references.collect::<Vec<usize>>())
        });
        let (next, next_count) = number_keys(keys);
        classes = next;
        if next_count == count {
            break;
        }
        count = next_count;
    }
    let mut members: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for (model, class) in models.iter().zip(classes) {
        members.entry(class).or_default().push(&model.name);
    }
    members
        .into_values()
        .filter(|names| names.len() > 1)
        .collect()
}

/// Numbers keys, equal keys alike. Returns the number of each key, and how many different keys there are.
fn number_keys<K: Ord>(keys: impl Iterator<Item = K>) -> (Vec<usize>, usize) {
    let mut numbers = BTreeMap::new();
    let numbered = keys.map(|key| {
        let next = numbers.len();
        *numbers.entry(key).or_insert(next)
    });
    let numbered: Vec<usize> = numbered.collect();
    (numbered, numbers.len())
}

#[test]
fn finds_types_of_equal_structure() {
    let schemas = "
    A: {type: object, properties: {x: {$ref: '#/components/schemas/B'}, y: {type: string, enum: [k]}}}
    B: {type: object, properties: {z: {type: integer, default: 1}}}
    C: {type: object, properties: {y: {type: string, enum: [k]}, x: {$ref: '#/components/schemas/D'}}}
    D: {type: object, properties: {z: {type: integer, default: 1}}}
    E: {type: object, properties: {z: {type: integer, default: 2}}}
    F: {type: object, properties: {x: {$ref: '#/components/schemas/E'}, y: {type: string, enum: [k]}}}
";
    let document = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:{schemas}"
    );
    let generator = Generator::new(Config::default());
    let plan = generator
        .plan(Input::text("copies.yaml", document))
        .unwrap()
        .plan;
    assert_eq!(equal_types(&plan), [["A", "C"], ["B", "D"]]);
}

#[test]
fn inline_types_have_no_copies() {
    for PlannedVendor { folder, output, .. } in VENDORS.iter() {
        let (vendor, plan) = (&folder.name, &output.plan);
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
    for PlannedVendor { folder, output, .. } in VENDORS.iter() {
        let (vendor, plan) = (&folder.name, &output.plan);
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
