//! Scopes: where names are claimed, each one once. The only place that decides how a name is spelled in the end.

use std::collections::BTreeSet;

use super::words::{pascal, snake, words};

/// Names that generated code uses itself, so that no schema may take them.
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

/// Where no two names may be the same, not even but for their case: files are named after types.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    taken: BTreeSet<String>,
}

impl Scope {
    /// A scope for types.
    pub fn types() -> Self {
        Self {
            taken: RESERVED_TYPES
                .iter()
                .map(|name| name.to_lowercase())
                .collect(),
        }
    }

    /// A scope in which some names are taken.
    pub fn without<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        Self {
            taken: names.into_iter().map(str::to_lowercase).collect(),
        }
    }

    /// Claims the first free name among the candidates, told apart by a number only if all of them are taken.
    pub fn claim(&mut self, candidates: impl IntoIterator<Item = String>) -> String {
        let mut last = String::new();
        for candidate in candidates.into_iter().filter(|name| !name.is_empty()) {
            if self.taken.insert(candidate.to_lowercase()) {
                return candidate;
            }
            last = candidate;
        }
        (2_u32..)
            .map(|number| {
                if last.ends_with(|c: char| c.is_numeric()) {
                    format!("{last}N{number}")
                } else {
                    format!("{last}{number}")
                }
            })
            .find(|name| self.taken.insert(name.to_lowercase()))
            .unwrap_or(last)
    }

    /// Claims a name for a type, given the words it could be called by.
    pub fn claim_type<'w>(
        &mut self,
        candidates: impl IntoIterator<Item = &'w str>,
        what: &str,
    ) -> String {
        let mut names: Vec<String> = candidates
            .into_iter()
            .map(|raw| pascal(&words(raw)))
            .collect();
        names.retain(|name| !name.is_empty());
        if names.is_empty() {
            names.push("Unnamed".to_owned());
        }
        let spare = names.first().map(|name| format!("{name}{what}"));
        self.claim(names.into_iter().chain(spare))
    }

    /// Claims a name for a field, a method or an argument.
    pub fn claim_value(&mut self, raw: &str, what: &str) -> String {
        let plain = words(raw);
        let name = snake(&plain);
        // `_type` beside `type`: the symbol is what tells them apart.
        let lead = raw.chars().next().filter(|c| !c.is_alphanumeric());
        let spelled = lead.map(|c| format!("{} {plain}", words(&c.to_string())));
        let first = if name.is_empty() {
            what.to_owned()
        } else {
            name
        };
        let candidates = [
            Some(first.clone()),
            spelled.map(|words| snake(&words)),
            Some(format!("{}_{what}", first.trim_end_matches('_'))),
        ];
        self.claim(candidates.into_iter().flatten())
    }

    /// Claims a name for a variant.
    pub fn claim_variant(&mut self, raw: &str, what: &str) -> String {
        let plain = if raw.is_empty() {
            "empty".to_owned()
        } else {
            words(raw)
        };
        let name = match pascal(&plain) {
            name if name == "Self" => "Itself".to_owned(),
            name if name.is_empty() => what.to_owned(),
            name => name,
        };
        let letters = || raw.chars().filter(|c| c.is_alphabetic());
        let case = match (
            letters().all(char::is_uppercase),
            letters().all(char::is_lowercase),
        ) {
            (true, _) => "Upper",
            (_, true) => "Lower",
            _ => "Mixed",
        };
        let lead = raw.chars().next().filter(|c| !c.is_alphanumeric());
        let spelled = lead.map(|c| pascal(&format!("{} {plain}", words(&c.to_string()))));
        self.claim(
            [Some(name.clone()), spelled, Some(format!("{case}{name}"))]
                .into_iter()
                .flatten(),
        )
    }
}
