//! The time of `cargo xtask codegen`, with and without changes.

use std::process::Command;

use observatory_codegen::diag::Error;

use crate::context::BenchContext;
use crate::measure::{BenchCommand, run_alternately};
use crate::report::{Section, Table};

/// The longest start of the program, in seconds.
const MAX_START: f64 = 0.2;

/// The largest ratio of `codegen` without changes to `codegen --force`.
const MAX_UNCHANGED: f64 = 0.1;

/// Measures `codegen --force`, `codegen` without changes, and the start of the program.
pub(super) fn measure_section(context: &BenchContext) -> Result<Section, Error> {
    let mut section = Section::new(
        "Repository",
        "`codegen --force` generates the crates of all vendors although nothing has changed. `codegen` finds out that \
         nothing has changed: it compares digests of the inputs and outputs. `--help` is the start of the program. The \
         time of cargo is not included.",
    );
    let commands: [(&str, &[&str]); 3] = [
        ("codegen --force", &["codegen", "--force"]),
        ("codegen", &["codegen"]),
        ("--help", &["--help"]),
    ];
    let commands: Vec<BenchCommand<'_>> = commands
        .iter()
        .map(|(name, arguments)| BenchCommand {
            name: (*name).to_owned(),
            prepare: Box::new(|| {
                let mut command = Command::new(&context.xtask);
                command.current_dir(&context.root).args(*arguments);
                Ok(command)
            }),
        })
        .collect();
    let progress = |step: &str| (context.progress)(&format!("repository: {step}"));
    let measurements = run_alternately(&commands, context.runs, &context.log_path(), progress)?;
    let mut table = Table::new(&["command", "s", "CPU s", "MB"]);
    for measurement in &measurements {
        let name = format!("`{}`", measurement.name);
        match &measurement.result {
            Ok(cost) => {
                let [wall, cpu, peak] = cost.cells();
                table.add_row([name, wall, cpu, peak]);
            }
            Err(failure) => table.add_row([name, failure.reason.clone()]),
        }
    }
    section.tables.push(table);
    let wall = |index: usize| {
        let measurement = measurements.get(index);
        let cost = measurement.and_then(|measurement| measurement.result.as_ref().ok());
        cost.map_or(f64::NAN, |cost| cost.wall)
    };
    section.add_limit(
        "`codegen` / `codegen --force`",
        wall(1) / wall(0),
        MAX_UNCHANGED,
    );
    section.add_limit("`--help`, s", wall(2), MAX_START);
    Ok(section)
}
