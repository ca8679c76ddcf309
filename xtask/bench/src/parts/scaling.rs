//! Whether the time to generate a crate is proportional to the size of the document: for copies of a document, and for
//! each construct that could take more.

use std::fs;

use observatory_codegen::diag::Error;

use super::constructs::CONSTRUCTS;
use crate::context::BenchContext;
use crate::documents::write_copies;
use crate::measure::{BenchCommand, run_alternately};
use crate::report::{Section, Table, format_figure};

const COPIES: [usize; 4] = [1, 2, 4, 8];

/// The largest ratio of the CPU time per copy with 8 copies to that with one. Sorting and the processor's caches cost a
/// little more with a larger document.
const MAX_RATIO: f64 = 1.25;

/// How many times more repetitions the larger document of a construct has.
const GROWTH: usize = 4;

/// Generates the largest pinned document with several copies of itself.
pub(super) fn measure_section(context: &BenchContext) -> Result<Section, Error> {
    let mut documents = context.documents.iter().rev();
    let Some(document) = documents.find(|known| !known.is_published) else {
        return Ok(Section::new("Scaling", "There is no pinned document."));
    };
    let description = format!(
        "{}: the document with 1, 2, 4 and 8 copies of its content under different names.",
        document.name
    );
    let mut section = Section::new("Scaling", &description);
    let mut commands = Vec::new();
    for copies in COPIES {
        let path = context.work.join(format!("copies-{copies}.yaml"));
        write_copies(&document.path, copies, &path)?;
        let out = context.work.join(format!("crate-copies-{copies}"));
        commands.push(BenchCommand {
            name: copies.to_string(),
            prepare: Box::new(move || {
                context.move_to_trash(&out)?;
                Ok(context.generate_command(&path, &out, "copies"))
            }),
        });
    }
    let progress = |step: &str| (context.progress)(&format!("scaling: {step}"));
    let measurements = run_alternately(&commands, context.runs, &context.log_path(), progress)?;
    let mut table = Table::new(&["copies", "s", "CPU s", "CPU s per copy", "MB"]);
    let mut cpu_per_copy = Vec::new();
    for (measurement, copies) in measurements.iter().zip(COPIES) {
        match &measurement.result {
            Ok(cost) => {
                let per_copy = cost.cpu / copies as f64;
                cpu_per_copy.push(per_copy);
                let [wall, cpu, peak] = cost.cells();
                table.add_row([copies.to_string(), wall, cpu, format_figure(per_copy), peak]);
            }
            Err(failure) => {
                table.add_row([format!("{copies}: {}", failure.reason)]);
                cpu_per_copy.push(f64::NAN);
            }
        }
    }
    section.tables.push(table);
    if let (Some(one), Some(eight)) = (cpu_per_copy.first(), cpu_per_copy.last()) {
        section.add_limit("CPU s per copy, 8 copies / 1 copy", eight / one, MAX_RATIO);
    }
    measure_constructs(context, &mut section)?;
    Ok(section)
}

/// Generates a document for each construct, and one with [`GROWTH`] times as many repetitions.
fn measure_constructs(context: &BenchContext, section: &mut Section) -> Result<(), Error> {
    let mut table = Table::new(&["construct", "repetitions", "s", "CPU s", "MB"]);
    for (index, construct) in CONSTRUCTS.iter().enumerate() {
        let mut commands = Vec::new();
        for count in [construct.count, construct.count * GROWTH] {
            let path = context.work.join(format!("construct-{index}-{count}.json"));
            let text = construct.document(count).to_string();
            fs::write(&path, text).map_err(|error| Error::io(&path, &error))?;
            let out = context
                .work
                .join(format!("crate-construct-{index}-{count}"));
            commands.push(BenchCommand {
                name: count.to_string(),
                prepare: Box::new(move || {
                    context.move_to_trash(&out)?;
                    Ok(context.generate_command(&path, &out, "construct"))
                }),
            });
        }
        let progress = |step: &str| (context.progress)(&format!("{}: {step}", construct.name));
        let measurements = run_alternately(&commands, context.runs, &context.log_path(), progress)?;
        let mut cpu = Vec::new();
        for measurement in &measurements {
            let name = construct.name.to_owned();
            match &measurement.result {
                Ok(cost) => {
                    cpu.push(cost.cpu);
                    let [wall, cpu, peak] = cost.cells();
                    table.add_row([name, measurement.name.clone(), wall, cpu, peak]);
                }
                Err(failure) => {
                    table.add_row([format!("{name}: {}", failure.reason)]);
                    cpu.push(f64::NAN);
                }
            }
        }
        if let [few, many] = cpu.as_slice() {
            let label = format!(
                "{}: CPU s each, {GROWTH} times as many / few",
                construct.name
            );
            section.add_limit(label, many / few / GROWTH as f64, MAX_RATIO);
        }
    }
    section.tables.push(table);
    Ok(())
}
