//! The extensions that name and describe the values of an `enum`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::draft::SchemaDraft;
use crate::diag::Code;
use crate::source::normalize::canonical::Object;
use crate::source::normalize::extensions::{ENUM_DESCRIPTIONS, ENUM_NAMES};
use crate::source::normalize::node::{Node, scalar_to_string, type_name};
use crate::source::normalize::normalizer::Normalizer;

/// The canonical key: a list with an object for each value that has words, with `value`, `name` and `description`.
pub(super) const ENUM_WORDS_KEY: &str = "x-enum-words";

/// The words of one value of an `enum`.
#[derive(Clone)]
pub(super) struct EnumWords {
    value: Value,
    name: Option<String>,
    description: Option<String>,
}

/// The texts of values, by the JSON of the value.
type TextsByValue = BTreeMap<String, String>;

impl<'d> Normalizer<'d> {
    /// Reads the words of the values of an `enum`, which are given as the document lists them.
    pub(super) fn read_enum_words(&self, node: &Node<'d>, values: &[Value]) -> Vec<EnumWords> {
        let names = self.read_enum_texts(node, ENUM_NAMES, values);
        let descriptions = self.read_enum_texts(node, ENUM_DESCRIPTIONS, values);
        let words = values.iter().map(|value| EnumWords {
            value: value.clone(),
            name: names.get(&value.to_string()).cloned(),
            description: descriptions.get(&value.to_string()).cloned(),
        });
        words
            .filter(|words| words.name.is_some() || words.description.is_some())
            .collect()
    }

    /// Returns the texts of the first of the extensions that the schema has: a list in the order of the values, or an
    /// object by value.
    fn read_enum_texts(&self, node: &Node<'d>, keys: &[&str], values: &[Value]) -> TextsByValue {
        let Some((key, texts)) = keys
            .iter()
            .find_map(|key| node.get(key).map(|texts| (*key, texts)))
        else {
            return TextsByValue::new();
        };
        if values.is_empty() {
            let message = format!("`{key}` has no `enum` next to it; it is ignored");
            let help = "move it next to the `enum`, or remove it";
            self.report(Code::IgnoredKeyword, &texts.at, message, help);
            return TextsByValue::new();
        }
        match texts.value {
            Value::Array(_) => self.enum_texts_by_position(key, &texts, values),
            Value::Object(_) => self.enum_texts_by_value(key, &texts, values),
            _ => {
                let help = "write a list with a text for each value";
                self.report_ignored(&texts, &format!("`{key}`, an array"), help);
                TextsByValue::new()
            }
        }
    }

    fn enum_texts_by_position(
        &self,
        key: &str,
        texts: &Node<'d>,
        values: &[Value],
    ) -> TextsByValue {
        let items: Vec<Node<'d>> = texts.items().collect();
        let non_null: Vec<&Value> = values.iter().filter(|value| !value.is_null()).collect();
        // The null that makes an enum nullable often has no text.
        let described: Vec<&Value> = match items.len() == non_null.len() {
            true => non_null,
            false => values.iter().collect(),
        };
        if items.len() != described.len() {
            let message = format!(
                "`{key}` has {} texts for {} values of `enum`; it is ignored",
                items.len(),
                values.len()
            );
            let help = "write one text for each value, in the same order";
            self.report(Code::IgnoredKeyword, &texts.at, message, help);
            return TextsByValue::new();
        }
        let mut found = TextsByValue::new();
        for (value, item) in described.into_iter().zip(items) {
            if let Some(text) = self.expect_enum_text(&item) {
                found.entry(value.to_string()).or_insert(text);
            }
        }
        found
    }

    fn enum_texts_by_value(&self, key: &str, texts: &Node<'d>, values: &[Value]) -> TextsByValue {
        let mut by_name: BTreeMap<String, &Value> = BTreeMap::new();
        for value in values {
            if let Some(name) = scalar_to_string(value) {
                by_name.entry(name).or_insert(value);
            }
        }
        let mut found = TextsByValue::new();
        for (name, item) in texts.sorted_entries() {
            match by_name.get(name) {
                Some(value) => {
                    let text = self.expect_enum_text(&item);
                    found.extend(text.map(|text| (value.to_string(), text)));
                }
                None => {
                    let message = format!("`{key}` describes `{name}`, which `enum` does not list");
                    let help = "correct the value, or remove it";
                    self.report(Code::IgnoredKeyword, &item.at, message, help);
                }
            }
        }
        found
    }

    /// Returns a text, or `None` for an empty one. Reports other types.
    fn expect_enum_text(&self, node: &Node<'d>) -> Option<String> {
        let text = scalar_to_string(node.value);
        if text.is_none() && !node.value.is_null() {
            let message = format!(
                "expected the text of a value, found {}; it is ignored",
                type_name(node.value)
            );
            self.report(Code::IgnoredKeyword, &node.at, message, "write a string");
        }
        text.filter(|text| !text.trim().is_empty())
    }
}

impl SchemaDraft {
    /// Returns the canonical words of those of `values` that have some.
    pub(super) fn canonical_enum_words(&self, values: &[Value]) -> Option<Vec<Value>> {
        if self.enum_words.is_empty() {
            return None;
        }
        let values: BTreeSet<String> = values.iter().map(Value::to_string).collect();
        let words = self.enum_words.iter().filter_map(|words| {
            let value = self.convert_value(&words.value)?;
            if !values.contains(&value.to_string()) {
                return None;
            }
            let mut out = Object::new();
            out.insert("value".to_owned(), value);
            out.extend(
                words
                    .name
                    .as_ref()
                    .map(|name| ("name".to_owned(), json!(name))),
            );
            let description = words.description.as_ref();
            out.extend(description.map(|text| ("description".to_owned(), json!(text))));
            Some(Value::Object(out))
        });
        let words: Vec<Value> = words.collect();
        (!words.is_empty()).then_some(words)
    }
}
