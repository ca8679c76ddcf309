//! Lists, maps, and types around one other.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_core::ser::{SerializeMap, SerializeSeq, Serializer};

use super::content::Content;
use super::fit::{Fit, KEPT};
use super::object::Object;
use super::writer::{ObjectWriter, Tag};
use super::{ByWire, Seed, Wire};
use crate::patch::Patch;
use crate::path;

/// Room is made for so many items before the first is read, whatever the format says of their number.
const MAX_ROOM: usize = 4096;

impl<T: Wire> Wire for Vec<T> {
    const OBJECT: bool = false;

    fn blank() -> Self {
        Self::new()
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.len()))?;
        for (index, item) in self.iter().enumerate() {
            list.serialize_element(&ByWire(item))
                .map_err(|error| place_item(index, error))?;
        }
        list.end()
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }

    fn fit(content: &Content<'_>, depth: u8) -> Fit {
        let items = content.as_list()?;
        let Some(depth) = depth.checked_sub(1) else {
            return Some(1);
        };
        items.iter().try_fold(1_u32, |score, item| {
            Some(score.saturating_add(T::fit(item, depth)?))
        })
    }
}

fn place_item<E: serde_core::ser::Error>(index: usize, error: E) -> E {
    if path::is_placed(&error.to_string()) {
        E::custom(path::under_index(index, &error))
    } else {
        error
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Wire> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut items = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(MAX_ROOM));
        loop {
            match seq.next_element_seed(Seed(PhantomData)) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Ok(items),
                Err(error) => return Err(A::Error::custom(path::under_index(items.len(), &error))),
            }
        }
    }
}

impl<T: Wire> Wire for BTreeMap<String, T> {
    fn blank() -> Self {
        Self::new()
    }

    fn write_fields<M: SerializeMap>(&self, writer: &mut ObjectWriter<'_, M>) {
        writer.extra(self);
    }

    fn set<'de, A: MapAccess<'de>>(
        &mut self,
        _index: usize,
        object: &mut Object<'de, A>,
    ) -> Result<(), A::Error> {
        object.extra(self)
    }

    fn fit(content: &Content<'_>, depth: u8) -> Fit {
        let entries = content.as_map()?;
        let Some(depth) = depth.checked_sub(1) else {
            return Some(1);
        };
        entries.iter().try_fold(1_u32, |score, (_, entry)| {
            Some(score.saturating_add(KEPT + T::fit(entry, depth)?))
        })
    }
}

impl<T: Wire> Wire for Box<T> {
    const OBJECT: bool = T::OBJECT;
    const KEYS: &'static [&'static str] = T::KEYS;
    const NULL: bool = T::NULL;

    fn blank() -> Self {
        Self::new(T::blank())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).write(serializer)
    }

    fn write_as<S: Serializer>(
        &self,
        serializer: S,
        tag: Option<&Tag<'_>>,
    ) -> Result<S::Ok, S::Error> {
        (**self).write_as(serializer, tag)
    }

    fn write_fields<M: SerializeMap>(&self, writer: &mut ObjectWriter<'_, M>) {
        (**self).write_fields(writer);
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Self::new)
    }

    fn read_object<'de, A: MapAccess<'de>>(object: Object<'de, A>) -> Result<Self, A::Error> {
        T::read_object(object).map(Self::new)
    }

    fn from_content(content: Content<'_>) -> Result<Self, Content<'_>> {
        T::from_content(content).map(Self::new)
    }

    fn fit(content: &Content<'_>, depth: u8) -> Fit {
        T::fit(content, depth)
    }
}

impl<T: Wire> Wire for Option<T> {
    const OBJECT: bool = false;
    const NULL: bool = true;

    fn blank() -> Self {
        None
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.write(serializer),
            None => serializer.serialize_unit(),
        }
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Where null is a value, `None` is left to mean that there is no property.
        if T::NULL {
            T::read(deserializer).map(Some)
        } else {
            deserializer.deserialize_option(OptionVisitor(PhantomData))
        }
    }

    fn fit(content: &Content<'_>, depth: u8) -> Fit {
        if content.is_null() {
            Some(1)
        } else {
            T::fit(content, depth)
        }
    }
}

struct OptionVisitor<T>(PhantomData<T>);

impl<'de, T: Wire> Visitor<'de> for OptionVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value or null")
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::read(deserializer).map(Some)
    }
}

impl<T: Wire> Wire for Patch<T> {
    const OBJECT: bool = false;
    const NULL: bool = true;

    fn blank() -> Self {
        Self::Absent
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.write(serializer),
            Self::Absent | Self::Null => serializer.serialize_unit(),
        }
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer
            .deserialize_option(OptionVisitor(PhantomData))
            .map(Self::from)
    }

    fn fit(content: &Content<'_>, depth: u8) -> Fit {
        Option::<T>::fit(content, depth)
    }
}
