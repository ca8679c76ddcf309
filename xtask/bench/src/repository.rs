//! What a maintainer waits for: `cargo xtask codegen`, with and without anything to do.

use std::process::Command;

use super::Bench;
use super::measure::{Contender, by_turns};
use super::report::{Section, Table};
use observatory_codegen::diag::Error;

/// What a maintainer does not notice.
const START: f64 = 0.2;

/// How much of generating everything finding out that nothing has changed may take.
const UNCHANGED: f64 = 0.1;

/// Everything, nothing, and the start alone.
pub(super) fn section(bench: &Bench) -> Result<Section, Error> {
    let mut section = Section::new(
        "The repository",
        "Every vendor's crate, made anew although nothing has changed (`codegen --force`), and found unchanged \
         (`codegen`): then only digests of what went in and of what came out are compared. The start is that of the \
         program itself, without cargo's.",
    );
    let commands: [(&str, &[&str]); 3] = [
        ("codegen --force", &["codegen", "--force"]),
        ("codegen", &["codegen"]),
        ("--help", &["--help"]),
    ];
    let contenders: Vec<Contender<'_>> = commands
        .iter()
        .map(|(name, arguments)| Contender {
            name: (*name).to_owned(),
            command: Box::new(|| {
                let mut command = Command::new(&bench.program);
                command.current_dir(&bench.root).args(*arguments);
                Ok(command)
            }),
        })
        .collect();
    let progress = |what: &str| (bench.progress)(&format!("repository: {what}"));
    let measured = by_turns(&contenders, bench.runs, &bench.log(), progress)?;
    let mut table = Table::new(&["command", "s", "CPU s", "MB"]);
    for one in &measured {
        let name = format!("`{}`", one.name);
        match &one.outcome {
            Ok(cost) => {
                let [wall, cpu, peak] = cost.cells();
                table.row([name, wall, cpu, peak]);
            }
            Err(why) => table.row([name, why.0.clone()]),
        }
    }
    section.tables.push(table);
    let wall = |index: usize| {
        let one = measured
            .get(index)
            .and_then(|one| one.outcome.as_ref().ok());
        one.map_or(f64::NAN, |cost| cost.wall)
    };
    section.limit(
        "`codegen` / `codegen --force`",
        wall(1) / wall(0),
        UNCHANGED,
    );
    section.limit("`--help`, s", wall(2), START);
    Ok(section)
}
