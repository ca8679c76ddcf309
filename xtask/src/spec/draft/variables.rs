//! Environment variables that the prose of a document names.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::Value;

/// Keys whose text is prose.
const PROSE: &[&str] = &["description", "summary", "x-description"];

/// What an environment variable contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A key or a token.
    Key,
    /// A user name, or a public key.
    User,
    /// A password, or a secret key.
    Password,
    /// The base URL.
    Url,
}

impl Purpose {
    /// Returns the ends of the names of such variables, the clearest first.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Key => &[
                "API_KEY",
                "API_TOKEN",
                "ACCESS_TOKEN",
                "TOKEN",
                "APIKEY",
                "KEY",
            ],
            Self::User => &["PUBLIC_KEY", "USERNAME", "USER_NAME", "USER", "CLIENT_ID"],
            Self::Password => &["SECRET_KEY", "PASSWORD", "CLIENT_SECRET", "SECRET"],
            Self::Url => &[
                "BASE_URL",
                "API_URL",
                "ENDPOINT",
                "HOST",
                "URL_OVERRIDE",
                "URL",
            ],
        }
    }
}

/// The variables that a document names, each with the number of places.
pub(super) struct Variables(BTreeMap<String, usize>);

impl Variables {
    /// Finds the variables in the prose of a document.
    pub(super) fn find(document: &Value) -> Self {
        let mut found = Self(BTreeMap::new());
        found.search(document, false);
        found
    }

    fn search(&mut self, value: &Value, is_prose: bool) {
        match value {
            Value::String(text) if is_prose => {
                let pieces = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                for word in pieces.filter(|word| is_variable(word)) {
                    *self.0.entry(word.to_owned()).or_default() += 1;
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.search(item, is_prose)),
            Value::Object(map) => {
                for (key, value) in map {
                    self.search(value, PROSE.contains(&key.as_str()));
                }
            }
            _ => {}
        }
    }

    /// Returns the variables of a purpose that begin with one of the vendor's names, those with a clear name and in many
    /// places first. Another product's key must not be sent to the vendor.
    pub(super) fn of(&self, purpose: Purpose, vendor_names: &[String]) -> Vec<&str> {
        let endings = purpose.endings();
        let rank = |(name, count): (&String, &usize)| {
            let is_of_vendor = |vendor: &String| {
                let rest = name.strip_prefix(vendor.as_str());
                rest.is_some_and(|rest| rest.starts_with('_'))
            };
            if !vendor_names.iter().any(is_of_vendor) {
                return None;
            }
            let ending = endings.iter().position(|ending| {
                let start = name.strip_suffix(ending);
                start.is_some_and(|start| start.is_empty() || start.ends_with('_'))
            })?;
            Some((ending, Reverse(*count)))
        };
        let mut ranked: Vec<_> = (self.0.iter())
            .filter_map(|(name, count)| Some((rank((name, count))?, name.as_str())))
            .collect();
        ranked.sort();
        ranked.into_iter().map(|(_, name)| name).collect()
    }
}

/// Returns whether a word is spelled as the name of an environment variable.
fn is_variable(word: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.contains('_')
        && !word.ends_with('_')
        && word.chars().all(is_letter)
}
