//! Names of types that replace equal inline schemas in several places.
//!
//! The name is made of the words that all places have in common, as long as one of them means more than the structure (`item`,
//! `value`). Else it names what the type consists of: the members of a union, the values of an enum, the fields of a
//! struct. If that is too long, it is the shortest name among the places.

use super::inline::{common_member_suffix, constant_words, member_label};
use super::place::place_words;
use super::shorten::{MAX_INLINE_LENGTH, drop_leading_words};
use crate::ir::{Api, Enum, Literal, Shape, Struct, TypeDef, TypeId, Union};
use crate::plan::casing::{split_words, word_list};

/// Words of places without information about the content.
const STRUCTURAL_WORDS: &[&str] = &[
    "a", "body", "by", "choice", "data", "error", "for", "get", "id", "in", "input", "item",
    "kind", "list", "of", "or", "output", "request", "response", "result", "schema", "the", "to",
    "type", "update", "value", "with",
];

/// The maximum number of members, values or fields that a name lists.
const MAX_LISTED: usize = 3;

/// Returns candidates for the name of a type that occurs in several places, best first.
pub(super) fn shared_name_candidates(
    api: &Api,
    places: &[TypeId],
    def: &TypeDef,
    operation_types: &[String],
) -> Vec<String> {
    let places: Vec<Vec<String>> = places
        .iter()
        .map(|id| place_words(api, *id, operation_types))
        .collect();
    let common = common_words(&places);
    let is_meaningful = |words: &[String]| {
        let mut words = words.iter();
        words.any(|word| !STRUCTURAL_WORDS.contains(&word.as_str()))
    };
    let meaningful = is_meaningful(&common);
    let suffix = match &def.shape {
        Shape::Union(union) => common_member_suffix(api, union),
        _ => Vec::new(),
    };
    let suffix = Some(suffix).filter(|words| is_meaningful(words));
    let mut candidates = Vec::new();
    if let Some(noun) = suffix
        .as_ref()
        .and_then(|words| words.last())
        .filter(|_| meaningful)
    {
        let is_structural = |word: &String| STRUCTURAL_WORDS.contains(&word.as_str());
        let mut words = common.clone();
        while words.last().is_some_and(is_structural) {
            words.pop();
        }
        if !words.contains(noun) {
            words.push(noun.clone());
        }
        candidates.push(words.join(" "));
    }
    if meaningful {
        candidates.push(common.join(" "));
    }
    candidates.extend(suffix.map(|words| words.join(" ")));
    candidates.extend(content_words(api, def));
    candidates.retain(|name| fits(name));
    let mut by_length: Vec<String> = places.iter().map(|words| words.join(" ")).collect();
    by_length.sort_by_key(String::len);
    candidates.extend(by_length.iter().flat_map(|name| drop_leading_words(name)));
    candidates
}

fn fits(name: &str) -> bool {
    name.split(' ').map(str::len).sum::<usize>() <= MAX_INLINE_LENGTH
}

/// Returns the longest sequence of words that occurs, with gaps, in every list of words.
fn common_words(lists: &[Vec<String>]) -> Vec<String> {
    let mut lists = lists.iter();
    let first = lists.next().cloned().unwrap_or_default();
    lists.fold(first, |common, words| {
        longest_common_subsequence(&common, words)
    })
}

fn longest_common_subsequence(a: &[String], b: &[String]) -> Vec<String> {
    // `lengths[i][j]`: the length for the words from `i` of `a` and from `j` of `b`.
    let mut lengths = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    let at = |lengths: &[Vec<usize>], i: usize, j: usize| {
        lengths
            .get(i)
            .and_then(|row| row.get(j))
            .copied()
            .unwrap_or(0)
    };
    for (i, left) in a.iter().enumerate().rev() {
        for (j, right) in b.iter().enumerate().rev() {
            let length = match left == right {
                true => at(&lengths, i + 1, j + 1) + 1,
                false => at(&lengths, i + 1, j).max(at(&lengths, i, j + 1)),
            };
            if let Some(slot) = lengths.get_mut(i).and_then(|row| row.get_mut(j)) {
                *slot = length;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut common = Vec::new();
    while let (Some(left), Some(right)) = (a.get(i), b.get(j)) {
        if left == right {
            common.push(left.clone());
            (i, j) = (i + 1, j + 1);
        } else if at(&lengths, i + 1, j) >= at(&lengths, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    common
}

/// Returns words for what a type consists of.
fn content_words(api: &Api, def: &TypeDef) -> Option<String> {
    match &def.shape {
        Shape::Union(union) => union_words(api, union),
        Shape::Enum(values) => enum_words(values),
        Shape::Struct(object) => struct_words(object),
        Shape::Alias(_) => None,
    }
}

fn union_words(api: &Api, union: &Union) -> Option<String> {
    let variants = union.variants.iter();
    let labels = variants.map(|variant| word_list(&member_label(api, &variant.ty)).join(" "));
    joined(labels.collect(), " or ")
}

fn enum_words(values: &Enum) -> Option<String> {
    let values = values.values.iter();
    let words = values.map(|value| match (&value.name, &value.value) {
        (Some(name), _) => split_words(name),
        (None, Literal::String(text)) => split_words(text),
        // A number has no meaning of its own.
        (None, _) => String::new(),
    });
    joined(words.collect(), " or ")
}

fn struct_words(object: &Struct) -> Option<String> {
    let tag = constant_words(object);
    if tag.is_some() {
        return tag;
    }
    let names = |required: bool| {
        let fields = object.fields.iter();
        let fields = fields.filter(|field| !required || field.presence.is_required());
        fields
            .map(|field| split_words(&field.wire_name))
            .collect::<Vec<_>>()
    };
    joined(names(false), " and ").or_else(|| joined(names(true), " and "))
}

/// Joins a few words; `None` if there are none or too many.
fn joined(words: Vec<String>, separator: &str) -> Option<String> {
    let is_listable =
        !words.is_empty() && words.len() <= MAX_LISTED && words.iter().all(|word| !word.is_empty());
    is_listable.then(|| words.join(separator))
}
