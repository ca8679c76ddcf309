//! The documents that everybody is measured with, and the same several times over.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use observatory_codegen::diag::Error;
use observatory_codegen::source;
use xtask::repository::VendorFolder;

/// A document.
#[derive(Clone, Debug)]
pub struct Document {
    /// What tables call it.
    pub name: String,
    /// What folders and crates are called.
    pub slug: String,
    /// Where it is.
    pub path: PathBuf,
    /// How large.
    pub bytes: f64,
    /// Whether it is as its vendor published it, with all its prose.
    pub published: bool,
    /// The feature of our crate that logs traces.
    pub resource: Option<String>,
}

/// The published documents, and what part of a crate logs traces.
const PUBLISHED: [(&str, &str, &str); 5] = [
    ("adaline", "json", "logs"),
    ("galileo", "yaml", "trace"),
    ("helicone", "json", "trace"),
    ("langfuse", "yaml", "ingestion"),
    ("opik", "yaml", "traces"),
];

/// The documents in `folder`, if there is one, and those of the repository; the smallest first.
///
/// # Errors
/// When one of them cannot be read.
pub fn documents(folder: Option<&Path>) -> Result<Vec<Document>, Error> {
    let mut found = Vec::new();
    for (name, extension, resource) in PUBLISHED {
        if let Some(folder) = folder {
            let path = folder.join(format!("{name}.{extension}"));
            found.push(document(name, name, path, Some(resource))?);
        }
    }
    for vendor in VendorFolder::find(&[])? {
        let (name, slug) = (
            format!("{}, pinned", vendor.name),
            format!("{}-pinned", vendor.name),
        );
        found.push(document(&name, &slug, vendor.document(), None)?);
    }
    found.sort_by(|a, b| a.bytes.total_cmp(&b.bytes));
    Ok(found)
}

fn document(
    name: &str,
    slug: &str,
    path: PathBuf,
    resource: Option<&str>,
) -> Result<Document, Error> {
    let size = fs::metadata(&path).map_err(|why| Error::io(&path, &why))?;
    Ok(Document {
        name: name.to_owned(),
        slug: slug.to_owned(),
        path,
        bytes: size.len() as f64,
        published: resource.is_some(),
        resource: resource.map(str::to_owned),
    })
}

/// Writes the document to `to` as often as it says, each time with other names: schemas, paths, operations and tags.
///
/// # Errors
/// When it cannot be read, or the disk refuses.
pub fn several(document: &Path, times: usize, to: &Path) -> Result<(), Error> {
    let once = source::load(document)?.value;
    let mut all = once.clone();
    for copy in 2..=times {
        let mut other = once.clone();
        rename(&mut other, copy);
        for part in ["/paths", "/components/schemas"] {
            let Some(added) = other.pointer_mut(part).and_then(Value::as_object_mut) else {
                continue;
            };
            let added = std::mem::take(added);
            if let Some(object) = all.pointer_mut(part).and_then(Value::as_object_mut) {
                let named = |key: String| match part {
                    "/paths" => format!("/copy{copy}{key}"),
                    _ => format!("{key}{}", suffix(copy)),
                };
                object.extend(added.into_iter().map(|(key, value)| (named(key), value)));
            }
        }
    }
    let text = serde_yaml::to_string(&all)
        .map_err(|why| Error::io(to, &std::io::Error::other(why.to_string())))?;
    fs::write(to, text).map_err(|why| Error::io(to, &why))
}

/// Letters, since a number could make one name of two.
fn suffix(copy: usize) -> String {
    format!("Copy{}", "I".repeat(copy))
}

/// Gives everything that is named, and everything that names it, another name.
fn rename(value: &mut Value, copy: usize) {
    match value {
        Value::Object(object) => rename_in(object, copy),
        Value::Array(items) => items.iter_mut().for_each(|item| rename(item, copy)),
        _ => {}
    }
}

fn rename_in(object: &mut Map<String, Value>, copy: usize) {
    for (key, value) in object.iter_mut() {
        match (key.as_str(), &mut *value) {
            ("$ref", Value::String(text)) if text.starts_with("#/components/schemas/") => {
                text.push_str(&suffix(copy));
            }
            ("operationId", Value::String(text)) => text.push_str(&suffix(copy)),
            ("tags", Value::Array(tags)) => {
                for tag in tags {
                    if let Value::String(text) = tag {
                        text.push_str(&suffix(copy));
                    }
                }
            }
            ("mapping", Value::Object(mapping)) => {
                for name in mapping.values_mut() {
                    if let Value::String(text) = name {
                        text.push_str(&suffix(copy));
                    }
                }
            }
            _ => rename(value, copy),
        }
    }
}
