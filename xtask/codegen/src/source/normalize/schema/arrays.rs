//! Keywords of arrays.

use serde_json::Value;

use super::Draft;
use super::unions::one_or_any;
use crate::source::normalize::read::Node;
use crate::source::normalize::{Cx, put};

impl<'d> Cx<'d> {
    /// Reads items. A tuple becomes a list of whatever its places hold: Rust's tuples could not grow.
    pub(super) fn read_array(&mut self, node: &Node<'d>, draft: &mut Draft) {
        let mut schemas = Vec::new();
        for key in ["prefixItems", "items"] {
            let Some(said) = node.get(key) else { continue };
            match said.value {
                Value::Array(_) => {
                    for item in said.items() {
                        schemas.push(self.schema(&item));
                    }
                }
                // `items: false` closes a tuple.
                Value::Bool(false) => {}
                _ => schemas.push(self.schema(&said)),
            }
        }
        put(&mut draft.array, "items", one_or_any(&node.at, schemas));
        self.read_counts(node, &["minItems", "maxItems"], &mut draft.array);
        put(
            &mut draft.array,
            "uniqueItems",
            self.flag(node, "uniqueItems").filter(|set| *set),
        );
    }
}
