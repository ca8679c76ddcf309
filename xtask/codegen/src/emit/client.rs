//! `src/client.rs` and `src/lib.rs`.

use proc_macro2::TokenStream;
use quote::quote;

use super::nodes::{docs, docs_of};
use super::tokens::ident;
use super::{parsed, print};
use crate::files::Files;
use crate::ir::{ParamLocation, SchemeKind};
use crate::plan::{Constructor, Layout, Plan, SchemePlan, ServerPlan};

pub(super) fn emit(plan: &Plan, files: &mut Files) {
    print(
        plan,
        files,
        "src/client.rs".to_owned(),
        "",
        parsed(client(plan)),
    );
    print(
        plan,
        files,
        "src/lib.rs".to_owned(),
        "",
        parsed(library(plan)),
    );
}

/// The `mod.rs` of a module: what `include!` accepts, so no inner attributes.
fn module_root() -> TokenStream {
    quote! {
        pub mod api;
        mod client;
        pub mod models;

        pub use self::client::{Client, ClientBuilder};
        pub use observatory_runtime::{Bytes, File, Number, Patch, Secret, Timestamp, Value};
        pub use observatory_runtime::{Error, RequestExt, Response, RetryPolicy};
    }
}

fn library(plan: &Plan) -> TokenStream {
    if plan.options.layout != Layout::Crate {
        return module_root();
    }
    let ext = plan.ext.then(|| {
        quote!(
            mod ext;
        )
    });
    let feature = &plan.quick_start.feature;
    let of_resource = (!feature.is_empty()).then(|| quote!(#[cfg(feature = #feature)]));
    quote! {
        #![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
        #![cfg_attr(feature = "client", doc = "\n# Guide\n\nHow calls behave, the [`guide`] says in a page each: [retries](guide::retry), [times](guide::timeout), [errors](guide::errors), [pages](guide::pages), [streams and uploads](guide::streams), [calls without async](guide::blocking), [layers](guide::transport), [tests](guide::testing), [security](guide::security).")]

        #[cfg(feature = "client")]
        pub mod api;
        #[cfg(feature = "client")]
        mod client;
        #ext
        pub mod models;

        #[cfg(feature = "client")]
        pub use client::{Client, ClientBuilder};
        pub use observatory_runtime as runtime;
        #[cfg(feature = "client")]
        #[doc(inline)]
        pub use observatory_runtime::guide;
        pub use observatory_runtime::{Bytes, File, Number, Patch, Secret, Timestamp, Value};
        #[cfg(feature = "client")]
        pub use observatory_runtime::{Error, RequestExt, Response, RetryPolicy};

        /// The program in the README compiles.
        #[cfg(all(doctest, feature = "client"))]
        #of_resource
        #[doc = include_str!("../README.md")]
        pub struct Readme;
    }
}

fn client(plan: &Plan) -> TokenStream {
    let title = &plan.shown_title;
    let head = docs_of(&format!("A client of the {title} API. Cheap to clone."));
    let builder = docs_of(&format!("Sets up a [`Client`] of the {title} API."));
    let new = constructor(plan);
    let secret = new.is_some().then(|| {
        quote!(
            use observatory_runtime::Secret;
        )
    });
    let env = from_env_docs(plan);
    let root = super::root(plan);
    let handles = plan.resources.iter().map(|resource| {
        let (docs, feature) = (docs(&resource.docs), &resource.feature);
        let (name, handle) = (ident(&resource.module), ident(&resource.handle));
        quote! {
            #(#docs)*
            #[cfg(feature = #feature)]
            pub fn #name(&self) -> #root::api::#handle {
                #root::api::#handle::new(&self.0)
            }
        }
    });
    let servers = plan.client.servers.iter().map(server);
    let schemes = plan.client.schemes.iter().map(scheme);
    let api = api_table(plan);
    quote! {
        use observatory_runtime::Error;
        #secret
        use observatory_runtime::spec;

        #(#head)*
        #[derive(Clone, Debug)]
        pub struct Client(observatory_runtime::Client);

        #(#builder)*
        pub type ClientBuilder = observatory_runtime::ClientBuilder<Client>;

        impl Client {
            #new

            #(#env)*
            pub fn from_env() -> Result<Self, Error> {
                Self::builder().from_env()?.build()
            }

            /// Everything that can be set.
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

/// `Client::new` takes what the API wants: a key, or a user's name and password.
fn constructor(plan: &Plan) -> Option<TokenStream> {
    let (what, when, method) = match plan.client.constructor()? {
        Constructor::Key => (
            "this key",
            "the key cannot travel in a header",
            quote! {
                pub fn new(api_key: impl Into<Secret>) -> Result<Self, Error> {
                    Self::builder().api_key(api_key).build()
                }
            },
        ),
        Constructor::Password => (
            "a user's name and password",
            "the name holds a colon, which would end it",
            quote! {
                pub fn new(user: impl Into<String>, password: impl Into<Secret>) -> Result<Self, Error> {
                    Self::builder().basic_auth(user, password).build()
                }
            },
        ),
    };
    let mut lines = vec![format!("A client that proves itself with {what}.")];
    for line in &plan.client.auth_docs {
        lines.extend([String::new(), line.clone()]);
    }
    let errors = format!("When {when}, or the HTTP transport cannot start.");
    lines.extend(["", "# Errors", "", &errors].map(str::to_owned));
    let docs = docs(&lines);
    Some(quote!(#(#docs)* #method))
}

fn from_env_docs(plan: &Plan) -> Vec<syn::Attribute> {
    let mut lines = vec![
        "A client set up from the environment.".to_owned(),
        String::new(),
    ];
    if plan.client.env_docs.is_empty() {
        lines.push(
            "No variable is known for this API, so this is a client without a credential."
                .to_owned(),
        );
    }
    lines.extend(plan.client.env_docs.iter().cloned());
    lines.extend(
        [
            "",
            "# Errors",
            "",
            "When no credential is found, or one cannot be used.",
        ]
        .map(str::to_owned),
    );
    docs(&lines)
}

fn api_table(plan: &Plan) -> TokenStream {
    let title = &plan.title;
    let servers = plan
        .client
        .servers
        .iter()
        .map(|server| ident(&server.constant));
    let schemes = plan
        .client
        .schemes
        .iter()
        .map(|scheme| ident(&scheme.constant));
    let base = &plan.client.base_url;
    let (env, suffix) = (&base.env, option(base.suffix.as_deref()));
    let derive = match &base.derive {
        None => quote!(None),
        Some(derive) => {
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
            quote!(Some(spec::DerivedUrl { env: #env, rules: &[#(#rules),*] }))
        }
    };
    let ids = &plan.client.request_id_headers;
    quote! {
        static API: spec::Api = spec::Api {
            title: #title,
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")),
            servers: &[#(#servers),*],
            base_url: spec::BaseUrl { env: &[#(#env),*], suffix: #suffix, derive: #derive },
            schemes: &[#(#schemes),*],
            request_id_headers: &[#(#ids),*],
        };
    }
}

fn server(server: &ServerPlan) -> TokenStream {
    let (name, url) = (&server.name, &server.url);
    let (constant, prefix) = (
        ident(&server.constant),
        option(server.key_prefix.as_deref()),
    );
    quote! {
        const #constant: spec::Server = spec::Server { name: #name, url: #url, key_prefix: #prefix };
    }
}

fn scheme(scheme: &SchemePlan) -> TokenStream {
    let constant = ident(&scheme.constant);
    let (id, env, password) = (&scheme.id, &scheme.env, &scheme.password_env);
    let kind = match &scheme.kind {
        SchemeKind::ApiKey {
            location: ParamLocation::Query,
            name,
        } => quote!(Query { name: #name }),
        SchemeKind::ApiKey {
            location: ParamLocation::Cookie,
            name,
        } => quote!(Cookie { name: #name }),
        SchemeKind::ApiKey { name, .. } => {
            let prefix = &scheme.prefix;
            quote!(Header { name: #name, prefix: #prefix })
        }
        SchemeKind::Bearer => quote!(Bearer),
        SchemeKind::Basic => quote!(Basic),
        SchemeKind::Other(_) => quote!(Other),
    };
    quote! {
        const #constant: spec::Scheme = spec::Scheme {
            id: #id,
            kind: spec::SchemeKind::#kind,
            env: &[#(#env),*],
            password_env: &[#(#password),*],
        };
    }
}

fn option(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(Some(#text)),
        None => quote!(None),
    }
}
