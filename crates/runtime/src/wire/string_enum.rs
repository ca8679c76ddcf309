//! Reading open string enums.

use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{Deserializer, Error, Visitor};

use super::buffered::BufferedValue;
use super::match_score::MatchScore;

/// An enum of known strings, with a variant that keeps any other string.
pub trait StringEnum: Sized {
    /// Returns the variant of a known value.
    fn from_known(text: &str) -> Option<Self>;
    /// Returns the variant that keeps an unknown value.
    fn from_unknown(text: String) -> Self;
}

/// Reads a string enum.
pub fn read_string_enum<'de, T: StringEnum, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(StringEnumVisitor(PhantomData))
}

struct StringEnumVisitor<T>(PhantomData<T>);

impl<T: StringEnum> Visitor<'_> for StringEnumVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok(string_enum_from_str(text))
    }
}

/// Converts a string slice to a string enum.
pub fn string_enum_from_str<T: StringEnum>(text: &str) -> T {
    T::from_known(text).unwrap_or_else(|| T::from_unknown(text.to_owned()))
}

/// Converts a string to a string enum. An unknown value keeps the allocation.
pub fn string_enum_from_string<T: StringEnum>(text: String) -> T {
    T::from_known(&text).unwrap_or_else(|| T::from_unknown(text))
}

/// Computes how well a string enum matches `value`: it matches every string, and known values better.
pub fn score_string_enum<T: StringEnum>(value: &BufferedValue<'_>) -> MatchScore {
    value
        .as_str()
        .map(|text| if T::from_known(text).is_some() { 2 } else { 0 })
}
