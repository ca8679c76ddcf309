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

/// The operations of a document by HTTP method and path. The names of path variables are erased, since they have no
/// effect.
pub(super) type Calls<'a> = BTreeMap<(&'a str, String), Call<'a>>;

/// Returns the operations of a document.
pub(super) fn calls(planned: &PlannedDocument) -> Calls<'_> {
    let mut methods = BTreeMap::new();
    for resource in &planned.plan.resources {
        for plan in &resource.methods {
            let key = (plan.http_method.as_str(), plan.path.as_str());
            methods.insert(key, (resource.module.as_str(), plan));
        }
    }
    let mut calls = Calls::new();
    for operation in &planned.api.operations {
        let method = operation.method.as_str();
        if let Some((module, plan)) = methods.get(&(method, operation.path.as_str())) {
            let call = Call {
                module,
                plan,
                operation,
            };
            calls.insert((method, erase_path_variables(&operation.path)), call);
        }
    }
    calls
}
