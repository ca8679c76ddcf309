//! The size of generated crates, and of a program with one.

use std::fs;

use observatory_codegen::diag::Error;
use xtask::repository::VendorFolder;

use crate::context::BenchContext;
use crate::crate_size::count_crate;
use crate::measure::run_checked;
use crate::report::{Section, Table, format_figure};

/// Counts the lines of the generated crates and measures two equivalent programs.
pub(super) fn measure_section(context: &BenchContext) -> Result<Section, Error> {
    let mut section = Section::new(
        "Size",
        "The generated files, lines and derived impls. Then two programs of `tests/load/examples` that log one trace, \
         built in release mode with the same features of reqwest and without symbols.",
    );
    let mut table = Table::new(&["crate", "files", "lines", "derived impls"]);
    for vendor in VendorFolder::find(&[])? {
        let size = count_crate(&vendor)?;
        let counts = [size.files, size.lines, size.derives];
        let [files, lines, derives] = counts.map(|count| count.to_string());
        table.add_row([vendor.name, files, lines, derives]);
    }
    section.tables.push(table);
    let generated = program_bytes(context, "log_generated")?;
    let hand_written = program_bytes(context, "log_hand_written")?;
    let mut table = Table::new(&["program", "MB", "ratio"]);
    table.add_row([
        "hand-written".to_owned(),
        format_figure(hand_written / 1e6),
        String::new(),
    ]);
    table.add_row([
        "generated".to_owned(),
        format_figure(generated / 1e6),
        format_figure(generated / hand_written),
    ]);
    section.tables.push(table);
    Ok(section)
}

/// Builds an example in release mode and returns its size without symbols.
fn program_bytes(context: &BenchContext, name: &str) -> Result<f64, Error> {
    (context.progress)(&format!("building {name}"));
    let mut cargo = context.cargo();
    cargo
        .args(["rustc", "--quiet", "--release", "-p", "observatory-load"])
        .args(["--example", name])
        .args(["--", "-C", "strip=symbols"]);
    run_checked(&mut cargo, &context.log_path())?;
    let path = context.target.join("release/examples").join(name);
    let metadata = fs::metadata(&path).map_err(|error| Error::io(&path, &error))?;
    Ok(metadata.len() as f64)
}
