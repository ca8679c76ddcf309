//! Reads values of the expected type, and reports values of other types.

use std::fmt;

use serde_json::Value;

use super::canonical::{Object, insert_some};
use super::faults::is_documentation;
use super::node::{Node, scalar_to_string, type_name};
use super::normalizer::Normalizer;
use crate::diag::Code;

/// How to fix a value of the wrong type.
const FIX_IN_OVERLAY: &str = "fix it in overlay.yaml";

impl<'d> Normalizer<'d> {
    /// Reports that `node` is not of the type `expected`.
    pub(super) fn report_wrong_type(&self, node: &Node<'_>, expected: &str, help: &str) {
        let message = format!("expected {expected}, found {}", type_name(node.value));
        self.report(Code::WrongType, &node.at, message, help);
    }

    /// Returns `node` as an object. Reports other types.
    pub(super) fn expect_object(
        &self,
        node: &Node<'d>,
        subject: impl fmt::Display,
    ) -> Option<&'d Object> {
        let object = node.value.as_object();
        if object.is_none() {
            self.report_wrong_type(node, &format!("{subject}, an object"), FIX_IN_OVERLAY);
        }
        object
    }

    /// Returns the object at `key`, if the key exists. Reports other types.
    pub(super) fn optional_object(&self, parent: &Node<'d>, key: &str) -> Option<Node<'d>> {
        let node = parent.get(key)?;
        self.expect_object(&node, format_args!("`{key}`"))?;
        Some(node)
    }

    /// Returns the items of the array at `key`, if the key exists. An object counts as an array with one item.
    pub(super) fn optional_list(&self, parent: &Node<'d>, key: &str) -> Vec<Node<'d>> {
        match parent.get(key) {
            None => Vec::new(),
            Some(node) if node.value.is_array() => node.items().collect(),
            Some(node) if node.value.is_object() => vec![node],
            Some(node) => {
                self.report_wrong_type(&node, &format!("`{key}`, an array"), FIX_IN_OVERLAY);
                Vec::new()
            }
        }
    }

    /// Returns the string at `key`, if the key exists. Numbers and booleans count as strings.
    pub(super) fn optional_string(&self, parent: &Node<'d>, key: &str) -> Option<String> {
        let text = scalar_to_string(parent.get_value(key)?);
        if text.is_none() {
            let node = parent.get(key)?;
            let expected = format!("`{key}`, a string");
            match is_documentation(key) {
                true => self.report_ignored(&node, &expected, "write a string"),
                false => self.report_wrong_type(&node, &expected, "write a string"),
            }
        }
        text
    }

    /// Returns the boolean at `key`, if the key exists. `"true"` and `"false"` count as booleans.
    pub(super) fn optional_bool(&self, parent: &Node<'d>, key: &str) -> Option<bool> {
        match parent.get_value(key)? {
            Value::Bool(value) => Some(*value),
            Value::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Value::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => {
                let (node, expected) = (parent.get(key)?, format!("`{key}`, a boolean"));
                match is_documentation(key) {
                    true => self.report_ignored(&node, &expected, "write `true` or `false`"),
                    false => self.report_wrong_type(&node, &expected, "write `true` or `false`"),
                }
                None
            }
        }
    }

    /// Returns the string at `key`. Reports that `what` misses the key if it does not exist.
    pub(super) fn required_string(
        &self,
        parent: &Node<'d>,
        key: &str,
        subject: &str,
    ) -> Option<String> {
        if parent.get_value(key).is_none() {
            self.report(
                Code::MissingKey,
                &parent.at,
                format!("{subject} has no `{key}`"),
                &format!("add `{key}`, or remove {subject}, in overlay.yaml"),
            );
        }
        self.optional_string(parent, key)
    }

    /// Copies the strings at `keys`.
    pub(super) fn copy_strings(&self, from: &Node<'d>, keys: &[&str], out: &mut Object) {
        for key in keys {
            insert_some(out, key, self.optional_string(from, key));
        }
    }
}
