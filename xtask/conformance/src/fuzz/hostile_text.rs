//! Writes a mutant as JSON text, with content that a [`Value`] cannot hold, and strings that need escaping somewhere.

use serde_json::Value;

use crate::shared::rng::Rng;

/// The placeholder of a value with extreme nesting.
pub(super) const DEEP_PLACEHOLDER: &str = "@deep@";
/// The placeholder of a number that no Rust type holds.
pub(super) const NUMBER_PLACEHOLDER: &str = "@huge@";
/// The placeholder of a key that the object probably has already.
pub(super) const KEY_PLACEHOLDER: &str = "@twice@";

/// Strings with a meaning in Rust, Markdown, Cargo, file systems or terminals.
const HOSTILE_STRINGS: &[&str] = &[
    "",
    " ",
    "*/",
    "/*",
    "//",
    "\"",
    "\\",
    "'",
    "`",
    "```",
    "```rust\nfn main() {}\n```",
    "{}",
    "{{}}",
    "{+path}",
    "]]",
    "#[x]",
    "#![x]",
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\x",
    "a/b",
    "..",
    ".",
    "con",
    "nul",
    "\u{0}",
    "\u{7}",
    "\u{1b}[31m",
    "\n",
    "\r\n",
    "\u{2028}",
    "\u{202e}gnp.exe",
    "\u{2066}",
    "\u{feff}",
    "\u{200b}",
    "é",
    "ß",
    "İ",
    "名前",
    "😀",
    "e\u{301}",
    "self",
    "Self",
    "crate",
    "super",
    "fn",
    "type",
    "async",
    "gen",
    "_",
    "__",
    "r#type",
    "1",
    "1a",
    "-1",
    "+1",
    ">=",
    "=",
    "<",
    "$ref",
    "x-at",
    "<script>",
    "[a](b)",
    "</details>",
    "#/components/schemas/A",
    "{id}",
    "{",
    "}",
    "%2e%2e",
    "%",
    "?",
    "#",
    "String",
    "Option",
    "Vec",
    "Result",
    "Client",
    "Error",
    "Value",
    "Unknown",
    "unknown",
    "new",
    "default",
    "client",
];

/// The depth of a deeply nested value.
const DEPTH: usize = 10_000;

/// Returns the text of a document with its placeholders replaced.
pub(super) fn to_text(document: &Value, rng: &mut Rng) -> String {
    let mut text = document.to_string();
    if text.contains(DEEP_PLACEHOLDER) {
        let (open, close) = match rng.below(3) {
            0 => ("{\"properties\":{\"a\":", "}}"),
            1 => ("{\"items\":", "}"),
            _ => ("[", "]"),
        };
        let deep = format!("{}{{}}{}", open.repeat(DEPTH), close.repeat(DEPTH));
        text = text.replacen(&format!("\"{DEEP_PLACEHOLDER}\""), &deep, 1);
    }
    let numbers = [
        "1e400",
        "123456789012345678901234567890",
        "-0.0",
        "1e-400",
        "0.1e1",
        "18446744073709551616",
    ];
    let number = numbers
        .get(rng.below(numbers.len()))
        .copied()
        .unwrap_or("0");
    let text = text.replace(&format!("\"{NUMBER_PLACEHOLDER}\""), number);
    let keys = ["type", "properties", "paths", "openapi", "schema", "$ref"];
    let key = keys.get(rng.below(keys.len())).copied().unwrap_or_default();
    text.replace(KEY_PLACEHOLDER, key)
}

/// Returns a hostile string, alone, repeated, or combined with another one or with `original`.
pub(super) fn hostile_string(rng: &mut Rng, original: &str) -> String {
    let hostile = rng.pick(HOSTILE_STRINGS).copied().unwrap_or_default();
    match rng.below(6) {
        0 => format!("{original}{hostile}"),
        1 => format!("{hostile}{original}"),
        2 => hostile.repeat(300),
        3 => {
            let other = rng.pick(HOSTILE_STRINGS).copied().unwrap_or_default();
            format!("{hostile}{other}")
        }
        _ => hostile.to_owned(),
    }
}
