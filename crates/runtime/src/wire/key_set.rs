//! The properties of an object that were read, and the required ones that are missing.

use std::collections::BTreeSet;

use super::match_score::PropertyRule;

/// A set of properties, by their index in [`Wire::KEYS`](super::Wire::KEYS).
///
/// The capacity is larger than almost any type needs, so that the set does not allocate.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeySet([u64; WORDS]);

const WORDS: usize = 4;
const BITS: usize = u64::BITS as usize;
/// The set can hold indexes below this.
const CAPACITY: usize = WORDS * BITS;

impl KeySet {
    /// Returns the set of required properties with an index below the capacity.
    pub(super) const fn required(rules: &[PropertyRule]) -> Self {
        let mut words = [0; WORDS];
        let mut index = 0;
        while index < rules.len() && index < CAPACITY {
            if rules[index].is_required() {
                words[index / BITS] |= 1 << (index % BITS);
            }
            index += 1;
        }
        Self(words)
    }

    /// Adds an index. Returns whether the set did not have it. An index beyond the capacity is always new.
    #[inline]
    fn insert(&mut self, index: usize) -> bool {
        let Some(word) = self.0.get_mut(index / BITS) else {
            return true;
        };
        let bit = 1 << (index % BITS);
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    /// Returns the lowest index that is in this set but not in `other`.
    #[inline]
    fn first_not_in(&self, other: &Self) -> Option<usize> {
        let words = self.0.iter().zip(&other.0).enumerate();
        words
            .map(|(index, (word, other))| (index, word & !other))
            .find(|(_, difference)| *difference != 0)
            .map(|(index, difference)| index * BITS + difference.trailing_zeros() as usize)
    }
}

/// The properties of an object that were read so far.
///
/// Its methods take constants and are inlined, so that the overflow costs nothing for types without one.
#[derive(Default)]
pub(super) struct SeenKeys {
    keys: KeySet,
    /// Indexes beyond the capacity of `keys`.
    overflow: BTreeSet<usize>,
}

impl SeenKeys {
    /// Adds the property with this index, of an object with `key_count` properties. Returns whether it was not read
    /// before. An index beyond the end is an unknown property, and always new.
    #[inline(always)]
    pub(super) fn insert(&mut self, index: usize, key_count: usize) -> bool {
        if index >= key_count {
            return true;
        }
        if key_count > CAPACITY && index >= CAPACITY {
            return self.overflow.insert(index);
        }
        self.keys.insert(index)
    }

    /// Returns the first required property that was not read.
    #[inline(always)]
    pub(super) fn first_missing(
        &self,
        keys: &'static [&'static str],
        required: &KeySet,
        rules: &[PropertyRule],
    ) -> Option<&'static str> {
        let mut missing = required.first_not_in(&self.keys);
        if keys.len() > CAPACITY && missing.is_none() {
            missing = self.first_missing_overflow(rules);
        }
        missing.and_then(|index| keys.get(index)).copied()
    }

    #[cold]
    fn first_missing_overflow(&self, rules: &[PropertyRule]) -> Option<usize> {
        let rules = rules.iter().enumerate().skip(CAPACITY);
        rules
            .filter(|(_, rule)| rule.is_required())
            .map(|(index, _)| index)
            .find(|index| !self.overflow.contains(index))
    }
}
