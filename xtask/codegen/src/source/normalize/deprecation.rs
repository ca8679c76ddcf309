//! `deprecated`, and the extensions that give a reason for it.

use super::canonical::{Object, insert_some};
use super::extensions::{REASONS, REPLACEMENTS, SINCE, UNTIL};
use super::node::{Node, scalar_to_string};
use super::normalizer::Normalizer;

/// The canonical key: the extensions as one sentence, without a capital or a full stop.
pub(super) const DEPRECATION_KEY: &str = "x-deprecation";

impl<'d> Normalizer<'d> {
    /// Reads `deprecated` and its extensions, which have no meaning without it.
    pub(super) fn read_deprecation(&self, node: &Node<'d>, out: &mut Object) {
        let is_deprecated = self.optional_bool(node, "deprecated").filter(|set| *set);
        insert_some(out, "deprecated", is_deprecated);
        if is_deprecated.is_some() {
            insert_some(out, DEPRECATION_KEY, self.deprecation_sentence(node));
        }
    }

    fn deprecation_sentence(&self, node: &Node<'d>) -> Option<String> {
        let text = |keys: &[&str]| {
            let texts = keys
                .iter()
                .filter_map(|key| self.expect_text(&node.get(key)?));
            let mut texts = texts.map(|text| one_line(&text));
            texts.find(|text| !text.is_empty())
        };
        let parts = [
            text(SINCE).map(|since| format!("since {since}")),
            text(REASONS),
            text(UNTIL).map(|until| format!("supported until {until}")),
            text(REPLACEMENTS).map(|other| format!("use {other} instead")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// Returns a scalar as text. Reports other values, which are ignored.
    fn expect_text(&self, node: &Node<'d>) -> Option<String> {
        let text = scalar_to_string(node.value);
        if text.is_none() {
            self.report_ignored(node, "a string", "write a string");
        }
        text
    }
}

/// Returns a text in one line, without the full stop at its end.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches('.').to_owned()
}
