//! What was renamed and keeps its old name for a while: programs see no difference but a warning.

use std::collections::BTreeMap;

use crate::lock::OldName;
use crate::pipeline::PlannedDocument;
use crate::plan::{ModelKind, OutputPlan, Plan, RustType};

/// The old side with its types as the new one calls them, where the new one has the old names, too. The names of the
/// types themselves stay, for whoever tells of them.
pub(super) fn in_new_names(old: &PlannedDocument, new: &PlannedDocument) -> PlannedDocument {
    let mut old = old.clone();
    let models = new.plan.models.iter().flat_map(|file| &file.types);
    let names = models.flat_map(|model| {
        let was = model.was.iter();
        was.map(|was| (was.name.clone(), model.name.clone()))
    });
    let names: BTreeMap<String, String> = names.collect();
    if !names.is_empty() {
        types(&mut old.plan, &mut |ty| ty.rename(&names));
    }
    old
}

/// Whether a name that programs use is among those that are kept.
pub(super) fn keeps(was: &[OldName], name: &str) -> bool {
    was.iter().any(|old| old.name == name)
}

/// Every type that the plan mentions.
fn types(plan: &mut Plan, change: &mut dyn FnMut(&mut RustType)) {
    for model in plan.models.iter_mut().flat_map(|file| &mut file.types) {
        match &mut model.kind {
            ModelKind::Alias(ty) => change(ty),
            ModelKind::Struct { fields, .. } => {
                fields.iter_mut().for_each(|field| change(&mut field.ty));
            }
            ModelKind::Enum(..) => {}
            ModelKind::Union { variants, .. } => {
                variants
                    .iter_mut()
                    .for_each(|variant| change(&mut variant.ty));
            }
        }
    }
    let files = plan
        .resources
        .iter_mut()
        .flat_map(|resource| &mut resource.files);
    for method in files.flatten() {
        method.args.iter_mut().for_each(|arg| change(&mut arg.ty));
        method
            .params
            .iter_mut()
            .for_each(|param| change(&mut param.ty));
        method.body.iter_mut().for_each(|body| change(&mut body.ty));
        method
            .pages
            .iter_mut()
            .for_each(|pages| change(&mut pages.item));
        match &mut method.output {
            OutputPlan::Json(ty) | OutputPlan::OrEmpty(ty) => change(ty),
            OutputPlan::Text | OutputPlan::Raw | OutputPlan::Empty => {}
            OutputPlan::Choice(_, answers) => {
                let types = answers.iter_mut().flat_map(|answer| &mut answer.ty);
                types.for_each(&mut *change);
            }
        }
    }
}
