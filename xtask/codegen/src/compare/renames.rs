//! Renamed types that keep their previous name as a deprecated alias: code that uses it still compiles.

use std::collections::BTreeMap;

use crate::pipeline::PlannedDocument;
use crate::plan::{ModelKind, OldName, OutputPlan, Plan, RustType};

/// Returns the old document with references to renamed types under their new names, where the new crate keeps the old
/// name as an alias. Declarations keep their old names, which reports need.
pub(super) fn with_new_type_names(old: &PlannedDocument, new: &PlannedDocument) -> PlannedDocument {
    let mut old = old.clone();
    let models = new.plan.models.iter().flat_map(|file| &file.types);
    let new_names = models.flat_map(|model| {
        let previous = model.previous_names.iter();
        previous.map(|previous| (previous.name.clone(), model.name.clone()))
    });
    let new_names: BTreeMap<String, String> = new_names.collect();
    if !new_names.is_empty() {
        for_each_type(&mut old.plan, &mut |ty| ty.rename_models(&new_names));
    }
    old
}

/// Returns whether `name` is one of the previous names that a type keeps.
pub(super) fn has_previous_name(previous: &[OldName], name: &str) -> bool {
    previous.iter().any(|previous| previous.name == name)
}

/// Calls `change` with every type reference of the plan.
fn for_each_type(plan: &mut Plan, change: &mut dyn FnMut(&mut RustType)) {
    for model in plan.models.iter_mut().flat_map(|file| &mut file.types) {
        match &mut model.kind {
            ModelKind::Alias(ty) => change(ty),
            ModelKind::Struct { fields, .. } => {
                fields.iter_mut().for_each(|field| change(&mut field.ty));
            }
            ModelKind::Enum { .. } => {}
            ModelKind::Union { variants, .. } => {
                variants
                    .iter_mut()
                    .for_each(|variant| change(&mut variant.ty));
            }
        }
    }
    let resources = plan.resources.iter_mut();
    for method in resources.flat_map(|resource| &mut resource.methods) {
        method.args.iter_mut().for_each(|arg| change(&mut arg.ty));
        method
            .params
            .iter_mut()
            .for_each(|param| change(&mut param.ty));
        method.body.iter_mut().for_each(|body| change(&mut body.ty));
        method
            .pagination
            .iter_mut()
            .for_each(|pages| change(&mut pages.item));
        match &mut method.output {
            OutputPlan::Json(ty) | OutputPlan::JsonOrEmpty(ty) => change(ty),
            OutputPlan::Text | OutputPlan::Raw | OutputPlan::Empty => {}
            OutputPlan::ByStatus { responses, .. } => {
                let types = responses.iter_mut().flat_map(|response| &mut response.ty);
                types.for_each(&mut *change);
            }
        }
    }
}
