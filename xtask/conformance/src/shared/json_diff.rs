//! Compares two JSON texts exactly: no number loses a digit, and an absent property is not `null`.

use indexmap::IndexMap;
use serde_json::value::RawValue;

/// One step of a path into a JSON value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum PathStep {
    Key(String),
    Index(usize),
}

/// Formats a path as a JSONPath expression: `$.spans[3]["a key"]`.
pub(crate) fn json_path(steps: &[PathStep]) -> String {
    let mut out = String::from("$");
    for step in steps {
        match step {
            PathStep::Index(index) => out.push_str(&format!("[{index}]")),
            PathStep::Key(key) if is_identifier(key) => out.push_str(&format!(".{key}")),
            PathStep::Key(key) => out.push_str(&format!("[{key:?}]")),
        }
    }
    out
}

fn is_identifier(key: &str) -> bool {
    !key.is_empty()
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '$')
}

/// A difference between two JSON values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Difference {
    pub(crate) path: Vec<PathStep>,
    pub(crate) description: String,
}

/// What a difference is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change<'t> {
    /// A property is missing.
    Missing { is_null: bool },
    /// A property was added.
    Added { is_null: bool },
    /// A value became another one.
    Changed { before: &'t str, after: &'t str },
}

impl Change<'_> {
    /// Returns whether a property is missing whose value was `null`.
    pub(crate) fn is_lost_null(self) -> bool {
        matches!(self, Self::Missing { is_null: true })
    }
}

/// Decides whether a difference at a path is allowed.
pub(crate) type IsAllowed<'a> = &'a dyn Fn(&[PathStep], Change<'_>) -> bool;

/// Returns the first difference between the values `before` and `after`.
///
/// # Errors
/// When one of the texts is not JSON.
pub(crate) fn first_difference(
    before: &str,
    after: &str,
    is_allowed: IsAllowed<'_>,
) -> Result<Option<Difference>, serde_json::Error> {
    let mut comparison = Comparison {
        path: Vec::new(),
        is_allowed,
    };
    comparison.compare(before, after)
}

struct Comparison<'a> {
    path: Vec<PathStep>,
    is_allowed: IsAllowed<'a>,
}

type ComparisonResult = Result<Option<Difference>, serde_json::Error>;

impl Comparison<'_> {
    fn compare(&mut self, before: &str, after: &str) -> ComparisonResult {
        let (before, after) = (before.trim(), after.trim());
        match (first_byte(before), first_byte(after)) {
            (b'{', b'{') => self.compare_objects(before, after),
            (b'[', b'[') => self.compare_arrays(before, after),
            (b'"', b'"') => {
                let (old, new): (String, String) =
                    (serde_json::from_str(before)?, serde_json::from_str(after)?);
                Ok(self.difference_unless(old == new, before, after))
            }
            (b'0', b'0') => {
                Ok(self.difference_unless(is_same_number(before, after), before, after))
            }
            _ => Ok(self.difference_unless(before == after, before, after)),
        }
    }

    fn compare_objects(&mut self, before: &str, after: &str) -> ComparisonResult {
        let before: IndexMap<String, &RawValue> = serde_json::from_str(before)?;
        let after: IndexMap<String, &RawValue> = serde_json::from_str(after)?;
        for (key, value) in &before {
            self.path.push(PathStep::Key(key.clone()));
            let found = match after.get(key) {
                Some(other) => self.compare(value.get(), other.get())?,
                None => self.difference(
                    Change::Missing {
                        is_null: value.get() == "null",
                    },
                    || format!("{} is missing", truncated(value.get())),
                ),
            };
            if found.is_some() {
                return Ok(found);
            }
            self.path.pop();
        }
        for (key, value) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
            self.path.push(PathStep::Key(key.clone()));
            let description = || format!("{} was added", truncated(value.get()));
            let is_null = value.get() == "null";
            let found = self.difference(Change::Added { is_null }, description);
            if found.is_some() {
                return Ok(found);
            }
            self.path.pop();
        }
        Ok(None)
    }

    fn compare_arrays(&mut self, before: &str, after: &str) -> ComparisonResult {
        let old_items: Vec<&RawValue> = serde_json::from_str(before)?;
        let new_items: Vec<&RawValue> = serde_json::from_str(after)?;
        if old_items.len() != new_items.len() {
            return Ok(self.difference_unless(false, before, after));
        }
        for (index, (old, new)) in old_items.iter().zip(&new_items).enumerate() {
            self.path.push(PathStep::Index(index));
            let found = self.compare(old.get(), new.get())?;
            if found.is_some() {
                return Ok(found);
            }
            self.path.pop();
        }
        Ok(None)
    }

    fn difference_unless(&self, is_same: bool, before: &str, after: &str) -> Option<Difference> {
        if is_same {
            return None;
        }
        self.difference(Change::Changed { before, after }, || {
            format!("{} changed to {}", truncated(before), truncated(after))
        })
    }

    /// Returns the difference, unless it is allowed.
    fn difference(
        &self,
        change: Change<'_>,
        description: impl FnOnce() -> String,
    ) -> Option<Difference> {
        if (self.is_allowed)(&self.path, change) {
            return None;
        }
        Some(Difference {
            path: self.path.clone(),
            description: description(),
        })
    }
}

/// Returns the first byte, which determines the JSON type; `0` for every number.
fn first_byte(text: &str) -> u8 {
    match text.bytes().next() {
        Some(b'-' | b'0'..=b'9') => b'0',
        Some(byte) => byte,
        None => b' ',
    }
}

/// Cuts a text after 120 characters.
pub(crate) fn truncated(text: &str) -> String {
    const MAX_CHARS: usize = 120;
    match text.char_indices().nth(MAX_CHARS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Returns whether two numbers of any length have the same value.
fn is_same_number(one: &str, other: &str) -> bool {
    one == other || parse_decimal(one).is_some_and(|one| parse_decimal(other) == Some(one))
}

/// Parses a number as its sign, its digits without leading and trailing zeros, and the exponent of its last digit.
fn parse_decimal(text: &str) -> Option<(bool, String, i64)> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let is_negative = mantissa.starts_with('-');
    let mantissa = mantissa.trim_start_matches('-');
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let mut exponent: i64 = exponent.parse().ok()?;
    exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    let significant = digits.trim_end_matches('0');
    exponent = exponent.checked_add(i64::try_from(digits.len() - significant.len()).ok()?)?;
    let significant = significant.trim_start_matches('0');
    if significant.is_empty() {
        return Some((false, String::new(), 0));
    }
    Some((is_negative, significant.to_owned(), exponent))
}
