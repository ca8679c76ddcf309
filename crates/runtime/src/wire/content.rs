//! Values that had to be read before anyone knew their type.
//!
//! Like `serde_json::Value`, but made to be read again: it borrows text where it can and keeps objects as they came, so
//! that looking ahead costs little.

use std::borrow::Cow;
use std::fmt;

use serde_core::de::value::{BorrowedStrDeserializer, MapDeserializer, SeqDeserializer};
use serde_core::de::{
    Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};
use serde_core::forward_to_deserialize_any;
use serde_json::{Error, Number, Value};

/// Under this key serde_json hands over numbers when someone has asked it for arbitrary precision.
const NUMBER: &str = "$serde_json::private::Number";

/// Any value.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "the names are those of JSON's kinds")]
pub enum Content<'de> {
    Null,
    Bool(bool),
    Number(Number),
    Str(Cow<'de, str>),
    List(Vec<Content<'de>>),
    Map(Vec<(Cow<'de, str>, Content<'de>)>),
}

impl<'de> Content<'de> {
    /// An object, or the number that it stands for.
    pub(crate) fn object(entries: Vec<(Cow<'de, str>, Content<'de>)>) -> Self {
        if let [(key, Self::Str(text))] = entries.as_slice() {
            if key == NUMBER {
                if let Ok(number) = serde_json::from_str(text) {
                    return Self::Number(number);
                }
            }
        }
        Self::Map(entries)
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_number(&self) -> Option<&Number> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    pub(crate) fn as_list(&self) -> Option<&[Content<'de>]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn as_map(&self) -> Option<&[(Cow<'de, str>, Content<'de>)]> {
        match self {
            Self::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value for good.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Bool(value) => value.into(),
            Self::Number(number) => number.into(),
            Self::Str(text) => text.into_owned().into(),
            Self::List(items) => items.into_iter().map(Self::into_value).collect(),
            Self::Map(entries) => entries
                .into_iter()
                .map(|(key, value)| (key.into_owned(), value.into_value()))
                .collect(),
        }
    }
}

/// The value of `key`: the last one, as serde_json has it.
pub(crate) fn get<'a, 'de>(
    entries: &'a [(Cow<'de, str>, Content<'de>)],
    key: &str,
) -> Option<&'a Content<'de>> {
    entries
        .iter()
        .rev()
        .find(|(name, _)| name == key)
        .map(|(_, value)| value)
}

impl<'de> Deserialize<'de> for Content<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Any(Keep))
    }
}

/// What to do with a value, by its kind. Whatever is not handled becomes a [`Content`].
pub(crate) trait Handler<'de>: Sized {
    type Out;

    fn other(self, content: Content<'de>) -> Self::Out;

    fn str(self, text: &str) -> Self::Out {
        self.other(Content::Str(text.to_owned().into()))
    }

    fn borrowed(self, text: &'de str) -> Self::Out {
        self.str(text)
    }

    fn map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Out, A::Error> {
        collect(map).map(|content| self.other(content))
    }
}

struct Keep;

impl<'de> Handler<'de> for Keep {
    type Out = Content<'de>;

    fn other(self, content: Content<'de>) -> Content<'de> {
        content
    }

    fn borrowed(self, text: &'de str) -> Content<'de> {
        Content::Str(text.into())
    }
}

fn collect<'de, A: MapAccess<'de>>(mut map: A) -> Result<Content<'de>, A::Error> {
    let mut entries = Vec::new();
    while let Some(Text(key)) = map.next_key()? {
        entries.push((key, map.next_value()?));
    }
    Ok(Content::object(entries))
}

/// Reads a value into a [`Handler`].
pub(crate) struct Any<H>(pub H);

impl<'de, H: Handler<'de>> DeserializeSeed<'de> for Any<H> {
    type Value = H::Out;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<H::Out, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, H: Handler<'de>> Visitor<'de> for Any<H> {
    type Value = H::Out;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<H::Out, E> {
        Ok(self.0.other(Content::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<H::Out, E> {
        Ok(self.0.other(Content::Number(value.into())))
    }

    fn visit_u64<E>(self, value: u64) -> Result<H::Out, E> {
        Ok(self.0.other(Content::Number(value.into())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<H::Out, E> {
        Ok(self
            .0
            .other(Number::from_f64(value).map_or(Content::Null, Content::Number)))
    }

    fn visit_str<E>(self, text: &str) -> Result<H::Out, E> {
        Ok(self.0.str(text))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<H::Out, E> {
        Ok(self.0.borrowed(text))
    }

    fn visit_unit<E>(self) -> Result<H::Out, E> {
        Ok(self.0.other(Content::Null))
    }

    fn visit_none<E>(self) -> Result<H::Out, E> {
        Ok(self.0.other(Content::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<H::Out, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<H::Out, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<H::Out, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(self.0.other(Content::List(items)))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<H::Out, A::Error> {
        self.0.map(map)
    }
}

/// Text, borrowed if possible.
pub(crate) struct Text<'de>(pub Cow<'de, str>);

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor).map(Self)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string")
    }

    fn visit_str<E>(self, text: &str) -> Result<Cow<'de, str>, E> {
        Ok(text.to_owned().into())
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Cow<'de, str>, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Cow<'de, str>, E> {
        Ok(text.into())
    }
}

impl<'a> Deserializer<'a> for &'a Content<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Content::Null => visitor.visit_unit(),
            Content::Bool(value) => visitor.visit_bool(*value),
            Content::Number(number) => number.deserialize_any(visitor),
            Content::Str(text) => visitor.visit_borrowed_str(text),
            Content::List(items) => {
                let mut items = SeqDeserializer::new(items.iter());
                let value = visitor.visit_seq(&mut items)?;
                items.end().map(|()| value)
            }
            Content::Map(entries) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| (BorrowedStrDeserializer::new(key), value));
                let mut entries = MapDeserializer::new(entries);
                let value = visitor.visit_map(&mut entries)?;
                entries.end().map(|()| value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        <V: Visitor<'a>>
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier ignored_any
    }
}

impl<'a> IntoDeserializer<'a, Error> for &'a Content<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
