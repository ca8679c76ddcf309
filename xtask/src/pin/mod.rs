//! Pinning: a vendor's published document → the interface facts in it.
//!
//! Which operations there are, what travels and how is a fact; how the vendor tells it is the vendor's text. What is
//! kept is an open list, what goes a closed one: prose, examples, and extensions. Whoever vendors a document they may
//! copy keeps the prose with `--keep-docs`.

mod facts;
mod record;

use serde_json::Value;

pub use facts::{KEPT_EXTENSIONS, facts};
pub use record::{Origin, record};

use observatory_codegen::diag::{Code, Diagnostic, Error};
use observatory_codegen::ir::Pointer;
use observatory_codegen::source::{RawDocument, parse};

/// The text of the pinned document under `head`, a comment.
///
/// # Errors
/// When the document is not OpenAPI 3, or would not read back as it was written.
pub fn pin(raw: &RawDocument, head: &str, keep_docs: bool) -> Result<String, Error> {
    let located = |error: Error| error.with_source(&raw.path, &raw.text);
    version(&raw.value).map_err(|diag| located(diag.into()))?;
    let facts = facts(&raw.value, keep_docs);
    let body = serde_yaml::to_string(&facts).map_err(|why| {
        Error::new(
            Code::Internal,
            format!("the document cannot be written as YAML: {why}"),
            None,
        )
    })?;
    let head: String = head.lines().map(|line| format!("# {line}\n")).collect();
    let text = head + &body;
    // A pinned document that says something else than the published one would be worse than none.
    if parse(&raw.path, text.as_bytes())?.value == facts {
        Ok(text)
    } else {
        let message = format!(
            "{}: the document does not survive being written as YAML",
            raw.path.display()
        );
        Err(Error::new(Code::Internal, message, None))
    }
}

/// Whether it is OpenAPI 3 at all; what else may be wrong with it, an overlay can mend.
fn version(document: &Value) -> Result<(), Diagnostic> {
    let wrong = |at: Pointer, message: &str| {
        Err(Diagnostic::new(Code::UnsupportedVersion, &at, message)
            .with_help("OpenAPI 3.0 and 3.1 can be pinned"))
    };
    let root = Pointer::root();
    match document
        .get("openapi")
        .map(|version| version.as_str().unwrap_or_default())
    {
        Some(version) if version.starts_with("3.0") || version.starts_with("3.1") => Ok(()),
        Some(_) => wrong(root.join("openapi"), "the version is neither 3.0 nor 3.1"),
        None if document.get("swagger").is_some() => {
            wrong(root.join("swagger"), "the document is Swagger 2")
        }
        None => wrong(root, "this is no OpenAPI document: `openapi` is missing"),
    }
}
