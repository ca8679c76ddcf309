//! The outcome of generating a document.

use observatory_codegen::coverage::Gap;
use observatory_codegen::diag::{Code, Error, ErrorKind};

/// The results of generating a corpus of documents.
#[derive(Clone, Debug, Default)]
pub struct CorpusReport {
    /// The results, sorted by document.
    pub results: Vec<DocumentResult>,
    /// The number of compiled crates.
    pub compiled: usize,
}

/// The result of generating one document.
#[derive(Clone, Debug)]
pub struct DocumentResult {
    /// The path of the document, relative to the folder.
    pub document: String,
    /// The outcome.
    pub outcome: DocumentOutcome,
}

/// The outcome of generating a document.
#[derive(Clone, Debug)]
pub enum DocumentOutcome {
    /// Every operation and every schema was generated.
    Generated {
        /// The number of operations.
        operations: usize,
        /// The number of types.
        types: usize,
    },
    /// The generator rejected the document.
    Rejected(Error),
    /// The generator does not support parts of the document.
    Gaps(Vec<Gap>),
    /// An operation or schema is missing without a gap.
    Incomplete(String),
    /// The generator panicked.
    Panicked(String),
    /// The generator exceeded the time limit.
    TimedOut,
    /// The generated crate does not compile: the first error.
    CompileError(String),
}

impl CorpusReport {
    /// Returns the documents whose outcome is a fault of the generator.
    pub fn generator_faults(&self) -> impl Iterator<Item = &DocumentResult> {
        let results = self.results.iter();
        results.filter(|result| result.outcome.is_generator_fault())
    }

    /// Returns the number of documents that were generated completely.
    pub fn generated_count(&self) -> usize {
        let results = self.results.iter();
        results
            .filter(|result| matches!(result.outcome, DocumentOutcome::Generated { .. }))
            .count()
    }
}

impl DocumentOutcome {
    /// Returns the name under which the outcome is counted.
    pub fn cause(&self) -> String {
        match self {
            Self::Generated { .. } => "generated".to_owned(),
            Self::Rejected(error) => format!("rejected: {}", error.code()),
            Self::Gaps(gaps) => {
                let mut all = gaps.iter();
                let gap = all.find(|gap| !is_document_error(&gap.code));
                if gap.is_none() && gaps.iter().any(is_unresolvable_reference) {
                    return "unresolvable references".to_owned();
                }
                let code = gap.or(gaps.first()).map_or("none", |gap| gap.code.as_str());
                format!("gap: {code}")
            }
            Self::Incomplete(_) => "incomplete".to_owned(),
            Self::Panicked(_) => "panic".to_owned(),
            Self::TimedOut => "timeout".to_owned(),
            Self::CompileError(_) => "does not compile".to_owned(),
        }
    }

    /// Returns whether the outcome is a fault of the generator and not of the document.
    pub fn is_generator_fault(&self) -> bool {
        match self {
            Self::Generated { .. } => false,
            Self::Rejected(error) => !names_document_error(error),
            Self::Gaps(gaps) => gaps.iter().any(|gap| !is_document_error(&gap.code)),
            Self::Incomplete(_) | Self::Panicked(_) | Self::TimedOut | Self::CompileError(_) => {
                true
            }
        }
    }

    /// Returns the reason in one line; `None` for a generated document.
    pub fn reason(&self) -> Option<String> {
        Some(match self {
            Self::Generated { .. } => return None,
            Self::Rejected(error) => rejection_reason(error),
            Self::Gaps(gaps) => {
                let Gap {
                    code,
                    pointer,
                    line,
                    message,
                    ..
                } = gaps.first()?;
                let others = count_others(gaps.len());
                format!("{line}: {code}: {message} ({pointer}){others}")
            }
            Self::Incomplete(reason) | Self::Panicked(reason) | Self::CompileError(reason) => {
                reason.clone()
            }
            Self::TimedOut => "the time limit was exceeded".to_owned(),
        })
    }
}

/// Returns the first line of an error without the path of the document.
fn rejection_reason(error: &Error) -> String {
    let text = error.to_string();
    let first = text.lines().next().unwrap_or_default();
    let path = match error.kind() {
        ErrorKind::Diagnostics {
            source: Some(source),
            ..
        }
        | ErrorKind::Syntax { source, .. } => source.path.display().to_string(),
        _ => String::new(),
    };
    let first = first.strip_prefix(&path).unwrap_or(first);
    let others = count_others(error.diags().len());
    format!("{}{others}", first.trim_start_matches(':'))
}

fn count_others(count: usize) -> String {
    match count {
        0 | 1 => String::new(),
        count => format!(" (and {} more)", count - 1),
    }
}

/// Returns whether an error names a place where the document itself is wrong.
fn names_document_error(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Syntax { .. } => true,
        ErrorKind::Diagnostics { diags, .. } => {
            diags.iter().all(|diag| diag.code != Code::Internal)
        }
        ErrorKind::Message { code, .. } => *code == Code::TooBig,
        ErrorKind::Io { .. } => false,
    }
}

fn is_unresolvable_reference(gap: &Gap) -> bool {
    let code = Code::from_name(&gap.code);
    matches!(code, Some(Code::DanglingRef | Code::ExternalRef))
}

fn is_document_error(code: &str) -> bool {
    Code::from_name(code).is_some_and(Code::is_document_error)
}
