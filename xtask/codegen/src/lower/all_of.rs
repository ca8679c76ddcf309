//! `allOf`: the schemas that hold at once are merged into one.

use std::borrow::Cow;
use std::collections::BTreeSet;

use indexmap::IndexSet;
use serde_json::Value;

use super::components::ComponentSchemas;
use super::limits::LowerLimits;
use super::lowerer::Lowerer;
use super::nullability;
use crate::ir::{Access, Pointer};
use crate::spec::{AdditionalProperties, Schema, SchemaRef};

/// The reference that a schema only wraps to add docs, constraints or null: `allOf: [{$ref: …}]` without structure of
/// its own.
pub(super) fn wrapped_reference(schema: &Schema) -> Option<&SchemaRef> {
    match schema.all_of.as_slice() {
        [reference @ SchemaRef::Named(_)] if has_no_own_structure(schema) => Some(reference),
        _ => None,
    }
}

/// Whether a schema allows values of any structure, its `allOf` aside: it has docs, constraints and a default at most.
pub(super) fn is_unstructured(schema: &Schema) -> bool {
    schema.json_type.is_none() && has_no_own_structure(schema)
}

/// Whether no keyword but `type` and `allOf` gives values a structure.
fn has_no_own_structure(schema: &Schema) -> bool {
    schema.enum_values.is_empty()
        && schema.properties.is_empty()
        && schema.required.is_empty()
        && matches!(
            schema.additional,
            AdditionalProperties::Unspecified | AdditionalProperties::Forbidden
        )
        && schema.items.is_none()
        && !schema.is_union()
}

impl<'d> Lowerer<'d> {
    /// The schema that an instance is validated against: references followed, `allOf` merged.
    pub(super) fn effective_schema<'s>(&self, schema: &'s SchemaRef) -> Cow<'s, Schema>
    where
        'd: 's,
    {
        self.schemas.effective(schema)
    }

    /// Merges the members of a schema's `allOf` into it.
    pub(super) fn merge_all_of<'s>(&self, schema: &'s Schema) -> Cow<'s, Schema> {
        self.schemas.merge(schema)
    }

    /// Two types that a schema and its `allOf` require at once although no value has both.
    pub(super) fn contradicting_types(&self, schema: &Schema) -> Option<(String, String)> {
        let members = schema.all_of.iter();
        let members = members.map(|member| self.effective_schema(member));
        let kinds = members.filter_map(|member| declared_kind(&member).map(str::to_owned));
        let mut kinds = kinds.chain(declared_kind(schema).map(str::to_owned));
        let first = kinds.next()?;
        let second = kinds.find(|kind| !overlaps(kind, &first))?;
        Some((first, second))
    }

    /// Whether a schema and its `allOf` have enums without a common value.
    pub(super) fn has_contradicting_enums(&self, schema: &Schema) -> bool {
        let members = schema.all_of.iter();
        let members = members.map(|member| self.effective_schema(member));
        let mut common: Option<IndexSet<Value>> = None;
        for values in members
            .map(|member| member.enum_values.clone())
            .chain([schema.enum_values.clone()])
        {
            if values.is_empty() {
                continue;
            }
            let values: IndexSet<Value> = values.into_iter().collect();
            if let Some(common) = &mut common {
                common.retain(|value| values.contains(value));
            }
            common.get_or_insert(values);
        }
        common.is_some_and(|values| values.is_empty())
    }
}

impl ComponentSchemas<'_> {
    /// The schema that an instance is validated against. An empty schema if a reference leads in a circle.
    fn effective<'s>(&'s self, schema: &'s SchemaRef) -> Cow<'s, Schema> {
        match schema {
            SchemaRef::Inline(schema) => self.merge(schema),
            SchemaRef::Named(name) => self.get(name).map_or_else(Cow::default, Cow::Borrowed),
        }
    }

    /// Merges the members of a schema's `allOf` into it.
    pub(super) fn merge<'s>(&self, schema: &'s Schema) -> Cow<'s, Schema> {
        if schema.all_of.is_empty() {
            return Cow::Borrowed(schema);
        }
        let members: Vec<Cow<'_, Schema>> = (schema.all_of.iter())
            .map(|member| self.effective(member))
            .collect();
        let mut merged = Schema {
            at: schema.at.clone(),
            ..Schema::default()
        };
        let parts = || members.iter().map(Cow::as_ref).chain([schema]);
        let declared: Vec<&str> = parts().filter_map(declared_kind).collect();
        for part in parts().filter(|part| has_effect(part, &declared)) {
            let size = 1 + part.properties.len() + part.required.len() + part.enum_values.len();
            if !self.limits.spend_steps(size, &schema.at) {
                break;
            }
            merge_into(&mut merged, part, &self.limits);
        }
        let mut known = BTreeSet::new();
        let required = std::mem::take(&mut merged.required);
        merged.required = (required.into_iter())
            .filter(|name| known.insert(name.clone()))
            .collect();
        merged.nullability = nullability::of_all_of(schema, members.iter().map(Cow::as_ref));
        merged.docs = schema.docs.clone();
        merged.title = schema.title.clone();
        merged.default = schema.default.clone();
        Cow::Owned(merged)
    }
}

/// The type that a schema has in the document.
fn declared_kind(schema: &Schema) -> Option<&str> {
    schema
        .json_type
        .as_deref()
        .filter(|_| !schema.is_type_implied)
}

/// Whether a value can have both types.
fn overlaps(a: &str, b: &str) -> bool {
    let is_number = |kind: &str| matches!(kind, "integer" | "number");
    a == b || is_number(a) && is_number(b)
}

/// Whether a schema restricts values of the types that others declare. Without a type of its own, it restricts only
/// values of the type that its keywords are for.
fn has_effect(schema: &Schema, declared: &[&str]) -> bool {
    let implied = schema
        .json_type
        .as_deref()
        .filter(|_| schema.is_type_implied);
    implied.is_none_or(|kind| declared.iter().all(|declared| overlaps(kind, declared)))
}

/// Merges `part` into `merged`. Of keywords that both have, the later one counts, unless both can hold.
fn merge_into(merged: &mut Schema, part: &Schema, limits: &LowerLimits) {
    for (wire_name, property) in &part.properties {
        match merged.properties.get_mut(wire_name) {
            Some(known) => add_to_combination(known, property, &part.at, limits),
            None => drop((merged.properties).insert(wire_name.clone(), property.clone())),
        }
    }
    merged.required.extend_from_slice(&part.required);
    if !matches!(part.additional, AdditionalProperties::Unspecified)
        && !matches!(merged.additional, AdditionalProperties::Schema(_))
    {
        merged.additional = part.additional.clone();
    }
    if part.json_type.is_some() {
        merged.is_type_implied =
            part.is_type_implied && (merged.is_type_implied || merged.json_type.is_none());
        merged.json_type.clone_from(&part.json_type);
    }
    replace_if_set(&mut merged.format, &part.format);
    replace_if_set(&mut merged.items, &part.items);
    if part.items.is_some() {
        merged.tuple.clone_from(&part.tuple);
    }
    replace_if_set(&mut merged.discriminator, &part.discriminator);
    replace_if_set(&mut merged.default, &part.default);
    replace_if_set(&mut merged.title, &part.title);
    replace_if_set(&mut merged.docs.description, &part.docs.description);
    intersect_values(merged, part);
    merged.enum_words.extend_from_slice(&part.enum_words);
    merge_unions(merged, part, limits);
    if merged.access == Access::ReadWrite {
        merged.access = part.access;
    }
    for constraint in &part.constraints {
        if !merged.constraints.contains(constraint) {
            merged.constraints.push(constraint.clone());
        }
    }
}

fn replace_if_set<T: Clone>(known: &mut Option<T>, other: &Option<T>) {
    if other.is_some() {
        known.clone_from(other);
    }
}

/// Two enums allow the values that are in both; the later one counts if there are none.
fn intersect_values(merged: &mut Schema, part: &Schema) {
    if part.enum_values.is_empty() {
        return;
    }
    let known = std::mem::take(&mut merged.enum_values);
    let allowed: IndexSet<&Value> = part.enum_values.iter().collect();
    let is_common = |value: &Value| allowed.contains(value);
    merged.enum_values = known.into_iter().filter(is_common).collect();
    if merged.enum_values.is_empty() {
        merged.enum_values.clone_from(&part.enum_values);
    }
}

/// One union is kept; each member of it is combined with a second one.
fn merge_unions(merged: &mut Schema, part: &Schema, limits: &LowerLimits) {
    for (members, is_one_of) in [(&part.one_of, true), (&part.any_of, false)] {
        if members.is_empty() {
            continue;
        }
        if merged.is_union() {
            let second = SchemaRef::Inline(Box::new(Schema {
                at: part.at.clone(),
                one_of: members.clone(),
                ..Schema::default()
            }));
            for member in merged.one_of.iter_mut().chain(&mut merged.any_of) {
                *member = combine(member, &second, &part.at, limits);
                if let SchemaRef::Inline(pair) = member {
                    pair.is_pair_of_members = true;
                }
            }
        } else if is_one_of {
            merged.one_of.clone_from(members);
        } else {
            merged.any_of.clone_from(members);
        }
    }
}

/// Replaces the schema of a property by that for instances that are valid against both schemas. Where it is a
/// combination already, the second schema is added to it.
fn add_to_combination(
    known: &mut SchemaRef,
    second: &SchemaRef,
    at: &Pointer,
    limits: &LowerLimits,
) {
    if known == second {
        return;
    }
    match known {
        SchemaRef::Inline(schema) if is_combination(schema) => {
            if !schema.all_of.contains(second) && limits.spend_combination(&schema.at) {
                schema.all_of.push(second.clone());
            }
        }
        _ => *known = combine(known, second, at, limits),
    }
}

/// Whether a schema is only the combination of others.
fn is_combination(schema: &Schema) -> bool {
    let combination = Schema {
        at: schema.at.clone(),
        title: schema.title.clone(),
        ..Schema::default()
    };
    schema.all_of.len() > 1
        && has_no_own_structure(schema)
        && schema.json_type.is_none()
        && schema.additional == combination.additional
        && schema.docs == combination.docs
        && schema.constraints.is_empty()
        && schema.default.is_none()
        && schema.nullability == combination.nullability
}

/// The schema for instances that are valid against both schemas. `at` is its place if both are references.
pub(super) fn combine(
    first: &SchemaRef,
    second: &SchemaRef,
    at: &Pointer,
    limits: &LowerLimits,
) -> SchemaRef {
    let at = match (first, second) {
        (SchemaRef::Inline(schema), _) | (_, SchemaRef::Inline(schema)) => schema.at.clone(),
        _ => at.clone(),
    };
    if !limits.spend_combination(&at) {
        return first.clone();
    }
    let title = match first {
        SchemaRef::Named(name) => Some(name.clone()),
        SchemaRef::Inline(schema) => schema.title.clone(),
    };
    SchemaRef::Inline(Box::new(Schema {
        at,
        title,
        all_of: vec![first.clone(), second.clone()],
        ..Schema::default()
    }))
}
