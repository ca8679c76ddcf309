//! The lock as it is after a plan: what programs can name, and where that stands.

use std::collections::BTreeMap;

use super::Stable;
use crate::ir::{Api, ParamLocation, Pointer, TypeId};
use crate::lock::{Members, NamesLock, OperationNames, ResourceNames, TypeNames};
use crate::plan::words::identity;
use crate::plan::{MethodPlan, ModelFile, ModelKind, ModelPlan, OutputPlan, ResourcePlan, Wire};

/// What is recorded.
pub(crate) struct Recorded<'p> {
    pub api: &'p Api,
    pub resources: &'p [ResourcePlan],
    pub models: &'p [ModelFile],
    pub types: &'p BTreeMap<TypeId, String>,
}

/// The names of a plan.
pub(crate) fn record(stable: &Stable<'_>, plan: &Recorded<'_>) -> NamesLock {
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
        lock.resources.insert(identity(&resource.raw), names);
        for method in resource.files.iter().flatten() {
            let id = ids.get(&method.at).copied().flatten();
            lock.operations
                .insert(method.at.0.clone(), operation(id, method));
        }
    }
    let models = plan.models.iter().flat_map(|file| &file.types);
    let models: BTreeMap<&str, &ModelPlan> = models.map(|m| (m.name.as_str(), m)).collect();
    for (id, name) in plan.types {
        if let (Some(key), Some(model)) = (stable.keys.get(id), models.get(name.as_str())) {
            let names = lock.types.entry(key.clone());
            names.or_insert_with(|| type_names(stable.own_shape(plan.api, *id), model));
        }
    }
    lock
}

fn operation(id: Option<&String>, method: &MethodPlan) -> OperationNames {
    let params = method.params.iter();
    let mut members: Members = params
        .map(|param| (param_key(param.location, &param.wire), param.name.clone()))
        .collect();
    members.extend(
        method
            .body
            .iter()
            .map(|body| (BODY.to_owned(), body.name.clone())),
    );
    OperationNames {
        id: id.cloned(),
        name: method.name.clone(),
        request: method.request.clone(),
        response_enum: match &method.output {
            OutputPlan::Choice(name, _) => Some(name.clone()),
            _ => None,
        },
        members,
        previous_names: method.was.clone(),
    }
}

/// What the body is known by among the parameters.
pub(crate) const BODY: &str = "body";

/// What a parameter is known by: there may be one of its name elsewhere in the request.
pub(crate) fn param_key(location: ParamLocation, wire: &str) -> String {
    let place = match location {
        ParamLocation::Path => "path",
        ParamLocation::Query => "query",
        ParamLocation::Header => "header",
        ParamLocation::Cookie => "cookie",
    };
    format!("{place}.{wire}")
}

fn type_names(shape: String, model: &ModelPlan) -> TypeNames {
    let mut rest = None;
    let mut members = Members::new();
    match &model.kind {
        ModelKind::Alias(_) => {}
        ModelKind::Struct { fields, .. } => {
            for field in fields {
                match &field.wire {
                    Wire::Named { name, .. } | Wire::Fixed { name, .. } => {
                        members.insert(name.clone(), field.name.clone());
                    }
                    Wire::Extra => rest = Some(field.name.clone()),
                }
            }
        }
        ModelKind::Enum(values, other) => {
            rest = Some(other.clone());
            members.extend(values.iter().map(|v| (v.wire.clone(), v.name.clone())));
        }
        ModelKind::Union {
            variants, other, ..
        } => {
            rest = Some(other.clone());
            members.extend(variants.iter().map(|v| (v.called.clone(), v.name.clone())));
        }
    }
    TypeNames {
        name: model.name.clone(),
        shape,
        catch_all: rest,
        members,
        previous_names: model.was.clone(),
    }
}
