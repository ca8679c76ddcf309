//! The documents of the benchmark, and copies of a document's content.

use std::fs;
use std::path::{Path, PathBuf};

use observatory_codegen::diag::Error;
use observatory_codegen::source;
use serde_json::{Map, Value};
use xtask::repository::VendorFolder;

/// A document to generate a crate from.
#[derive(Clone, Debug)]
pub(crate) struct BenchDocument {
    /// The name in tables.
    pub(crate) name: String,
    /// The name in folders and crate names.
    pub(crate) slug: String,
    pub(crate) path: PathBuf,
    /// The size in bytes.
    pub(crate) bytes: f64,
    /// Whether it is the vendor's file with all descriptions, and not the pinned one of the repository.
    pub(crate) is_published: bool,
    /// The feature of the generated crate that logs traces.
    pub(crate) trace_feature: Option<String>,
}

/// The published documents: the name, the file extension, and the feature that logs traces.
const PUBLISHED: [(&str, &str, &str); 5] = [
    ("adaline", "json", "logs"),
    ("galileo", "yaml", "trace"),
    ("helicone", "json", "trace"),
    ("langfuse", "yaml", "ingestion"),
    ("opik", "yaml", "traces"),
];

/// Returns the published documents of `folder` and the pinned ones of the repository, sorted by size.
///
/// # Errors
/// When a document cannot be read.
pub(crate) fn find_documents(folder: Option<&Path>) -> Result<Vec<BenchDocument>, Error> {
    let mut found = Vec::new();
    if let Some(folder) = folder {
        for (name, extension, feature) in PUBLISHED {
            let path = folder.join(format!("{name}.{extension}"));
            found.push(new_document(name, name, path, Some(feature))?);
        }
    }
    for vendor in VendorFolder::find(&[])? {
        let name = format!("{}, pinned", vendor.name);
        let slug = format!("{}-pinned", vendor.name);
        let path = vendor.document();
        found.push(new_document(&name, &slug, path, None)?);
    }
    found.sort_by(|a, b| a.bytes.total_cmp(&b.bytes));
    Ok(found)
}

fn new_document(
    name: &str,
    slug: &str,
    path: PathBuf,
    trace_feature: Option<&str>,
) -> Result<BenchDocument, Error> {
    let metadata = fs::metadata(&path).map_err(|error| Error::io(&path, &error))?;
    Ok(BenchDocument {
        name: name.to_owned(),
        slug: slug.to_owned(),
        path,
        bytes: metadata.len() as f64,
        is_published: trace_feature.is_some(),
        trace_feature: trace_feature.map(str::to_owned),
    })
}

/// Writes a document with `copies` copies of its content to `out`. Each copy has its own names of schemas, paths,
/// operations and tags.
///
/// # Errors
/// When the document cannot be read or the file cannot be written.
pub(crate) fn write_copies(document: &Path, copies: usize, out: &Path) -> Result<(), Error> {
    let original = source::load(document)?.value;
    let mut all = original.clone();
    for number in 2..=copies {
        let mut copy = original.clone();
        rename(&mut copy, number);
        for part in ["/paths", "/components/schemas"] {
            let Some(entries) = copy.pointer_mut(part).and_then(Value::as_object_mut) else {
                continue;
            };
            let entries = std::mem::take(entries);
            if let Some(object) = all.pointer_mut(part).and_then(Value::as_object_mut) {
                let new_key = |key: String| match part {
                    "/paths" => format!("/copy{number}{key}"),
                    _ => format!("{key}{}", name_suffix(number)),
                };
                let entries = entries.into_iter();
                object.extend(entries.map(|(key, value)| (new_key(key), value)));
            }
        }
    }
    let text =
        serde_yaml::to_string(&all).map_err(|error| Error::io_message(out, error.to_string()))?;
    fs::write(out, text).map_err(|error| Error::io(out, &error))
}

/// Returns the suffix of a copy's names. It has no digits: names that differ in digits only may become equal in Rust.
fn name_suffix(number: usize) -> String {
    format!("Copy{}", "I".repeat(number))
}

/// Appends the suffix of a copy to all names and references.
fn rename(value: &mut Value, number: usize) {
    match value {
        Value::Object(object) => rename_in_object(object, number),
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, number)),
        _ => {}
    }
}

fn rename_in_object(object: &mut Map<String, Value>, number: usize) {
    let suffix = name_suffix(number);
    let push_suffix = |value: &mut Value| {
        if let Value::String(text) = value {
            text.push_str(&suffix);
        }
    };
    for (key, value) in object.iter_mut() {
        match (key.as_str(), &mut *value) {
            ("$ref", Value::String(text)) if text.starts_with("#/components/schemas/") => {
                text.push_str(&suffix);
            }
            ("operationId", name @ Value::String(_)) => push_suffix(name),
            ("tags", Value::Array(tags)) => tags.iter_mut().for_each(push_suffix),
            ("mapping", Value::Object(mapping)) => mapping.values_mut().for_each(push_suffix),
            _ => rename(value, number),
        }
    }
}
