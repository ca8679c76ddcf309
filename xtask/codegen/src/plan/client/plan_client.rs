//! Plans the client.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::client_plan::{
    ClientCredential, ClientPlan, OtherHeaderPlan, SecuritySchemePlan, ServerPlan,
};
use super::plan_servers::plan_server_types;
use crate::config::Credential;
use crate::ir::{
    Operation, ParamLocation, SecurityRequirement, SecurityScheme, SecuritySchemeKind, Server,
};
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
    let preferred = preferred_schemes(cx);
    let schemes = plan_schemes(cx, &preferred, &mut constants);
    let base_url = cx.config.base_url.clone();
    ClientPlan {
        env_docs: docs::environment_docs(&schemes, &base_url),
        auth_docs: docs::credential_docs(&schemes, title),
        servers,
        server_types: plan_server_types(cx),
        base_url,
        schemes,
        constructor: plan_constructor(&preferred),
        requires_credential: cx.api.operations.iter().any(requires_credential),
        request_id_headers: cx.config.request_id_headers.clone(),
        otlp: cx.config.otlp.clone(),
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
    let mut urls = BTreeSet::new();
    // Servers that differ in the choices of their variables only have one URL by default.
    let absolute = servers
        .filter(|server| server.url.starts_with("http") && urls.insert(&server.url))
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

/// Plans the security schemes: first those of `Client::new`, then those of `vendor.toml` in its order, then the others, most
/// used first.
fn plan_schemes(
    cx: &PlanContext<'_>,
    preferred: &[&SecurityScheme],
    constants: &mut Scope,
) -> Vec<SecuritySchemePlan> {
    let credentials = &cx.config.credential;
    let positions = preferred.iter().enumerate();
    let positions: BTreeMap<&str, usize> = positions
        .map(|(position, scheme)| (scheme.id.as_str(), position))
        .collect();
    let uses = count_uses(cx, |all| all.0.iter().map(String::as_str).collect());
    let rank = |scheme: &SecurityScheme| {
        let id = scheme.id.as_str();
        (
            positions.get(id).copied().unwrap_or(usize::MAX),
            config_rank(cx, id),
            Reverse(uses.get(id).copied().unwrap_or_default()),
        )
    };
    let mut schemes: Vec<_> = cx.api.schemes.iter().collect();
    schemes.sort_by_cached_key(|scheme| rank(scheme));
    let default = Credential::default();
    let plans = schemes.into_iter().map(|scheme| {
        let mut matching = credentials.iter();
        let credential = matching.find(|credential| credential.scheme == scheme.id);
        plan_scheme(scheme, credential.unwrap_or(&default), constants)
    });
    plans.collect()
}

/// Returns whether each alternative of an operation has a credential.
fn requires_credential(operation: &Operation) -> bool {
    let alternatives = &operation.security;
    !alternatives.is_empty() && alternatives.iter().all(|all| !all.0.is_empty())
}

/// Returns the position of a security scheme in `vendor.toml`.
fn config_rank(cx: &PlanContext<'_>, scheme: &str) -> usize {
    let mut known = cx.config.credential.iter();
    let position = known.position(|credential| credential.scheme == scheme);
    position.unwrap_or(usize::MAX)
}

/// How many operations accept something, counted once for all: for each scheme or requirement alone it would take
/// quadratic time.
fn count_uses<'a, K: Ord>(
    cx: &PlanContext<'a>,
    keys: impl Fn(&'a SecurityRequirement) -> Vec<K>,
) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for operation in &cx.api.operations {
        let accepted: BTreeSet<K> = operation.security.iter().flat_map(&keys).collect();
        for key in accepted {
            *counts.entry(key).or_default() += 1;
        }
    }
    counts
}

/// Returns the schemes of the requirement that `Client::new` satisfies: that of the first credential in `vendor.toml`, or
/// else one that needs no flow, of the document itself rather than of an operation, and most used.
fn preferred_schemes<'a>(cx: &PlanContext<'a>) -> Vec<&'a SecurityScheme> {
    let api = cx.api;
    let by_id: BTreeMap<&str, &SecurityScheme> = (api.schemes.iter())
        .map(|scheme| (scheme.id.as_str(), scheme))
        .collect();
    let ids = |all: &'a SecurityRequirement| -> Vec<&'a str> {
        all.0.iter().map(String::as_str).collect()
    };
    let uses = count_uses(cx, |all| vec![ids(all)]);
    let defaults: BTreeSet<Vec<&str>> = api.security.iter().map(ids).collect();
    let operations = api.operations.iter();
    let of_operations = operations.flat_map(|operation| &operation.security);
    let single = api.schemes.iter().map(|scheme| vec![scheme]);
    let declared = api.security.iter().chain(of_operations);
    let find = |id: &String| by_id.get(id.as_str()).copied();
    let declared = declared.map(|all| all.0.iter().filter_map(find).collect());
    let ids = |schemes: &[&'a SecurityScheme]| -> Vec<&'a str> {
        schemes.iter().map(|scheme| scheme.id.as_str()).collect()
    };
    let mut seen = BTreeSet::new();
    let mut candidates: Vec<Vec<&SecurityScheme>> = declared.chain(single).collect();
    candidates.retain(|schemes: &Vec<&SecurityScheme>| {
        !schemes.is_empty()
            && schemes.iter().all(|one| can_be_set(one))
            && seen.insert(ids(schemes))
    });
    let rank = |schemes: &Vec<&'a SecurityScheme>| {
        let ids = ids(schemes);
        let best = ids.iter().map(|id| config_rank(cx, id)).min();
        let uses = uses.get(&ids).copied().unwrap_or_default();
        (
            best.unwrap_or(usize::MAX),
            uses == 0,
            schemes.iter().any(|scheme| scheme.has_flow),
            !defaults.contains(&ids),
            Reverse(uses),
            (schemes.iter()).any(|scheme| scheme.kind == SecuritySchemeKind::Basic),
        )
    };
    candidates.sort_by_cached_key(rank);
    candidates.into_iter().next().unwrap_or_default()
}

/// Returns whether the client can send the credential of a scheme.
fn can_be_set(scheme: &SecurityScheme) -> bool {
    !matches!(scheme.kind, SecuritySchemeKind::Other(_))
}

/// Words at the end of a scheme's name that every scheme could have.
const SCHEME_WORDS: &[&str] = &[
    "auth",
    "authentication",
    "authorization",
    "header",
    "scheme",
    "security",
];

/// Plans the arguments of `Client::new`: one key is `api_key`, several have the names of their schemes.
fn plan_constructor(schemes: &[&SecurityScheme]) -> Vec<ClientCredential> {
    let mut names = Scope::snake_case(&["self", "user", "password"]);
    let credentials = schemes.iter().map(|scheme| match (&scheme.kind, schemes) {
        (SecuritySchemeKind::Basic, _) => ClientCredential::BasicAuth,
        (_, [_]) => ClientCredential::Key {
            name: "api_key".to_owned(),
            scheme: None,
        },
        _ => {
            let words = split_words(&scheme.id);
            let mut short: Vec<&str> = words.split(' ').collect();
            while short.len() > 1 && short.last().is_some_and(|word| SCHEME_WORDS.contains(word)) {
                short.pop();
            }
            ClientCredential::Key {
                name: names.claim([short.join(" "), words.clone(), "key".to_owned()]),
                scheme: Some(scheme.id.clone()),
            }
        }
    });
    credentials.collect()
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
    let constant = claim_constant(constants, &scheme.id, "scheme");
    let others = credential.other_header.iter();
    let other_headers = others.map(|other| OtherHeaderPlan {
        constant: claim_constant(constants, &other.header, "header"),
        name: other.header.clone(),
        env: other.env.clone(),
    });
    let other_headers = other_headers.collect();
    SecuritySchemePlan {
        constant,
        id: scheme.id.clone(),
        kind,
        prefix: credential.prefix.clone().unwrap_or_default(),
        env: credential.env.clone(),
        password_env: credential.password_env.clone(),
        other_headers,
    }
}
