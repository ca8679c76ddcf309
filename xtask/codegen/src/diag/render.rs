//! Diagnostics with the lines of the document they are about.

use std::io::IsTerminal;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Error, ErrorKind, SourceText};
use crate::source::Locator;

/// How many characters of a long line are shown on either side of a fault; JSON is often a single line.
const AROUND: usize = 60;

/// Whether messages are coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorChoice {
    /// For files, pipes and tests.
    Never,
    /// For people.
    Always,
}

impl ColorChoice {
    /// Colour where standard error is a terminal and `NO_COLOR` is not set.
    pub fn for_stderr() -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        if wanted && std::io::stderr().is_terminal() {
            Self::Always
        } else {
            Self::Never
        }
    }

    fn renderer(self) -> Renderer {
        match self {
            Self::Never => Renderer::plain(),
            Self::Always => Renderer::styled(),
        }
    }
}

/// `error` as people read it, ending in a line break.
pub fn render(error: &Error, style: ColorChoice) -> String {
    match error.kind() {
        ErrorKind::Io { path, message } => {
            plain("io", &format!("{}: {message}", path.display()), None, style)
        }
        ErrorKind::Message {
            code,
            message,
            help,
        } => plain(code.as_str(), message, help.as_deref(), style),
        ErrorKind::Diagnostics {
            source: Some(source),
            diags,
        } => render_diagnostics(diags, source, style),
        ErrorKind::Diagnostics {
            source: None,
            diags,
        } => {
            let shown = diags.iter().map(|diag| {
                plain(
                    diag.code.as_str(),
                    &format!("{}: {}", diag.at, diag.message),
                    diag.help.as_deref(),
                    style,
                )
            });
            shown.collect::<Vec<_>>().join("\n")
        }
        ErrorKind::Syntax {
            source,
            line,
            column,
            message,
        } => {
            let span = span_at(&source.text, *line, *column);
            snippet("syntax", message, None, source, span, style)
        }
    }
}

/// `diags`, which are about `source`, as people read them, ending in a line break; empty when there are none.
pub fn render_diagnostics(diags: &[Diagnostic], source: &SourceText, style: ColorChoice) -> String {
    let locator = Locator::new(&source.path, source.text.clone());
    let shown = diags.iter().map(|diag| {
        let span = locator.span(&diag.at);
        let message = format!("{} ({})", diag.message, diag.at);
        snippet(
            diag.code.as_str(),
            &message,
            diag.help.as_deref(),
            source,
            span,
            style,
        )
    });
    shown.collect::<Vec<_>>().join("\n")
}

/// One line a fault: `file:line:column: code: message (pointer)`.
pub(super) fn lines<'a>(
    source: Option<&'a SourceText>,
    diags: &'a [Diagnostic],
) -> impl Iterator<Item = String> + 'a {
    let locator = source.map(|source| Locator::new(&source.path, source.text.clone()));
    diags.iter().map(move |diag| match &locator {
        Some(locator) => format!(
            "{}: {}: {} ({})",
            locator.place(&diag.at),
            diag.code,
            harmless(&diag.message),
            harmless(&diag.at.0)
        ),
        None => harmless(&diag.to_string()),
    })
}

/// Line and column, counted from 1 and in characters, of the byte `offset`.
pub(crate) fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..floor(text, offset)).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
    (line, column)
}

/// The character at `line` and `column`, or nothing at the end of the line when there is none.
fn span_at(text: &str, line: usize, column: usize) -> Range<usize> {
    let skipped: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let rest = text
        .get(skipped..)
        .unwrap_or_default()
        .lines()
        .next()
        .unwrap_or_default();
    let start = rest
        .char_indices()
        .nth(column.saturating_sub(1))
        .map_or(rest.len(), |(i, _)| i);
    let len = rest
        .get(start..)
        .and_then(|tail| tail.chars().next())
        .map_or(0, char::len_utf8);
    skipped + start..skipped + start + len
}

/// A message without a place.
fn plain(code: &str, message: &str, help: Option<&str>, style: ColorChoice) -> String {
    let group = Group::with_title(Level::ERROR.primary_title(message).id(code));
    let help = help.map(harmless);
    let group = match &help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    };
    finish(style.renderer().render(&[group]))
}

/// A message with the lines around `span`.
fn snippet(
    code: &str,
    message: &str,
    help: Option<&str>,
    source: &SourceText,
    span: Range<usize>,
    style: ColorChoice,
) -> String {
    let (line, column) = line_column(&source.text, span.start);
    let window = Window::around(&source.text, span);
    let path = source.path.display().to_string();
    let shown = Snippet::source(window.text.as_str())
        .line_start(line - window.lines_before)
        .fold(false)
        .annotation(AnnotationKind::Primary.span(window.span));
    let group = Level::ERROR.primary_title(message).id(code);
    let group = if window.cut {
        // The snippet would count columns from where it was cut.
        let origin = Origin::path(path.as_str()).line(line).char_column(column);
        group.element(origin).element(shown)
    } else {
        group.element(shown.path(path.as_str()))
    };
    let help = help.map(harmless);
    let group = match &help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    };
    finish(style.renderer().render(&[group]))
}

/// The text without what makes a terminal do or show something else: a message may quote a document. Titles and lines
/// of the document are made harmless by the renderer.
fn harmless(text: &str) -> String {
    let harm = |c: char| match c {
        '\n' | '\t' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        c => c.is_control(),
    };
    let shown = |c| {
        if harm(c) {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    text.chars().map(shown).collect()
}

fn finish(mut text: String) -> String {
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// What is shown of a document: the line of a fault and the one before it, long ones cut.
struct Window {
    text: String,
    span: Range<usize>,
    lines_before: usize,
    /// Whether the line does not start where the document's does.
    cut: bool,
}

impl Window {
    fn around(text: &str, span: Range<usize>) -> Self {
        let start = floor(text, span.start);
        let line_start = slice(text, 0..start).rfind('\n').map_or(0, |i| i + 1);
        let line_end = slice(text, start..text.len())
            .find('\n')
            .map_or(text.len(), |i| start + i);
        let end = floor(text, span.end).clamp(start, line_end);

        let left = floor(text, line_start.max(start.saturating_sub(AROUND)));
        let right = floor(
            text,
            line_end.min(end.min(start + 2 * AROUND).saturating_add(AROUND)),
        );
        let cut = left > line_start;
        let mut shown = String::new();
        let mut lines_before = 0;
        let before = slice(text, 0..line_start)
            .strip_suffix('\n')
            .map(|before| before.rsplit('\n').next());
        if let Some(Some(before)) = before
            && before.len() <= 2 * AROUND
            && !cut
        {
            shown.push_str(before);
            shown.push('\n');
            lines_before = 1;
        }
        if cut {
            shown.push('…');
        }
        let offset = shown.len();
        shown.push_str(slice(text, left..right).trim_end_matches('\r'));
        let limit = shown.len();
        let span = (offset + start - left).min(limit)..(offset + end - left).min(limit);
        if right < line_end {
            shown.push('…');
        }
        Self {
            text: shown,
            span,
            lines_before,
            cut,
        }
    }
}

fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

/// The nearest boundary of a character at or before `offset`.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
