//! Replaces references by their targets, and reports references that cannot be resolved.

use std::collections::BTreeMap;

use serde_json::Value;

use super::canonical::Object;
use super::hoist::component_key_of;
use super::node::{Node, scalar_to_string};
use super::normalizer::Normalizer;
use super::resolve::{
    MAX_REFERENCES, ResolveError, pointer_tokens, resolve_reference, resolve_tokens, unescape,
};
use super::template::letters_and_digits;
use crate::diag::Code;
use crate::ir::{Pointer, SCHEMAS};

impl<'d> Normalizer<'d> {
    /// Returns the text of a `$ref` node. Reports other types.
    pub(super) fn reference_text(&self, reference: &Node<'d>) -> Option<&'d str> {
        let text = reference.value.as_str();
        if text.is_none() {
            self.report_wrong_type(
                reference,
                "`$ref`, a string",
                "write `$ref: '#/components/…'`",
            );
        }
        text
    }

    /// Returns the target of a `$ref` node. Reports a reference that cannot be resolved.
    pub(super) fn resolve_target(&self, reference: &Node<'d>) -> Option<Node<'d>> {
        let text = self.reference_text(reference)?;
        match resolve_reference(&self.root, text, &reference.at) {
            Ok(target) => Some(target),
            Err(ResolveError::External) => {
                self.report(
                    Code::ExternalRef,
                    &reference.at,
                    format!("`{text}` is in another document"),
                    "bundle the documents into one first",
                );
                None
            }
            Err(ResolveError::NotFound) => {
                let help = match self.similar_component(text) {
                    Some(name) => format!("refer to `{name}`, which exists"),
                    None => "add the target, or remove the reference, in overlay.yaml".to_owned(),
                };
                self.report(
                    Code::DanglingRef,
                    &reference.at,
                    format!("`{text}` does not exist"),
                    &help,
                );
                None
            }
        }
    }

    /// Follows the references from `node` to a node that is not a reference.
    ///
    /// Also returns `summary` and `description` next to the references, which override those of the target in 3.1.
    pub(super) fn dereference(&self, node: Node<'d>) -> Option<(Node<'d>, Object)> {
        let mut overrides = Object::new();
        let start = node.at.clone();
        let mut node = node;
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = node.reference_node() else {
                return Some((node, overrides));
            };
            for key in ["summary", "description"] {
                if let Some(text) = node.get(key).and_then(|node| scalar_to_string(node.value)) {
                    overrides.entry(key).or_insert(text.into());
                }
            }
            node = self.resolve_target(&reference)?;
        }
        self.report(
            Code::CyclicRef,
            &start,
            "the reference refers to itself",
            "refer to a definition that is not a reference",
        );
        None
    }

    /// Returns a canonical reference to the schema at `at`, which becomes a component if it is none.
    pub(super) fn schema_ref(&mut self, at: &Pointer) -> Value {
        let key = component_key_of(at).unwrap_or_else(|| self.hoisted.component_key(at));
        serde_json::json!({ "$ref": format!("{SCHEMAS}{key}") })
    }

    /// Returns a reference to an existing component whose name differs from that of `reference` only in case and
    /// punctuation.
    fn similar_component(&self, reference: &str) -> Option<String> {
        let (parent, name) = reference.rsplit_once('/')?;
        let mut by_parent = self.similar_names.borrow_mut();
        let names = match by_parent.get(parent) {
            Some(names) => names,
            None => {
                let names = self.simplified_names(parent)?;
                by_parent.entry(parent.to_owned()).or_insert(names)
            }
        };
        let similar = names.get(&letters_and_digits(&unescape(name)))?;
        let similar = similar.replace('~', "~0").replace('/', "~1");
        Some(format!("{parent}/{similar}"))
    }

    /// Returns the keys of the node at a reference by their letters and digits, the first one of several.
    fn simplified_names(&self, parent: &str) -> Option<BTreeMap<String, String>> {
        let parent_tokens = pointer_tokens(parent.strip_prefix('#')?);
        let parent_node = resolve_tokens(&self.root, &self.root, &parent_tokens, 0)?;
        let mut names = BTreeMap::new();
        for (key, _) in parent_node.sorted_entries() {
            names
                .entry(letters_and_digits(key))
                .or_insert_with(|| key.to_owned());
        }
        Some(names)
    }
}
