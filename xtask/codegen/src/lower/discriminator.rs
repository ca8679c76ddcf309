//! The property that distinguishes the members of a union: the document's `discriminator`, or an inferred one.

use serde_json::Value;

use super::lowerer::{Lowerer, MAX_DEPTH};
use crate::spec::{Discriminator, Schema, SchemaRef};

/// A property whose value distinguishes the members of a union.
pub(super) struct Tags {
    pub property: String,
    /// For every member the values that mean it, at least one. No value means two members.
    pub values: Vec<Vec<String>>,
}

impl Tags {
    /// Returns `None` if a member has no value or shares one with another.
    fn new(property: &str, values: Option<Vec<Vec<String>>>) -> Option<Self> {
        let values = values.filter(|values| are_distinct(values))?;
        let property = property.to_owned();
        Some(Self { property, values })
    }
}

/// How many values a tag may have in one member.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TagValues {
    One,
    /// Several, if the property is required.
    Several,
}

impl Lowerer<'_> {
    /// Returns the tags of a union's members: by its `discriminator`, or else by the first property that has distinct
    /// string values in every member.
    pub(super) fn find_tags(&self, schema: &Schema, members: &[SchemaRef]) -> Option<Tags> {
        match &schema.discriminator {
            Some(discriminator) => self.declared_tags(discriminator, members),
            // A property with one value in each member is the more reliable tag. Several values must be required: an
            // open enum accepts a value that belongs to no member.
            None => (self.infer_tags(members, TagValues::One))
                .or_else(|| self.infer_tags(members, TagValues::Several)),
        }
    }

    fn infer_tags(&self, members: &[SchemaRef], allowed: TagValues) -> Option<Tags> {
        let first = self.effective_schema(members.first()?);
        first.properties.keys().find_map(|property| {
            let values = members.iter();
            let values = values.map(|member| self.tag_values(member, property, allowed, 0));
            Tags::new(property, values.collect())
        })
    }

    fn declared_tags(&self, discriminator: &Discriminator, members: &[SchemaRef]) -> Option<Tags> {
        let values = members.iter();
        let values = values.map(|member| self.declared_tag_values(discriminator, member));
        Tags::new(&discriminator.property, values.collect())
    }

    /// The values that mean a member: those that `mapping` assigns to it and those that its own property allows; the
    /// name of its component if there are neither (OpenAPI, Discriminator Object).
    fn declared_tag_values(
        &self,
        discriminator: &Discriminator,
        member: &SchemaRef,
    ) -> Option<Vec<String>> {
        let mapping = &discriminator.mapping;
        let name = component_name(member);
        let mapped = mapping.iter();
        let mapped = mapped.filter(|(_, target)| Some(target.as_str()) == name);
        let mut tags: Vec<String> = mapped.map(|(value, _)| value.clone()).collect();
        let own = self.tag_values(member, &discriminator.property, TagValues::One, 0);
        for value in own.unwrap_or_default() {
            let is_mapped = mapping.iter().any(|(known, _)| *known == value);
            if !is_mapped && !tags.contains(&value) {
                tags.push(value);
            }
        }
        if tags.is_empty() && self.is_object(member, 0) {
            tags.extend(name.map(str::to_owned));
        }
        (!tags.is_empty()).then_some(tags)
    }

    /// The string values that a property allows in a member, if they are as few as `allowed`. Those of a nested union
    /// are the values of all its members.
    fn tag_values(
        &self,
        member: &SchemaRef,
        property: &str,
        allowed: TagValues,
        depth: usize,
    ) -> Option<Vec<String>> {
        let schema = self.effective_schema(member);
        if depth > MAX_DEPTH
            || !self.schemas.limits.spend_steps(1, &schema.at)
            || schema
                .json_type
                .as_deref()
                .is_some_and(|kind| kind != "object")
        {
            return None;
        }
        if schema.is_union() {
            let nested = schema.union_members();
            let values: Option<Vec<_>> = nested
                .map(|member| self.tag_values(member, property, allowed, depth + 1))
                .collect();
            return values.map(|values| values.concat());
        }
        let values = &self
            .effective_schema(schema.properties.get(property)?)
            .enum_values;
        let is_required = schema.required.iter().any(|name| name == property);
        match values.as_slice() {
            [_] => strings(values),
            [_, ..] if allowed == TagValues::Several && is_required => strings(values),
            _ => None,
        }
    }

    fn is_object(&self, member: &SchemaRef, depth: usize) -> bool {
        let schema = self.effective_schema(member);
        schema.json_type.as_deref() == Some("object")
            || !schema.properties.is_empty()
            || schema.is_union()
                && depth < MAX_DEPTH
                && self.schemas.limits.spend_steps(1, &schema.at)
                && (schema.union_members()).all(|member| self.is_object(member, depth + 1))
    }
}

/// The component that a member is, also if the properties next to the union were combined with it.
fn component_name(member: &SchemaRef) -> Option<&str> {
    match member {
        SchemaRef::Named(name) => Some(name),
        SchemaRef::Inline(schema) => match schema.all_of.first() {
            Some(SchemaRef::Named(name)) => Some(name),
            _ => None,
        },
    }
}

/// The values as strings, if all are.
fn strings(values: &[Value]) -> Option<Vec<String>> {
    let strings = values.iter().map(|value| value.as_str().map(str::to_owned));
    strings.collect()
}

/// Whether every member has a value, and no value is in two members.
fn are_distinct(values: &[Vec<String>]) -> bool {
    let mut all: Vec<&String> = values.iter().flatten().collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    all.len() == count && values.iter().all(|values| !values.is_empty())
}
