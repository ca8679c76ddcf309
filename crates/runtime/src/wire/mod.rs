//! How values become JSON and back.
//!
//! [`Wire`] stands beside serde's traits rather than on them, because what a type of serde's own does cannot be
//! changed: `f64` would go out as `3.0`, and `i64` would refuse it. Everything is generic over serde's formats, and
//! streams: text becomes values without a detour, except where a union must be seen whole to be told apart.

mod containers;
pub mod content;
pub mod fit;
mod keys;
pub mod object;
mod scalars;
pub mod string_enum;
pub mod union;
pub mod writer;

use std::marker::PhantomData;

use content::Content;
use fit::{Extra, Fit, Rule};
use keys::{Keys, Seen};
use object::{Object, ObjectVisitor};
use serde_core::de::{Deserialize, DeserializeSeed, Deserializer, Error as _, MapAccess};
use serde_core::ser::{Serialize, SerializeMap, Serializer};
use writer::{ObjectWriter, Tag, write_object};

/// A type that travels.
///
/// What stands here as default is right for objects, of which there are many: a type that is one lists its properties,
/// and everything else is done here, once for all of them. What is no object says so, and gives [`write`](Wire::write)
/// and [`read`](Wire::read).
pub trait Wire: Sized {
    /// Whether values are always objects, whose properties [`KEYS`](Wire::KEYS) names.
    const OBJECT: bool = true;
    /// The properties, in document order.
    const KEYS: &'static [&'static str] = &[];
    /// What is said of each of [`KEYS`](Wire::KEYS). A table of its own, so that only types that stand in a union told
    /// by shape pay for it.
    const RULES: &'static [Rule] = &[];
    /// Those of [`KEYS`](Wire::KEYS) that must be there.
    const REQUIRED: Keys = Keys::required(Self::RULES);
    /// What other properties must be.
    const EXTRA: Extra = None;
    /// Whether null is a value of this type, and so not the absence of one.
    const NULL: bool = false;

    /// Writes the value.
    #[inline]
    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.write_as(serializer, None)
    }

    /// Writes the value as the variant of a union that `tag` says, with that tag, if it is an object without it.
    #[inline]
    fn write_as<S: Serializer>(
        &self,
        serializer: S,
        tag: Option<&Tag<'_>>,
    ) -> Result<S::Ok, S::Error> {
        if Self::OBJECT {
            write_object(self, serializer, tag)
        } else {
            self.write(serializer)
        }
    }

    /// Writes the properties.
    fn write_fields<M: SerializeMap>(&self, writer: &mut ObjectWriter<'_, M>) {
        writer.refuse();
    }

    /// What stands in the place of a value before it is read.
    fn blank() -> Self;

    /// Reads the property that has this index in [`KEYS`](Wire::KEYS), or another one, which is not kept.
    fn set<'de, A: MapAccess<'de>>(
        &mut self,
        _index: usize,
        object: &mut Object<'de, A>,
    ) -> Result<(), A::Error> {
        object.skip()
    }

    /// Reads a value.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }

    /// Reads an object whose first entries may have been read already.
    fn read_object<'de, A: MapAccess<'de>>(mut object: Object<'de, A>) -> Result<Self, A::Error> {
        if !Self::OBJECT {
            return Self::read(&object.into_content()?).map_err(A::Error::custom);
        }
        let (mut this, mut seen) = (Self::blank(), Seen::<Self>::default());
        while let Some(index) = object.key(Self::KEYS)? {
            seen.insert(index);
            this.set(index, &mut object)?;
        }
        match seen.missing() {
            None => Ok(this),
            Some(key) => Err(A::Error::missing_field(key)),
        }
    }

    /// Takes a value that is at hand; gives it back if it does not fit.
    fn from_content(content: Content<'_>) -> Result<Self, Content<'_>> {
        Self::read(&content).map_err(|_| content)
    }

    /// How well this type fits a value, looking `depth` objects and lists deep.
    fn fit(content: &Content<'_>, depth: u8) -> Fit {
        fit::fit_object(Self::KEYS, Self::RULES, Self::EXTRA, content, depth)
    }
}

/// A value, written as [`Wire`] has it.
pub struct ByWire<T>(pub T);

impl<T: Wire> Serialize for ByWire<&T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.write(serializer)
    }
}

impl<'de, T: Wire> Deserialize<'de> for ByWire<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self)
    }
}

/// Reads a `T` where serde wants a seed.
pub struct Seed<T>(pub PhantomData<T>);

impl<'de, T: Wire> DeserializeSeed<'de> for Seed<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

/// serde's traits for a type of this crate, by its [`Wire`].
macro_rules! serde_by_wire {
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
pub(crate) use serde_by_wire;
