//! From a JSON pointer to the place in the text.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use saphyr_parser::{Event, Parser, Span};

use super::load::is_json;
use crate::ir::Pointer;

/// Finds places of one document. Reads the text a second time, and only once it is asked.
#[derive(Debug)]
pub struct Locator {
    path: PathBuf,
    text: Arc<str>,
    json: bool,
    places: OnceCell<BTreeMap<String, Range<usize>>>,
}

impl Locator {
    /// A locator of the document `text`, which came from `path`.
    pub fn new(path: &Path, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let json = is_json(&text);
        Self {
            path: path.to_owned(),
            text,
            json,
            places: OnceCell::new(),
        }
    }

    /// The bytes that stand for `at`: key and value where they fit on a line, else the key. Where the document has
    /// no such place, the nearest one around it.
    pub fn span(&self, at: &Pointer) -> Range<usize> {
        let places = self.places.get_or_init(|| map(&self.text, self.json));
        let mut pointer = at.0.as_str();
        loop {
            if let Some(span) = places.get(pointer) {
                return span.clone();
            }
            match pointer.rfind('/') {
                Some(cut) => pointer = pointer.get(..cut).unwrap_or_default(),
                None => return places.get("#").cloned().unwrap_or(0..0),
            }
        }
    }

    /// Line and column of `at`, counted from 1, the column in characters.
    pub fn line_column(&self, at: &Pointer) -> (usize, usize) {
        crate::diag::line_column(&self.text, self.span(at).start)
    }

    /// `file:line:column` of `at`.
    pub fn place(&self, at: &Pointer) -> String {
        let (line, column) = self.line_column(at);
        format!("{}:{line}:{column}", self.path.display())
    }

    /// Line of `at`, counted from 1.
    pub fn line(&self, at: &Pointer) -> usize {
        self.line_column(at).0
    }
}

/// The place that a parser was at when it gave up: the value that it could not read, or what that would be part of.
pub(super) fn reached(text: &str) -> Pointer {
    let walk = walk(text, is_json(text));
    Pointer(match walk.open.last() {
        Some(Open::Map {
            at,
            key: Some((name, _)),
            ..
        }) => Pointer(at.clone()).join(name).0,
        Some(Open::Map { at, .. }) => at.clone(),
        Some(Open::Seq { at, next, .. }) => format!("{at}/{next}"),
        Some(Open::Key) | None => "#".to_owned(),
    })
}

/// Every place of the document with its span. A parser that gives up half way leaves the places it has seen.
fn map(text: &str, json: bool) -> BTreeMap<String, Range<usize>> {
    let places = walk(text, json).places.into_iter();
    places
        .map(|(at, place)| (at, place.one_line(text)))
        .collect()
}

/// Reads the document up to its end, or to where it cannot be read.
fn walk(text: &str, json: bool) -> Walk {
    let yaml = if json { as_yaml(text) } else { text.to_owned() };
    let mut walk = Walk {
        bytes: ByteOffsets::new(text),
        places: BTreeMap::new(),
        open: Vec::new(),
    };
    for event in Parser::new_from_str(&yaml) {
        let Ok((event, span)) = event else { break };
        walk.event(&event, span);
        if matches!(event, Event::DocumentEnd) {
            break;
        }
    }
    walk
}

/// JSON that a YAML parser reads, byte for byte as long as before: YAML wants no tabs between tokens, and no
/// escapes of half characters.
fn as_yaml(text: &str) -> String {
    let mut out = text.replace('\t', " ");
    for surrogate in [
        "\\ud8", "\\ud9", "\\uda", "\\udb", "\\udc", "\\udd", "\\ude", "\\udf",
    ] {
        if out.contains(surrogate) || out.contains(&surrogate.to_uppercase().replacen('U', "u", 1))
        {
            out = out
                .replace(surrogate, "\\u00")
                .replace(&surrogate.to_uppercase().replacen('U', "u", 1), "\\u00");
        }
    }
    out
}

/// Where the key and the value of a place stand; `key` is empty for items and for the document itself.
struct Place {
    key: Range<usize>,
    value: Range<usize>,
}

impl Place {
    /// Key and value as one span, or the key alone where the value goes on over more lines.
    fn one_line(self, text: &str) -> Range<usize> {
        let start = if self.key.is_empty() {
            self.value.start
        } else {
            self.key.start
        };
        let whole = start..self.value.end.max(self.key.end);
        match text.get(whole.clone()) {
            Some(shown) if !shown.contains('\n') => whole,
            _ if !self.key.is_empty() => self.key,
            shown => {
                start
                    ..start
                        + shown.map_or(0, |shown| {
                            shown.lines().next().unwrap_or_default().trim_end().len()
                        })
            }
        }
    }
}

/// A collection that is being read.
enum Open {
    /// A mapping; the key once it has been read, its value not.
    Map {
        at: String,
        start: usize,
        key: Option<(String, Range<usize>)>,
    },
    /// A sequence, with the number of its next item.
    Seq {
        at: String,
        start: usize,
        next: usize,
    },
    /// A key that is itself a collection: nothing in it has a pointer.
    Key,
}

struct Walk {
    bytes: ByteOffsets,
    places: BTreeMap<String, Place>,
    open: Vec<Open>,
}

impl Walk {
    fn event(&mut self, event: &Event<'_>, span: Span) {
        let span = self.bytes.get(span.start.index())..self.bytes.get(span.end.index());
        match event {
            Event::Scalar(text, ..) => self.node(Some(text), span),
            Event::Alias(_) => self.node(None, span),
            Event::MappingStart(..) => self.start(span, true),
            Event::SequenceStart(..) => self.start(span, false),
            Event::MappingEnd | Event::SequenceEnd => self.end(span.end),
            _ => {}
        }
    }

    /// A node that is whole in one event: a key, or a value.
    fn node(&mut self, text: Option<&str>, span: Range<usize>) {
        if let Some(Open::Map {
            key: key @ None, ..
        }) = self.open.last_mut()
        {
            *key = Some((text.unwrap_or_default().to_owned(), span));
        } else if let Some((at, key)) = self.next_place() {
            self.places.insert(at, Place { key, value: span });
        }
    }

    fn start(&mut self, span: Range<usize>, map: bool) {
        if let Some(Open::Map {
            key: key @ None, ..
        }) = self.open.last_mut()
        {
            *key = Some((String::new(), span));
            self.open.push(Open::Key);
            return;
        }
        let Some((at, key)) = self.next_place() else {
            self.open.push(Open::Key);
            return;
        };
        self.places.insert(
            at.clone(),
            Place {
                key,
                value: span.clone(),
            },
        );
        let start = span.start;
        self.open.push(if map {
            Open::Map {
                at,
                start,
                key: None,
            }
        } else {
            Open::Seq { at, start, next: 0 }
        });
    }

    /// Closes a collection; now it is known how far it reaches.
    fn end(&mut self, end: usize) {
        if let Some(Open::Map { at, start, .. } | Open::Seq { at, start, .. }) = self.open.pop()
            && let Some(place) = self.places.get_mut(&at)
        {
            place.value = start..end.max(start);
        }
    }

    /// The pointer of the value that comes next, with the span of its key. `None` inside a key.
    fn next_place(&mut self) -> Option<(String, Range<usize>)> {
        match self.open.last_mut() {
            None => Some(("#".to_owned(), 0..0)),
            Some(Open::Key) => None,
            Some(Open::Map { at, key, .. }) => {
                let (name, span) = key.take()?;
                Some((Pointer(at.clone()).join(&name).0, span))
            }
            Some(Open::Seq { at, next, .. }) => {
                *next += 1;
                Some((format!("{at}/{}", *next - 1), 0..0))
            }
        }
    }
}

/// From the parser's count of characters to bytes.
struct ByteOffsets(Option<Vec<usize>>, usize);

impl ByteOffsets {
    fn new(text: &str) -> Self {
        let table = (!text.is_ascii()).then(|| text.char_indices().map(|(i, _)| i).collect());
        Self(table, text.len())
    }

    fn get(&self, index: usize) -> usize {
        match &self.0 {
            Some(table) => table.get(index).copied().unwrap_or(self.1),
            None => index.min(self.1),
        }
    }
}
