//! Sends values through the generated types and compares them: `cargo xtask roundtrip`.
//!
//! Only the types and their pointers come from the generator. Instances are sampled from the document before
//! normalization and confirmed by a JSON Schema validator. A program that uses the generated crate (`program`) decodes
//! and encodes them, and the texts are compared.

mod mutants;
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

use crate::shared::sample::RecursiveSchemas;
use crate::shared::schema_registry::SchemaRegistry;
use crate::shared::skipped::Skipped;
use observatory_codegen::Output;
use observatory_codegen::diag::{Code, Error};
use program::RoundtripProgram;
use runner::{RoundtripRunner, send_instances};
use targets::{Target, find_targets};
use type_index::TypeIndex;

pub use mutants::{MutantReport, send_mutants};
pub use options::RoundtripOptions;
pub use report::{RoundtripFailure, RoundtripReport, SchemaReport, ValueCounts};

/// A value for a schema: one line of the instances file.
#[derive(Debug, Deserialize)]
struct InstanceLine {
    pointer: String,
    value: Box<RawValue>,
}

/// Samples instances and sends them through the generated types. `progress` is called with each step.
///
/// # Errors
/// When the document cannot be generated, or the generated crate does not compile.
pub fn send_samples(
    options: &RoundtripOptions,
    progress: &mut dyn FnMut(&str),
) -> Result<RoundtripReport, Error> {
    let compiled = CompiledDocument::new(options, progress)?;
    let runner = RoundtripRunner {
        document: &compiled.document,
        schemas: &SchemaRegistry::new(&compiled.document)?,
        recursive: &RecursiveSchemas::new(&compiled.document),
        program: &compiled.program,
        types: &TypeIndex::new(&compiled.generated.plan),
        count: options.count,
        seed: options.seed,
    };
    let targets = compiled.targets.iter();
    let selected: Vec<&Target> = targets
        .filter(|target| is_selected(options, target))
        .collect();
    let mut report = RoundtripReport {
        skipped: compiled.skipped,
        ..RoundtripReport::default()
    };
    for (index, target) in selected.iter().enumerate() {
        if target.is_duplicate {
            continue;
        }
        let (number, count) = (index + 1, selected.len());
        progress(&format!("{} ({number} of {count})", target.pointer));
        runner.run(target, &mut report)?;
    }
    Ok(report)
}

/// Sends given instances, one JSON line each, through the generated types. `progress` is called with each step.
///
/// # Errors
/// As [`send_samples`], and when a line cannot be parsed or its pointer has no type.
pub fn send_lines(
    options: &RoundtripOptions,
    lines: &str,
    progress: &mut dyn FnMut(&str),
) -> Result<RoundtripReport, Error> {
    let compiled = CompiledDocument::new(options, progress)?;
    let types = TypeIndex::new(&compiled.generated.plan);
    let mut by_target: Vec<(&Target, Vec<String>)> = Vec::new();
    let lines = lines.lines().enumerate();
    for (index, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let (target, value) =
            parse_line(line, &compiled.targets).map_err(|message| line_error(index, &message))?;
        if !is_selected(options, target) {
            continue;
        }
        let mut known = by_target.iter_mut();
        match known.find(|(known, _)| std::ptr::eq(*known, target)) {
            Some((_, values)) => values.push(value),
            None => by_target.push((target, vec![value])),
        }
    }
    let mut report = RoundtripReport::default();
    for (target, values) in by_target {
        progress(&target.pointer);
        send_instances(&compiled.program, &types, target, values, &mut report)?;
    }
    Ok(report)
}

fn is_selected(options: &RoundtripOptions, target: &Target) -> bool {
    let pattern = options.schemas.as_ref();
    pattern.is_none_or(|pattern| pattern.is_match(&target.pointer))
}

/// Returns the target of a line and its value.
fn parse_line<'t>(line: &str, targets: &'t [Target]) -> Result<(&'t Target, String), String> {
    let line: InstanceLine = serde_json::from_str(line).map_err(|error| error.to_string())?;
    let target = targets.iter().find(|target| target.pointer == line.pointer);
    let target = target.ok_or_else(|| format!("{} has no type", line.pointer))?;
    Ok((target, line.value.get().to_owned()))
}

fn line_error(index: usize, message: &str) -> Error {
    Error::new(
        Code::Config,
        format!("instances, line {}: {message}", index + 1),
        Some("write {\"pointer\": \"#/components/schemas/…\", \"value\": …} on each line"),
    )
}

/// A document, its types, and the program that was compiled with them.
struct CompiledDocument {
    document: Value,
    generated: Output,
    targets: Vec<Target>,
    skipped: Vec<Skipped>,
    program: RoundtripProgram,
}

impl CompiledDocument {
    fn new(options: &RoundtripOptions, progress: &mut dyn FnMut(&str)) -> Result<Self, Error> {
        progress("generating");
        let document = options.source.load_with_overlay()?;
        let generated = options.source.generate()?;
        let (targets, mut skipped) = find_targets(&document, &generated.plan);
        let gaps = generated.diagnostics.iter();
        skipped.extend(
            gaps.map(|gap| Skipped::new(&gap.at.0, format!("not supported: {}", gap.message))),
        );
        let program =
            RoundtripProgram::compile(&options.source.name, &generated, &targets, progress)?;
        Ok(Self {
            document,
            generated,
            targets,
            skipped,
            program,
        })
    }
}
