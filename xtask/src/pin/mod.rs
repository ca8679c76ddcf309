//! Pins a vendor's published document: keeps the interface that it describes, and removes its prose.
//!
//! Operations, parameters, schemas and other parts of the interface are kept. Descriptions, examples and extensions are
//! the vendor's text: they are removed, unless the license allows copying and `--keep-docs` asks for it.

mod origin;
mod prose;
mod yaml;

use serde_json::Value;

pub use origin::{OriginArgs, write_origin};
pub use prose::strip_prose;

use observatory_codegen::diag::{Code, Diagnostic, Error};
use observatory_codegen::ir::Pointer;
use observatory_codegen::source::{RawDocument, parse};

/// Returns the text of the pinned document below `header`, which becomes a comment.
///
/// # Errors
/// When the document is not OpenAPI 3, or does not read back unchanged from YAML.
pub fn pin_document(raw: &RawDocument, header: &str, keep_docs: bool) -> Result<String, Error> {
    check_version(&raw.value)
        .map_err(|diagnostic| Error::from(diagnostic).with_source(raw.source()))?;
    let pinned = strip_prose(&raw.value, keep_docs);
    let body = yaml::to_yaml(&pinned).map_err(|error| {
        let message = format!("the document cannot be written as YAML: {error}");
        Error::new(Code::Internal, message, None)
    })?;
    let header: String = header.lines().map(|line| format!("# {line}\n")).collect();
    let text = header + &body;
    if parse(&raw.path, text.as_bytes())?.value == pinned {
        Ok(text)
    } else {
        let path = raw.path.display();
        let message = format!("{path}: the document does not read back unchanged from YAML");
        Err(Error::new(Code::Internal, message, None))
    }
}

/// Checks that the document is OpenAPI 3.0, 3.1 or 3.2. Other faults are left to the generator, since an overlay can correct
/// them.
fn check_version(document: &Value) -> Result<(), Diagnostic> {
    let unsupported = |at: Pointer, message: &str| {
        Err(Diagnostic::new(Code::UnsupportedVersion, &at, message)
            .with_help("use an OpenAPI 3.0, 3.1 or 3.2 document"))
    };
    let root = Pointer::root();
    match document
        .get("openapi")
        .map(|version| version.as_str().unwrap_or_default())
    {
        Some(version)
            if ["3.0", "3.1", "3.2"]
                .iter()
                .any(|known| version.starts_with(known)) =>
        {
            Ok(())
        }
        Some(_) => unsupported(
            root.join("openapi"),
            "the OpenAPI version is not 3.0, 3.1 or 3.2",
        ),
        None if document.get("swagger").is_some() => {
            unsupported(root.join("swagger"), "the Swagger version is not 2.0")
        }
        None => unsupported(root, "the document has no `openapi` key"),
    }
}
