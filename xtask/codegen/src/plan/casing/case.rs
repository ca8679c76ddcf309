//! Spells words in the cases of Rust identifiers, Cargo features and sentences.

use heck::{ToSnakeCase, ToUpperCamelCase};

use super::word_split::{ACRONYMS, capitalize, is_lowercase_or_digit, split_words};

/// Rust's keywords of every edition, and other words that cannot be identifiers. Sorted, for binary search.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Returns whether `name` is a Rust keyword.
pub fn is_keyword(name: &str) -> bool {
    KEYWORDS.binary_search(&name).is_ok()
}

/// Spells words as `LlmSpan`. A leading digit gets the prefix `N` (`2YFV` becomes `N2yfv`). Empty text stays empty.
pub fn pascal_case(words: &str) -> String {
    let name = if are_lowercase_words(words) {
        words.split(' ').map(capitalize).collect()
    } else {
        words.to_upper_camel_case()
    };
    if name.starts_with(|c: char| c.is_numeric()) {
        format!("N{name}")
    } else {
        name
    }
}

/// Spells words as `llm_span`. A leading digit gets the prefix `n`, a keyword the suffix `_`. Empty text stays empty.
pub fn snake_case(words: &str) -> String {
    let name = join_with_underscores(words);
    if name.starts_with(|c: char| c.is_numeric()) {
        return format!("n{name}");
    }
    if is_keyword(&name) {
        format!("{name}_")
    } else {
        name
    }
}

/// Spells words as `llm-span`. A leading digit gets the prefix `n`.
pub fn kebab_case(words: &str) -> String {
    let name = join_with_underscores(words).replace('_', "-");
    if name.starts_with(|c: char| c.is_numeric()) {
        format!("n{name}")
    } else {
        name
    }
}

/// Spells words as the start of a sentence, acronyms in capitals: `Get request by ID`.
pub fn sentence_case(words: &str) -> String {
    let name = join_with_underscores(words);
    let words = name.split('_').map(|word| match ACRONYMS.contains(&word) {
        true => word.to_uppercase(),
        false => word.to_owned(),
    });
    capitalize(&words.collect::<Vec<_>>().join(" "))
}

/// The first ordinals, in order.
pub const ORDINALS: &[&str] = &[
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
];

/// Returns the words of a name one by one, in lower case.
pub fn word_list(name: &str) -> Vec<String> {
    let snake = snake_case(&split_words(name));
    let words = snake.split('_').filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// Returns the singular of a lowercase English word, by its ending.
pub fn to_singular(word: &str) -> String {
    const UNCHANGED: &[&str] = &["ss", "us", "is", "series", "news"];
    let replaced = |ending: &str, singular: &str| {
        let stem = word.strip_suffix(ending).filter(|stem| stem.len() > 1);
        stem.map(|stem| format!("{stem}{singular}"))
    };
    if UNCHANGED.iter().any(|ending| word.ends_with(ending)) {
        return word.to_owned();
    }
    let endings = [
        ("theses", "thesis"),
        ("lyses", "lysis"),
        ("ies", "y"),
        ("sses", "ss"),
        ("shes", "sh"),
        ("ches", "ch"),
        ("xes", "x"),
        ("s", ""),
    ];
    let mut singulars = endings.iter();
    let singular = singulars.find_map(|(ending, singular)| replaced(ending, singular));
    singular.unwrap_or_else(|| word.to_owned())
}

fn join_with_underscores(words: &str) -> String {
    if are_lowercase_words(words) {
        words.replace(' ', "_")
    } else {
        words.to_snake_case()
    }
}

/// Returns whether the text is lowercase words with single spaces between them, which `heck` need not split.
fn are_lowercase_words(text: &str) -> bool {
    let has_extra_spaces = text.starts_with(' ') || text.ends_with(' ') || text.contains("  ");
    text.bytes().all(|c| is_lowercase_or_digit(c) || c == b' ') && !has_extra_spaces
}
