//! `allOf`, `oneOf` and `anyOf`.

use serde_json::{Map, Value};

use super::sampler::{Sampler, SiteKind};

impl<'d> Sampler<'d> {
    /// What stands beside the unions, all of `allOf`, and one member of each union, in one value.
    pub(super) fn composed(&mut self, at: &str, schema: &'d Map<String, Value>) -> Option<Value> {
        let mut value = None;
        if ["properties", "additionalProperties"]
            .iter()
            .any(|key| schema.contains_key(*key))
        {
            value = self.object(at, schema);
        }
        self.required(schema);
        let all = schema.get("allOf").and_then(Value::as_array);
        for (index, part) in all.into_iter().flatten().enumerate() {
            if shapes(part) {
                let part = self.value(&format!("{at}/allOf/{index}"), part)?;
                value = Some(merged(value, part));
            } else if let Some(part) = part.as_object() {
                self.required(part);
            }
        }
        if let Some(Value::Object(object)) = &mut value {
            all.into_iter()
                .flatten()
                .for_each(|part| self.settle(part, object));
        }
        for key in ["oneOf", "anyOf"] {
            let Some(members) = schema.get(key).and_then(Value::as_array) else {
                continue;
            };
            let shaped = members.iter().filter(|member| shapes(member)).count();
            if shaped > 0 {
                let member = self.member(&format!("{at}/{key}"), schema, members)?;
                value = Some(merged(value, member));
            }
        }
        if value.is_none() {
            let kind = self.kind(at, schema);
            value = self.of_kind(at, schema, kind);
        }
        value
    }

    fn member(
        &mut self,
        at: &str,
        schema: &'d Map<String, Value>,
        members: &'d [Value],
    ) -> Option<Value> {
        let diving = self.dive > self.here.len();
        let fits = |member: &&Value| {
            let recursive = self.reach.is_recursive(member);
            if diving {
                recursive
            } else {
                self.left > 0 || !recursive
            }
        };
        let mut open: Vec<usize> = (0..members.len())
            .filter(|index| members.get(*index).as_ref().is_some_and(fits))
            .collect();
        if open.is_empty() {
            open = (0..members.len()).collect();
        }
        let (deck, size) = if open.len() == members.len() {
            ("all", open.len())
        } else if diving {
            ("deep", open.len())
        } else {
            ("flat", open.len())
        };
        let card = self.draw(at, deck, size);
        let index = *open.get(card)?;
        let member = members.get(index)?;
        let mut value = self.value(&format!("{at}/{index}"), member)?;
        if let (Value::Object(object), Some(discriminator)) =
            (&mut value, schema.get("discriminator"))
        {
            self.tag(at, discriminator, member, object);
        }
        Some(value)
    }

    /// Where one part of `allOf` says a property's only value, that stands, whatever another part has put there.
    fn settle(&self, part: &Value, object: &mut Map<String, Value>) {
        let target = part.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|pointer| self.document.pointer(pointer.strip_prefix('#')?));
        let properties = target.unwrap_or(part).get("properties");
        for (name, property) in properties.and_then(Value::as_object).into_iter().flatten() {
            let only = match property.get("enum").and_then(Value::as_array) {
                Some(values) if values.len() == 1 => values.first(),
                _ => property.get("const"),
            };
            if let (Some(only), Some(value)) = (only, object.get_mut(name)) {
                *value = only.clone();
            }
        }
    }

    /// The tag that the discriminator has for the member, unless its schema has found it already.
    fn tag(
        &mut self,
        at: &str,
        discriminator: &'d Value,
        member: &Value,
        object: &mut Map<String, Value>,
    ) -> Option<()> {
        let key = discriminator.get("propertyName")?.as_str()?;
        let target = member.get("$ref").and_then(Value::as_str);
        let target = target?;
        let name = target.rsplit('/').next().unwrap_or_default();
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        let mapped = mapping.into_iter().flatten();
        let mut tags: Vec<&str> = mapped
            .filter(|(_, to)| *to == target || *to == name)
            .map(|(tag, _)| tag.as_str())
            .collect();
        if tags.is_empty() {
            tags.push(name);
        }
        let known = object.get(key).and_then(Value::as_str);
        let settled =
            known.is_some_and(|known| tags.contains(&known)) || self.is_settled(target, key);
        // Some senders leave out what can have one value only.
        if !settled || (known.is_none() && self.draw(at, "tag", 8) > 0) {
            let card = self.draw(at, target, tags.len());
            object.insert(key.to_owned(), (*tags.get(card)?).into());
        }
        self.site(SiteKind::Tag(key.to_owned()));
        Some(())
    }

    /// Whether the member's own schema says which values the tag can have.
    fn is_settled(&self, target: &str, key: &str) -> bool {
        let schema = target
            .strip_prefix('#')
            .and_then(|pointer| self.document.pointer(pointer));
        let property = schema.and_then(|schema| schema.get("properties")?.get(key));
        property.is_some_and(|property| {
            ["const", "enum", "$ref", "allOf", "anyOf", "oneOf"]
                .iter()
                .any(|word| property.get(word).is_some())
        })
    }
}

/// Whether a schema says what values look like, and not only what must be among their properties.
fn shapes(schema: &Value) -> bool {
    const SHAPES: &[&str] = &[
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "const",
        "enum",
        "format",
        "items",
        "oneOf",
        "properties",
        "type",
    ];
    SHAPES.iter().any(|key| schema.get(key).is_some())
}

/// Objects become one; otherwise the later value stands.
fn merged(value: Option<Value>, with: Value) -> Value {
    match (value, with) {
        (Some(Value::Object(mut all)), Value::Object(more)) => {
            all.extend(more);
            Value::Object(all)
        }
        (_, with) => with,
    }
}
