//! Renders errors and diagnostics with the lines of the document that they refer to.

use std::io::IsTerminal;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Error, ErrorKind, RelatedNode, Severity, SourceText};
use crate::limits::MAX_SHOWN_DIAGNOSTICS;
use crate::locator::{Locator, floor_char_boundary, line_column};

/// How many bytes of a long line are shown before and after a span. A JSON document is often a single line.
const CONTEXT_BYTES: usize = 60;

/// Whether messages contain ANSI color codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorChoice {
    /// For files, pipes and tests.
    Never,
    /// For terminals.
    Always,
}

impl ColorChoice {
    /// Returns [`Always`](Self::Always) if standard error is a terminal and `NO_COLOR` is not set.
    pub fn for_stderr() -> Self {
        let is_allowed = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        if is_allowed && std::io::stderr().is_terminal() {
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

/// Renders an error. The text ends in a line break.
pub fn render(error: &Error, color: ColorChoice) -> String {
    match error.kind() {
        ErrorKind::Io { path, message } => {
            let message = format!("{}: {message}", path.display());
            render_title(Level::ERROR, "io", &message, None, color)
        }
        ErrorKind::Message {
            code,
            message,
            help,
        } => render_title(Level::ERROR, code.as_str(), message, help.as_deref(), color),
        ErrorKind::Diagnostics {
            source: Some(source),
            diags,
        } => render_diagnostics(diags, source, color),
        ErrorKind::Diagnostics {
            source: None,
            diags,
        } => {
            let rendered = diags.iter().map(|diag| {
                render_title(
                    level(diag.severity),
                    diag.code.as_str(),
                    &format!("{}: {}", diag.at, diag.message),
                    diag.help.as_deref(),
                    color,
                )
            });
            rendered.collect::<Vec<_>>().join("\n")
        }
        ErrorKind::Syntax {
            source,
            line,
            column,
            message,
        } => {
            let title = Level::ERROR.primary_title(message.as_str()).id("syntax");
            let path = source.path.display().to_string();
            let span = char_span(&source.text, *line, *column);
            let excerpt = Excerpt::around(&source.text, span);
            let group = excerpt.add_to(Group::with_title(title), &path, None);
            end_line(color.renderer().render(&[group]))
        }
    }
}

/// Renders the diagnostics of the document `source`. The text ends in a line break; it is empty without diagnostics.
pub fn render_diagnostics(diags: &[Diagnostic], source: &SourceText, color: ColorChoice) -> String {
    let locator = source.locator();
    let shown = diags.iter().take(MAX_SHOWN_DIAGNOSTICS);
    let mut rendered: Vec<String> = shown
        .map(|diag| render_diagnostic(diag, &locator, color))
        .collect();
    if let more @ 1.. = diags.len().saturating_sub(MAX_SHOWN_DIAGNOSTICS) {
        let message = format!("{more} more diagnostics are not shown");
        rendered.push(render_title(Level::ERROR, "too-big", &message, None, color));
    }
    rendered.join("\n")
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    }
}

/// Returns one line per diagnostic: `file:line:column: code: message (pointer)`.
pub(super) fn single_lines<'a>(
    source: Option<&'a SourceText>,
    diags: &'a [Diagnostic],
) -> impl Iterator<Item = String> + 'a {
    let locator = source.map(SourceText::locator);
    diags.iter().map(move |diag| match &locator {
        Some(locator) => format!(
            "{}: {}: {} ({})",
            locator.location(&diag.at),
            diag.code,
            replace_control_chars(&diag.message),
            replace_control_chars(&diag.at.0)
        ),
        None => replace_control_chars(&diag.to_string()),
    })
}

/// Returns the range of the character at `line` and `column`, or an empty range at the end of the line.
fn char_span(text: &str, line: usize, column: usize) -> Range<usize> {
    let line_start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let rest = text
        .get(line_start..)
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
    line_start + start..line_start + start + len
}

/// Renders a message without lines of a document.
fn render_title(
    level: Level<'static>,
    code: &str,
    message: &str,
    help: Option<&str>,
    color: ColorChoice,
) -> String {
    let group = Group::with_title(level.primary_title(message).id(code));
    let help = help.map(replace_control_chars);
    let group = match &help {
        Some(help) => group.element(Level::HELP.message(help.as_str())),
        None => group,
    };
    end_line(color.renderer().render(&[group]))
}

/// Renders a diagnostic with the lines around its node, and around the one that it is related to.
fn render_diagnostic(diag: &Diagnostic, locator: &Locator, color: ColorChoice) -> String {
    let message = format!("{} ({})", diag.message, diag.at);
    let title = level(diag.severity)
        .primary_title(message.as_str())
        .id(diag.code.as_str());
    let excerpt = |at| {
        let (file, at) = locator.file(at);
        let path = file.path().display().to_string();
        (path, Excerpt::around(file.text(), file.span(&at)))
    };
    let (path, own) = excerpt(&diag.at);
    let related = diag
        .related
        .as_deref()
        .map(|RelatedNode { at, label }| (excerpt(at), replace_control_chars(label)));
    let mut group = own.add_to(Group::with_title(title), &path, None);
    if let Some((excerpt, label)) = &related {
        let (path, excerpt) = excerpt;
        group = excerpt.add_to(group, path, Some(label));
    }
    let help = diag.help.as_deref().map(replace_control_chars);
    if let Some(help) = &help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    end_line(color.renderer().render(&[group]))
}

/// Replaces control characters and bidirectional overrides, since a message may quote an untrusted document.
///
/// The renderer does the same for titles and snippets, but for the controls after ASCII (C1).
fn replace_control_chars(text: &str) -> String {
    let replace = |c| match is_control_char(c) {
        true => char::REPLACEMENT_CHARACTER,
        false => c,
    };
    text.chars().map(replace).collect()
}

/// Returns whether terminals act on a character, apart from the end of a line and tabs.
pub(crate) fn is_control_char(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        c => c.is_control(),
    }
}

fn end_line(text: String) -> String {
    let is_c1 = |c: char| ('\u{80}'..='\u{9f}').contains(&c);
    let mut text = text.replace(is_c1, "\u{fffd}");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

/// The part of a document that is shown: the line of a span and the line before it. Long lines are cut.
struct Excerpt {
    text: String,
    /// The range of the span in `text`.
    span: Range<usize>,
    lines_before: usize,
    /// The line and the column of the span in the file.
    position: (usize, usize),
    /// Whether the start of the span's line is not in `text`.
    is_line_start_cut: bool,
}

impl Excerpt {
    /// Adds the lines to a message. `label` is shown at the span.
    fn add_to<'a>(&'a self, group: Group<'a>, path: &'a str, label: Option<&'a str>) -> Group<'a> {
        let (line, column) = self.position;
        let annotation = match label {
            Some(label) => AnnotationKind::Context.span(self.span.clone()).label(label),
            None => AnnotationKind::Primary.span(self.span.clone()),
        };
        let snippet = Snippet::source(self.text.as_str())
            .line_start(line - self.lines_before)
            .fold(false)
            .annotation(annotation);
        if self.is_line_start_cut {
            // The snippet would count columns from the start of the excerpt.
            let origin = Origin::path(path).line(line).char_column(column);
            group.element(origin).element(snippet)
        } else {
            group.element(snippet.path(path))
        }
    }

    fn around(text: &str, span: Range<usize>) -> Self {
        let position = line_column(text, span.start);
        let start = floor_char_boundary(text, span.start);
        let line_start = slice(text, 0..start).rfind('\n').map_or(0, |i| i + 1);
        let line_end = slice(text, start..text.len())
            .find('\n')
            .map_or(text.len(), |i| start + i);
        let end = floor_char_boundary(text, span.end).clamp(start, line_end);

        let left = floor_char_boundary(text, line_start.max(start.saturating_sub(CONTEXT_BYTES)));
        let shown_end = end.min(start + 2 * CONTEXT_BYTES);
        let right =
            floor_char_boundary(text, line_end.min(shown_end.saturating_add(CONTEXT_BYTES)));
        let is_line_start_cut = left > line_start;
        let mut shown = String::new();
        let mut lines_before = 0;
        let line_before = slice(text, 0..line_start)
            .strip_suffix('\n')
            .and_then(|before| before.rsplit('\n').next());
        if let Some(line_before) = line_before
            && line_before.len() <= 2 * CONTEXT_BYTES
            && !is_line_start_cut
        {
            shown.push_str(line_before);
            shown.push('\n');
            lines_before = 1;
        }
        if is_line_start_cut {
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
            position,
            is_line_start_cut,
        }
    }
}

fn slice(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}
