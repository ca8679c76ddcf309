//! A frame: length and checksum of its payload, each in 4 bytes, little-endian, then the payload.

/// The bytes before the payload.
pub(super) const HEADER: usize = 8;

/// Returns the frame of a payload, or `None` where it is longer than 4 GiB.
pub(super) fn encode(payload: &[u8]) -> Option<Vec<u8>> {
    let length = u32::try_from(payload.len()).ok()?;
    let mut frame = Vec::with_capacity(HEADER + payload.len());
    frame.extend_from_slice(&length.to_le_bytes());
    frame.extend_from_slice(&crc32fast::hash(payload).to_le_bytes());
    frame.extend_from_slice(payload);
    Some(frame)
}

/// What begins at an offset.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame<'a> {
    /// A whole frame.
    Payload(&'a [u8]),
    /// A frame with this length, whose payload has another checksum.
    Damaged(usize),
    /// Fewer bytes than the frame has.
    Torn,
    /// Nothing.
    End,
}

/// Reads the frame at the beginning of the bytes.
pub(super) fn decode(bytes: &[u8]) -> Frame<'_> {
    if bytes.is_empty() {
        return Frame::End;
    }
    let Some((&[a, b, c, d, e, f, g, h], rest)) = bytes.split_first_chunk::<HEADER>() else {
        return Frame::Torn;
    };
    let length = u32::from_le_bytes([a, b, c, d]) as usize;
    let checksum = u32::from_le_bytes([e, f, g, h]);
    match rest.get(..length) {
        None => Frame::Torn,
        Some(payload) if crc32fast::hash(payload) == checksum => Frame::Payload(payload),
        Some(_) => Frame::Damaged(length),
    }
}
