//! Checks a YAML text before it is parsed: its nesting depth, and the size of what its aliases add.
//!
//! A YAML parser takes quadratic time for deep nesting, and copies a value for every alias of it. Most documents are
//! neither deep nor have aliases, which is found without parsing them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use saphyr_parser::Event;

use crate::diag::{Code, Diagnostic, Error, SourceText};
use crate::ir::Pointer;
use crate::limits::{MAX_ADDED_BYTES, MAX_ADDED_VALUES, MAX_DEPTH};
use crate::locator::{Stop, walk_until};

/// The nesting depth that a YAML parser can handle in proportional time, if few bytes are nested so deeply.
const HARMLESS_DEPTH: usize = 1_000;

/// The number of bytes times the brackets around them for which a YAML parser takes half a second: for each token it visits
/// the brackets around it.
const HARMLESS_WORK: usize = 1 << 29;

/// Checks the text of a YAML document.
///
/// # Errors
/// If the document is nested deeper than [`MAX_DEPTH`], if its aliases add more than [`MAX_ADDED_VALUES`] or
/// [`MAX_ADDED_BYTES`], or if it might and is malformed.
pub(super) fn check_yaml(path: &Path, text: &Arc<str>) -> Result<(), Error> {
    if !has_anchors(text) && is_harmless(text) {
        return Ok(());
    }
    let mut scan = Scan::default();
    let refuse = |at: Pointer, diag: Diagnostic| {
        let error = Error::from(Diagnostic { at, ..diag });
        Err(error.with_source(SourceText::new(path, text.clone())))
    };
    match walk_until(text, |event| scan.handle_event(event)) {
        None => Ok(()),
        Some(Stop::TooDeep(at)) => refuse(at, too_deep()),
        Some(Stop::Found(at, diag)) => refuse(at, diag),
        Some(Stop::Malformed(at, offset, message)) => {
            let message = format!("{message} ({at})");
            Err(Error::syntax_at(path, text, offset, message))
        }
    }
}

/// Returns whether the text may define an anchor (`&name`).
fn has_anchors(text: &str) -> bool {
    let bytes = text.as_bytes();
    text.match_indices('&').any(|(at, _)| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let name = bytes.get(at + 1);
        before.is_none_or(|byte| can_precede_token(*byte))
            && name.is_some_and(|byte| !byte.is_ascii_whitespace())
    })
}

/// Returns whether a token may start after this byte.
fn can_precede_token(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"[{,:?-\"'".contains(&byte)
}

/// Returns whether upper bounds of the nesting depth of a YAML text, and of the work that brackets cause, are harmless.
///
/// Block collections in one another need a column each, or two for a sequence in a mapping. Flow collections in one
/// another need a bracket each, after white space or punctuation. A closing bracket counts only on the line of its
/// opening bracket, and only if nothing there can be a quoted text, a comment or a tag, where brackets have no meaning.
fn is_harmless(text: &str) -> bool {
    let (mut block, mut flow, mut work) = (0, 0_usize, 0_usize);
    for line in text.lines() {
        let is_indentation = |byte: &u8| b" \t-?:".contains(byte);
        let column = line.bytes().take_while(is_indentation).count();
        block = block.max(2 * column + 2);
        flow += unclosed_brackets(line);
        work = work.saturating_add(flow.saturating_mul(line.len()));
    }
    block + flow <= HARMLESS_DEPTH && work <= HARMLESS_WORK
}

fn unclosed_brackets(line: &str) -> usize {
    if !line.bytes().any(|byte| matches!(byte, b'[' | b'{')) {
        return 0;
    }
    let is_plain = !line.bytes().any(|byte| b"\"'#!\\".contains(&byte));
    let mut unclosed = 0_usize;
    let mut before = b' ';
    for byte in line.bytes() {
        match byte {
            b'[' | b'{' if can_precede_token(before) => unclosed += 1,
            b']' | b'}' if is_plain => unclosed = unclosed.saturating_sub(1),
            _ => {}
        }
        before = byte;
    }
    unclosed
}

/// The size of a part of a document with its aliases expanded.
#[derive(Clone, Copy, Default)]
struct Size {
    values: usize,
    bytes: usize,
}

impl Size {
    fn add(&mut self, other: Self) {
        self.values = self.values.saturating_add(other.values);
        self.bytes = self.bytes.saturating_add(other.bytes);
    }
}

/// The state of the check.
#[derive(Default)]
struct Scan {
    /// The sizes of the values with anchors, by the number that the parser gives an anchor.
    anchors: BTreeMap<usize, Size>,
    /// The collections around the current event: their anchors, and their sizes so far.
    open: Vec<(usize, Size)>,
    /// What the aliases add.
    added: Size,
}

impl Scan {
    /// Returns why the document is refused at this event.
    fn handle_event(&mut self, event: &Event<'_>) -> Option<Diagnostic> {
        match event {
            Event::Scalar(text, _, anchor, _) => self.close(
                *anchor,
                Size {
                    values: 1,
                    bytes: text.len(),
                },
            ),
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                let size = Size {
                    values: 1,
                    bytes: 0,
                };
                self.open.push((*anchor, size));
                return (self.open.len() > MAX_DEPTH).then(too_deep);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some((anchor, size)) = self.open.pop() {
                    self.close(anchor, size);
                }
            }
            Event::Alias(anchor) => {
                let size = self.anchors.get(anchor).copied().unwrap_or_default();
                self.added.add(size);
                if self.added.values > MAX_ADDED_VALUES || self.added.bytes > MAX_ADDED_BYTES {
                    return Some(too_many_aliases());
                }
                self.close(0, size);
            }
            _ => {}
        }
        None
    }

    /// Adds a complete value to the collection around it.
    fn close(&mut self, anchor: usize, size: Size) {
        // The parser numbers anchors from 1.
        if anchor > 0 {
            self.anchors.insert(anchor, size);
        }
        if let Some((_, around)) = self.open.last_mut() {
            around.add(size);
        }
    }
}

/// Returns the diagnostic for a document that is nested too deeply. Its pointer is set later.
pub(super) fn too_deep() -> Diagnostic {
    let message = format!("the document is nested deeper than {MAX_DEPTH} levels");
    let help = "move inner schemas into components/schemas";
    Diagnostic::new(Code::TooDeep, &Pointer::root(), message).with_help(help)
}

fn too_many_aliases() -> Diagnostic {
    let message = format!(
        "the aliases of the document add more than {MAX_ADDED_VALUES} values or {} MiB of text",
        MAX_ADDED_BYTES >> 20
    );
    let help = "define what repeats once, in components, and refer to it with `$ref`";
    Diagnostic::new(Code::TooBig, &Pointer::root(), message).with_help(help)
}
