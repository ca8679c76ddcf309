//! How the members of a union are told apart by a property that each of them has.

use serde_json::Value;

use super::{DEPTH, Lower};
use crate::spec::{Discriminator, Schema, SchemaRef};

/// The tagging property, and for every member the values that mean it.
type Tags = (String, Vec<Vec<String>>);

impl Lower<'_> {
    /// The property that tells the members apart, if there is one: the discriminator, or a required property of which
    /// each value means one member.
    pub(super) fn tags(&self, schema: &Schema, members: &[SchemaRef]) -> Option<Tags> {
        if let Some(discriminator) = &schema.discriminator {
            return self.by_discriminator(discriminator, members);
        }
        // One value a member says it best. Several do where they must be there: what is none of them is none of the
        // members, which an open enum would not notice.
        self.telling(members, false)
            .or_else(|| self.telling(members, true))
    }

    fn telling(&self, members: &[SchemaRef], several: bool) -> Option<Tags> {
        let first = self.view(members.first()?)?;
        first.properties.keys().find_map(|wire| {
            let tags: Option<Vec<_>> = members
                .iter()
                .map(|member| self.member_values(member, wire, several, 0))
                .collect();
            Some((wire.clone(), tags.filter(|tags| distinct(tags))?))
        })
    }

    fn by_discriminator(
        &self,
        discriminator: &Discriminator,
        members: &[SchemaRef],
    ) -> Option<Tags> {
        let property = &discriminator.property;
        let tags: Option<Vec<_>> = members
            .iter()
            .map(|member| self.discriminated(discriminator, member))
            .collect();
        let tags = tags.filter(|tags| distinct(tags))?;
        Some((property.clone(), tags))
    }

    /// The values that mean a member: what the mapping says, what the member's own property says, or its name.
    fn discriminated(
        &self,
        discriminator: &Discriminator,
        member: &SchemaRef,
    ) -> Option<Vec<String>> {
        let name = self.name_of(member);
        let mut tags: Vec<String> = Vec::new();
        for (value, target) in &discriminator.mapping {
            if Some(target.as_str()) == name {
                tags.push(value.clone());
            }
        }
        for value in self
            .member_values(member, &discriminator.property, false, 0)
            .unwrap_or_default()
        {
            let elsewhere = discriminator
                .mapping
                .iter()
                .any(|(known, _)| *known == value);
            if !elsewhere && !tags.contains(&value) {
                tags.push(value);
            }
        }
        if tags.is_empty() && self.is_object(member, 0) {
            tags.extend(name.map(str::to_owned));
        }
        (!tags.is_empty()).then_some(tags)
    }

    /// The component a member is, also where properties beside the union were merged into it.
    fn name_of<'s>(&self, member: &'s SchemaRef) -> Option<&'s str> {
        match member {
            SchemaRef::Named(name) => Some(name),
            SchemaRef::Inline(schema) => match schema.all_of.first() {
                Some(SchemaRef::Named(name)) => Some(name),
                _ => None,
            },
        }
    }

    /// The values a property has in a member, if it has but one, or `several` and must be there; of a nested union, those
    /// of all its members.
    fn member_values(
        &self,
        member: &SchemaRef,
        property: &str,
        several: bool,
        depth: usize,
    ) -> Option<Vec<String>> {
        let view = self.view(member)?;
        if depth > DEPTH || view.kind.as_deref().is_some_and(|kind| kind != "object") {
            return None;
        }
        if view.one_of.is_empty() && view.any_of.is_empty() {
            let values = &self.view(view.properties.get(property)?)?.values;
            let required = view.required.iter().any(|name| name == property);
            return match values.as_slice() {
                [_] => all_text(values),
                [_, ..] if several && required => all_text(values),
                _ => None,
            };
        }
        let nested = view.one_of.iter().chain(&view.any_of);
        let values: Option<Vec<_>> = nested
            .map(|member| self.member_values(member, property, several, depth + 1))
            .collect();
        values.map(|values| values.concat())
    }

    fn is_object(&self, member: &SchemaRef, depth: usize) -> bool {
        let Some(view) = self.view(member) else {
            return false;
        };
        let union = view.one_of.iter().chain(&view.any_of);
        let nested = !view.one_of.is_empty() || !view.any_of.is_empty();
        view.kind.as_deref() == Some("object")
            || !view.properties.is_empty()
            || nested
                && depth < DEPTH
                && union
                    .into_iter()
                    .all(|member| self.is_object(member, depth + 1))
    }
}

fn all_text(values: &[Value]) -> Option<Vec<String>> {
    values
        .iter()
        .map(|value| value.as_str().map(str::to_owned))
        .collect()
}

/// Whether no value means two members.
fn distinct(tags: &[Vec<String>]) -> bool {
    let mut all: Vec<&String> = tags.iter().flatten().collect();
    let before = all.len();
    all.sort_unstable();
    all.dedup();
    all.len() == before && tags.iter().all(|tags| !tags.is_empty())
}
