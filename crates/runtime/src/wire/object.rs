//! Reading objects.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde_core::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::content::{Any, Content, Handler, Text};
use super::{Seed, Wire};
use crate::fixed::{Fixed, FixedSeed, Literal};
use crate::path;

/// An object half read.
///
/// Its entries come from a format as it is read, but for those that a union had to look at to find its tag.
pub struct Object<'de, A> {
    map: A,
    ahead: Ahead<'de>,
    /// The index of the key that is to be expected.
    next: usize,
    /// The current key, if it is a known one, and the name of the latest that is not.
    known: Option<&'static str>,
    name: String,
}

/// What was read before its turn.
#[derive(Default)]
struct Ahead<'de> {
    /// Whether there is anything here. Most often there is not, and a look at this flag is all that it costs.
    any: bool,
    /// The tag by which a union chose, to be read again by the variant.
    tag: Option<(&'static str, &'static str)>,
    /// What stood before the tag, the first entry last.
    before: Vec<(Cow<'de, str>, Content<'de>)>,
    /// The value of the current key.
    held: Option<Content<'de>>,
}

impl<'de, A: MapAccess<'de>> Object<'de, A> {
    pub(super) fn new(map: A) -> Self {
        Self {
            map,
            ahead: Ahead::default(),
            next: 0,
            known: None,
            name: String::new(),
        }
    }

    /// The index in `keys` of the next key; the length of `keys` for one that is not among them.
    #[inline]
    pub fn key(&mut self, keys: &'static [&'static str]) -> Result<Option<usize>, A::Error> {
        let mut index = None;
        if self.ahead.any {
            index = self.key_ahead(keys);
        }
        if index.is_none() {
            let seed = KeySeed {
                keys,
                next: self.next,
                name: &mut self.name,
            };
            index = self.map.next_key_seed(seed)?;
        }
        self.known = index.and_then(|index| keys.get(index)).copied();
        if let (Some(index), Some(_)) = (index, self.known) {
            self.next = index + 1;
        }
        Ok(index)
    }

    #[inline(never)]
    fn key_ahead(&mut self, keys: &'static [&'static str]) -> Option<usize> {
        let tag = self
            .ahead
            .tag
            .take()
            .map(|(key, tag)| (key.into(), Content::Str(tag.into())));
        let entry = tag.or_else(|| self.ahead.before.pop());
        self.ahead.any = entry.is_some();
        let (key, value) = entry?;
        self.ahead.held = Some(value);
        Some(
            KeySeed {
                keys,
                next: self.next,
                name: &mut self.name,
            }
            .compare(&key),
        )
    }

    /// Puts the value of the current key into `slot`.
    pub fn set<T: Wire>(&mut self, slot: &mut T) -> Result<(), A::Error> {
        match self.value() {
            Ok(value) => {
                *slot = value;
                Ok(())
            }
            Err(error) => Err(self.place(&error)),
        }
    }

    /// Puts the value of the current key, which ought to be `expected`, into `slot`.
    pub fn set_fixed(&mut self, slot: &mut Fixed, expected: Literal) -> Result<(), A::Error> {
        let seed = FixedSeed(expected);
        let value = match self.held() {
            None => self.map.next_value_seed(seed),
            Some(content) => seed.deserialize(&content).map_err(A::Error::custom),
        };
        *slot = value.map_err(|error| self.place(&error))?;
        Ok(())
    }

    #[inline]
    fn value<T: Wire>(&mut self) -> Result<T, A::Error> {
        match self.held() {
            None => self.map.next_value_seed(Seed(PhantomData)),
            Some(content) => T::read(&content).map_err(A::Error::custom),
        }
    }

    #[inline]
    fn held(&mut self) -> Option<Content<'de>> {
        if self.ahead.any {
            self.ahead.held.take()
        } else {
            None
        }
    }

    /// Keeps the current entry, whose key is not a known one.
    pub fn extra<T: Wire>(&mut self, extra: &mut BTreeMap<String, T>) -> Result<(), A::Error> {
        let value = self.value().map_err(|error| self.place(&error))?;
        extra.insert(std::mem::take(&mut self.name), value);
        Ok(())
    }

    /// Leaves out the value of the current key.
    pub fn skip(&mut self) -> Result<(), A::Error> {
        if self.held().is_some() {
            return Ok(());
        }
        self.map
            .next_value::<IgnoredAny>()
            .map(drop)
            .map_err(|error| self.place(&error))
    }

    /// The entries that are left.
    pub fn into_content(mut self) -> Result<Content<'de>, A::Error> {
        let mut entries = Vec::new();
        if let Some((key, tag)) = self.ahead.tag {
            entries.push((key.into(), Content::Str(tag.into())));
        }
        entries.extend(self.ahead.before.into_iter().rev());
        while let Some(Text(key)) = self.map.next_key()? {
            let value = self.map.next_value().map_err(|error| place(&key, &error))?;
            entries.push((key, value));
        }
        Ok(Content::object(entries))
    }

    /// The index in `tags` of the value of `key`; the length of `tags` if it is not among them, or there is none.
    ///
    /// Reads no further than the tag. Called before the first [`key`](Object::key).
    pub fn tag(
        &mut self,
        key: &'static str,
        tags: &'static [&'static str],
    ) -> Result<usize, A::Error> {
        // The tag of a union around this one is an entry like any other now.
        if let Some((outer, tag)) = self.ahead.tag.take() {
            self.ahead
                .before
                .push((outer.into(), Content::Str(tag.into())));
        }
        self.ahead.any = true;
        self.ahead.before.reverse();
        let index = self.find_tag(key, tags);
        self.ahead.before.reverse();
        index.map(|index| index.unwrap_or(tags.len()))
    }

    fn find_tag(
        &mut self,
        key: &'static str,
        tags: &'static [&'static str],
    ) -> Result<Option<usize>, A::Error> {
        if let Some((_, tag)) = self.ahead.before.iter().find(|(name, _)| name == key) {
            return Ok(tag.as_str().and_then(|tag| position(tags, tag)));
        }
        while let Some(Text(name)) = self.map.next_key()? {
            if name != key {
                let value = self
                    .map
                    .next_value()
                    .map_err(|error| place(&name, &error))?;
                self.ahead.before.push((name, value));
                continue;
            }
            let tag = self.map.next_value_seed(Any(TagSeed(tags)));
            return Ok(match tag.map_err(|error| place(key, &error))? {
                Ok(index) => {
                    self.ahead.tag = tags.get(index).map(|tag| (key, *tag));
                    Some(index)
                }
                Err(other) => {
                    self.ahead.before.push((name, other));
                    None
                }
            });
        }
        Ok(None)
    }

    #[cold]
    fn place(&self, error: &A::Error) -> A::Error {
        place(self.known.unwrap_or(&self.name), error)
    }
}

fn place<E: Error>(key: &str, error: &E) -> E {
    E::custom(path::under_key(key, error))
}

fn position(tags: &[&str], tag: &str) -> Option<usize> {
    tags.iter().position(|known| *known == tag)
}

struct KeySeed<'a> {
    keys: &'static [&'static str],
    next: usize,
    name: &'a mut String,
}

impl KeySeed<'_> {
    /// Most servers send keys in the order of their document, so the first guess is most often right.
    #[inline]
    fn compare(self, key: &str) -> usize {
        if self.keys.get(self.next).is_some_and(|known| *known == key) {
            self.next
        } else {
            self.search(key)
        }
    }

    #[inline(never)]
    fn search(self, key: &str) -> usize {
        // Some documents list properties the other way round than their servers send them.
        let other_way = match self.next.checked_sub(2) {
            Some(before) => before,
            None => self.keys.len().saturating_sub(1),
        };
        if self.keys.get(other_way).is_some_and(|known| *known == key) {
            return other_way;
        }
        // Keys that may be absent are passed over, so what is looked for stands further on rather than before.
        let (before, after) = self
            .keys
            .split_at_checked(self.next)
            .unwrap_or((self.keys, &[]));
        let ahead = after
            .iter()
            .position(|known| *known == key)
            .map(|index| before.len() + index);
        ahead
            .or_else(|| before.iter().position(|known| *known == key))
            .unwrap_or_else(|| {
                self.name.clear();
                self.name.push_str(key);
                self.keys.len()
            })
    }
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = usize;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = usize;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a property")
    }

    #[inline]
    fn visit_str<E: Error>(self, key: &str) -> Result<usize, E> {
        Ok(self.compare(key))
    }
}

/// Reads the value of a tag: its index, or what else it is.
struct TagSeed(&'static [&'static str]);

impl<'de> Handler<'de> for TagSeed {
    type Out = Result<usize, Content<'de>>;

    fn other(self, content: Content<'de>) -> Self::Out {
        Err(content)
    }

    fn str(self, text: &str) -> Self::Out {
        position(self.0, text).ok_or_else(|| Content::Str(text.to_owned().into()))
    }
}

/// Reads a type that is an object.
pub(super) struct ObjectVisitor<T>(pub PhantomData<T>);

impl<'de, T: Wire> Visitor<'de> for ObjectVisitor<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::read_object(Object::new(map))
    }
}
