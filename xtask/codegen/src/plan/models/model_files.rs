//! Distributes types over files.

use std::collections::BTreeMap;

use super::enums::{plan_enum, plan_union};
use super::model_plan::{ModelFile, ModelKind, ModelPlan};
use super::structs::plan_struct;
use crate::ir::{Origin, Parent, Shape, TypeId};
use crate::plan::casing::split_words;
use crate::plan::context::PlanContext;
use crate::plan::docs::{self, TypeUses};
use crate::plan::features::{Features, TypeLocation};
use crate::plan::scope::Scope;

/// Plans every file of types: one for each resource, one for the types that no operation uses, and one for each set of
/// resources that share types. A component is followed by its inline types.
pub(in crate::plan) fn plan_models(
    cx: &PlanContext<'_>,
    features: &Features,
    uses: &TypeUses,
) -> Vec<ModelFile> {
    let mut groups: BTreeMap<&TypeLocation, Vec<(TypeId, TypeId)>> = BTreeMap::new();
    for (id, _) in cx.api.types.iter() {
        if let Some(location) = features.location(id) {
            let root = root_type(cx, features, location, id);
            groups.entry(location).or_default().push((root, id));
        }
    }
    let mut modules = Scope::modules(&["mod"]);
    let mut files = Vec::new();
    for (location, mut types) in groups {
        types.sort();
        let Some((_, first)) = types.first() else {
            continue;
        };
        files.push(ModelFile {
            folder: location.folder.clone(),
            module: location
                .feature
                .as_deref()
                .filter(|_| location.is_shared())
                .map(|feature| {
                    let words = split_words(feature);
                    modules.claim([words.clone(), format!("{words} types")])
                }),
            feature: location.feature.clone(),
            shown_features: features.resources_of(location.feature.as_deref()),
            at: cx.api.types.get(*first).at.clone(),
            types: types
                .iter()
                .map(|(_, id)| {
                    let link =
                        |other| link_to_type(cx, other, features.location(other) == Some(location));
                    plan_model(cx, *id, uses.sentence(*id, link))
                })
                .collect(),
        });
    }
    files
}

/// Returns the outermost type in the same file that contains a type.
fn root_type(
    cx: &PlanContext<'_>,
    features: &Features,
    location: &TypeLocation,
    id: TypeId,
) -> TypeId {
    let mut root = id;
    while let Some(parent) = parent_type(&cx.api.types.get(root).origin) {
        let parent = cx.api.types.resolve(parent);
        if parent >= root || features.location(parent) != Some(location) {
            break;
        }
        root = parent;
    }
    root
}

fn parent_type(origin: &Origin) -> Option<TypeId> {
    match origin {
        Origin::Inline {
            parent: Parent::Type(id),
            ..
        } => Some(*id),
        Origin::Inline {
            parent: Parent::Operation(_) | Parent::Payload(_),
            ..
        }
        | Origin::Component(_) => None,
    }
}

/// Returns a link to a type. With its module in another file, because rustdoc warns of a target for a name that is
/// imported there.
fn link_to_type(cx: &PlanContext<'_>, id: TypeId, is_in_same_file: bool) -> String {
    let name = cx.type_name(id);
    match is_in_same_file {
        true => format!("[`{name}`]"),
        false => format!("[`models::{name}`](crate::models::{name})"),
    }
}

/// Plans a type; `usage` is a sentence about where it is used.
fn plan_model(cx: &PlanContext<'_>, id: TypeId, usage: Option<String>) -> ModelPlan {
    let def = cx.api.types.get(id);
    let name = cx.type_name(id).to_owned();
    let kind = match &def.shape {
        Shape::Alias(ty) => ModelKind::Alias(cx.rust_type(ty)),
        Shape::Struct(object) => plan_struct(cx, id, def, object),
        Shape::Enum(values) => plan_enum(cx, id, values),
        Shape::Union(union) => plan_union(cx, id, &name, union),
    };
    let previous_names = cx.previous_type_names.get(&id);
    ModelPlan {
        previous_names: previous_names.cloned().unwrap_or_default(),
        docs: docs::type_docs(def, usage),
        deprecated: docs::deprecation_note(&def.docs),
        name,
        kind,
    }
}
