//! Combines the keywords of a draft into a canonical schema.

use serde_json::Value;

use super::annotations::remove_invalid_default;
use super::draft::SchemaDraft;
use super::enum_words::ENUM_WORDS_KEY;
use super::json_type::JsonType;
use super::unions::null_schema;
use crate::source::normalize::canonical::{AT_KEY, Object, canonical_node, insert_some};

/// The key that marks a schema whose `type` is not in the document. Its keywords restrict only values of that type.
const IMPLIED_TYPE_KEY: &str = "x-implied-type";

impl SchemaDraft {
    /// Returns the canonical schema.
    pub(super) fn into_canonical(mut self) -> Value {
        let is_null_union = self.extract_null();
        let is_bare = self.enum_values.is_none() && !self.is_composed();
        let has_untyped_keywords = self.types.is_empty() && self.has_type_keywords();
        if is_null_union || self.is_null_only && is_bare && !has_untyped_keywords {
            return null_schema(&self.at, self.annotations);
        }
        if self.allows_any_type {
            self = Self {
                nullable: self.nullable,
                annotations: self.annotations,
                ..Self::new(&self.at)
            };
        }
        self.infer_type();
        self.fit_enum_values();
        self.simplify_unions();
        self.distribute_format();
        if self.types.len() > 1 {
            self.split_types();
        }
        self.all_of.splice(0..0, self.reference.take());
        match self.collapse_single_member() {
            Some(schema) => schema,
            None => self.into_schema(),
        }
    }

    /// Replaces `type: [A, B]` by an `anyOf` with one member per type, which gets the keywords of its type.
    fn split_types(&mut self) {
        let types = std::mem::take(&mut self.types);
        let values = self.enum_values.take();
        if self.is_composed() {
            return;
        }
        let mut members = Vec::new();
        for ty in types {
            let accepted: Option<Vec<Value>> = values.as_ref().map(|values| {
                let values = values.iter().filter(|value| ty.accepts(value));
                values.cloned().collect()
            });
            if accepted.as_ref().is_some_and(Vec::is_empty) {
                continue;
            }
            let mut member = Self {
                types: vec![ty],
                enum_values: accepted,
                enum_words: self.enum_words.clone(),
                ..Self::new(&self.at)
            };
            match ty {
                JsonType::Object => {
                    member.object_keywords = std::mem::take(&mut self.object_keywords);
                }
                JsonType::Array => {
                    member.array_keywords = std::mem::take(&mut self.array_keywords);
                }
                JsonType::String => {
                    member.string_keywords = std::mem::take(&mut self.string_keywords);
                }
                JsonType::Number | JsonType::Integer => {
                    member.number_keywords = std::mem::take(&mut self.number_keywords);
                }
                JsonType::Boolean => {}
            }
            let format = self.format.as_ref();
            member.format = format.filter(|format| ty.allows_format(format)).cloned();
            members.push(member.into_canonical());
        }
        self.any_of = members;
        if self.any_of.len() == 1 {
            self.all_of.append(&mut self.any_of);
        }
    }

    /// Returns the only member of `allOf`, with the annotations of this schema, if nothing else is composed with it.
    fn collapse_single_member(&mut self) -> Option<Value> {
        let has_own_keywords = !self.types.is_empty()
            || self.enum_values.is_some()
            || !self.object_keywords.is_empty()
            || !self.array_keywords.is_empty();
        let [Value::Object(member)] = self.all_of.as_mut_slice() else {
            return None;
        };
        if has_own_keywords || !self.any_of.is_empty() || !self.one_of.is_empty() {
            return None;
        }
        if member.contains_key("$ref") {
            let is_bare = self.annotations.is_empty() && !self.nullable;
            return is_bare.then(|| Value::Object(std::mem::take(member)));
        }
        let mut out = std::mem::take(member);
        out.insert(AT_KEY.to_owned(), self.at.0.clone().into());
        out.extend(std::mem::take(&mut self.annotations));
        if self.nullable {
            out.insert("nullable".to_owned(), true.into());
        }
        remove_invalid_default(&mut out);
        Some(Value::Object(out))
    }

    /// Copies a `format` next to a union to the members that allow it.
    fn distribute_format(&mut self) {
        let Some(format) = &self.format else { return };
        if !self.types.is_empty() {
            return;
        }
        for member in self
            .all_of
            .iter_mut()
            .chain(&mut self.any_of)
            .chain(&mut self.one_of)
        {
            let Value::Object(member) = member else {
                continue;
            };
            let is_allowed = JsonType::of_schema(member).is_some_and(|ty| ty.allows_format(format));
            if is_allowed && !member.contains_key("format") {
                member.insert("format".to_owned(), format.clone().into());
            }
        }
    }

    fn into_schema(mut self) -> Value {
        let mut out = canonical_node(&self.at);
        insert_some(&mut out, "nullable", self.nullable.then_some(true));
        if let [ty] = *self.types.as_slice() {
            out.insert("type".to_owned(), ty.as_str().into());
            insert_some(
                &mut out,
                IMPLIED_TYPE_KEY,
                self.is_type_implied.then_some(true),
            );
            self.insert_type_keywords(ty, &mut out);
        }
        out.extend(self.annotations);
        for (key, members) in [
            ("allOf", self.all_of),
            ("anyOf", self.any_of),
            ("oneOf", self.one_of),
        ] {
            insert_some(&mut out, key, (!members.is_empty()).then_some(members));
        }
        remove_invalid_default(&mut out);
        Value::Object(out)
    }

    /// Inserts the keywords that belong to `ty`. The others are dropped.
    fn insert_type_keywords(&mut self, ty: JsonType, out: &mut Object) {
        match ty {
            JsonType::String => {
                let format = self.format.take();
                insert_some(
                    out,
                    "format",
                    format.filter(|format| ty.allows_format(format)),
                );
                out.extend(std::mem::take(&mut self.string_keywords));
            }
            JsonType::Number | JsonType::Integer => self.insert_number_keywords(ty, out),
            JsonType::Boolean => {}
            JsonType::Object => out.extend(std::mem::take(&mut self.object_keywords)),
            JsonType::Array => {
                out.insert("items".to_owned(), Value::Object(canonical_node(&self.at)));
                out.extend(std::mem::take(&mut self.array_keywords));
            }
        }
        let is_scalar = !matches!(ty, JsonType::Object | JsonType::Array);
        let values = self.enum_values.take().filter(|_| is_scalar);
        let words = values.as_deref();
        let words = words.and_then(|values| self.canonical_enum_words(values));
        insert_some(out, ENUM_WORDS_KEY, words);
        insert_some(out, "enum", values);
    }
}
