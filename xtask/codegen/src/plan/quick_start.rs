//! Plans the quick start: the program in the README.
//!
//! It is that of `vendor.toml`, or else a program that creates a client and calls the operation that a user would call first.

use super::client::{ClientCredential, ClientPlan};
use super::context::PlanContext;
use super::docs;
use super::operations::{MethodPlan, OutputPlan, ResourcePlan};
use super::rust_type::RustType;
use crate::config::QuickStart;
use crate::ir::Method;

/// Plans the quick start.
pub(super) fn plan_quick_start(
    cx: &PlanContext<'_>,
    client: &ClientPlan,
    resources: &[ResourcePlan],
) -> QuickStart {
    cx.config.quick_start.clone().unwrap_or_else(|| {
        let call = first_call(client, resources);
        QuickStart {
            feature: call.map_or_else(String::new, |(resource, _)| resource.feature.clone()),
            text: String::new(),
            code: program(&cx.library_path, client, call),
        }
    })
}

/// Returns the operation that a user would call first: one that the credentials of `Client::new` are for, that reads
/// something, with the fewest arguments, all of builtin types.
fn first_call<'r>(
    client: &ClientPlan,
    resources: &'r [ResourcePlan],
) -> Option<(&'r ResourcePlan, &'r MethodPlan)> {
    let calls = resources.iter().flat_map(|resource| {
        let methods = resource.methods.iter();
        methods.map(move |method| (resource, method))
    });
    let is_simple = |(_, method): &(&ResourcePlan, &MethodPlan)| {
        let mut args = method.args.iter();
        method.deprecated.is_none() && args.all(|arg| matches!(arg.ty, RustType::Builtin(_)))
    };
    let rank = |(_, method): &(&ResourcePlan, &MethodPlan)| {
        let verb = match method.http_method {
            Method::Get => 0,
            Method::Delete => 2,
            _ => 1,
        };
        let is_typed = !matches!(method.output, OutputPlan::Empty);
        // An operation without credentials, as a health check is, shows nothing of the API.
        let is_open = method.security.is_empty();
        let is_denied = !is_open && !client.is_authorized(&method.security);
        (is_denied, verb, is_open, !is_typed, method.args.len())
    };
    calls.filter(is_simple).min_by_key(rank)
}

/// Returns the expression that creates the client: from the environment if a variable is known, or else with placeholders
/// for the credentials, and for the base URL if the document has none.
fn create_client(client: &ClientPlan) -> String {
    if !client.env_docs.is_empty() {
        return "Client::from_env()?".to_owned();
    }
    let needs_url = client.servers.is_empty();
    let mut calls = String::new();
    if needs_url {
        calls.push_str(".base_url(\"https://api.example.com\")");
    }
    let mut arguments = Vec::new();
    for credential in &client.constructor {
        match credential {
            ClientCredential::Key { name, scheme } => {
                let value = format!("\"your-{}\"", name.replace('_', "-"));
                calls.push_str(&match scheme {
                    Some(scheme) => format!(".credential({scheme:?}, {value})"),
                    None => format!(".api_key({value})"),
                });
                arguments.push(value);
            }
            ClientCredential::BasicAuth => {
                calls.push_str(".basic_auth(\"user\", \"password\")");
                arguments.extend(["\"user\"", "\"password\""].map(str::to_owned));
            }
        }
    }
    if needs_url || arguments.is_empty() {
        format!("Client::builder(){calls}.build()?")
    } else {
        format!("Client::new({})?", arguments.join(", "))
    }
}

fn program(
    library_path: &str,
    client_plan: &ClientPlan,
    call: Option<(&ResourcePlan, &MethodPlan)>,
) -> String {
    let call = call.map(|(resource, method)| {
        let args: Vec<String> = method.args.iter().filter_map(docs::literal).collect();
        format!(
            "    client.{}().{}({}).await?;\n",
            resource.path,
            method.name,
            args.join(", ")
        )
    });
    let client = if call.is_some() { "client" } else { "_client" };
    let created = create_client(client_plan);
    format!(
        "use {library_path}::{{Client, Error}};\n\n#[tokio::main]\nasync fn main() -> Result<(), Error> {{\n    \
         let {client} = {created};\n{}    Ok(())\n}}\n",
        call.unwrap_or_default()
    )
}
