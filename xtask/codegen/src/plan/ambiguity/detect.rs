//! Finds the ambiguities of all unions.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ambiguous_pair::Ambiguity;
use super::common_value::common_value;
use super::match_score::match_score;
use super::model_index::ModelIndex;
use crate::ir::Pointer;
use crate::plan::docs::ambiguity_docs;
use crate::plan::models::model_plan::{ModelFile, ModelKind, ModelPlan, VariantPlan};

/// Finds all ambiguities and adds them to the documentation of their unions.
pub(in crate::plan) fn document_ambiguities(
    files: &mut [ModelFile],
    pointers: &BTreeMap<&str, &Pointer>,
) -> Vec<Ambiguity> {
    let found = find_ambiguities(files, pointers);
    for union in files.iter_mut().flat_map(|file| &mut file.types) {
        let own = found.iter().filter(|pair| pair.union == union.name);
        let own: Vec<&Ambiguity> = own.collect();
        if !own.is_empty() {
            union.docs.push(ambiguity_docs(&own));
        }
    }
    found
}

/// Returns the variant as which the runtime reads a value of an untagged union; `None` if no variant matches.
pub fn matching_variant<'m>(files: &'m [ModelFile], union: &str, value: &Value) -> Option<&'m str> {
    let index = ModelIndex::from_files(files);
    let Some(ModelKind::Union { variants, .. }) = index.get(union) else {
        return None;
    };
    best_variant(&index, variants, value).map(|variant| variant.name.as_str())
}

fn best_variant<'m>(
    index: &ModelIndex<'m>,
    variants: &'m [VariantPlan],
    value: &Value,
) -> Option<&'m VariantPlan> {
    let mut best: Option<(&VariantPlan, u32)> = None;
    for variant in variants {
        let score = match_score(index, &variant.ty, value);
        if let Some(score) = score.filter(|score| best.is_none_or(|(_, other)| *score > other)) {
            best = Some((variant, score));
        }
    }
    let (variant, _) = best?;
    match index.resolve(&variant.ty).kind {
        // A nested union must have a matching variant itself.
        Some(ModelKind::Union {
            tag: None,
            variants,
            ..
        }) => best_variant(index, variants, value).map(|_| variant),
        _ => Some(variant),
    }
}

fn find_ambiguities(files: &[ModelFile], pointers: &BTreeMap<&str, &Pointer>) -> Vec<Ambiguity> {
    let index = ModelIndex::from_files(files);
    let mut found = Vec::new();
    for model in files.iter().flat_map(|file| &file.types) {
        let at = pointers.get(model.name.as_str());
        if let (
            ModelKind::Union {
                tag: None,
                variants,
                ..
            },
            Some(at),
        ) = (&model.kind, at)
        {
            found.extend(ambiguous_pairs(&index, at, model, variants));
        }
    }
    found
}

fn ambiguous_pairs(
    index: &ModelIndex<'_>,
    at: &Pointer,
    union: &ModelPlan,
    variants: &[VariantPlan],
) -> Vec<Ambiguity> {
    let mut found = Vec::new();
    for (position, first) in variants.iter().enumerate() {
        for second in variants.iter().skip(position + 1) {
            let Some(instance) = common_value(index, &first.ty, &second.ty) else {
                continue;
            };
            // The pair is not ambiguous if a third variant matches better.
            let score = |variant: &VariantPlan| match_score(index, &variant.ty, &instance);
            let best = variants.iter().filter_map(score).max();
            if best.is_some() && score(first) == best && score(second) == best {
                found.push(Ambiguity {
                    union: union.name.clone(),
                    at: at.clone(),
                    read_as: first.name.clone(),
                    also_fits: second.name.clone(),
                    instance,
                });
            }
        }
    }
    found
}
