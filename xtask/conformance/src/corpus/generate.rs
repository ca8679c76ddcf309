//! Generates documents in parallel. A time limit and a panic of one document do not affect the others.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::options::CorpusOptions;
use super::outcome::{DocumentOutcome, DocumentResult};
use crate::shared::isolate::{IsolationError, run_isolated};
use observatory_codegen::config::Config;
use observatory_codegen::coverage::measure;
use observatory_codegen::diag::Error;
use observatory_codegen::plan::RuntimeDependency;
use observatory_codegen::{Generator, Output};

/// Generates every document. Returns the results sorted by document.
pub(super) fn generate_all(
    options: &CorpusOptions,
    progress: &mut (dyn FnMut(&str) + Send),
) -> Vec<DocumentResult> {
    let next = AtomicUsize::new(0);
    let state = Mutex::new((Vec::new(), progress));
    let work = || {
        while let Some(document) = options.documents.get(next.fetch_add(1, Ordering::Relaxed)) {
            let result = DocumentResult {
                document: relative_name(options, document),
                outcome: generate_isolated(options, document),
            };
            if let Ok(mut state) = state.lock() {
                let (results, progress) = &mut *state;
                results.push(result);
                let (done, all) = (results.len(), options.documents.len());
                progress(&format!("generating documents: {done} of {all}"));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..options.jobs {
            scope.spawn(work);
        }
    });
    let (mut results, _) = match state.into_inner() {
        Ok(state) => state,
        Err(poisoned) => poisoned.into_inner(),
    };
    results.sort_by(|a, b| a.document.cmp(&b.document));
    results
}

/// Returns the path of a document relative to the folder, so that reports are equal on every machine.
fn relative_name(options: &CorpusOptions, document: &Path) -> String {
    let relative = document.strip_prefix(&options.folder).unwrap_or(document);
    relative.to_string_lossy().into_owned()
}

fn generate_isolated(options: &CorpusOptions, document: &Path) -> DocumentOutcome {
    let path = document.to_path_buf();
    match run_isolated(options.time_limit, move || classify_outcome(&path)) {
        Ok(outcome) => outcome,
        Err(IsolationError::Panic(message)) => DocumentOutcome::Panicked(message),
        Err(IsolationError::Timeout) => DocumentOutcome::TimedOut,
        Err(IsolationError::Spawn(error)) => DocumentOutcome::Rejected(Error::io(document, &error)),
    }
}

/// Generates a document and classifies the outcome.
fn classify_outcome(document: &Path) -> DocumentOutcome {
    let generated = match generate_document(document, "corpus", RuntimeDependency::Workspace) {
        Ok(generated) => generated,
        Err(error) => return DocumentOutcome::Rejected(error),
    };
    let coverage = measure("corpus", &generated);
    let (operations, schemas) = (coverage.operations, coverage.schemas);
    if !coverage.gaps.is_empty() {
        return DocumentOutcome::Gaps(coverage.gaps);
    }
    if !coverage.is_complete() {
        return DocumentOutcome::Incomplete(format!(
            "{} of {} operations, {} of {} schemas",
            operations.generated, operations.document, schemas.generated, schemas.document
        ));
    }
    let files = generated.plan.models.iter();
    DocumentOutcome::Generated {
        operations: operations.generated,
        types: files.map(|file| file.types.len()).sum(),
    }
}

/// Generates the crate of a document, in memory.
pub(super) fn generate_document(
    document: &Path,
    package: &str,
    runtime: RuntimeDependency,
) -> Result<Output, Error> {
    let generator = Generator::new(Config::default())
        .package(package)
        .command("cargo xtask corpus")
        .runtime(runtime)
        .allow_gaps(true);
    Ok(generator.generate(document)?)
}
