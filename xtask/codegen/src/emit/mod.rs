//! Prints a [`Plan`] as the files of a crate. Takes no decisions and cannot fail.

mod api;
mod attributes;
mod client;
mod guide;
mod idents;
mod imports;
mod items;
mod layout;
mod library;
mod manifest;
mod models;
mod module;
mod otlp;
mod readme;
mod request;
mod rust_file;
mod server;
mod type_list;
mod types;
mod width;

use crate::files::Files;
use crate::plan::{Layout, Plan};

/// Returns the files of the planned crate or module.
pub fn emit(plan: &Plan) -> Files {
    let mut files = Files::default();
    if plan.options.layout == Layout::Crate {
        files.insert("Cargo.toml".to_owned(), manifest::manifest(plan));
        files.insert("README.md".to_owned(), readme::readme(plan));
        files.insert("rustfmt.toml".to_owned(), width::rustfmt_config(plan));
        guide::emit_guide(plan, &mut files);
    }
    client::emit_client(plan, &mut files);
    server::emit_servers(plan, &mut files);
    library::emit_library(plan, &mut files);
    api::emit_api(plan, &mut files);
    models::emit_models(plan, &mut files);
    files
}
