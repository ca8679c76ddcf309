//! Whether a document of twice the size takes twice the time.

use super::measure::{Contender, by_turns};
use super::report::{Section, Table, figure};
use super::{Bench, documents};
use observatory_codegen::diag::Error;

const TIMES: [usize; 4] = [1, 2, 4, 8];

/// What eight times may cost, for each time: what is sorted, and caches that no longer hold everything, add a little.
const LINEAR: f64 = 1.25;

/// The largest document of the repository, several times over.
pub(super) fn section(bench: &Bench) -> Result<Section, Error> {
    let pinned = bench.documents.iter().rev().find(|one| !one.published);
    let Some(document) = pinned else {
        return Ok(Section::new("Scaling", "There is no document."));
    };
    let how = format!(
        "{}, with itself 1, 2, 4 and 8 times over under other names.",
        document.name
    );
    let mut section = Section::new("Scaling", &how);
    let mut contenders = Vec::new();
    for times in TIMES {
        let path = bench.work.join(format!("several-{times}.yaml"));
        documents::several(&document.path, times, &path)?;
        let out = bench.work.join(format!("ours-several-{times}"));
        contenders.push(Contender {
            name: times.to_string(),
            command: Box::new(move || {
                bench.clear(&out)?;
                Ok(bench.ours(&path, &out, "several"))
            }),
        });
    }
    let progress = |what: &str| (bench.progress)(&format!("scaling: {what}"));
    let measured = by_turns(&contenders, bench.runs, &bench.log(), progress)?;
    let mut table = Table::new(&["times", "s", "CPU s", "CPU s each", "MB"]);
    let mut each = Vec::new();
    for (one, times) in measured.iter().zip(TIMES) {
        match &one.outcome {
            Ok(cost) => {
                let part = cost.cpu / times as f64;
                each.push(part);
                let [wall, cpu, peak] = cost.cells();
                table.row([times.to_string(), wall, cpu, figure(part), peak]);
            }
            Err(why) => {
                table.row([format!("{times}: {}", why.0)]);
                each.push(f64::NAN);
            }
        }
    }
    section.tables.push(table);
    if let (Some(first), Some(last)) = (each.first(), each.last()) {
        section.limit("CPU of each, at 8 times / at once", last / first, LINEAR);
    }
    Ok(section)
}
