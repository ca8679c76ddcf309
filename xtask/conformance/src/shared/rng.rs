//! A random number generator that returns the same numbers for the same seed on every platform.

use std::collections::BTreeMap;

/// The SplitMix64 generator. It is written out here so that no dependency update changes the numbers.
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    /// Returns the generator of `seed` and `salt`. A salt for each schema keeps the schemas independent of one another.
    pub(crate) fn new(seed: u64, salt: &str) -> Self {
        let state = salt
            .bytes()
            .fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        Self(state)
    }

    fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number below `limit`, or 0 if `limit` is 0.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit).unwrap_or(u64::MAX);
        self.next_u64()
            .checked_rem(limit)
            .and_then(|number| usize::try_from(number).ok())
            .unwrap_or(0)
    }

    /// Returns a random item, or `None` if there are no items.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}

/// Random choices without repetition: each decision returns all of its options, in random order, before it returns one
/// again. A few hundred instances cover every variant and every special value.
#[derive(Clone, Debug, Default)]
pub(crate) struct ShuffledChoices(BTreeMap<String, Vec<usize>>);

impl ShuffledChoices {
    /// Returns the index of the next of `count` options for the decision named `decision`.
    pub(crate) fn next_index(&mut self, rng: &mut Rng, decision: String, count: usize) -> usize {
        let remaining = self.0.entry(decision).or_default();
        if remaining.is_empty() {
            remaining.extend(0..count);
            for last in (1..remaining.len()).rev() {
                remaining.swap(last, rng.below(last + 1));
            }
        }
        // `count` may differ from the last call's for the same decision.
        remaining
            .pop()
            .map_or(0, |index| index.min(count.saturating_sub(1)))
    }
}
