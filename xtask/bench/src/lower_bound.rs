//! What no generator of this kind can do without: reading the document, and printing what it writes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use cpu_time::ProcessTime;

use super::Bench;
use super::generation::{OURS, crate_name};
use super::measure::{median, run};
use super::report::{Section, Table, figure};
use observatory_codegen::diag::{Code, Error};

/// How many times the floor we may cost.
const FLOORS: f64 = 3.0;

/// Our generator beside its floor.
pub(super) fn section(bench: &Bench) -> Result<Section, Error> {
    let mut section = Section::new(
        "Floor",
        "The floor reads the document into a tree with serde_yaml or serde_json, prints the syntax trees of the very \
         files that we write with prettyplease, and writes them; it gets the syntax trees for nothing. It is measured \
         inside of a program that runs already, so what a program takes to start (`--version`) is no part of the ratio \
         on our side either. All by turns.",
    );
    let mut table = Table::new(&[
        "document",
        "ours, CPU ms",
        "of it to start",
        "floor, CPU ms",
        "ours, started / floor",
    ]);
    for document in &bench.documents {
        let (out, floor) = (
            bench.crate_of(OURS, document),
            bench.work.join("floor-output"),
        );
        let name = crate_name(OURS, document);
        let (mut own, mut starts, mut floors) = (Vec::new(), Vec::new(), Vec::new());
        for turn in 0..=bench.runs {
            (bench.progress)(&format!(
                "floor of {}, {turn} of {}",
                document.name, bench.runs
            ));
            bench.clear(&out)?;
            let ours = run(&mut bench.ours(&document.path, &out, &name), &bench.log())?;
            own.extend(ours.ok().map(|cost| cost.cpu));
            let start = run(Command::new(&bench.program).arg("--version"), &bench.log())?;
            starts.extend(start.ok().map(|cost| cost.cpu));
            bench.clear(&floor)?;
            floors.push(below(bench, &document.path, &out, &floor)?);
        }
        let (own, start, floor) = (median(own), median(starts), median(floors));
        let name = format!("{} ({:.0} kB)", document.name, document.bytes / 1e3);
        let ratio = (own - start) / floor;
        let [shown, start, below] = [own, start, floor].map(|seconds| figure(seconds * 1e3));
        table.row([name, shown, start, below, figure(ratio)]);
        let what = format!("{}: CPU, ours once started / floor", document.name);
        section.limit(what, ratio, FLOORS);
    }
    section.tables.push(table);
    Ok(section)
}

/// The floor, in a process of its own, which says what it took.
fn below(bench: &Bench, document: &Path, printed: &Path, to: &Path) -> Result<f64, Error> {
    let mut command = Command::new(&bench.program);
    command.arg("bench").arg("--floor");
    command.args([document, printed, to]);
    let log = bench.log();
    let outcome = run(&mut command, &log)?;
    let said = fs::read_to_string(&log).map_err(|why| Error::io(&log, &why))?;
    let seconds = said.trim().parse::<f64>();
    match (outcome, seconds) {
        (Ok(_), Ok(seconds)) => Ok(seconds),
        _ => Err(Error::new(
            Code::Internal,
            format!("the floor cannot be measured: {said}"),
            None,
        )),
    }
}

/// Reads the document, prints the files of the crate `printed` and writes them below `to`; the CPU seconds that took,
/// without those in which the files were parsed.
///
/// # Errors
/// When one of them cannot be read.
pub fn floor(document: &Path, printed: &Path, to: &Path) -> Result<f64, Error> {
    let mut trees = Vec::new();
    rust_files(&printed.join("src"), &mut |path| {
        let text = fs::read_to_string(&path).map_err(|why| Error::io(&path, &why))?;
        let tree = syn::parse_file(&text)
            .map_err(|why| Error::io(&path, &std::io::Error::other(why.to_string())))?;
        let relative = path.strip_prefix(printed).unwrap_or(&path);
        trees.push((to.join(relative), tree));
        Ok(())
    })?;
    let started = ProcessTime::now();
    let text = fs::read_to_string(document).map_err(|why| Error::io(document, &why))?;
    let unread = |why: String| Error::io(document, &std::io::Error::other(why));
    if text.starts_with('{') {
        serde_json::from_str::<serde_json::Value>(&text).map_err(|why| unread(why.to_string()))?;
    } else {
        serde_yaml::from_str::<serde_json::Value>(&text).map_err(|why| unread(why.to_string()))?;
    }
    for (path, tree) in &trees {
        let text = prettyplease::unparse(tree);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|why| Error::io(folder, &why))?;
        }
        fs::write(path, text).map_err(|why| Error::io(path, &why))?;
    }
    Ok(started.elapsed().as_secs_f64())
}

/// Does something with each file of Rust below a folder.
pub(super) fn rust_files(
    folder: &Path,
    each: &mut dyn FnMut(PathBuf) -> Result<(), Error>,
) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(|why| Error::io(folder, &why))? {
        let path = entry.map_err(|why| Error::io(folder, &why))?.path();
        if path.is_dir() {
            rust_files(&path, each)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            each(path)?;
        }
    }
    Ok(())
}
