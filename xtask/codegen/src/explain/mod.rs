//! Explains what was generated from one part of a document, why, and in which file.

mod explainer;
mod find;
mod reasons;

use crate::config::Config;
use crate::diag::{Code, Error};
use crate::emit::emit;
use crate::pipeline::PlannedDocument;
use explainer::Explainer;
use find::{find_items, similar_names};

/// Explains every part of the document that `name` names: an `operationId`, `METHOD /path`, a schema, a Rust name or a
/// JSON pointer. `crate_dir` is the crate's folder as messages show it.
///
/// # Errors
/// When nothing has that name. The help names the most similar ones.
pub fn explain(
    planned: &PlannedDocument,
    config: &Config,
    crate_dir: &str,
    name: &str,
) -> Result<String, Error> {
    let document = &planned.plan.options.document;
    let items = find_items(planned, name);
    if items.is_empty() {
        let message = format!("{document} has no `{}`", name.escape_debug());
        let similar = similar_names(planned, name).join("`, or `");
        let help = (!similar.is_empty()).then(|| format!("did you mean `{similar}`?"));
        return Err(Error::new(Code::Config, message, help.as_deref()));
    }
    let files = emit(&planned.plan);
    let explainer = Explainer {
        planned,
        config,
        files: &files,
        document,
        crate_dir,
        locator: planned.raw.locator(),
    };
    let texts: Vec<String> = items
        .iter()
        .map(|item| explainer.explain(*item).trim_end().to_owned())
        .collect();
    Ok(texts.join("\n\n"))
}
