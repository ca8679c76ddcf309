//! Splits a name of the document into lowercase words.
//!
//! A name is split where its case changes and at every symbol: `HTTPError` is two words, `IDs` is one. Characters that
//! are not ASCII are transliterated (`Größe` becomes `grosse`). A symbol becomes a word where the name has no letters
//! (`>=`) or where it is a sign before a number (`+1`); between letters it only separates.

use deunicode::deunicode_char;
use heck::ToSnakeCase;

/// Symbols and their words. Longer symbols come first, so that `>=` is not read as `>` and `=`.
const SYMBOLS: &[(&str, &str)] = &[
    (">=", "greater or equal"),
    ("<=", "less or equal"),
    ("!=", "not equal"),
    ("<>", "not equal"),
    ("==", "equal"),
    ("&&", "and"),
    ("||", "or"),
    (">", "greater"),
    ("<", "less"),
    ("=", "equal"),
    ("~", "like"),
    ("!", "not"),
    ("+", "plus"),
    ("*", "star"),
    ("%", "percent"),
    ("&", "and"),
    ("|", "or"),
    ("@", "at"),
    ("#", "hash"),
    ("$", "dollar"),
    ("^", "caret"),
    ("?", "question"),
    ("-", "minus"),
    ("/", "slash"),
    (".", "dot"),
    (":", "colon"),
    (",", "comma"),
    ("_", "underscore"),
    (" ", "space"),
];

/// Names whose inner capitals do not start a new word. `vendor.toml` can add more.
const COMPOUND_WORDS: &[(&str, &str)] = &[
    ("OAuth", "Oauth"),
    ("OpenAPI", "Openapi"),
    ("GraphQL", "Graphql"),
    ("GitHub", "Github"),
    ("GitLab", "Gitlab"),
    ("JavaScript", "Javascript"),
    ("TypeScript", "Typescript"),
    ("PostgreSQL", "Postgresql"),
    ("MySQL", "Mysql"),
];

/// Words that sentences write in capitals.
pub(super) const ACRONYMS: &[&str] = &[
    "api", "aws", "cpu", "csv", "gcp", "gpt", "gpu", "html", "http", "https", "id", "io", "ip",
    "json", "jwt", "llm", "mcp", "pdf", "pii", "rbac", "sdk", "sql", "sso", "ttl", "ui", "uri",
    "url", "utc", "uuid", "xml", "yaml",
];

/// Returns the words of a name in lower case, with single spaces between them. Empty if the name has no words.
pub fn split_words(name: &str) -> String {
    match split_snake_case(name) {
        Some(words) => words,
        None => separate_symbols(name).to_snake_case().replace('_', " "),
    }
}

/// Returns whether a name has any words.
pub fn has_words(name: &str) -> bool {
    name.bytes().any(|c| c.is_ascii_alphanumeric()) || !split_words(name).is_empty()
}

/// Returns the key under which two names count as the same: their words, not split at capitals.
pub fn comparison_key(name: &str) -> String {
    let words = split_snake_case(name).unwrap_or_else(|| {
        let separated = separate_symbols(name);
        separated.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    words.to_lowercase()
}

/// Returns the text with its first letter in upper case.
pub fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.collect::<String>() + chars.as_str()
}

pub(super) fn is_lowercase_or_digit(c: u8) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

/// Returns the words of a name that has only lowercase letters, digits, underscores and spaces.
///
/// Most names do, and words that are split again. This is much faster than the general rules.
fn split_snake_case(name: &str) -> Option<String> {
    let is_snake_case = name
        .bytes()
        .all(|c| is_lowercase_or_digit(c) || b"_ ".contains(&c))
        && name.bytes().any(is_lowercase_or_digit);
    is_snake_case.then(|| {
        let mut words = String::with_capacity(name.len());
        for word in name.split(['_', ' ']).filter(|word| !word.is_empty()) {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word);
        }
        words
    })
}

/// Replaces the symbols of a name by spaces, or by words where they carry the meaning.
fn separate_symbols(name: &str) -> String {
    let text = join_compound_words(join_plural_acronyms(transliterate(name)));
    let text = if text.chars().any(char::is_alphanumeric) {
        spell_sign(&text)
    } else {
        spell_symbols(&text)
    };
    let to_space = |c: char| if c.is_ascii_alphanumeric() { c } else { ' ' };
    text.chars().map(to_space).collect()
}

/// Returns the text in ASCII. A character without transliteration becomes its code point, which is at least unique.
fn transliterate(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut out = String::new();
    for c in text.chars() {
        match deunicode_char(c) {
            _ if c.is_ascii() => out.push(c),
            Some(text) if !text.is_empty() => out.push_str(text),
            _ => out.push_str(&format!(" u{:x} ", u32::from(c))),
        }
    }
    out
}

/// Makes one word of a plural acronym: `IDs` becomes ` Ids `, which is not split before the `s`.
fn join_plural_acronyms(text: String) -> String {
    if !text.as_bytes().windows(3).any(is_plural_ending) {
        return text;
    }
    let chars: Vec<char> = text.chars().collect();
    let char_at = |index: usize| chars.get(index).copied().unwrap_or(' ');
    let mut out = String::new();
    let mut index = 0;
    while index < chars.len() {
        let capitals = chars
            .iter()
            .skip(index)
            .take_while(|c| c.is_ascii_uppercase())
            .count();
        let is_plural = capitals > 1 && char_at(index + capitals) == 's' && {
            // Before another capital, only a known acronym distinguishes `IDsByName` from `LLMAsTool`.
            let acronym: String = chars.iter().skip(index).take(capitals).collect();
            let next = char_at(index + capitals + 1);
            !next.is_ascii_alphabetic()
                || next.is_ascii_uppercase() && ACRONYMS.contains(&acronym.to_lowercase().as_str())
        };
        let length = if is_plural {
            capitals + 1
        } else {
            capitals.max(1)
        };
        let piece: String = chars.iter().skip(index).take(length).collect();
        match is_plural {
            true => out.push_str(&format!(" {} ", capitalize(&piece.to_lowercase()))),
            false => out.push_str(&piece),
        }
        index += length;
    }
    out
}

/// Returns whether three bytes are two capitals and an `s`.
fn is_plural_ending(bytes: &[u8]) -> bool {
    bytes
        .split_last()
        .is_some_and(|(last, pair)| *last == b's' && pair.iter().all(u8::is_ascii_uppercase))
}

/// Lowers the inner capitals of compound words: `GitHub` becomes ` Github`.
fn join_compound_words(text: String) -> String {
    // The search for a single byte is faster than the search for a word, and excludes most words.
    let has_first_letter = |word: &str| {
        word.bytes()
            .next()
            .is_some_and(|c| text.as_bytes().contains(&c))
    };
    let found = COMPOUND_WORDS
        .iter()
        .filter(|(word, _)| has_first_letter(word) && text.contains(word));
    let found: Vec<_> = found.collect();
    found.into_iter().fold(text, |text, (word, joined)| {
        text.replace(word, &format!(" {joined}"))
    })
}

/// Spells a sign at the start as a word, if it carries meaning: `+1`, `-1`, `>5`.
fn spell_sign(text: &str) -> String {
    let sign: String = text.chars().take_while(|c| !c.is_alphanumeric()).collect();
    let rest = text.get(sign.len()..).unwrap_or_default();
    let is_before_digit = rest.starts_with(|c: char| c.is_ascii_digit());
    let has_meaning = sign.chars().any(|c| "<>=!+~%".contains(c)) || is_before_digit && sign == "-";
    if has_meaning {
        format!("{} {rest}", spell_symbols(&sign))
    } else {
        text.to_owned()
    }
}

/// Spells every symbol as a word.
fn spell_symbols(symbols: &str) -> String {
    let mut out = String::new();
    let mut rest = symbols;
    'next: while let Some(c) = rest.chars().next() {
        for (symbol, word) in SYMBOLS {
            if let Some(after) = rest.strip_prefix(symbol) {
                out.push_str(word);
                out.push(' ');
                rest = after;
                continue 'next;
            }
        }
        out.push_str(&format!("u{:x} ", u32::from(c)));
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    out
}
