//! Chance that is the same every time.

use std::collections::BTreeMap;

/// SplitMix64: a few lines that give the same numbers with every version of everything.
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    /// `salt` keeps what happens to one schema from changing what happens to the next.
    pub(crate) fn new(seed: u64, salt: &str) -> Self {
        let mixed = salt
            .bytes()
            .fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        Self(mixed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `size`; 0 if that is 0.
    pub(crate) fn below(&mut self, size: usize) -> usize {
        let size = u64::try_from(size).unwrap_or(u64::MAX);
        self.next()
            .checked_rem(size)
            .and_then(|index| usize::try_from(index).ok())
            .unwrap_or(0)
    }

    /// One of them.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// A deck of cards for every decision at every place: all are drawn before one is drawn again, so that a few hundred
/// instances see every variant and every odd value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Decks(BTreeMap<String, Vec<usize>>);

impl Decks {
    pub(crate) fn draw(&mut self, rng: &mut Rng, place: String, size: usize) -> usize {
        let deck = self.0.entry(place).or_default();
        if deck.is_empty() {
            deck.extend(0..size);
            for last in (1..deck.len()).rev() {
                deck.swap(last, rng.below(last + 1));
            }
        }
        // The number of cards may depend on more than the place.
        deck.pop()
            .map_or(0, |card| card.min(size.saturating_sub(1)))
    }
}
