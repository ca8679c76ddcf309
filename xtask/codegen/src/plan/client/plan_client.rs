//! Plans the client.

use std::cmp::Reverse;

use super::client_plan::{ClientPlan, SecuritySchemePlan, ServerPlan};
use crate::config::Credential;
use crate::ir::{Operation, ParamLocation, SecurityScheme, SecuritySchemeKind, Server};
use crate::plan::casing::split_words;
use crate::plan::context::PlanContext;
use crate::plan::docs;
use crate::plan::docs::markdown::markdown_line;
use crate::plan::scope::Scope;

/// The maximum length of a server's description that is used as its name.
const MAX_SERVER_NAME_LENGTH: usize = 40;

/// Plans the client. `title` is the name of the API as Markdown.
pub(in crate::plan) fn plan_client(cx: &PlanContext<'_>, title: &str) -> ClientPlan {
    let mut constants = Scope::constants(&["api"]);
    let servers = plan_servers(cx, &mut constants);
    let schemes = plan_schemes(cx, &mut constants);
    let base_url = cx.config.base_url.clone();
    ClientPlan {
        env_docs: docs::environment_docs(&schemes, &base_url),
        auth_docs: docs::credential_docs(cx.config, title),
        servers,
        base_url,
        schemes,
        request_id_headers: cx.config.request_id_headers.clone(),
    }
}

/// Plans the servers: those of `vendor.toml`, or else those of the document.
fn plan_servers(cx: &PlanContext<'_>, constants: &mut Scope) -> Vec<ServerPlan> {
    let mut plan = |name: String, url: &str, key_prefix: Option<String>| ServerPlan {
        constant: claim_constant(constants, &name, "server"),
        name,
        url: url.to_owned(),
        key_prefix,
    };
    let configured = cx.config.server.iter();
    if !cx.config.server.is_empty() {
        return configured
            .map(|server| plan(server.name.clone(), &server.url, server.key_prefix.clone()))
            .collect();
    }
    let servers = cx.api.servers.iter();
    let absolute = servers
        .filter(|server| server.url.starts_with("http"))
        .enumerate();
    absolute
        .map(|(index, server)| plan(server_name(index, server), &server.url, None))
        .collect()
}

fn server_name(index: usize, server: &Server) -> String {
    match (index, server.docs.description.as_deref().map(markdown_line)) {
        (0, None) => "default".to_owned(),
        (_, Some(description)) if description.len() <= MAX_SERVER_NAME_LENGTH => description,
        (index, _) => format!("server-{index}"),
    }
}

fn claim_constant(constants: &mut Scope, name: &str, suffix: &str) -> String {
    let words = split_words(name);
    constants.claim([
        words.clone(),
        format!("{words} {suffix}"),
        suffix.to_owned(),
    ])
}

/// Plans the security schemes: first those of `vendor.toml` in its order, then the others, most used first.
fn plan_schemes(cx: &PlanContext<'_>, constants: &mut Scope) -> Vec<SecuritySchemePlan> {
    let credentials = &cx.config.credential;
    let rank = |scheme: &SecurityScheme| {
        let mut schemes = credentials.iter().map(|credential| &credential.scheme);
        schemes
            .position(|id| *id == scheme.id)
            .unwrap_or(usize::MAX)
    };
    let mut schemes: Vec<_> = cx.api.schemes.iter().collect();
    schemes.sort_by_cached_key(|scheme| (rank(scheme), Reverse(count_uses(cx, &scheme.id))));
    let default = Credential::default();
    let plans = schemes.into_iter().map(|scheme| {
        let mut matching = credentials.iter();
        let credential = matching.find(|credential| credential.scheme == scheme.id);
        plan_scheme(scheme, credential.unwrap_or(&default), constants)
    });
    plans.collect()
}

/// Returns the number of operations that accept a security scheme.
fn count_uses(cx: &PlanContext<'_>, scheme: &str) -> usize {
    let accepts = |operation: &&Operation| {
        let mut schemes = operation.security.iter().flat_map(|all| &all.0);
        schemes.any(|id| id == scheme)
    };
    cx.api.operations.iter().filter(accepts).count()
}

fn plan_scheme(
    scheme: &SecurityScheme,
    credential: &Credential,
    constants: &mut Scope,
) -> SecuritySchemePlan {
    let kind = match (&scheme.kind, &credential.header) {
        (SecuritySchemeKind::ApiKey { .. }, Some(name)) => SecuritySchemeKind::ApiKey {
            location: ParamLocation::Header,
            name: name.clone(),
        },
        (kind, _) => kind.clone(),
    };
    SecuritySchemePlan {
        constant: claim_constant(constants, &scheme.id, "scheme"),
        id: scheme.id.clone(),
        kind,
        prefix: credential.prefix.clone().unwrap_or_default(),
        env: credential.env.clone(),
        password_env: credential.password_env.clone(),
    }
}
