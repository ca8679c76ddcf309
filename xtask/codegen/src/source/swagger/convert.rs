//! The state of the conversion, and what its files share.

use serde_json::{Map, Value};

use crate::diag::{Code, Diagnostic};
use crate::ir::Pointer;
use crate::locator::Mount;

/// A JSON object.
pub(super) type Object = Map<String, Value>;

/// The maximum number of references in a chain.
const MAX_REFERENCES: usize = 64;

/// A node of the Swagger document.
#[derive(Clone)]
pub(super) struct Source<'d> {
    pub(super) value: &'d Value,
    /// Its place in the Swagger document.
    pub(super) at: Pointer,
}

/// Converts one document. Each file of this folder implements the methods for one part of it.
pub(super) struct Converter<'d> {
    pub(super) root: &'d Value,
    /// Where the parts that moved were.
    pub(super) mounts: Vec<Mount>,
    pub(super) faults: Vec<Diagnostic>,
}

impl<'d> Source<'d> {
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(Self {
            value,
            at: self.at.join(key),
        })
    }

    pub(super) fn text(&self, key: &str) -> Option<&'d str> {
        self.value.get(key)?.as_str()
    }

    pub(super) fn items(&self) -> impl Iterator<Item = Self> + use<'d> {
        let at = self.at.clone();
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(move |(index, value)| Self {
            value,
            at: at.join(&index.to_string()),
        })
    }

    pub(super) fn members(&self) -> impl Iterator<Item = (&'d str, Self)> + use<'d> {
        let at = self.at.clone();
        let members = self.value.as_object().into_iter().flatten();
        members.map(move |(key, value)| {
            let at = at.join(key);
            (key.as_str(), Self { value, at })
        })
    }

    /// Returns the members without those of the keys.
    pub(super) fn without(&self, keys: &[&str]) -> Object {
        let members = self.value.as_object().into_iter().flatten();
        members
            .filter(|(key, _)| !keys.contains(&key.as_str()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }
}

impl<'d> Converter<'d> {
    pub(super) fn new(root: &'d Value) -> Self {
        Self {
            root,
            mounts: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Records that the node at `at` of the converted document is `source`.
    pub(super) fn mount(&mut self, at: &Pointer, source: &Source<'_>) {
        self.mounts.push(Mount {
            at: at.clone(),
            in_file: source.at.clone(),
        });
    }

    /// Reports a part without an equivalent. `at` is its place in the converted document.
    pub(super) fn report(
        &mut self,
        at: &Pointer,
        source: &Source<'_>,
        message: impl Into<String>,
        help: &str,
    ) {
        self.mount(at, source);
        let diag = Diagnostic::new(Code::UnsupportedConversion, at, message);
        self.faults.push(diag.with_help(help));
    }

    /// Follows the references from a node. Returns the node itself if they lead nowhere.
    pub(super) fn resolve(&self, source: Source<'d>) -> Source<'d> {
        let mut node = source.clone();
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = node.text("$ref") else {
                return node;
            };
            let target = reference.strip_prefix('#').and_then(|pointer| {
                let value = self.root.pointer(pointer)?;
                let at = Pointer(format!("#{pointer}"));
                Some(Source { value, at })
            });
            match target {
                Some(target) => node = target,
                None => return source,
            }
        }
        source
    }
}

/// Returns the strings of an array.
pub(super) fn strings(value: Option<&Value>) -> Option<Vec<&str>> {
    let items = value?.as_array()?;
    Some(items.iter().filter_map(Value::as_str).collect())
}

/// Returns an object with one member.
pub(super) fn object(key: &str, value: impl Into<Value>) -> Object {
    [(key.to_owned(), value.into())].into_iter().collect()
}
