//! Running programs, and what they cost.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use serde::Serialize;
use wait4::Wait4 as _;

use super::report::{figure, megabytes};
use observatory_codegen::diag::Error;

/// What a program cost.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Cost {
    /// Seconds on the clock.
    pub wall: f64,
    /// Seconds of processors, the program's and those of the programs it started.
    pub cpu: f64,
    /// The most memory that it, or a program it started, held at once, in bytes.
    pub peak: f64,
}

impl Cost {
    /// The time, the CPU time and the memory, as tables show them.
    pub fn cells(&self) -> [String; 3] {
        [figure(self.wall), figure(self.cpu), megabytes(self.peak)]
    }
}

/// A program that does not do what it was asked, and the line in which it says why.
#[derive(Clone, Debug, Serialize)]
pub struct Stopped(pub String);

/// What came of a program.
pub type Outcome = Result<Cost, Stopped>;

/// Somebody whose costs are held beside those of others.
pub struct Contender<'a> {
    /// Who it is.
    pub name: String,
    /// What is run, each time; what needs to be done before is done here, and costs nothing.
    pub command: Box<dyn Fn() -> Result<Command, Error> + 'a>,
}

/// What came of a contender.
#[derive(Debug)]
pub struct Measured {
    /// Who it is.
    pub name: String,
    /// The medians, or why there are none.
    pub outcome: Outcome,
}

/// Runs a program to its end, with what it says in `log`.
///
/// # Errors
/// When it cannot be started.
pub fn run(command: &mut Command, log: &Path) -> Result<Outcome, Error> {
    let said = File::create(log).map_err(|why| Error::io(log, &why))?;
    let both = said.try_clone().map_err(|why| Error::io(log, &why))?;
    let name = PathBuf::from(command.get_program());
    let started = Instant::now();
    let child = command
        .stdin(Stdio::null())
        .stdout(said)
        .stderr(both)
        .spawn()
        .map_err(|why| Error::io(&name, &why))?;
    let used = child.wait4().map_err(|why| Error::io(&name, &why))?;
    let cost = Cost {
        wall: started.elapsed().as_secs_f64(),
        cpu: (used.rusage.utime + used.rusage.stime).as_secs_f64(),
        peak: used.rusage.maxrss as f64,
    };
    if used.status.success() {
        return Ok(Ok(cost));
    }
    let text = fs::read(log).map_err(|why| Error::io(log, &why))?;
    Ok(Err(Stopped(reason(&String::from_utf8_lossy(&text)))))
}

/// Runs all of them by turns, so that what else the machine does befalls all; the first turn warms up and does not count.
///
/// # Errors
/// When one of them cannot be started.
pub fn by_turns(
    contenders: &[Contender<'_>],
    turns: usize,
    log: &Path,
    mut progress: impl FnMut(&str),
) -> Result<Vec<Measured>, Error> {
    let mut costs: Vec<Result<Vec<Cost>, Stopped>> = vec![Ok(Vec::new()); contenders.len()];
    for turn in 0..=turns {
        for step in 0..contenders.len() {
            // Whoever is first has the coldest machine, so that it is another one each time.
            let index = (turn + step) % contenders.len();
            let (Some(contender), Some(found)) = (contenders.get(index), costs.get_mut(index))
            else {
                continue;
            };
            let Ok(known) = found else { continue };
            progress(&format!("{}, {turn} of {turns}", contender.name));
            match run(&mut (contender.command)()?, log)? {
                Ok(cost) if turn > 0 => known.push(cost),
                Ok(_) => {}
                Err(why) => *found = Err(why),
            }
        }
    }
    let named = contenders.iter().zip(costs);
    Ok(named
        .map(|(contender, costs)| Measured {
            name: contender.name.clone(),
            outcome: costs.map(|costs| medians(&costs)),
        })
        .collect())
}

/// The median of each cost by itself.
fn medians(costs: &[Cost]) -> Cost {
    let of = |cost: fn(&Cost) -> f64| median(costs.iter().map(cost).collect());
    Cost {
        wall: of(|cost| cost.wall),
        cpu: of(|cost| cost.cpu),
        peak: of(|cost| cost.peak),
    }
}

/// The one in the middle; nothing of nothing is no number.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The line in which a program says why it stopped: the first that speaks of an error, or the last.
fn reason(said: &str) -> String {
    let marks = [
        "Error",
        "error:",
        "error[",
        "overflowed",
        "panicked",
        "Exception",
        "fail",
    ];
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let told = |line: &&str| {
        marks.iter().any(|mark| line.contains(mark))
            && !line.ends_with(':')
            && !line.starts_with("note")
    };
    let line = lines.clone().find(told).or_else(|| lines.next_back());
    let line = line.unwrap_or("it said nothing");
    // Where this machine keeps its files is nobody's business.
    let is_path = |word: &&str| word.trim_start_matches(['`', '\'', '"']).starts_with('/');
    let words = line.split_whitespace().map(|word| match is_path(&word) {
        true => "…",
        false => word,
    });
    let line = words.collect::<Vec<_>>().join(" ");
    // Tables and terminals both stumble over the rest.
    let plain = line.chars().filter(|c| !c.is_control());
    let mut short: String = plain.take(100).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}
