//! Documents as nobody writes them, through the whole pipeline: it may refuse them, but it does not panic, it comes to
//! an end, it writes nothing outside the crate, and what it writes is Rust.

mod hostile_text;
mod mutate;
mod slice;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::shared::isolate::{Failure, guarded};
use crate::shared::rng::Rng;
use observatory_codegen::config::Config;
use observatory_codegen::diag::{Code, ColorChoice, Error, render, render_diagnostics};
use observatory_codegen::files::{Mode, write_files};
use observatory_codegen::lock::NamesLock;
use observatory_codegen::source;
use observatory_codegen::{Generator, Input, Output};

/// After so many finds there is enough to do.
const ENOUGH: usize = 20;

/// How long a file's name may be; file systems take 255 bytes, some of which are needed until a file is whole.
const LONGEST: usize = 200;

/// What to do.
#[derive(Clone, Debug)]
pub struct Fuzz {
    /// The documents to change.
    pub documents: Vec<PathBuf>,
    /// What the changes are chosen by.
    pub seed: u64,
    /// How many mutants at most.
    pub count: u64,
    /// How long at most.
    pub time: Duration,
    /// How long one mutant may take.
    pub time_limit: Duration,
    /// How many at once.
    pub jobs: usize,
    /// Where finds are kept, and a sample of what is generated whole.
    pub folder: PathBuf,
    /// How many mutants to put into the sample.
    pub sample: usize,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How many mutants.
    pub tried: u64,
    /// How many were refused.
    pub refused: u64,
    /// How many had gaps.
    pub gaps: u64,
    /// How many were generated whole.
    pub whole: u64,
    /// Mutants that did what none may, and what that was.
    pub finds: Vec<(PathBuf, String)>,
    /// Mutants that were generated whole, to compile.
    pub sample: Vec<PathBuf>,
}

/// What came of a mutant.
enum Ending {
    Refused,
    Gaps,
    Whole,
    /// It did what none may.
    Found(String),
}

/// A document to change, and the names that its crate has.
struct Base {
    name: String,
    value: Value,
}

/// Makes mutants and runs them. `told` hears how it goes, now and then.
///
/// # Errors
/// When a document cannot be read, or a find not kept.
pub fn fuzz(asked: &Fuzz, told: &(dyn Fn(&Tally) + Sync)) -> Result<Tally, Error> {
    let mut bases = Vec::new();
    for path in &asked.documents {
        // What cannot be read is no base for anything.
        if let Ok(raw) = source::load(path) {
            let name = path
                .file_stem()
                .map(|name| name.to_string_lossy().into_owned());
            bases.push(Base {
                name: name.unwrap_or_default(),
                value: raw.value,
            });
        }
    }
    if bases.is_empty() {
        return Err(Error::new(Code::Io, "there is no document to change", None));
    }
    for folder in ["finds", "sample", "now"] {
        let folder = asked.folder.join(folder);
        fs::create_dir_all(&folder).map_err(|why| Error::io(&folder, &why))?;
    }
    let (next, tally) = (AtomicU64::new(0), Mutex::new(Ok(Tally::default())));
    let started = Instant::now();
    let work = |job: usize| {
        while started.elapsed() < asked.time {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= asked.count {
                return;
            }
            let done = one(asked, &bases, number, job);
            let Ok(mut tally) = tally.lock() else { return };
            let Ok(all) = tally.as_mut() else { return };
            let counted = done.and_then(|(text, ending)| count(asked, all, number, &text, ending));
            if let Err(why) = counted {
                *tally = Err(why);
                return;
            }
            if all.finds.len() >= ENOUGH {
                return;
            }
            told(all);
        }
    };
    thread::scope(|scope| {
        for job in 0..asked.jobs.max(1) {
            let work = &work;
            scope.spawn(move || work(job));
        }
    });
    tally.into_inner().unwrap_or_else(|_| Ok(Tally::default()))
}

/// Makes a mutant and runs it. It is kept while it runs: what takes the whole process down can be found there.
fn one(asked: &Fuzz, bases: &[Base], number: u64, job: usize) -> Result<(String, Ending), Error> {
    let mut rng = Rng::new(asked.seed, &number.to_string());
    let Some(base) = rng.pick(bases) else {
        return Ok((String::new(), Ending::Refused));
    };
    let part = match base
        .value
        .get("paths")
        .and_then(Value::as_object)
        .map(serde_json::Map::len)
    {
        Some(few) if few <= 8 => base.value.clone(),
        _ => slice::slice(&base.value, &mut rng),
    };
    let text = hostile_text::text(&mutate::mutant(&part, &mut rng), &mut rng);
    let now = asked.folder.join("now").join(format!("{job}.json"));
    fs::write(&now, &text).map_err(|why| Error::io(&now, &why))?;
    let (name, own) = (base.name.clone(), text.clone());
    let ending = guarded(asked.time_limit, move || {
        // Half of the mutants meet the names that their document had before.
        let lock = number
            .is_multiple_of(2)
            .then(|| run(&part.to_string(), &name, NamesLock::default()));
        let lock = lock.and_then(Result::ok).map(|made| made.plan.lock);
        ending(&own, &name, lock.unwrap_or_default())
    });
    let ending = match ending {
        Ok(ending) => ending,
        Err(Failure::Panic(what)) => Ending::Found(format!("panic: {what}")),
        Err(Failure::TooSlow) => Ending::Found(format!("not done after {:?}", asked.time_limit)),
        Err(Failure::NoThread(why)) => return Err(Error::io(&now, &why)),
    };
    Ok((text, ending))
}

fn count(
    asked: &Fuzz,
    all: &mut Tally,
    number: u64,
    text: &str,
    ending: Ending,
) -> Result<(), Error> {
    all.tried += 1;
    let keep = |folder: &str| {
        let path = asked
            .folder
            .join(folder)
            .join(format!("{}-{number}.json", asked.seed));
        fs::write(&path, text).map_err(|why| Error::io(&path, &why))?;
        Ok::<PathBuf, Error>(path)
    };
    match ending {
        Ending::Refused => all.refused += 1,
        Ending::Gaps => all.gaps += 1,
        Ending::Whole => {
            all.whole += 1;
            if all.sample.len() < asked.sample {
                all.sample.push(keep("sample")?);
            }
        }
        Ending::Found(what) => all.finds.push((keep("finds")?, what)),
    }
    Ok(())
}

fn run(text: &str, name: &str, lock: NamesLock) -> Result<Output, Error> {
    let generator = Generator::new(Config::default())
        .package(format!("mutant-{}", name.replace(['_', '.'], "-")))
        .command("cargo xtask fuzz")
        .lock(lock)
        .allow_gaps(true);
    Ok(generator.generate(Input::text("mutant.json", text))?)
}

/// Runs a mutant, and looks at all that comes of it.
fn ending(text: &str, name: &str, lock: NamesLock) -> Ending {
    let made = match run(text, name, lock) {
        Ok(made) => made,
        Err(error) => {
            let told = render(&error, ColorChoice::Never);
            return match control(&told) {
                Some(c) => Ending::Found(format!("a message with {c:?}")),
                None => Ending::Refused,
            };
        }
    };
    let told = render_diagnostics(&made.diagnostics, &made.raw.source(), ColorChoice::Never);
    if let Some(c) = control(&told) {
        return Ending::Found(format!("a message with {c:?}"));
    }
    match wrong(&made) {
        Some(what) => Ending::Found(what),
        None if made.diagnostics.is_empty() => Ending::Whole,
        None => Ending::Gaps,
    }
}

/// What is wrong with the files, if anything.
fn wrong(made: &Output) -> Option<String> {
    if let Err(error) = write_files(&made.files, Path::new("nowhere"), Mode::DryRun) {
        return Some(render(&error, ColorChoice::Never));
    }
    for (path, text) in made.files.iter() {
        if path.split('/').any(|name| name.len() > LONGEST) {
            return Some(format!("{path}: too long a name for a file"));
        }
        if let Some(c) = control(text) {
            return Some(format!("{path}: {c:?} in the text"));
        }
        let ending = Path::new(path)
            .extension()
            .and_then(|ending| ending.to_str());
        let fault = match ending {
            Some("rs") => syn::parse_file(text).err().map(|why| why.to_string()),
            Some("toml") => text.parse::<toml::Table>().err().map(|why| why.to_string()),
            _ => None,
        };
        if let Some(fault) = fault {
            return Some(format!("{path}: {fault}"));
        }
    }
    match toml::from_str::<NamesLock>(&made.lock) {
        Ok(read) if read == made.plan.lock => None,
        Ok(_) => Some("names.lock reads back as something else".to_owned()),
        Err(why) => Some(format!("names.lock: {why}")),
    }
}

/// A character that makes a terminal or an editor show something else than there is.
fn control(text: &str) -> Option<char> {
    let shows_wrong = |c: &char| match c {
        '\n' | '\t' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        c => c.is_control(),
    };
    text.chars().find(shows_wrong)
}
