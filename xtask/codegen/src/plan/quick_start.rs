//! The first program that a reader sees: the vendor's own where `vendor.toml` has one, else one that makes a client and,
//! where an operation takes nothing that needs inventing, a call.

use super::operations::{MethodPlan, ResourcePlan};
use super::{Cx, RustType};
use crate::config::QuickStart;

pub(super) fn plan(cx: &Cx<'_>, resources: &[ResourcePlan]) -> QuickStart {
    cx.vendor.quick_start.clone().unwrap_or_else(|| {
        let call = simplest(resources);
        QuickStart {
            feature: call.map_or_else(String::new, |(resource, _)| resource.feature.clone()),
            text: String::new(),
            code: program(&cx.library, call),
        }
    })
}

/// The first operation that can be called with what a reader has: nothing, or names and numbers.
fn simplest(resources: &[ResourcePlan]) -> Option<(&ResourcePlan, &MethodPlan)> {
    let all = resources.iter().flat_map(|resource| {
        let methods = resource.files.iter().flatten();
        methods.map(move |method| (resource, method))
    });
    let plain = |(_, method): &(&ResourcePlan, &MethodPlan)| {
        !method.deprecated
            && method
                .args
                .iter()
                .all(|arg| matches!(arg.ty, RustType::Plain(_)))
    };
    all.filter(plain)
        .min_by_key(|(_, method)| method.args.len())
}

fn program(library: &str, call: Option<(&ResourcePlan, &MethodPlan)>) -> String {
    let call = call.map(|(resource, method)| {
        let args: Vec<String> = method.args.iter().map(value).collect();
        let (resource, method) = (&resource.module, &method.name);
        format!(
            "    client.{resource}().{method}({}).await?;\n",
            args.join(", ")
        )
    });
    let client = if call.is_some() { "client" } else { "_client" };
    format!(
        "use {library}::{{Client, Error}};\n\n#[tokio::main]\nasync fn main() -> Result<(), Error> {{\n    \
         let {client} = Client::from_env()?;\n{}    Ok(())\n}}\n",
        call.unwrap_or_default()
    )
}

fn value(arg: &super::ArgPlan) -> String {
    match arg.ty {
        RustType::Plain("String") => format!("\"{}\"", arg.name.trim_end_matches('_')),
        RustType::Plain("bool") => "true".to_owned(),
        RustType::Plain("f64") => "1.0".to_owned(),
        _ => "1".to_owned(),
    }
}
