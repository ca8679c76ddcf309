//! `allOf`: several schemas that hold at once become one.

use std::borrow::Cow;

use super::{DEPTH, Lower};
use crate::spec::{Additional, Schema, SchemaRef};

/// The schema that this one only wraps, to add words or null to it: `allOf: [{$ref}]` and nothing that shapes values.
pub(super) fn alias(schema: &Schema) -> Option<&SchemaRef> {
    let [SchemaRef::Named(_)] = schema.all_of.as_slice() else {
        return None;
    };
    shapes_nothing(&Schema {
        all_of: Vec::new(),
        kind: None,
        ..schema.clone()
    })
    .then(|| &schema.all_of[0])
}

/// Whether a schema leaves values as they are: it may bear words, limits and a default, but no structure.
fn shapes_nothing(schema: &Schema) -> bool {
    schema.kind.is_none()
        && schema.values.is_empty()
        && schema.properties.is_empty()
        && schema.required.is_empty()
        && matches!(schema.additional, Additional::Unsaid | Additional::Denied)
        && schema.items.is_none()
        && schema.all_of.is_empty()
        && schema.one_of.is_empty()
        && schema.any_of.is_empty()
}

impl<'d> Lower<'d> {
    /// The schema with everything its `allOf` adds.
    pub(super) fn merged<'s>(&self, schema: &'s Schema) -> Cow<'s, Schema> {
        self.merged_at(schema, 0)
    }

    fn merged_at<'s>(&self, schema: &'s Schema, depth: usize) -> Cow<'s, Schema> {
        if schema.all_of.is_empty() || depth > DEPTH {
            return Cow::Borrowed(schema);
        }
        let mut own = schema.clone();
        let members = std::mem::take(&mut own.all_of);
        let mut sum = Schema {
            at: own.at.clone(),
            ..Schema::default()
        };
        // Null is a value of the whole only if it is one of every part that shapes it.
        let mut nullable = true;
        for member in &members {
            let member = self.resolved(member, depth);
            let member = self.merged_at(member.as_ref(), depth + 1);
            nullable &= member.nullable || shapes_nothing(&member);
            add(&mut sum, &member);
        }
        nullable &= !members.is_empty() && (own.nullable || shapes_nothing(&own));
        let nullable = own.nullable || nullable && sum.nullable;
        add(&mut sum, &own);
        sum.nullable = nullable;
        sum.docs = own.docs;
        sum.title = own.title;
        sum.default = own.default;
        Cow::Owned(sum)
    }

    /// Two kinds that a schema's `allOf` asks for at once, if no value can be both.
    pub(super) fn contradiction(&self, schema: &Schema) -> Option<(String, String)> {
        let members = schema.all_of.iter().filter_map(|member| self.view(member));
        let kinds = members.map(|member| member.kind.clone());
        let mut kinds = kinds.chain([schema.kind.clone()]).flatten();
        let first = kinds.next()?;
        let number = |kind: &str| matches!(kind, "integer" | "number");
        let second = kinds.find(|kind| *kind != first && !(number(kind) && number(&first)))?;
        Some((first, second))
    }

    /// The schema a reference stands for, followed to the end.
    fn resolved<'s>(&self, schema: &'s SchemaRef, depth: usize) -> Cow<'s, Schema>
    where
        'd: 's,
    {
        let mut schema = schema;
        for _ in depth..=DEPTH {
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

    /// A schema as values see it: references followed, `allOf` merged.
    pub(super) fn view<'s>(&self, schema: &'s SchemaRef) -> Option<Cow<'s, Schema>>
    where
        'd: 's,
    {
        Some(match self.resolved(schema, 0) {
            Cow::Borrowed(schema) => self.merged(schema),
            Cow::Owned(schema) => Cow::Owned(self.merged(&schema).into_owned()),
        })
    }
}

/// Adds what `more` says to `sum`. Where both speak, the later and more specific word counts.
fn add(sum: &mut Schema, more: &Schema) {
    for (wire, property) in &more.properties {
        let merged = match sum.properties.get(wire) {
            Some(known) if known != property => both(known, property, &more.at),
            _ => property.clone(),
        };
        sum.properties.insert(wire.clone(), merged);
    }
    for wire in &more.required {
        if !sum.required.contains(wire) {
            sum.required.push(wire.clone());
        }
    }
    if !matches!(more.additional, Additional::Unsaid)
        && !matches!(sum.additional, Additional::Schema(_))
    {
        sum.additional = more.additional.clone();
    }
    replace(&mut sum.kind, &more.kind);
    replace(&mut sum.format, &more.format);
    replace(&mut sum.items, &more.items);
    replace(&mut sum.discriminator, &more.discriminator);
    replace(&mut sum.default, &more.default);
    replace(&mut sum.title, &more.title);
    replace(&mut sum.docs.description, &more.docs.description);
    narrow(sum, more);
    unions(sum, more);
    sum.nullable |= more.nullable;
    sum.only_null |= more.only_null;
    sum.read_only |= more.read_only;
    sum.constraints.extend(
        more.constraints
            .iter()
            .filter(|known| !sum.constraints.contains(known))
            .cloned()
            .collect::<Vec<_>>(),
    );
}

fn replace<T: Clone>(known: &mut Option<T>, more: &Option<T>) {
    if more.is_some() {
        known.clone_from(more);
    }
}

/// Two lists of values allow what stands in both.
fn narrow(sum: &mut Schema, more: &Schema) {
    if sum.values.is_empty() {
        sum.values.clone_from(&more.values);
    } else if !more.values.is_empty() {
        let common: Vec<_> = sum
            .values
            .iter()
            .filter(|value| more.values.contains(value))
            .cloned()
            .collect();
        sum.values = if common.is_empty() {
            more.values.clone()
        } else {
            common
        };
    }
}

/// One union can be kept as it is; a second one goes into every member of the first.
fn unions(sum: &mut Schema, more: &Schema) {
    for (known, added) in [(&more.one_of, true), (&more.any_of, false)] {
        if known.is_empty() {
            continue;
        }
        let free = sum.one_of.is_empty() && sum.any_of.is_empty();
        let second = Schema {
            at: more.at.clone(),
            one_of: known.clone(),
            ..Schema::default()
        };
        if !free {
            let second = SchemaRef::Inline(Box::new(second));
            for member in sum.one_of.iter_mut().chain(&mut sum.any_of) {
                *member = both(member, &second, &more.at);
            }
        } else if added {
            sum.one_of.clone_from(known);
        } else {
            sum.any_of.clone_from(known);
        }
    }
}

/// A schema that says what both say.
pub(super) fn both(first: &SchemaRef, second: &SchemaRef, at: &crate::ir::Pointer) -> SchemaRef {
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
