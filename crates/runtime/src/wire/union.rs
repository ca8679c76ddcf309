//! Reading unions.

use serde_core::de::{DeserializeSeed, Deserializer, MapAccess};
use serde_json::Value;

use super::Wire;
use super::content::{Any, Content, Handler};
use super::fit::{Judge, best};
use super::object::Object;

/// Reads a tagged union: an object by its tag, anything else as `unknown`.
pub fn read_tagged<'de, T: Wire, D: Deserializer<'de>>(
    deserializer: D,
    unknown: fn(Value) -> T,
) -> Result<T, D::Error> {
    Any(Tagged(unknown)).deserialize(deserializer)
}

struct Tagged<T>(fn(Value) -> T);

impl<'de, T: Wire> Handler<'de> for Tagged<T> {
    type Out = T;

    fn other(self, content: Content<'de>) -> T {
        (self.0)(content.into_value())
    }

    fn map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read_object(Object::new(map))
    }
}

/// Reads an object whose tag is not known.
pub fn read_unknown<'de, T, A: MapAccess<'de>>(
    object: Object<'de, A>,
    unknown: fn(Value) -> T,
) -> Result<T, A::Error> {
    object
        .into_content()
        .map(|content| unknown(content.into_value()))
}

/// Reads a union told by shape: a value must be seen whole to be told apart.
pub fn read_shape<'de, T: Wire, D: Deserializer<'de>>(
    deserializer: D,
    unknown: fn(Value) -> T,
) -> Result<T, D::Error> {
    Any(Shape(unknown)).deserialize(deserializer)
}

struct Shape<T>(fn(Value) -> T);

impl<'de, T: Wire> Handler<'de> for Shape<T> {
    type Out = T;

    fn other(self, content: Content<'de>) -> T {
        T::from_content(content).unwrap_or_else(|content| (self.0)(content.into_value()))
    }

    fn str(self, text: &str) -> T {
        let content = T::from_content(Content::Str(text.into()));
        content.unwrap_or_else(|content| (self.0)(content.into_value()))
    }
}

/// Reads an object as a union told by shape.
pub fn read_shape_object<'de, T: Wire, A: MapAccess<'de>>(
    object: Object<'de, A>,
    unknown: fn(Value) -> T,
) -> Result<T, A::Error> {
    object
        .into_content()
        .map(|content| Shape(unknown).other(content))
}

/// The index of the variant that fits `content` best; how many there are, if none does.
pub fn choose(variants: &[Judge], content: &Content<'_>) -> usize {
    best(variants, content).unwrap_or(variants.len())
}
