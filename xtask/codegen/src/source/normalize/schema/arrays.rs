//! The keywords of arrays.

use serde_json::Value;

use super::draft::SchemaDraft;
use super::tuples::{PrefixItems, TUPLE_KEY};
use super::unions::union_of;
use crate::source::normalize::canonical::insert_some;
use crate::source::normalize::node::Node;
use crate::source::normalize::normalizer::Normalizer;

impl<'d> Normalizer<'d> {
    /// Reads the keywords of arrays. The items of a list that starts with other items are the union of both; a list of
    /// fixed length is also a tuple.
    pub(super) fn read_array_keywords(&mut self, node: &Node<'d>, draft: &mut SchemaDraft) {
        let mut schemas = Vec::new();
        let mut prefix = PrefixItems::default();
        for key in ["prefixItems", "items"] {
            let Some(items) = node.get(key) else { continue };
            match items.value {
                Value::Array(_) => {
                    for item in items.items() {
                        schemas.push(self.schema(&item));
                    }
                    prefix.at = items.at;
                    prefix.schemas.clone_from(&schemas);
                }
                // `items: false` allows no items beyond those of `prefixItems`.
                Value::Bool(false) => prefix.has_no_rest = true,
                _ => schemas.push(self.schema(&items)),
            }
        }
        // Without `items`, it holds for the items after those of `prefixItems`.
        let rest = node.get("unevaluatedItems");
        let has_prefix = node.get("items").is_none() && !schemas.is_empty();
        match rest.as_ref().map(|rest| rest.value) {
            None | Some(Value::Bool(true)) => {}
            Some(Value::Bool(false)) if has_prefix => prefix.has_no_rest = true,
            Some(Value::Object(_)) if has_prefix => {
                schemas.extend(rest.iter().map(|rest| self.schema(rest)));
            }
            Some(_) => self.add_unused(node.at.join("unevaluatedItems")),
        }
        let keywords = &mut draft.array_keywords;
        insert_some(keywords, "items", union_of(&node.at, schemas));
        self.read_counts(node, &["minItems", "maxItems"], keywords);
        let tuple = self.fixed_tuple(prefix, keywords);
        insert_some(keywords, TUPLE_KEY, tuple);
        let unique = self.optional_bool(node, "uniqueItems");
        insert_some(keywords, "uniqueItems", unique.filter(|set| *set));
    }
}
