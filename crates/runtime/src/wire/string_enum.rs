//! Reading open enumerations.

use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{Deserializer, Error, Visitor};

use super::content::Content;
use super::fit::Fit;

/// A string that is one of several, or another.
pub trait Known: Sized {
    /// The variant for a value that is known.
    fn known(text: &str) -> Option<Self>;
    /// The variant for any other.
    fn unknown(text: String) -> Self;
}

/// Reads an open enumeration.
pub fn read_enum<'de, T: Known, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_str(EnumVisitor(PhantomData))
}

struct EnumVisitor<T>(PhantomData<T>);

impl<T: Known> Visitor<'_> for EnumVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok(enum_from_str(text))
    }
}

/// The variant for a value.
pub fn enum_from_str<T: Known>(text: &str) -> T {
    T::known(text).unwrap_or_else(|| T::unknown(text.to_owned()))
}

/// The variant for a value at hand.
pub fn enum_from_string<T: Known>(text: String) -> T {
    T::known(&text).unwrap_or_else(|| T::unknown(text))
}

/// An open enumeration fits every string, but a known one best.
pub fn fit_enum<T: Known>(content: &Content<'_>) -> Fit {
    content
        .as_str()
        .map(|text| if T::known(text).is_some() { 2 } else { 0 })
}
