//! Text of vendors in reports and errors. It is untrusted: a terminal or a log must show it as text.

/// The longest text of a vendor that is kept, in characters.
const MAX_CHARS: usize = 300;

/// Escapes characters that a terminal or a log interprets, and cuts the text after 300 characters.
pub(super) fn sanitize(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(MAX_CHARS));
    for (position, character) in text.trim().chars().enumerate() {
        if position == MAX_CHARS {
            out.push('…');
            break;
        }
        if is_unsafe(character) {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    out
}

/// Returns whether the character moves the cursor, ends a line, or changes the direction of text.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}
