//! The structure of types as text that can be compared.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::ir::{
    Access, Api, Field, Literal, Presence, Primitive, Shape, Struct, Tagging, TypeDef, TypeId,
    TypeRef, Union,
};
use crate::refine::named_types::referenced_types;

/// The maximum number of aliases that are followed; a longer chain is a cycle.
const MAX_ALIASES: usize = 64;

/// A partition of types: types of equal structure have the same class.
pub(super) struct Partition<'a> {
    api: &'a Api,
    /// The class of each type.
    classes: Vec<usize>,
    /// The signature of each class, and how many types it has.
    signatures: Vec<(String, usize)>,
}

impl<'a> Partition<'a> {
    /// Finds the coarsest partition in which types of one class have the same structure.
    ///
    /// All types start in one class. Only types that refer to a type with a new class are compared again, so that a long
    /// chain of types does not take quadratic time.
    pub(super) fn of_types(api: &'a Api) -> Self {
        let dependents = dependents(api);
        let mut this = Self {
            api,
            classes: vec![0; api.types.len()],
            signatures: vec![(String::new(), api.types.len())],
        };
        let mut outdated: BTreeSet<TypeId> = api.types.ids().collect();
        while !outdated.is_empty() {
            let moved = this.split(&outdated);
            let dependents = moved.iter().filter_map(|id| dependents.get(id));
            outdated = dependents.flatten().copied().collect();
        }
        this
    }

    /// Returns the class of a type.
    pub(super) fn class(&self, id: TypeId) -> usize {
        self.classes.get(id.0 as usize).copied().unwrap_or_default()
    }

    /// Moves the types among `outdated` that no longer have the signature of their class to new classes, and returns them.
    fn split(&mut self, outdated: &BTreeSet<TypeId>) -> Vec<TypeId> {
        let mut groups: BTreeMap<usize, BTreeMap<String, Vec<TypeId>>> = BTreeMap::new();
        for id in outdated {
            let signature = self.type_signature(self.api.types.get(*id));
            let groups = groups.entry(self.class(*id)).or_default();
            groups.entry(signature).or_default().push(*id);
        }
        let mut moved = Vec::new();
        for (class, groups) in groups {
            let kept = self.kept_signature(class, &groups);
            for (signature, ids) in groups {
                if signature == kept {
                    continue;
                }
                let new = self.signatures.len();
                for id in &ids {
                    if let Some(class) = self.classes.get_mut(id.0 as usize) {
                        *class = new;
                    }
                }
                if let Some((_, size)) = self.signatures.get_mut(class) {
                    *size -= ids.len();
                }
                self.signatures.push((signature, ids.len()));
                moved.extend(ids);
            }
            if let Some((signature, _)) = self.signatures.get_mut(class) {
                *signature = kept;
            }
        }
        moved
    }

    /// Returns the signature of the types that stay in a class: that of its types that were not compared again, or else that
    /// of most types.
    fn kept_signature(&self, class: usize, groups: &BTreeMap<String, Vec<TypeId>>) -> String {
        let compared: usize = groups.values().map(Vec::len).sum();
        match self.signatures.get(class) {
            Some((signature, size)) if *size > compared => signature.clone(),
            _ => {
                let largest = groups.iter().max_by_key(|(_, ids)| ids.len());
                largest.map_or_else(String::new, |(signature, _)| signature.clone())
            }
        }
    }

    fn type_signature(&self, def: &TypeDef) -> String {
        let mut out = String::new();
        match &def.shape {
            Shape::Alias(ty) => self.write_type(&mut out, ty, 0),
            Shape::Struct(object) => self.write_struct(&mut out, def, object),
            Shape::Enum(values) => {
                let ty = values.ty;
                let values = values.values.iter();
                let values = values.map(|value| (&value.value, &value.name, value.docs.deprecated));
                let mut values: Vec<String> = values.map(|value| format!("{value:?}")).collect();
                values.sort();
                let _ = write!(out, "enum {ty:?} {values:?}");
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
        let default = union.variants.iter().find(|variant| variant.is_default);
        if let Some(default) = default {
            out.push_str("\ndefault ");
            self.write_type(out, &default.ty, 0);
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
            TypeRef::Tuple(items) => {
                let _ = write!(out, "tuple {} ", items.len());
                return items.iter().for_each(|item| {
                    self.write_type(out, item, aliases);
                    out.push(',');
                });
            }
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

/// Returns the types whose signature depends on a type: those that refer to it, directly or by an alias.
fn dependents(api: &Api) -> BTreeMap<TypeId, BTreeSet<TypeId>> {
    let mut dependents: BTreeMap<TypeId, BTreeSet<TypeId>> = BTreeMap::new();
    for (owner, def) in api.types.iter() {
        let mut open = referenced_types(&def.shape);
        for _ in 0..=MAX_ALIASES {
            let mut targets = Vec::new();
            for id in open {
                dependents.entry(id).or_default().insert(owner);
                if let shape @ Shape::Alias(_) = &api.types.get(id).shape {
                    targets.extend(referenced_types(shape));
                }
            }
            open = targets;
        }
    }
    dependents
}
