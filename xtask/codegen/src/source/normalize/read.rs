//! Values of the right kind, out of documents that do not always hold them.

use std::fmt;

use serde_json::Value;

use super::{Cx, Object};
use crate::diag::Code;
use crate::ir::Pointer;

/// A value of the document, with its place.
#[derive(Clone)]
pub(super) struct Node<'d> {
    pub(super) value: &'d Value,
    pub(super) at: Pointer,
}

impl<'d> Node<'d> {
    pub(super) fn new(value: &'d Value, at: Pointer) -> Self {
        Self { value, at }
    }

    /// The value of `key`. One that is null counts as absent: YAML writes `key:` for it.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        self.raw(key).filter(|node| !node.value.is_null())
    }

    /// The value of `key`, even if it is null.
    pub(super) fn raw(&self, key: &str) -> Option<Self> {
        let value = member(self.value, key)?;
        Some(Self::new(value, self.at.join(key)))
    }

    /// The value of `key` without its place, which most never need. One that is null counts as absent.
    pub(super) fn plain(&self, key: &str) -> Option<&'d Value> {
        member(self.value, key).filter(|value| !value.is_null())
    }

    /// Keys and values, if this is an object, sorted by key. The order of keys means nothing in JSON, so it must not
    /// decide anything: a vendor who writes the same document out in another order changes no generated line.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'d str, Self)> + use<'d> {
        let at = self.at.clone();
        let mut entries: Vec<_> = self.value.as_object().into_iter().flatten().collect();
        entries.sort_by_key(|(key, _)| *key);
        entries
            .into_iter()
            .map(move |(key, value)| (key.as_str(), Self::new(value, at.join(key))))
    }

    /// Items, if this is an array.
    pub(super) fn items(&self) -> impl Iterator<Item = Self> + use<'d> {
        let at = self.at.clone();
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(move |(i, value)| Self::new(value, at.join(&i.to_string())))
    }

    /// The reference this is, if it is one.
    pub(super) fn reference(&self) -> Option<Self> {
        self.raw("$ref")
    }
}

/// How many keys are sooner compared than hashed.
const FEW: usize = 8;

/// The value of `key`, if this is an object that has it.
fn member<'d>(value: &'d Value, key: &str) -> Option<&'d Value> {
    let object = value.as_object()?;
    if object.len() > FEW {
        return object.get(key);
    }
    let mut members = object.iter();
    members.find_map(|(name, value)| (name == key).then_some(value))
}

/// What kind of value it is, in words.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

impl<'d> Cx<'d> {
    /// Reports that `node` is not what it should be.
    pub(super) fn wrong(&self, node: &Node<'_>, wanted: &str, help: &str) {
        let message = format!("expected {wanted}, found {}", kind_of(node.value));
        self.fault(Code::WrongType, &node.at, message, help);
    }

    /// `node` as an object; anything else is a fault.
    pub(super) fn object(&self, node: &Node<'d>, what: impl fmt::Display) -> Option<&'d Object> {
        let object = node.value.as_object();
        if object.is_none() {
            self.wrong(
                node,
                &format!("{what}, an object"),
                "correct the document, or mend it in overlay.yaml",
            );
        }
        object
    }

    /// The object at `key`, absent or not.
    pub(super) fn object_at(&self, parent: &Node<'d>, key: &str) -> Option<Node<'d>> {
        let node = parent.get(key)?;
        self.object(&node, format_args!("`{key}`"))?;
        Some(node)
    }

    /// The items of the list at `key`. A value that should have been in a list is taken as its one item.
    pub(super) fn list_at(&self, parent: &Node<'d>, key: &str) -> Vec<Node<'d>> {
        match parent.get(key) {
            None => Vec::new(),
            Some(node) if node.value.is_array() => node.items().collect(),
            Some(node) if node.value.is_object() => vec![node],
            Some(node) => {
                self.wrong(
                    &node,
                    &format!("`{key}`, a list"),
                    "correct the document, or mend it in overlay.yaml",
                );
                Vec::new()
            }
        }
    }

    /// The text at `key`; numbers and booleans are taken as they are written.
    pub(super) fn text(&self, parent: &Node<'d>, key: &str) -> Option<String> {
        let text = as_text(parent.plain(key)?);
        if text.is_none() {
            let node = parent.get(key)?;
            self.wrong(&node, &format!("`{key}`, a string"), "write it in quotes");
        }
        text
    }

    /// The boolean at `key`, which may stand in quotes.
    pub(super) fn flag(&self, parent: &Node<'d>, key: &str) -> Option<bool> {
        match parent.plain(key)? {
            Value::Bool(value) => Some(*value),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => {
                self.wrong(
                    &parent.get(key)?,
                    &format!("`{key}`, a boolean"),
                    "write `true` or `false`",
                );
                None
            }
        }
    }

    /// The text at `key`, without which `what` has no meaning.
    pub(super) fn needed(&self, parent: &Node<'d>, key: &str, what: &str) -> Option<String> {
        if parent.plain(key).is_none() {
            let message = format!("{what} has no `{key}`");
            self.fault(
                Code::MissingKey,
                &parent.at,
                message,
                "add it, or remove the whole in overlay.yaml",
            );
        }
        self.text(parent, key)
    }

    /// Copies what people wrote for people.
    pub(super) fn prose(&self, from: &Node<'d>, keys: &[&str], out: &mut Object) {
        for key in keys {
            super::put(out, key, self.text(from, key));
        }
    }
}

/// A scalar as text.
pub(super) fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}
