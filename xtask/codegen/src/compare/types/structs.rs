//! Structs and their fields.

use std::collections::BTreeSet;

use super::{Effect, Model, Pair, show};
use crate::ir::{Field, Shape};
use crate::plan::{FieldPlan, ModelKind, RustType, Wire};

pub(super) fn model_fields<'m>(model: &Model<'m>) -> &'m [FieldPlan] {
    match &model.plan.kind {
        ModelKind::Struct { fields, .. } => fields,
        _ => &[],
    }
}

pub(super) fn wire_name(field: &FieldPlan) -> Option<&str> {
    match &field.wire {
        Wire::Named { name, .. } | Wire::Fixed { name, .. } => Some(name),
        Wire::Extra => None,
    }
}

/// Whether the constructor takes it.
fn is_taken(field: &FieldPlan) -> bool {
    let optional = matches!(field.ty, RustType::Option(_) | RustType::Patch(_));
    let nullable = matches!(field.wire, Wire::Named { nullable: true, .. });
    matches!(field.wire, Wire::Named { .. }) && (!optional || nullable)
}

pub(super) fn structs(pair: &mut Pair<'_, '_>, was_made: bool, is_made: bool) {
    let (old, new) = (model_fields(pair.old), model_fields(pair.new));
    if was_made && !is_made {
        let what = "only ever comes from the server now: `new` and the setters are gone".to_owned();
        pair.note(Effect::Breaking, None, what);
    } else if is_made && !was_made {
        pair.note(
            Effect::Additive,
            None,
            "can be made, with `new` and setters".to_owned(),
        );
    }
    for a in old {
        match new.iter().find(|b| b.name == a.name) {
            None => pair.note(
                Effect::Breaking,
                Some(&a.name),
                "the field is gone".to_owned(),
            ),
            Some(b) => field(pair, a, b, was_made && is_made),
        }
    }
    for b in new.iter().filter(|b| !old.iter().any(|a| a.name == b.name)) {
        // A struct that callers make, they may make without `new`.
        match (was_made && is_made, is_taken(b)) {
            (true, true) => {
                let what = format!("a new field that `new` takes, {}", show::ty(&b.ty));
                pair.note(Effect::Breaking, Some(&b.name), what);
            }
            _ => {
                let what = format!("a new field, {}", show::ty(&b.ty));
                pair.note(Effect::Additive, Some(&b.name), what);
            }
        }
    }
    if was_made && is_made {
        order(pair);
    }
}

/// The order of what `new` takes, where nothing else differs.
fn order(pair: &mut Pair<'_, '_>) {
    let (old, new) = (model_fields(pair.old), model_fields(pair.new));
    let order = |fields: &[FieldPlan]| -> Vec<String> {
        fields
            .iter()
            .filter(|field| is_taken(field))
            .map(|field| field.name.clone())
            .collect()
    };
    let (before, after) = (order(old), order(new));
    let sorted: fn(&[String]) -> BTreeSet<&String> = |names| names.iter().collect();
    if before != after && sorted(&before) == sorted(&after) {
        let what = format!(
            "`new` takes its arguments in another order: {}",
            after.join(", ")
        );
        pair.note(Effect::Breaking, None, what);
    }
}

fn field(pair: &mut Pair<'_, '_>, a: &FieldPlan, b: &FieldPlan, made: bool) {
    let part = Some(b.name.as_str());
    if a.ty != b.ty || is_taken(a) != is_taken(b) && made {
        let (is, was) = (show::ty(&b.ty), show::ty(&a.ty));
        let why = match (is_taken(a), is_taken(b)) {
            (true, false) => ": it need not be there any more",
            (false, true) => ": it must be there now",
            _ => "",
        };
        pair.note(
            Effect::Breaking,
            part,
            format!("is {is}, no longer {was}{why}"),
        );
    } else if a.wire != b.wire {
        pair.note(Effect::Wire, part, wire(&a.wire, &b.wire));
    }
    let said = |model: &Model<'_>, plan: &FieldPlan| -> Option<Field> {
        let Shape::Struct(object) = &model.def.shape else {
            return None;
        };
        let wire = wire_name(plan)?;
        object
            .fields
            .iter()
            .find(|field| field.wire == wire)
            .cloned()
    };
    let (Some(before), Some(after)) = (said(pair.old, a), said(pair.new, b)) else {
        return;
    };
    if before.default != after.default {
        let value = |field: &Field| {
            field
                .default
                .as_ref()
                .map_or("none".to_owned(), ToString::to_string)
        };
        let what = format!(
            "its default is {}, no longer {}",
            value(&after),
            value(&before)
        );
        pair.note(Effect::Wire, part, what);
    }
    if before.limits != after.limits && !after.limits.is_empty() && pair.new.def.usage.request {
        pair.note(
            Effect::Wire,
            part,
            format!("its limits: {}", after.limits.join(", ")),
        );
    }
}

/// What is different about how a field travels that looks the same.
fn wire(a: &Wire, b: &Wire) -> String {
    match (a, b) {
        (Wire::Fixed { value: a, .. }, Wire::Fixed { value: b, .. }) if a != b => {
            format!(
                "is always {}, no longer {}",
                show::literal(b),
                show::literal(a)
            )
        }
        (
            Wire::Named { name: a, .. } | Wire::Fixed { name: a, .. },
            Wire::Named { name: b, .. } | Wire::Fixed { name: b, .. },
        ) if a != b => {
            format!("is `{b}` on the wire, no longer `{a}`")
        }
        (
            Wire::Named { nullable: true, .. },
            Wire::Named {
                nullable: false, ..
            },
        ) => "`None` is left out, no longer sent as null".to_owned(),
        (
            Wire::Named {
                nullable: false, ..
            },
            Wire::Named { nullable: true, .. },
        ) => "`None` is sent as null, no longer left out".to_owned(),
        _ => "may be absent, or may not be any more".to_owned(),
    }
}
