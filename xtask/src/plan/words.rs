//! Words: what is left of a name when its spelling is taken away.

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

/// Rust's keywords, of every edition, and what may not be an identifier for other reasons.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The words of a name, single spaces between them; empty if there are none.
///
/// A symbol is a word where it stands alone or before a digit (`>=`, `+1`); between letters it only separates.
pub fn words(raw: &str) -> String {
    let spoken = if raw.chars().any(char::is_alphanumeric) {
        sign(raw)
    } else {
        spell(raw)
    };
    let mut out = String::new();
    for c in spoken.chars() {
        out.push(if c.is_alphanumeric() && speakable(c) {
            c
        } else {
            ' '
        });
    }
    if out.trim().is_empty() && !raw.is_empty() {
        // Letters no identifier may hold: their numbers tell them apart at least.
        return raw
            .chars()
            .take(8)
            .map(|c| format!("u{:x} ", u32::from(c)))
            .collect::<String>()
            .trim()
            .to_owned();
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether Rust takes the letter in an identifier, at least after a first one.
fn speakable(c: char) -> bool {
    c.is_ascii() || syn::parse_str::<syn::Ident>(&format!("a{c}")).is_ok()
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

/// `LlmSpan`. A leading digit gets an `N` before it; empty stays empty.
pub fn pascal(words: &str) -> String {
    let name = words.to_upper_camel_case();
    if name.starts_with(|c: char| c.is_numeric()) {
        format!("N{name}")
    } else {
        name
    }
}

/// `llm_span`. A leading digit gets an `n` before it; a keyword gets an underscore after it; empty stays empty.
pub fn snake(words: &str) -> String {
    let name = words.to_snake_case();
    if name.starts_with(|c: char| c.is_numeric()) {
        return format!("n{name}");
    }
    if KEYWORDS.contains(&name.as_str()) {
        format!("{name}_")
    } else {
        name
    }
}

/// `llm-span`.
pub fn kebab(words: &str) -> String {
    words.to_snake_case().replace('_', "-")
}

/// `Get request by id`, for sentences.
pub fn sentence(words: &str) -> String {
    let spoken = words.to_snake_case().replace('_', " ");
    let mut chars = spoken.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => spoken,
    }
}
