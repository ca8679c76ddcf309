//! An operation with its plan.

use std::collections::BTreeMap;

use crate::inventory::erase_path_variables;
use crate::ir::{Operation, Pointer};
use crate::pipeline::PlannedDocument;
use crate::plan::MethodPlan;

/// An operation of the document, with the method that was planned for it.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) module: &'a str,
    pub(super) plan: &'a MethodPlan,
    pub(super) operation: &'a Operation,
}

impl Call<'_> {
    /// Returns the method as callers write it: `trace().log_traces`.
    pub(super) fn name(&self) -> String {
        format!("{}().{}", self.module, self.plan.name)
    }

    /// Returns the HTTP method and the path.
    pub(super) fn request_line(&self) -> String {
        format!("{} {}", self.plan.http_method.as_str(), self.plan.path)
    }

    pub(super) fn at(&self) -> &Pointer {
        &self.operation.at
    }
}

/// The operations of a document by HTTP method, path, and media type of the body if there is another one. The names of
/// path variables are erased, since they have no effect.
pub(super) type Calls<'a> = BTreeMap<(&'a str, String, Option<&'a str>), Call<'a>>;

/// Returns the operations of a document.
pub(super) fn calls(planned: &PlannedDocument) -> Calls<'_> {
    let mut methods = BTreeMap::new();
    for resource in &planned.plan.resources {
        for plan in &resource.methods {
            methods.insert(&plan.at, (resource.path.as_str(), plan));
        }
    }
    let mut calls = Calls::new();
    for operation in &planned.api.operations {
        if let Some((module, plan)) = methods.get(&operation.at) {
            let call = Call {
                module,
                plan,
                operation,
            };
            let body = operation.body.as_ref().filter(|_| operation.is_variant);
            let key = (
                operation.method.as_str(),
                erase_path_variables(&operation.path),
                body.map(|body| body.media_type.as_str()),
            );
            calls.insert(key, call);
        }
    }
    calls
}
