//! How large generated crates are, and what they add to a program.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::Bench;
use super::lower_bound::rust_files;
use super::measure::run;
use super::report::{Section, Table, figure};
use observatory_codegen::diag::{Code, Error};
use xtask::repository::VendorFolder;

/// What a crate consists of.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Size {
    pub(super) files: usize,
    pub(super) lines: usize,
    /// Types and impls that the compiler writes from an attribute.
    pub(super) derives: usize,
}

/// What lies in a vendor's crate.
pub(super) fn of(vendor: &VendorFolder) -> Result<Size, Error> {
    let mut size = Size::default();
    rust_files(&vendor.krate().join("src"), &mut |path| {
        let text = fs::read_to_string(&path).map_err(|why| Error::io(&path, &why))?;
        size.files += 1;
        size.lines += text.lines().count();
        let derives = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("#[derive("));
        size.derives += derives.map(|names| names.split(',').count()).sum::<usize>();
        Ok(())
    })?;
    Ok(size)
}

/// Lines, and two programs that do the same.
pub(super) fn section(bench: &Bench) -> Result<Section, Error> {
    let mut section = Section::new(
        "Size",
        "Generated lines; and two programs in `tests/load/examples` that log one trace, built for release with the \
         same features of reqwest, without symbols.",
    );
    let mut table = Table::new(&["crate", "files", "lines", "derived impls"]);
    for vendor in VendorFolder::find(&[])? {
        let size = of(&vendor)?;
        let cells = [size.files, size.lines, size.derives].map(|count| count.to_string());
        let [files, lines, derives] = cells;
        table.row([vendor.name, files, lines, derives]);
    }
    section.tables.push(table);
    let (ours, by_hand) = (
        program(bench, "log_generated")?,
        program(bench, "log_hand_written")?,
    );
    let mut table = Table::new(&["program", "MB", "times as large"]);
    table.row(["by hand".to_owned(), figure(by_hand / 1e6), String::new()]);
    table.row([
        "ours".to_owned(),
        figure(ours / 1e6),
        figure(ours / by_hand),
    ]);
    section.tables.push(table);
    Ok(section)
}

/// The size of a program without its symbols.
fn program(bench: &Bench, name: &str) -> Result<f64, Error> {
    (bench.progress)(&format!("building {name}"));
    let mut build = bench.cargo();
    build
        .args(["rustc", "--quiet", "--release", "-p", "observatory-load"])
        .args(["--example", name])
        .args(["--", "-C", "strip=symbols"]);
    succeed(&mut build, &bench.log())?;
    let path = bench.target.join("release/examples").join(name);
    let size = fs::metadata(&path).map_err(|why| Error::io(&path, &why))?;
    Ok(size.len() as f64)
}

/// Runs what has to succeed, and gives what it said.
pub(super) fn succeed(command: &mut Command, log: &Path) -> Result<String, Error> {
    let outcome = run(command, log)?;
    let said = fs::read_to_string(log).map_err(|why| Error::io(log, &why))?;
    match outcome {
        Ok(_) => Ok(said),
        Err(why) => {
            let message = format!("{command:?}: {}", why.0);
            let help = format!("all that it said is in {}", log.display());
            Err(Error::new(Code::Internal, message, Some(&help)))
        }
    }
}
