//! Generates mutated documents and checks the generator's guarantees: `cargo xtask fuzz`.
//!
//! The generator may reject a document. It must not panic, exceed the time limit, write outside the crate, write files
//! that do not parse, or print control characters.

mod hostile_text;
mod mutant;
mod mutate;
mod options;
mod overlay;
mod slice;
mod yaml;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Instant;

use serde_json::{Map, Value};

use crate::shared::isolate::{IsolationError, run_isolated};
use crate::shared::rng::Rng;
use mutant::{Mutant, MutantOutcome, check_mutant, generate};
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::lock::NamesLock;
use observatory_codegen::source;

pub use options::{FuzzOptions, FuzzSummary, MutantKind};

/// Fuzzing stops after this number of failures.
const MAX_FAILURES: usize = 20;

/// Documents with more paths are reduced to a few operations before the mutation.
const MAX_PATHS: usize = 8;

/// A document to mutate.
struct BaseDocument {
    /// The file stem, which becomes part of the package name.
    name: String,
    value: Value,
    text: Arc<str>,
}

/// The largest YAML text that is mutated: changes of a larger one rarely hit a relevant place.
const MAX_YAML_BYTES: usize = 30_000;

/// Generates mutants in parallel. `report` is called with the summary after every mutant.
///
/// # Errors
/// When no document can be read, or a mutant cannot be written.
pub fn run_fuzz(
    options: &FuzzOptions,
    report: &(dyn Fn(&FuzzSummary) + Sync),
) -> Result<FuzzSummary, Error> {
    let bases = load_bases(options)?;
    for folder in ["failures", "sample", "current"] {
        let folder = options.folder.join(folder);
        fs::create_dir_all(&folder).map_err(|error| Error::io(&folder, &error))?;
    }
    let (next, summary) = (AtomicU64::new(0), Mutex::new(Ok(FuzzSummary::default())));
    let started = Instant::now();
    let work = |job: usize| {
        while started.elapsed() < options.duration {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= options.count {
                return;
            }
            let result = run_mutant(options, &bases, number, job);
            let Ok(mut summary) = summary.lock() else {
                return;
            };
            let Ok(counts) = summary.as_mut() else { return };
            let recorded = result.and_then(|(mutant, outcome)| {
                record_outcome(options, counts, number, &mutant, outcome)
            });
            if let Err(error) = recorded {
                *summary = Err(error);
                return;
            }
            if counts.failures.len() >= MAX_FAILURES {
                return;
            }
            report(counts);
        }
    };
    thread::scope(|scope| {
        for job in 0..options.jobs.max(1) {
            let work = &work;
            scope.spawn(move || work(job));
        }
    });
    let summary = summary.into_inner();
    summary.unwrap_or_else(|_| Ok(FuzzSummary::default()))
}

/// Loads the documents to mutate. Files that are not documents are ignored.
fn load_bases(options: &FuzzOptions) -> Result<Vec<BaseDocument>, Error> {
    let paths = options.documents.iter();
    let bases = paths.filter_map(|path| {
        let raw = source::load(path).ok()?;
        let name = path
            .file_stem()
            .map(|name| name.to_string_lossy().into_owned());
        Some(BaseDocument {
            name: name.unwrap_or_default(),
            value: raw.value,
            text: raw.text,
        })
    });
    let bases =
        bases.filter(|base| options.kind != MutantKind::Yaml || base.text.len() <= MAX_YAML_BYTES);
    let bases: Vec<BaseDocument> = bases.collect();
    if bases.is_empty() {
        return Err(no_documents());
    }
    Ok(bases)
}

fn no_documents() -> Error {
    Error::new(
        Code::Io,
        "no document to mutate was found",
        Some("name a folder of OpenAPI documents with --documents"),
    )
}

/// Makes a mutant and generates it. Its text is in `current/` until the next one of the same job: it remains there if
/// the process terminates.
fn run_mutant(
    options: &FuzzOptions,
    bases: &[BaseDocument],
    number: u64,
    job: usize,
) -> Result<(Mutant, MutantOutcome), Error> {
    let mut rng = Rng::new(options.seed, &number.to_string());
    let Some(base) = rng.pick(bases) else {
        return Err(no_documents());
    };
    let (original, mutant) = make_mutant(options.kind, base, &mut rng);
    let name = job.to_string();
    let folder = options.folder.join("current");
    write_mutant(&mutant, &folder, &name)?;
    let sent = mutant.clone();
    let outcome = run_isolated(options.time_limit, move || {
        // Every second mutant uses the names lock of the original.
        let lock = number
            .is_multiple_of(2)
            .then(|| generate(&original, NamesLock::default()));
        let lock = lock
            .and_then(Result::ok)
            .map(|generated| generated.plan.lock);
        check_mutant(&sent, lock.unwrap_or_default())
    });
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(IsolationError::Panic(message)) => MutantOutcome::Failed(format!("panic: {message}")),
        Err(IsolationError::Timeout) => {
            MutantOutcome::Failed(format!("not finished after {:?}", options.time_limit))
        }
        Err(IsolationError::Spawn(error)) => return Err(Error::io(&folder, &error)),
    };
    Ok((mutant, outcome))
}

/// Returns a document and a mutant of it.
fn make_mutant(kind: MutantKind, base: &BaseDocument, rng: &mut Rng) -> (Mutant, Mutant) {
    let mutant = |document: String, extension| Mutant {
        name: base.name.clone(),
        document,
        extension,
        overlay: None,
    };
    if kind == MutantKind::Yaml {
        let changed = yaml::mutate_yaml(&base.text, rng);
        return (
            mutant(base.text.to_string(), "yaml"),
            mutant(changed, "yaml"),
        );
    }
    let paths = base.value.get("paths").and_then(Value::as_object);
    let document = match paths.map(Map::len) {
        Some(count) if count <= MAX_PATHS => base.value.clone(),
        _ => slice::select_operations(&base.value, rng),
    };
    let original = mutant(document.to_string(), "json");
    let changed = match kind {
        MutantKind::Overlay => Mutant {
            overlay: Some(overlay::make_overlay(&document, rng)),
            ..original.clone()
        },
        _ => {
            let changed = mutate::mutate(&document, rng);
            mutant(hostile_text::to_text(&changed, rng), "json")
        }
    };
    (original, changed)
}

/// Writes the files of a mutant. Returns the path of its document.
fn write_mutant(mutant: &Mutant, folder: &Path, name: &str) -> Result<PathBuf, Error> {
    let mut document = None;
    for (extension, text) in mutant.files() {
        let path = folder.join(format!("{name}.{extension}"));
        fs::write(&path, text).map_err(|error| Error::io(&path, &error))?;
        document.get_or_insert(path);
    }
    Ok(document.unwrap_or_default())
}

/// Counts an outcome. Writes failing mutants and the sample to their folders.
fn record_outcome(
    options: &FuzzOptions,
    summary: &mut FuzzSummary,
    number: u64,
    mutant: &Mutant,
    outcome: MutantOutcome,
) -> Result<(), Error> {
    summary.mutants += 1;
    let write = |folder: &str| {
        let name = format!("{}-{number}", options.seed);
        write_mutant(mutant, &options.folder.join(folder), &name)
    };
    match outcome {
        MutantOutcome::Rejected => summary.rejected += 1,
        MutantOutcome::Gaps => summary.gaps += 1,
        MutantOutcome::Generated => {
            summary.generated += 1;
            if summary.sample.len() < options.sample {
                summary.sample.push(write("sample")?);
            }
        }
        MutantOutcome::Failed(reason) => summary.failures.push((write("failures")?, reason)),
    }
    Ok(())
}
