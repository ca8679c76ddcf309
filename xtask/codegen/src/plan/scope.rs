//! Scopes: where names are claimed, each one once. The only place that decides how a name is spelled in the end.

use std::collections::BTreeSet;

use super::words::{capital, kebab, pascal, snake, words};

/// Names that generated code uses itself, so that no schema and no request value may take them.
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

/// The last resort, where nothing that is meant tells two names apart.
const ORDINALS: &[&str] = &[
    "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
];

/// How the names of a scope are spelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    Pascal,
    Snake,
    Kebab,
    Screaming,
}

/// Where no two names may be the same, not even but for their case: files are named after types.
#[derive(Clone, Debug)]
pub struct Scope {
    spelling: Spelling,
    taken: BTreeSet<String>,
}

impl Scope {
    fn new(spelling: Spelling, taken: &[&str]) -> Self {
        Self {
            spelling,
            taken: taken.iter().map(|name| name.to_lowercase()).collect(),
        }
    }

    /// A scope of types.
    pub fn types() -> Self {
        Self::new(Spelling::Pascal, RESERVED_TYPES)
    }

    /// A scope of variants.
    pub fn variants() -> Self {
        Self::new(Spelling::Pascal, &["Self"])
    }

    /// A scope of fields, methods, arguments or modules, in which some names are taken.
    pub fn values(taken: &[&str]) -> Self {
        Self::new(Spelling::Snake, taken)
    }

    /// A scope of features, in which some names are taken.
    pub fn features(taken: &[&str]) -> Self {
        Self::new(Spelling::Kebab, taken)
    }

    /// A scope of constants, in which some names are taken.
    pub fn constants(taken: &[&str]) -> Self {
        Self::new(Spelling::Screaming, taken)
    }

    /// Takes a name, so that nothing else gets it.
    pub fn take(&mut self, name: &str) {
        self.taken.insert(name.to_lowercase());
    }

    /// Takes a name that was given before, as it was spelled; says whether it was free.
    pub fn keep(&mut self, name: &str) -> bool {
        self.taken.insert(name.to_lowercase())
    }

    /// Whether a name is taken.
    pub fn has(&self, name: &str) -> bool {
        self.taken.contains(&name.to_lowercase())
    }

    /// Claims the first free name among the candidates, which are words; an ordinal tells it apart if all are taken.
    pub fn claim<S: AsRef<str>>(&mut self, candidates: impl IntoIterator<Item = S>) -> String {
        let mut first = String::new();
        for candidate in candidates {
            let name = self.spelled(candidate.as_ref());
            if !name.is_empty() && self.taken.insert(name.to_lowercase()) {
                return name;
            }
            if first.is_empty() {
                first = candidate.as_ref().to_owned();
            }
        }
        let number = |number: usize| format!("number {number}");
        let ordinals = ORDINALS
            .iter()
            .map(|word| (*word).to_owned())
            .chain((11..).map(number));
        let names = ordinals
            .map(|ordinal| self.spelled(&format!("{first} {ordinal}")))
            .find(|name| !self.has(name));
        let name = names.unwrap_or(first);
        self.take(&name);
        name
    }

    /// Gives a name back, so that who had it may have it again.
    pub fn release(&mut self, name: &str) {
        self.taken.remove(&name.to_lowercase());
    }

    /// The words, spelled as the names of this scope are.
    pub fn spelled(&self, words: &str) -> String {
        match self.spelling {
            Spelling::Pascal => pascal(words),
            Spelling::Snake => snake(words),
            Spelling::Kebab => kebab(words),
            Spelling::Screaming => snake(words).trim_end_matches('_').to_uppercase(),
        }
    }

    /// Claims a name for a type, given what it could be called, best first, and what kind of thing it is.
    pub fn claim_type(&mut self, candidates: &[String], what: &str) -> String {
        let spoken = candidates.iter().map(|raw| words(raw));
        let mut spoken = spoken.filter(|words| !words.is_empty());
        let name = spoken.next().unwrap_or_else(|| "unnamed".to_owned());
        let spares = candidates.first().into_iter();
        let spares = spares.flat_map(|raw| [what, case(raw)]);
        let spares = spares.map(|told| format!("{name} {told}"));
        self.claim(std::iter::once(name.clone()).chain(spoken).chain(spares))
    }

    /// Claims a name for a field or an argument that is `raw` on the wire.
    pub fn claim_value(&mut self, raw: &str, what: &str) -> String {
        let plain = words(raw);
        let first = if plain.is_empty() {
            what.to_owned()
        } else {
            plain.clone()
        };
        // One plain word is only ever taken by what generated code needs itself.
        let one = raw.chars().all(|c| c.is_ascii_lowercase());
        let spares = std::iter::once_with(|| {
            [
                lead(raw, &plain),
                (!one).then(|| format!("{first} {}", case(raw))),
                Some(format!("{first} {what}")),
            ]
        });
        let told = spares.flatten().flatten();
        self.claim(std::iter::once(first.clone()).chain(told))
    }

    /// Claims a name for a variant that is `raw` on the wire.
    pub fn claim_variant(&mut self, raw: &str, what: &str) -> String {
        let plain = if raw.is_empty() {
            "empty".to_owned()
        } else {
            words(raw)
        };
        let first = match pascal(&plain).as_str() {
            "Self" => "itself".to_owned(),
            "" => what.to_owned(),
            _ => plain.clone(),
        };
        let spares =
            std::iter::once_with(|| [lead(raw, &plain), Some(format!("{} {first}", case(raw)))]);
        let told = spares.flatten().flatten();
        self.claim(std::iter::once(first.clone()).chain(told))
    }
}

/// `_type` beside `type`: the symbol is what tells them apart.
fn lead(raw: &str, plain: &str) -> Option<String> {
    let symbol = raw.chars().next().filter(|c| !c.is_alphanumeric())?;
    Some(format!("{} {plain}", words(&symbol.to_string())))
}

/// `userId` beside `user_id`: the way of writing is what tells them apart.
fn case(raw: &str) -> &'static str {
    let lower = raw.chars().any(char::is_lowercase);
    let upper = raw.chars().any(char::is_uppercase);
    match raw.chars().find(|c| !c.is_alphanumeric()) {
        Some('-') => "kebab",
        Some('.') => "dotted",
        Some(' ') => "spaced",
        Some('_') if !upper => "snake",
        Some('_') if !lower => "screaming",
        Some(_) => "mixed",
        None if !upper => "lower",
        None if !lower => "upper",
        None if capital(raw) == raw => "pascal",
        None => "camel",
    }
}
