//! Scores how well a value matches a type: the rules of the runtime for unions without a tag, applied to planned types.

use serde_json::{Map, Value};

use super::model_index::ModelIndex;
use super::samples::{SAMPLE_BASE64, SAMPLE_TIMESTAMP, is_required, to_json, to_literal};
use crate::ir::Literal;
use crate::plan::models::model_plan::{
    EnumValuePlan, FieldEncoding, FieldPlan, ModelKind, VariantPlan,
};
use crate::plan::rust_type::RustType;

/// The nesting that is inspected; the sample values have less.
const MAX_DEPTH: u8 = 16;

/// How many unions inside each other are compared with one value. A chain of unions would take quadratic time otherwise, and
/// the stack.
const MAX_NESTED_UNIONS: u8 = 24;

/// Returns the variants that a value matches and the runtime may choose, each with its score: those that drop only what
/// every other match drops too.
pub(super) fn match_variants<'v>(
    index: &ModelIndex<'_>,
    variants: &'v [VariantPlan],
    value: &Value,
) -> Vec<(&'v VariantPlan, u32)> {
    let candidates = Matcher::new(index).match_variants(variants, value);
    let candidates = candidates.into_iter();
    candidates
        .map(|found| (found.variant, found.score))
        .collect()
}

/// Returns the variant as which the runtime reads a value; `None` if it keeps the value as unknown.
pub(super) fn choose_variant<'v>(
    index: &ModelIndex<'_>,
    variants: &'v [VariantPlan],
    value: &Value,
) -> Option<&'v VariantPlan> {
    let chosen = best_match(Matcher::new(index).match_variants(variants, value))?;
    let (known, _) = Matcher::match_leniently(index, chosen.variant, value)?;
    let has_new_constant = |variant: &VariantPlan| {
        let found = Matcher::match_leniently(index, variant, value);
        found.is_some_and(|(constants, dropped)| {
            let differs = !constants.different.is_empty();
            let mut different = constants.different.iter();
            differs
                && !different.any(|part| known.equal.contains(part))
                && chosen.dropped.iter().any(|part| !dropped.contains(part))
        })
    };
    let is_unknown = !chosen.dropped.is_empty() && variants.iter().any(has_new_constant);
    (!is_unknown).then_some(chosen.variant)
}

/// Returns the highest score of some variants.
pub(super) fn best_score(candidates: &[(&VariantPlan, u32)]) -> Option<u32> {
    candidates.iter().map(|(_, score)| *score).max()
}

/// A variant that matches a value, and what it would drop.
struct VariantMatch<'v> {
    variant: &'v VariantPlan,
    score: u32,
    dropped: Vec<*const Value>,
}

/// Returns the match with the highest score, the first one on a tie.
fn best_match(candidates: Vec<VariantMatch<'_>>) -> Option<VariantMatch<'_>> {
    let candidates = candidates.into_iter();
    candidates.reduce(|best, one| if one.score > best.score { one } else { best })
}

/// Matches one value with one type.
struct Matcher<'i, 'm> {
    index: &'i ModelIndex<'m>,
    /// How many nested objects and lists are still compared.
    depth: u8,
    /// How many unions in the current one are still compared.
    nested_unions: u8,
    /// The parts of the value that the type would not keep.
    dropped: Vec<*const Value>,
    /// If set, a constant matches any value, and is recorded here.
    constants: Option<Constants>,
}

/// The parts of a value that have the place of a constant.
#[derive(Default)]
struct Constants {
    equal: Vec<*const Value>,
    different: Vec<*const Value>,
}

impl<'i, 'm> Matcher<'i, 'm> {
    fn new(index: &'i ModelIndex<'m>) -> Self {
        Self {
            index,
            depth: MAX_DEPTH,
            nested_unions: MAX_NESTED_UNIONS,
            dropped: Vec::new(),
            constants: None,
        }
    }

    /// Matches a value with a variant as if its constants were the value's.
    fn match_leniently(
        index: &'i ModelIndex<'m>,
        variant: &VariantPlan,
        value: &Value,
    ) -> Option<(Constants, Vec<*const Value>)> {
        let mut matcher = Self::new(index);
        matcher.constants = Some(Constants::default());
        matcher.type_score(&variant.ty, value)?;
        Some((matcher.constants.unwrap_or_default(), matcher.dropped))
    }

    fn match_variants<'v>(
        &self,
        variants: &'v [VariantPlan],
        value: &Value,
    ) -> Vec<VariantMatch<'v>> {
        let mut matches = Vec::new();
        for variant in variants {
            let mut matcher = Matcher {
                depth: self.depth,
                nested_unions: self.nested_unions,
                ..Matcher::new(self.index)
            };
            let score = matcher.type_score(&variant.ty, value);
            let dropped = matcher.dropped;
            matches.extend(score.map(|score| VariantMatch {
                variant,
                score,
                dropped,
            }));
        }
        let is_dropped_by_all = |part: &*const Value| {
            let mut all = matches.iter();
            all.all(|other: &VariantMatch<'_>| other.dropped.contains(part))
        };
        let keeps_most: Vec<bool> = matches
            .iter()
            .map(|found| found.dropped.iter().all(is_dropped_by_all))
            .collect();
        let candidates = matches.into_iter().zip(keeps_most);
        let candidates = candidates.filter_map(|(found, keeps_most)| keeps_most.then_some(found));
        candidates.collect()
    }

    fn type_score(&mut self, ty: &RustType, value: &Value) -> Option<u32> {
        if !self.index.steps.spend(1) {
            return None;
        }
        if value.is_null() && matches!(ty, RustType::Option(_) | RustType::Patch(_)) {
            return Some(1);
        }
        let index = self.index;
        let resolved = index.resolve(ty);
        match resolved.kind {
            Some(ModelKind::Struct { fields, .. }) => self.struct_score(fields, value.as_object()?),
            Some(ModelKind::Enum { values, .. }) => {
                let literal = to_literal(value)?;
                let is_same_kind = |known: &EnumValuePlan| {
                    matches!(known.wire_value, Literal::String(_)) == value.is_string()
                };
                let is_known = values.iter().any(|known| known.wire_value == literal);
                values
                    .first()
                    .is_none_or(is_same_kind)
                    .then_some(if is_known { 2 } else { 0 })
            }
            Some(ModelKind::Union { tag, variants, .. }) => {
                let Some(nested_unions) = self.nested_unions.checked_sub(1) else {
                    self.index.has_given_up.set(true);
                    return Some(0);
                };
                self.nested_unions = nested_unions;
                let score = self.union_score(tag.as_deref(), variants, value);
                self.nested_unions = nested_unions + 1;
                score
            }
            Some(ModelKind::Alias(_)) => None,
            None => self.plain_score(resolved.ty, value),
        }
    }

    /// Returns the score of a part of the current value. Parts below the maximum depth always match.
    fn part_score(&mut self, ty: &RustType, value: &Value) -> Option<u32> {
        let Some(depth) = self.depth.checked_sub(1) else {
            return Some(0);
        };
        self.depth = depth;
        let score = self.type_score(ty, value);
        self.depth = depth + 1;
        score
    }

    /// Records that the type drops a value with all its parts.
    fn record_dropped(&mut self, value: &Value) {
        self.dropped.push(value);
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.record_dropped(item)),
            Value::Object(object) => object.values().for_each(|value| self.record_dropped(value)),
            _ => {}
        }
    }

    fn struct_score(
        &mut self,
        fields: &[FieldPlan],
        properties: &Map<String, Value>,
    ) -> Option<u32> {
        let mut score = 1;
        let mut known = 0;
        let mut extra = None;
        for field in fields {
            let Some(name) = field.encoding.wire_name() else {
                extra = Some(&field.ty);
                continue;
            };
            match (properties.get(name), &field.encoding) {
                (Some(actual), FieldEncoding::Fixed { value, .. }) => {
                    known += 1;
                    score += self.constant_score(actual, *actual == to_json(value))?;
                }
                (Some(actual), _) => {
                    known += 1;
                    if actual.is_null() && drops_null(field) {
                        self.record_dropped(actual);
                    }
                    score += 2 + self.part_score(&field.ty, actual)?;
                }
                (None, _) if is_required(field) => return None,
                (None, _) => {}
            }
        }
        if extra.is_none() && self.depth == MAX_DEPTH && known * 2 < properties.len() {
            return None;
        }
        let has_field = |key: &str| {
            let mut names = fields.iter().map(|field| field.encoding.wire_name());
            names.any(|name| name == Some(key))
        };
        for (_, value) in properties.iter().filter(|(key, _)| !has_field(key)) {
            match extra {
                None => self.record_dropped(value),
                Some(RustType::Map(ty)) => score += 1 + self.part_score(ty, value)?,
                Some(_) => {}
            }
        }
        Some(score)
    }

    fn constant_score(&mut self, actual: &Value, is_equal: bool) -> Option<u32> {
        if let Some(constants) = &mut self.constants {
            let parts = match is_equal {
                true => &mut constants.equal,
                false => &mut constants.different,
            };
            parts.push(actual);
        } else if !is_equal {
            return None;
        }
        Some(5)
    }

    fn union_score(
        &mut self,
        tag: Option<&str>,
        variants: &[VariantPlan],
        value: &Value,
    ) -> Option<u32> {
        let Some(tag) = tag else {
            let Some(chosen) = best_match(self.match_variants(variants, value)) else {
                return Some(0);
            };
            self.dropped.extend(chosen.dropped);
            return Some(chosen.score);
        };
        let actual = value.as_object()?.get(tag);
        let is_selected =
            |variant: &&VariantPlan| variant.tags.iter().any(|tag| actual == Some(&to_json(tag)));
        match variants.iter().find(is_selected) {
            Some(variant) => self.type_score(&variant.ty, value).map(|score| score + 4),
            None => Some(0),
        }
    }

    fn tuple_score<'t>(
        &mut self,
        types: impl Iterator<Item = &'t RustType>,
        length: usize,
        value: &Value,
    ) -> Option<u32> {
        let items = value.as_array().filter(|items| items.len() == length)?;
        let scores = types
            .zip(items)
            .map(|(ty, value)| self.part_score(ty, value));
        scores.sum::<Option<u32>>().map(|sum| sum + 1)
    }

    fn plain_score(&mut self, ty: &RustType, value: &Value) -> Option<u32> {
        match ty {
            RustType::Vec(item) => {
                let items = value.as_array()?.iter();
                let scores = items.map(|value| self.part_score(item, value));
                scores.sum::<Option<u32>>().map(|sum| sum + 1)
            }
            RustType::Array(item, length) => {
                let types = std::iter::repeat_n(&**item, *length);
                self.tuple_score(types, *length, value)
            }
            RustType::Tuple(items) => self.tuple_score(items.iter(), items.len(), value),
            RustType::Map(inner) => {
                let values = value.as_object()?.values();
                let scores = values.map(|value| Some(1 + self.part_score(inner, value)?));
                scores.sum::<Option<u32>>().map(|sum| sum + 1)
            }
            RustType::Unit => value.is_null().then_some(1),
            RustType::Runtime("Value") => Some(0),
            RustType::Runtime("Number") | RustType::Builtin("f64") => {
                value.is_number().then_some(1)
            }
            RustType::Builtin("bool") => value.is_boolean().then_some(1),
            RustType::Builtin("i32" | "i64" | "u64") => value.is_i64().then_some(2),
            RustType::Runtime("Timestamp") => value
                .as_str()
                .map(|text| if text == SAMPLE_TIMESTAMP { 2 } else { 0 }),
            RustType::Runtime("Bytes") => {
                value.as_str().map(|text| u32::from(text == SAMPLE_BASE64))
            }
            _ => value.as_str().map(|_| 1),
        }
    }
}

/// Returns whether a field reads null as absent although the document does not allow null.
fn drops_null(field: &FieldPlan) -> bool {
    let RustType::Option(inner) = &field.ty else {
        return false;
    };
    match field.encoding {
        FieldEncoding::Named {
            nullable, lenient, ..
        } => !nullable && !lenient && **inner != RustType::Runtime("Value"),
        FieldEncoding::Fixed { .. } | FieldEncoding::Extra => false,
    }
}
