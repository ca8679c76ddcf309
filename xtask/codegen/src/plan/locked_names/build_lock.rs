//! Builds the next `names.lock` from a plan.

use std::collections::BTreeMap;

use super::matching::LockedNames;
use super::member_key::{BODY_KEY, param_key};
use crate::ir::{Api, Pointer, TypeId};
use crate::lock::{Members, NamesLock, OperationNames, ResourceNames, TypeNames};
use crate::plan::casing::comparison_key;
use crate::plan::models::model_plan::{FieldEncoding, ModelFile, ModelKind, ModelPlan};
use crate::plan::operations::operation_plan::{MethodPlan, OutputPlan, ResourcePlan};

/// The parts of a plan whose names are locked.
pub(in crate::plan) struct PlannedNames<'p> {
    pub api: &'p Api,
    pub resources: &'p [ResourcePlan],
    pub models: &'p [ModelFile],
    pub type_names: &'p BTreeMap<TypeId, String>,
}

/// Returns the lock with all names of a plan.
pub(in crate::plan) fn build_lock(locked: &LockedNames<'_>, plan: &PlannedNames<'_>) -> NamesLock {
    let mut lock = NamesLock::default();
    let operations = plan.api.operations.iter();
    let ids: BTreeMap<&Pointer, Option<&String>> = operations
        .map(|operation| (&operation.at, operation.id.as_ref()))
        .collect();
    for resource in plan.resources {
        let names = ResourceNames {
            feature: resource.feature.clone(),
            module: resource.module.clone(),
            handle: resource.handle.clone(),
        };
        lock.resources.insert(comparison_key(&resource.tag), names);
        for method in &resource.methods {
            let id = ids.get(&method.at).copied().flatten();
            lock.operations
                .insert(method.at.0.clone(), operation_names(id, method));
        }
    }
    let models = plan.models.iter().flat_map(|file| &file.types);
    let models: BTreeMap<&str, &ModelPlan> = models.map(|m| (m.name.as_str(), m)).collect();
    for (id, name) in plan.type_names {
        if let (Some(key), Some(model)) = (locked.key(*id), models.get(name.as_str())) {
            let names = lock.types.entry(key.clone());
            names.or_insert_with(|| type_names(locked.current_digest(plan.api, *id), model));
        }
    }
    lock.shared = shared_types(locked, plan.api, &lock);
    lock
}

/// Returns the keys of the types that another type replaces, with the key of that one.
fn shared_types(locked: &LockedNames<'_>, api: &Api, lock: &NamesLock) -> BTreeMap<String, String> {
    let replaced = api.types.iter().filter_map(|(id, def)| {
        let (key, kept) = (locked.key(id)?, locked.key(def.replaced_by?)?);
        (key != kept && lock.types.contains_key(kept)).then(|| (key.clone(), kept.clone()))
    });
    replaced.collect()
}

fn operation_names(id: Option<&String>, method: &MethodPlan) -> OperationNames {
    let params = method.params.iter();
    let params = params.map(|param| {
        (
            param_key(param.location, param.part.as_deref(), &param.wire_name),
            param.name.clone(),
        )
    });
    let body = method.body.iter();
    let body = body.map(|body| (BODY_KEY.to_owned(), body.name.clone()));
    OperationNames {
        id: id.cloned(),
        name: method.name.clone(),
        request: method.request_type.clone(),
        response_enum: match &method.output {
            OutputPlan::ByStatus { name, .. } => Some(name.clone()),
            _ => None,
        },
        members: params.chain(body).collect(),
        previous_names: method.previous_names.clone(),
    }
}

fn type_names(digest: String, model: &ModelPlan) -> TypeNames {
    let mut catch_all = None;
    let mut members = Members::new();
    match &model.kind {
        ModelKind::Alias(_) => {}
        ModelKind::Struct { fields, .. } => {
            for field in fields {
                match &field.encoding {
                    FieldEncoding::Named { name, .. } | FieldEncoding::Fixed { name, .. } => {
                        members.insert(name.clone(), field.name.clone());
                    }
                    FieldEncoding::Extra => catch_all = Some(field.name.clone()),
                }
            }
        }
        ModelKind::Enum {
            values, fallback, ..
        } => {
            catch_all = Some(fallback.clone());
            members.extend(
                values
                    .iter()
                    .map(|v| (v.wire_value.to_string(), v.name.clone())),
            );
        }
        ModelKind::Union {
            variants, fallback, ..
        } => {
            catch_all = Some(fallback.clone());
            members.extend(
                variants
                    .iter()
                    .map(|v| (v.lock_key.clone(), v.name.clone())),
            );
        }
    }
    TypeNames {
        name: model.name.clone(),
        shape: digest,
        catch_all,
        members,
        previous_names: model.previous_names.clone(),
    }
}
