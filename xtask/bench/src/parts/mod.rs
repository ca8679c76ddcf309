//! The parts of the benchmark. Each returns one section of the report.

mod call;
mod clean_build;
mod compile;
mod constructs;
mod generation;
mod lower_bound;
mod recording;
mod repository;
mod scaling;
mod size;

use std::fs;
use std::path::PathBuf;

use observatory_codegen::diag::Error;

use crate::context::BenchContext;
use crate::report::{Section, measured_at};

pub(crate) use call::{CALL_BENCHMARK, parse_costs};
pub(crate) use lower_bound::measure_lower_bound;
pub(crate) use recording::{Comparison, DELIVERY, RECORDING};

/// A part of the benchmark.
pub(crate) struct Part {
    /// The name for `--only`.
    pub(crate) name: &'static str,
    measure: fn(&BenchContext) -> Result<Section, Error>,
}

/// All parts, in the order of the report.
pub(crate) const PARTS: [Part; 10] = [
    Part {
        name: "call",
        measure: call::measure_section,
    },
    Part {
        name: "recording",
        measure: recording::measure_section,
    },
    Part {
        name: "delivery",
        measure: recording::measure_delivery,
    },
    Part {
        name: "repository",
        measure: repository::measure_section,
    },
    Part {
        name: "generation",
        measure: generation::measure_section,
    },
    Part {
        name: "compile",
        measure: compile::measure_section,
    },
    Part {
        name: "size",
        measure: size::measure_section,
    },
    Part {
        name: "lower-bound",
        measure: lower_bound::measure_section,
    },
    Part {
        name: "scaling",
        measure: scaling::measure_section,
    },
    Part {
        name: "clean-build",
        measure: clean_build::measure_section,
    },
];

/// Measures the selected parts and stores each section. `after_part` is called when a section is stored.
///
/// # Errors
/// When a program cannot be started or a file cannot be written.
pub(crate) fn measure_parts(
    context: &BenchContext,
    is_selected: impl Fn(&str) -> bool,
    mut after_part: impl FnMut() -> Result<(), Error>,
) -> Result<Vec<Section>, Error> {
    let mut sections = Vec::new();
    for part in PARTS.iter().filter(|part| is_selected(part.name)) {
        (context.progress)(part.name);
        let mut section = (part.measure)(context)?;
        section.measured_at = measured_at(&context.root);
        let path = section_path(context, part);
        let text = serde_json::to_vec(&section).unwrap_or_default();
        fs::write(&path, text).map_err(|error| Error::io(&path, &error))?;
        sections.push(section);
        after_part()?;
    }
    Ok(sections)
}

/// Returns the latest section of every part, from this run or an earlier one.
pub(crate) fn stored_sections(context: &BenchContext) -> Vec<Section> {
    let parts = PARTS.iter();
    let texts = parts.map(|part| fs::read(section_path(context, part)).unwrap_or_default());
    texts
        .filter_map(|text| serde_json::from_slice(&text).ok())
        .collect()
}

fn section_path(context: &BenchContext, part: &Part) -> PathBuf {
    context.work.join(format!("{}.json", part.name))
}
