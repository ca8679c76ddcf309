//! Enums: their values and members.

use super::{Effect, Pair, show};
use crate::plan::{ValuePlan, VariantPlan};

pub(super) fn catch_all(pair: &mut Pair<'_, '_>, old: &str, new: &str) {
    if old != new {
        pair.note(
            Effect::Breaking,
            Some(new),
            format!("the catch-all was called `{old}`"),
        );
    }
}

pub(super) fn values(pair: &mut Pair<'_, '_>, old: &[ValuePlan], new: &[ValuePlan]) {
    for a in old {
        match new.iter().find(|b| b.name == a.name) {
            None => pair.note(
                Effect::Breaking,
                Some(&a.name),
                format!("the value `{}` is gone", a.wire),
            ),
            Some(b) if a.wire != b.wire => {
                let what = format!("is `{}` on the wire, no longer `{}`", b.wire, a.wire);
                pair.note(Effect::Wire, Some(&b.name), what);
            }
            Some(_) => {}
        }
    }
    for b in new.iter().filter(|b| !old.iter().any(|a| a.name == b.name)) {
        pair.note(
            Effect::Additive,
            Some(&b.name),
            format!("a new value, `{}`", b.wire),
        );
    }
}

pub(super) fn variants(pair: &mut Pair<'_, '_>, old: &[VariantPlan], new: &[VariantPlan]) {
    for a in old {
        let Some(b) = new.iter().find(|b| b.name == a.name) else {
            pair.note(
                Effect::Breaking,
                Some(&a.name),
                "the member is gone".to_owned(),
            );
            continue;
        };
        if a.ty != b.ty {
            let what = format!("holds {}, no longer {}", show::ty(&b.ty), show::ty(&a.ty));
            pair.note(Effect::Breaking, Some(&b.name), what);
        }
        for tag in a.tags.iter().filter(|tag| !b.tags.contains(tag)) {
            pair.note(
                Effect::Wire,
                Some(&b.name),
                format!("is tagged `{tag}` no longer"),
            );
        }
        for tag in b.tags.iter().filter(|tag| !a.tags.contains(tag)) {
            pair.note(
                Effect::Additive,
                Some(&b.name),
                format!("is tagged `{tag}`, too"),
            );
        }
    }
    for b in new.iter().filter(|b| !old.iter().any(|a| a.name == b.name)) {
        pair.note(Effect::Additive, Some(&b.name), "a new member".to_owned());
    }
}
