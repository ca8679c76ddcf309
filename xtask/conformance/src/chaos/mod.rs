//! Calls every operation of documents while the server fails at random: `cargo xtask chaos`.
//!
//! The arguments and responses are those of `calls`. The program that makes the calls consists of generated functions and
//! the crate `tests/chaos`, which has the server, the clock and the checks.

mod options;
mod report;

use std::io::{Read, Write};

use serde::Serialize;
use serde_json::Value;

use crate::calls::ResponseText;
use crate::calls::instances::InstanceMaker;
use crate::calls::operation::{TestedOperation, find_operations};
use crate::calls::program::call_functions;
use crate::shared::program::{CompiledProgram, ProgramSource, feature_names, path_text};
use crate::shared::skipped::Skipped;
use crate::shared::source::DocumentSource;
use observatory_codegen::Output;
use observatory_codegen::diag::{Code, Error};
use xtask::repository::build_root;

pub use options::ChaosOptions;
pub use report::{ChaosOutcome, ChaosReport};

/// The number of different arguments and responses of an operation.
const INSTANCES: usize = 3;

/// The key in `tests/chaos`, which must not occur in any text of an error.
const KEY: &str = "sk-S3CR3T+0123456789/abcdefghij=";

const MAIN: &str = "
use observatory_chaos::{Program, Sent, finish};

fn main() {
    observatory_chaos::run(&Program { builder: client_builder, calls: CALLS, values: Values });
}
";

/// The line of an operation in the program's input.
#[derive(Serialize)]
struct Task {
    operation: usize,
    label: String,
    is_idempotent: bool,
    values: Vec<Vec<Option<String>>>,
    responses: Vec<ResponseText>,
}

/// A document whose program is compiled.
struct CompiledDocument {
    name: String,
    program: CompiledProgram,
    tasks: Vec<Task>,
    skipped: Vec<Skipped>,
}

/// Calls the operations of all documents. `progress` is called with each step.
///
/// # Errors
/// When a document cannot be generated, its crate does not compile, or the program does not end with a report.
pub fn run_chaos(
    options: &ChaosOptions,
    progress: &mut dyn FnMut(&str),
) -> Result<Vec<ChaosReport>, Error> {
    let mut documents = Vec::new();
    for source in &options.sources {
        documents.push(compile(source, options.seed, progress)?);
    }
    let operations: usize = documents.iter().map(|document| document.tasks.len()).sum();
    let operations = u64::try_from(operations.max(1)).unwrap_or(u64::MAX);
    let calls_per_operation = options.calls.div_ceil(operations);
    let mut reports = Vec::new();
    for document in documents {
        progress(&format!(
            "{}: {calls_per_operation} calls of each operation",
            document.name
        ));
        let calls = calls_per_operation * u64::try_from(document.tasks.len()).unwrap_or(u64::MAX);
        reports.push(ChaosReport {
            outcome: document.run(calls, options.seed)?,
            operations: document.tasks.len(),
            name: document.name,
            skipped: document.skipped,
        });
    }
    Ok(reports)
}

fn compile(
    source: &DocumentSource,
    seed: u64,
    progress: &mut dyn FnMut(&str),
) -> Result<CompiledDocument, Error> {
    progress(&format!("{}: generating", source.name));
    let document = source.load_with_overlay()?;
    let generated = source.generate()?;
    let (operations, mut skipped) = find_operations(&document, &generated);
    let tasks = make_tasks(&document, &operations, seed, &mut skipped)?;
    let chaos = path_text(&build_root().join("tests/chaos"))?;
    let program = ProgramSource {
        tool: "chaos",
        features: std::iter::once("client")
            .chain(feature_names(&generated))
            .collect(),
        runtime_features: &["client"],
        dependencies: &format!("observatory-chaos = {{ path = {chaos:?} }}\n"),
        main: main_text(&generated, &operations),
    };
    Ok(CompiledDocument {
        program: program.compile(&source.name, &generated, progress)?,
        name: source.name.clone(),
        tasks,
        skipped,
    })
}

fn main_text(generated: &Output, operations: &[TestedOperation]) -> String {
    format!("{}\n{MAIN}", call_functions(generated, operations, KEY))
}

/// Makes the tasks of all operations whose required arguments and responses have instances.
fn make_tasks(
    document: &Value,
    operations: &[TestedOperation],
    seed: u64,
    skipped: &mut Vec<Skipped>,
) -> Result<Vec<Task>, Error> {
    let instances = InstanceMaker::new(document, INSTANCES, seed)?;
    let mut tasks = Vec::new();
    for (index, operation) in operations.iter().enumerate() {
        let inputs = instances.make_inputs(operation, skipped)?;
        let responses = instances.make_responses(operation, skipped)?;
        if !operation.is_callable(&inputs) || responses.is_empty() {
            continue;
        }
        let idempotent_methods = ["GET", "HEAD", "OPTIONS", "QUERY", "TRACE", "PUT", "DELETE"];
        tasks.push(Task {
            operation: index,
            label: operation.label(),
            is_idempotent: operation.is_declared_idempotent
                || idempotent_methods.contains(&operation.verb.as_str()),
            values: (0..INSTANCES)
                .map(|round| arguments(operation, &inputs, round))
                .collect(),
            responses,
        });
    }
    Ok(tasks)
}

/// Returns the required arguments in the first round, and all arguments in others.
fn arguments(
    operation: &TestedOperation,
    instances: &[Vec<Value>],
    round: usize,
) -> Vec<Option<String>> {
    let inputs = operation.inputs.iter().zip(instances);
    let values = inputs.map(|(input, found)| {
        let value = found.get(round % found.len().max(1));
        let is_sent = input.is_required || round > 0;
        value.filter(|_| is_sent).map(Value::to_string)
    });
    values.collect()
}

impl CompiledDocument {
    fn run(&self, calls: u64, seed: u64) -> Result<ChaosOutcome, Error> {
        let arguments = [calls.to_string(), seed.to_string()];
        let mut running = self.program.start_with(&arguments)?;
        let mut written = Ok(());
        for task in &self.tasks {
            let line = serde_json::to_string(task)
                .map_err(|error| Error::new(Code::Internal, error.to_string(), None))?;
            written = written.and_then(|()| writeln!(running.input, "{line}"));
        }
        drop(running.input);
        let mut report = String::new();
        let read = written.and_then(|()| running.output.read_to_string(&mut report));
        read.and_then(|_| running.child.wait())
            .map_err(|error| Error::io(&self.program.path, &error))?;
        serde_json::from_str(&report).map_err(|_| {
            let message = format!("{}: the program ended without a report", self.name);
            Error::new(
                Code::Internal,
                message,
                Some("its output above has the reason"),
            )
        })
    }
}
