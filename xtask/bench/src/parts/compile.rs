//! The time to compile a generated crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use observatory_codegen::diag::Error;

use crate::context::{BenchContext, GENERATOR, crate_name};
use crate::documents::BenchDocument;
use crate::measure::{BenchCommand, Cost, Measurement, run, run_alternately};
use crate::peers::{Peer, detach_from_workspace};
use crate::report::{Chart, ChartPoint, Section, Table, format_figure};

/// The largest ratio of a whole crate to the best peer's.
const MAX_WHOLE: f64 = 0.5;
/// The largest ratio of the resource that logs traces to the best peer's whole crate.
const MAX_RESOURCE: f64 = 0.15;

/// Our crate with the resource that logs traces.
const ONE_RESOURCE: &str = "observatory-codegen, one resource";
/// Our crate with a client and without resources.
const NO_RESOURCE: &str = "observatory-codegen, no resource";

/// A crate to check.
struct GeneratedCrate {
    name: String,
    folder: PathBuf,
    /// The arguments of cargo that select features.
    feature_arguments: Vec<String>,
}

/// Checks every crate of each published document; without published documents, of each pinned one.
pub(super) fn measure_section(context: &BenchContext) -> Result<Section, Error> {
    let mut section = Section::new(
        "Compiling a generated crate",
        "`cargo check` of the crate alone: its dependencies are built, and there is no incremental data \
         (`CARGO_INCREMENTAL=0`), as cargo compiles every dependency. CPU time is that of cargo and rustc; memory is the \
         largest resident set of one process. The CPU ratio is the CPU time of observatory-codegen's crate divided by \
         that of the row's crate. Every crate has its default features. “One resource” is observatory-codegen's crate \
         with only the feature that logs traces. “No resource” is that crate without any resource: the cost of cargo, \
         rustc and the dependencies.",
    );
    let has_published = context.documents.iter().any(|known| known.is_published);
    let mut table = Table::new(&["document", "generator", "s", "CPU s", "MB", "CPU ratio"]);
    for document in &context.documents {
        if document.is_published == has_published {
            measure_document(context, document, &mut section, &mut table)?;
        }
    }
    section.tables.push(table);
    Ok(section)
}

fn measure_document(
    context: &BenchContext,
    document: &BenchDocument,
    section: &mut Section,
    table: &mut Table,
) -> Result<(), Error> {
    let (mut crates, mut failed) = (Vec::new(), Vec::new());
    for generated in generate_crates(context, document)? {
        (context.progress)(&format!("building the dependencies of {}", generated.name));
        match run(
            &mut check_command(context, &generated)?,
            &context.log_path(),
        )? {
            Ok(_) => crates.push(generated),
            Err(failure) => {
                let errors = summarize_errors(&context.log_path(), &failure.reason);
                failed.push((generated.name, errors));
            }
        }
    }
    let commands: Vec<BenchCommand<'_>> = crates
        .iter()
        .map(|generated| BenchCommand {
            name: generated.name.clone(),
            prepare: Box::new(|| check_command(context, generated)),
        })
        .collect();
    let progress = |step: &str| (context.progress)(&format!("checking {}: {step}", document.name));
    let measurements = run_alternately(&commands, context.runs, &context.log_path(), progress)?;
    add_rows(document, &measurements, section, table);
    for (name, errors) in failed {
        let reason = format!("{name}: does not compile: {errors}");
        table.add_row([document.name.clone(), reason]);
    }
    add_limits(document, &measurements, section);
    Ok(())
}

fn find_cost<'m>(measurements: &'m [Measurement], name: &str) -> Option<&'m Cost> {
    let measurement = measurements.iter().find(|known| known.name == name)?;
    measurement.result.as_ref().ok()
}

fn add_rows(
    document: &BenchDocument,
    measurements: &[Measurement],
    section: &mut Section,
    table: &mut Table,
) {
    let Some(own) = find_cost(measurements, GENERATOR) else {
        return;
    };
    for measurement in measurements {
        let Ok(cost) = &measurement.result else {
            continue;
        };
        let ratio = match measurement.name.starts_with(GENERATOR) {
            true => String::new(),
            false => format_figure(own.cpu / cost.cpu),
        };
        let [wall, cpu, peak] = cost.cells();
        let (label, generator) = (document.name.clone(), measurement.name.clone());
        table.add_row([label, generator.clone(), wall, cpu, peak, ratio]);
        section.points.push(ChartPoint {
            chart: Chart::Check,
            series: generator,
            bytes: document.bytes,
            seconds: cost.cpu,
        });
    }
}

fn add_limits(document: &BenchDocument, measurements: &[Measurement], section: &mut Section) {
    let peers: Vec<&Cost> = measurements
        .iter()
        .filter(|measurement| !measurement.name.starts_with(GENERATOR))
        .filter_map(|measurement| measurement.result.as_ref().ok())
        .collect();
    if peers.is_empty() {
        return;
    }
    let ratio = |name: &str, figure: fn(&Cost) -> f64| {
        let best = peers.iter().map(|cost| figure(cost));
        let own = find_cost(measurements, name).map_or(f64::NAN, figure);
        own / best.fold(f64::INFINITY, f64::min)
    };
    let mut limit = |subject: &str, ratio: f64, at_most: f64| {
        let name = format!("{}: {subject} / best peer", document.name);
        section.add_limit(name, ratio, at_most);
    };
    limit(
        "CPU, all resources",
        ratio(GENERATOR, |cost| cost.cpu),
        MAX_WHOLE,
    );
    limit(
        "memory, all resources",
        ratio(GENERATOR, |cost| cost.peak),
        MAX_WHOLE,
    );
    limit(
        "CPU, one resource",
        ratio(ONE_RESOURCE, |cost| cost.cpu),
        MAX_RESOURCE,
    );
    limit(
        "memory, one resource",
        ratio(ONE_RESOURCE, |cost| cost.peak),
        MAX_RESOURCE,
    );
}

/// Generates the crates of a document with all generators. Generators that fail are left out: the section on generation
/// reports them.
fn generate_crates(
    context: &BenchContext,
    document: &BenchDocument,
) -> Result<Vec<GeneratedCrate>, Error> {
    let mut crates = Vec::new();
    let out = context.crate_folder(GENERATOR, document);
    context.move_to_trash(&out)?;
    let name = crate_name(GENERATOR, document);
    let mut command = context.generate_command(&document.path, &out, &name);
    if run(&mut command, &context.log_path())?.is_ok() {
        detach_from_workspace(&out)?;
        let mut variants = vec![(GENERATOR, Vec::new())];
        let mut add_variant = |name: &'static str, features: &str| {
            let arguments = ["--no-default-features", "--features", features];
            variants.push((name, arguments.map(str::to_owned).to_vec()));
        };
        if let Some(resource) = &document.trace_feature {
            add_variant(ONE_RESOURCE, &format!("client,rustls,{resource}"));
        }
        add_variant(NO_RESOURCE, "client,rustls");
        let variants = variants.into_iter();
        crates.extend(variants.map(|(name, feature_arguments)| GeneratedCrate {
            name: name.to_owned(),
            folder: out.clone(),
            feature_arguments,
        }));
    }
    let Some(folder) = &context.peers else {
        return Ok(crates);
    };
    for peer in Peer::ALL {
        let out = context.crate_folder(peer.name(), document);
        context.move_to_trash(&out)?;
        let name = crate_name(peer.name(), document);
        let mut command = peer.command(folder, &document.path, &out, &name);
        if run(&mut command, &context.log_path())?.is_ok() {
            peer.complete_crate(&out, &name)?;
            crates.push(GeneratedCrate {
                name: peer.name().to_owned(),
                folder: out,
                feature_arguments: Vec::new(),
            });
        }
    }
    Ok(crates)
}

/// Returns the command that checks a crate, after a change of its modification time: cargo compiles it again.
fn check_command(context: &BenchContext, generated: &GeneratedCrate) -> Result<Command, Error> {
    let root_file = generated.folder.join("src/lib.rs");
    let touched = fs::File::options()
        .append(true)
        .open(&root_file)
        .and_then(|file| file.set_modified(SystemTime::now()));
    touched.map_err(|error| Error::io(&root_file, &error))?;
    let mut cargo = context.cargo();
    cargo
        .current_dir(&generated.folder)
        .args(["check", "--lib", "--quiet"])
        .args(&generated.feature_arguments)
        .env("CARGO_TARGET_DIR", context.work.join("target"))
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("RUSTFLAGS");
    Ok(cargo)
}

/// Returns the number of compiler errors in a log and the first of them; `reason` if the log has none.
fn summarize_errors(log: &Path, reason: &str) -> String {
    let output = fs::read_to_string(log).unwrap_or_default();
    let mut errors = output.lines().filter(|line| line.starts_with("error["));
    let first = errors.next().unwrap_or(reason);
    let first: String = first.replace(['`', '|'], "'").chars().take(100).collect();
    format!("{} errors: `{first}`", errors.count() + 1)
}
