//! The root: `src/lib.rs` of a crate, `mod.rs` of a module.

use proc_macro2::TokenStream;
use quote::quote;

use super::attributes::cfg_feature;
use super::guide::{guide_export, guide_links, guide_module};
use super::items::parse_file;
use super::rust_file::insert_rust_file;
use crate::config::Example;
use crate::files::Files;
use crate::plan::{Layout, Plan};

pub(super) fn emit_library(plan: &Plan, files: &mut Files) {
    let path = "src/lib.rs".to_owned();
    let module = match plan.options.layout {
        Layout::Crate => crate_root(plan),
        Layout::Module(_) => module_root(plan),
    };
    insert_rust_file(plan, files, path, "", parse_file(module));
}

/// Returns the root of a module. `include!` does not accept inner attributes, so it has no docs.
fn module_root(plan: &Plan) -> TokenStream {
    let server = has_server_types(plan).then(|| {
        quote!(
            pub mod server;
        )
    });
    quote! {
        pub mod api;
        mod client;
        pub mod models;
        #server

        pub use self::client::{Client, ClientBuilder};
        pub use observatory_runtime::{Bytes, File, Number, Patch, Secret, Timestamp, Value};
        pub use observatory_runtime::{Error, RequestExt, Response, RetryPolicy};
    }
}

fn has_server_types(plan: &Plan) -> bool {
    !plan.client.server_types.is_empty()
}

fn crate_root(plan: &Plan) -> TokenStream {
    let server = has_server_types(plan).then(|| {
        quote! {
            #[cfg(feature = "client")]
            pub mod server;
        }
    });
    let ext = plan.has_ext.then(|| {
        quote!(
            mod ext;
        )
    });
    let feature = Some(plan.quick_start.feature.as_str()).filter(|feature| !feature.is_empty());
    let quick_start_cfg = cfg_feature(feature);
    let hidden = plan
        .shared_feature
        .iter()
        .map(|feature| quote!(#![cfg_attr(docsrs, doc(auto_cfg(hide(feature = #feature))))]));
    let example_links = example_links(plan);
    let guide_links = guide_links(plan);
    let (guide, guide_export) = (guide_module(plan), guide_export(plan));
    quote! {
        #![cfg_attr(docsrs, feature(doc_cfg))]
        #(#hidden)*
        #![allow(missing_docs, reason = "a doc comment that only repeats the name is not written")]
        #(#example_links)*
        #![cfg_attr(feature = "client", doc = "[`Client`] makes calls. [`api`] has the operations and types of each resource, [`models`] all types, and the [`guide`] a page on each topic.")]
        #![cfg_attr(not(doctest), doc = include_str!("../README.md"))]
        #![cfg_attr(feature = "client", doc = #guide_links)]

        #[cfg(feature = "client")]
        pub mod api;
        #[cfg(feature = "client")]
        mod client;
        #ext
        #guide
        pub mod models;
        #server

        #[cfg(feature = "client")]
        pub use client::{Client, ClientBuilder};
        pub use observatory_runtime as runtime;
        #guide_export
        pub use observatory_runtime::{Bytes, File, Number, Patch, Secret, Timestamp, Value};
        #[cfg(feature = "client")]
        pub use observatory_runtime::{Error, RequestExt, Response, RetryPolicy};

        /// Compiles the program in the README.
        #[cfg(all(doctest, feature = "client"))]
        #quick_start_cfg
        #[doc = include_str!("../README.md")]
        pub struct Readme;
    }
}

/// Returns the targets of the README's links to `examples` for the docs of the crate: paths of the repository lead nowhere
/// on docs.rs. Markdown takes the first target that is defined.
fn example_links(plan: &Plan) -> Vec<TokenStream> {
    let package = &plan.options.package;
    let source = format!("https://docs.rs/crate/{package}/latest/source/examples");
    let links = plan.examples.iter().map(|Example { name, .. }| {
        let link = format!("[{name}]: {source}/{name}.rs");
        quote!(#![cfg_attr(not(doctest), doc = #link)])
    });
    links.collect()
}
