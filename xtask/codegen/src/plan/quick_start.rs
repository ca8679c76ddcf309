//! Plans the quick start: the program in the README.
//!
//! It is that of `vendor.toml`, or else a program that creates a client and calls the simplest operation.

use super::context::PlanContext;
use super::docs;
use super::operations::{MethodPlan, ResourcePlan};
use super::rust_type::RustType;
use crate::config::QuickStart;

/// Plans the quick start.
pub(super) fn plan_quick_start(cx: &PlanContext<'_>, resources: &[ResourcePlan]) -> QuickStart {
    cx.config.quick_start.clone().unwrap_or_else(|| {
        let call = simplest_call(resources);
        QuickStart {
            feature: call.map_or_else(String::new, |(resource, _)| resource.feature.clone()),
            text: String::new(),
            code: program(&cx.library_path, call),
        }
    })
}

/// Returns the operation with the fewest arguments among those that take only builtin types.
fn simplest_call(resources: &[ResourcePlan]) -> Option<(&ResourcePlan, &MethodPlan)> {
    let calls = resources
        .iter()
        .flat_map(|resource| resource.methods().map(move |method| (resource, method)));
    let is_simple = |(_, method): &(&ResourcePlan, &MethodPlan)| {
        let mut args = method.args.iter();
        !method.deprecated && args.all(|arg| matches!(arg.ty, RustType::Builtin(_)))
    };
    calls
        .filter(is_simple)
        .min_by_key(|(_, method)| method.args.len())
}

fn program(library_path: &str, call: Option<(&ResourcePlan, &MethodPlan)>) -> String {
    let call = call.map(|(resource, method)| {
        let args: Vec<String> = method.args.iter().filter_map(docs::literal).collect();
        format!(
            "    client.{}().{}({}).await?;\n",
            resource.module,
            method.name,
            args.join(", ")
        )
    });
    let client = if call.is_some() { "client" } else { "_client" };
    format!(
        "use {library_path}::{{Client, Error}};\n\n#[tokio::main]\nasync fn main() -> Result<(), Error> {{\n    \
         let {client} = Client::from_env()?;\n{}    Ok(())\n}}\n",
        call.unwrap_or_default()
    )
}
