//! The time to generate a crate, of our generator and of others.

use observatory_codegen::diag::Error;

use crate::context::{BenchContext, GENERATOR, crate_name};
use crate::documents::BenchDocument;
use crate::measure::{BenchCommand, run_alternately};
use crate::peers::Peer;
use crate::report::{Chart, ChartPoint, Section, Table, format_figure};

/// The CPU seconds of our generator and of the fastest peer.
struct CpuTimes {
    generator: f64,
    fastest_peer: f64,
}

/// Runs every generator with every document.
pub(super) fn measure_section(context: &BenchContext) -> Result<Section, Error> {
    let mut section = Section::new(
        "Generation",
        "Each generator writes a crate for each document into an empty folder. CPU time is that of the program and its \
         child processes; memory is the largest resident set of one process. The CPU ratio is the CPU time of \
         observatory-codegen divided by that of the row's generator. The limit is the CPU time of the fastest peer that \
         writes a crate for the document. openapi-generator-cli takes tens of times as long as the others and runs with \
         the published documents only.",
    );
    let mut table = Table::new(&["document", "generator", "s", "CPU s", "MB", "CPU ratio"]);
    let (mut generator, mut fastest_peers) = (0.0, 0.0);
    for document in &context.documents {
        let times = measure_document(context, document, &mut section, &mut table)?;
        if let Some(times) = times.filter(|_| !document.is_published) {
            generator += times.generator;
            fastest_peers += times.fastest_peer;
        }
    }
    section.tables.push(table);
    if context.peers.is_some() {
        let limit = format!("all pinned documents: CPU, {GENERATOR} / fastest peer of each");
        section.add_limit(limit, generator / fastest_peers, 1.0);
    }
    Ok(section)
}

/// Runs every generator with one document. Returns the CPU times if a peer succeeds.
fn measure_document(
    context: &BenchContext,
    document: &BenchDocument,
    section: &mut Section,
    table: &mut Table,
) -> Result<Option<CpuTimes>, Error> {
    let commands = generator_commands(context, document);
    let progress =
        |step: &str| (context.progress)(&format!("generating {}: {step}", document.name));
    let measurements = run_alternately(&commands, context.runs, &context.log_path(), progress)?;
    let own = measurements
        .first()
        .and_then(|measurement| measurement.result.clone().ok());
    let mut fastest_peer = f64::INFINITY;
    for measurement in &measurements {
        let label = format!("{} ({:.0} kB)", document.name, document.bytes / 1e3);
        let generator = measurement.name.clone();
        match (&measurement.result, own) {
            (Ok(cost), Some(own)) => {
                section.points.push(ChartPoint {
                    chart: Chart::Generation,
                    series: generator.clone(),
                    bytes: document.bytes,
                    seconds: cost.cpu,
                });
                let ratio = if generator == GENERATOR {
                    String::new()
                } else {
                    fastest_peer = fastest_peer.min(cost.cpu);
                    format_figure(own.cpu / cost.cpu)
                };
                let [wall, cpu, peak] = cost.cells();
                table.add_row([label, generator, wall, cpu, peak, ratio]);
            }
            (Err(failure), _) => {
                let reason = failure.reason.replace(['`', '|'], "'");
                table.add_row([label, format!("{generator}: fails: `{reason}`")]);
            }
            (Ok(_), None) => {}
        }
    }
    let generator = own.map_or(f64::NAN, |own| own.cpu);
    if context.peers.is_none() || !(fastest_peer.is_finite() || generator.is_nan()) {
        return Ok(None);
    }
    let limit = format!("{}: CPU, {GENERATOR} / fastest peer", document.name);
    section.add_limit(limit, generator / fastest_peer, 1.0);
    Ok(fastest_peer.is_finite().then_some(CpuTimes {
        generator,
        fastest_peer,
    }))
}

/// Returns the commands of all generators, ours first.
fn generator_commands<'a>(
    context: &'a BenchContext,
    document: &'a BenchDocument,
) -> Vec<BenchCommand<'a>> {
    let mut commands = vec![BenchCommand {
        name: GENERATOR.to_owned(),
        prepare: Box::new(|| {
            let out = context.crate_folder(GENERATOR, document);
            context.move_to_trash(&out)?;
            let name = crate_name(GENERATOR, document);
            Ok(context.generate_command(&document.path, &out, &name))
        }),
    }];
    let Some(folder) = &context.peers else {
        return commands;
    };
    let has_published = context.documents.iter().any(|known| known.is_published);
    for peer in Peer::ALL {
        // It takes about eight seconds for each run.
        if peer == Peer::OpenapiGenerator && has_published && !document.is_published {
            continue;
        }
        commands.push(BenchCommand {
            name: peer.name().to_owned(),
            prepare: Box::new(move || {
                let out = context.crate_folder(peer.name(), document);
                context.move_to_trash(&out)?;
                let name = crate_name(peer.name(), document);
                Ok(peer.command(folder, &document.path, &out, &name))
            }),
        });
    }
    commands
}
