//! Reads the text of YAML and JSON documents.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::{DeserializeSeed, Error as _};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::scan::check_yaml;
use super::visitor::{ReadState, ValueReader};
use crate::diag::{Diagnostic, Error, ErrorKind, SourceText};
use crate::hex::to_hex;
use crate::ir::Pointer;
use crate::limits::MAX_DOCUMENT_BYTES;
use crate::loader::too_large;
use crate::locator::{Locator, ReferencedFile, is_json, pointer_at_syntax_error};

/// A document as it was read, without overlay.
#[derive(Clone, Debug, Default)]
pub struct RawDocument {
    /// The parsed document. Keys keep their order.
    pub value: Value,
    /// The path or the URL of the document.
    pub path: PathBuf,
    /// The text, without byte order mark.
    pub text: Arc<str>,
    /// The SHA-256 of the bytes, in hexadecimal. With referenced files, that of the digests of all files.
    pub sha256: String,
    /// The files that references of the document lead to, which are parts of `value`.
    pub files: Arc<[ReferencedFile]>,
    /// Why references into other files are not resolved, by pointer.
    pub unresolved: Vec<(Pointer, Diagnostic)>,
    /// What could not be converted to OpenAPI 3.
    pub faults: Vec<Diagnostic>,
}

impl RawDocument {
    /// Returns path and text, for messages.
    pub fn source(&self) -> SourceText {
        SourceText {
            path: self.path.clone(),
            text: self.text.clone(),
            files: self.files.clone(),
        }
    }

    /// Returns a locator for the text.
    pub fn locator(&self) -> Locator {
        self.source().locator()
    }
}

/// Parses a document from its bytes. `path` is used in messages. If its extension is `json`, a document that starts
/// with `{` must be JSON.
///
/// # Errors
/// If the document is larger than [`MAX_DOCUMENT_BYTES`], is not valid YAML or JSON, or has an object with duplicate keys.
pub fn parse(path: &Path, bytes: impl Into<Vec<u8>>) -> Result<RawDocument, Error> {
    let bytes = bytes.into();
    if bytes.len() > MAX_DOCUMENT_BYTES {
        return Err(too_large(path));
    }
    let sha256 = to_hex(&Sha256::digest(&bytes));
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            return Err(Error::syntax_at(
                path,
                &text,
                offset,
                "the text is not UTF-8",
            ));
        }
    };
    let text: Arc<str> = text.strip_prefix('\u{feff}').unwrap_or(&text).into();
    let value = parse_text(path, &text)?;
    Ok(RawDocument {
        value,
        path: path.to_owned(),
        text,
        sha256,
        files: Arc::default(),
        unresolved: Vec::new(),
        faults: Vec::new(),
    })
}

fn parse_text(path: &Path, text: &Arc<str>) -> Result<Value, Error> {
    if !is_json(text) {
        return parse_yaml_text(path, text);
    }
    let state = ReadState::new(text.len());
    let result = parse_json(text, &state).map_err(|error| json_error(path, text, &error));
    let is_syntax_error = |error: &Error| matches!(error.kind(), ErrorKind::Syntax { .. });
    match diags_or_result(result, state, path, text) {
        // A flow mapping in YAML also starts with `{`.
        Err(json) if is_syntax_error(&json) && path.extension().is_none_or(|ext| ext != "json") => {
            parse_yaml_text(path, text).map_err(|yaml| match is_syntax_error(&yaml) {
                true => json,
                false => yaml,
            })
        }
        result => result,
    }
}

fn parse_yaml_text(path: &Path, text: &Arc<str>) -> Result<Value, Error> {
    check_yaml(path, text)?;
    let state = ReadState::new(text.len());
    let result = parse_yaml(text, &state).map_err(|error| yaml_error(path, text, &error));
    diags_or_result(result, state, path, text)
}

/// Returns the diagnostics if there are any. They include why reading stopped.
fn diags_or_result(
    result: Result<Value, Error>,
    state: ReadState,
    path: &Path,
    text: &Arc<str>,
) -> Result<Value, Error> {
    let diags = state.diags.into_inner();
    if diags.is_empty() {
        return result;
    }
    Err(Error::from_diagnostics(diags).with_source(SourceText::new(path, text.clone())))
}

fn parse_json(text: &str, state: &ReadState) -> Result<Value, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = ValueReader::root(state, false).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

fn parse_yaml(text: &str, state: &ReadState) -> Result<Value, serde_yaml::Error> {
    let mut documents = serde_yaml::Deserializer::from_str(text);
    let reader = ValueReader::root(state, true);
    let Some(first) = documents.next() else {
        return Ok(Value::Null);
    };
    let value = reader.deserialize(first)?;
    // A final `---` starts a second document, which is empty.
    if let Some(second) = documents.next()
        && !reader.deserialize(second)?.is_null()
    {
        return Err(serde_yaml::Error::custom(
            "the file contains more than one YAML document",
        ));
    }
    Ok(value)
}

fn json_error(path: &Path, text: &str, error: &serde_json::Error) -> Error {
    let message = error.to_string();
    // The position is shown in front of the message.
    let message = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(message, _)| message);
    let message = format!("{message} ({})", pointer_at_syntax_error(text));
    Error::syntax(path, text, error.line(), error.column(), message)
}

fn yaml_error(path: &Path, text: &str, error: &serde_yaml::Error) -> Error {
    let message = format!("{error} ({})", pointer_at_syntax_error(text));
    match error.location() {
        Some(location) => {
            let (line, column) = (location.line(), location.column());
            // The position is shown in front of the message.
            let position = format!(" at line {line} column {column}");
            let message = message.replacen(&position, "", 1);
            Error::syntax(path, text, line, column, message)
        }
        None => Error::syntax(path, text, 1, 1, message),
    }
}
