//! Runs programs and measures their cost.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use observatory_codegen::diag::{Code, Error};
use wait4::Wait4 as _;

use crate::report::{format_figure, format_megabytes};

/// The cost of running a program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cost {
    /// Elapsed seconds.
    pub(crate) wall: f64,
    /// CPU seconds of the program and its child processes.
    pub(crate) cpu: f64,
    /// The largest resident set of the program or a child process, in bytes.
    pub(crate) peak: f64,
}

impl Cost {
    /// Returns the table cells of the elapsed time, the CPU time and the memory.
    pub(crate) fn cells(&self) -> [String; 3] {
        [
            format_figure(self.wall),
            format_figure(self.cpu),
            format_megabytes(self.peak),
        ]
    }
}

/// The failure of a program.
#[derive(Clone, Debug)]
pub(crate) struct CommandFailure {
    /// The line of the output that names the reason.
    pub(crate) reason: String,
}

/// The cost of a program, or its failure.
pub(crate) type CommandResult = Result<Cost, CommandFailure>;

/// A program to compare with others.
pub(crate) struct BenchCommand<'a> {
    pub(crate) name: String,
    /// Returns the command of the next run. Its preparations are not measured.
    pub(crate) prepare: Box<dyn Fn() -> Result<Command, Error> + 'a>,
}

/// The measurement of a program.
#[derive(Debug)]
pub(crate) struct Measurement {
    pub(crate) name: String,
    /// The medians of all runs.
    pub(crate) result: CommandResult,
}

/// Runs a program to its end. Its output is written to the file `log`.
///
/// # Errors
/// When the program cannot be started.
pub(crate) fn run(command: &mut Command, log: &Path) -> Result<CommandResult, Error> {
    let stdout = File::create(log).map_err(|error| Error::io(log, &error))?;
    let stderr = stdout.try_clone().map_err(|error| Error::io(log, &error))?;
    let program = PathBuf::from(command.get_program());
    let started = Instant::now();
    let child = command
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(stderr)
        .spawn();
    let child = child.map_err(|error| Error::io(&program, &error))?;
    let usage = child.wait4().map_err(|error| Error::io(&program, &error))?;
    let cost = Cost {
        wall: started.elapsed().as_secs_f64(),
        cpu: (usage.rusage.utime + usage.rusage.stime).as_secs_f64(),
        peak: usage.rusage.maxrss as f64,
    };
    if usage.status.success() {
        return Ok(Ok(cost));
    }
    let output = fs::read(log).map_err(|error| Error::io(log, &error))?;
    Ok(Err(CommandFailure {
        reason: find_reason(&String::from_utf8_lossy(&output)),
    }))
}

/// Runs a program that must succeed and returns its output.
///
/// # Errors
/// When the program cannot be started or fails.
pub(crate) fn run_checked(command: &mut Command, log: &Path) -> Result<String, Error> {
    let result = run(command, log)?;
    let output = fs::read_to_string(log).map_err(|error| Error::io(log, &error))?;
    match result {
        Ok(_) => Ok(output),
        Err(failure) => {
            let message = format!("{command:?} failed: {}", failure.reason);
            let help = format!("read its output in {}", log.display());
            Err(Error::new(Code::Internal, message, Some(&help)))
        }
    }
}

/// Runs all programs alternately, so that other load on the machine affects all of them. The first round is a warm-up
/// and is not counted.
///
/// # Errors
/// When a program cannot be started.
pub(crate) fn run_alternately(
    commands: &[BenchCommand<'_>],
    rounds: usize,
    log: &Path,
    mut progress: impl FnMut(&str),
) -> Result<Vec<Measurement>, Error> {
    let mut results: Vec<Result<Vec<Cost>, CommandFailure>> = vec![Ok(Vec::new()); commands.len()];
    for round in 0..=rounds {
        for step in 0..commands.len() {
            // The first program of a round finds the coldest caches, so each round starts with another one.
            let index = (round + step) % commands.len();
            let (Some(command), Some(result)) = (commands.get(index), results.get_mut(index))
            else {
                continue;
            };
            let Ok(costs) = result else { continue };
            progress(&format!("{}, {round} of {rounds}", command.name));
            match run(&mut (command.prepare)()?, log)? {
                Ok(cost) if round > 0 => costs.push(cost),
                Ok(_) => {}
                Err(failure) => *result = Err(failure),
            }
        }
    }
    let measurements = commands.iter().zip(results);
    Ok(measurements
        .map(|(command, costs)| Measurement {
            name: command.name.clone(),
            result: costs.map(|costs| medians(&costs)),
        })
        .collect())
}

/// Returns the median of each cost.
fn medians(costs: &[Cost]) -> Cost {
    let median_of = |figure: fn(&Cost) -> f64| median(costs.iter().map(figure).collect());
    Cost {
        wall: median_of(|cost| cost.wall),
        cpu: median_of(|cost| cost.cpu),
        peak: median_of(|cost| cost.peak),
    }
}

/// Returns the median, or NaN if there are no values.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Returns the line that names the reason of a failure: the first one with an error, otherwise the last one. Paths are
/// removed, and the line is cut after 100 characters.
fn find_reason(output: &str) -> String {
    const MAX_CHARS: usize = 100;
    let marks = [
        "Error",
        "error:",
        "error[",
        "overflowed",
        "panicked",
        "Exception",
        "fail",
    ];
    let mut lines = output
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty());
    let is_reason = |line: &&str| {
        marks.iter().any(|mark| line.contains(mark))
            && !line.ends_with(':')
            && !line.starts_with("note")
    };
    let line = lines
        .clone()
        .find(is_reason)
        .or_else(|| lines.next_back())
        .unwrap_or("no output");
    // Absolute paths differ on every machine.
    let is_path = |word: &str| word.trim_start_matches(['`', '\'', '"']).starts_with('/');
    let words = line
        .split_whitespace()
        .map(|word| if is_path(word) { "…" } else { word });
    let line = words.collect::<Vec<_>>().join(" ");
    let printable = line.chars().filter(|c| !c.is_control());
    let mut short: String = printable.take(MAX_CHARS).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}
