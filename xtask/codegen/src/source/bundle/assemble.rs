//! Puts the parts of other files into the document.

use std::sync::Arc;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::bundler::{BundledFile, Bundler, DOCUMENT, FileNode, tokens};
use crate::diag::Diagnostic;
use crate::hex::to_hex;
use crate::ir::Pointer;
use crate::locator::{Mount, ReferencedFile};
use crate::source::load::RawDocument;
use crate::source::normalize::EXTERNAL_FILES_KEY;

impl Bundler<'_> {
    /// Returns the bundled document.
    pub(super) fn assemble(mut self) -> RawDocument {
        for file in &mut self.files {
            rewrite_references(file);
        }
        let mounts: Vec<Vec<Mount>> = (0..self.files.len())
            .map(|file| self.mounts(file))
            .collect();
        let unresolved = std::mem::take(&mut self.unresolved)
            .into_iter()
            .flat_map(|(node, diag)| relocated(&mounts, &node, diag))
            .collect();
        let homes: Vec<(Pointer, Value)> = self
            .homes
            .iter()
            .filter_map(|(at, node)| Some((at.clone(), self.value(node)?.clone())))
            .collect();
        let mut files = self.files.into_iter();
        let Some(BundledFile { mut raw, .. }) = files.next() else {
            return RawDocument::default();
        };
        let files: Vec<BundledFile> = files.collect();
        for (at, value) in homes {
            if let Some(place) = at.value_in_mut(&mut raw.value) {
                *place = value;
            }
        }
        let mut copies = Map::new();
        for file in &files {
            if let Some(copy) = copied_parts(file) {
                copies.insert(file.key.clone(), copy);
            }
        }
        if let Value::Object(root) = &mut raw.value
            && !copies.is_empty()
        {
            root.insert(EXTERNAL_FILES_KEY.to_owned(), Value::Object(copies));
        }
        let read = files.into_iter().zip(mounts.into_iter().skip(1));
        let mut digest = Sha256::new_with_prefix(&raw.sha256);
        let read: Vec<ReferencedFile> = read
            .map(|(file, mounts)| {
                digest.update(&file.raw.sha256);
                ReferencedFile {
                    path: file.raw.path,
                    text: file.raw.text,
                    mounts,
                }
            })
            .collect();
        if !read.is_empty() {
            raw.sha256 = to_hex(&digest.finalize());
        }
        raw.files = Arc::from(read);
        raw.unresolved = unresolved;
        raw
    }

    /// Returns where the parts of a file are in the bundled document.
    fn mounts(&self, index: usize) -> Vec<Mount> {
        let homes = self.homes.iter().filter(|(_, node)| node.file == index);
        let mut mounts: Vec<Mount> = homes
            .map(|(at, node)| Mount {
                at: at.clone(),
                in_file: node.at.clone(),
            })
            .collect();
        if let Some(file) = self.files.get(index).filter(|_| index != DOCUMENT) {
            mounts.push(Mount {
                at: Pointer::root().join(EXTERNAL_FILES_KEY).join(&file.key),
                in_file: Pointer::root(),
            });
        } else {
            mounts.push(Mount {
                at: Pointer::root(),
                in_file: Pointer::root(),
            });
        }
        mounts
    }
}

/// Returns a diagnostic about a node of a file at each place that the node has in the bundled document.
fn relocated(
    mounts: &[Vec<Mount>],
    node: &FileNode,
    diag: Diagnostic,
) -> Vec<(Pointer, Diagnostic)> {
    let mounts = mounts.get(node.file).into_iter().flatten();
    let places = mounts.filter_map(|Mount { at, in_file }| {
        let rest = node.at.0.strip_prefix(&in_file.0)?;
        Some(Pointer(format!("{}{rest}", at.0)))
    });
    places
        .map(|at| {
            let mut diag = diag.clone();
            diag.at = at.clone();
            (at, diag)
        })
        .collect()
}

/// Changes the texts of references to the places of their targets in the bundled document.
fn rewrite_references(file: &mut BundledFile) {
    for (at, text) in &file.rewritten {
        let place = at.value_in_mut(&mut file.raw.value);
        if let Some(place) = place {
            *place = Value::String(text.clone());
        }
    }
}

/// Returns a file without the parts that nothing refers to.
fn copied_parts(file: &BundledFile) -> Option<Value> {
    let mut out = None;
    for at in &file.copied {
        let value = at.value_in(&file.raw.value)?;
        insert(&mut out, tokens(at), value);
    }
    out
}

/// Inserts `value` at the place that the tokens name. Objects on the way are created.
fn insert(out: &mut Option<Value>, tokens: impl Iterator<Item = String>, value: &Value) {
    let mut place = out.get_or_insert_with(|| Value::Object(Map::new()));
    for token in tokens {
        let Value::Object(object) = place else { return };
        place = object
            .entry(token)
            .or_insert_with(|| Value::Object(Map::new()));
    }
    // A part around this one may have been inserted before.
    if place.as_object().is_some_and(Map::is_empty) {
        *place = value.clone();
    }
}
