//! What things are called: types by their component's name or by where they stand, operations by their id or by verb
//! and path. Frameworks add noise to both; it is removed by rule.

mod component;
mod operation;

use std::collections::BTreeMap;

use super::scope::Scope;
use super::stable::Stable;
use super::words::{snake, words};
use crate::config::Names;
use crate::ir::{Api, Literal, Origin, Parent, RoleStep, Shape, TypeDef, TypeId};
use crate::lock::OldName;
use component::component;
pub(super) use operation::{key, operation, resource};

/// Longer type names are shortened: the ends say most.
const LONGEST: usize = 64;

/// Names by type, and the names that types had before.
pub(super) type Named = (BTreeMap<TypeId, String>, BTreeMap<TypeId, Vec<OldName>>);

/// The names of every type, by id: first those that somebody gave, then those that programs use, then all others.
pub(super) fn types(api: &Api, names: &Names, stable: &Stable<'_>, operations: &[String]) -> Named {
    let mut scope = Scope::types();
    let mut out = BTreeMap::new();
    for (id, def) in api.types.iter() {
        if let Some(name) = names.rename.get(&def.at.0) {
            out.insert(id, scope.claim([words(name)]));
        }
    }
    for id in api.types.ids() {
        let known = stable.type_names(id).filter(|_| !stable.is_renamed(id));
        if let Some(known) = known.filter(|_| !out.contains_key(&id))
            && scope.keep(&known.name)
        {
            out.insert(id, known.name.clone());
        }
    }
    let was = old_names(api, stable, &out, &mut scope);
    for (id, def) in api.types.iter() {
        if out.contains_key(&id) {
            continue;
        }
        let candidates = match &def.origin {
            Origin::Component(key) => component(&keep_together(key, names)),
            Origin::Inline {
                parent,
                role,
                title,
            } => {
                let owner = match parent {
                    Parent::Type(id) => out.get(id),
                    Parent::Operation(index) => operations.get(*index),
                };
                let owner = owner.map(String::as_str).unwrap_or_default();
                inline(owner, &role.0, title.as_deref(), def)
            }
        };
        let candidates: Vec<String> = candidates.iter().map(|name| shorten(name)).collect();
        // What the document renames may still be the same in Rust, or be called again what it was called before.
        let own: &[OldName] = was.get(&id).map_or(&[], Vec::as_slice);
        own.iter().for_each(|old| scope.release(&old.name));
        let name = scope.claim_type(&candidates, kind(def));
        own.iter().for_each(|old| scope.take(&old.name));
        out.insert(id, name);
    }
    let was = was.into_iter().map(|(id, mut was)| {
        was.retain(|old| out.get(&id) != Some(&old.name));
        (id, was)
    });
    (
        out.clone(),
        was.filter(|(_, was)| !was.is_empty()).collect(),
    )
}

/// The old names of types, taken so that nothing else gets them; the last one is the one that is old from now on.
fn old_names(
    api: &Api,
    stable: &Stable<'_>,
    names: &BTreeMap<TypeId, String>,
    scope: &mut Scope,
) -> BTreeMap<TypeId, Vec<OldName>> {
    let mut all = BTreeMap::new();
    for id in api.types.ids() {
        let Some(known) = stable.type_names(id) else {
            continue;
        };
        let now = (names.get(&id) != Some(&known.name)).then(|| OldName {
            name: known.name.clone(),
            request: None,
            removed_in: stable.until(),
        });
        let was = stable.was(&known.previous_names, now).into_iter();
        let was: Vec<OldName> = was.filter(|old| scope.keep(&old.name)).collect();
        all.insert(id, was);
    }
    all
}

/// What is added to a name that a type may not take.
fn kind(def: &TypeDef) -> &'static str {
    match def.shape {
        Shape::Enum(_) => "kind",
        Shape::Union(_) => "choice",
        Shape::Struct(_) | Shape::Alias(_) => "data",
    }
}

/// Words that `vendor.toml` wants in one piece lose their inner capitals.
fn keep_together(raw: &str, names: &Names) -> String {
    names.words.iter().fold(raw.to_owned(), |text, word| {
        let mut chars = word.chars();
        let lead: String = chars
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        text.replace(
            word.as_str(),
            &format!(" {lead}{} ", chars.as_str().to_lowercase()),
        )
    })
}

/// The names of a schema written in place: its title if it is free, then where it stands.
fn inline(owner: &str, role: &[RoleStep], title: Option<&str>, def: &TypeDef) -> Vec<String> {
    let spelled = |steps: &[&RoleStep]| {
        let words = steps.iter().map(|step| step_words(step, owner, title));
        let words: Vec<String> = std::iter::once(owner.to_owned()).chain(words).collect();
        words.join(" ")
    };
    let mut names = Vec::new();
    if let Some(RoleStep::Variant(..)) = role.last() {
        let told = title.and_then(|title| component(title).first().cloned());
        names.extend(
            told.or_else(|| content_of(def))
                .map(|told| format!("{owner} {told}")),
        );
    }
    names.push(spelled(&without_members(role)));
    names.push(spelled(&role.iter().collect::<Vec<_>>()));
    names
}

/// What a member of a union is about: the value of its tag, or what it has to have.
fn content_of(def: &TypeDef) -> Option<String> {
    let Shape::Struct(object) = &def.shape else {
        return None;
    };
    let tag = object
        .constants
        .iter()
        .find_map(|constant| match &constant.value {
            Literal::String(value) => Some(value.clone()),
            _ => None,
        });
    let required = object
        .fields
        .iter()
        .find(|field| field.presence.is_required());
    tag.or_else(|| required.map(|field| format!("with {}", words(&field.wire))))
}

/// The steps without those that say which member of a union it is, where it is the item of a list: there is rarely
/// more than one list.
fn without_members(role: &[RoleStep]) -> Vec<&RoleStep> {
    let next = role.iter().skip(1).map(Some).chain([None]);
    let is_holder =
        |step: Option<&RoleStep>| matches!(step, Some(RoleStep::Item | RoleStep::MapValue));
    role.iter()
        .zip(next)
        .filter(|(step, next)| !(matches!(step, RoleStep::Variant(_, None)) && is_holder(*next)))
        .map(|(step, _)| step)
        .collect()
}

fn step_words(step: &RoleStep, owner: &str, title: Option<&str>) -> String {
    match step {
        RoleStep::Property(name) | RoleStep::Param(name) => words(name),
        RoleStep::Item => "item".to_owned(),
        RoleStep::MapValue => "value".to_owned(),
        RoleStep::Variant(_, Some(tag)) => words(tag),
        RoleStep::Variant(index, None) => title
            .map(words)
            .unwrap_or_else(|| format!("option {}", letter(*index))),
        RoleStep::RequestBody if owner.ends_with("Request") => "body".to_owned(),
        RoleStep::RequestBody => "request".to_owned(),
        RoleStep::Response(_) => "response".to_owned(),
        RoleStep::Error(status) => format!("error {status}"),
    }
}

/// `A`, `B`, … for members that have nothing else to be called by.
fn letter(index: usize) -> String {
    let letter = u32::try_from(index % 26)
        .ok()
        .and_then(|i| char::from_u32(u32::from('A') + i))
        .unwrap_or('Z');
    if index < 26 {
        letter.to_string()
    } else {
        format!("{letter}{}", index / 26)
    }
}

/// Names over the limit keep their first words and their last ones.
pub(super) fn shorten(raw: &str) -> String {
    let plain = raw
        .bytes()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b' '));
    let capitals = raw.bytes().filter(u8::is_ascii_uppercase).count();
    if plain && raw.len() + capitals <= LONGEST {
        return raw.to_owned();
    }
    let spoken = snake(&words(raw));
    if spoken.len() <= LONGEST {
        return raw.to_owned();
    }
    let all: Vec<&str> = spoken.split('_').collect();
    let half = LONGEST / 2;
    let take = |words: &mut dyn Iterator<Item = &&str>| -> Vec<String> {
        let mut length = 0;
        let fits = words.take_while(|word| {
            length += word.len() + 1;
            length <= half
        });
        fits.map(|word| (*word).to_owned()).collect()
    };
    let mut name = take(&mut all.iter());
    let mut tail = take(&mut all.iter().rev());
    tail.reverse();
    if name.is_empty() && tail.is_empty() {
        return spoken.chars().take(LONGEST).collect();
    }
    name.extend(tail);
    name.join(" ")
}
