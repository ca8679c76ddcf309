//! Writes YAML that has the same meaning in YAML 1.1 and 1.2.
//!
//! The layout and the style of scalars are those of serde_yaml. It quotes what YAML 1.2 resolves to another type than a
//! string. YAML 1.1, which many programs read, resolves more plain scalars: `=`, `<<`, `2026-01-01`, `1:30`, `1_000`.

use serde_json::{Map, Value};

/// The number of bytes up to which libyaml writes a key on the line of its value.
const MAX_SIMPLE_KEY: usize = 128;

/// Words that YAML 1.1 resolves to null, a boolean, a merge key or a default value.
const RESOLVED_WORDS: &[&str] = &[
    "", "~", "null", "y", "n", "yes", "no", "true", "false", "on", "off", "<<", "=",
];

/// Returns the text of a document.
///
/// # Errors
/// When serde_yaml cannot write a scalar.
pub(super) fn to_yaml(document: &Value) -> Result<String, serde_yaml::Error> {
    let mut writer = Writer(String::new());
    writer.item(document, 0)?;
    Ok(writer.0)
}

/// Returns whether YAML 1.1 may resolve a plain scalar to another type than a string. Also returns true for other texts
/// of the characters of numbers and times, since quotes are harmless.
fn is_resolved(text: &str) -> bool {
    let number = text.trim_start_matches(['+', '-']).to_ascii_lowercase();
    let is_word = |known: &&str| known.eq_ignore_ascii_case(text);
    RESOLVED_WORDS.iter().any(is_word)
        || [".inf", ".nan"].contains(&number.as_str())
        || is_number(&number)
}

/// Returns whether a text without a sign, in lower case, may be a number, a number in base 60, a date or a time.
fn is_number(text: &str) -> bool {
    let has_digit = text.contains(|c: char| c.is_ascii_digit());
    if !has_digit || !text.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return false;
    }
    match text.strip_prefix("0x") {
        Some(digits) => digits.chars().all(|c| c.is_ascii_hexdigit() || c == '_'),
        // A version has several dots.
        None => {
            let is_part = |c: char| c.is_ascii_digit() || "+-_.:eobtz \t".contains(c);
            text.chars().all(is_part) && text.matches('.').count() < 2
        }
    }
}

struct Writer(String);

impl Writer {
    fn indent(&mut self, indent: usize) {
        self.0.extend(std::iter::repeat_n(' ', indent));
    }

    /// Writes a value where the line has its indentation.
    fn item(&mut self, value: &Value, indent: usize) -> Result<(), serde_yaml::Error> {
        match value {
            Value::Object(map) if !map.is_empty() => self.mapping(map, indent),
            Value::Array(items) if !items.is_empty() => self.sequence(items, indent),
            // Further lines are indented below what contains the scalar.
            scalar => self.scalar(scalar, indent.saturating_sub(2)),
        }
    }

    fn mapping(
        &mut self,
        map: &Map<String, Value>,
        indent: usize,
    ) -> Result<(), serde_yaml::Error> {
        for (index, (key, value)) in map.iter().enumerate() {
            if index > 0 {
                self.indent(indent);
            }
            let text = key_text(key)?;
            if key.len() > MAX_SIMPLE_KEY {
                self.0.push_str(&format!("? {text}\n"));
                self.indent(indent);
                self.0.push_str(": ");
                self.item(value, indent + 2)?;
                continue;
            }
            self.0.push_str(&format!("{text}:"));
            // A sequence has the indentation of its key.
            let indent = match value {
                Value::Object(map) if !map.is_empty() => indent + 2,
                Value::Array(items) if !items.is_empty() => indent,
                scalar => {
                    self.0.push(' ');
                    self.scalar(scalar, indent)?;
                    continue;
                }
            };
            self.0.push('\n');
            self.indent(indent);
            self.item(value, indent)?;
        }
        Ok(())
    }

    fn sequence(&mut self, items: &[Value], indent: usize) -> Result<(), serde_yaml::Error> {
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.indent(indent);
            }
            self.0.push_str("- ");
            self.item(item, indent + 2)?;
        }
        Ok(())
    }

    /// Writes a scalar, or an empty mapping or sequence. Further lines are indented below `indent`.
    fn scalar(&mut self, value: &Value, indent: usize) -> Result<(), serde_yaml::Error> {
        let text = scalar_text(value)?;
        for (index, line) in text.lines().enumerate() {
            if index > 0 && !line.is_empty() {
                self.indent(indent);
            }
            self.0.push_str(line);
            self.0.push('\n');
        }
        Ok(())
    }
}

fn scalar_text(value: &Value) -> Result<String, serde_yaml::Error> {
    match value {
        Value::String(text) if is_resolved(text) => Ok(format!("'{text}'")),
        other => serde_yaml::to_string(other),
    }
}

/// Returns a key as text of one line.
fn key_text(key: &str) -> Result<String, serde_yaml::Error> {
    let text = scalar_text(&Value::from(key))?;
    let text = text.trim_end_matches('\n');
    match text.contains('\n') {
        // JSON's strings are YAML's strings in double quotes.
        true => Ok(Value::from(key).to_string()),
        false => Ok(text.to_owned()),
    }
}
