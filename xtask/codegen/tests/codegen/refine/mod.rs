//! What the passes of `refine` decide, a rule a test.

mod operations;
mod types;

use observatory_codegen::config::Config;
use observatory_codegen::diag::Error;
use observatory_codegen::ir::Api;
use observatory_codegen::refine;

use crate::ir_text::lower_document;

/// Lowers and refines a document with the given `vendor.toml`.
fn refine_document(document: &str, config: &str) -> Result<Api, Error> {
    let config = Config::parse(std::path::Path::new("vendor.toml"), config)?;
    let (mut api, _) = lower_document(document)?;
    refine::run(&mut api, &config);
    Ok(api)
}
