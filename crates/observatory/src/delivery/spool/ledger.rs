//! The ledger of a segment: which destination has finished with which record.
//!
//! An entry has 16 bytes, little-endian: the position of the destination in the segment's header, the offset of the record, and
//! the checksum of both.

use std::collections::HashSet;

/// The bytes of an entry.
pub(super) const ENTRY: usize = 16;

/// Returns an entry.
pub(super) fn encode(destination: u32, offset: u64) -> [u8; ENTRY] {
    let mut entry = [0; ENTRY];
    entry[..4].copy_from_slice(&destination.to_le_bytes());
    entry[4..12].copy_from_slice(&offset.to_le_bytes());
    let checksum = crc32fast::hash(&entry[..12]);
    entry[12..].copy_from_slice(&checksum.to_le_bytes());
    entry
}

/// Reads all entries with a valid checksum, as destination and offset. A record without one is delivered again.
pub(super) fn decode(bytes: &[u8]) -> HashSet<(u32, u64)> {
    bytes.chunks_exact(ENTRY).filter_map(decode_entry).collect()
}

fn decode_entry(entry: &[u8]) -> Option<(u32, u64)> {
    let destination = u32::from_le_bytes(entry[..4].try_into().ok()?);
    let offset = u64::from_le_bytes(entry[4..12].try_into().ok()?);
    (encode(destination, offset) == entry).then_some((destination, offset))
}
