//! The property that distinguishes the members of a union: the document's `discriminator`, or an inferred one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::lowerer::{Lowerer, MAX_DEPTH};
use super::scalar::literal;
use crate::ir::{Literal, Pointer};
use crate::spec::{Discriminator, Schema, SchemaRef};

/// A property whose value distinguishes the members of a union.
pub(super) struct Tags {
    pub property: String,
    /// For every member the values that mean it, at least one. No value means two members.
    pub values: Vec<Vec<Literal>>,
    /// The member that a value without a known tag is (`defaultMapping`).
    pub default: Option<usize>,
}

impl Tags {
    /// Returns `None` if a member has no value or shares one with another.
    fn new(property: &str, values: Option<Vec<Vec<Literal>>>) -> Option<Self> {
        let values = values.filter(|values| are_distinct(values))?;
        let property = property.to_owned();
        Some(Self {
            property,
            values,
            default: None,
        })
    }
}

/// The `mapping` of a discriminator by its keys and by its targets: both can be many.
struct MappingIndex<'s> {
    discriminator: &'s Discriminator,
    keys: BTreeSet<&'s str>,
    /// The keys of each component, in their order.
    keys_by_target: BTreeMap<&'s str, Vec<&'s str>>,
}

impl<'s> MappingIndex<'s> {
    fn new(discriminator: &'s Discriminator) -> Self {
        let mut keys = BTreeSet::new();
        let mut keys_by_target: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (key, target) in &discriminator.mapping {
            keys.insert(key.as_str());
            keys_by_target.entry(target).or_default().push(key);
        }
        Self {
            discriminator,
            keys,
            keys_by_target,
        }
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
    /// values in every member.
    pub(super) fn find_tags(&self, schema: &Schema, members: &[SchemaRef]) -> Option<Tags> {
        match &schema.discriminator {
            Some(discriminator) => self.declared_tags(discriminator, members),
            // A property with one value in each member is the more reliable tag. Several values must be required: an
            // open enum accepts a value that belongs to no member.
            None => (self.infer_tags(members, TagValues::One))
                .or_else(|| self.infer_tags(members, TagValues::Several)),
        }
    }

    /// Notes what of a discriminator does not distinguish the members of its union.
    pub(super) fn add_unused_discriminator(
        &mut self,
        schema: &Schema,
        members: &[SchemaRef],
        tags: Option<&Tags>,
    ) {
        let Some(discriminator) = &schema.discriminator else {
            return;
        };
        let at = &discriminator.at;
        let Some(tags) = tags else {
            self.unused_parts.insert(at.clone());
            return;
        };
        if discriminator.default.is_some() && tags.default.is_none() {
            self.unused_parts.insert(at.join("defaultMapping"));
        }
        let names: BTreeSet<&str> = members.iter().filter_map(component_name).collect();
        let is_union = |member: &&SchemaRef| self.effective_schema(member).is_union();
        let unions: Vec<&SchemaRef> = members.iter().filter(is_union).collect();
        let is_used = |target: &str| {
            let mut unions = unions.iter();
            names.contains(target) || unions.any(|union| self.has_member(union, target, 0))
        };
        let mapping = discriminator.mapping.iter();
        let unused: Vec<Pointer> = mapping
            .filter(|(_, target)| !is_used(target))
            .map(|(tag, _)| at.join("mapping").join(tag))
            .collect();
        self.unused_parts.extend(unused);
    }

    fn infer_tags(&self, members: &[SchemaRef], allowed: TagValues) -> Option<Tags> {
        let first = self.effective_schema(members.first()?);
        first.properties.keys().find_map(|property| {
            let values = members.iter();
            let values = values.map(|member| self.tag_values(member, property, allowed, 0));
            Tags::new(property, values.collect())
        })
    }

    /// The values of a declared discriminator: what the property allows in each member decides first. An enum that the
    /// members share does not distinguish them, so that only single values count then.
    fn declared_tags(&self, discriminator: &Discriminator, members: &[SchemaRef]) -> Option<Tags> {
        let mapping = MappingIndex::new(discriminator);
        let with = |allowed| {
            let values = members.iter();
            let values = values.map(|one| self.declared_tag_values(&mapping, one, allowed));
            Tags::new(&discriminator.property, values.collect())
        };
        let tags = with(TagValues::Several).or_else(|| with(TagValues::One))?;
        let default = discriminator.default.as_deref();
        let mut names = members.iter().map(component_name);
        Some(Tags {
            default: default.and_then(|default| names.position(|name| name == Some(default))),
            ..tags
        })
    }

    /// The values that mean a member: those that `mapping` assigns to it and those that its own property allows; the
    /// name of its component if there are neither (OpenAPI, Discriminator Object).
    fn declared_tag_values(
        &self,
        mapping: &MappingIndex<'_>,
        member: &SchemaRef,
        allowed: TagValues,
    ) -> Option<Vec<Literal>> {
        let discriminator = mapping.discriminator;
        let name = component_name(member);
        let kinds = self.tag_kinds(member, &discriminator.property, 0);
        let mut tags: Vec<Literal> = if self.effective_schema(member).is_union() {
            let mapped = discriminator.mapping.iter();
            let mapped = mapped.filter(|(_, target)| {
                Some(target.as_str()) == name || self.has_member(member, target, 0)
            });
            mapped.map(|(key, _)| mapping_tag(key, &kinds)).collect()
        } else {
            let keys = name.and_then(|name| mapping.keys_by_target.get(name));
            let keys = keys.into_iter().flatten();
            keys.map(|key| mapping_tag(key, &kinds)).collect()
        };
        let own = self.tag_values(member, &discriminator.property, allowed, 0);
        for value in own.unwrap_or_default() {
            if !mapping.keys.contains(value.to_string().as_str()) && !tags.contains(&value) {
                tags.push(value);
            }
        }
        if tags.is_empty() && self.is_object(member, 0) {
            tags.extend(name.map(|name| Literal::String(name.to_owned())));
        }
        (!tags.is_empty()).then_some(tags)
    }

    /// Whether a member is a union that contains a component.
    fn has_member(&self, member: &SchemaRef, component: &str, depth: usize) -> bool {
        let schema = self.effective_schema(member);
        depth <= MAX_DEPTH
            && schema.is_union()
            && self.schemas.limits.spend_steps(1, &schema.at)
            && (schema.union_members()).any(|inner| {
                component_name(inner) == Some(component)
                    || self.has_member(inner, component, depth + 1)
            })
    }

    /// The JSON types that a property has in a member, or in the members of a nested union.
    fn tag_kinds(&self, member: &SchemaRef, property: &str, depth: usize) -> Vec<String> {
        let schema = self.effective_schema(member);
        if depth > MAX_DEPTH || !self.schemas.limits.spend_steps(1, &schema.at) {
            return Vec::new();
        }
        if schema.is_union() {
            let nested = schema.union_members();
            let kinds = nested.flat_map(|member| self.tag_kinds(member, property, depth + 1));
            return kinds.collect();
        }
        let property = schema.properties.get(property);
        let kind = property.and_then(|property| self.effective_schema(property).json_type.clone());
        kind.into_iter().collect()
    }

    /// The values that a property allows in a member, if they are as few as `allowed`. Those of a nested union are the
    /// values of all its members.
    fn tag_values(
        &self,
        member: &SchemaRef,
        property: &str,
        allowed: TagValues,
        depth: usize,
    ) -> Option<Vec<Literal>> {
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
            [_] => literals(values),
            [_, ..] if allowed == TagValues::Several && is_required => literals(values),
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

/// The value that a key of `mapping` means: keys are strings, also where the property is not.
fn mapping_tag(key: &str, kinds: &[String]) -> Literal {
    let has_kind = |name: &str| kinds.iter().any(|kind| kind == name);
    let value = serde_json::from_str::<Value>(key).ok();
    let literal = value.as_ref().and_then(literal);
    match literal {
        Some(tag @ Literal::Integer(_)) if has_kind("integer") || has_kind("number") => tag,
        Some(tag @ Literal::Number(_)) if has_kind("number") => tag,
        Some(tag @ Literal::Bool(_)) if has_kind("boolean") => tag,
        _ => Literal::String(key.to_owned()),
    }
}

/// The values as literals, if all can be.
fn literals(values: &[Value]) -> Option<Vec<Literal>> {
    values.iter().map(literal).collect()
}

/// Whether every member has a value, and no value is in two members.
fn are_distinct(values: &[Vec<Literal>]) -> bool {
    // Only literals of one text can be equal.
    let mut all: BTreeMap<String, Vec<&Literal>> = BTreeMap::new();
    for value in values.iter().flatten() {
        let same_text = all.entry(value.to_string()).or_default();
        if same_text.contains(&value) {
            return false;
        }
        same_text.push(value);
    }
    values.iter().all(|values| !values.is_empty())
}
