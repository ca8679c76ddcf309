//! What can be counted, and comes out the same on every machine: held in `budgets.toml`, and checked by CI.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use toml_edit::{DocumentMut, value};

use super::{call, size};
use observatory_codegen::diag::{Code, Error};
use xtask::cargo;
use xtask::repository::VendorFolder;
use xtask::repository::repository;

/// Where the budget is.
pub const FILE: &str = "budgets.toml";

/// How much worse a figure may be before anybody has to say so.
const SLACK: f64 = 0.05;

const HEAD: &str = "# What must not grow by more than 5 % unnoticed: `cargo xtask bench --budget` checks it, and with\n\
                    # `--accept` writes it.\n\n";

/// Figures by table and name.
pub type Figures = BTreeMap<(String, String), f64>;

/// What was counted, and what could not be.
#[derive(Debug, Default)]
pub struct Counted {
    /// The figures.
    pub figures: Figures,
    /// A table that there are no figures for, and why.
    pub missing: Option<(&'static str, &'static str)>,
}

/// Instructions of ours to those by hand, of each part of a call.
const INSTRUCTIONS: &str = "instructions, ours to by hand";

/// What came of a comparison.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Figures that are worse than the budget allows, or that it does not know.
    pub worse: Vec<String>,
    /// Figures that are so much better that the budget should say so.
    pub better: Vec<String>,
}

/// Counts everything.
///
/// # Errors
/// When cargo or a file says no.
pub fn count(progress: &dyn Fn(&str)) -> Result<Counted, Error> {
    let mut counted = Counted::default();
    let mut put = |table: &str, name: &str, figure: f64| {
        let figures = &mut counted.figures;
        figures.insert((table.to_owned(), name.to_owned()), figure);
    };
    for vendor in VendorFolder::find(&[])? {
        let size = size::of(&vendor)?;
        put("lines", &vendor.name, size.lines as f64);
        put("derives", &vendor.name, size.derives as f64);
        progress(&format!("expanding {}", vendor.name));
        put("expanded lines", &vendor.name, expanded(&vendor.name)?);
    }
    progress("counting dependencies");
    let galileo = ["-p", "observatory-galileo"];
    let types = ["-p", "observatory-galileo", "--no-default-features"];
    let other = [&types[..], &["--features", "client,native-tls"]].concat();
    put("crates", "a client", dependencies(&galileo)?);
    put("crates", "its types alone", dependencies(&types)?);
    put("crates", "a client with native-tls", dependencies(&other)?);
    put("crates", "xtask", dependencies(&["-p", "xtask"])?);
    progress("counting allocations and instructions of a call");
    let mut without = false;
    for (part, allocations, instructions) in call()? {
        put("allocations", &part, allocations);
        match instructions {
            Some(ratio) => put(INSTRUCTIONS, &part, ratio),
            None => without = true,
        }
    }
    if without {
        counted.missing = Some((INSTRUCTIONS, "there is no valgrind to count them"));
    }
    Ok(counted)
}

/// Lines of a crate once its macros are expanded: what the compiler sees of it.
///
/// Only a compiler that takes unstable options tells, as this one does where it is asked to bootstrap. Some
/// dependencies build otherwise for it, so they are built apart from all others.
fn expanded(vendor: &str) -> Result<f64, Error> {
    let package = format!("observatory-{vendor}");
    let target = cargo::target_folder(&repository()?)?;
    let said = said(
        at_home()?
            .args(["rustc", "--quiet", "--profile", "check", "--lib", "-p"])
            .args([&package, "--", "-Zunpretty=expanded"])
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", target.join("expanded")),
    )?;
    Ok(said.lines().filter(|line| !line.trim().is_empty()).count() as f64)
}

/// How many crates a program is built from that uses a package so, on this platform.
fn dependencies(arguments: &[&str]) -> Result<f64, Error> {
    let tree = [
        "tree",
        "--prefix",
        "none",
        "--edges",
        "normal,build",
        "--format",
        "{p}",
    ];
    let said = said(at_home()?.args(tree).args(arguments))?;
    let names: BTreeSet<&str> = said
        .lines()
        .filter_map(|line| line.split(" (").next())
        .filter(|line| !line.is_empty())
        .collect();
    Ok(names.len() as f64)
}

/// Allocations of each part of a call, and its instructions to those of the part by hand; with the features and the
/// profile that the tests have, so that nothing is compiled for it alone.
fn call() -> Result<Vec<(String, f64, Option<f64>)>, Error> {
    let bench = ["test", "--quiet", "--workspace", "--bench", "call"];
    let parts = call::parts(&said(at_home()?.args(bench).args(["--", "--json"]))?)?;
    let count = |(part, costs): (&String, &Value)| {
        let of = |who: &str, what: &str| costs.pointer(&format!("/{who}/{what}"))?.as_f64();
        let allocations = of("ours", "allocations")? + of("ours", "reallocations")?;
        let both = of("ours", "instructions").zip(of("by hand", "instructions"));
        // Two digits are more than another machine would agree on.
        let ratio = both.map(|(ours, by_hand)| (ours / by_hand * 100.0).round() / 100.0);
        Some((part.clone(), allocations, ratio))
    };
    Ok(parts.iter().filter_map(count).collect())
}

/// cargo, in the repository.
fn at_home() -> Result<Command, Error> {
    let mut cargo = cargo::command();
    cargo.current_dir(repository()?);
    Ok(cargo)
}

/// What a program says, if it is content.
fn said(command: &mut Command) -> Result<String, Error> {
    let program = PathBuf::from(command.get_program());
    let output = command.output().map_err(|why| Error::io(&program, &why))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    let arguments: Vec<_> = command
        .get_args()
        .map(|word| word.to_string_lossy())
        .collect();
    let message = format!("`cargo {}`: {}", arguments.join(" "), text(&output.stderr));
    Err(Error::new(Code::Internal, message, None))
}

fn path() -> Result<PathBuf, Error> {
    Ok(repository()?.join(FILE))
}

/// Holds figures against the budget.
///
/// # Errors
/// When the budget cannot be read.
pub fn compare(found: &Counted) -> Result<Verdict, Error> {
    let path = path()?;
    let text = fs::read_to_string(&path).map_err(|why| Error::io(&path, &why))?;
    let known: toml::Table = toml::from_str(&text).map_err(|why| {
        Error::new(
            Code::Config,
            format!("{FILE}: {why}"),
            Some("`--budget --accept` writes it anew"),
        )
    })?;
    let number = |value: &toml::Value| {
        let whole = value.as_integer().map(|number| number as f64);
        whole.or_else(|| value.as_float())
    };
    let missing = found.missing.map(|(table, _)| table);
    let budget: Figures = known
        .iter()
        .filter(|(table, _)| missing != Some(table.as_str()))
        .filter_map(|(table, entries)| Some((table, entries.as_table()?)))
        .flat_map(|(table, entries)| entries.iter().map(move |entry| (table, entry)))
        .filter_map(|(table, (name, value))| Some(((table.clone(), name.clone()), number(value)?)))
        .collect();
    Ok(judge(&found.figures, &budget))
}

/// What is worse, and what is better, than a budget.
pub fn judge(found: &Figures, budget: &Figures) -> Verdict {
    let mut verdict = Verdict::default();
    for ((table, name), is) in found {
        let Some(was) = budget.get(&(table.clone(), name.clone())) else {
            verdict.worse.push(format!(
                "{table}, {name}: {is}, of which {FILE} says nothing"
            ));
            continue;
        };
        let change = (is / was - 1.0) * 100.0;
        let line = format!("{table}, {name}: {is}, where {FILE} says {was} ({change:+.1} %)");
        if *is > was * (1.0 + SLACK) {
            verdict.worse.push(line);
        } else if *is < was * (1.0 - SLACK) {
            verdict.better.push(line);
        }
    }
    for (table, name) in budget.keys().filter(|key| !found.contains_key(*key)) {
        verdict.worse.push(format!(
            "{table}, {name}: is in {FILE}, and nobody counts it"
        ));
    }
    verdict
}

/// Takes figures for the budget.
///
/// # Errors
/// When the disk refuses.
pub fn accept(found: &Figures) -> Result<(), Error> {
    let mut document = DocumentMut::new();
    for ((table, name), figure) in found {
        let whole = figure.fract() == 0.0;
        document[table.as_str()].or_insert(toml_edit::table())[name.as_str()] = if whole {
            value(*figure as i64)
        } else {
            value(*figure)
        };
    }
    let path = path()?;
    fs::write(&path, format!("{HEAD}{document}")).map_err(|why| Error::io(&path, &why))
}
