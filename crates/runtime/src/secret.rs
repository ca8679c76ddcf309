//! Text that must not appear in logs.

use std::fmt;

use serde_core::de::Deserializer;
use serde_core::ser::Serializer;
use zeroize::Zeroizing;

use crate::wire::buffered::BufferedValue;
use crate::wire::match_score::{MatchScore, Matcher};
use crate::wire::{Wire, impl_serde_via_wire};

/// Text that must not appear in logs, such as an API key.
///
/// A secret is serialized like any string. `Debug` redacts it, and there is no `Display`. Its memory is overwritten
/// with zeros when it is dropped.
///
/// ```
/// # use observatory_runtime::Secret;
/// let key = Secret::from("sk-123");
/// assert_eq!(format!("{key:?}"), "Secret(…)");
/// assert_eq!(key.expose(), "sk-123");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Creates a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// Returns the text.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&String> for Secret {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

#[cfg(feature = "client")]
thread_local! {
    /// The secrets that were written while [`Secret::collect_written`] runs.
    static WRITTEN: std::cell::RefCell<Option<Vec<Secret>>> = const { std::cell::RefCell::new(None) };
}

#[cfg(feature = "client")]
impl Secret {
    /// Returns the result of `write`, and the secrets that it serialized.
    pub(crate) fn collect_written<T>(write: impl FnOnce() -> T) -> (T, Vec<Self>) {
        let outer = WRITTEN.replace(Some(Vec::new()));
        let result = write();
        (result, WRITTEN.replace(outer).unwrap_or_default())
    }
}

impl Wire for Secret {
    const IS_OBJECT: bool = false;

    fn placeholder() -> Self {
        Self::new(String::new())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[cfg(feature = "client")]
        WRITTEN.with_borrow_mut(|written| {
            if let Some(written) = written {
                written.push(self.clone());
            }
        });
        serializer.serialize_str(&self.0)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::read(deserializer).map(Self::new)
    }

    fn match_score(value: &BufferedValue<'_>, matcher: &mut Matcher) -> MatchScore {
        String::match_score(value, matcher)
    }
}

impl_serde_via_wire!(Secret);
