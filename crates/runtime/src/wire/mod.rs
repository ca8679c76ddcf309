//! Serialization of generated types to JSON, and deserialization from it.
//!
//! Generated types implement [`Wire`] instead of serde's traits, because the behavior of the types that serde supports
//! cannot be changed: `f64` would be written as `3.0`, and `i64` would reject `3.0`. The trait is generic over serde's
//! formats and streams: values are read directly from the input, except where a union must buffer a value before it
//! can choose a variant.

mod any_value;
pub mod buffered;
mod containers;
pub mod cow_str;
pub(crate) mod duplicate_keys;
pub mod integer_enum;
mod key_set;
pub mod match_score;
pub mod number_map;
mod numbers;
pub mod object_reader;
pub mod object_writer;
mod scalars;
pub mod string_enum;
mod tuples;
pub mod union;

use std::marker::PhantomData;

use buffered::BufferedValue;
use key_set::{KeySet, SeenKeys};
use match_score::{MatchScore, Matcher, PropertyRule, ScoreFn};
use object_reader::{ObjectReader, ObjectVisitor};
use object_writer::{ObjectWriter, VariantTag, write_object};
use serde_core::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess};
use serde_core::ser::{Serialize, SerializeMap, Serializer};

/// A type that can be written to JSON and read from it.
///
/// The default methods implement JSON objects. A struct only lists its properties; the code that reads and writes
/// objects is here, once for all types. A type that is not an object sets [`IS_OBJECT`](Wire::IS_OBJECT) to `false` and
/// implements [`write`](Wire::write) and [`read`](Wire::read).
pub trait Wire: Sized {
    /// Whether values are always JSON objects, with the properties in [`KEYS`](Wire::KEYS).
    const IS_OBJECT: bool = true;
    /// The properties, in document order.
    const PROPERTIES: Properties = Properties(&[], &[]);
    /// The names of the properties.
    const KEYS: &'static [&'static str] = Self::PROPERTIES.0;
    /// One rule for each of [`KEYS`](Wire::KEYS).
    const RULES: &'static [PropertyRule] = Self::PROPERTIES.1;
    /// The required properties among [`KEYS`](Wire::KEYS).
    const REQUIRED: KeySet = KeySet::required(Self::RULES);
    /// How to score properties that are not in [`KEYS`](Wire::KEYS). `None` if the type does not keep them.
    const EXTRA_SCORE: Option<ScoreFn> = None;
    /// The rules for properties of this type, which [`PROPERTIES`](Wire::PROPERTIES) of other types name: a constant is
    /// compiled faster than an expression.
    const REQUIRED_RULE: PropertyRule = PropertyRule::Required(Self::match_score);
    /// See [`REQUIRED_RULE`](Wire::REQUIRED_RULE).
    const NULLABLE_RULE: PropertyRule = PropertyRule::Nullable(Self::match_score);
    /// See [`REQUIRED_RULE`](Wire::REQUIRED_RULE).
    const OPTIONAL_RULE: PropertyRule = PropertyRule::Optional(Self::match_score);
    /// See [`REQUIRED_RULE`](Wire::REQUIRED_RULE).
    const OPTIONAL_NULLABLE_RULE: PropertyRule = PropertyRule::OptionalNullable(Self::match_score);
    /// Whether `null` is a value of this type, so that it does not mean an absent value.
    const ACCEPTS_NULL: bool = false;

    /// Writes the value.
    #[inline]
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.write_tagged(serializer, None)
    }

    /// Writes the value as a variant of a tagged union. Adds `tag` if the value is an object that does not contain it.
    #[inline]
    fn write_tagged<S: Serializer>(
        &self,
        serializer: S,
        tag: Option<&VariantTag<'_>>,
    ) -> Result<S::Ok, S::Error> {
        if Self::IS_OBJECT {
            write_object(self, serializer, tag)
        } else {
            self.write(serializer)
        }
    }

    /// Writes the properties of an object.
    fn write_fields<M: SerializeMap>(&self, writer: &mut ObjectWriter<'_, M>) {
        writer.fail_not_an_object();
    }

    /// Returns the value that a field has before it is read.
    fn placeholder() -> Self;

    /// Reads the property with this index in [`KEYS`](Wire::KEYS). An index beyond the end means an unknown property,
    /// which is skipped unless the type keeps it.
    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        _index: usize,
        object: &mut ObjectReader<'de, A>,
    ) -> Result<(), A::Error> {
        object.skip_value()
    }

    /// Reads a value.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }

    /// Reads an object. The first entries may already be in the reader's buffer.
    fn read_object<'de, A: MapAccess<'de>>(
        mut object: ObjectReader<'de, A>,
    ) -> Result<Self, A::Error> {
        if !Self::IS_OBJECT {
            return Self::read(&object.into_buffered()?).map_err(A::Error::custom);
        }
        let (mut this, mut seen) = (Self::placeholder(), SeenKeys::default());
        while let Some(index) = object.next_key(Self::KEYS)? {
            if !seen.insert(index, Self::KEYS.len()) {
                return Err(object.fail_duplicate_key());
            }
            this.read_field(index, &mut object)?;
        }
        match seen.first_missing(Self::KEYS, &Self::REQUIRED, Self::RULES) {
            None => Ok(this),
            Some(key) => Err(A::Error::missing_field(key)),
        }
    }

    /// Converts a buffered value. Returns the value unchanged if it does not match this type.
    fn from_buffered(value: BufferedValue<'_>) -> Result<Self, BufferedValue<'_>> {
        Self::read(&value).map_err(|_| value)
    }

    /// Returns how well `value` matches this type, and records in `matcher` what the type would drop of it.
    fn match_score(value: &BufferedValue<'_>, matcher: &mut Matcher) -> MatchScore {
        match_score::score_object(Self::KEYS, Self::RULES, Self::EXTRA_SCORE, value, matcher)
    }
}

/// The names of the properties of an object, and one rule for each of them.
///
/// One constant for both is compiled in half the time. These are two tables, so that only the members of untagged unions
/// pay for the rules in a program.
pub struct Properties(pub &'static [&'static str], pub &'static [PropertyRule]);

/// Implements serde's traits for a type that implements [`Wire`].
pub struct SerdeAdapter<T>(pub T);

impl<T: Wire> Serialize for SerdeAdapter<&T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl<'de, T: Wire> Deserialize<'de> for SerdeAdapter<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

/// A serde seed that reads a `T`.
pub struct WireSeed<T>(pub PhantomData<T>);

impl<T> Clone for WireSeed<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for WireSeed<T> {}

impl<'de, T: Wire> DeserializeSeed<'de> for WireSeed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

/// Implements serde's traits for types of this crate that implement [`Wire`].
macro_rules! impl_serde_via_wire {
    ($($ty:ty),*) => {$(
        impl serde_core::Serialize for $ty {
            fn serialize<S: serde_core::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::wire::Wire::write(self, serializer)
            }
        }

        impl<'de> serde_core::Deserialize<'de> for $ty {
            fn deserialize<D: serde_core::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::wire::Wire::read(deserializer)
            }
        }
    )*};
}
pub(crate) use impl_serde_via_wire;
