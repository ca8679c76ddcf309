//! Explains what was generated from one part of a document, why, and where.

mod find;
mod tell;
mod why;

use crate::config::Config;
use crate::diag::{Code, Error};
use crate::emit::emit;
use crate::pipeline::PlannedDocument;

/// Explains every part of the document that `what` names: an `operationId`, `METHOD /path`, a schema, a Rust name or a
/// JSON pointer. `crate_dir` is the crate's folder as it is shown to the user.
///
/// # Errors
/// When nothing has that name; the help names the nearest one.
pub fn explain(
    planned: &PlannedDocument,
    config: &Config,
    crate_dir: &str,
    what: &str,
) -> Result<String, Error> {
    let found = find::find(planned, what);
    if found.is_empty() {
        let document = &planned.plan.options.document;
        let message = format!("{document} has no `{}`", what.escape_debug());
        let help = find::similar(planned, what).map(|name| format!("did you mean `{name}`?"));
        return Err(Error::new(Code::Config, message, help.as_deref()));
    }
    let files = emit(&planned.plan);
    let teller = tell::Teller {
        side: planned,
        files: &files,
        config,
        document: &planned.plan.options.document,
        krate: crate_dir,
        locator: planned.raw.locator(),
    };
    let texts: Vec<String> = found
        .iter()
        .map(|thing| teller.tell(*thing).trim_end().to_owned())
        .collect();
    Ok(texts.join("\n\n"))
}
