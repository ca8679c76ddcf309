//! What travels.

use std::collections::{BTreeMap, BTreeSet};

use super::{Area, At, Cx, Effect, show};
use crate::ir::{Field, Shape, TypeDef};
use crate::pipeline::Understood;
use crate::plan::{FieldPlan, ModelKind, ModelPlan, RustType, ValuePlan, VariantPlan, Wire};

/// A type: what the document says, what it became, and the resources that it compiles with.
#[derive(Clone)]
struct Model<'a> {
    def: &'a TypeDef,
    plan: &'a ModelPlan,
    features: BTreeSet<&'a str>,
}

fn models(side: &Understood) -> BTreeMap<&str, Model<'_>> {
    let ids: BTreeMap<&str, _> = side
        .plan
        .names
        .iter()
        .map(|(id, name)| (name.as_str(), *id))
        .collect();
    let mut models = BTreeMap::new();
    for file in &side.plan.models {
        let features = enabling(side, file.feature.as_deref());
        for plan in &file.types {
            if let Some(id) = ids.get(plan.name.as_str()) {
                let def = side.api.types.get(*id);
                let features = features.clone();
                models.insert(
                    plan.name.as_str(),
                    Model {
                        def,
                        plan,
                        features,
                    },
                );
            }
        }
    }
    models
}

/// The resources that a type compiles with; none where only `extra-types` brings it.
fn enabling<'a>(side: &'a Understood, feature: Option<&str>) -> BTreeSet<&'a str> {
    let resources = side
        .plan
        .resources
        .iter()
        .map(|resource| resource.feature.as_str());
    let enables = |resource: &&str| {
        let mut known = side
            .plan
            .features
            .iter()
            .filter(|(name, _)| name == resource);
        feature.is_none_or(|feature| {
            feature == *resource
                || known.any(|(_, enabled)| enabled.iter().any(|name| name == feature))
        })
    };
    resources.filter(enables).collect()
}

pub(super) fn compare(cx: &mut Cx<'_>) {
    let (before, after) = (models(cx.old), models(cx.new));
    let mut known: BTreeSet<&str> = BTreeSet::new();
    for (name, old) in &before {
        // One that stands where it stood, under a name that is new, was renamed.
        let renamed = || {
            let mut others = after
                .iter()
                .filter(|(other, _)| !before.contains_key(*other));
            others.find(|(_, new)| new.def.at == old.def.at)
        };
        match after.get_key_value(name).or_else(renamed) {
            Some((name, new)) => {
                known.insert(name);
                pair(cx, old, new);
            }
            None => {
                let subject = format!("models::{name}");
                cx.note(
                    Area::Type,
                    Effect::Breaking,
                    &subject,
                    At::Old(&old.def.at),
                    "the type is gone".to_owned(),
                );
            }
        }
    }
    for (name, new) in after.iter().filter(|(name, _)| !known.contains(*name)) {
        let subject = format!("models::{name}");
        cx.note(
            Area::Type,
            Effect::Additive,
            &subject,
            At::New(&new.def.at),
            "a new type".to_owned(),
        );
    }
}

/// One type in both versions, and where what is found is noted.
struct Pair<'p, 'a> {
    cx: &'p mut Cx<'a>,
    old: &'p Model<'p>,
    new: &'p Model<'p>,
}

impl Pair<'_, '_> {
    fn note(&mut self, effect: Effect, part: Option<&str>, what: String) {
        let name = &self.new.plan.name;
        let subject = match part {
            Some(part) => format!("models::{name}::{part}"),
            None => format!("models::{name}"),
        };
        let field = |model: &Model<'_>| {
            let Shape::Struct(object) = &model.def.shape else {
                return None;
            };
            let mut fields = model_fields(model).iter();
            let wire = fields
                .find(|field| Some(field.name.as_str()) == part)
                .and_then(wire_name)?
                .to_owned();
            let fields = object.fields.iter().map(|field| (&field.wire, &field.at));
            let constants = object
                .constants
                .iter()
                .map(|fixed| (&fixed.wire, &fixed.at));
            fields
                .chain(constants)
                .find(|(known, _)| **known == wire)
                .map(|(_, at)| at.clone())
        };
        match (field(self.new), field(self.old)) {
            (Some(at), _) => self
                .cx
                .note(Area::Type, effect, &subject, At::New(&at), what),
            (None, Some(at)) => self
                .cx
                .note(Area::Type, effect, &subject, At::Old(&at), what),
            (None, None) => self.cx.note(
                Area::Type,
                effect,
                &subject,
                At::New(&self.new.def.at),
                what,
            ),
        }
    }
}

fn pair(cx: &mut Cx<'_>, old: &Model<'_>, new: &Model<'_>) {
    let mut pair = Pair { cx, old, new };
    if old.plan.name != new.plan.name {
        pair.note(
            Effect::Breaking,
            None,
            format!("was called `{}`", old.plan.name),
        );
    }
    let lost: Vec<&str> = old.features.difference(&new.features).copied().collect();
    let resources = &pair.cx.new.plan.resources;
    let lost: Vec<&str> = lost
        .into_iter()
        .filter(|lost| resources.iter().any(|known| known.feature == *lost))
        .collect();
    if new.features.is_empty() && !old.features.is_empty() {
        let what =
            "no operation reaches it any more: it needs the feature `extra-types`".to_owned();
        pair.note(Effect::Breaking, None, what);
    } else if !lost.is_empty() {
        let what = format!(
            "compiles no longer with the feature `{}` alone",
            lost.join("`, `")
        );
        pair.note(Effect::Breaking, None, what);
    }
    match (&old.plan.kind, &new.plan.kind) {
        (ModelKind::Alias(a), ModelKind::Alias(b)) => {
            if a != b {
                pair.note(
                    Effect::Breaking,
                    None,
                    format!("is {}, no longer {}", show::ty(b), show::ty(a)),
                );
            }
        }
        (ModelKind::Struct { made: a, .. }, ModelKind::Struct { made: b, .. }) => {
            structs(&mut pair, *a, *b)
        }
        (ModelKind::Enum(a, other), ModelKind::Enum(b, other_now)) => {
            values(&mut pair, a, b);
            catch_all(&mut pair, other, other_now);
        }
        (
            ModelKind::Union {
                tag: a,
                variants: was,
                other,
            },
            ModelKind::Union {
                tag: b,
                variants: is,
                other: other_now,
            },
        ) => {
            if a != b {
                let by = |tag: &Option<String>| {
                    tag.as_ref()
                        .map_or("its shape".to_owned(), |tag| format!("`{tag}`"))
                };
                pair.note(
                    Effect::Wire,
                    None,
                    format!("is told by {}, no longer by {}", by(b), by(a)),
                );
            }
            variants(&mut pair, was, is);
            catch_all(&mut pair, other, other_now);
        }
        (a, b) => pair.note(
            Effect::Breaking,
            None,
            format!("is {}, no longer {}", kind(b), kind(a)),
        ),
    }
}

fn kind(kind: &ModelKind) -> String {
    match kind {
        ModelKind::Alias(ty) => format!("another name for {}", show::ty(ty)),
        ModelKind::Struct { .. } => "a struct".to_owned(),
        ModelKind::Enum(..) => "an enum of strings".to_owned(),
        ModelKind::Union { .. } => "an enum of types".to_owned(),
    }
}

fn catch_all(pair: &mut Pair<'_, '_>, old: &str, new: &str) {
    if old != new {
        pair.note(
            Effect::Breaking,
            Some(new),
            format!("the catch-all was called `{old}`"),
        );
    }
}

fn values(pair: &mut Pair<'_, '_>, old: &[ValuePlan], new: &[ValuePlan]) {
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

fn variants(pair: &mut Pair<'_, '_>, old: &[VariantPlan], new: &[VariantPlan]) {
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

fn model_fields<'m>(model: &Model<'m>) -> &'m [FieldPlan] {
    match &model.plan.kind {
        ModelKind::Struct { fields, .. } => fields,
        _ => &[],
    }
}

fn wire_name(field: &FieldPlan) -> Option<&str> {
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

fn structs(pair: &mut Pair<'_, '_>, was_made: bool, is_made: bool) {
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
    let order = |fields: &[FieldPlan]| -> Vec<String> {
        fields
            .iter()
            .filter(|field| is_taken(field))
            .map(|field| field.name.clone())
            .collect()
    };
    let (before, after) = (order(old), order(new));
    let sorted: fn(&[String]) -> BTreeSet<&String> = |names| names.iter().collect();
    if was_made && is_made && before != after && sorted(&before) == sorted(&after) {
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
