//! From what people call a thing to the thing.

use crate::ir::{Operation, Origin, Pointer, Shape, TypeId};
use crate::pipeline::PlannedDocument;
use crate::plan::{MethodPlan, ModelKind, ModelPlan, ResourcePlan, Wire};

/// What can be explained.
#[derive(Clone, Copy)]
pub(super) enum Thing<'a> {
    /// An operation.
    Call(&'a Operation, &'a ResourcePlan, &'a MethodPlan),
    /// A type.
    Type(TypeId, &'a ModelPlan),
    /// A field, a value or a member of a type, by its name in Rust.
    Part(TypeId, &'a ModelPlan, &'a str),
}

/// Everything of that name; several where it names several.
pub(super) fn find<'a>(side: &'a PlannedDocument, what: &str) -> Vec<Thing<'a>> {
    if what.starts_with('#') {
        return at(side, &Pointer(what.to_owned()));
    }
    let rust = what.strip_prefix("models::").unwrap_or(what);
    let (owner, part) = rust
        .split_once("::")
        .map_or((rust, None), |(owner, part)| (owner, Some(part)));
    let mut found: Vec<Thing<'a>> = calls(side).filter(|thing| is_called(thing, what)).collect();
    for (id, plan) in types(side) {
        let raw = match &side.api.types.get(id).origin {
            Origin::Component(key) => key.as_str(),
            Origin::Inline { .. } => "",
        };
        match part {
            None if plan.name == owner || raw == what => found.push(Thing::Type(id, plan)),
            Some(part) if plan.name == owner => {
                let known = parts(plan).into_iter().find(|(name, _)| *name == part);
                found.extend(known.map(|(name, _)| Thing::Part(id, plan, name)));
            }
            _ => {}
        }
    }
    found
}

fn is_called(thing: &Thing<'_>, what: &str) -> bool {
    let Thing::Call(operation, resource, method) = thing else {
        return false;
    };
    let names = [
        format!("{}().{}", resource.module, method.name),
        format!("{} {}", method.method.as_str(), method.path),
        method.name.clone(),
        method.request.clone(),
    ];
    operation.id.as_deref() == Some(what) || names.iter().any(|name| name == what)
}

/// Every operation.
pub(super) fn calls(side: &PlannedDocument) -> impl Iterator<Item = Thing<'_>> {
    side.plan.resources.iter().flat_map(move |resource| {
        let methods = resource.files.iter().flatten();
        methods.filter_map(move |method| {
            let mut operations = side.api.operations.iter();
            let same = |operation: &&Operation| {
                operation.method == method.method && operation.path == method.path
            };
            Some(Thing::Call(operations.find(same)?, resource, method))
        })
    })
}

/// Every type.
pub(super) fn types(side: &PlannedDocument) -> Vec<(TypeId, &ModelPlan)> {
    let plans = side.plan.models.iter().flat_map(|file| &file.types);
    let plans: std::collections::BTreeMap<&str, &ModelPlan> =
        plans.map(|plan| (plan.name.as_str(), plan)).collect();
    let names = side.plan.names.iter();
    names
        .filter_map(|(id, name)| Some((*id, *plans.get(name.as_str())?)))
        .collect()
}

/// The fields, values or members of a type: in Rust, and on the wire where that has a name.
pub(super) fn parts(plan: &ModelPlan) -> Vec<(&str, &str)> {
    match &plan.kind {
        ModelKind::Alias(_) => Vec::new(),
        ModelKind::Struct { fields, .. } => fields
            .iter()
            .map(|field| match &field.wire {
                Wire::Named { name, .. } | Wire::Fixed { name, .. } => {
                    (field.name.as_str(), name.as_str())
                }
                Wire::Extra => (field.name.as_str(), ""),
            })
            .collect(),
        ModelKind::Enum(values, _) => values
            .iter()
            .map(|value| (value.name.as_str(), value.wire.as_str()))
            .collect(),
        ModelKind::Union { variants, .. } => variants
            .iter()
            .map(|variant| (variant.name.as_str(), ""))
            .collect(),
    }
}

/// Where a part of a type stands.
pub(super) fn part_at(side: &PlannedDocument, id: TypeId, plan: &ModelPlan, part: &str) -> Pointer {
    let def = side.api.types.get(id);
    let known = parts(plan);
    let index = known.iter().position(|(name, _)| *name == part);
    let wire = index
        .and_then(|index| known.get(index))
        .map(|(_, wire)| *wire);
    let at = match &def.shape {
        Shape::Struct(object) => {
            let fields = object.fields.iter().map(|field| (&field.wire, &field.at));
            let fixed = object
                .constants
                .iter()
                .map(|fixed| (&fixed.wire, &fixed.at));
            let mut all = fields.chain(fixed);
            all.find(|(known, _)| Some(known.as_str()) == wire)
                .map(|(_, at)| at)
        }
        Shape::Union(union) => index
            .and_then(|index| union.variants.get(index))
            .map(|variant| &variant.at),
        Shape::Alias(_) | Shape::Enum(_) => None,
    };
    at.unwrap_or(&def.at).clone()
}

/// What stands at a place, or nearest around it.
fn at<'a>(side: &'a PlannedDocument, asked: &Pointer) -> Vec<Thing<'a>> {
    let mut places: Vec<(Pointer, Thing<'a>)> = Vec::new();
    for thing in calls(side) {
        if let Thing::Call(operation, ..) = thing {
            places.push((operation.at.clone(), thing));
        }
    }
    for (id, plan) in types(side) {
        places.push((side.api.types.get(id).at.clone(), Thing::Type(id, plan)));
        if matches!(
            plan.kind,
            ModelKind::Struct { .. } | ModelKind::Union { .. }
        ) {
            for (part, _) in parts(plan) {
                places.push((part_at(side, id, plan, part), Thing::Part(id, plan, part)));
            }
        }
    }
    let around = |at: &Pointer| {
        let rest = asked.0.strip_prefix(at.0.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let fits = |at: &Pointer| around(at) || around(&side.moves.original(at));
    places.retain(|(at, _)| fits(at));
    let nearest = places.iter().map(|(at, _)| at.0.len()).max();
    places.retain(|(at, _)| Some(at.0.len()) == nearest);
    // A part that stands where its type stands says nothing of its own.
    if places
        .iter()
        .any(|(_, thing)| matches!(thing, Thing::Type(..)))
        && !asked.0.contains("/properties/")
    {
        places.retain(|(_, thing)| !matches!(thing, Thing::Part(..)));
    }
    places.into_iter().map(|(_, thing)| thing).collect()
}

/// A name that differs from the one asked for in nothing but case and signs, or contains it.
pub(super) fn similar(side: &PlannedDocument, what: &str) -> Option<String> {
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect()
    };
    let wanted = plain(what);
    let names = types(side).into_iter().map(|(_, plan)| plan.name.clone());
    let calls = calls(side).filter_map(|thing| match thing {
        Thing::Call(_, resource, method) => Some(format!("{}().{}", resource.module, method.name)),
        _ => None,
    });
    let all: Vec<String> = names.chain(calls).collect();
    let same = all.iter().find(|name| plain(name) == wanted);
    let close = || {
        all.iter()
            .find(|name| !wanted.is_empty() && plain(name).contains(&wanted))
    };
    same.or_else(close).cloned()
}
