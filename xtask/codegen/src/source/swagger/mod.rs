//! Converts Swagger 2.0 to OpenAPI 3.0, before any other stage sees the document.
//!
//! Overlay and configuration refer to the converted document. Each part that moved remembers where it was, so that
//! diagnostics show the lines of the document as it was published. What has no equivalent in OpenAPI 3 is reported.

mod body;
mod convert;
mod document;
mod operation;
mod parameter;
mod references;
mod response;
mod security;

use std::sync::Arc;

use serde_json::Value;

use super::load::RawDocument;
use crate::ir::Pointer;
use crate::locator::{Mount, ReferencedFile};
use convert::Converter;

/// Returns the document as OpenAPI 3.0 if it is Swagger 2.0, and any other document unchanged.
pub fn convert_swagger(raw: RawDocument) -> RawDocument {
    let version = raw.value.get("swagger");
    let is_swagger_2 = match version {
        Some(Value::String(version)) => version.trim().starts_with('2'),
        Some(Value::Number(version)) => version.as_f64() == Some(2.0),
        _ => false,
    };
    if !is_swagger_2 || !raw.value.is_object() {
        return raw;
    }
    let mut converter = Converter::new(&raw.value);
    let mut value = converter.convert_document();
    let Converter {
        mounts, mut faults, ..
    } = converter;
    references::rewrite_references(&mut value, &mounts);
    let files = with_mounts(&raw, mounts);
    let unresolved = raw.unresolved.iter();
    faults.extend(raw.faults.iter().cloned());
    RawDocument {
        unresolved: unresolved
            .map(|(at, diag)| (converted_pointer(&files, at), diag.clone()))
            .collect(),
        value,
        files,
        faults,
        ..raw
    }
}

/// Returns the files of a document whose parts have moved. The document itself is one of them.
fn with_mounts(raw: &RawDocument, mounts: Vec<Mount>) -> Arc<[ReferencedFile]> {
    let mut own = ReferencedFile {
        path: raw.path.clone(),
        text: raw.text.clone(),
        mounts: Vec::new(),
    };
    let mut files = raw.files.to_vec();
    for Mount { at, in_file } in mounts {
        let found = files.iter_mut().find_map(|file| {
            let mut known = file.mounts.iter();
            let pointer = known.find_map(|mount| mount.pointer_in_file(&in_file))?;
            Some((file, pointer))
        });
        match found {
            Some((file, in_file)) => file.mounts.push(Mount { at, in_file }),
            None => own.mounts.push(Mount { at, in_file }),
        }
    }
    files.push(own);
    Arc::from(files)
}

/// Returns the place of a node after the conversion.
fn converted_pointer(files: &[ReferencedFile], at: &Pointer) -> Pointer {
    let own = files.last().map(|file| file.mounts.as_slice());
    references::moved_pointer(own.unwrap_or_default(), at).unwrap_or_else(|| at.clone())
}
