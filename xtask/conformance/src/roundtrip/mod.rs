//! Sends values through generated types and looks at what comes back: `cargo xtask roundtrip`.
//!
//! Nothing but the types and the map of pointers to types comes from the pipeline. Instances are made from the document
//! as it stands (`sample`), a validator confirms them ([`crate::validator`]), a program beside the generated crate reads and
//! writes them (`driver`), and their text is compared (`json`).

mod newer_values;
mod options;
mod program;
mod report;
mod runner;
mod targets;
mod type_index;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::shared::sample::Reach;
use crate::shared::schema_registry::Oracle;
use crate::shared::skipped::Skip;
use crate::shared::source::mended;
use observatory_codegen::Output;
use observatory_codegen::diag::{Code, Error};
use program::Driver;
use targets::{Target, targets};

pub use options::Roundtrip;
pub use report::{Counts, Failure, Report, Row};

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
    let trial = runner::Trial {
        document: &ready.document,
        oracle: &oracle,
        reach: &reach,
        driver: &ready.driver,
        room: &type_index::Room::new(&ready.made.plan),
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
    let room = type_index::Room::new(&ready.made.plan);
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
        runner::given(&ready.driver, &room, target, values, &mut report)?;
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
