//! Finds the ambiguities of all unions.

use std::collections::BTreeMap;

use serde_json::Value;

use super::ambiguous_pair::{Ambiguity, IncompleteComparison, UnionComparison};
use super::common_value::common_value;
use super::match_score::{best_score, choose_variant, match_variants};
use super::model_index::ModelIndex;
use crate::ir::Pointer;
use crate::limits::MAX_UNION_STEPS;
use crate::plan::docs::{ambiguity_docs, push_paragraph};
use crate::plan::models::model_plan::{ModelFile, ModelKind, ModelPlan, VariantPlan};

/// Compares the variants of all unions without a tag, and adds the result to their documentation.
pub(in crate::plan) fn document_ambiguities(
    files: &mut [ModelFile],
    pointers: &BTreeMap<&str, &Pointer>,
) -> UnionComparison {
    let found = find_ambiguities(files, pointers);
    let mut by_union: BTreeMap<&str, &UnionAmbiguities> = BTreeMap::new();
    by_union.extend(found.iter().map(|own| (own.union.as_str(), own)));
    for union in files.iter_mut().flat_map(|file| &mut file.types) {
        if let Some(own) = by_union.get(union.name.as_str()) {
            push_paragraph(&mut union.docs, ambiguity_docs(&own.pairs, own.is_complete));
        }
    }
    let incomplete = found.iter().filter(|own| !own.is_complete);
    UnionComparison {
        incomplete: incomplete
            .map(|own| IncompleteComparison {
                union: own.union.clone(),
                at: own.at.clone(),
            })
            .collect(),
        ambiguities: found.into_iter().flat_map(|own| own.pairs).collect(),
    }
}

/// The ambiguities of one union.
struct UnionAmbiguities {
    union: String,
    at: Pointer,
    pairs: Vec<Ambiguity>,
    /// Whether all pairs of variants were compared.
    is_complete: bool,
}

/// Returns the variant as which the runtime reads a value of an untagged union; `None` if no variant matches.
pub fn matching_variant<'m>(index: &ModelIndex<'m>, union: &str, value: &Value) -> Option<&'m str> {
    let Some(ModelKind::Union { variants, .. }) = index.get(union) else {
        return None;
    };
    index.steps.refill(MAX_UNION_STEPS);
    best_variant(index, variants, value).map(|variant| variant.name.as_str())
}

fn best_variant<'m>(
    index: &ModelIndex<'m>,
    variants: &'m [VariantPlan],
    value: &Value,
) -> Option<&'m VariantPlan> {
    let variant = choose_variant(index, variants, value)?;
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

/// Returns the unions that have ambiguities, or whose variants are too many to compare.
fn find_ambiguities(
    files: &[ModelFile],
    pointers: &BTreeMap<&str, &Pointer>,
) -> Vec<UnionAmbiguities> {
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
            index.steps.refill(MAX_UNION_STEPS);
            index.has_given_up.set(false);
            let pairs = ambiguous_pairs(&index, at, model, variants);
            let is_complete = index.steps.spend(0) && !index.has_given_up.get();
            if !(pairs.is_empty() && is_complete) {
                found.push(UnionAmbiguities {
                    union: model.name.clone(),
                    at: (*at).clone(),
                    pairs,
                    is_complete,
                });
            }
        }
    }
    found
}

/// Returns the ambiguous pairs of a union, as far as the budget of `index` lasts.
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
                if !index.steps.spend(0) {
                    return found;
                }
                continue;
            };
            // The pair is not ambiguous if a third variant matches better.
            let candidates = match_variants(index, variants, &instance);
            if !index.steps.spend(0) {
                return found;
            }
            let best = best_score(&candidates);
            let is_best = |variant: &VariantPlan| {
                let same = |(known, _): &&(&VariantPlan, u32)| known.name == variant.name;
                best.is_some() && candidates.iter().find(same).map(|(_, score)| *score) == best
            };
            if is_best(first) && is_best(second) {
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
