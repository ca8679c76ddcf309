//! Reading objects.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::buffered::{AnyVisitor, BufferedValue, ValueHandler, read_entry};
use super::cow_str::CowStr;
use super::duplicate_keys::{check_keys, duplicate_key};
use super::{Wire, WireSeed};
use crate::error_path::error_at_key;
use crate::fixed::{Fixed, FixedSeed, Literal};
use crate::memory_budget;

/// Reads the entries of an object, one at a time.
///
/// The entries come directly from the input, except those that a union had to buffer to find its tag.
pub struct ObjectReader<'de, A> {
    map: A,
    lookahead: Lookahead<'de>,
    /// The index of the key that is expected next.
    next: usize,
    /// The current key, if it is a known one.
    known_key: Option<&'static str>,
    /// The last unknown key.
    unknown_key: String,
}

/// Entries that were read before the variant of a union asked for them.
#[derive(Default)]
struct Lookahead<'de> {
    /// Whether anything is buffered. Usually nothing is, and then the only cost is to check this flag.
    is_active: bool,
    /// The tag that selected the variant. The variant reads it again.
    tag: Option<(&'static str, Literal)>,
    /// The entries before the tag, in reverse order.
    entries: Vec<(Cow<'de, str>, BufferedValue<'de>)>,
    /// The value of the current key.
    value: Option<BufferedValue<'de>>,
    /// The key after these entries, if it was read. Its value was not.
    key: Option<Cow<'de, str>>,
    /// The key of the tag, which was read.
    tag_key: Option<&'static str>,
    /// The keys of the tags of outer unions.
    outer_tag_keys: Vec<&'static str>,
}

impl Lookahead<'_> {
    /// Checks a key behind the entries in the buffer, which have all the tags.
    fn check_differs_from_tags<E: Error>(&self, key: &str) -> Result<(), E> {
        match self.tag_key {
            Some(tag_key) if tag_key == key || self.outer_tag_keys.contains(&key) => {
                Err(duplicate_key(key))
            }
            _ => Ok(()),
        }
    }
}

impl<'de, A: MapAccess<'de>> ObjectReader<'de, A> {
    pub(super) fn new(map: A) -> Self {
        Self {
            map,
            lookahead: Lookahead::default(),
            next: 0,
            known_key: None,
            unknown_key: String::new(),
        }
    }

    /// Creates a reader of an object whose first key was read.
    pub(super) fn with_first_key(key: Option<Cow<'de, str>>, map: A) -> Self {
        let mut this = Self::new(map);
        this.lookahead.is_active = key.is_some();
        this.lookahead.key = key;
        this
    }

    /// Reads the next key that is not buffered with its value.
    fn next_unbuffered_key(&mut self) -> Result<Option<Cow<'de, str>>, A::Error> {
        match self.lookahead.key.take() {
            Some(key) => Ok(Some(key)),
            None => Ok(self.map.next_key()?.map(|CowStr(key)| key)),
        }
    }

    /// Reads the next key and returns its index in `keys`, or the length of `keys` for an unknown key.
    #[inline]
    pub fn next_key(&mut self, keys: &'static [&'static str]) -> Result<Option<usize>, A::Error> {
        let mut index = None;
        if self.lookahead.is_active {
            index = self.next_buffered_key(keys);
        }
        if index.is_none() {
            let matcher = KeyMatcher {
                keys,
                next: self.next,
                unknown_key: &mut self.unknown_key,
            };
            index = self.map.next_key_seed(matcher)?;
        }
        self.known_key = index.and_then(|index| keys.get(index)).copied();
        if let (Some(index), Some(_)) = (index, self.known_key) {
            self.next = index + 1;
        }
        Ok(index)
    }

    #[inline(never)]
    fn next_buffered_key(&mut self, keys: &'static [&'static str]) -> Option<usize> {
        let tag = self
            .lookahead
            .tag
            .take()
            .map(|(key, tag)| (key.into(), tag.into()));
        let key = match tag.or_else(|| self.lookahead.entries.pop()) {
            Some((key, value)) => {
                self.lookahead.value = Some(value);
                key
            }
            None => {
                self.lookahead.is_active = false;
                self.lookahead.key.take()?
            }
        };
        let matcher = KeyMatcher {
            keys,
            next: self.next,
            unknown_key: &mut self.unknown_key,
        };
        Some(matcher.find_index(&key))
    }

    /// Reads the value of the current key into `slot`.
    pub fn read_into<T: Wire>(&mut self, slot: &mut T) -> Result<(), A::Error> {
        match self.read_value() {
            Ok(value) => {
                *slot = value;
                Ok(())
            }
            Err(error) => Err(self.prepend_current_key(&error)),
        }
    }

    /// Reads the value of the current key, which should be `expected`, into `slot`.
    pub fn read_fixed_into(&mut self, slot: &mut Fixed, expected: Literal) -> Result<(), A::Error> {
        let seed = FixedSeed(expected);
        let value = match self.take_buffered_value() {
            None => self.map.next_value_seed(seed),
            Some(value) => seed.deserialize(&value).map_err(A::Error::custom),
        };
        *slot = value.map_err(|error| self.prepend_current_key(&error))?;
        Ok(())
    }

    #[inline]
    fn read_value<T: Wire>(&mut self) -> Result<T, A::Error> {
        match self.take_buffered_value() {
            None => self.map.next_value_seed(WireSeed(PhantomData)),
            Some(value) => T::read(&value).map_err(A::Error::custom),
        }
    }

    #[inline]
    fn take_buffered_value(&mut self) -> Option<BufferedValue<'de>> {
        if self.lookahead.is_active {
            self.lookahead.value.take()
        } else {
            None
        }
    }

    /// Reads the current entry, whose key is unknown, into `extra`.
    pub fn read_extra_into<T: Wire>(
        &mut self,
        extra: &mut BTreeMap<String, T>,
    ) -> Result<(), A::Error> {
        let value = memory_budget::charge_entry::<String, T, _>(extra.len())
            .and_then(|()| self.read_value())
            .map_err(|error| self.prepend_current_key(&error))?;
        match extra.entry(std::mem::take(&mut self.unknown_key)) {
            Entry::Vacant(entry) => {
                entry.insert(value);
                Ok(())
            }
            Entry::Occupied(entry) => Err(duplicate_key(entry.key())),
        }
    }

    /// Skips the value of the current key.
    pub fn skip_value(&mut self) -> Result<(), A::Error> {
        if self.take_buffered_value().is_some() {
            return Ok(());
        }
        self.lookahead.check_differs_from_tags(&self.unknown_key)?;
        self.map
            .next_value::<IgnoredAny>()
            .map(drop)
            .map_err(|error| self.prepend_current_key(&error))
    }

    /// Buffers the remaining entries.
    pub fn into_buffered(mut self) -> Result<BufferedValue<'de>, A::Error> {
        let mut entries = Vec::new();
        if let Some((key, tag)) = self.lookahead.tag.take() {
            entries.push((key.into(), tag.into()));
        }
        entries.extend(
            std::mem::take(&mut self.lookahead.entries)
                .into_iter()
                .rev(),
        );
        while let Some(key) = self.next_unbuffered_key()? {
            read_entry(key, &mut self.map, &mut entries)?;
        }
        check_keys(&entries)?;
        Ok(BufferedValue::Map(entries))
    }

    /// Finds the tag `key` of a union and returns the index of its value in `tags`, or the length of `tags` if the tag
    /// is missing or unknown.
    ///
    /// Buffers the entries up to the tag and no further. Must be called before [`next_key`](ObjectReader::next_key).
    pub fn find_tag(
        &mut self,
        key: &'static str,
        tags: &'static [Literal],
    ) -> Result<usize, A::Error> {
        // For this union, the tag of an outer union is an ordinary entry.
        if let Some((outer, tag)) = self.lookahead.tag.take() {
            self.lookahead.entries.push((outer.into(), tag.into()));
        }
        if let Some(outer) = self.lookahead.tag_key.take() {
            self.lookahead.outer_tag_keys.push(outer);
        }
        self.lookahead.is_active = true;
        self.lookahead.entries.reverse();
        let index = self.buffer_until_tag(key, tags);
        self.lookahead.entries.reverse();
        self.lookahead.tag_key = Some(key);
        index.map(|index| index.unwrap_or(tags.len()))
    }

    fn buffer_until_tag(
        &mut self,
        key: &'static str,
        tags: &'static [Literal],
    ) -> Result<Option<usize>, A::Error> {
        let mut buffered = self
            .lookahead
            .entries
            .iter()
            .filter(|(name, _)| name == key);
        match (buffered.next(), buffered.next()) {
            (Some(_), Some(_)) => return Err(duplicate_key(key)),
            (Some((_, tag)), None) => return Ok(tag_index(tags, tag)),
            (None, _) => {}
        }
        while let Some(name) = self.next_unbuffered_key()? {
            if name != key {
                if self.lookahead.outer_tag_keys.contains(&&*name) {
                    return Err(duplicate_key(&name));
                }
                read_entry(name, &mut self.map, &mut self.lookahead.entries)?;
                continue;
            }
            let tag = self.map.next_value_seed(AnyVisitor(TagHandler(tags)));
            return Ok(match tag.map_err(|error| error_at_key(key, &error))? {
                Ok(index) => {
                    self.lookahead.tag = tags.get(index).map(|tag| (key, *tag));
                    Some(index)
                }
                Err(other) => {
                    self.lookahead.entries.push((name, other));
                    None
                }
            });
        }
        Ok(None)
    }

    /// Returns the error for the current key, which was read before.
    #[cold]
    pub(super) fn fail_duplicate_key(&self) -> A::Error {
        duplicate_key(self.known_key.unwrap_or(&self.unknown_key))
    }

    /// Prepends the current key to the path of `error`.
    #[cold]
    fn prepend_current_key(&self, error: &A::Error) -> A::Error {
        error_at_key(self.known_key.unwrap_or(&self.unknown_key), error)
    }
}

fn tag_index(tags: &[Literal], tag: &BufferedValue<'_>) -> Option<usize> {
    tags.iter().position(|known| known.matches(tag))
}

/// Reads a key and finds its index in `keys`. Stores an unknown key.
struct KeyMatcher<'a> {
    keys: &'static [&'static str],
    next: usize,
    unknown_key: &'a mut String,
}

impl KeyMatcher<'_> {
    /// Returns the index of `key`. Most servers send keys in document order, so the next key is tried first.
    #[inline]
    fn find_index(self, key: &str) -> usize {
        if self.keys.get(self.next).is_some_and(|known| *known == key) {
            self.next
        } else {
            self.search(key)
        }
    }

    #[inline(never)]
    fn search(self, key: &str) -> usize {
        // Some servers send the properties in reverse document order.
        let previous = match self.next.checked_sub(2) {
            Some(previous) => previous,
            None => self.keys.len().saturating_sub(1),
        };
        if self.keys.get(previous).is_some_and(|known| *known == key) {
            return previous;
        }
        // Optional keys may be absent, so the key is more likely after the expected one than before it.
        let (before, after) = self
            .keys
            .split_at_checked(self.next)
            .unwrap_or((self.keys, &[]));
        let index_after = after
            .iter()
            .position(|known| *known == key)
            .map(|index| before.len() + index);
        index_after
            .or_else(|| before.iter().position(|known| *known == key))
            .unwrap_or_else(|| {
                self.unknown_key.clear();
                self.unknown_key.push_str(key);
                self.keys.len()
            })
    }
}

impl<'de> DeserializeSeed<'de> for KeyMatcher<'_> {
    type Value = usize;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for KeyMatcher<'_> {
    type Value = usize;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a property name")
    }

    #[inline]
    fn visit_str<E: Error>(self, key: &str) -> Result<usize, E> {
        Ok(self.find_index(key))
    }
}

/// Reads the value of a tag: the index of a known tag, or else the value.
struct TagHandler(&'static [Literal]);

impl<'de> ValueHandler<'de> for TagHandler {
    type Output = Result<usize, BufferedValue<'de>>;

    fn handle_value(self, value: BufferedValue<'de>) -> Self::Output {
        tag_index(self.0, &value).ok_or(value)
    }

    fn handle_str(self, text: &str) -> Self::Output {
        let is_tag = |known: &Literal| matches!(known, Literal::Str(known) if *known == text);
        let index = self.0.iter().position(is_tag);
        index.ok_or_else(|| BufferedValue::Str(text.to_owned().into()))
    }
}

/// Visits an object and reads a `T` from it.
pub(super) struct ObjectVisitor<T>(pub PhantomData<T>);

impl<'de, T: Wire> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read_object(ObjectReader::new(map))
    }
}
