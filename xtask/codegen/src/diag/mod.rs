//! Diagnostics: what is wrong, where, and how to fix it.
//!
//! A [`Diagnostic`] describes one problem at one node of a document. Passes that can continue return diagnostics
//! with their result; passes that cannot continue return an [`Error`]. [`render`] shows both with the lines of the
//! document that they refer to.

mod code;
mod render;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use code::Code;
#[cfg(feature = "cli")]
pub(crate) use render::is_control_char;
pub use render::{ColorChoice, render, render_diagnostics};

use crate::ir::Pointer;
use crate::locator::{Locator, ReferencedFile, line_column};

/// Whether a problem keeps a crate from being generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The document is rejected, or a part of it is a gap: it cannot be expressed.
    Error,
    /// A harmless fault of the document. The message describes what is generated instead.
    Warning,
}

/// One problem at one node of a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The node: a pointer into the document as it was read, without overlay.
    pub at: Pointer,
    /// The kind of problem.
    pub code: Code,
    /// Whether it keeps the crate from being generated. Default: [`Code::severity`].
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// How to fix it, in the imperative.
    pub help: Option<String>,
    /// A second node that the problem is about.
    pub related: Option<Box<RelatedNode>>,
}

/// A node that a diagnostic refers to besides its own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RelatedNode {
    /// The node.
    pub at: Pointer,
    /// What it is, in a few words.
    pub label: String,
}

impl Diagnostic {
    /// Creates a diagnostic without help.
    pub fn new(code: Code, at: &Pointer, message: impl Into<String>) -> Self {
        Self {
            at: at.clone(),
            code,
            severity: code.severity(),
            message: message.into(),
            help: None,
            related: None,
        }
    }

    /// Sets the second node that the problem is about.
    #[must_use]
    pub fn with_related(mut self, at: &Pointer, label: impl Into<String>) -> Self {
        self.related = Some(Box::new(RelatedNode {
            at: at.clone(),
            label: label.into(),
        }));
        self
    }

    /// Replaces every pointer, for example by that in another version of the document.
    pub(crate) fn map_pointers(&mut self, map: impl Fn(&Pointer) -> Pointer) {
        self.at = map(&self.at);
        if let Some(related) = &mut self.related {
            related.at = map(&related.at);
        }
    }

    /// Sets how to fix the problem.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.at, self.code, self.message)
    }
}

/// The path and the text of a file, for messages that show its lines. Cheap to clone.
#[derive(Clone, Debug)]
pub struct SourceText {
    /// The path that messages show.
    pub path: PathBuf,
    /// The whole text.
    pub text: Arc<str>,
    /// The files that references lead to.
    pub files: Arc<[ReferencedFile]>,
}

impl SourceText {
    /// Creates the text of a file without references into other files.
    pub fn new(path: &Path, text: impl Into<Arc<str>>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
            files: Arc::default(),
        }
    }

    /// Returns a locator for the text.
    pub fn locator(&self) -> Locator {
        Locator::new(&self.path, self.text.clone()).with_files(&self.files)
    }
}

/// Why a pass cannot continue.
#[derive(Clone, Debug)]
pub struct Error(Box<ErrorKind>);

/// The content of an [`Error`].
#[derive(Clone, Debug)]
pub enum ErrorKind {
    /// A file or a URL could not be read or written.
    Io {
        /// The file or URL.
        path: PathBuf,
        /// The cause.
        message: String,
    },
    /// A file is not valid JSON, YAML or TOML.
    Syntax {
        /// The file.
        source: SourceText,
        /// Counted from 1; 0 if unknown.
        line: usize,
        /// Counted from 1, in characters; 0 if unknown.
        column: usize,
        /// The parser's message.
        message: String,
    },
    /// One or more diagnostics.
    Diagnostics {
        /// The document. `None` until [`Error::with_source`] is called.
        source: Option<SourceText>,
        /// Sorted by pointer, without duplicates.
        diags: Vec<Diagnostic>,
    },
    /// A problem that has no position in a document.
    Message {
        /// The kind of problem.
        code: Code,
        /// What is wrong.
        message: String,
        /// How to fix it.
        help: Option<String>,
    },
}

impl Error {
    /// Creates an error that has no position in a document.
    pub fn new(code: Code, message: impl Into<String>, help: Option<&str>) -> Self {
        ErrorKind::Message {
            code,
            message: message.into(),
            help: help.map(Into::into),
        }
        .into()
    }

    /// Creates an error for a `path` that could not be read, written or downloaded.
    pub fn io(path: &Path, error: &io::Error) -> Self {
        Self::io_message(path, error.to_string())
    }

    /// Creates an error as [`Error::io`] does, from the text of a cause that is not an [`io::Error`].
    pub fn io_message(path: &Path, message: impl Into<String>) -> Self {
        ErrorKind::Io {
            path: path.into(),
            message: message.into(),
        }
        .into()
    }

    /// Creates an error for a malformed file. `line` and `column` are counted from 1.
    pub fn syntax(
        path: &Path,
        text: &str,
        line: usize,
        column: usize,
        message: impl Into<String>,
    ) -> Self {
        let source = SourceText::new(path, text);
        ErrorKind::Syntax {
            source,
            line,
            column,
            message: message.into(),
        }
        .into()
    }

    /// Creates an error for a file that is malformed at the byte `offset`.
    pub fn syntax_at(path: &Path, text: &str, offset: usize, message: impl Into<String>) -> Self {
        let (line, column) = line_column(text, offset);
        Self::syntax(path, text, line, column, message)
    }

    /// Creates an error from diagnostics. Sorts them and removes duplicates.
    pub fn from_diagnostics(mut diags: Vec<Diagnostic>) -> Self {
        diags.sort();
        diags.dedup();
        ErrorKind::Diagnostics {
            source: None,
            diags,
        }
        .into()
    }

    /// Sets the document that the diagnostics refer to, unless it is set already.
    #[must_use]
    pub fn with_source(mut self, document: SourceText) -> Self {
        if let ErrorKind::Diagnostics {
            source: source @ None,
            ..
        } = &mut *self.0
        {
            *source = Some(document);
        }
        self
    }

    /// Replaces the pointer of every diagnostic, for example by that in another version of the document.
    #[must_use]
    pub fn map_pointers(mut self, map: impl Fn(&Pointer) -> Pointer) -> Self {
        if let ErrorKind::Diagnostics { diags, .. } = &mut *self.0 {
            diags.iter_mut().for_each(|diag| diag.map_pointers(&map));
            diags.sort();
        }
        self
    }

    /// Returns the content of the error.
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// Returns the diagnostics; empty for other kinds of errors.
    pub fn diags(&self) -> &[Diagnostic] {
        match self.kind() {
            ErrorKind::Diagnostics { diags, .. } => diags,
            _ => &[],
        }
    }

    /// Returns the code of the error; with several diagnostics, that of the first.
    pub fn code(&self) -> Code {
        match self.kind() {
            ErrorKind::Io { .. } => Code::Io,
            ErrorKind::Syntax { .. } => Code::Syntax,
            ErrorKind::Diagnostics { diags, .. } => {
                diags.first().map_or(Code::Internal, |diag| diag.code)
            }
            ErrorKind::Message { code, .. } => *code,
        }
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

impl From<Diagnostic> for Error {
    fn from(diag: Diagnostic) -> Self {
        Self::from_diagnostics(vec![diag])
    }
}

impl std::error::Error for Error {}

/// Writes one line per diagnostic: `file:line:column: code: message`, without what is unknown. [`render`] shows more.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind() {
            ErrorKind::Io { path, message } => write!(f, "{}: {message}", path.display()),
            ErrorKind::Syntax {
                source,
                line,
                column,
                message,
            } => {
                write!(f, "{}:{line}:{column}: {message}", source.path.display())
            }
            ErrorKind::Diagnostics { source, diags } => {
                let lines = render::single_lines(source.as_ref(), diags);
                for (i, line) in lines.enumerate() {
                    write!(f, "{}{line}", if i == 0 { "" } else { "\n" })?;
                }
                Ok(())
            }
            ErrorKind::Message { message, .. } => f.write_str(message),
        }
    }
}
