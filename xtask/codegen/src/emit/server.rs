//! `src/server.rs`: the servers whose URLs have variables.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::{docs, literal_tokens};
use super::idents::ident;
use super::items::parse_file;
use super::rust_file::insert_rust_file;
use crate::files::Files;
use crate::plan::{Plan, ServerTypePlan, ServerVariablePlan, UrlPiece, VariableKind};

pub(super) fn emit_servers(plan: &Plan, files: &mut Files) {
    if plan.client.server_types.is_empty() {
        return;
    }
    let path = "src/server.rs".to_owned();
    insert_rust_file(
        plan,
        files,
        path,
        "#/servers",
        parse_file(server_module(plan)),
    );
}

fn server_module(plan: &Plan) -> TokenStream {
    let servers = &plan.client.server_types;
    let functions = servers.iter().map(|server| {
        let (docs, name) = (docs(&server.docs), ident(&server.function));
        let ty = ident(&server.type_name);
        quote! {
            #(#docs)*
            pub fn #name() -> #ty {
                #ty::default()
            }
        }
    });
    let types = servers.iter().map(server_type);
    let choices = servers.iter().flat_map(|server| &server.variables);
    let mut names = BTreeSet::new();
    let choices = choices.filter(|variable| names.insert(variable_type(variable).to_string()));
    let choices: Vec<TokenStream> = choices.filter_map(choice_type).collect();
    let import = (!choices.is_empty()).then(|| {
        quote!(
            use observatory_runtime::StringEnum;
        )
    });
    let docs = docs(&[
        "The servers of the API. Each one is a base URL, for [`ClientBuilder::base_url`] or for [`RequestExt::base_url`].",
        "",
        "[`ClientBuilder::base_url`]: observatory_runtime::ClientBuilder::base_url",
        "[`RequestExt::base_url`]: observatory_runtime::RequestExt::base_url",
    ]);
    quote! {
        #import

        #(#docs)*
        #[derive(Clone, Copy, Debug)]
        pub struct Server;

        impl Server {
            #(#functions)*
        }

        #(#types)*
        #(#choices)*
    }
}

/// Returns the type of one server: its variables, with a setter for each.
fn server_type(server: &ServerTypePlan) -> TokenStream {
    let (docs, ty) = (docs(&server.docs), ident(&server.type_name));
    let fields = server.variables.iter().map(|variable| {
        let (name, ty) = (ident(&variable.name), variable_type(variable));
        quote!(#name: #ty)
    });
    let defaults = server.variables.iter().map(|variable| {
        let name = ident(&variable.name);
        let default = match &variable.kind {
            VariableKind::Text(text) => quote!(#text.to_owned()),
            VariableKind::Choice {
                type_name, default, ..
            } => {
                let (ty, default) = (ident(type_name), ident(default));
                quote!(#ty::#default)
            }
        };
        quote!(#name: #default)
    });
    let setters = server.variables.iter().map(setter);
    let pieces = server.pieces.iter().map(|piece| match piece {
        UrlPiece::Text(text) => quote!(#text),
        UrlPiece::Variable(index) => match server.variables.get(*index) {
            Some(variable) => {
                let name = ident(&variable.name);
                quote!(self.#name.as_str())
            }
            None => quote!(""),
        },
    });
    let derive = server.variables.is_empty().then(|| quote!(, Default));
    let default = (!server.variables.is_empty()).then(|| {
        quote! {
            impl Default for #ty {
                fn default() -> Self {
                    Self { #(#defaults),* }
                }
            }
        }
    });
    quote! {
        #(#docs)*
        #[derive(Clone, Debug, PartialEq, Eq #derive)]
        pub struct #ty { #(#fields),* }

        #default

        impl #ty {
            #(#setters)*

            /// Returns the base URL.
            pub fn url(&self) -> String {
                let pieces = [#(#pieces),*];
                pieces.concat()
            }
        }

        impl From<#ty> for String {
            fn from(server: #ty) -> Self {
                server.url()
            }
        }
    }
}

fn variable_type(variable: &ServerVariablePlan) -> TokenStream {
    match &variable.kind {
        VariableKind::Text(_) => quote!(String),
        VariableKind::Choice { type_name, .. } => {
            let ty = ident(type_name);
            quote!(#ty)
        }
    }
}

fn setter(variable: &ServerVariablePlan) -> TokenStream {
    let (docs, name) = (docs(&variable.docs), ident(&variable.name));
    let ty = variable_type(variable);
    let (argument, value) = match &variable.kind {
        VariableKind::Text(_) => (quote!(impl Into<String>), quote!(#name.into())),
        VariableKind::Choice { .. } => (ty, quote!(#name)),
    };
    quote! {
        #(#docs)*
        #[must_use]
        pub fn #name(mut self, #name: #argument) -> Self {
            self.#name = #value;
            self
        }
    }
}

/// Returns the enum of a variable's values.
fn choice_type(variable: &ServerVariablePlan) -> Option<TokenStream> {
    let VariableKind::Choice {
        type_name,
        values,
        fallback,
        ..
    } = &variable.kind
    else {
        return None;
    };
    let ty_docs = docs(&variable.docs);
    let (ty, fallback) = (ident(type_name), ident(fallback));
    let values = values.iter().map(|value| {
        let (docs, name, wire_value) = (
            docs(&value.docs),
            ident(&value.name),
            literal_tokens(&value.wire_value),
        );
        quote!(#(#docs)* #[wire(#wire_value)] #name)
    });
    let other = docs(&["A value that this version of the crate does not list."]);
    Some(quote! {
        #(#ty_docs)*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, StringEnum)]
        #[non_exhaustive]
        pub enum #ty {
            #(#values,)*
            #(#other)*
            #fallback(String),
        }
    })
}
