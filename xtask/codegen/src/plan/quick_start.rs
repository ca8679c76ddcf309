//! Plans the quick start: the program in the README.
//!
//! It is that of `vendor.toml`, or else a program that creates a client and calls the operation that a user would call first.

use super::client::{ClientCredential, ClientPlan};
use super::context::PlanContext;
use super::docs;
use super::models::ModelFile;
use super::operations::{MethodPlan, OutputPlan, ResourcePlan};
use super::rust_type::RustType;
use super::sample_value::SampleValues;
use crate::config::QuickStart;
use crate::ir::{Method, Server};

/// A call of an operation: its resource, the method, and the arguments.
type Call<'r> = (&'r ResourcePlan, &'r MethodPlan, Vec<String>);

/// Plans the quick start.
pub(super) fn plan_quick_start(
    cx: &PlanContext<'_>,
    client: &ClientPlan,
    resources: &[ResourcePlan],
    models: &[ModelFile],
) -> QuickStart {
    let configured = cx.config.quick_start.clone().unwrap_or_default();
    if !configured.code.is_empty() {
        return configured;
    }
    let mut values = SampleValues::new(models.iter().flat_map(|file| &file.types));
    let call = configured
        .operation
        .as_deref()
        .and_then(|pointer| configured_call(pointer, resources, &mut values))
        .or_else(|| {
            values.forget();
            first_call(client, resources)
        });
    QuickStart {
        feature: call
            .as_ref()
            .map_or_else(String::new, |(resource, ..)| resource.feature.clone()),
        code: program(cx, client, call.as_ref(), &values),
        ..configured
    }
}

fn list_methods(resources: &[ResourcePlan]) -> impl Iterator<Item = (&ResourcePlan, &MethodPlan)> {
    resources.iter().flat_map(|resource| {
        let methods = resource.methods.iter();
        methods.map(move |method| (resource, method))
    })
}

/// Returns a call of the operation that `vendor.toml` names, if its arguments have simple values.
fn configured_call<'r>(
    pointer: &str,
    resources: &'r [ResourcePlan],
    values: &mut SampleValues<'_>,
) -> Option<Call<'r>> {
    let (resource, method) = list_methods(resources).find(|(_, method)| method.at.0 == pointer)?;
    let args = method.args.iter();
    let args: Option<Vec<String>> = args
        .map(|arg| values.expression(&arg.name, &arg.ty))
        .collect();
    Some((resource, method, args?))
}

/// Returns the operation that a user would call first: one that the credentials of `Client::new` are for, that reads
/// something, with the fewest arguments, all of builtin types.
fn first_call<'r>(client: &ClientPlan, resources: &'r [ResourcePlan]) -> Option<Call<'r>> {
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
    let (resource, method) = list_methods(resources).filter(is_simple).min_by_key(rank)?;
    let args = method.args.iter();
    let args = args
        .filter_map(|arg| docs::literal(&arg.name, &arg.ty))
        .collect();
    Some((resource, method, args))
}

/// Returns the expression that creates the client: from the environment if a variable is known, or else with placeholders
/// for the credentials, and for the base URL if the document has none.
fn create_client(cx: &PlanContext<'_>, client: &ClientPlan) -> String {
    if !client.env_docs.is_empty() {
        return "Client::from_env()?".to_owned();
    }
    let needs_url = client.servers.is_empty();
    let mut calls = String::new();
    if needs_url {
        let path = relative_path(&cx.api.servers);
        calls.push_str(&format!(".base_url(\"https://api.example.com{path}\")"));
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

/// Returns the path of the first server, if its URL is nothing else: the base URL needs it.
fn relative_path(servers: &[Server]) -> &str {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
    let url = servers.first().map_or("", |server| server.url.as_str());
    let is_path = url.starts_with('/') && !url.starts_with("//") && url.chars().all(is_plain);
    if is_path {
        url.trim_end_matches('/')
    } else {
        ""
    }
}

fn program(
    cx: &PlanContext<'_>,
    client_plan: &ClientPlan,
    call: Option<&Call<'_>>,
    values: &SampleValues<'_>,
) -> String {
    let client = if call.is_some() { "client" } else { "_client" };
    let created = create_client(cx, client_plan);
    let library_path = &cx.library_path;
    let call = call.map(|(resource, method, args)| {
        let (path, name) = (&resource.path, &method.name);
        format!("    client.{path}().{name}({}).await?;\n", args.join(", "))
    });
    let time = if values.uses_time {
        "use std::time::SystemTime;\n\n"
    } else {
        ""
    };
    let value = if values.uses_value { ", Value" } else { "" };
    let models = if values.uses_models { ", models" } else { "" };
    format!(
        "{time}use {library_path}::{{Client, Error{value}{models}}};\n\n#[tokio::main]\nasync fn main() -> Result<(), Error> {{\n    \
         let {client} = {created};\n{}    Ok(())\n}}\n",
        call.unwrap_or_default()
    )
}
