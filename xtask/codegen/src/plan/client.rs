//! The client: servers, credentials, and where the environment holds them.

use super::Cx;
use super::scope::Scope;
use super::text::{code, line};
use super::words::words;
use crate::config::{BaseUrl, Credential};
use crate::ir::{ParamLocation, SchemeKind};

/// The client.
#[derive(Clone, Debug)]
pub struct ClientPlan {
    /// Base URLs, the default one first.
    pub servers: Vec<ServerPlan>,
    /// Where the environment holds the base URL.
    pub base_url: BaseUrl,
    /// Ways to prove who is asking; the first one is what `Client::new` takes.
    pub schemes: Vec<SchemePlan>,
    /// Response headers that carry the request's id.
    pub request_id_headers: Vec<String>,
    /// What `from_env` reads, for its documentation.
    pub env_docs: Vec<String>,
    /// What else there is to know of credentials.
    pub auth_docs: Vec<String>,
}

/// A base URL.
#[derive(Clone, Debug)]
pub struct ServerPlan {
    /// What the constant that states it is called.
    pub constant: String,
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// How keys that belong to it start.
    pub key_prefix: Option<String>,
}

/// A way to prove who is asking.
#[derive(Clone, Debug)]
pub struct SchemePlan {
    /// What the constant that states it is called.
    pub constant: String,
    /// The document's name for it.
    pub id: String,
    /// How it travels.
    pub kind: SchemeKind,
    /// What stands before the key.
    pub prefix: String,
    /// Variables that hold it.
    pub env: Vec<String>,
    /// Variables that hold the password.
    pub password_env: Vec<String>,
}

/// What `Client::new` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constructor {
    /// A key.
    Key,
    /// A user's name and password.
    Password,
}

impl ClientPlan {
    /// What `Client::new` takes; `None` where it would have nothing to take, and is not there.
    pub fn constructor(&self) -> Option<Constructor> {
        let kinds = || self.schemes.iter().map(|scheme| &scheme.kind);
        if kinds().any(|kind| !matches!(kind, SchemeKind::Basic | SchemeKind::Other(_))) {
            return Some(Constructor::Key);
        }
        let by_password = kinds().any(|kind| *kind == SchemeKind::Basic);
        by_password.then_some(Constructor::Password)
    }
}

pub(super) fn plan(cx: &Cx<'_>, title: &str) -> ClientPlan {
    let mut constants = Scope::constants(&["api"]);
    let servers = servers(cx, &mut constants);
    let schemes = schemes(cx, &mut constants);
    let mut env_docs = Vec::new();
    for scheme in &schemes {
        let names = |names: &[String]| {
            names
                .iter()
                .map(|name| code(name))
                .collect::<Vec<_>>()
                .join(" or ")
        };
        match (scheme.env.as_slice(), scheme.password_env.as_slice()) {
            ([], _) => {}
            (env, []) => env_docs.push(format!(
                "- {}: the credential {}.",
                names(env),
                code(&scheme.id)
            )),
            (env, password) => env_docs.push(format!(
                "- {} and {}: user name and password.",
                names(env),
                names(password)
            )),
        }
    }
    let base_url = cx.vendor.base_url.clone();
    for env in &base_url.env {
        env_docs.push(format!("- {}: the base URL.", code(env)));
    }
    if let Some(derive) = &base_url.derive {
        env_docs.push(format!(
            "- {}: the URL of the console, from which the base URL is told.",
            code(&derive.env)
        ));
    }
    let mut auth_docs = Vec::new();
    for credential in cx
        .vendor
        .credential
        .iter()
        .filter(|c| !c.header_alternatives.is_empty())
    {
        let others: Vec<String> = credential
            .header_alternatives
            .iter()
            .map(|name| code(name))
            .collect();
        auth_docs.push(format!(
            "The key travels in the header {}; {title} also knows {}, which `ClientBuilder::auth_header` chooses.",
            code(credential.header.as_deref().unwrap_or("Authorization")),
            others.join(", "),
        ));
    }
    ClientPlan {
        servers,
        base_url,
        schemes,
        request_id_headers: cx.vendor.request_id_headers.clone(),
        env_docs,
        auth_docs,
    }
}

fn servers(cx: &Cx<'_>, constants: &mut Scope) -> Vec<ServerPlan> {
    let mut plan = |name: String, url: &str, key_prefix: Option<String>| ServerPlan {
        constant: constant(constants, &name, "server"),
        name,
        url: url.to_owned(),
        key_prefix,
    };
    if !cx.vendor.server.is_empty() {
        let named = cx.vendor.server.iter();
        return named
            .map(|server| plan(server.name.clone(), &server.url, server.key_prefix.clone()))
            .collect();
    }
    let servers = cx.api.servers.iter();
    let told = servers
        .filter(|server| server.url.starts_with("http"))
        .enumerate();
    told.map(|(index, server)| {
        let name = match (index, server.docs.description.as_deref().map(line)) {
            (0, None) => "default".to_owned(),
            (_, Some(said)) if said.len() <= 40 => said,
            (index, _) => format!("server-{index}"),
        };
        plan(name, &server.url, None)
    })
    .collect()
}

fn constant(constants: &mut Scope, name: &str, what: &str) -> String {
    let called = words(name);
    constants.claim([called.clone(), format!("{called} {what}"), what.to_owned()])
}

/// The schemes: those `vendor.toml` speaks of in its order, then the rest of the document's, most used first.
fn schemes(cx: &Cx<'_>, constants: &mut Scope) -> Vec<SchemePlan> {
    let said = |id: &str| {
        cx.vendor
            .credential
            .iter()
            .position(|credential| credential.scheme == id)
    };
    let mut all: Vec<_> = cx.api.schemes.iter().collect();
    let uses = |id: &str| {
        let operations = cx.api.operations.iter();
        let of = |operation: &&crate::ir::Operation| {
            let ways = &operation.security;
            ways.iter().any(|way| way.0.iter().any(|name| name == id))
        };
        operations.filter(of).count()
    };
    all.sort_by_cached_key(|scheme| {
        let rank = said(&scheme.id).unwrap_or(usize::MAX);
        (rank, std::cmp::Reverse(uses(&scheme.id)))
    });
    let none = Credential::default();
    all.into_iter()
        .map(|scheme| {
            let credential = cx
                .vendor
                .credential
                .iter()
                .find(|c| c.scheme == scheme.id)
                .unwrap_or(&none);
            let kind = match (&scheme.kind, &credential.header) {
                (SchemeKind::ApiKey { .. }, Some(name)) => SchemeKind::ApiKey {
                    location: ParamLocation::Header,
                    name: name.clone(),
                },
                (kind, _) => kind.clone(),
            };
            SchemePlan {
                constant: constant(constants, &scheme.id, "scheme"),
                id: scheme.id.clone(),
                kind,
                prefix: credential.prefix.clone().unwrap_or_default(),
                env: credential.env.clone(),
                password_env: credential.password_env.clone(),
            }
        })
        .collect()
}
