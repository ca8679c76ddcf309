//! Random values with a fixed seed.

/// A random number generator (SplitMix64).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn choose<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// Returns a text of this length.
    pub fn text(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..length).map(|_| *self.choose(&alphabet)).collect()
    }

    /// Returns a text of fewer than `end` characters.
    pub fn text_below(&mut self, alphabet: &str, end: usize) -> String {
        let length = self.below(end);
        self.text(alphabet, length)
    }

    /// Changes some bytes: removes, repeats, inserts, replaces.
    pub fn mutate(&mut self, bytes: &mut Vec<u8>, words: &[&str]) {
        for _ in 0..self.below(6) {
            let start = self.below(bytes.len() + 1);
            let end = (start + self.below(8)).min(bytes.len());
            match self.below(4) {
                0 => drop(bytes.drain(start..end)),
                1 => {
                    let part = bytes[start..end].to_vec();
                    bytes.splice(start..start, part);
                }
                2 => {
                    let word = self.choose(words).bytes();
                    bytes.splice(start..start, word);
                }
                _ => {
                    if let Some(byte) = bytes.get_mut(start) {
                        *byte = self.next() as u8;
                    }
                }
            }
        }
    }
}
