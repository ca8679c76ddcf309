//! `src/client.rs`: the client, and the facts about the API that it hands to the runtime.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::{cfg_feature, docs};
use super::idents::ident;
use super::items::parse_file;
use super::module::root_path;
use super::otlp::otlp_constant;
use super::rust_file::insert_rust_file;
use crate::files::Files;
use crate::ir::{ParamLocation, SecuritySchemeKind};
use crate::plan::{ClientCredential, Plan, SecuritySchemePlan, ServerPlan};

pub(super) fn emit_client(plan: &Plan, files: &mut Files) {
    let path = "src/client.rs".to_owned();
    insert_rust_file(plan, files, path, "", parse_file(client_module(plan)));
}

fn client_module(plan: &Plan) -> TokenStream {
    let title = &plan.doc_title;
    let client_docs = docs(&[format!("Client for the {title} API. It is cheap to clone.")]);
    let builder_docs = docs(&[format!("Builder of a [`Client`] for the {title} API.")]);
    let constructor = constructor(plan);
    let import_secret = constructor.is_some().then(|| {
        quote!(
            use observatory_runtime::Secret;
        )
    });
    let from_env_docs = from_env_docs(plan);
    let root = root_path(plan);
    let outermost = plan.resources.iter();
    let outermost = outermost.filter(|resource| resource.parent.is_none());
    let handles = outermost.map(|resource| {
        let (docs, cfg) = (docs(&resource.docs), cfg_feature(Some(&resource.feature)));
        let (name, handle) = (ident(&resource.module), ident(&resource.handle));
        quote! {
            #(#docs)*
            #cfg
            pub fn #name(&self) -> #root::api::#handle {
                #root::api::#handle::new(&self.0)
            }
        }
    });
    let servers = plan.client.servers.iter().map(server_constant);
    let schemes = plan.client.schemes.iter().map(scheme_constant);
    let api = api_static(plan);
    let otlp = plan.client.otlp.as_ref().map(otlp_constant);
    quote! {
        use observatory_runtime::Error;
        #import_secret
        use observatory_runtime::spec;

        #(#client_docs)*
        #[derive(Clone, Debug)]
        pub struct Client(observatory_runtime::Client);

        #(#builder_docs)*
        pub type ClientBuilder = observatory_runtime::ClientBuilder<Client>;

        impl Client {
            #otlp

            #constructor

            #(#from_env_docs)*
            pub fn from_env() -> Result<Self, Error> {
                Self::builder().from_env()?.build()
            }

            /// Returns a builder, which sets the options of a client.
            pub fn builder() -> ClientBuilder {
                ClientBuilder::new(&API)
            }

            #(#handles)*
        }

        impl From<observatory_runtime::Client> for Client {
            fn from(client: observatory_runtime::Client) -> Self {
                Self(client)
            }
        }

        impl AsRef<observatory_runtime::Client> for Client {
            fn as_ref(&self) -> &observatory_runtime::Client {
                &self.0
            }
        }

        #(#servers)*
        #(#schemes)*
        #api
    }
}

/// Returns `Client::new`, which takes the API's credentials: keys, or a user name and a password.
fn constructor(plan: &Plan) -> Option<TokenStream> {
    let credentials = plan.client.constructor.as_slice();
    let (mut arguments, mut calls) = (Vec::new(), Vec::new());
    for credential in credentials {
        match credential {
            ClientCredential::Key { name, scheme } => {
                let name = ident(name);
                arguments.push(quote!(#name: impl Into<Secret>));
                calls.push(match scheme {
                    Some(scheme) => quote!(.credential(#scheme, #name)),
                    None => quote!(.api_key(#name)),
                });
            }
            ClientCredential::BasicAuth => {
                arguments.push(quote!(user: impl Into<String>));
                arguments.push(quote!(password: impl Into<Secret>));
                calls.push(quote!(.basic_auth(user, password)));
            }
        }
    }
    let (credential, error) = match credentials {
        [] => return None,
        [ClientCredential::Key { .. }] => ("an API key", "the key is not a valid header value"),
        [ClientCredential::BasicAuth] => (
            "a user name and a password (HTTP Basic)",
            "the user name contains a colon",
        ),
        _ => (
            "all credentials that one request needs",
            "a credential is not a valid header value",
        ),
    };
    let mut lines = vec![format!(
        "Creates a client that authenticates with {credential}."
    )];
    for line in &plan.client.auth_docs {
        lines.extend([String::new(), line.clone()]);
    }
    let errors = format!("If {error}, or the HTTP transport cannot be created.");
    lines.extend(["", "# Errors", "", &errors].map(str::to_owned));
    let docs = docs(&lines);
    let body = build_with(&calls);
    Some(quote! {
        #(#docs)*
        pub fn new(#(#arguments),*) -> Result<Self, Error> {
            #body
        }
    })
}

/// Returns the body of `Client::new`: one statement for each credential, since generated functions are short.
fn build_with(credentials: &[TokenStream]) -> TokenStream {
    let [first, others @ .., last] = credentials else {
        return quote!(Self::builder()#(#credentials)*.build());
    };
    quote! {
        let builder = Self::builder()#first;
        #(let builder = builder #others;)*
        builder #last.build()
    }
}

fn from_env_docs(plan: &Plan) -> Vec<syn::Attribute> {
    let mut lines = vec![
        "Creates a client from environment variables.".to_owned(),
        String::new(),
    ];
    if plan.client.env_docs.is_empty() {
        lines
            .push("No variable is known for this API, so the client has no credential.".to_owned());
    }
    lines.extend(plan.client.env_docs.iter().cloned());
    let mut schemes = plan.client.schemes.iter();
    let has_variables = schemes.any(|scheme| !scheme.env.is_empty());
    let errors = match (plan.client.requires_credential, has_variables) {
        (true, _) => "If no credential is found, or a value is not valid.",
        (false, true) => {
            "If a value is not valid. Without a credential, requests are sent without one."
        }
        (false, false) => "If a value is not valid.",
    };
    lines.extend(["", "# Errors", "", errors].map(str::to_owned));
    docs(&lines)
}

/// Returns the static that describes the API to the runtime.
fn api_static(plan: &Plan) -> TokenStream {
    let title = &plan.title;
    let client = &plan.client;
    let servers = client.servers.iter().map(|server| ident(&server.constant));
    let schemes = client.schemes.iter().map(|scheme| ident(&scheme.constant));
    let base = &client.base_url;
    let (env, suffix) = (&base.env, option(base.suffix.as_deref()));
    let derive = derived_url(plan);
    let requires_credential = client.requires_credential;
    let ids = &client.request_id_headers;
    quote! {
        static API: spec::Api = spec::Api {
            title: #title,
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
            servers: &[#(#servers),*],
            base_url: spec::BaseUrlSource { env: &[#(#env),*], suffix: #suffix, derive: #derive },
            schemes: &[#(#schemes),*],
            requires_credential: #requires_credential,
            request_id_headers: &[#(#ids),*],
        };
    }
}

/// Returns the rules that compute the base URL from another variable.
fn derived_url(plan: &Plan) -> TokenStream {
    let Some(derive) = &plan.client.base_url.derive else {
        return quote!(None);
    };
    let env = &derive.env;
    let rules = derive.rule.iter().map(|rule| match &rule.url {
        Some(url) => {
            let any = &rule.contains;
            quote!(spec::UrlRule::Contains { any: &[#(#any),*], url: #url })
        }
        None => {
            let from = rule.replace.as_deref().unwrap_or_default();
            let to = rule.with.as_deref().unwrap_or_default();
            quote!(spec::UrlRule::Replace { from: #from, to: #to })
        }
    });
    quote!(Some(spec::DerivedUrl { env: &[#(#env),*], rules: &[#(#rules),*] }))
}

fn server_constant(server: &ServerPlan) -> TokenStream {
    let (name, url) = (&server.name, &server.url);
    let (constant, prefix) = (
        ident(&server.constant),
        option(server.key_prefix.as_deref()),
    );
    quote! {
        const #constant: spec::Server = spec::Server { name: #name, url: #url, key_prefix: #prefix };
    }
}

fn scheme_constant(scheme: &SecuritySchemePlan) -> TokenStream {
    let constant = ident(&scheme.constant);
    let (id, env, password) = (&scheme.id, &scheme.env, &scheme.password_env);
    let others = scheme.other_headers.iter();
    let other_names = others.clone().map(|other| ident(&other.constant));
    let others = others.map(|other| {
        let (constant, name, env) = (ident(&other.constant), &other.name, &other.env);
        quote! {
            const #constant: spec::OtherHeader = spec::OtherHeader { name: #name, env: &[#(#env),*] };
        }
    });
    let kind = match &scheme.kind {
        SecuritySchemeKind::ApiKey {
            location: ParamLocation::Query,
            name,
        } => quote!(Query { name: #name }),
        SecuritySchemeKind::ApiKey {
            location: ParamLocation::Cookie,
            name,
        } => quote!(Cookie { name: #name }),
        SecuritySchemeKind::ApiKey { name, .. } => {
            let prefix = &scheme.prefix;
            quote!(Header { name: #name, prefix: #prefix })
        }
        SecuritySchemeKind::Bearer => quote!(Bearer),
        SecuritySchemeKind::Basic => quote!(Basic),
        SecuritySchemeKind::Other(_) => quote!(Other),
    };
    quote! {
        const #constant: spec::SecurityScheme = spec::SecurityScheme {
            id: #id,
            kind: spec::SchemeKind::#kind,
            env: &[#(#env),*],
            password_env: &[#(#password),*],
            other_headers: &[#(#other_names),*],
        };
        #(#others)*
    }
}

/// Returns the expression of an optional string.
fn option(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}
