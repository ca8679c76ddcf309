//! The last two sections of an operation's documentation: its errors, and a call that compiles.

use std::collections::BTreeSet;

use super::operations::{MethodPlan, ResourcePlan};
use super::types::RustType;
use super::{Cx, docs};
use crate::ir::{Operation, ResponseContent, TypeRef};

/// What an operation can answer with instead, a line each.
pub(super) fn errors(cx: &Cx<'_>, operation: &Operation) -> Vec<String> {
    let listed = operation.responses.errors.iter().map(|response| {
        let body = match &response.content {
            ResponseContent::Json(TypeRef::Named(id)) => Some(cx.name(*id)),
            _ => None,
        };
        docs::of_error(response, body)
    });
    let mut out = vec![String::new(), "# Errors".to_owned(), String::new()];
    let before = out.len();
    out.extend(listed);
    if out.len() == before {
        out.push("Any status but a success, and whatever keeps the answer from arriving or from being read.".to_owned());
    }
    out
}

/// A call that compiles, with values that need inventing taken as arguments.
pub(super) fn example(cx: &Cx<'_>, resource: &ResourcePlan, plan: &MethodPlan) -> Vec<String> {
    let library = &cx.library;
    let mut given = BTreeSet::new();
    let mut args = Vec::new();
    for arg in &plan.args {
        args.push(match &arg.ty {
            RustType::Plain("String") => format!("\"{}\"", arg.name.trim_end_matches('_')),
            RustType::Plain("bool") => "true".to_owned(),
            RustType::Plain("f64") => "1.0".to_owned(),
            RustType::Plain(_) => "1".to_owned(),
            ty => {
                given.insert((
                    arg.name.clone(),
                    ty.path(&format!("{library}::models::"), &format!("{library}::")),
                ));
                arg.name.clone()
            }
        });
    }
    let given: String = given
        .into_iter()
        .map(|(name, ty)| format!(", {name}: {ty}"))
        .collect();
    vec![
        String::new(),
        "# Examples".to_owned(),
        String::new(),
        "```no_run".to_owned(),
        format!(
            "# async fn example(client: {library}::Client{given}) -> Result<(), {library}::Error> {{"
        ),
        format!(
            "client.{}().{}({}).await?;",
            resource.module,
            plan.name,
            args.join(", ")
        ),
        "# Ok(())".to_owned(),
        "# }".to_owned(),
        "```".to_owned(),
    ]
}
