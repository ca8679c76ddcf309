//! Types that are named by their position, because the document gives no word for them.

use std::collections::BTreeMap;

use crate::ir::{Api, Origin, Parent, Pointer, RoleStep, TypeId};
use crate::plan::casing::{ORDINALS, split_words, word_list};

/// A type that is named by its position.
#[derive(Clone, Debug)]
pub struct PositionalName {
    /// Its location in the document.
    pub at: Pointer,
    /// Its name.
    pub name: String,
}

/// Returns the types that are named by their position. A type whose parent is named so is not one of them.
pub(in crate::plan) fn positional_names(
    api: &Api,
    names: &BTreeMap<TypeId, String>,
) -> Vec<PositionalName> {
    let named = names
        .iter()
        .filter(|(id, name)| is_positional(api, names, **id, name));
    let named = named.map(|(id, name)| PositionalName {
        at: api.types.get(*id).at.clone(),
        name: name.clone(),
    });
    named.collect()
}

fn is_positional(api: &Api, names: &BTreeMap<TypeId, String>, id: TypeId, name: &str) -> bool {
    let Origin::Inline { parent, role, .. } = &api.types.get(id).origin else {
        return false;
    };
    let parent_name = match parent {
        Parent::Type(parent) => names.get(parent).map_or("", String::as_str),
        Parent::Operation(_) | Parent::Payload(_) => "",
    };
    let own = name.strip_prefix(parent_name).unwrap_or(name);
    let words = word_list(own);
    let is_ordinal = |word: &str| ORDINALS.contains(&word);
    let has_position = words.windows(2).any(|pair| match pair {
        [first, second] => is_ordinal(first) && matches!(second.as_str(), "form" | "item"),
        _ => false,
    });
    // A second claim of a name ends in an ordinal, unless the document's own name does.
    let is_own_word = role.0.iter().any(|step| match step {
        RoleStep::Property(name) | RoleStep::Param(name) | RoleStep::Variant(_, Some(name)) => {
            split_words(name).split(' ').any(is_ordinal)
        }
        _ => false,
    });
    has_position || !is_own_word && words.last().is_some_and(|word| is_ordinal(word))
}
