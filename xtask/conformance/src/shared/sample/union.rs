//! Samples `allOf`, `oneOf` and `anyOf`.

use observatory_codegen::ir::Pointer;
use serde_json::{Map, Value};

use super::sampler::{NewValueKind, Sampler};
use crate::shared::inheritance::typed_tag;

impl<'d> Sampler<'d> {
    /// Merges the keywords next to the composition, every part of `allOf`, and one member of each union.
    pub(super) fn sample_composition(
        &mut self,
        at: &str,
        schema: &'d Map<String, Value>,
    ) -> Option<Value> {
        let mut value = None;
        if ["properties", "additionalProperties"]
            .iter()
            .any(|key| schema.contains_key(*key))
        {
            value = self.sample_object(at, schema);
        }
        self.record_required(schema);
        let parts = schema.get("allOf").and_then(Value::as_array);
        for (index, part) in parts.into_iter().flatten().enumerate() {
            if has_shape(part) {
                let part = self.sample_value(&format!("{at}/allOf/{index}"), part)?;
                value = Some(merge_values(value, part));
            } else if let Some(part) = part.as_object() {
                self.record_required(part);
            }
        }
        if let Some(Value::Object(object)) = &mut value {
            parts
                .into_iter()
                .flatten()
                .for_each(|part| self.apply_constants(part, object));
        }
        value = self.sample_conditions(at, schema, value)?;
        for key in ["oneOf", "anyOf"] {
            let Some(members) = schema.get(key).and_then(Value::as_array) else {
                continue;
            };
            if members.iter().any(has_shape) {
                let member = self.sample_union_member(&format!("{at}/{key}"), schema, members)?;
                value = Some(merge_values(value, member));
            }
        }
        if value.is_none() {
            let ty = self.choose_type(at, schema);
            value = self.sample_type(at, schema, ty);
        }
        value
    }

    /// Merges what `if` with `then`, or `else`, and `dependentSchemas` add to an object.
    fn sample_conditions(
        &mut self,
        at: &str,
        schema: &'d Map<String, Value>,
        mut value: Option<Value>,
    ) -> Option<Option<Value>> {
        let branches: &[&str] = match schema.contains_key("if") {
            true if self.choose(at, "condition", 2) == 0 => &["if", "then"],
            true => &["else"],
            false => &[],
        };
        for key in branches {
            if let Some(branch) = schema.get(*key).filter(|branch| has_shape(branch)) {
                let branch = self.sample_value(&format!("{at}/{key}"), branch)?;
                value = Some(merge_values(value, branch));
            }
        }
        let is_object = schema.get("type").is_none_or(|kind| *kind == "object");
        if is_object && !branches.is_empty() {
            value.get_or_insert_with(|| Map::new().into());
        }
        let dependent = schema.get("dependentSchemas").and_then(Value::as_object);
        for (name, dependent) in dependent.into_iter().flatten() {
            let is_present = value
                .as_ref()
                .is_some_and(|value| value.get(name).is_some());
            if is_present && has_shape(dependent) {
                let at = Pointer(at.to_owned()).join("dependentSchemas").join(name);
                let dependent = self.sample_value(&at.0, dependent)?;
                value = Some(merge_values(value, dependent));
            }
        }
        Some(value)
    }

    fn sample_union_member(
        &mut self,
        at: &str,
        schema: &'d Map<String, Value>,
        members: &'d [Value],
    ) -> Option<Value> {
        let prefers_recursion = self.recursion_depth > self.path.len();
        let is_candidate = |member: &&Value| {
            let is_recursive = self.recursive.contains(member);
            if prefers_recursion {
                is_recursive
            } else {
                self.remaining_values > 0 || !is_recursive
            }
        };
        let mut candidates: Vec<usize> = (0..members.len())
            .filter(|index| members.get(*index).as_ref().is_some_and(is_candidate))
            .collect();
        if candidates.is_empty() {
            candidates = (0..members.len()).collect();
        }
        // Each set of candidates is a decision of its own.
        let decision = if candidates.len() == members.len() {
            "all"
        } else if prefers_recursion {
            "deep"
        } else {
            "flat"
        };
        let choice = self.choose(at, decision, candidates.len());
        let index = *candidates.get(choice)?;
        let member = members.get(index)?;
        let mut value = self.sample_value(&format!("{at}/{index}"), member)?;
        if let (Value::Object(object), Some(discriminator)) =
            (&mut value, schema.get("discriminator"))
        {
            self.set_discriminator(at, discriminator, member, object);
        }
        Some(value)
    }

    /// Sets the properties for which a part of `allOf` allows a single value: another part may have set another one.
    fn apply_constants(&self, part: &Value, object: &mut Map<String, Value>) {
        let target = part.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|pointer| self.document.pointer(pointer.strip_prefix('#')?));
        let properties = target.unwrap_or(part).get("properties");
        for (name, property) in properties.and_then(Value::as_object).into_iter().flatten() {
            let constant = match property.get("enum").and_then(Value::as_array) {
                Some(values) if values.len() == 1 => values.first(),
                _ => property.get("const"),
            };
            if let (Some(constant), Some(value)) = (constant, object.get_mut(name)) {
                *value = constant.clone();
            }
        }
    }

    /// Sets the discriminator property to a value of the member, unless the member's schema constrains it already.
    fn set_discriminator(
        &mut self,
        at: &str,
        discriminator: &'d Value,
        member: &Value,
        object: &mut Map<String, Value>,
    ) -> Option<()> {
        let key = discriminator.get("propertyName")?.as_str()?;
        let reference = member.get("$ref").and_then(Value::as_str)?;
        let name = reference.rsplit('/').next().unwrap_or_default();
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        let mapping = mapping.into_iter().flatten();
        let mut tags: Vec<&str> = mapping
            .filter(|(_, to)| *to == reference || *to == name)
            .map(|(tag, _)| tag.as_str())
            .collect();
        if tags.is_empty() {
            tags.push(name);
        }
        let property = self.property_of(reference, key);
        let declared = property.and_then(|property| property.get("type")?.as_str());
        let ty = match object.get(key) {
            Some(Value::Number(_)) => Some("number"),
            Some(Value::Bool(_)) => Some("boolean"),
            _ => declared,
        };
        let tags: Vec<Value> = tags.into_iter().map(|tag| typed_tag(tag, ty)).collect();
        let current = object.get(key);
        let is_set = current.is_some_and(|current| tags.contains(current))
            || self.has_constrained_property(reference, key);
        // Some servers omit a property that has a single value.
        if !is_set || (current.is_none() && self.choose(at, "tag", 8) > 0) {
            let index = self.choose(at, reference, tags.len());
            object.insert(key.to_owned(), tags.get(index)?.clone());
        }
        self.add_site(NewValueKind::DiscriminatorValue(key.to_owned()));
        Some(())
    }

    /// Returns the property `key` of the schema at `reference`.
    fn property_of(&self, reference: &str, key: &str) -> Option<&'d Value> {
        let schema = self.document.pointer(reference.strip_prefix('#')?)?;
        schema.get("properties")?.get(key)
    }

    /// Returns whether the schema at `reference` constrains the values of its property `key`.
    fn has_constrained_property(&self, reference: &str, key: &str) -> bool {
        let property = self.property_of(reference, key);
        property.is_some_and(|property| {
            ["const", "enum", "$ref", "allOf", "anyOf", "oneOf"]
                .iter()
                .any(|keyword| property.get(keyword).is_some())
        })
    }
}

/// Returns whether a schema describes a value, and not only which properties are required.
fn has_shape(schema: &Value) -> bool {
    const KEYWORDS: &[&str] = &[
        "$ref",
        "additionalProperties",
        "allOf",
        "anyOf",
        "const",
        "enum",
        "if",
        "format",
        "items",
        "oneOf",
        "properties",
        "type",
    ];
    KEYWORDS.iter().any(|keyword| schema.get(keyword).is_some())
}

/// Merges two objects; of two other values, returns the second.
fn merge_values(value: Option<Value>, with: Value) -> Value {
    match (value, with) {
        (Some(Value::Object(mut all)), Value::Object(more)) => {
            all.extend(more);
            Value::Object(all)
        }
        (_, with) => with,
    }
}
