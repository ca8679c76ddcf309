//! The budget: counted figures that are the same on every machine. CI compares them with `budgets.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use observatory_codegen::diag::{Code, Error};
use toml_edit::{DocumentMut, value};
use xtask::cargo;
use xtask::repository::{VendorFolder, repository_root};

use crate::crate_size::count_crate;
use crate::parts::{CALL_BENCHMARK, Comparison, DELIVERY, RECORDING, parse_costs};

/// The file name of the budget.
const FILE: &str = "budgets.toml";

/// The relative change of a figure that is allowed.
const TOLERANCE: f64 = 0.05;

const HEAD: &str = "# Figures that must not grow by more than 5 %. `cargo xtask bench --budget` checks them, and with\n\
                    # `--accept` it writes them.\n\n";

/// The table with the ratios of instructions for each step of a call.
const INSTRUCTIONS: &str = "instructions, generated / hand-written";

/// The tables with the ratios of instructions for each way to record a span, and what is counted for them.
const COMPARISONS: [(&str, Comparison); 2] = [
    ("instructions, recording / tracing-opentelemetry", RECORDING),
    ("instructions, delivery / opentelemetry-otlp", DELIVERY),
];

/// The tables that valgrind counts.
const COUNTED_BY_VALGRIND: [&str; 3] = [INSTRUCTIONS, COMPARISONS[0].0, COMPARISONS[1].0];

/// Figures by table and name.
pub type Figures = BTreeMap<(String, String), f64>;

/// The counted figures.
#[derive(Debug, Default)]
pub(crate) struct CountedFigures {
    pub(crate) figures: Figures,
    /// The tables that were not counted, and the reason.
    pub(crate) skipped: Option<(&'static [&'static str], &'static str)>,
}

/// The figures that differ from the budget by more than the tolerance, one line each.
#[derive(Debug, Default)]
pub struct BudgetComparison {
    /// Figures that exceed the budget, and figures that only one side has.
    pub worse: Vec<String>,
    /// Figures that are much better than the budget.
    pub better: Vec<String>,
}

/// Counts all figures. `progress` is called with each step.
///
/// # Errors
/// When cargo fails or a file cannot be read.
pub(crate) fn count_figures(progress: &dyn Fn(&str)) -> Result<CountedFigures, Error> {
    let mut counted = CountedFigures::default();
    let mut add = |table: &str, name: &str, figure: f64| {
        let key = (table.to_owned(), name.to_owned());
        counted.figures.insert(key, figure);
    };
    for vendor in VendorFolder::find(&[])? {
        let size = count_crate(&vendor)?;
        add("lines", &vendor.name, size.lines as f64);
        add("derives", &vendor.name, size.derives as f64);
        progress(&format!("expanding {}", vendor.name));
        let lines = count_expanded_lines(&vendor.name)?;
        add("expanded lines", &vendor.name, lines);
    }
    progress("counting dependencies");
    let client = ["-p", "observatory-galileo"];
    let types = ["-p", "observatory-galileo", "--no-default-features"];
    let native_tls = [&types[..], &["--features", "client,native-tls"]].concat();
    add("crates", "client", count_dependencies(&client)?);
    add("crates", "types only", count_dependencies(&types)?);
    let name = "client with native-tls";
    add("crates", name, count_dependencies(&native_tls)?);
    add("crates", "xtask", count_dependencies(&["-p", "xtask"])?);
    progress("counting allocations and instructions of a call");
    let mut has_valgrind = true;
    for step in count_call_steps()? {
        add("allocations", &step.name, step.allocations);
        match step.instruction_ratio {
            Some(ratio) => add(INSTRUCTIONS, &step.name, ratio),
            None => has_valgrind = false,
        }
    }
    if !has_valgrind {
        counted.skipped = Some((&COUNTED_BY_VALGRIND, "valgrind is not installed"));
        return Ok(counted);
    }
    for (table, comparison) in COMPARISONS {
        progress(&format!("counting instructions of {}", comparison.name));
        for (name, ratio) in count_ratios(&comparison)? {
            add(table, &name, ratio);
        }
    }
    Ok(counted)
}

/// Counts the instructions of each way to record a span, as a ratio to those of the baseline.
fn count_ratios(comparison: &Comparison) -> Result<Vec<(String, f64)>, Error> {
    let counts = comparison.count(&mut cargo_in_repository()?, output_of)?;
    let count = |name: &str| counts.get(name)?.as_f64();
    let ratio = |name: &String| {
        let ratio = count(name)? / count(comparison.baseline)?;
        Some((name.clone(), (ratio * 100.0).round() / 100.0))
    };
    let names = counts.keys().filter(|name| *name != comparison.baseline);
    Ok(names.filter_map(ratio).collect())
}

/// Counts the lines of a crate after the expansion of its macros.
///
/// The expansion needs unstable options of rustc, which `RUSTC_BOOTSTRAP` allows. Some dependencies are built
/// differently with that variable, so they have a target folder of their own.
fn count_expanded_lines(vendor: &str) -> Result<f64, Error> {
    let package = format!("observatory-{vendor}");
    let target = cargo::target_dir(&repository_root()?)?;
    let text = output_of(
        cargo_in_repository()?
            .args(["rustc", "--quiet", "--profile", "check", "--lib", "-p"])
            .args([&package, "--", "-Zunpretty=expanded"])
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", target.join("expanded")),
    )?;
    Ok(text.lines().filter(|line| !line.trim().is_empty()).count() as f64)
}

/// Counts the crates of the dependency tree of a package on this platform. `arguments` select the package and its
/// features.
fn count_dependencies(arguments: &[&str]) -> Result<f64, Error> {
    let tree = [
        "tree",
        "--prefix",
        "none",
        "--edges",
        "normal,build",
        "--format",
        "{p}",
    ];
    let text = output_of(cargo_in_repository()?.args(tree).args(arguments))?;
    let names: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split(" (").next())
        .filter(|line| !line.is_empty())
        .collect();
    Ok(names.len() as f64)
}

/// The counted costs of a step of a call.
struct StepCosts {
    name: String,
    /// Allocations and reallocations.
    allocations: f64,
    /// The ratio of instructions to those of hand-written code; `None` without valgrind.
    instruction_ratio: Option<f64>,
}

/// Counts the costs of each step of a call, as the part `call` does: optimized, and without the features that other
/// packages of the workspace enable.
fn count_call_steps() -> Result<Vec<StepCosts>, Error> {
    let text = output_of(cargo_in_repository()?.args(CALL_BENCHMARK))?;
    let costs = parse_costs(&text)?;
    let steps = costs.iter().filter_map(|(name, costs)| {
        let cost = |implementation: &str, kind: &str| {
            costs
                .pointer(&format!("/{implementation}/{kind}"))?
                .as_f64()
        };
        let generated = cost("generated", "instructions");
        let both = generated.zip(cost("hand-written", "instructions"));
        Some(StepCosts {
            name: name.clone(),
            allocations: cost("generated", "allocations")? + cost("generated", "reallocations")?,
            // More than two digits differ between machines.
            instruction_ratio: both.map(|(ours, theirs)| (ours / theirs * 100.0).round() / 100.0),
        })
    });
    Ok(steps.collect())
}

fn cargo_in_repository() -> Result<Command, Error> {
    let mut cargo = cargo::command();
    cargo.current_dir(repository_root()?);
    Ok(cargo)
}

/// Runs a cargo command and returns its output.
fn output_of(command: &mut Command) -> Result<String, Error> {
    let program = PathBuf::from(command.get_program());
    let output = command
        .output()
        .map_err(|error| Error::io(&program, &error))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    let arguments: Vec<_> = command
        .get_args()
        .map(|argument| argument.to_string_lossy())
        .collect();
    let message = format!(
        "`cargo {}` failed: {}",
        arguments.join(" "),
        text(&output.stderr)
    );
    Err(Error::new(Code::Internal, message, None))
}

fn budget_path() -> Result<PathBuf, Error> {
    Ok(repository_root()?.join(FILE))
}

/// Compares the counted figures with `budgets.toml`. Tables that were not counted are ignored.
///
/// # Errors
/// When the file cannot be read or parsed.
pub(crate) fn compare_with_file(counted: &CountedFigures) -> Result<BudgetComparison, Error> {
    let path = budget_path()?;
    let text = fs::read_to_string(&path).map_err(|error| Error::io(&path, &error))?;
    let tables: toml::Table = toml::from_str(&text).map_err(|error| {
        let message = format!("{FILE}: {error}");
        let help = "write the file again with `cargo xtask bench --budget --accept`";
        Error::new(Code::Config, message, Some(help))
    })?;
    let number = |value: &toml::Value| {
        let integer = value.as_integer().map(|integer| integer as f64);
        integer.or_else(|| value.as_float())
    };
    let skipped = counted.skipped.map_or(&[][..], |(tables, _)| tables);
    let budget: Figures = tables
        .iter()
        .filter(|(table, _)| !skipped.contains(&table.as_str()))
        .filter_map(|(table, entries)| Some((table, entries.as_table()?)))
        .flat_map(|(table, entries)| entries.iter().map(move |entry| (table, entry)))
        .filter_map(|(table, (name, value))| Some(((table.clone(), name.clone()), number(value)?)))
        .collect();
    Ok(compare_figures(&counted.figures, &budget))
}

/// Compares counted figures with a budget.
pub fn compare_figures(counted: &Figures, budget: &Figures) -> BudgetComparison {
    let mut comparison = BudgetComparison::default();
    for ((table, name), figure) in counted {
        let Some(limit) = budget.get(&(table.clone(), name.clone())) else {
            let line = format!("{table}, {name}: {figure} is not in {FILE}");
            comparison.worse.push(line);
            continue;
        };
        let change = (figure / limit - 1.0) * 100.0;
        let line = format!("{table}, {name}: {figure}, the budget is {limit} ({change:+.1} %)");
        if *figure > limit * (1.0 + TOLERANCE) {
            comparison.worse.push(line);
        } else if *figure < limit * (1.0 - TOLERANCE) {
            comparison.better.push(line);
        }
    }
    for (table, name) in budget.keys().filter(|key| !counted.contains_key(*key)) {
        let line = format!("{table}, {name}: is in {FILE} but is not counted");
        comparison.worse.push(line);
    }
    comparison
}

/// Writes the figures to `budgets.toml`.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write_budget(figures: &Figures) -> Result<(), Error> {
    let mut document = DocumentMut::new();
    for ((table, name), figure) in figures {
        let is_integer = figure.fract() == 0.0;
        document[table.as_str()].or_insert(toml_edit::table())[name.as_str()] = if is_integer {
            value(*figure as i64)
        } else {
            value(*figure)
        };
    }
    let path = budget_path()?;
    fs::write(&path, format!("{HEAD}{document}")).map_err(|error| Error::io(&path, &error))
}
