//! A mutant as text: JSON, with what no JSON value can be.

use serde_json::Value;

use crate::shared::rng::Rng;

/// Stands for something nested deeper than anybody reads.
pub(super) const DEEP: &str = "@deep@";
/// Stands for a number that no type of Rust holds.
pub(super) const HUGE: &str = "@huge@";
/// A key that becomes one that is there already.
pub(super) const TWICE: &str = "@twice@";

/// Texts that mean something to somebody: to Rust, Markdown, Cargo, the file system, a terminal.
pub(super) const HOSTILE: &[&str] = &[
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

/// How deep.
const DEPTH: usize = 10_000;

/// The text of a document, its stand-ins replaced.
pub(super) fn text(document: &Value, rng: &mut Rng) -> String {
    let mut text = document.to_string();
    if text.contains(DEEP) {
        let (open, close) = match rng.below(3) {
            0 => ("{\"properties\":{\"a\":", "}}"),
            1 => ("{\"items\":", "}"),
            _ => ("[", "]"),
        };
        let deep = format!("{}{{}}{}", open.repeat(DEPTH), close.repeat(DEPTH));
        text = text.replacen(&format!("\"{DEEP}\""), &deep, 1);
    }
    let number = [
        "1e400",
        "123456789012345678901234567890",
        "-0.0",
        "1e-400",
        "0.1e1",
        "18446744073709551616",
    ];
    let number = number.get(rng.below(number.len())).copied().unwrap_or("0");
    let text = text.replace(&format!("\"{HUGE}\""), number);
    let keys = ["type", "properties", "paths", "openapi", "schema", "$ref"];
    let key = keys.get(rng.below(keys.len())).copied().unwrap_or_default();
    text.replace(TWICE, key)
}

/// A text that means something to somebody, alone or in company.
pub(super) fn hostile(rng: &mut Rng, now: &str) -> String {
    let one = rng.pick(HOSTILE).copied().unwrap_or_default();
    match rng.below(6) {
        0 => format!("{now}{one}"),
        1 => format!("{one}{now}"),
        2 => one.repeat(300),
        3 => format!("{one}{}", rng.pick(HOSTILE).copied().unwrap_or_default()),
        _ => one.to_owned(),
    }
}
