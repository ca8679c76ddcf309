//! Text that must not be shown.

use std::fmt;

use serde_core::de::Deserializer;
use serde_core::ser::Serializer;
use zeroize::Zeroizing;

use crate::wire::content::Content;
use crate::wire::fit::Fit;
use crate::wire::{Wire, serde_by_wire};

/// Text that must not be shown, such as an API key.
///
/// It is sent like any other text, but never printed: `Debug` hides it, and there is no `Display`. Its memory is wiped
/// when it is dropped.
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
    /// A secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself.
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

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl Wire for Secret {
    const OBJECT: bool = false;

    fn blank() -> Self {
        Self::new(String::new())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::read(deserializer).map(Self::new)
    }

    fn fit(content: &Content<'_>, depth: u8) -> Fit {
        String::fit(content, depth)
    }
}

serde_by_wire!(Secret);
