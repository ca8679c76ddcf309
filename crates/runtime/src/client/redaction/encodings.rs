//! Finds a secret in a text that uses any encodings for its bytes.

use zeroize::Zeroizing;

use crate::bytes::encode_base64;

/// The number of `%25` or of backslashes that may precede an escape: encoding twice escapes the escape.
const MAX_NESTING: usize = 16;

/// The bytes that a part of a text represents, and the length of the part.
struct Unit {
    bytes: [u8; 4],
    count: usize,
    length: usize,
}

impl Unit {
    const fn byte(byte: u8, length: usize) -> Self {
        Self {
            bytes: [byte, 0, 0, 0],
            count: 1,
            length,
        }
    }

    fn character(code: u32, length: usize) -> Option<Self> {
        let mut bytes = [0; 4];
        let count = char::from_u32(code)?.encode_utf8(&mut bytes).len();
        Some(Self {
            bytes,
            count,
            length,
        })
    }
}

/// Returns the number of leading bytes of `secret` that the start of `text` represents, and the length of that start.
/// `is_same` compares a byte of the secret with one of the text.
pub(super) fn match_prefix(
    secret: &[u8],
    text: &[u8],
    is_same: fn(u8, u8) -> bool,
) -> (usize, usize) {
    let mut longest = (0, 0);
    // A part of the text may be literal or an escape, so several positions are followed.
    let mut states = vec![(0, 0)];
    let mut next = 0;
    while let Some(&(matched, position)) = states.get(next) {
        next += 1;
        if (matched, position) > longest {
            longest = (matched, position);
        }
        let (Some(expected), Some(rest)) = (secret.get(matched..), text.get(position..)) else {
            continue;
        };
        for unit in units(rest) {
            let bytes = unit.bytes.iter().take(unit.count);
            let is_match = expected.len() >= unit.count
                && bytes
                    .zip(expected)
                    .all(|(byte, expected)| is_same(*expected, *byte));
            let state = (matched + unit.count, position + unit.length);
            if is_match && !states.contains(&state) {
                states.push(state);
            }
        }
    }
    longest
}

/// Returns what the start of `text` may represent.
fn units(text: &[u8]) -> Vec<Unit> {
    let Some(&first) = text.first() else {
        return Vec::new();
    };
    let mut units = vec![Unit::byte(first, 1)];
    match first {
        b'%' => add_percent_encoded(text, &mut units),
        b'\\' => add_backslash_escapes(text, &mut units),
        b'&' => units.extend(character_reference(text)),
        b'+' => units.push(Unit::byte(b' ', 1)),
        _ => {}
    }
    units
}

/// `%2F`, also encoded again: `%252F`.
fn add_percent_encoded(text: &[u8], units: &mut Vec<Unit>) {
    for nesting in 0..MAX_NESTING {
        let start = 1 + 2 * nesting;
        let Some(digits) = text.get(start..start + 2) else {
            return;
        };
        let byte = hex_number(digits).and_then(|byte| u8::try_from(byte).ok());
        units.extend(byte.map(|byte| Unit::byte(byte, start + 2)));
        if digits != b"25" {
            return;
        }
    }
}

/// `\/`, `\x2f`, `\u002f`, `\u{2f}`, also with escaped backslashes. A backslash itself may be one escape or several.
fn add_backslash_escapes(text: &[u8], units: &mut Vec<Unit>) {
    let run = text.iter().take(MAX_NESTING);
    let count = run.take_while(|byte| **byte == b'\\').count();
    let escaped = [2, 4, 8, 16].into_iter().filter(|length| *length <= count);
    units.extend(escaped.map(|length| Unit::byte(b'\\', length)));
    let rest = text.get(count..).unwrap_or_default();
    units.extend(match rest {
        [b'u', b'{', digits @ ..] => braced_number(digits)
            .and_then(|(code, length)| Unit::character(code, count + 2 + length)),
        [b'u', digits @ ..] => utf16_escape(digits)
            .and_then(|(code, length)| Unit::character(code, count + 1 + length)),
        [b'x', digits @ ..] => (digits.get(..2))
            .and_then(hex_number)
            .and_then(|code| Unit::character(code, count + 3)),
        [byte, ..] => Some(Unit::byte(*byte, count + 1)),
        [] => None,
    });
}

/// The digits after `\u`, and those of a second escape for a character beyond 16 bits.
fn utf16_escape(digits: &[u8]) -> Option<(u32, usize)> {
    let first = digits.get(..4).and_then(hex_number)?;
    if !(0xd800..0xdc00).contains(&first) {
        return Some((first, 4));
    }
    let rest = digits.get(4..)?;
    let backslashes = rest.iter().take_while(|byte| **byte == b'\\').count();
    let digits = rest.get(backslashes..)?.strip_prefix(b"u")?;
    let second = digits.get(..4).and_then(hex_number)?;
    let low = second.checked_sub(0xdc00)?;
    Some((
        0x10000 + ((first - 0xd800) << 10) + low,
        4 + backslashes + 5,
    ))
}

fn braced_number(text: &[u8]) -> Option<(u32, usize)> {
    let length = text.iter().take(9).position(|byte| *byte == b'}')?;
    Some((hex_number(text.get(..length)?)?, length + 1))
}

/// `&amp;`, `&#38;`, `&#x26;`.
fn character_reference(text: &[u8]) -> Option<Unit> {
    let length = text.iter().take(12).position(|byte| *byte == b';')? + 1;
    let code = match text.get(1..length - 1)? {
        b"amp" => u32::from(b'&'),
        b"lt" => u32::from(b'<'),
        b"gt" => u32::from(b'>'),
        b"quot" => u32::from(b'"'),
        b"apos" => u32::from(b'\''),
        [b'#', b'x' | b'X', digits @ ..] => hex_number(digits)?,
        [b'#', digits @ ..] => std::str::from_utf8(digits).ok()?.parse().ok()?,
        _ => return None,
    };
    Unit::character(code, length)
}

fn hex_number(digits: &[u8]) -> Option<u32> {
    let is_hex = !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
    let text = std::str::from_utf8(digits).ok().filter(|_| is_hex)?;
    u32::from_str_radix(text, 16).ok()
}

/// Returns the Base64 digits of `secret` that do not depend on the bytes after it, where `offset` bytes (0 to 2, modulo
/// 3) come before it.
pub(super) fn inner_base64(secret: &[u8], offset: usize) -> String {
    let shifted = Zeroizing::new([&[0; 2][..offset.min(2)], secret].concat());
    let complete = shifted.len() * 8 / 6;
    let first = offset * 8_usize.div_ceil(6) - usize::from(offset == 2);
    let digits = Zeroizing::new(encode_base64(&shifted));
    digits.get(first..complete).unwrap_or_default().to_owned()
}
