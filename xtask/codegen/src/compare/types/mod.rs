//! What travels.

mod choices;
mod structs;

use std::collections::{BTreeMap, BTreeSet};

use self::choices::{catch_all, values, variants};
use self::structs::{model_fields, structs, wire_name};
use super::renames::keeps;
use super::{Area, At, Cx, Effect, show};
use crate::ir::{Shape, TypeDef};
use crate::pipeline::PlannedDocument;
use crate::plan::{ModelKind, ModelPlan};

/// A type: what the document says, what it became, and the resources that it compiles with.
#[derive(Clone)]
struct Model<'a> {
    def: &'a TypeDef,
    plan: &'a ModelPlan,
    features: BTreeSet<&'a str>,
}

fn models(side: &PlannedDocument) -> BTreeMap<&str, Model<'_>> {
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
fn enabling<'a>(side: &'a PlannedDocument, feature: Option<&str>) -> BTreeSet<&'a str> {
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
            let is = |new: &Model<'_>| keeps(&new.plan.was, name) || new.def.at == old.def.at;
            others.find(|(_, new)| is(new))
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
    for old in before.values() {
        names_dropped(cx, old, &after);
    }
    for new in after.values() {
        names_taken_up(cx, new, &before);
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

/// Deprecated names of a type that are gone in their turn, or that another type has now.
fn names_dropped(cx: &mut Cx<'_>, old: &Model<'_>, after: &BTreeMap<&str, Model<'_>>) {
    let name = &old.plan.name;
    for was in &old.plan.was {
        let kept = after.values().find(|new| keeps(&new.plan.was, &was.name));
        let what = match kept {
            Some(new) if new.plan.name == *name || keeps(&new.plan.was, name) => continue,
            Some(new) => format!("is a deprecated name of `{}`, no longer", new.plan.name),
            None if after.contains_key(was.name.as_str()) => {
                "is a type of its own, no longer a deprecated name".to_owned()
            }
            None => "is gone; it was a deprecated name".to_owned(),
        };
        let subject = format!("models::{}", was.name);
        let what = format!("{what} of `{name}`");
        cx.note(
            Area::Type,
            Effect::Breaking,
            &subject,
            At::Old(&old.def.at),
            what,
        );
    }
}

/// Deprecated names that nothing had before.
fn names_taken_up(cx: &mut Cx<'_>, new: &Model<'_>, before: &BTreeMap<&str, Model<'_>>) {
    for was in &new.plan.was {
        let known = before.contains_key(was.name.as_str());
        if !known && !before.values().any(|old| keeps(&old.plan.was, &was.name)) {
            let subject = format!("models::{}", was.name);
            let what = format!("a deprecated name of `{}`", new.plan.name);
            cx.note(
                Area::Type,
                Effect::Additive,
                &subject,
                At::New(&new.def.at),
                what,
            );
        }
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
    if keeps(&new.plan.was, &old.plan.name) {
        let what = format!("was called `{}`; the old name stays for now", old.plan.name);
        pair.note(Effect::Additive, None, what);
    } else if old.plan.name != new.plan.name {
        pair.note(
            Effect::Breaking,
            None,
            format!("was called `{}`", old.plan.name),
        );
    }
    features(&mut pair);
    kinds(&mut pair);
}

/// The resources that a type compiled with and does not any more.
fn features(pair: &mut Pair<'_, '_>) {
    let lost: Vec<&str> = pair
        .old
        .features
        .difference(&pair.new.features)
        .copied()
        .collect();
    let resources = &pair.cx.new.plan.resources;
    let lost: Vec<&str> = lost
        .into_iter()
        .filter(|lost| resources.iter().any(|known| known.feature == *lost))
        .collect();
    if pair.new.features.is_empty() && !pair.old.features.is_empty() {
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
}

/// What a type is, part by part.
fn kinds(pair: &mut Pair<'_, '_>) {
    match (&pair.old.plan.kind, &pair.new.plan.kind) {
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
            structs(pair, *a, *b)
        }
        (ModelKind::Enum(a, other), ModelKind::Enum(b, other_now)) => {
            values(pair, a, b);
            catch_all(pair, other, other_now);
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
            variants(pair, was, is);
            catch_all(pair, other, other_now);
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
