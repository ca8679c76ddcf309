//! Lists of fixed length, each item with a schema of its own.

use serde_json::Value;

use super::unions::is_equal_schema;
use crate::diag::Code;
use crate::ir::Pointer;
use crate::source::normalize::canonical::Object;
use crate::source::normalize::normalizer::Normalizer;

/// The canonical key: the schemas of all items, in order.
pub(super) const TUPLE_KEY: &str = "x-tuple";

/// The maximum length of a tuple: the standard library implements its traits for no longer ones.
const MAX_TUPLE: usize = 12;
/// The maximum length of a list with items of one type that becomes an array, whose length is a part of its type.
const MAX_ARRAY: usize = 32;

/// The first items of a list, which have schemas of their own.
#[derive(Default)]
pub(super) struct PrefixItems {
    /// The pointer to the list of schemas.
    pub(super) at: Pointer,
    pub(super) schemas: Vec<Value>,
    /// Whether no other items may follow.
    pub(super) has_no_rest: bool,
}

impl Normalizer<'_> {
    /// Returns the schemas of a list if its length is fixed: by equal `minItems` and `maxItems`, or by `items: false`
    /// without `minItems`. Reports a tuple that is too long.
    pub(super) fn fixed_tuple(&self, prefix: PrefixItems, keywords: &Object) -> Option<Vec<Value>> {
        let length = prefix.schemas.len();
        let count = |key: &str| {
            let count = keywords.get(key).and_then(Value::as_u64);
            count.and_then(|count| usize::try_from(count).ok())
        };
        let (min, max) = (count("minItems"), count("maxItems"));
        let has_end = prefix.has_no_rest || max == Some(length);
        let is_full = min == Some(length) || min.is_none() && prefix.has_no_rest;
        let is_allowed = max.is_none_or(|max| max >= length);
        if length == 0 || !has_end || !is_full || !is_allowed {
            return None;
        }
        if length > MAX_TUPLE && !(length <= MAX_ARRAY && is_array_of_one_type(&prefix.schemas)) {
            let message = format!(
                "a tuple of more than {MAX_TUPLE} items is a list whose items have any of the types"
            );
            let help = "describe the items as an object, or accept the list";
            self.report(Code::IgnoredKeyword, &prefix.at, message, help);
            return None;
        }
        Some(prefix.schemas)
    }
}

/// Returns whether all items are of one plain type or refer to one component.
fn is_array_of_one_type(schemas: &[Value]) -> bool {
    let Some((first, rest)) = schemas.split_first() else {
        return false;
    };
    let scalars = ["string", "number", "integer", "boolean"];
    let is_scalar = first.get("enum").is_none()
        && first
            .get("type")
            .and_then(Value::as_str)
            .is_some_and(|ty| scalars.contains(&ty));
    (is_scalar || first.get("$ref").is_some())
        && rest.iter().all(|item| is_equal_schema(first, item))
}
