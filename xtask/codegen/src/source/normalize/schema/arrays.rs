//! The keywords of arrays.

use serde_json::Value;

use super::draft::SchemaDraft;
use super::unions::union_of;
use crate::source::normalize::canonical::insert_some;
use crate::source::normalize::node::Node;
use crate::source::normalize::normalizer::Normalizer;

impl<'d> Normalizer<'d> {
    /// Reads the keywords of arrays. The items of a tuple become a union, since a Rust tuple could not get more items
    /// without breaking callers.
    pub(super) fn read_array_keywords(&mut self, node: &Node<'d>, draft: &mut SchemaDraft) {
        let mut schemas = Vec::new();
        for key in ["prefixItems", "items"] {
            let Some(items) = node.get(key) else { continue };
            match items.value {
                Value::Array(_) => {
                    for item in items.items() {
                        schemas.push(self.schema(&item));
                    }
                }
                // `items: false` allows no items beyond those of `prefixItems`.
                Value::Bool(false) => {}
                _ => schemas.push(self.schema(&items)),
            }
        }
        let keywords = &mut draft.array_keywords;
        insert_some(keywords, "items", union_of(&node.at, schemas));
        self.read_counts(node, &["minItems", "maxItems"], keywords);
        let unique = self.optional_bool(node, "uniqueItems");
        insert_some(keywords, "uniqueItems", unique.filter(|set| *set));
    }
}
