//! Matches the operations of a document with the methods of a generated client.

use std::ptr;

use serde_json::Value;

use observatory_codegen::inventory::{absolute_path, erase_path_variables, list_operations};
use observatory_codegen::ir::{Pointer, Status};
use observatory_codegen::plan::{MethodPlan, Plan, ResourcePlan};

/// An operation of a document and its method.
pub(crate) struct OperationMatch<'d, 'p> {
    pub(crate) path: &'d str,
    pub(crate) pointer: Pointer,
    /// `None` if the operation is not generated.
    pub(crate) method: Option<(&'p ResourcePlan, &'p MethodPlan)>,
}

impl<'p> OperationMatch<'_, 'p> {
    /// Returns the methods of the operation: the first one, and one for each further media type of the body.
    pub(crate) fn methods(&self) -> Vec<&'p MethodPlan> {
        let Some((resource, method)) = self.method else {
            return Vec::new();
        };
        let body = method.at.join("requestBody").0;
        let others = resource.methods.iter();
        let variants = others.filter(|other| other.is_variant && other.at.0.starts_with(&body));
        std::iter::once(method).chain(variants).collect()
    }
}

/// Returns every operation of a document, each with its own method of the plan.
pub(crate) fn match_operations<'d, 'p>(
    document: &'d Value,
    plan: &'p Plan,
) -> Vec<OperationMatch<'d, 'p>> {
    let methods = plan.resources.iter().flat_map(|resource| {
        let methods = resource.methods.iter();
        let methods = methods.filter(|method| !method.is_variant);
        methods.map(move |method| (resource, method))
    });
    let mut unmatched: Vec<(&ResourcePlan, &MethodPlan)> = methods.collect();
    let operations = list_operations(document).into_iter();
    operations
        .map(|(path, verb, pointer)| {
            let is_match = |(_, method): &&(&ResourcePlan, &MethodPlan)| {
                method.http_method.as_str().eq_ignore_ascii_case(verb)
                    && erase_path_variables(&method.path)
                        == erase_path_variables(&absolute_path(path))
            };
            let method = unmatched.iter().find(is_match).copied();
            if let Some((_, found)) = method {
                unmatched.retain(|(_, other)| !ptr::eq(*other, found));
            }
            OperationMatch {
                path,
                pointer,
                method,
            }
        })
        .collect()
}

/// Returns whether `key` is the key of `status` in an operation's `responses`.
pub(crate) fn is_status_key(status: Status, key: &str) -> bool {
    match status {
        Status::Code(code) => code.to_string() == key,
        Status::Class(class) => key.eq_ignore_ascii_case(&format!("{class}XX")),
        Status::Default => key == "default",
    }
}
