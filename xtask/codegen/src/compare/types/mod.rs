//! Types: their names, features, and members.

mod enums;
mod model;
mod structs;

use std::collections::{BTreeMap, BTreeSet};

use enums::{compare_catch_all, compare_values, compare_variants};
use model::{Model, ModelPair, models};
use structs::compare_structs;

use super::change::{Area, Effect};
use super::comparison::{At, Comparison};
use super::describe::type_text;
use super::renames::has_previous_name;
use crate::ir::EnumType;
use crate::plan::ModelKind;

pub(super) fn compare_types(comparison: &mut Comparison<'_>) {
    let (before, after) = (models(comparison.old), models(comparison.new));
    let mut matched: BTreeSet<&str> = BTreeSet::new();
    for (name, old) in &before {
        // A new name at the same location, or a name that is kept as an alias, is a rename.
        let renamed = || {
            let mut others = after
                .iter()
                .filter(|(other, _)| !before.contains_key(*other));
            others.find(|(_, new)| {
                has_previous_name(&new.plan.previous_names, name) || new.def.at == old.def.at
            })
        };
        match after.get_key_value(name).or_else(renamed) {
            Some((name, new)) => {
                matched.insert(name);
                compare_models(comparison, old, new);
            }
            None => {
                let (subject, at) = (format!("models::{name}"), At::Old(&old.def.at));
                let description = "the type was removed".to_owned();
                comparison.add(Area::Type, Effect::Breaking, &subject, at, description);
            }
        }
    }
    for old in before.values() {
        find_removed_aliases(comparison, old, &after);
    }
    for new in after.values() {
        find_new_aliases(comparison, new, &before);
    }
    for (name, new) in after.iter().filter(|(name, _)| !matched.contains(*name)) {
        let (subject, at) = (format!("models::{name}"), At::New(&new.def.at));
        let description = "new type".to_owned();
        comparison.add_new(Area::Type, &subject, at, description);
    }
}

/// Reports deprecated names of a type that were removed, or that name another type now.
fn find_removed_aliases(
    comparison: &mut Comparison<'_>,
    old: &Model<'_>,
    after: &BTreeMap<&str, Model<'_>>,
) {
    let name = &old.plan.name;
    for previous in &old.plan.previous_names {
        let previous = &previous.name;
        let kept = after
            .values()
            .find(|new| has_previous_name(&new.plan.previous_names, previous));
        let description = match kept {
            Some(new)
                if new.plan.name == *name || has_previous_name(&new.plan.previous_names, name) =>
            {
                continue;
            }
            Some(new) => {
                let now = &new.plan.name;
                format!("is a deprecated name of `{now}` instead of `{name}`")
            }
            None if after.contains_key(previous.as_str()) => {
                format!("is a separate type instead of a deprecated name of `{name}`")
            }
            None => format!("the deprecated name of `{name}` was removed"),
        };
        let (subject, at) = (format!("models::{previous}"), At::Old(&old.def.at));
        comparison.add(Area::Type, Effect::Breaking, &subject, at, description);
    }
}

/// Reports deprecated names that did not exist before.
fn find_new_aliases(
    comparison: &mut Comparison<'_>,
    new: &Model<'_>,
    before: &BTreeMap<&str, Model<'_>>,
) {
    for previous in &new.plan.previous_names {
        let previous = &previous.name;
        let is_known = before.contains_key(previous.as_str())
            || before
                .values()
                .any(|old| has_previous_name(&old.plan.previous_names, previous));
        if !is_known {
            let (subject, at) = (format!("models::{previous}"), At::New(&new.def.at));
            let description = format!("new deprecated name of `{}`", new.plan.name);
            comparison.add(Area::Type, Effect::Additive, &subject, at, description);
        }
    }
}

fn compare_models(comparison: &mut Comparison<'_>, old: &Model<'_>, new: &Model<'_>) {
    let mut pair = ModelPair {
        comparison,
        old,
        new,
    };
    let was = &old.plan.name;
    if has_previous_name(&new.plan.previous_names, was) {
        let description = format!("renamed from `{was}`, which is deprecated");
        pair.add(Effect::Additive, None, description);
    } else if new.plan.name != *was {
        pair.add(Effect::Breaking, None, format!("renamed from `{was}`"));
    }
    compare_features(&mut pair);
    compare_kinds(&mut pair);
}

/// Reports resources whose feature no longer enables the type.
fn compare_features(pair: &mut ModelPair<'_, '_>) {
    let removed = pair.old.features.difference(&pair.new.features);
    let resources = &pair.comparison.new.plan.resources;
    // Features of removed resources are reported with their operations.
    let removed = removed.filter(|feature| resources.iter().any(|r| r.feature == **feature));
    let removed: Vec<&str> = removed.copied().collect();
    if pair.new.features.is_empty() && !pair.old.features.is_empty() {
        let description =
            "no operation uses it any longer: it needs the feature `extra-types`".to_owned();
        pair.add(Effect::Breaking, None, description);
    } else if !removed.is_empty() {
        let features = removed.join("`, `");
        let description = format!("the feature `{features}` alone no longer enables it");
        pair.add(Effect::Breaking, None, description);
    }
}

/// Compares the kinds of types, and the members of types of the same kind.
fn compare_kinds(pair: &mut ModelPair<'_, '_>) {
    match (&pair.old.plan.kind, &pair.new.plan.kind) {
        (ModelKind::Alias(a), ModelKind::Alias(b)) => {
            if a != b {
                let (was, is) = (type_text(a), type_text(b));
                pair.add(Effect::Breaking, None, format!("is {is} instead of {was}"));
            }
        }
        (
            ModelKind::Struct {
                has_constructor: a, ..
            },
            ModelKind::Struct {
                has_constructor: b, ..
            },
        ) => {
            compare_structs(pair, *a, *b);
        }
        (
            ModelKind::Enum {
                ty: old_ty,
                values: a,
                fallback: old_other,
            },
            ModelKind::Enum {
                ty: new_ty,
                values: b,
                fallback: new_other,
            },
        ) => {
            if old_ty != new_ty {
                let (was, is) = (enum_text(*old_ty), enum_text(*new_ty));
                pair.add(Effect::Breaking, None, format!("is {is} instead of {was}"));
            }
            compare_values(pair, a, b);
            compare_catch_all(pair, old_other, new_other);
        }
        (
            ModelKind::Union {
                tag: old_tag,
                variants: old_variants,
                fallback: old_other,
            },
            ModelKind::Union {
                tag: new_tag,
                variants: new_variants,
                fallback: new_other,
            },
        ) => {
            if old_tag != new_tag {
                let selector = |tag: &Option<String>| match tag {
                    Some(tag) => format!("`{tag}`"),
                    None => "its shape".to_owned(),
                };
                let (was, is) = (selector(old_tag), selector(new_tag));
                let description = format!("the variant is chosen by {is} instead of {was}");
                pair.add(Effect::Wire, None, description);
            }
            compare_variants(pair, old_variants, new_variants);
            compare_catch_all(pair, old_other, new_other);
        }
        (a, b) => {
            let (was, is) = (kind_text(a), kind_text(b));
            pair.add(Effect::Breaking, None, format!("is {is} instead of {was}"));
        }
    }
}

fn kind_text(kind: &ModelKind) -> String {
    match kind {
        ModelKind::Alias(ty) => format!("an alias of {}", type_text(ty)),
        ModelKind::Struct { .. } => "a struct".to_owned(),
        ModelKind::Enum { ty, .. } => enum_text(*ty).to_owned(),
        ModelKind::Union { .. } => "a union".to_owned(),
    }
}

fn enum_text(ty: EnumType) -> &'static str {
    match ty {
        EnumType::String => "a string enum",
        EnumType::I64 => "an integer enum",
        EnumType::I128 => "an enum of large integers",
    }
}
