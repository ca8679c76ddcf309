//! `enum` and `const`.

use serde_json::{Number, Value};

use super::Draft;
use super::kinds::Kind;
use crate::source::normalize::read::{Node, as_text};
use crate::source::normalize::{Cx, node_at};

impl<'d> Cx<'d> {
    /// Reads `enum` and `const`, null taken out.
    pub(super) fn read_values(&mut self, node: &Node<'d>, draft: &mut Draft) {
        let mut values: Vec<Value> = Vec::new();
        if let Some(constant) = node.raw("const") {
            values.push(constant.value.clone());
        } else if let Some(listed) = node.get("enum") {
            match listed.value {
                Value::Array(items) => values.extend(items.iter().cloned()),
                _ => self.wrong(&listed, "`enum`, a list", "write the values as a list"),
            }
        }
        if values.is_empty() {
            return;
        }
        let mut known: Vec<Value> = Vec::with_capacity(values.len());
        for value in values {
            if value.is_null() {
                draft.nullable = true;
            } else if !known.contains(&value) {
                known.push(value);
            }
        }
        // A type beside it does not count: people write one because they have to.
        if known.is_empty() {
            draft.null_alone = true;
        } else {
            draft.values = Some(known);
        }
    }
}

impl Draft {
    /// Makes the values fit the types, or the types the values where nothing fits.
    pub(super) fn settle_values(&mut self) {
        let Some(values) = self.values.take() else {
            return;
        };
        if let [Kind::Array] = self.kinds.as_slice() {
            self.values_of_items(values);
            return;
        }
        let fitting: Vec<Value> =
            values
                .iter()
                .filter_map(|value| self.fit(value))
                .fold(Vec::new(), |mut all, value| {
                    if !all.contains(&value) {
                        all.push(value);
                    }
                    all
                });
        if fitting.is_empty()
            && values
                .iter()
                .any(|value| !value.is_object() && !value.is_array())
        {
            self.kinds.clear();
            self.values = Some(values);
            self.infer_kind();
        } else if !fitting.is_empty() {
            self.values = Some(fitting);
        }
    }

    /// `value` as one of the types, translated from how YAML happened to read it where need be.
    fn fit(&self, value: &Value) -> Option<Value> {
        let scalar = |kind: &&Kind| !matches!(kind, Kind::Object | Kind::Array);
        if self
            .kinds
            .iter()
            .filter(scalar)
            .any(|kind| kind.admits(value))
        {
            return Some(value.clone());
        }
        self.kinds.iter().find_map(|kind| match (kind, value) {
            (Kind::String, value) => as_text(value).map(Value::String),
            (Kind::Boolean, Value::String(text)) => {
                text.to_ascii_lowercase().parse().ok().map(Value::Bool)
            }
            (Kind::Integer, Value::String(text)) => text.parse::<i64>().ok().map(Value::from),
            (Kind::Number, Value::String(text)) => text
                .parse()
                .ok()
                .and_then(Number::from_f64)
                .map(Value::Number),
            _ => None,
        })
    }

    /// `enum` beside `type: array` is meant for the items, if it holds no lists.
    fn values_of_items(&mut self, values: Vec<Value>) {
        if values
            .iter()
            .any(|value| value.is_array() || value.is_object())
        {
            return;
        }
        let items = self
            .array
            .entry("items")
            .or_insert_with(|| Value::Object(node_at(&self.at)));
        let Value::Object(items) = items else { return };
        if items.contains_key("$ref") || items.contains_key("enum") {
            return;
        }
        let mut inner = Draft {
            values: Some(values),
            ..Self::new(&self.at)
        };
        inner.kinds.extend(
            items
                .get("type")
                .and_then(Value::as_str)
                .and_then(Kind::named),
        );
        if let Value::Object(found) = inner.finish() {
            items.extend(
                found
                    .into_iter()
                    .filter(|(key, _)| key == "enum" || key == "type"),
            );
        }
    }
}
