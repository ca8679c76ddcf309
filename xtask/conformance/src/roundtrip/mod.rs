//! Sends values through generated types and looks at what comes back: `cargo xtask roundtrip`.
//!
//! Nothing but the types and the map of pointers to types comes from the pipeline. Instances are made from the document
//! as it stands (`sample`), a validator confirms them ([`crate::validator`]), a program beside the generated crate reads and
//! writes them (`driver`), and their text is compared (`json`).

mod driver;
mod future;
pub(crate) mod json;
pub(crate) mod places;
pub(crate) mod program;
pub(crate) mod report;
pub(crate) mod rng;
mod room;
pub(crate) mod sample;
mod targets;
mod trial;

use std::path::{Path, PathBuf};

use crate::validator::Oracle;
use regex::Regex;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use driver::Driver;
use observatory_codegen::config::Config;
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::plan::Runtime;
use observatory_codegen::source;
use observatory_codegen::source::overlay::{self, Overlay};
use observatory_codegen::{Generator, Output};
use sample::Reach;
use targets::{Target, targets};
use xtask::repository::build_root;

pub use report::{Counts, Failure, Report, Row, Skip};

/// A document to try.
#[derive(Clone, Debug)]
pub struct Source {
    /// The document.
    pub document: PathBuf,
    /// Its overlay, if there is one.
    pub overlay: Option<PathBuf>,
    /// Its configuration.
    pub vendor: Config,
    /// What its folder is called.
    pub name: String,
}

impl Source {
    /// Of a document; one of `specs/` brings its overlay and its configuration.
    ///
    /// # Errors
    /// When the configuration cannot be read.
    pub fn of(spec: &Path) -> Result<Self, Error> {
        let folder = vendor_of(spec);
        let vendor = match &folder {
            Some(folder) => Config::load(&folder.join("vendor.toml"))?,
            None => Config::default(),
        };
        let overlay = folder.as_ref().map(|folder| folder.join("overlay.yaml"));
        Ok(Self {
            document: spec.to_path_buf(),
            overlay: overlay.filter(|overlay| overlay.is_file()),
            vendor,
            name: match &folder {
                Some(folder) => format!("specs-{}", name_of(folder)),
                None => name_of(spec),
            },
        })
    }

    /// Generates its crate.
    pub(crate) fn make(&self) -> Result<Output, Error> {
        // What is written by hand beside a generated crate is no part of it here.
        let vendor = Config {
            ext: false,
            ..self.vendor.clone()
        };
        let runtime = program::text(&build_root().join("crates/runtime"))?;
        let mut generator = Generator::new(vendor)
            .package(format!("types-{}", self.name))
            .command("cargo xtask roundtrip")
            .document_name(&self.name)
            .runtime(Runtime::Path(runtime))
            .allow_gaps(true);
        if let Some(overlay) = &self.overlay {
            generator = generator.overlay(overlay);
        }
        Ok(generator.generate(&self.document)?)
    }
}

/// A document with its overlay applied, and nothing else.
pub(crate) fn mended(from: &Source) -> Result<Value, Error> {
    let mut document = source::load(&from.document)?.value;
    if let Some(path) = &from.overlay {
        overlay::apply(&mut document, &Overlay::read(&source::load(path)?)?)?;
    }
    Ok(document)
}

/// What to send through which types.
#[derive(Clone, Debug)]
pub struct Roundtrip {
    /// The document.
    pub source: Source,
    /// The schemas to try, by their pointer.
    pub schemas: Option<Regex>,
    /// Instances of a schema.
    pub count: usize,
    /// Where chance starts from.
    pub seed: u64,
}

/// A value for a schema, given by hand.
#[derive(Debug, Deserialize)]
struct Given {
    pointer: String,
    value: Box<RawValue>,
}

/// Makes instances and sends them through the generated types; `progress` is told which schema comes next.
///
/// # Errors
/// When the document cannot be read or understood, or what is generated does not compile.
pub fn generated(what: &Roundtrip, progress: &mut dyn FnMut(&str)) -> Result<Report, Error> {
    let ready = Ready::new(what, progress)?;
    let oracle = Oracle::new(&ready.document)?;
    let reach = Reach::new(&ready.document);
    let trial = trial::Trial {
        document: &ready.document,
        oracle: &oracle,
        reach: &reach,
        driver: &ready.driver,
        room: &room::Room::new(&ready.made.plan),
        count: what.count,
        seed: what.seed,
    };
    let mut report = Report {
        skipped: ready.skipped,
        ..Report::default()
    };
    let chosen = |target: &&Target| {
        what.schemas
            .as_ref()
            .is_none_or(|schemas| schemas.is_match(&target.pointer))
    };
    let chosen: Vec<&Target> = ready.targets.iter().filter(chosen).collect();
    for (index, target) in chosen.iter().enumerate() {
        if target.repeats {
            continue;
        }
        progress(&format!(
            "{} ({} of {})",
            target.pointer,
            index + 1,
            chosen.len()
        ));
        trial.run(target, &mut report)?;
    }
    Ok(report)
}

/// Sends given values, a JSON line each, through the generated types.
///
/// # Errors
/// As for [`generated`], and when a line is not what it should be.
pub fn given(
    what: &Roundtrip,
    lines: &str,
    progress: &mut dyn FnMut(&str),
) -> Result<Report, Error> {
    let ready = Ready::new(what, progress)?;
    let room = room::Room::new(&ready.made.plan);
    let mut values: Vec<(&Target, Vec<String>)> = Vec::new();
    for (number, line) in lines
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
    {
        let wrong = |why: String| {
            let help = "a line is {\"pointer\": \"#/components/schemas/…\", \"value\": …}";
            Error::new(
                Code::Config,
                format!("instances, line {}: {why}", number + 1),
                Some(help),
            )
        };
        let given: Given = serde_json::from_str(line).map_err(|why| wrong(why.to_string()))?;
        let target = ready
            .targets
            .iter()
            .find(|target| target.pointer == given.pointer);
        let target = target.ok_or_else(|| wrong(format!("no type comes of {}", given.pointer)))?;
        if what
            .schemas
            .as_ref()
            .is_some_and(|schemas| !schemas.is_match(&target.pointer))
        {
            continue;
        }
        let value = given.value.get().to_owned();
        match values
            .iter_mut()
            .find(|(known, _)| std::ptr::eq(*known, target))
        {
            Some((_, values)) => values.push(value),
            None => values.push((target, vec![value])),
        }
    }
    let mut report = Report::default();
    for (target, values) in values {
        progress(&target.pointer);
        trial::given(&ready.driver, &room, target, values, &mut report)?;
    }
    Ok(report)
}

/// A document whose types are compiled.
struct Ready {
    document: Value,
    made: Output,
    targets: Vec<Target>,
    skipped: Vec<Skip>,
    driver: Driver,
}

impl Ready {
    fn new(what: &Roundtrip, progress: &mut dyn FnMut(&str)) -> Result<Self, Error> {
        progress("generating");
        let document = mended(&what.source)?;
        let made = what.source.make()?;
        let (targets, skipped) = targets(&document, &made.plan);
        let mut skipped: Vec<Skip> = skipped
            .into_iter()
            .map(|skip| Skip {
                pointer: skip.pointer,
                why: skip.why.to_owned(),
            })
            .collect();
        skipped.extend(made.diagnostics.iter().map(|gap| Skip {
            pointer: gap.at.0.clone(),
            why: format!("a gap: {}", gap.message),
        }));
        progress("compiling");
        let driver = Driver::build(&what.source.name, &made, &targets)?;
        Ok(Self {
            document,
            made,
            targets,
            skipped,
            driver,
        })
    }
}

/// The file that a document would be looked for under, as a name for a folder.
fn name_of(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let name: String = stem
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    match name.trim_matches('-') {
        "" => "document".to_owned(),
        name => name.to_owned(),
    }
}

/// The vendor whose pinned document a path is, if it is one: then its overlay and its configuration go with it.
fn vendor_of(path: &Path) -> Option<PathBuf> {
    let folder = path.parent()?;
    (path.file_name()? == "openapi.yaml" && folder.join("vendor.toml").is_file())
        .then(|| folder.to_path_buf())
}
