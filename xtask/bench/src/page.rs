//! The page that tells what was measured.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Serialize;

use super::chart;
use super::report::{Section, Table, figure};
use observatory_codegen::diag::Error;

/// All that was found, and where.
#[derive(Clone, Debug, Serialize)]
pub struct Page {
    /// The command that found it.
    pub command: String,
    /// The machine, in a line each.
    pub machine: Vec<String>,
    /// What was found.
    pub sections: Vec<Section>,
}

impl Page {
    /// The page of this machine, today.
    pub fn new(command: String, sections: Vec<Section>) -> Self {
        Self {
            command,
            machine: machine(),
            sections,
        }
    }

    /// How many limits there are, and how many of them are kept.
    pub fn limits(&self) -> (usize, usize) {
        let limits = self.sections.iter().flat_map(|section| &section.limits);
        let met = limits.clone().filter(|limit| limit.is_met()).count();
        (limits.count(), met)
    }

    fn markdown(&self, picture: Option<&str>) -> String {
        let (all, met) = self.limits();
        let mut text = format!(
            "# Benchmarks\n\nWritten by `{}`; do not edit. {met} of {all} limits are met. Figures are medians over runs \
             that take turns; ratios compare what was measured in the same run.\n",
            self.command
        );
        for line in &self.machine {
            text.push_str(&format!("\n- {line}"));
        }
        text.push('\n');
        if let Some(picture) = picture {
            text.push_str(&format!(
                "\n![Time of generating and of checking a crate against the size of the document]({picture})\n"
            ));
        }
        text.push_str(&self.missed());
        for section in &self.sections {
            text.push('\n');
            text.push_str(&section.markdown());
        }
        text
    }

    /// The limits that are not kept, and by how much; what was done about it is told where people look for reasons.
    fn missed(&self) -> String {
        let mut table = Table::new(&["not met", "of", "is", "at most", "times"]);
        for section in &self.sections {
            for limit in section.limits.iter().filter(|limit| !limit.is_met()) {
                table.row([
                    limit.what.clone(),
                    section.title.clone(),
                    figure(limit.is),
                    figure(limit.at_most),
                    figure(limit.is / limit.at_most),
                ]);
            }
        }
        match table.rows.is_empty() {
            true => String::new(),
            false => format!("\n{}\n{REASONS}\n", table.markdown()),
        }
    }
}

/// Writes the page to `path`, and its picture to `benchmarks.svg` beside it.
///
/// # Errors
/// When the disk refuses.
pub fn write_page(page: &Page, path: &Path) -> Result<(), Error> {
    let put = |path: &Path, text: &str| fs::write(path, text).map_err(|why| Error::io(path, &why));
    let mut shown = None;
    if let Some(svg) = chart::draw(&page.sections) {
        let beside: PathBuf = path.with_file_name(PICTURE);
        put(&beside, &svg)?;
        shown = Some(PICTURE);
    }
    put(path, &page.markdown(shown))
}

const PICTURE: &str = "benchmarks.svg";

/// Where it stands what the rest is, and what was tried.
const REASONS: &str = "Below the limits of each part stands why, and what was tried; \
                       [ARCHITECTURE.md](ARCHITECTURE.md#what-it-costs) has the figures of every way.";

/// What it was measured with. What the machine does not tell is left out.
fn machine() -> Vec<String> {
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
    let processor =
        processor.unwrap_or_else(|| "a processor that does not say its name".to_owned());
    let mut lines = vec![format!(
        "{processor}, {cores} cores{}, {}",
        memory.unwrap_or_default(),
        std::env::consts::OS
    )];
    lines.extend(says("rustc", &["--version"]));
    lines
}

/// The day and the commit, for whoever reads it later.
pub(super) fn now(root: &Path) -> String {
    let day = says("date", &["--utc", "+%Y-%m-%d %H:%M"]).unwrap_or_default();
    let root = root.to_string_lossy();
    let commit = says("git", &["-C", &root, "rev-parse", "--short", "HEAD"]).unwrap_or_default();
    format!("Measured {day} at {commit}.")
}

fn says(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let line = String::from_utf8(output.stdout).ok()?;
    Some(line.trim().to_owned()).filter(|line| !line.is_empty())
}
