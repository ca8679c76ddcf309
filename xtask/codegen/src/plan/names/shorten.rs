//! Shortens long names.

use crate::plan::casing::{ORDINALS, snake_case, split_words, word_list};

/// The maximum length of the name of a resource in snake case. It is the name of a module and of a feature.
pub(in crate::plan) const MAX_RESOURCE_LENGTH: usize = 64;

/// The maximum length of the name of a type in snake case. Files are named after types, and file systems have limits. Names
/// that a document gives are shorter as a rule, and are kept whole.
pub(in crate::plan) const MAX_TYPE_LENGTH: usize = 96;

/// The maximum length of the name of an inline schema, in characters. Longer names are hard to read, and the words of the
/// outermost owners matter least.
pub(super) const MAX_INLINE_LENGTH: usize = 40;

/// Words that need another word before them.
const NOT_FIRST: &[&str] = &[
    "and", "at", "by", "for", "from", "in", "of", "on", "or", "to", "with",
];

/// Words that do not distinguish types.
const GENERIC_WORDS: &[&str] = &[
    "body",
    "choice",
    "config",
    "content",
    "data",
    "error",
    "filter",
    "filters",
    "form",
    "id",
    "input",
    "item",
    "items",
    "kind",
    "list",
    "metadata",
    "object",
    "option",
    "options",
    "or",
    "output",
    "parameters",
    "params",
    "payload",
    "request",
    "response",
    "result",
    "settings",
    "type",
    "value",
    "values",
];

/// Words of what carries a value, which a longer name can do without.
const CARRIERS: &[&str] = &["body", "payload", "request", "response"];

/// The number of words that distinguish types in a name without its owner.
const MIN_DISTINCTIVE_WORDS: usize = 2;

/// Returns whether a name can start with a word.
pub(super) fn can_be_first(word: &str) -> bool {
    !NOT_FIRST.contains(&word) && !ORDINALS.contains(&word)
}

/// Returns whether lowercase words name a type without its owner: `span order` does, `create request` does not.
pub(super) fn can_be_alone(words: &str) -> bool {
    let mut distinctive: Vec<&str> = words.split(' ').collect();
    let starts_well = distinctive.first().is_some_and(|first| can_be_first(first));
    distinctive.retain(|word| can_be_first(word) && !GENERIC_WORDS.contains(word));
    starts_well && distinctive.len() >= MIN_DISTINCTIVE_WORDS
}

/// Returns the name of a part of `owner` without the words between both for what carries the part: `settings` of
/// `UpdateColumnRequest` is `update column settings`. `None` if there are none, or too little is left.
pub(super) fn without_carriers(name: &str, owner: &str) -> Option<String> {
    let words = word_list(name);
    let (before, after) = words.split_at_checked(word_list(owner).len())?;
    let is_carrier = |word: &&String| CARRIERS.contains(&word.as_str());
    let carriers = before.iter().rev().take_while(is_carrier).count();
    let before = before.get(..before.len() - carriers)?;
    let after = after.get(after.iter().take_while(is_carrier).count()..)?;
    let names_something = |word: &String| !matches!(word.as_str(), "item" | "value");
    let short = without_repetitions(&[before, after].concat().join(" "));
    let is_shorter = before.len() + after.len() < words.len();
    (is_shorter && after.iter().any(names_something) && can_be_alone(&short)).then_some(short)
}

/// Returns the number of letters of words.
pub(super) fn count_letters(words: &[String]) -> usize {
    words.iter().map(String::len).sum()
}

/// Returns the words without repetitions right after each other: `span filter filter` is `span filter`.
pub(in crate::plan) fn without_repetitions(name: &str) -> String {
    drop_repetitions(&word_list(name)).join(" ")
}

/// Returns the words without repetitions right after each other.
pub(super) fn drop_repetitions(all: &[String]) -> Vec<&str> {
    let mut words: Vec<&str> = Vec::with_capacity(all.len());
    for word in all {
        words.push(word);
        for length in 1..=words.len() / 2 {
            let tail = words.len() - length;
            if words.get(tail - length..tail) == words.get(tail..) {
                words.truncate(tail);
                break;
            }
        }
    }
    words
}

/// Returns the name of an inline schema if it is short enough, or else the longest short enough names that end in the same
/// words, longest first.
pub(super) fn drop_leading_words(name: &str) -> Vec<String> {
    let words = word_list(name);
    if count_letters(&words) <= MAX_INLINE_LENGTH {
        return vec![name.to_owned()];
    }
    let tails = (1..words.len()).filter_map(|start| words.get(start..));
    let starts_well = |tail: &[String]| tail.first().is_some_and(|first| can_be_first(first));
    let short = tails.filter(|tail| {
        tail.len() > 1 && starts_well(tail) && count_letters(tail) <= MAX_INLINE_LENGTH
    });
    let mut short: Vec<String> = short.map(|tail| tail.join(" ")).collect();
    short.push(name.to_owned());
    short
}

/// Returns the name, or its first and last words if it is too long.
pub(in crate::plan) fn shorten_name(name: &str, max_length: usize) -> String {
    let is_plain = name
        .bytes()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b' '));
    let capitals = name.bytes().filter(u8::is_ascii_uppercase).count();
    if is_plain && name.len() + capitals <= max_length {
        return name.to_owned();
    }
    let snake = snake_case(&split_words(name));
    if snake.len() <= max_length {
        return name.to_owned();
    }
    let words: Vec<&str> = snake.split('_').collect();
    let mut short = words_up_to(max_length / 2, &mut words.iter());
    let mut last = words_up_to(max_length / 2, &mut words.iter().rev());
    last.reverse();
    if short.is_empty() && last.is_empty() {
        return snake.chars().take(max_length).collect();
    }
    short.extend(last);
    short.join(" ")
}

/// Takes words until they fill a length.
fn words_up_to(max_length: usize, words: &mut dyn Iterator<Item = &&str>) -> Vec<String> {
    let mut length = 0;
    let fitting = words.take_while(|word| {
        length += word.len() + 1;
        length <= max_length
    });
    fitting.map(|word| (*word).to_owned()).collect()
}
