//! Fields of protobuf messages: tags, numbers of variable length, and texts and messages with their length before them.

/// Writes the fields of messages.
#[derive(Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Writes a text or bytes. What is empty is left out, as protobuf does for fields without presence.
    pub(super) fn bytes(&mut self, field: u64, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        if !bytes.is_empty() {
            self.bytes_even_if_empty(field, bytes);
        }
    }

    /// Writes a text or bytes, for a field with presence.
    pub(super) fn bytes_even_if_empty(&mut self, field: u64, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        self.tag(field, LENGTH);
        self.varint(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    /// Writes an integer or a boolean. Negative integers are written as their two's complement.
    pub(super) fn integer(&mut self, field: u64, value: i64) {
        self.tag(field, VARINT);
        self.varint(u64::from_le_bytes(value.to_le_bytes()));
    }

    pub(super) fn fixed64(&mut self, field: u64, value: u64) {
        self.tag(field, FIXED64);
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// Writes a message. Its length is known only afterwards: one byte is kept free for it, and where it takes more, the
    /// message is moved.
    pub(super) fn message(&mut self, field: u64, write: impl FnOnce(&mut Self)) {
        self.tag(field, LENGTH);
        let start = self.0.len();
        self.0.push(0);
        write(self);
        let end = self.0.len();
        let length = (end - start - 1) as u64;
        if length < 0x80 {
            self.0[start] = length.to_le_bytes()[0];
            return;
        }
        let (length, size) = varint(length);
        self.0.resize(end + size - 1, 0);
        self.0.copy_within(start + 1..end, start + size);
        self.0[start..start + size].copy_from_slice(&length[..size]);
    }

    fn tag(&mut self, field: u64, kind: u64) {
        self.varint(field << 3 | kind);
    }

    fn varint(&mut self, value: u64) {
        // Nearly all tags and lengths have one byte.
        if value < 0x80 {
            self.0.push(value.to_le_bytes()[0]);
            return;
        }
        let (bytes, size) = varint(value);
        self.0.extend(bytes.iter().take(size));
    }
}

/// Returns the bytes of a number of variable length, and how many they are.
fn varint(mut value: u64) -> ([u8; 10], usize) {
    let mut bytes = [0; 10];
    let mut size = 0;
    for place in &mut bytes {
        let [low, ..] = value.to_le_bytes();
        value >>= 7;
        size += 1;
        if value == 0 {
            *place = low;
            break;
        }
        *place = low | 0x80;
    }
    (bytes, size)
}

const VARINT: u64 = 0;
const FIXED64: u64 = 1;
const LENGTH: u64 = 2;
const FIXED32: u64 = 5;

/// The value of a field.
pub(super) enum Field<'a> {
    Integer(u64),
    Bytes(&'a [u8]),
    /// A number of fixed size, which no field that is read here has.
    Fixed,
}

/// Reads the fields of a message, as number and value.
///
/// # Errors
/// If the bytes are not a message.
pub(super) fn read_fields(mut bytes: &[u8]) -> Result<Vec<(u64, Field<'_>)>, String> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let tag = read_varint(&mut bytes)?;
        let field = match tag & 7 {
            VARINT => Field::Integer(read_varint(&mut bytes)?),
            LENGTH => {
                let length = read_varint(&mut bytes)?;
                Field::Bytes(take(&mut bytes, length)?)
            }
            FIXED64 => take(&mut bytes, 8).map(|_| Field::Fixed)?,
            FIXED32 => take(&mut bytes, 4).map(|_| Field::Fixed)?,
            kind => return Err(format!("unknown kind of field {kind}")),
        };
        match tag >> 3 {
            0 => return Err("a field has the number 0".to_owned()),
            number => fields.push((number, field)),
        }
    }
    Ok(fields)
}

fn take<'a>(bytes: &mut &'a [u8], length: u64) -> Result<&'a [u8], String> {
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let parts = bytes.split_at_checked(length);
    let (taken, rest) = parts.ok_or("a field is longer than its message")?;
    *bytes = rest;
    Ok(taken)
}

fn read_varint(bytes: &mut &[u8]) -> Result<u64, String> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = take(bytes, 1)?.first().copied().unwrap_or_default();
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err("an integer has more than 10 bytes".to_owned())
}
