//! Maps JSON pointers to positions in the text of a YAML or JSON document.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use saphyr_parser::{Event, Parser, Span};

use crate::ir::Pointer;
use crate::limits::MAX_DEPTH;

/// Maps the JSON pointers of one document to spans, lines and columns.
///
/// The text is parsed a second time, on the first call that needs a span.
#[derive(Debug)]
pub struct Locator {
    path: PathBuf,
    text: Arc<str>,
    nodes: OnceCell<Vec<SpanNode>>,
    /// The offset of every line.
    lines: OnceCell<Vec<usize>>,
    /// The referenced files, and where their parts are in the document.
    files: Vec<(Vec<Mount>, Locator)>,
}

/// A file that references of a document lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferencedFile {
    /// The path or the URL of the file.
    pub path: PathBuf,
    /// The text, without byte order mark.
    pub text: Arc<str>,
    /// Where its parts are in the document.
    pub mounts: Vec<Mount>,
}

/// A part of a referenced file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// The pointer to the part in the document.
    pub at: Pointer,
    /// The pointer to the part in the file.
    pub in_file: Pointer,
}

impl Mount {
    /// Returns the pointer in the file of a node of the document, if the node is in this part.
    pub(crate) fn pointer_in_file(&self, pointer: &Pointer) -> Option<Pointer> {
        let rest = pointer.0.strip_prefix(&self.at.0)?;
        (rest.is_empty() || rest.starts_with('/'))
            .then(|| Pointer(format!("{}{rest}", self.in_file.0)))
    }
}

impl Locator {
    /// Returns a locator for the document `text`. `path` is only used in [`location`](Self::location).
    pub fn new(path: &Path, text: impl Into<Arc<str>>) -> Self {
        Self {
            path: path.to_owned(),
            text: text.into(),
            nodes: OnceCell::new(),
            lines: OnceCell::new(),
            files: Vec::new(),
        }
    }

    /// Sets the files that the document consists of besides its own.
    #[must_use]
    pub fn with_files(mut self, files: &[ReferencedFile]) -> Self {
        let files = files.iter();
        self.files = files
            .map(|file| {
                let locator = Self::new(&file.path, file.text.clone());
                (file.mounts.clone(), locator)
            })
            .collect();
        self
    }

    /// Returns the locator of the file that has the node at `pointer`, and the pointer to the node in that file.
    pub fn file(&self, pointer: &Pointer) -> (&Self, Pointer) {
        let mounts = self
            .files
            .iter()
            .flat_map(|(mounts, file)| mounts.iter().map(move |mount| (mount, file)));
        let found = mounts.filter_map(|(mount, file)| {
            let at = mount.pointer_in_file(pointer)?;
            Some((mount.at.0.len(), file, at))
        });
        // The innermost part counts.
        match found.max_by_key(|(length, ..)| *length) {
            Some((_, file, at)) => (file, at),
            None => (self, pointer.clone()),
        }
    }

    /// Returns the path of the file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the text of the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the byte range of the node at `pointer`: key and value if they are on one line, otherwise the key.
    ///
    /// If the file has no such node, returns the range of its nearest ancestor. For a document of several files, use
    /// [`file`](Self::file) first.
    pub fn span(&self, pointer: &Pointer) -> Range<usize> {
        let nodes = self.nodes.get_or_init(|| walk(&self.text).nodes);
        let Some(mut node) = nodes.first() else {
            return 0..0;
        };
        for token in pointer.0.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            let child = node.children.get(&token).and_then(|id| nodes.get(*id));
            let Some(child) = child else { break };
            node = child;
        }
        node.single_line(&self.text)
    }

    /// Returns line and column of `pointer`, counted from 1, the column in characters.
    pub fn line_column(&self, pointer: &Pointer) -> (usize, usize) {
        let (file, at) = self.file(pointer);
        let offset = floor_char_boundary(&file.text, file.span(&at).start);
        let lines = file.lines.get_or_init(|| line_starts(&file.text));
        let line = lines.partition_point(|start| *start <= offset);
        let start = lines.get(line.saturating_sub(1)).copied().unwrap_or(0);
        let before = file.text.get(start..offset).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// Returns `file:line:column` of `pointer`.
    pub fn location(&self, pointer: &Pointer) -> String {
        let (line, column) = self.line_column(pointer);
        let (file, _) = self.file(pointer);
        format!("{}:{line}:{column}", file.path.display())
    }

    /// Returns the line of `pointer`, counted from 1.
    pub fn line(&self, pointer: &Pointer) -> usize {
        self.line_column(pointer).0
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let breaks = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    std::iter::once(0)
        .chain(breaks.map(|(offset, _)| offset + 1))
        .collect()
}

/// Returns line and column of the byte `offset`, counted from 1, the column in characters.
pub(crate) fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text
        .get(..floor_char_boundary(text, offset))
        .unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    (line, column)
}

/// Returns the nearest character boundary at or before `offset`.
pub(crate) fn floor_char_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

/// Returns whether `text` is parsed as JSON. The extension of its file does not matter.
pub(crate) fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '['])
}

/// Returns the pointer at which a parser of the malformed `text` stopped: the node that it could not read, or the
/// collection around it.
pub(crate) fn pointer_at_syntax_error(text: &str) -> Pointer {
    walk(text).next_pointer()
}

/// Why [`walk_until`] stopped before the end of a document.
pub(crate) enum Stop<T> {
    /// The function returned a value for this node.
    Found(Pointer, T),
    /// The node is nested deeper than the parser allows.
    TooDeep(Pointer),
    /// The text is malformed at this node and byte offset.
    Malformed(Pointer, usize, String),
}

/// Calls `find` with every event of a YAML text, until it returns a value.
pub(crate) fn walk_until<T>(
    text: &str,
    mut find: impl FnMut(&Event<'_>) -> Option<T>,
) -> Option<Stop<T>> {
    // Most texts are read to their end, and need no pointers.
    let walk_to = |count| {
        let mut walker = Walker::new(text);
        for (event, span) in Parser::new_from_str(text).flatten().take(count) {
            walker.handle_event(&event, span);
        }
        walker
    };
    for (count, event) in Parser::new_from_str(text).enumerate() {
        match event {
            Ok((event, _)) => {
                if let Some(found) = find(&event) {
                    return Some(Stop::Found(walk_to(count).next_pointer(), found));
                }
            }
            // The parser looks ahead, and reports more than 255 brackets before it returns them.
            Err(error) if error.info() == "recursion limit exceeded" => {
                return Some(Stop::TooDeep(walk_to(count).next_pointer()));
            }
            Err(error) => {
                let walker = walk_to(count);
                let offset = walker.bytes.get(error.marker().index());
                let (at, message) = (walker.next_pointer(), error.info().to_owned());
                return Some(Stop::Malformed(at, offset, message));
            }
        }
    }
    None
}

/// Parses the document to its end, to the first syntax error, or to the first node that is nested too deeply.
fn walk(text: &str) -> Walker {
    let yaml = match is_json(text) {
        true => json_to_yaml(text),
        false => text.to_owned(),
    };
    let mut walker = Walker::new(text);
    for event in Parser::new_from_str(&yaml) {
        let Ok((event, span)) = event else { break };
        walker.handle_event(&event, span);
        if matches!(event, Event::DocumentEnd) || walker.open.len() > MAX_DEPTH {
            break;
        }
    }
    walker
}

/// Rewrites JSON so that a YAML parser accepts it. All byte offsets stay the same.
///
/// YAML allows neither tabs between tokens nor escapes of single surrogates.
fn json_to_yaml(text: &str) -> String {
    let mut out = text.replace('\t', " ");
    for surrogate in [
        "\\ud8", "\\ud9", "\\uda", "\\udb", "\\udc", "\\udd", "\\ude", "\\udf",
    ] {
        let upper = surrogate.to_uppercase().replacen('U', "u", 1);
        if out.contains(surrogate) || out.contains(&upper) {
            out = out.replace(surrogate, "\\u00").replace(&upper, "\\u00");
        }
    }
    out
}

/// A node of the document: its byte ranges, and its children by key or index. `key` is empty for sequence items and for
/// the root.
#[derive(Debug)]
struct SpanNode {
    key: Range<usize>,
    value: Range<usize>,
    children: BTreeMap<String, usize>,
}

impl SpanNode {
    /// Returns key and value as one range, or the key alone if the value continues on other lines.
    fn single_line(&self, text: &str) -> Range<usize> {
        let start = if self.key.is_empty() {
            self.value.start
        } else {
            self.key.start
        };
        let whole = start..self.value.end.max(self.key.end);
        match text.get(whole.clone()) {
            Some(shown) if !shown.contains('\n') => whole,
            _ if !self.key.is_empty() => self.key.clone(),
            shown => {
                let first_line = shown.and_then(|shown| shown.lines().next());
                start..start + first_line.map_or(0, |line| line.trim_end().len())
            }
        }
    }
}

/// A collection whose end has not been parsed yet.
enum Collection {
    /// A mapping. `key` is set while its value is parsed.
    Mapping {
        node: usize,
        token: String,
        key: Option<(String, Range<usize>)>,
    },
    /// A sequence, with the index of its next item.
    Sequence {
        node: usize,
        token: String,
        next: usize,
    },
    /// A key that is itself a collection: nothing inside it has a JSON pointer.
    Key,
}

/// Collects the nodes of a document from parser events.
struct Walker {
    bytes: ByteOffsets,
    /// The first is the root.
    nodes: Vec<SpanNode>,
    open: Vec<Collection>,
}

impl Walker {
    fn new(text: &str) -> Self {
        Self {
            bytes: ByteOffsets::new(text),
            nodes: Vec::new(),
            open: Vec::new(),
        }
    }

    fn handle_event(&mut self, event: &Event<'_>, span: Span) {
        let span = self.bytes.get(span.start.index())..self.bytes.get(span.end.index());
        match event {
            Event::Scalar(text, ..) => self.add_scalar(Some(text), span),
            Event::Alias(_) => self.add_scalar(None, span),
            Event::MappingStart(..) => self.open_collection(span, true),
            Event::SequenceStart(..) => self.open_collection(span, false),
            Event::MappingEnd | Event::SequenceEnd => self.close_collection(span.end),
            _ => {}
        }
    }

    /// Adds a key or a value that is complete in one event.
    fn add_scalar(&mut self, text: Option<&str>, span: Range<usize>) {
        if let Some(Collection::Mapping {
            key: key @ None, ..
        }) = self.open.last_mut()
        {
            *key = Some((text.unwrap_or_default().to_owned(), span));
        } else if let Some((token, key)) = self.take_next_token() {
            self.add_node(token, key, span);
        }
    }

    fn open_collection(&mut self, span: Range<usize>, is_mapping: bool) {
        if let Some(Collection::Mapping {
            key: key @ None, ..
        }) = self.open.last_mut()
        {
            *key = Some((String::new(), span));
            self.open.push(Collection::Key);
            return;
        }
        let Some((token, key)) = self.take_next_token() else {
            self.open.push(Collection::Key);
            return;
        };
        let node = self.add_node(token.clone(), key, span);
        self.open.push(if is_mapping {
            let key = None;
            Collection::Mapping { node, token, key }
        } else {
            let next = 0;
            Collection::Sequence { node, token, next }
        });
    }

    fn close_collection(&mut self, end: usize) {
        if let Some(Collection::Mapping { node, .. } | Collection::Sequence { node, .. }) =
            self.open.pop()
            && let Some(node) = self.nodes.get_mut(node)
        {
            node.value.end = end.max(node.value.start);
        }
    }

    /// Adds the next value of the innermost collection. Returns its index.
    fn add_node(&mut self, token: String, key: Range<usize>, value: Range<usize>) -> usize {
        let id = self.nodes.len();
        if let Some(Collection::Mapping { node, .. } | Collection::Sequence { node, .. }) =
            self.open.last()
            && let Some(parent) = self.nodes.get_mut(*node)
        {
            parent.children.insert(token, id);
        }
        self.nodes.push(SpanNode {
            key,
            value,
            children: BTreeMap::new(),
        });
        id
    }

    /// Returns key or index of the next value, with the span of its key. `None` inside a key.
    fn take_next_token(&mut self) -> Option<(String, Range<usize>)> {
        match self.open.last_mut() {
            None => Some((String::new(), 0..0)),
            Some(Collection::Key) => None,
            Some(Collection::Mapping { key, .. }) => key.take(),
            Some(Collection::Sequence { next, .. }) => {
                *next += 1;
                Some(((*next - 1).to_string(), 0..0))
            }
        }
    }

    /// Returns the pointer of the next value, or that of the mapping whose next key comes first.
    fn next_pointer(&self) -> Pointer {
        let mut at = Pointer::root();
        for (depth, collection) in self.open.iter().enumerate() {
            match collection {
                Collection::Mapping { token, .. } | Collection::Sequence { token, .. } => {
                    if depth > 0 {
                        at.push(token);
                    }
                }
                Collection::Key => break,
            }
        }
        match self.open.last() {
            Some(Collection::Mapping {
                key: Some((name, _)),
                ..
            }) => at.push(name),
            Some(Collection::Sequence { next, .. }) => at.push(&next.to_string()),
            Some(Collection::Mapping { .. } | Collection::Key) | None => {}
        }
        at
    }
}

/// Converts character indices, which the parser counts, to byte offsets.
struct ByteOffsets {
    /// The offset of every character. `None` for ASCII, where index and offset are equal.
    offsets: Option<Vec<usize>>,
    text_len: usize,
}

impl ByteOffsets {
    fn new(text: &str) -> Self {
        Self {
            offsets: (!text.is_ascii()).then(|| text.char_indices().map(|(i, _)| i).collect()),
            text_len: text.len(),
        }
    }

    fn get(&self, index: usize) -> usize {
        match &self.offsets {
            Some(offsets) => offsets.get(index).copied().unwrap_or(self.text_len),
            None => index.min(self.text_len),
        }
    }
}
