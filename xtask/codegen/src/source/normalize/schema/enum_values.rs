//! The keywords `enum` and `const`.

use indexmap::IndexSet;
use serde_json::{Number, Value};

use super::draft::SchemaDraft;
use super::enum_words::ENUM_WORDS_KEY;
use super::json_type::JsonType;
use crate::source::normalize::canonical::canonical_node;
use crate::source::normalize::node::{Node, scalar_to_string};
use crate::source::normalize::normalizer::Normalizer;

impl<'d> Normalizer<'d> {
    /// Reads `enum` and `const`. A null among the values becomes `nullable`.
    pub(super) fn read_enum_values(&mut self, node: &Node<'d>, draft: &mut SchemaDraft) {
        let mut values: Vec<Value> = Vec::new();
        let constant = node.get_or_null("const");
        let keyword = if constant.is_some() { "const" } else { "enum" };
        if let Some(constant) = constant {
            values.push(constant.value.clone());
        } else if let Some(listed) = node.get("enum") {
            match listed.value {
                Value::Array(items) => values.extend(items.iter().cloned()),
                _ => {
                    self.report_wrong_type(&listed, "`enum`, an array", "write an array of values")
                }
            }
        }
        draft.enum_words = self.read_enum_words(node, &values);
        if values.is_empty() {
            return;
        }
        let mut distinct: IndexSet<Value> = values.into_iter().collect();
        draft.nullable |= distinct.shift_remove(&Value::Null);
        if draft.drop_structured_values(&distinct) {
            self.add_unused(node.at.join(keyword));
            return;
        }
        // `enum: [null]` allows only null, independent of `type`.
        if distinct.is_empty() {
            draft.is_null_only = true;
        } else {
            draft.enum_values = Some(distinct.into_iter().collect());
        }
    }
}

impl SchemaDraft {
    /// Returns whether there are lists or objects among the values, so that they are not generated. Their types are those of
    /// the schema, unless it has its own.
    fn drop_structured_values(&mut self, values: &IndexSet<Value>) -> bool {
        let has_structure = |ty: &JsonType| matches!(ty, JsonType::Object | JsonType::Array);
        let own = self.types.iter().any(has_structure);
        if !self.types.is_empty() && !own {
            return false;
        }
        let types: Vec<JsonType> = values.iter().filter_map(JsonType::of).collect();
        let is_structured = types.iter().any(has_structure);
        if is_structured && self.types.is_empty() {
            for ty in types {
                if !self.types.contains(&ty) {
                    self.types.push(ty);
                }
            }
        }
        is_structured
    }

    /// Converts the values to the types of the schema. If no value can be converted, the types are inferred from the
    /// values.
    pub(super) fn fit_enum_values(&mut self) {
        let Some(values) = self.enum_values.take() else {
            return;
        };
        if let [JsonType::Array] = self.types.as_slice() {
            self.move_enum_to_items(values);
            return;
        }
        let converted = values.iter().filter_map(|value| self.convert_value(value));
        let converted: IndexSet<Value> = converted.collect();
        let is_scalar = |value: &Value| !value.is_object() && !value.is_array();
        if !converted.is_empty() {
            self.enum_values = Some(converted.into_iter().collect());
        } else if values.iter().any(is_scalar) {
            self.types.clear();
            self.enum_values = Some(values);
            self.infer_type();
        }
    }

    /// Returns `value` as one of the types. Converts scalars that YAML parsed as another type.
    pub(super) fn convert_value(&self, value: &Value) -> Option<Value> {
        let is_scalar = |ty: &&JsonType| !matches!(ty, JsonType::Object | JsonType::Array);
        let mut scalar_types = self.types.iter().filter(is_scalar);
        if scalar_types.any(|ty| ty.accepts(value)) {
            return Some(value.clone());
        }
        self.types.iter().find_map(|ty| match (ty, value) {
            (JsonType::String, value) => scalar_to_string(value).map(Value::String),
            (JsonType::Boolean, Value::String(text)) => {
                text.to_ascii_lowercase().parse().ok().map(Value::Bool)
            }
            (JsonType::Integer, Value::String(text)) => text.parse::<i64>().ok().map(Value::from),
            (JsonType::Number, Value::String(text)) => text
                .parse()
                .ok()
                .and_then(Number::from_f64)
                .map(Value::Number),
            _ => None,
        })
    }

    /// Moves an `enum` of scalars next to `type: array` to the items, which it is meant for.
    fn move_enum_to_items(&mut self, values: Vec<Value>) {
        if values
            .iter()
            .any(|value| value.is_array() || value.is_object())
        {
            return;
        }
        let items = self
            .array_keywords
            .entry("items")
            .or_insert_with(|| Value::Object(canonical_node(&self.at)));
        let Value::Object(items) = items else { return };
        if items.contains_key("$ref") || items.contains_key("enum") {
            return;
        }
        let item_draft = Self {
            types: JsonType::of_schema(items).into_iter().collect(),
            enum_values: Some(values),
            enum_words: std::mem::take(&mut self.enum_words),
            ..Self::new(&self.at)
        };
        if let Value::Object(schema) = item_draft.into_canonical() {
            let keywords = schema.into_iter();
            let is_moved = |key: &str| matches!(key, "enum" | "type" | ENUM_WORDS_KEY);
            items.extend(keywords.filter(|(key, _)| is_moved(key)));
        }
    }
}
