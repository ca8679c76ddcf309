//! Finds a secret in a text that uses any encodings for its bytes.

use zeroize::Zeroizing;

use crate::bytes::encode_base64;

/// The number of `%25` or of backslashes that may precede an escape: encoding twice escapes the escape.
const MAX_NESTING: usize = 16;

/// The length of the longest name of a character with `&` and `;`.
const MAX_NAME: usize = 16;

/// The length of the longest character reference, with all its nesting.
const MAX_REFERENCE: usize = MAX_NAME + 4 * MAX_NESTING;

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

/// How the bytes of a secret are compared with those of a text.
pub(super) struct Comparison {
    /// Compares a byte of the secret with one of the text.
    pub(super) is_same: fn(u8, u8) -> bool,
    /// Whether `:`, `-`, `0x` and the like may be between the bytes of the secret, as between hexadecimal digits.
    pub(super) has_separators: bool,
}

/// Returns the number of leading bytes of `secret` that the start of `text` represents, and the length of that start.
pub(super) fn match_prefix(secret: &[u8], text: &[u8], comparison: &Comparison) -> (usize, usize) {
    let mut longest = (0, 0);
    // A part of the text may be literal or an escape, so several positions are followed.
    let mut states = vec![(0, 0)];
    // A bound, so that a hostile text does not cause quadratic work.
    let max_states = secret.len() * 8 + 256;
    let mut next = 0;
    while let Some(&(matched, position)) = states.get(next).filter(|_| next < max_states) {
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
                    .all(|(byte, expected)| (comparison.is_same)(*expected, *byte));
            let state = (matched + unit.count, position + unit.length);
            if is_match && !states.contains(&state) {
                states.push(state);
            }
        }
        if matched > 0 && matched < secret.len() {
            for length in blank_lengths(rest, comparison.has_separators) {
                let state = (matched, position + length);
                if !states.contains(&state) {
                    states.push(state);
                }
            }
        }
    }
    longest
}

/// Returns the possible lengths of what is between two bytes of a secret without being one: whitespace, control
/// characters and characters without width, also escaped.
fn blank_lengths(text: &[u8], has_separators: bool) -> Vec<usize> {
    let is_blank = |unit: &Unit| match unit.bytes.get(..unit.count) {
        Some([byte]) => *byte <= b' ' || *byte == 0x7f,
        bytes => is_invisible(bytes.unwrap_or_default()),
    };
    let units = units(text).into_iter().filter(is_blank);
    let mut lengths: Vec<usize> = units.map(|unit| unit.length).collect();
    // A character of several bytes, which is not escaped.
    lengths.extend((2..=3).find(|length| text.get(..*length).is_some_and(is_invisible)));
    let separators = SEPARATORS
        .iter()
        .filter(|part| has_separators && text.starts_with(part));
    lengths.extend(separators.map(|separator| separator.len()));
    // A line that quoted-printable breaks, where the line break is escaped.
    if let Some(rest) = text
        .strip_prefix(b"=")
        .filter(|rest| !rest.starts_with(b"="))
    {
        lengths.extend(blank_lengths(rest, false).iter().map(|length| 1 + length));
    }
    lengths
}

/// What is written between bytes in hexadecimal or decimal.
const SEPARATORS: [&[u8]; 14] = [
    b":", b"-", b",", b";", b"_", b".", b"/", b"|", b"0x", b"0X", b"U+00", b"u+00", b"\\x",
    b"\\\\x",
];

/// Returns whether the bytes are those of a character without width, or of a separator of lines.
fn is_invisible(character: &[u8]) -> bool {
    let text = std::str::from_utf8(character).unwrap_or_default();
    matches!(
        text.chars().next(),
        Some(
            '\u{85}'
            | '\u{a0}'
            | '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}',
        )
    )
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
        b'&' => add_character_references(text, &mut units),
        b'+' => units.push(Unit::byte(b' ', 1)),
        // Quoted-printable (RFC 2045, section 6.7), which also breaks lines.
        b'=' => units.extend(match text {
            [_, b'\n', ..] => Some(Unit::byte(b'\n', 2)),
            [_, b'\r', b'\n', ..] => Some(Unit::byte(b'\n', 3)),
            _ => hex_byte(text.get(1..3)).map(|byte| Unit::byte(byte, 3)),
        }),
        _ => {}
    }
    units
}

/// `%2F`, also encoded again: `%252F`; and `%u002F`.
fn add_percent_encoded(text: &[u8], units: &mut Vec<Unit>) {
    if let [_, b'u' | b'U', digits @ ..] = text {
        let code = digits.get(..4).and_then(hex_number);
        units.extend(code.and_then(|code| Unit::character(code, 6)));
    }
    for nesting in 0..MAX_NESTING {
        let start = 1 + 2 * nesting;
        let Some(digits) = text.get(start..start + 2) else {
            return;
        };
        let byte = hex_byte(Some(digits));
        units.extend(byte.map(|byte| Unit::byte(byte, start + 2)));
        if digits != b"25" {
            return;
        }
    }
}

/// `\/`, `\n`, `\57`, `\x2f`, `\u002f`, `\u{2f}`, also with escaped backslashes. A backslash itself may be one escape or several.
fn add_backslash_escapes(text: &[u8], units: &mut Vec<Unit>) {
    let run = text.iter().take(MAX_NESTING);
    let count = run.take_while(|byte| **byte == b'\\').count();
    let escaped = [2, 4, 8, 16].into_iter().filter(|length| *length <= count);
    units.extend(escaped.map(|length| Unit::byte(b'\\', length)));
    let rest = text.get(count..).unwrap_or_default();
    match rest {
        [b'n' | b'r' | b't', ..] => units.push(Unit::byte(b'\n', count + 1)),
        [b'0', ..] => units.push(Unit::byte(0, count + 1)),
        _ => {}
    }
    // Of three digits, unless the next character is not one.
    let octal = rest
        .iter()
        .take(3)
        .take_while(|digit| (b'0'..b'8').contains(digit));
    let code = octal
        .clone()
        .fold(0, |code, digit| code * 8 + u32::from(digit - b'0'));
    if octal.clone().count() > 0 {
        units.extend(Unit::character(code, count + octal.count()));
    }
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

/// `&#45;`, also escaped again: `&amp;#45;`.
fn add_character_references(text: &[u8], units: &mut Vec<Unit>) {
    let longest = text.len().min(MAX_REFERENCE);
    let mut reference = text.get(..longest).unwrap_or_default().to_vec();
    for _ in 0..MAX_NESTING {
        let nesting = longest - reference.len();
        units.extend(character_reference(&reference).map(|unit| Unit {
            length: unit.length + nesting,
            ..unit
        }));
        if !reference.starts_with(b"&amp;") {
            return;
        }
        reference.drain(1..5);
    }
}

/// `&amp;`, `&#38;`, `&#x26;`, and numbers without the semicolon.
fn character_reference(text: &[u8]) -> Option<Unit> {
    if let Some(rest) = text.strip_prefix(b"&#") {
        let (prefix, radix) = match rest.first() {
            Some(b'x' | b'X') => (3, 16),
            _ => (2, 10),
        };
        let digits = text.get(prefix..)?.iter().take(9);
        let digits = digits
            .take_while(|byte| char::from(**byte).is_digit(radix))
            .count();
        let end = prefix + digits;
        let number = std::str::from_utf8(text.get(prefix..end)?).ok()?;
        let code = u32::from_str_radix(number, radix).ok()?;
        return Unit::character(code, end + usize::from(text.get(end) == Some(&b';')));
    }
    let length = text.iter().take(MAX_NAME).position(|byte| *byte == b';')? + 1;
    let name = text.get(1..length - 1)?;
    let (_, character) = NAMED_CHARACTERS.iter().find(|(known, _)| *known == name)?;
    Unit::character(u32::from(*character), length)
}

/// Names of the characters that credentials have, and of invisible ones, in HTML.
const NAMED_CHARACTERS: [(&[u8], char); 29] = [
    (b"amp", '&'),
    (b"apos", '\''),
    (b"ast", '*'),
    (b"bsol", '\\'),
    (b"colon", ':'),
    (b"comma", ','),
    (b"commat", '@'),
    (b"dollar", '$'),
    (b"equals", '='),
    (b"excl", '!'),
    (b"grave", '`'),
    (b"gt", '>'),
    (b"hyphen", '-'),
    (b"dash", '-'),
    (b"lowbar", '_'),
    (b"lt", '<'),
    (b"num", '#'),
    (b"percnt", '%'),
    (b"period", '.'),
    (b"plus", '+'),
    (b"quest", '?'),
    (b"quot", '"'),
    (b"semi", ';'),
    (b"sol", '/'),
    (b"nbsp", '\u{a0}'),
    (b"shy", '\u{ad}'),
    (b"zwj", '\u{200d}'),
    (b"zwnj", '\u{200c}'),
    (b"ZeroWidthSpace", '\u{200b}'),
];

fn hex_byte(digits: Option<&[u8]>) -> Option<u8> {
    u8::try_from(hex_number(digits?)?).ok()
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
