//! Inline types of equal structure become one type.
//!
//! Two types are equal if the same values are read and written in the same way: fields, presence, nullability, values,
//! formats, tags, defaults and `readOnly`. Words do not count. Types refer to each other, so equality is found by partition
//! refinement: types start in classes of equal structure without the types that they refer to, and a class is split as long
//! as its members refer to types of different classes.
//!
//! An inline type that has the structure of a component is replaced by the component. Two components stay two types, since
//! their names are the vendor's. What is replaced stays in the table, marked with the type that replaces it: its location
//! has a key in `names.lock`, and the name of a shared type follows from all locations.

mod merge;
mod signature;

use std::collections::BTreeMap;

use super::named_types::replace_named_types;
use crate::ir::{Api, Origin, Shape, TypeId};
use signature::Partition;

/// Replaces every inline type by the first type of equal structure.
pub(super) fn run(api: &mut Api) {
    let mut replacements = BTreeMap::new();
    for class in equal_types(api) {
        let Some(kept) = representative(api, &class) else {
            continue;
        };
        for id in class.into_iter().filter(|id| *id != kept) {
            if is_inline(api, id) {
                replacements.insert(id, kept);
            }
        }
    }
    for (id, kept) in &replacements {
        merge::merge(&mut api.types, *kept, *id);
    }
    replace_named_types(api, &|id| replacements.get(&id).copied().unwrap_or(id));
}

/// Returns the classes of equal types that have more than one member.
fn equal_types(api: &Api) -> Vec<Vec<TypeId>> {
    let partition = Partition::of_types(api);
    let mut classes: BTreeMap<usize, Vec<TypeId>> = BTreeMap::new();
    for (id, def) in api.types.iter() {
        let is_alias = matches!(def.shape, Shape::Alias(_));
        let is_used = def.usage.request || def.usage.response || def.usage.component;
        if is_used && !is_alias {
            classes.entry(partition.class(id)).or_default().push(id);
        }
    }
    classes.retain(|_, ids| ids.len() > 1);
    classes.into_values().collect()
}

fn is_inline(api: &Api, id: TypeId) -> bool {
    matches!(api.types.get(id).origin, Origin::Inline { .. })
}

/// Returns the type that replaces the others: the only component, or else the first type.
///
/// Where several components have the structure, none of them is better than another, so the inline types share one of
/// their own.
fn representative(api: &Api, class: &[TypeId]) -> Option<TypeId> {
    let mut components = class.iter().filter(|id| !is_inline(api, **id));
    match (components.next(), components.next()) {
        (Some(only), None) => Some(*only),
        _ => class.iter().find(|id| is_inline(api, **id)).copied(),
    }
}
