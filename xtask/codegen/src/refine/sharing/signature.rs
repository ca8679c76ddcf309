//! The structure of types as text that can be compared.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::ir::{
    Access, Api, Field, Literal, Presence, Primitive, Shape, Struct, Tagging, TypeDef, TypeId,
    TypeRef, Union,
};

/// The maximum number of aliases that are followed; a longer chain is a cycle.
const MAX_ALIASES: usize = 64;

/// A partition of types: types of equal structure have the same class.
pub(super) struct Signatures<'a> {
    api: &'a Api,
    classes: Vec<u32>,
    count: usize,
}

impl<'a> Signatures<'a> {
    /// Creates the coarsest partition, in which all types are equal.
    pub(super) fn new(api: &'a Api) -> Self {
        Self {
            api,
            classes: vec![0; api.types.len()],
            count: 0,
        }
    }

    /// Returns the class of a type.
    pub(super) fn class(&self, id: TypeId) -> u32 {
        self.classes.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Splits classes whose members differ in structure or in the classes that they refer to. Returns whether there were
    /// any.
    pub(super) fn refine(&mut self) -> bool {
        let mut known: BTreeMap<String, u32> = BTreeMap::new();
        let mut classes = Vec::with_capacity(self.classes.len());
        for (id, def) in self.api.types.iter() {
            let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
            let signature = format!("{} {}", self.class(id), self.type_signature(def));
            classes.push(*known.entry(signature).or_insert(next));
        }
        let is_finer = known.len() > self.count;
        self.count = known.len();
        self.classes = classes;
        is_finer
    }

    fn type_signature(&self, def: &TypeDef) -> String {
        let mut out = String::new();
        match &def.shape {
            Shape::Alias(ty) => self.write_type(&mut out, ty, 0),
            Shape::Struct(object) => self.write_struct(&mut out, def, object),
            Shape::Enum(values) => {
                let values = values.values.iter();
                let mut values: Vec<_> = values
                    .map(|value| (&value.value, value.docs.deprecated))
                    .collect();
                values.sort();
                let _ = write!(out, "enum {values:?}");
            }
            Shape::Union(union) => self.write_union(&mut out, union),
        }
        out
    }

    /// Fields are compared by name: their order does not matter in JSON.
    fn write_struct(&self, out: &mut String, def: &TypeDef, object: &Struct) {
        let is_constructed = def.usage.request || !def.usage.response;
        let mut fields: Vec<&Field> = object.fields.iter().collect();
        fields.sort_by(|a, b| a.wire_name.cmp(&b.wire_name));
        out.push_str("struct");
        for field in fields {
            let _ = write!(out, "\n{:?} ", field.wire_name);
            self.write_type(out, &field.ty, 0);
            if let TypeRef::Primitive(Primitive::String { format }) = &field.ty {
                let _ = write!(out, " {format:?}");
            }
            let Field {
                presence,
                default,
                access,
                ..
            } = field;
            let _ = write!(
                out,
                " {presence:?} {default:?} {access:?} {}",
                field.docs.deprecated
            );
            // Such a field is a `Patch` in a request and an `Option` in a response.
            if *presence == Presence::OptionalNullable {
                let _ = write!(out, " {is_constructed}");
            }
            // Such a field is required in one of the two only.
            if *access != Access::ReadWrite {
                let _ = write!(out, " {:?}", def.usage);
            }
        }
        let mut constants: Vec<_> = object.constants.iter().collect();
        constants.sort_by(|a, b| a.wire_name.cmp(&b.wire_name));
        for constant in constants {
            let _ = write!(
                out,
                "\n{:?} = {:?} {} {} {:?}",
                constant.wire_name,
                constant.value,
                constant.required,
                constant.is_default,
                constant.access
            );
        }
        if let Some(extra) = &object.extra {
            out.push_str("\n* ");
            self.write_type(out, extra, 0);
        }
    }

    /// Members that are one type count once, as a later pass merges them.
    fn write_union(&self, out: &mut String, union: &Union) {
        let tag = match &union.tagging {
            Tagging::Property(property) => Some(property),
            Tagging::Untagged => None,
        };
        let _ = write!(out, "union {tag:?}");
        let mut members: Vec<(String, Vec<&Literal>)> = Vec::new();
        for variant in &union.variants {
            let mut ty = String::new();
            self.write_type(&mut ty, &variant.ty, 0);
            match members.iter_mut().find(|(known, _)| *known == ty) {
                Some((_, tags)) => tags.extend(&variant.tags),
                None => members.push((ty, variant.tags.iter().collect())),
            }
        }
        for (ty, tags) in members {
            let _ = write!(out, "\n{ty} {tags:?}");
        }
    }

    fn write_type(&self, out: &mut String, ty: &TypeRef, aliases: usize) {
        let (name, inner) = match ty {
            TypeRef::Named(id) => match &self.api.types.get(*id).shape {
                Shape::Alias(target) if aliases < MAX_ALIASES => {
                    return self.write_type(out, target, aliases + 1);
                }
                _ => {
                    let _ = write!(out, "#{}", self.class(*id));
                    return;
                }
            },
            TypeRef::Primitive(primitive) => return write_primitive(out, primitive),
            TypeRef::List(inner) => ("list", inner),
            TypeRef::Map(inner) => ("map", inner),
            TypeRef::Nullable(inner) => ("nullable", inner),
        };
        out.push_str(name);
        out.push(' ');
        self.write_type(out, inner, aliases);
    }
}

/// The format of a string matters where it is documented, at a property; elsewhere it is the same type.
fn write_primitive(out: &mut String, primitive: &Primitive) {
    match primitive {
        Primitive::String { .. } => out.push_str("string"),
        other => drop(write!(out, "{other:?}")),
    }
}
