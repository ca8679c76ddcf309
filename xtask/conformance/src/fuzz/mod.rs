//! Generates mutated documents and checks the generator's guarantees: `cargo xtask fuzz`.
//!
//! The generator may reject a document. It must not panic, exceed the time limit, write outside the crate, write files
//! that do not parse, or print control characters.

mod hostile_text;
mod mutant;
mod mutate;
mod options;
mod slice;

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use serde_json::{Map, Value};

use crate::shared::isolate::{IsolationError, run_isolated};
use crate::shared::rng::Rng;
use mutant::{MutantOutcome, check_mutant, generate};
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::lock::NamesLock;
use observatory_codegen::source;

pub use options::{FuzzOptions, FuzzSummary};

/// Fuzzing stops after this number of failures.
const MAX_FAILURES: usize = 20;

/// Documents with more paths are reduced to a few operations before the mutation.
const MAX_PATHS: usize = 8;

/// A document to mutate.
struct BaseDocument {
    /// The file stem, which becomes part of the package name.
    name: String,
    value: Value,
}

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
            let recorded = result.and_then(|(text, outcome)| {
                record_outcome(options, counts, number, &text, outcome)
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
        })
    });
    let bases: Vec<BaseDocument> = bases.collect();
    if bases.is_empty() {
        return Err(Error::new(
            Code::Io,
            "no document to mutate was found",
            Some("name a folder of OpenAPI documents with --documents"),
        ));
    }
    Ok(bases)
}

/// Makes a mutant and generates it. Its text is in `current/` until the next one of the same job: it remains there if
/// the process terminates.
fn run_mutant(
    options: &FuzzOptions,
    bases: &[BaseDocument],
    number: u64,
    job: usize,
) -> Result<(String, MutantOutcome), Error> {
    let mut rng = Rng::new(options.seed, &number.to_string());
    let Some(base) = rng.pick(bases) else {
        return Ok((String::new(), MutantOutcome::Rejected));
    };
    let paths = base.value.get("paths").and_then(Value::as_object);
    let original = match paths.map(Map::len) {
        Some(count) if count <= MAX_PATHS => base.value.clone(),
        _ => slice::select_operations(&base.value, &mut rng),
    };
    let mutant = mutate::mutate(&original, &mut rng);
    let text = hostile_text::to_text(&mutant, &mut rng);
    let current = options.folder.join("current").join(format!("{job}.json"));
    fs::write(&current, &text).map_err(|error| Error::io(&current, &error))?;
    let (name, mutant) = (base.name.clone(), text.clone());
    let outcome = run_isolated(options.time_limit, move || {
        // Every second mutant uses the names lock of the original.
        let lock = number
            .is_multiple_of(2)
            .then(|| generate(&original.to_string(), &name, NamesLock::default()));
        let lock = lock
            .and_then(Result::ok)
            .map(|generated| generated.plan.lock);
        check_mutant(&mutant, &name, lock.unwrap_or_default())
    });
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(IsolationError::Panic(message)) => MutantOutcome::Failed(format!("panic: {message}")),
        Err(IsolationError::Timeout) => {
            MutantOutcome::Failed(format!("not finished after {:?}", options.time_limit))
        }
        Err(IsolationError::Spawn(error)) => return Err(Error::io(&current, &error)),
    };
    Ok((text, outcome))
}

/// Counts an outcome. Writes failing mutants and the sample to their folders.
fn record_outcome(
    options: &FuzzOptions,
    summary: &mut FuzzSummary,
    number: u64,
    text: &str,
    outcome: MutantOutcome,
) -> Result<(), Error> {
    summary.mutants += 1;
    let write = |folder: &str| {
        let name = format!("{}-{number}.json", options.seed);
        let path = options.folder.join(folder).join(name);
        fs::write(&path, text).map_err(|error| Error::io(&path, &error))?;
        Ok::<PathBuf, Error>(path)
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
