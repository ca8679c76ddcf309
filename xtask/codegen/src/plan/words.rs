//! Words: what is left of a name when its spelling is taken away.
//!
//! A name is cut where its case changes and at every symbol; `HTTPError` is two words, and so is `IDs` none but one.
//! What is not ASCII is transliterated (`Größe` → `grosse`). A symbol is a word where nothing else tells what is meant
//! (`>=`, `+1`); between letters it only separates.

use std::cmp::Ordering;

use deunicode::deunicode_char;
use heck::{ToSnakeCase, ToUpperCamelCase};

/// Symbols that mean something by themselves. Longer ones stand first, so that `>=` is not `>` and `=`.
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

/// Words whose inner capitals begin no new one. `vendor.toml` adds a vendor's own.
const WHOLE: &[(&str, &str)] = &[
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
const ACRONYMS: &[&str] = &[
    "api", "aws", "cpu", "csv", "gcp", "gpt", "gpu", "html", "http", "https", "id", "io", "ip",
    "json", "jwt", "llm", "mcp", "pdf", "pii", "rbac", "sdk", "sql", "sso", "ttl", "ui", "uri",
    "url", "utc", "uuid", "xml", "yaml",
];

/// Rust's keywords, of every edition, and what may not be an identifier for other reasons; sorted.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The words of a name in small letters, single spaces between them; empty if there are none.
pub fn words(raw: &str) -> String {
    match plain_words(raw) {
        Some(words) => words,
        None => apart(raw).to_snake_case().replace('_', " "),
    }
}

/// Whether a name has any words.
pub fn has_words(raw: &str) -> bool {
    raw.bytes().any(|c| c.is_ascii_alphanumeric()) || !words(raw).is_empty()
}

/// What a name is known by: its words, those that only capitals part taken for one.
pub fn identity(raw: &str) -> String {
    let words = plain_words(raw).unwrap_or_else(|| {
        let apart = apart(raw);
        apart.split_whitespace().collect::<Vec<_>>().join(" ")
    });
    words.to_lowercase()
}

/// The words of a name that is spelled with small letters and underscores alone.
fn plain_words(raw: &str) -> Option<String> {
    let plain = raw.bytes().all(|c| is_small(c) || c == b'_') && raw.bytes().any(is_small);
    let words = raw.split('_').filter(|word| !word.is_empty());
    plain.then(|| words.collect::<Vec<_>>().join(" "))
}

/// The name with spaces for its symbols, and words for those that mean something.
fn apart(raw: &str) -> String {
    let text = whole(plurals(transliterated(raw)));
    let spoken = if text.chars().any(char::is_alphanumeric) {
        sign(&text)
    } else {
        spell(&text)
    };
    let apart = |c: char| if c.is_ascii_alphanumeric() { c } else { ' ' };
    spoken.chars().map(apart).collect()
}

/// The text in ASCII; a character that nobody can say is spelled by its number, which tells it from others at least.
fn transliterated(raw: &str) -> String {
    if raw.is_ascii() {
        return raw.to_owned();
    }
    let mut out = String::new();
    for c in raw.chars() {
        match deunicode_char(c) {
            _ if c.is_ascii() => out.push(c),
            Some(text) if !text.is_empty() => out.push_str(text),
            _ => out.push_str(&format!(" u{:x} ", u32::from(c))),
        }
    }
    out
}

/// `IDs` and `LLMs` are words: the capitals before a lone `s` do not end one letter early.
fn plurals(text: String) -> String {
    // Which most names have none of.
    let capitals = |pair: &[u8]| pair.iter().all(u8::is_ascii_uppercase);
    let plural = |three: &[u8]| {
        three
            .split_last()
            .is_some_and(|(last, pair)| *last == b's' && capitals(pair))
    };
    if !text.as_bytes().windows(3).any(plural) {
        return text;
    }
    let all: Vec<char> = text.chars().collect();
    let at = |index: usize| all.get(index).copied().unwrap_or(' ');
    let mut out = String::new();
    let mut index = 0;
    while index < all.len() {
        let run = all
            .iter()
            .skip(index)
            .take_while(|c| c.is_ascii_uppercase())
            .count();
        let plural = run > 1 && at(index + run) == 's' && {
            // Before another capital only a known acronym tells `IDsByName` from `LLMAsJudge`.
            let known: String = all.iter().skip(index).take(run).collect();
            let next = at(index + run + 1);
            !next.is_ascii_alphabetic()
                || next.is_ascii_uppercase() && ACRONYMS.contains(&known.to_lowercase().as_str())
        };
        let length = if plural { run + 1 } else { run.max(1) };
        let piece: String = all.iter().skip(index).take(length).collect();
        match plural {
            true => out.push_str(&format!(" {} ", capital(&piece.to_lowercase()))),
            false => out.push_str(&piece),
        }
        index += length;
    }
    out
}

fn whole(text: String) -> String {
    // Looking for a letter is a good deal faster than looking for a word.
    let begins = |word: &str| {
        word.bytes()
            .next()
            .is_some_and(|c| text.as_bytes().contains(&c))
    };
    let known = WHOLE
        .iter()
        .filter(|(word, _)| begins(word) && text.contains(word));
    let known: Vec<_> = known.collect();
    known.into_iter().fold(text, |text, (word, one)| {
        text.replace(word, &format!(" {one}"))
    })
}

/// A sign before a number is a word: `+1`, `-1`, `>5`.
fn sign(raw: &str) -> String {
    let symbols: String = raw.chars().take_while(|c| !c.is_alphanumeric()).collect();
    let rest = raw.get(symbols.len()..).unwrap_or_default();
    let before_digit = rest.starts_with(|c: char| c.is_ascii_digit());
    let telling = symbols.chars().any(|c| "<>=!+~%".contains(c)) || before_digit && symbols == "-";
    if telling {
        format!("{} {rest}", spell(&symbols))
    } else {
        raw.to_owned()
    }
}

fn spell(symbols: &str) -> String {
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

/// What most names are made of; where there is nothing else, spelling takes no thought.
fn is_small(c: u8) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit()
}

/// Whether these are words in small letters, single spaces between them.
fn are_small(words: &str) -> bool {
    let spaces = words.starts_with(' ') || words.ends_with(' ') || words.contains("  ");
    words.bytes().all(|c| is_small(c) || c == b' ') && !spaces
}

/// `LlmSpan`. A leading digit gets an `N` before it (`2YFV` → `N2yfv`); empty stays empty.
pub fn pascal(words: &str) -> String {
    let name = if are_small(words) {
        words.split(' ').map(capital).collect()
    } else {
        words.to_upper_camel_case()
    };
    if name.starts_with(|c: char| c.is_numeric()) {
        format!("N{name}")
    } else {
        name
    }
}

fn underscored(words: &str) -> String {
    if are_small(words) {
        words.replace(' ', "_")
    } else {
        words.to_snake_case()
    }
}

/// Whether a name in small letters is one of Rust's own words.
pub fn is_keyword(name: &str) -> bool {
    KEYWORDS.binary_search(&name).is_ok()
}

/// `llm_span`. A leading digit gets an `n` before it; a keyword gets an underscore after it; empty stays empty.
pub fn snake(words: &str) -> String {
    let name = underscored(words);
    if name.starts_with(|c: char| c.is_numeric()) {
        return format!("n{name}");
    }
    if is_keyword(&name) {
        format!("{name}_")
    } else {
        name
    }
}

/// `llm-span`. A leading digit gets an `n` before it.
pub fn kebab(words: &str) -> String {
    let name = underscored(words).replace('_', "-");
    if name.starts_with(|c: char| c.is_numeric()) {
        format!("n{name}")
    } else {
        name
    }
}

/// `Get request by ID`, for sentences.
pub fn sentence(words: &str) -> String {
    let spoken = underscored(words);
    let spoken = spoken
        .split('_')
        .map(|word| match ACRONYMS.contains(&word) {
            true => word.to_uppercase(),
            false => word.to_owned(),
        });
    capital(&spoken.collect::<Vec<_>>().join(" "))
}

/// The text with its first letter in upper case.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.collect::<String>() + chars.as_str()
}

/// One of many, as far as a trailing `s` tells.
pub fn singular(word: &str) -> &str {
    if word.ends_with("ss") {
        word
    } else {
        word.strip_suffix('s').unwrap_or(word)
    }
}

/// The order in which rustfmt sorts imports: underscores before digits before letters, numbers by their value.
pub fn by_version(a: &str, b: &str) -> Ordering {
    pieces(a).cmp(&pieces(b)).then_with(|| a.cmp(b))
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Underscore,
    Number(u128),
    Letter(char),
}

fn pieces(name: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    for c in name.chars() {
        let piece = match (c, c.to_digit(10), out.last_mut()) {
            ('_', _, _) => Piece::Underscore,
            (_, Some(digit), Some(Piece::Number(number))) => {
                *number = number.saturating_mul(10).saturating_add(u128::from(digit));
                continue;
            }
            (_, Some(digit), _) => Piece::Number(u128::from(digit)),
            (c, None, _) => Piece::Letter(c),
        };
        out.push(piece);
    }
    out
}
