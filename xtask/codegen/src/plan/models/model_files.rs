//! Distributes types over files.

use std::collections::BTreeMap;

use super::enums::{plan_enum, plan_union};
use super::model_plan::{ModelFile, ModelKind, ModelPlan};
use super::structs::plan_struct;
use crate::ir::{Origin, Parent, Shape, TypeId};
use crate::plan::casing::split_words;
use crate::plan::context::PlanContext;
use crate::plan::docs;
use crate::plan::features::{Features, TypeLocation};
use crate::plan::scope::Scope;

/// The maximum number of types in a file; a schema with more inline types continues in another file.
const TYPES_PER_FILE: usize = 24;

/// Plans every file of types: one for each component, with its inline types below it.
///
/// An inline type with another feature gets a file of its own.
pub(in crate::plan) fn plan_models(cx: &PlanContext<'_>, features: &Features) -> Vec<ModelFile> {
    let mut groups: BTreeMap<(TypeLocation, TypeId), Vec<TypeId>> = BTreeMap::new();
    for (id, _) in cx.api.types.iter() {
        let Some(location) = features.location(id) else {
            continue;
        };
        let mut root = id;
        while let Some(parent) = parent_type(&cx.api.types.get(root).origin) {
            if features.location(parent) != Some(location) {
                break;
            }
            root = parent;
        }
        groups.entry((location.clone(), root)).or_default().push(id);
    }
    let mut scopes: BTreeMap<String, Scope> = BTreeMap::new();
    let mut files = Vec::new();
    for ((location, _), ids) in groups {
        for ids in ids.chunks(TYPES_PER_FILE) {
            let Some(first) = ids.first() else { continue };
            let scope = scopes
                .entry(location.folder.clone())
                .or_insert_with(|| Scope::snake_case(&["mod", location.folder.as_str()]));
            let module = split_words(cx.type_name(*first));
            files.push(ModelFile {
                folder: location.folder.clone(),
                module: scope.claim([module.clone(), format!("{module} model")]),
                feature: location.feature.clone(),
                at: cx.api.types.get(*first).at.clone(),
                types: ids.iter().map(|id| plan_model(cx, *id)).collect(),
            });
        }
    }
    files
}

fn parent_type(origin: &Origin) -> Option<TypeId> {
    match origin {
        Origin::Inline {
            parent: Parent::Type(id),
            ..
        } => Some(*id),
        Origin::Inline {
            parent: Parent::Operation(_),
            ..
        }
        | Origin::Component(_) => None,
    }
}

fn plan_model(cx: &PlanContext<'_>, id: TypeId) -> ModelPlan {
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
        docs: docs::text_or_else(&def.docs, || docs::name_sentence(&name)),
        name,
        kind,
    }
}
