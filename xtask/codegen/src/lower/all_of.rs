//! `allOf`: the schemas that hold at once are merged into one.

use std::borrow::Cow;

use serde_json::Value;

use super::lowerer::{Lowerer, MAX_DEPTH};
use super::nullability;
use crate::ir::Pointer;
use crate::spec::{AdditionalProperties, Schema, SchemaRef};

/// The reference that a schema only wraps to add docs, constraints or null: `allOf: [{$ref: …}]` without structure of
/// its own.
pub(super) fn wrapped_reference(schema: &Schema) -> Option<&SchemaRef> {
    match schema.all_of.as_slice() {
        [reference @ SchemaRef::Named(_)] if has_no_own_structure(schema) => Some(reference),
        _ => None,
    }
}

/// Whether a schema allows values of any structure: it has docs, constraints and a default at most.
pub(super) fn is_unstructured(schema: &Schema) -> bool {
    schema.json_type.is_none() && schema.all_of.is_empty() && has_no_own_structure(schema)
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
        match self.follow_references(schema, 0) {
            Cow::Borrowed(schema) => self.merge_all_of(schema),
            Cow::Owned(schema) => Cow::Owned(self.merge_all_of(&schema).into_owned()),
        }
    }

    /// Merges the members of a schema's `allOf` into it.
    pub(super) fn merge_all_of<'s>(&self, schema: &'s Schema) -> Cow<'s, Schema> {
        self.merge_nested_all_of(schema, 0)
    }

    fn merge_nested_all_of<'s>(&self, schema: &'s Schema, depth: usize) -> Cow<'s, Schema> {
        if schema.all_of.is_empty() || depth > MAX_DEPTH {
            return Cow::Borrowed(schema);
        }
        let mut own = schema.clone();
        let members = std::mem::take(&mut own.all_of);
        let members: Vec<Schema> = members
            .iter()
            .map(|member| {
                let member = self.follow_references(member, depth);
                let merged = self.merge_nested_all_of(member.as_ref(), depth + 1);
                merged.into_owned()
            })
            .collect();
        let mut merged = Schema {
            at: own.at.clone(),
            ..Schema::default()
        };
        let parts = || members.iter().chain([&own]);
        let declared: Vec<&str> = parts().filter_map(declared_kind).collect();
        for part in parts().filter(|part| has_effect(part, &declared)) {
            merge_into(&mut merged, part);
        }
        merged.nullability = nullability::of_all_of(&own, members.iter());
        merged.docs = own.docs;
        merged.title = own.title;
        merged.default = own.default;
        Cow::Owned(merged)
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
        let mut common: Option<Vec<Value>> = None;
        for values in members
            .map(|member| member.enum_values.clone())
            .chain([schema.enum_values.clone()])
        {
            if values.is_empty() {
                continue;
            }
            if let Some(common) = &mut common {
                common.retain(|value| values.contains(value));
            }
            common.get_or_insert(values);
        }
        common.is_some_and(|values| values.is_empty())
    }

    /// The inline schema that a reference leads to; an empty schema if it leads in a circle.
    fn follow_references<'s>(&self, schema: &'s SchemaRef, depth: usize) -> Cow<'s, Schema>
    where
        'd: 's,
    {
        let mut schema = schema;
        for _ in depth..=MAX_DEPTH {
            match schema {
                SchemaRef::Inline(schema) => return Cow::Borrowed(schema),
                SchemaRef::Named(name) => match self.document.schemas.get(name) {
                    Some(target) => schema = target,
                    None => break,
                },
            }
        }
        Cow::Owned(Schema::default())
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
fn merge_into(merged: &mut Schema, part: &Schema) {
    for (wire_name, property) in &part.properties {
        let property = match merged.properties.get(wire_name) {
            Some(known) if known != property => combine(known, property, &part.at),
            _ => property.clone(),
        };
        merged.properties.insert(wire_name.clone(), property);
    }
    for wire_name in &part.required {
        if !merged.required.contains(wire_name) {
            merged.required.push(wire_name.clone());
        }
    }
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
    replace_if_set(&mut merged.discriminator, &part.discriminator);
    replace_if_set(&mut merged.default, &part.default);
    replace_if_set(&mut merged.title, &part.title);
    replace_if_set(&mut merged.docs.description, &part.docs.description);
    intersect_values(merged, part);
    merge_unions(merged, part);
    merged.read_only |= part.read_only;
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
    let is_common = |value: &Value| part.enum_values.contains(value);
    merged.enum_values = known.into_iter().filter(is_common).collect();
    if merged.enum_values.is_empty() {
        merged.enum_values.clone_from(&part.enum_values);
    }
}

/// One union is kept; each member of it is combined with a second one.
fn merge_unions(merged: &mut Schema, part: &Schema) {
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
                *member = combine(member, &second, &part.at);
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

/// The schema for instances that are valid against both schemas. `at` is its place if both are references.
pub(super) fn combine(first: &SchemaRef, second: &SchemaRef, at: &Pointer) -> SchemaRef {
    let at = match (first, second) {
        (SchemaRef::Inline(schema), _) | (_, SchemaRef::Inline(schema)) => schema.at.clone(),
        _ => at.clone(),
    };
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
