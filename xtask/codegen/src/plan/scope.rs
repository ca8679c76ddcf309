//! Scopes, in which each name is claimed once. Only this module decides the final spelling of a name.

use std::collections::{BTreeMap, BTreeSet};

use super::casing::{ORDINALS, capitalize, kebab_case, pascal_case, snake_case, split_words};

/// Type names that generated code uses itself. No schema and no request type may have them.
const RESERVED_TYPES: &[&str] = &[
    "AsRef",
    "BTreeMap",
    "Box",
    "Bytes",
    "Client",
    "ClientBuilder",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Drop",
    "Empty",
    "Endpoint",
    "Eq",
    "Err",
    "Error",
    "Extend",
    "File",
    "Fixed",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Hash",
    "IntegerEnum",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "IntoOption",
    "IntoPatch",
    "InvalidTimestamp",
    "Iterator",
    "Json",
    "Model",
    "None",
    "Number",
    "Ok",
    "Option",
    "OrEmpty",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Patch",
    "Raw",
    "Response",
    "Responses",
    "Result",
    "Secret",
    "Self",
    "Send",
    "Sized",
    "Some",
    "String",
    "StringEnum",
    "Sync",
    "Text",
    "Timestamp",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Union",
    "Unpin",
    "Value",
    "Vec",
];

/// Names of devices, which no file on Windows can have, with any extension.
const WINDOWS_DEVICES: &[&str] = &[
    "aux", "com0", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "con",
    "lpt0", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9", "nul", "prn",
];

/// Returns whether no file on Windows can have this name.
pub(crate) fn is_windows_device(name: &str) -> bool {
    WINDOWS_DEVICES.contains(&name.to_lowercase().as_str())
}

/// The case of all names of a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NameCase {
    Pascal,
    Snake,
    Kebab,
    ScreamingSnake,
}

/// A set of names in one case, no two of which are equal.
///
/// Names that differ only in case count as equal, because files are named after types.
#[derive(Clone, Debug)]
pub struct Scope {
    case: NameCase,
    claimed: BTreeSet<String>,
    /// The last number after the first candidate of a name, spelled in lower case.
    last_numbers: BTreeMap<String, usize>,
}

impl Scope {
    fn new(case: NameCase, reserved: &[&str]) -> Self {
        Self {
            case,
            claimed: reserved.iter().map(|name| name.to_lowercase()).collect(),
            last_numbers: BTreeMap::new(),
        }
    }

    /// Creates a scope of types.
    pub fn types() -> Self {
        Self::new(NameCase::Pascal, RESERVED_TYPES)
    }

    /// Creates a scope of enum variants.
    pub fn variants() -> Self {
        Self::new(NameCase::Pascal, &["Self"])
    }

    /// Creates a scope of fields, methods or arguments, with some names reserved.
    pub fn snake_case(reserved: &[&str]) -> Self {
        Self::new(NameCase::Snake, reserved)
    }

    /// Creates a scope of modules with files of their own, with some names reserved.
    pub fn modules(reserved: &[&str]) -> Self {
        Self::new(NameCase::Snake, &[reserved, WINDOWS_DEVICES].concat())
    }

    /// Creates a scope of Cargo features, with some names reserved.
    pub fn features(reserved: &[&str]) -> Self {
        Self::new(NameCase::Kebab, reserved)
    }

    /// Creates a scope of constants, with some names reserved.
    pub fn constants(reserved: &[&str]) -> Self {
        Self::new(NameCase::ScreamingSnake, reserved)
    }

    /// Reserves a name in the given spelling. Returns whether it was free.
    pub fn reserve(&mut self, name: &str) -> bool {
        self.claimed.insert(name.to_lowercase())
    }

    /// Returns whether a name is claimed.
    pub fn contains(&self, name: &str) -> bool {
        self.claimed.contains(&name.to_lowercase())
    }

    /// Releases a name, so that it can be claimed again.
    pub fn release(&mut self, name: &str) {
        self.claimed.remove(&name.to_lowercase());
    }

    /// Claims the first free name among candidates given as words.
    ///
    /// If none is free, the first candidate gets an ordinal.
    pub fn claim<S: AsRef<str>>(&mut self, candidates: impl IntoIterator<Item = S>) -> String {
        let mut first = String::new();
        for candidate in candidates {
            let name = self.apply_case(candidate.as_ref());
            if !name.is_empty() && self.reserve(&name) {
                return name;
            }
            if first.is_empty() {
                first = candidate.as_ref().to_owned();
            }
        }
        // Nothing else distinguishes the names: `second`, `third`, …
        let ordinals = ORDINALS.iter().skip(1);
        let mut ordinals = ordinals.map(|word| self.apply_case(&format!("{first} {word}")));
        let name = match ordinals.find(|name| !self.contains(name)) {
            Some(name) => name,
            None => self.numbered_name(&first),
        };
        self.reserve(&name);
        name
    }

    /// Returns a free name with a number. The search continues after the last number, so that thousands of equal names
    /// do not take quadratic time.
    fn numbered_name(&mut self, words: &str) -> String {
        let key = self.apply_case(words).to_lowercase();
        let mut number = self.last_numbers.get(&key).map_or(11, |last| last + 1);
        loop {
            let name = self.apply_case(&format!("{words} number {number}"));
            if !self.contains(&name) {
                self.last_numbers.insert(key, number);
                return name;
            }
            number += 1;
        }
    }

    /// Spells words in the case of this scope.
    pub fn apply_case(&self, words: &str) -> String {
        match self.case {
            NameCase::Pascal => pascal_case(words),
            NameCase::Snake => snake_case(words),
            NameCase::Kebab => kebab_case(words),
            NameCase::ScreamingSnake => snake_case(words).trim_end_matches('_').to_uppercase(),
        }
    }

    /// Claims a name for a type among names of the document, best first.
    ///
    /// `suffix` is added where all of them are claimed.
    pub fn claim_type_name(&mut self, candidates: &[String], suffix: &str) -> String {
        let words = candidates.iter().map(|name| split_words(name));
        let mut words = words.filter(|words| !words.is_empty());
        let best = words.next().unwrap_or_else(|| "unnamed".to_owned());
        // Words with spaces between them have no case of their own.
        let own_case = candidates.first().filter(|name| !name.contains(' '));
        let own_case = own_case.map(|name| case_label(name));
        let suffixes = std::iter::once(suffix).chain(own_case);
        let suffixed = suffixes.map(|suffix| format!("{best} {suffix}"));
        self.claim(std::iter::once(best.clone()).chain(words).chain(suffixed))
    }

    /// Claims a name for the field or argument with the wire name `wire`.
    ///
    /// `fallback` is used where the wire name has no words, and as a suffix where the name is claimed.
    pub fn claim_field_name(&mut self, wire_name: &str, fallback: &str) -> String {
        let words = split_words(wire_name);
        let best = if words.is_empty() {
            fallback.to_owned()
        } else {
            words.clone()
        };
        // One lowercase word only collides with names that generated code uses itself.
        let is_lowercase_word = wire_name.chars().all(|c| c.is_ascii_lowercase());
        let alternatives = std::iter::once_with(|| {
            [
                with_leading_symbol(wire_name, &words),
                (!is_lowercase_word).then(|| format!("{best} {}", case_label(wire_name))),
                Some(format!("{best} {fallback}")),
            ]
        });
        let alternatives = alternatives.flatten().flatten();
        self.claim(std::iter::once(best.clone()).chain(alternatives))
    }

    /// Claims a name for the enum variant with the wire value or lock key `wire`.
    pub fn claim_variant_name(&mut self, wire_name: &str, fallback: &str) -> String {
        let words = if wire_name.is_empty() {
            "empty".to_owned()
        } else {
            split_words(wire_name)
        };
        let best = match pascal_case(&words).as_str() {
            "Self" => "itself".to_owned(),
            "" => fallback.to_owned(),
            _ => words.clone(),
        };
        let alternatives = std::iter::once_with(|| {
            [
                with_leading_symbol(wire_name, &words),
                Some(format!("{} {best}", case_label(wire_name))),
            ]
        });
        let alternatives = alternatives.flatten().flatten();
        self.claim(std::iter::once(best.clone()).chain(alternatives))
    }

    /// Claims a name for the enum variant that the document calls `name`. Where that is claimed, the value is added.
    pub fn claim_named_variant(&mut self, name: &str, wire_name: &str) -> String {
        let words = match pascal_case(&split_words(name)).as_str() {
            "Self" => "itself".to_owned(),
            _ => split_words(name),
        };
        self.claim([words.clone(), format!("{words} {}", split_words(wire_name))])
    }
}

/// Spells the leading symbol of a name as a word, which distinguishes `_type` from `type`.
fn with_leading_symbol(wire_name: &str, words: &str) -> Option<String> {
    let symbol = wire_name.chars().next().filter(|c| !c.is_alphanumeric())?;
    Some(format!("{} {words}", split_words(&symbol.to_string())))
}

/// Returns the name of the case of `name`, which distinguishes `userId` from `user_id`.
fn case_label(name: &str) -> &'static str {
    let has_lowercase = name.chars().any(char::is_lowercase);
    let has_uppercase = name.chars().any(char::is_uppercase);
    match name.chars().find(|c| !c.is_alphanumeric()) {
        Some('-') => "kebab",
        Some('.') => "dotted",
        Some(' ') => "spaced",
        Some('_') if !has_uppercase => "snake",
        Some('_') if !has_lowercase => "screaming",
        Some(_) => "mixed",
        None if !has_uppercase => "lower",
        None if !has_lowercase => "upper",
        None if capitalize(name) == name => "pascal",
        None => "camel",
    }
}
