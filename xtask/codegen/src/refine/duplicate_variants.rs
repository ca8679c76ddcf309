//! Members of a union that are one type, under several names or in several spellings: no value distinguishes them, so they
//! become one member. `normalize` has dropped members that repeat another word for word.

use std::collections::BTreeMap;

use crate::ir::{Api, Primitive, Shape, Tagging, TypeRef, TypeTable, Union, Variant};

/// How many aliases are followed; a chain that is longer leads in a circle.
const MAX_ALIASES: usize = 64;

/// Merges duplicate members of every union. A union of aliases of one type becomes an alias, too; written in place, the
/// members stay a union, which keeps values that match none of them.
pub(super) fn run(api: &mut Api) {
    for id in api.types.ids() {
        let Shape::Union(union) = &api.types.get(id).shape else {
            continue;
        };
        let (variants, has_aliases) = merge_duplicates(&api.types, &union.variants);
        if variants.len() == union.variants.len() {
            continue;
        }
        let tagging = union.tagging.clone();
        api.types.get_mut(id).shape = match (variants.as_slice(), &tagging) {
            ([only], Tagging::Untagged) if has_aliases => Shape::Alias(only.ty.clone()),
            _ => Shape::Union(Union { variants, tagging }),
        };
    }
}

/// The members without duplicates, and whether a name hid one. The first of several represents all and has the tags of
/// all.
fn merge_duplicates(types: &TypeTable, variants: &[Variant]) -> (Vec<Variant>, bool) {
    let mut merged: Vec<Variant> = Vec::new();
    let mut positions: BTreeMap<TypeRef, usize> = BTreeMap::new();
    let mut has_aliases = false;
    for variant in variants {
        let value_type = value_type(types, &variant.ty, 0);
        let position = positions.get(&value_type);
        let Some(known) = position.and_then(|position| merged.get_mut(*position)) else {
            positions.insert(value_type, merged.len());
            merged.push(variant.clone());
            continue;
        };
        known.tags.extend(variant.tags.iter().cloned());
        known.is_default |= variant.is_default;
        if without_format(&known.ty) != without_format(&variant.ty) {
            // Neither alias nor title of one member fits all.
            has_aliases = true;
            known.ty = value_type;
            known.title = None;
        }
    }
    (merged, has_aliases)
}

/// The type with the format of strings dropped.
fn without_format(ty: &TypeRef) -> TypeRef {
    value_type(&TypeTable::default(), ty, MAX_ALIASES)
}

/// The type that decides which values are valid: aliases followed, the format of strings dropped.
fn value_type(types: &TypeTable, ty: &TypeRef, depth: usize) -> TypeRef {
    let inner = |ty: &TypeRef| Box::new(value_type(types, ty, depth));
    match ty {
        TypeRef::Named(id) if depth < MAX_ALIASES => match &types.get(*id).shape {
            Shape::Alias(target) => value_type(types, target, depth + 1),
            _ => ty.clone(),
        },
        TypeRef::Primitive(Primitive::String { .. }) => {
            TypeRef::Primitive(Primitive::String { format: None })
        }
        TypeRef::Named(_) | TypeRef::Primitive(_) => ty.clone(),
        TypeRef::List(item) => TypeRef::List(inner(item)),
        TypeRef::Tuple(items) => TypeRef::Tuple(
            items
                .iter()
                .map(|item| value_type(types, item, depth))
                .collect(),
        ),
        TypeRef::Map(value) => TypeRef::Map(inner(value)),
        TypeRef::Nullable(some) => TypeRef::Nullable(inner(some)),
    }
}
