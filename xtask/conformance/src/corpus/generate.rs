//! One document after the other, several at once: none may hang, and none may take the others down.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::options::Corpus;
use super::outcome::{Ending, Outcome};
use crate::shared::isolate::{Failure, guarded};
use observatory_codegen::cli::progress::Progress;
use observatory_codegen::config::Config;
use observatory_codegen::coverage::measure;
use observatory_codegen::diag::Error;
use observatory_codegen::plan::Runtime;
use observatory_codegen::{Generator, Output};

/// What came of every document, in their order.
pub(super) fn generate(asked: &Corpus) -> Vec<Outcome> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let progress = Mutex::new(Progress::start());
    let work = || {
        while let Some(document) = asked.documents.get(next.fetch_add(1, Ordering::Relaxed)) {
            let outcome = Outcome {
                document: name(asked, document),
                ending: within_limits(asked, document),
            };
            if let (Ok(mut done), Ok(mut progress)) = (done.lock(), progress.lock()) {
                done.push(outcome);
                progress.next(&format!("{} of {}", done.len(), asked.documents.len()));
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..asked.jobs {
            scope.spawn(work);
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by(|a, b| a.document.cmp(&b.document));
    done
}

/// A document's path below the folder: what is printed holds nothing of this machine.
pub(super) fn name(asked: &Corpus, document: &Path) -> String {
    let below = document.strip_prefix(&asked.folder).unwrap_or(document);
    below.to_string_lossy().into_owned()
}

/// Generates one document on a thread of its own.
fn within_limits(asked: &Corpus, document: &Path) -> Ending {
    let path = document.to_path_buf();
    match guarded(asked.time_limit, move || ending(&path)) {
        Ok(ending) => ending,
        Err(Failure::Panic(what)) => Ending::Panic(what),
        Err(Failure::TooSlow) => Ending::TooSlow,
        Err(Failure::NoThread(why)) => Ending::Refused(Error::io(document, &why)),
    }
}

fn ending(document: &Path) -> Ending {
    let made = match generated(document, "corpus", Runtime::Workspace) {
        Ok(made) => made,
        Err(error) => return Ending::Refused(error),
    };
    let coverage = measure("corpus", &made);
    let (operations, schemas) = (coverage.operations, coverage.schemas);
    if !coverage.gaps.is_empty() {
        return Ending::Gaps(coverage.gaps);
    }
    if !coverage.is_whole() {
        return Ending::Incomplete(format!(
            "{} of {} operations, {} of {} schemas",
            operations.generated, operations.document, schemas.generated, schemas.document
        ));
    }
    Ending::Whole {
        operations: operations.generated,
        types: made.plan.models.iter().map(|file| file.types.len()).sum(),
    }
}

/// Generates a document's crate, in memory.
pub(super) fn generated(document: &Path, name: &str, runtime: Runtime) -> Result<Output, Error> {
    let generator = Generator::new(Config::default())
        .package(name)
        .command("cargo xtask corpus")
        .runtime(runtime)
        .allow_gaps(true);
    Ok(generator.generate(document)?)
}
