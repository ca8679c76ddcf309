//! The lower bound of the time to generate a crate: reading the document, and printing and writing the files.

use std::fs;
use std::path::Path;
use std::process::Command;

use cpu_time::ProcessTime;
use observatory_codegen::diag::{Code, Error};

use crate::context::{BenchContext, GENERATOR, crate_name};
use crate::crate_size::visit_rust_files;
use crate::measure::{median, run};
use crate::report::{Section, Table, format_figure};

/// The largest ratio of the generator's CPU time to the lower bound.
const MAX_RATIO: f64 = 3.0;

/// Measures the generator and the lower bound with every document.
pub(super) fn measure_section(context: &BenchContext) -> Result<Section, Error> {
    let mut section = Section::new(
        "Lower bound",
        "The lower bound is the time to read the document into a tree with serde_yaml or serde_json, to print the syntax \
         trees of the files that observatory-codegen writes with prettyplease, and to write the files. It does not \
         include the time to make the syntax trees. It is measured in a running program, so the ratio does not include \
         the start of observatory-codegen either (`--version`). The runs alternate.",
    );
    let mut table = Table::new(&[
        "document",
        "generator, CPU ms",
        "its start, CPU ms",
        "lower bound, CPU ms",
        "ratio without start",
    ]);
    for document in &context.documents {
        let out = context.crate_folder(GENERATOR, document);
        let printed = context.work.join("lower-bound-output");
        let name = crate_name(GENERATOR, document);
        let (mut totals, mut starts, mut bounds) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..=context.runs {
            let label = &document.name;
            (context.progress)(&format!(
                "lower bound of {label}, {round} of {}",
                context.runs
            ));
            context.move_to_trash(&out)?;
            let mut generate = context.generate_command(&document.path, &out, &name);
            let generated = run(&mut generate, &context.log_path())?;
            totals.extend(generated.ok().map(|cost| cost.cpu));
            let started = run(
                Command::new(&context.xtask).arg("--version"),
                &context.log_path(),
            )?;
            starts.extend(started.ok().map(|cost| cost.cpu));
            context.move_to_trash(&printed)?;
            bounds.push(run_lower_bound(context, &document.path, &out, &printed)?);
        }
        let (total, start, bound) = (median(totals), median(starts), median(bounds));
        let ratio = (total - start) / bound;
        let label = format!("{} ({:.0} kB)", document.name, document.bytes / 1e3);
        let [a, b, c] = [total, start, bound].map(|seconds| format_figure(seconds * 1e3));
        table.add_row([label, a, b, c, format_figure(ratio)]);
        let limit = format!(
            "{}: CPU, {GENERATOR} without start / lower bound",
            document.name
        );
        section.add_limit(limit, ratio, MAX_RATIO);
    }
    section.tables.push(table);
    Ok(section)
}

/// Runs [`measure_lower_bound`] in a process of its own and returns the CPU seconds that it prints.
fn run_lower_bound(
    context: &BenchContext,
    document: &Path,
    generated: &Path,
    out: &Path,
) -> Result<f64, Error> {
    let mut command = Command::new(&context.bench);
    command
        .arg("--lower-bound")
        .args([document, generated, out]);
    let log = context.log_path();
    let result = run(&mut command, &log)?;
    let output = fs::read_to_string(&log).map_err(|error| Error::io(&log, &error))?;
    let seconds = output.trim().parse::<f64>();
    match (result, seconds) {
        (Ok(_), Ok(seconds)) => Ok(seconds),
        _ => Err(Error::new(
            Code::Internal,
            format!("the lower bound cannot be measured: {output}"),
            None,
        )),
    }
}

/// Reads the document, and prints the files of the generated crate to `out`. Returns the CPU seconds, without the time
/// to parse the files.
///
/// # Errors
/// When a file cannot be read, parsed or written.
pub(crate) fn measure_lower_bound(
    document: &Path,
    generated: &Path,
    out: &Path,
) -> Result<f64, Error> {
    let mut trees = Vec::new();
    visit_rust_files(&generated.join("src"), &mut |path| {
        let text = fs::read_to_string(&path).map_err(|error| Error::io(&path, &error))?;
        let tree =
            syn::parse_file(&text).map_err(|error| Error::io_message(&path, error.to_string()))?;
        let relative = path.strip_prefix(generated).unwrap_or(&path);
        trees.push((out.join(relative), tree));
        Ok(())
    })?;
    let started = ProcessTime::now();
    let text = fs::read_to_string(document).map_err(|error| Error::io(document, &error))?;
    let parsed = if text.starts_with('{') {
        serde_json::from_str::<serde_json::Value>(&text).map_err(|error| error.to_string())
    } else {
        serde_yaml::from_str::<serde_json::Value>(&text).map_err(|error| error.to_string())
    };
    parsed.map_err(|message| Error::io_message(document, message))?;
    for (path, tree) in &trees {
        let text = prettyplease::unparse(tree);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| Error::io(folder, &error))?;
        }
        fs::write(path, text).map_err(|error| Error::io(path, &error))?;
    }
    Ok(started.elapsed().as_secs_f64())
}
