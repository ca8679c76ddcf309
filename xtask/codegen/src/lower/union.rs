//! `oneOf` and `anyOf`. The two mean the same here: a value is read as the member that it is, and written as that.

use serde_json::Value;

use super::{Lower, Lowered, Place, merge, nullable, object};
use crate::ir::{
    Docs, Parent, Primitive, RoleStep, Shape, Tagging, TypeId, TypeRef, Union, Variant,
};
use crate::spec::{Additional, Schema, SchemaRef};

impl Lower<'_> {
    /// The type of a union: a simpler type where its members come to one, an enum of its members otherwise.
    pub(super) fn union(
        &mut self,
        schema: &Schema,
        place: &Place,
        slot: Option<TypeId>,
    ) -> Lowered {
        let members = self.members(schema);
        let null = schema.nullable || members.iter().any(|member| self.is_nullable(member, 0));
        let mut lowered = self.members_type(schema, &members, place, slot);
        lowered.nullable |= null;
        lowered
    }

    fn members_type(
        &mut self,
        schema: &Schema,
        members: &[SchemaRef],
        place: &Place,
        slot: Option<TypeId>,
    ) -> Lowered {
        let plain = |ty| Lowered {
            ty,
            nullable: false,
        };
        if let Some(values) = self.all_strings(members) {
            return plain(match values.is_empty() {
                true => TypeRef::Primitive(Primitive::String { format: None }),
                false => self.enumeration(
                    &Schema {
                        values,
                        ..schema.clone()
                    },
                    place,
                    slot,
                ),
            });
        }
        if let Some(primitive) = self.one_scalar(members) {
            return plain(TypeRef::Primitive(primitive));
        }
        match members {
            [] => self.inline(&without_union(schema), place, slot),
            [SchemaRef::Inline(only)] => self.inline(only, place, slot),
            [only] => self.type_of(only, place),
            _ => plain(self.enum_of(schema, members, place, slot)),
        }
    }

    /// The members that shape values, each once, with what stands beside the union added to the objects among them.
    fn members(&self, schema: &Schema) -> Vec<SchemaRef> {
        let common = without_union(schema);
        let shared = object::looks_like_object(&common);
        let mut members: Vec<SchemaRef> = Vec::new();
        for member in schema.one_of.iter().chain(&schema.any_of) {
            let Some(view) = self.view(member) else {
                continue;
            };
            if view.only_null || shared && is_constraint(&view) {
                continue;
            }
            let is_object =
                view.kind.as_deref() == Some("object") || object::looks_like_object(&view);
            let is_union = !view.one_of.is_empty() || !view.any_of.is_empty();
            let member = if shared && (is_object || is_union) {
                let common = SchemaRef::Inline(Box::new(Schema {
                    docs: Docs::default(),
                    title: None,
                    ..common.clone()
                }));
                merge::both(member, &common, &schema.at)
            } else {
                member.clone()
            };
            if !members.iter().any(|known| same(known, &member)) {
                members.push(member);
            }
        }
        members
    }

    /// The values of a union of strings: none if every string is allowed. An enum is open, so `enum | string` is the enum.
    fn all_strings(&self, members: &[SchemaRef]) -> Option<Vec<Value>> {
        let mut values: Vec<Value> = Vec::new();
        for member in members {
            let view = self.view(member)?;
            let strings = view.values.iter().all(Value::is_string);
            let bare = view.kind.as_deref() == Some("string") && view.values.is_empty();
            let nested = !view.one_of.is_empty() || !view.any_of.is_empty();
            if nested
                || !strings
                || (view.values.is_empty() && !(bare && is_text(view.format.as_deref())))
            {
                return None;
            }
            values.extend(
                view.values
                    .iter()
                    .filter(|value| !values.contains(value))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
        }
        // One member alone is no union; its own component keeps its name.
        (members.len() > 1).then_some(values)
    }

    /// The primitive that all members are: the same scalar twice, or anything at all. Whole numbers beside others stay a
    /// choice, since a float holds them up to 2^53 only.
    fn one_scalar(&self, members: &[SchemaRef]) -> Option<Primitive> {
        if members.len() < 2 {
            return None;
        }
        let mut found: Option<Primitive> = None;
        let mut anything = false;
        for member in members {
            let view = self.view(member)?;
            anything |= is_anything(&view);
            let scalar = match view.kind.as_deref() {
                Some(kind @ ("integer" | "number" | "boolean" | "string"))
                    if view.values.is_empty() =>
                {
                    Some(super::scalar::primitive(kind, view.format.as_deref()))
                }
                _ => None,
            };
            found = match (found, scalar) {
                (None, scalar) if std::ptr::eq(member, &members[0]) => scalar,
                (Some(known), Some(scalar)) if known == scalar => Some(known),
                _ => None,
            };
        }
        if anything {
            Some(Primitive::Any)
        } else {
            found
        }
    }

    fn enum_of(
        &mut self,
        schema: &Schema,
        members: &[SchemaRef],
        place: &Place,
        slot: Option<TypeId>,
    ) -> TypeRef {
        let tags = self.tags(schema, members);
        let id = self.allot(schema, place, slot);
        let (tagging, tags) = match tags {
            Some((property, tags)) => (Tagging::Property(property), tags),
            None => (Tagging::Shape, vec![Vec::new(); members.len()]),
        };
        let mut variants: Vec<Variant> = Vec::new();
        for (index, (member, tags)) in members.iter().zip(tags).enumerate() {
            let step = RoleStep::Variant(index, tags.first().cloned());
            let lowered = self.type_of(member, &Place::of(Parent::Type(id), step));
            let (title, docs, at) = match member {
                SchemaRef::Inline(schema) => {
                    (schema.title.clone(), schema.docs.clone(), schema.at.clone())
                }
                SchemaRef::Named(_) => (None, Docs::default(), schema.at.clone()),
            };
            let ty = nullable(Lowered {
                nullable: false,
                ..lowered
            });
            let twin = variants.iter_mut().find(|known| alike(&known.ty, &ty));
            match twin {
                Some(known) => known.tags.extend(tags),
                None => variants.push(Variant {
                    ty,
                    tags,
                    closes_cycle: false,
                    title,
                    docs,
                    at,
                }),
            }
        }
        self.types.get_mut(id).shape = Shape::Union(Union { variants, tagging });
        TypeRef::Named(id)
    }
}

fn without_union(schema: &Schema) -> Schema {
    Schema {
        one_of: Vec::new(),
        any_of: Vec::new(),
        discriminator: None,
        ..schema.clone()
    }
}

/// Whether a member beside properties only narrows them (`anyOf: [{required: [a]}, {required: [b]}]`).
fn is_constraint(schema: &Schema) -> bool {
    schema.properties.is_empty()
        && matches!(schema.additional, Additional::Unsaid | Additional::Denied)
        && schema.values.is_empty()
        && schema.items.is_none()
        && schema.one_of.is_empty()
        && schema.any_of.is_empty()
        && matches!(schema.kind.as_deref(), None | Some("object"))
}

fn is_anything(schema: &Schema) -> bool {
    schema.kind.is_none()
        && schema.values.is_empty()
        && schema.one_of.is_empty()
        && schema.any_of.is_empty()
        && !object::looks_like_object(schema)
        && !schema.only_null
}

/// Whether a string of this format is text to us, so that it can be told from nothing else.
fn is_text(format: Option<&str>) -> bool {
    !matches!(
        format,
        Some("date-time" | "byte" | "base64" | "binary" | "password")
    )
}

/// Whether two types have the same values in Rust: strings of any format are strings.
fn alike(a: &TypeRef, b: &TypeRef) -> bool {
    use Primitive::String;
    match (a, b) {
        (TypeRef::Primitive(String { .. }), TypeRef::Primitive(String { .. })) => true,
        (TypeRef::List(a), TypeRef::List(b))
        | (TypeRef::Map(a), TypeRef::Map(b))
        | (TypeRef::Nullable(a), TypeRef::Nullable(b)) => alike(a, b),
        _ => a == b,
    }
}

/// Whether two members are the same but for their words and places.
fn same(a: &SchemaRef, b: &SchemaRef) -> bool {
    match (a, b) {
        (SchemaRef::Named(a), SchemaRef::Named(b)) => a == b,
        (SchemaRef::Inline(a), SchemaRef::Inline(b)) => {
            let bare = |schema: &Schema| Schema {
                at: crate::ir::Pointer::default(),
                title: None,
                docs: Docs::default(),
                default: None,
                constraints: Vec::new(),
                ..schema.clone()
            };
            bare(a) == bare(b)
        }
        _ => false,
    }
}
