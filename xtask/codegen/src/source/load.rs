//! The only reader of YAML and JSON.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::de::{DeserializeSeed, Error as _};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::visitor::{Node, Seen};
use crate::diag::{Error, SourceText};
use crate::hex::to_hex;
use crate::loader::{FileLoader, Loader as _, MAX_BYTES, too_large};

/// A document as it was read.
#[derive(Clone, Debug)]
pub struct RawDocument {
    /// What it says.
    pub value: Value,
    /// Where it came from.
    pub path: PathBuf,
    /// Its text, without byte order mark.
    pub text: Arc<str>,
    /// The SHA-256 of its bytes, in hex.
    pub sha256: String,
}

impl RawDocument {
    /// The text with its name, for messages.
    pub fn source(&self) -> SourceText {
        SourceText {
            path: self.path.clone(),
            text: self.text.clone(),
        }
    }

    /// Finds places in the text.
    pub fn locator(&self) -> super::Locator {
        super::Locator::new(&self.path, self.text.clone())
    }
}

/// Reads the document at `path`.
///
/// # Errors
/// When it cannot be read, is no YAML or JSON, or says something twice.
pub fn load(path: &Path) -> Result<RawDocument, Error> {
    parse(path, FileLoader.load(path)?)
}

/// Reads a document from its bytes, which came from `path`.
///
/// # Errors
/// When it is no YAML or JSON, or says something twice.
pub fn parse(path: &Path, bytes: impl Into<Vec<u8>>) -> Result<RawDocument, Error> {
    let bytes = bytes.into();
    if bytes.len() > MAX_BYTES {
        return Err(too_large(path));
    }
    let sha256 = to_hex(&Sha256::digest(&bytes));
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(why) => {
            let offset = why.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(why.as_bytes()).into_owned();
            return Err(Error::syntax_at(
                path,
                &text,
                offset,
                "the text is not UTF-8",
            ));
        }
    };
    let text: Arc<str> = text.strip_prefix('\u{feff}').unwrap_or(&text).into();
    let value = value(path, &text)?;
    Ok(RawDocument {
        value,
        path: path.to_owned(),
        text,
        sha256,
    })
}

/// Whether `text` is to be read as JSON, whatever the file is called.
pub(super) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

fn value(path: &Path, text: &Arc<str>) -> Result<Value, Error> {
    let seen = Seen::default();
    let value = if is_json(text) {
        match json(text, &seen) {
            Ok(value) => value,
            // What is nested too deep would only get slower to read.
            Err(_) if !seen.diags.borrow().is_empty() => Value::Null,
            // YAML's own flow style looks like JSON, too.
            Err(why) if path.extension().is_none_or(|ext| ext != "json") => {
                seen.nodes.set(0);
                yaml(text, &seen).map_err(|_| json_error(path, text, &why))?
            }
            Err(why) => return Err(json_error(path, text, &why)),
        }
    } else {
        yaml(text, &seen).map_err(|why| yaml_error(path, text, &why))?
    };
    let diags = seen.diags.into_inner();
    if diags.is_empty() {
        Ok(value)
    } else {
        Err(Error::from_diagnostics(diags).with_source(path, text))
    }
}

fn json(text: &str, seen: &Seen) -> Result<Value, serde_json::Error> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let value = Node::root(seen, false).deserialize(&mut reader)?;
    reader.end()?;
    Ok(value)
}

fn yaml(text: &str, seen: &Seen) -> Result<Value, serde_yaml::Error> {
    let mut documents = serde_yaml::Deserializer::from_str(text);
    let node = Node::root(seen, true);
    let Some(first) = documents.next() else {
        return Ok(Value::Null);
    };
    let value = node.deserialize(first)?;
    // A file may end in `---`: a second document of nothing.
    if let Some(more) = documents.next()
        && !node.deserialize(more)?.is_null()
    {
        return Err(serde_yaml::Error::custom(
            "there is more than one document in the file",
        ));
    }
    Ok(value)
}

fn json_error(path: &Path, text: &str, why: &serde_json::Error) -> Error {
    let message = why.to_string();
    let message = message
        .rsplit_once(" at line ")
        .map_or(message.as_str(), |(message, _)| message);
    let message = format!("{message} ({})", super::locate::reached(text));
    Error::syntax(path, text, why.line(), why.column(), message)
}

fn yaml_error(path: &Path, text: &str, why: &serde_yaml::Error) -> Error {
    let message = format!("{why} ({})", super::locate::reached(text));
    match why.location() {
        Some(place) => {
            let told = format!(" at line {} column {}", place.line(), place.column());
            Error::syntax(
                path,
                text,
                place.line(),
                place.column(),
                message.replacen(&told, "", 1),
            )
        }
        None => Error::syntax(path, text, 1, 1, message),
    }
}
