//! Hexadecimal digests.

/// Returns the bytes in hexadecimal, two lower-case digits each.
pub fn to_hex<'b>(bytes: impl IntoIterator<Item = &'b u8>) -> String {
    let digits = bytes.into_iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
}
