//! Sends mutated instances through the generated types.
//!
//! A type may reject a mutant. The program must not terminate, and what a type accepts must come back: nothing may change
//! but what the type drops, see [`TypeIndex`].

mod mutate;
mod node;

use std::time::{Duration, Instant};

use serde::Serialize;

use super::runner::RoundtripRunner;
use super::targets::Target;
use super::type_index::TypeIndex;
use super::{CompiledDocument, RoundtripFailure, RoundtripOptions};
use crate::shared::json_diff::{Change, PathStep, first_difference, json_path, truncated};
use crate::shared::rng::Rng;
use crate::shared::sample::RecursiveSchemas;
use crate::shared::schema_registry::SchemaRegistry;
use node::Node;
use observatory_codegen::diag::Error;

/// The mutants of one instance.
const MUTANTS_PER_INSTANCE: usize = 8;

/// The instances of a schema in one round.
const INSTANCES: usize = 2;

/// The largest mutant in bytes: long ones take the time of many short ones.
const MAX_BYTES: usize = 100_000;

/// Stops after this number of failures.
const MAX_FAILURES: usize = 40;

/// The result of sending mutants.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MutantReport {
    /// The number of mutants.
    pub sent: usize,
    /// The mutants that their type accepted.
    pub accepted: usize,
    /// The mutants that terminated the program or came back changed.
    pub failures: Vec<RoundtripFailure>,
}

/// Sends mutants of all schemas until `duration` has passed, at least one round. `progress` is called with each step.
///
/// # Errors
/// As [`send_samples`](super::send_samples).
pub fn send_mutants(
    options: &RoundtripOptions,
    duration: Duration,
    progress: &mut dyn FnMut(&str),
) -> Result<MutantReport, Error> {
    let compiled = CompiledDocument::new(options, progress)?;
    let schemas = SchemaRegistry::new(&compiled.document)?;
    let recursive = RecursiveSchemas::new(&compiled.document);
    let types = TypeIndex::new(&compiled.generated.plan);
    let targets = compiled.targets.iter();
    let targets: Vec<&Target> = targets
        .filter(|target| !target.is_duplicate && super::is_selected(options, target))
        .collect();
    let mut report = MutantReport::default();
    let start = Instant::now();
    for round in 0.. {
        let runner = RoundtripRunner {
            document: &compiled.document,
            schemas: &schemas,
            recursive: &recursive,
            program: &compiled.program,
            types: &types,
            count: INSTANCES,
            seed: options.seed.wrapping_add(round),
        };
        for target in &targets {
            progress(&format!("round {round}: {}", target.pointer));
            send_mutants_of(&runner, target, &mut report)?;
            let is_late = round > 0 && start.elapsed() >= duration;
            if is_late || report.failures.len() >= MAX_FAILURES {
                return Ok(report);
            }
        }
        if targets.is_empty() || start.elapsed() >= duration {
            break;
        }
    }
    Ok(report)
}

fn send_mutants_of(
    runner: &RoundtripRunner<'_>,
    target: &Target,
    report: &mut MutantReport,
) -> Result<(), Error> {
    let validator = runner.schemas.validator(&target.schema)?;
    let (samples, _) = runner.make_samples(target, &validator);
    let mut rng = Rng::new(runner.seed, &format!("mutants {}", target.pointer));
    let mut texts = Vec::new();
    for sample in &samples {
        for _ in 0..MUTANTS_PER_INSTANCE {
            let mut node = Node::from(&sample.value);
            mutate::mutate(&mut node, &mut rng);
            let mut text = String::new();
            node.write(&mut text);
            if text.len() < MAX_BYTES {
                texts.push(text);
            }
        }
    }
    let results = runner.program.send(target, &texts)?;
    for (text, result) in texts.iter().zip(results) {
        report.sent += 1;
        report.accepted += usize::from(result.is_ok());
        let Some((kind, path, message)) = find_failure(runner.types, target, text, &result) else {
            continue;
        };
        report.failures.push(RoundtripFailure {
            pointer: target.pointer.clone(),
            kind,
            path,
            message,
            value: truncated(text),
        });
    }
    Ok(())
}

type Failure = (&'static str, String, String);

fn find_failure(
    types: &TypeIndex<'_>,
    target: &Target,
    text: &str,
    result: &Result<String, String>,
) -> Option<Failure> {
    let encoded = match result {
        Ok(encoded) => encoded,
        Err(error) if error == super::program::TERMINATED => {
            return Some(("terminated", "$".to_owned(), error.clone()));
        }
        Err(_) => return None,
    };
    let is_allowed = |path: &[PathStep], change: Change<'_>| match change {
        Change::Missing { is_null } => {
            is_null && types.can_read_null_as_absent(&target.ty, path)
                || types.can_drop_unknown_property(&target.ty, path)
        }
        Change::Added { is_null } => {
            is_null && types.can_add_null(&target.ty, path)
                || types.can_add_constant(&target.ty, path)
        }
        Change::Changed { before, after } => {
            is_nearest_float(before, after) && types.can_round(&target.ty, path, before)
        }
    };
    match first_difference(text, encoded, &is_allowed) {
        Ok(difference) => difference.map(|difference| {
            let path = json_path(&difference.path);
            ("changed", path, difference.description)
        }),
        Err(error) => {
            let message = format!("accepted although it is not JSON: {error}");
            Some(("invalid", "$".to_owned(), message))
        }
    }
}

/// Returns whether a number became the float that is nearest to it. A number that no float is near to must be rejected.
fn is_nearest_float(before: &str, after: &str) -> bool {
    match (before.parse::<f64>(), after.parse::<f64>()) {
        (Ok(before), Ok(after)) => before.is_finite() && before == after,
        _ => false,
    }
}
