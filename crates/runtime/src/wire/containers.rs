//! [`Wire`] for lists, maps, `Box`, `Option` and `Patch`.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_core::ser::{SerializeMap, SerializeSeq, Serializer};

use super::buffered::BufferedValue;
use super::match_score::{KEPT_SCORE, MatchScore, Matcher};
use super::object_reader::ObjectReader;
use super::object_writer::{ObjectWriter, VariantTag};
use super::{SerdeAdapter, Wire, WireSeed};
use crate::error_path;
use crate::memory_budget;
use crate::patch::Patch;

/// Maximum capacity that is reserved from a size hint: the hint may come from untrusted input.
const MAX_INITIAL_CAPACITY: usize = 4096;

impl<T: Wire> Wire for Vec<T> {
    const IS_OBJECT: bool = false;

    fn placeholder() -> Self {
        Self::new()
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.len()))?;
        for (index, item) in self.iter().enumerate() {
            list.serialize_element(&SerdeAdapter(item))
                .map_err(|error| prepend_index(index, error))?;
        }
        list.end()
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }

    fn match_score(value: &BufferedValue<'_>, matcher: &mut Matcher) -> MatchScore {
        let items = value.as_list()?;
        if matcher.is_exhausted() {
            return Some(1);
        }
        items.iter().try_fold(1_u32, |score, item| {
            Some(score.saturating_add(matcher.score_part(T::match_score, item)?))
        })
    }
}

/// Prepends `index` to the path of an error that has one.
pub(super) fn prepend_index<E: serde_core::ser::Error>(index: usize, error: E) -> E {
    if error_path::has_path(&error.to_string()) {
        E::custom(error_path::prepend_index(index, &error))
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
        let mut items = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(MAX_INITIAL_CAPACITY));
        loop {
            let item = seq.next_element_seed(WireSeed(PhantomData));
            match item.and_then(|item| memory_budget::charge(size_of::<T>()).map(|()| item)) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Ok(items),
                Err(error) => return Err(error_path::error_at_index(items.len(), &error)),
            }
        }
    }
}

impl<T: Wire> Wire for BTreeMap<String, T> {
    fn placeholder() -> Self {
        Self::new()
    }

    fn write_fields<M: SerializeMap>(&self, writer: &mut ObjectWriter<'_, M>) {
        writer.write_extra(self);
    }

    fn read_field<'de, A: MapAccess<'de>>(
        &mut self,
        _index: usize,
        object: &mut ObjectReader<'de, A>,
    ) -> Result<(), A::Error> {
        object.read_extra_into(self)
    }

    fn match_score(value: &BufferedValue<'_>, matcher: &mut Matcher) -> MatchScore {
        let entries = value.as_map()?;
        if matcher.is_exhausted() {
            return Some(1);
        }
        entries.iter().try_fold(1_u32, |score, (_, entry)| {
            let part = matcher.score_part(T::match_score, entry)?;
            Some(score.saturating_add(KEPT_SCORE + part))
        })
    }
}

impl<T: Wire> Wire for Box<T> {
    const IS_OBJECT: bool = T::IS_OBJECT;
    const KEYS: &'static [&'static str] = T::KEYS;
    const ACCEPTS_NULL: bool = T::ACCEPTS_NULL;

    fn placeholder() -> Self {
        Self::new(T::placeholder())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (**self).write(serializer)
    }

    fn write_tagged<S: Serializer>(
        &self,
        serializer: S,
        tag: Option<&VariantTag<'_>>,
    ) -> Result<S::Ok, S::Error> {
        (**self).write_tagged(serializer, tag)
    }

    fn write_fields<M: SerializeMap>(&self, writer: &mut ObjectWriter<'_, M>) {
        (**self).write_fields(writer);
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        memory_budget::charge(size_of::<T>())?;
        T::read(deserializer).map(Self::new)
    }

    fn read_object<'de, A: MapAccess<'de>>(object: ObjectReader<'de, A>) -> Result<Self, A::Error> {
        memory_budget::charge(size_of::<T>())?;
        T::read_object(object).map(Self::new)
    }

    fn from_buffered(value: BufferedValue<'_>) -> Result<Self, BufferedValue<'_>> {
        T::from_buffered(value).map(Self::new)
    }

    fn match_score(value: &BufferedValue<'_>, matcher: &mut Matcher) -> MatchScore {
        T::match_score(value, matcher)
    }
}

impl<T: Wire> Wire for Option<T> {
    const IS_OBJECT: bool = false;
    const ACCEPTS_NULL: bool = true;

    fn placeholder() -> Self {
        None
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => value.write(serializer),
            None => serializer.serialize_unit(),
        }
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // If null is a value of `T`, `None` only means that the property is absent.
        if T::ACCEPTS_NULL {
            T::read(deserializer).map(Some)
        } else {
            deserializer.deserialize_option(OptionVisitor(PhantomData))
        }
    }

    fn match_score(value: &BufferedValue<'_>, matcher: &mut Matcher) -> MatchScore {
        if value.is_null() {
            Some(1)
        } else {
            T::match_score(value, matcher)
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
    const IS_OBJECT: bool = false;
    const ACCEPTS_NULL: bool = true;

    fn placeholder() -> Self {
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

    fn match_score(value: &BufferedValue<'_>, matcher: &mut Matcher) -> MatchScore {
        Option::<T>::match_score(value, matcher)
    }
}
