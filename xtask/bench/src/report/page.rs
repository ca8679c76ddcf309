//! The Markdown page with all sections.

use std::fs;
use std::path::Path;
use std::process::Command;

use observatory_codegen::diag::Error;
use serde::Serialize;

use super::chart::draw_charts;
use super::section::{Section, Table, format_figure};

/// The file name of the chart, next to the page.
const CHART_FILE: &str = "benchmarks.svg";

const EXPLANATION: &str = "The section of each limit explains why it is not met and what was tried; \
                           [ARCHITECTURE.md](ARCHITECTURE.md#what-it-costs) has the figures.";

/// The results and the machine.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ReportPage {
    /// The command that measured the results.
    pub(crate) command: String,
    /// The machine and the compiler, one line each.
    pub(crate) machine: Vec<String>,
    pub(crate) sections: Vec<Section>,
}

impl ReportPage {
    /// Returns the page of this machine.
    pub(crate) fn new(command: String, sections: Vec<Section>) -> Self {
        Self {
            command,
            machine: describe_machine(),
            sections,
        }
    }

    /// Returns the number of limits, and how many of them are met.
    pub(crate) fn count_limits(&self) -> (usize, usize) {
        let limits = self.sections.iter().flat_map(|section| &section.limits);
        let met = limits.clone().filter(|limit| limit.is_met()).count();
        (limits.count(), met)
    }

    fn to_markdown(&self, chart: Option<&str>) -> String {
        let (all, met) = self.count_limits();
        let mut text = format!(
            "# Benchmarks\n\nWritten by `{}`; do not edit. {met} of {all} limits are met. Figures are medians. The runs of \
             a comparison alternate, and a ratio compares figures of the same comparison.\n",
            self.command
        );
        for line in &self.machine {
            text.push_str(&format!("\n- {line}"));
        }
        text.push('\n');
        if let Some(chart) = chart {
            text.push_str(&format!(
                "\n![Time to generate and to check a crate, by the size of the document]({chart})\n"
            ));
        }
        text.push_str(&self.missed_limits());
        for section in &self.sections {
            text.push('\n');
            text.push_str(&section.to_markdown());
        }
        text
    }

    /// Formats a table of the limits that are not met.
    fn missed_limits(&self) -> String {
        let mut table = Table::new(&["limit not met", "section", "value", "at most", "ratio"]);
        for section in &self.sections {
            for limit in section.limits.iter().filter(|limit| !limit.is_met()) {
                table.add_row([
                    limit.name.clone(),
                    section.title.clone(),
                    format_figure(limit.value),
                    format_figure(limit.at_most),
                    format_figure(limit.value / limit.at_most),
                ]);
            }
        }
        match table.rows.is_empty() {
            true => String::new(),
            false => format!("\n{}\n{EXPLANATION}\n", table.to_markdown()),
        }
    }
}

/// Writes the page to `path`, and its chart next to it.
///
/// # Errors
/// When a file cannot be written.
pub(crate) fn write_page(page: &ReportPage, path: &Path) -> Result<(), Error> {
    let write =
        |path: &Path, text: &str| fs::write(path, text).map_err(|error| Error::io(path, &error));
    let mut chart = None;
    if let Some(svg) = draw_charts(&page.sections) {
        write(&path.with_file_name(CHART_FILE), &svg)?;
        chart = Some(CHART_FILE);
    }
    write(path, &page.to_markdown(chart))
}

/// Returns the processor, its cores, the memory and the operating system in a line, and the compiler in another.
/// Unknown facts are left out.
fn describe_machine() -> Vec<String> {
    let processor = fs::read_to_string("/proc/cpuinfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        Some(line.split_once(':')?.1.trim().to_owned())
    });
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = fs::read_to_string("/proc/meminfo").ok().and_then(|text| {
        let line = text.lines().find(|line| line.starts_with("MemTotal"))?;
        let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(format!(", {:.0} GB of memory", kilobytes / 1e6))
    });
    let processor = processor.unwrap_or_else(|| "unknown processor".to_owned());
    let mut lines = vec![format!(
        "{processor}, {cores} cores{}, {}",
        memory.unwrap_or_default(),
        std::env::consts::OS
    )];
    lines.extend(trimmed_output("rustc", &["--version"]));
    lines
}

/// Returns a sentence with the date and the commit of a measurement.
pub(crate) fn measured_at(root: &Path) -> String {
    let date = trimmed_output("date", &["--utc", "+%Y-%m-%d %H:%M"]).unwrap_or_default();
    let root = root.to_string_lossy();
    let commit =
        trimmed_output("git", &["-C", &root, "rev-parse", "--short", "HEAD"]).unwrap_or_default();
    format!("Measured {date} at {commit}.")
}

/// Returns the output of a program without surrounding white space; `None` if it has none.
fn trimmed_output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let line = String::from_utf8(output.stdout).ok()?;
    Some(line.trim().to_owned()).filter(|line| !line.is_empty())
}
