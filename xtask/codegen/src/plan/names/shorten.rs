//! Shortens long names.

use crate::plan::casing::{snake_case, split_words};

/// The maximum length of a name in snake case. Files are named after types, and file systems have limits.
const MAX_LENGTH: usize = 64;

/// Returns the name, or its first and last words if it is too long.
pub(in crate::plan) fn shorten_name(name: &str) -> String {
    let is_plain = name
        .bytes()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b' '));
    let capitals = name.bytes().filter(u8::is_ascii_uppercase).count();
    if is_plain && name.len() + capitals <= MAX_LENGTH {
        return name.to_owned();
    }
    let snake = snake_case(&split_words(name));
    if snake.len() <= MAX_LENGTH {
        return name.to_owned();
    }
    let words: Vec<&str> = snake.split('_').collect();
    let mut short = words_up_to_half(&mut words.iter());
    let mut last = words_up_to_half(&mut words.iter().rev());
    last.reverse();
    if short.is_empty() && last.is_empty() {
        return snake.chars().take(MAX_LENGTH).collect();
    }
    short.extend(last);
    short.join(" ")
}

/// Takes words until they fill half of the maximum length.
fn words_up_to_half(words: &mut dyn Iterator<Item = &&str>) -> Vec<String> {
    let mut length = 0;
    let fitting = words.take_while(|word| {
        length += word.len() + 1;
        length <= MAX_LENGTH / 2
    });
    fitting.map(|word| (*word).to_owned()).collect()
}
