//! From a draft to the canonical schema.

use serde_json::Value;

use super::kinds::{Kind, format_kind};
use super::notes::check_default;
use super::unions::null_schema;
use super::{AT, Draft, Object, node_at};
use crate::source::normalize::put;

impl Draft {
    /// Writes the canonical schema.
    pub(super) fn finish(mut self) -> Value {
        let null_in_unions = self.take_null();
        let silent = self.values.is_none() && !self.is_composed();
        let untyped_keywords = self.kinds.is_empty() && self.has_keywords();
        if null_in_unions || self.null_alone && silent && !untyped_keywords {
            return null_schema(&self.at, self.notes);
        }
        if self.anything {
            self = Self {
                nullable: self.nullable,
                notes: self.notes,
                ..Self::new(&self.at)
            };
        }
        self.infer_kind();
        self.settle_values();
        self.tidy_unions();
        self.share_format();
        if self.kinds.len() > 1 {
            self.split_kinds();
        }
        self.all_of.splice(0..0, self.reference.take());
        if let Some(whole) = self.absorb() {
            whole
        } else {
            self.write()
        }
    }

    /// `type: [A, B]` → `anyOf`, a member for each type with the keywords that belong to it.
    fn split_kinds(&mut self) {
        let kinds = std::mem::take(&mut self.kinds);
        let values = self.values.take();
        if self.is_composed() {
            return;
        }
        let mut members = Vec::new();
        for kind in kinds {
            let own: Option<Vec<Value>> = values.as_ref().map(|values| {
                values
                    .iter()
                    .filter(|value| kind.admits(value))
                    .cloned()
                    .collect()
            });
            if own.as_ref().is_some_and(Vec::is_empty) {
                continue;
            }
            let mut member = Self {
                kinds: vec![kind],
                values: own,
                ..Self::new(&self.at)
            };
            match kind {
                Kind::Object => member.object = std::mem::take(&mut self.object),
                Kind::Array => member.array = std::mem::take(&mut self.array),
                Kind::String => member.string = std::mem::take(&mut self.string),
                Kind::Number | Kind::Integer => member.number = std::mem::take(&mut self.number),
                Kind::Boolean => {}
            }
            let format = self.format.as_ref().filter(|format| belongs(format, kind));
            member.format = format.cloned();
            members.push(member.finish());
        }
        self.any_of = members;
        if self.any_of.len() == 1 {
            self.all_of.append(&mut self.any_of);
        }
    }

    /// The one schema that this one consists of, with our notes on it: there is nothing to compose.
    fn absorb(&mut self) -> Option<Value> {
        let said = !self.kinds.is_empty()
            || self.values.is_some()
            || !self.object.is_empty()
            || !self.array.is_empty();
        let [Value::Object(member)] = self.all_of.as_mut_slice() else {
            return None;
        };
        if said || !self.any_of.is_empty() || !self.one_of.is_empty() {
            return None;
        }
        if member.contains_key("$ref") {
            let silent = self.notes.is_empty() && !self.nullable;
            return silent.then(|| Value::Object(std::mem::take(member)));
        }
        let mut out = std::mem::take(member);
        out.insert(AT.to_owned(), self.at.0.clone().into());
        out.extend(std::mem::take(&mut self.notes));
        if self.nullable {
            out.insert("nullable".to_owned(), true.into());
        }
        check_default(&mut out);
        Some(Value::Object(out))
    }

    /// A format beside a union is the format of those of its members that can have one.
    fn share_format(&mut self) {
        let Some(format) = &self.format else { return };
        if !self.kinds.is_empty() {
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
            let kind = member
                .get("type")
                .and_then(Value::as_str)
                .and_then(Kind::named);
            if kind.is_some_and(|kind| belongs(format, kind)) && !member.contains_key("format") {
                member.insert("format".to_owned(), format.clone().into());
            }
        }
    }

    fn write(mut self) -> Value {
        let mut out = node_at(&self.at);
        put(&mut out, "nullable", self.nullable.then_some(true));
        if let [kind] = *self.kinds.as_slice() {
            out.insert("type".to_owned(), kind.as_str().into());
            self.write_kind(kind, &mut out);
        }
        out.extend(self.notes);
        for (key, members) in [
            ("allOf", self.all_of),
            ("anyOf", self.any_of),
            ("oneOf", self.one_of),
        ] {
            put(&mut out, key, (!members.is_empty()).then_some(members));
        }
        check_default(&mut out);
        Value::Object(out)
    }

    /// Writes the keywords that belong to `kind`, and no others.
    fn write_kind(&mut self, kind: Kind, out: &mut Object) {
        match kind {
            Kind::String => {
                let format = self.format.take().filter(|format| belongs(format, kind));
                put(out, "format", format);
                out.extend(std::mem::take(&mut self.string));
            }
            Kind::Number | Kind::Integer => self.write_number(kind, out),
            Kind::Boolean => {}
            Kind::Object => out.extend(std::mem::take(&mut self.object)),
            Kind::Array => {
                out.insert("items".to_owned(), Value::Object(node_at(&self.at)));
                out.extend(std::mem::take(&mut self.array));
            }
        }
        let listable = !matches!(kind, Kind::Object | Kind::Array);
        put(out, "enum", self.values.take().filter(|_| listable));
    }
}

/// Whether `format` may stand beside `kind`. One that nobody knows may stand anywhere.
fn belongs(format: &str, kind: Kind) -> bool {
    match format_kind(format) {
        Some(wanted) if kind.is_numeric() => wanted.is_numeric(),
        // Numbers travel in strings now and then, and their format says what is in there.
        Some(_) | None => kind.is_numeric() || kind == Kind::String,
    }
}
