//! Enums: values of string enums and variants of unions.

use super::super::change::Effect;
use super::super::describe::type_text;
use super::model::ModelPair;
use crate::plan::{EnumValuePlan, VariantPlan};

pub(super) fn compare_catch_all(pair: &mut ModelPair<'_, '_>, old: &str, new: &str) {
    if old != new {
        let description = format!("the catch-all variant was renamed from `{old}`");
        pair.add(Effect::Breaking, Some(new), description);
    }
}

pub(super) fn compare_values(
    pair: &mut ModelPair<'_, '_>,
    old: &[EnumValuePlan],
    new: &[EnumValuePlan],
) {
    for a in old {
        match new.iter().find(|b| b.name == a.name) {
            None => {
                let description = format!("the value `{}` was removed", a.wire_value);
                pair.add(Effect::Breaking, Some(&a.name), description);
            }
            Some(b) if a.wire_value != b.wire_value => {
                let description = format!(
                    "is `{}` on the wire instead of `{}`",
                    b.wire_value, a.wire_value
                );
                pair.add(Effect::Wire, Some(&b.name), description);
            }
            Some(_) => {}
        }
    }
    for b in new.iter().filter(|b| !old.iter().any(|a| a.name == b.name)) {
        let description = format!("new value, `{}`", b.wire_value);
        pair.add_new(&b.name, description);
    }
}

pub(super) fn compare_variants(
    pair: &mut ModelPair<'_, '_>,
    old: &[VariantPlan],
    new: &[VariantPlan],
) {
    for a in old {
        let Some(b) = new.iter().find(|b| b.name == a.name) else {
            let description = "the variant was removed".to_owned();
            pair.add(Effect::Breaking, Some(&a.name), description);
            continue;
        };
        let mut add = |effect, description| pair.add(effect, Some(&b.name), description);
        if a.ty != b.ty {
            let (was, is) = (type_text(&a.ty), type_text(&b.ty));
            add(Effect::Breaking, format!("holds {is} instead of {was}"));
        }
        for tag in a.tags.iter().filter(|tag| !b.tags.contains(tag)) {
            add(Effect::Wire, format!("the tag `{tag}` was removed"));
        }
        for tag in b.tags.iter().filter(|tag| !a.tags.contains(tag)) {
            add(Effect::Additive, format!("new tag, `{tag}`"));
        }
    }
    for b in new.iter().filter(|b| !old.iter().any(|a| a.name == b.name)) {
        pair.add_new(&b.name, "new variant".to_owned());
    }
}
