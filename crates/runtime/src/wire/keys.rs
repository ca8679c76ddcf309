//! Which properties an object has had, and which it lacks.

use std::marker::PhantomData;

use super::Wire;
use super::fit::Rule;

/// A set of properties, by their index among all that the type has.
///
/// There is room for more of them than almost any type has, so that it needs no memory of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keys([u64; WORDS]);

const WORDS: usize = 4;
const BITS: usize = u64::BITS as usize;
/// What has an index below this has a place.
const ROOM: usize = WORDS * BITS;

impl Keys {
    /// What must be there, as far as there is room.
    pub(super) const fn required(rules: &[Rule]) -> Self {
        let mut words = [0; WORDS];
        let mut index = 0;
        while index < rules.len() && index < ROOM {
            if rules[index].is_required() {
                words[index / BITS] |= 1 << (index % BITS);
            }
            index += 1;
        }
        Self(words)
    }

    #[inline]
    fn insert(&mut self, index: usize) {
        if let Some(word) = self.0.get_mut(index / BITS) {
            *word |= 1 << (index % BITS);
        }
    }

    /// The first that `others` lacks.
    #[inline]
    fn first_not_in(&self, others: &Self) -> Option<usize> {
        let words = self.0.iter().zip(&others.0).enumerate();
        words
            .map(|(index, (word, other))| (index, word & !other))
            .find(|(_, rest)| *rest != 0)
            .map(|(index, rest)| index * BITS + rest.trailing_zeros() as usize)
    }
}

/// The properties that a `T` being read has had. For a type that requires none it is nothing, and costs nothing.
pub(super) struct Seen<T> {
    keys: Keys,
    /// Those that have no place in `keys`.
    late: Vec<usize>,
    of: PhantomData<T>,
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self {
            keys: Keys::default(),
            late: Vec::new(),
            of: PhantomData,
        }
    }
}

impl<T: Wire> Seen<T> {
    #[inline]
    pub(super) fn insert(&mut self, index: usize) {
        self.keys.insert(index);
        if T::KEYS.len() > ROOM && index >= ROOM {
            self.late.push(index);
        }
    }

    /// The first that must be there and is not.
    #[inline]
    pub(super) fn missing(&self) -> Option<&'static str> {
        let mut missing = T::REQUIRED.first_not_in(&self.keys);
        if T::KEYS.len() > ROOM && missing.is_none() {
            missing = self.late_missing();
        }
        missing.and_then(|index| T::KEYS.get(index)).copied()
    }

    #[cold]
    fn late_missing(&self) -> Option<usize> {
        let late = T::RULES.iter().enumerate().skip(ROOM);
        late.filter(|(_, rule)| rule.is_required())
            .map(|(index, _)| index)
            .find(|index| !self.late.contains(index))
    }
}
