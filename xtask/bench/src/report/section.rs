//! The sections of the report: tables and limits, as Markdown and as JSON.

use serde::{Deserialize, Deserializer, Serialize};

use super::missed_limits::explain_missed_limits;

/// The results of one part of the benchmark.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Section {
    /// The date and the commit of the measurement.
    pub(crate) measured_at: String,
    pub(crate) title: String,
    /// What is measured, and how.
    pub(crate) description: String,
    pub(crate) tables: Vec<Table>,
    pub(crate) limits: Vec<Limit>,
    /// The points of the chart.
    pub(crate) points: Vec<ChartPoint>,
}

/// A table.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Table {
    /// The heads of the columns.
    pub(crate) head: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
}

/// A figure that must not exceed a limit.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Limit {
    pub(crate) name: String,
    /// The measured figure; NaN if the measurement failed.
    #[serde(deserialize_with = "deserialize_figure")]
    pub(crate) value: f64,
    /// The limit.
    pub(crate) at_most: f64,
}

/// A point of the chart.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct ChartPoint {
    pub(crate) chart: Chart,
    /// The generator, or a variant of its crate.
    pub(crate) series: String,
    /// The size of the document.
    pub(crate) bytes: f64,
    pub(crate) seconds: f64,
}

/// One of the charts of the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum Chart {
    /// The time to generate a crate.
    Generation,
    /// The time to check a crate.
    Check,
}

/// Deserializes a figure. JSON has no NaN: it is written as `null`.
fn deserialize_figure<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or(f64::NAN))
}

impl Limit {
    /// Returns whether the limit is met. A failed measurement does not meet it.
    pub(crate) fn is_met(&self) -> bool {
        self.value <= self.at_most
    }
}

impl Table {
    /// The heads of columns with text, besides the first column. All other columns have figures.
    const TEXT_COLUMNS: [&str; 3] = ["generator", "implementation", "section"];

    /// Returns a table without rows.
    pub(crate) fn new(head: &[&str]) -> Self {
        Self {
            head: head.iter().map(|&cell| cell.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row. Missing cells are empty: a failed measurement has a reason and no figures.
    pub(crate) fn add_row<const N: usize>(&mut self, cells: [String; N]) {
        let mut row = Vec::from(cells);
        row.resize(self.head.len().max(N), String::new());
        self.rows.push(row);
    }

    /// Formats the table as Markdown.
    pub(crate) fn to_markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        let alignment = self.head.iter().enumerate().map(|(index, head)| {
            let is_text = index == 0 || Self::TEXT_COLUMNS.contains(&head.as_str());
            if is_text { "---" } else { "---:" }.to_owned()
        });
        let alignment: Vec<String> = alignment.collect();
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!("{}{}{rows}", line(&self.head), line(&alignment))
    }
}

impl Section {
    /// Returns a section without results.
    pub(crate) fn new(title: &str, description: &str) -> Self {
        Self {
            title: title.to_owned(),
            description: description.to_owned(),
            ..Self::default()
        }
    }

    /// Adds a limit and the measured figure.
    pub(crate) fn add_limit(&mut self, name: impl Into<String>, value: f64, at_most: f64) {
        let name = name.into();
        self.limits.push(Limit {
            name,
            value,
            at_most,
        });
    }

    /// Formats the section as Markdown.
    pub(crate) fn to_markdown(&self) -> String {
        let mut text = format!(
            "## {}\n\n{} {}\n",
            self.title, self.description, self.measured_at
        );
        for table in &self.tables {
            text.push('\n');
            text.push_str(&table.to_markdown());
        }
        if !self.limits.is_empty() {
            let mut table = Table::new(&["limit", "value", "at most", "met"]);
            for limit in &self.limits {
                let met = if limit.is_met() { "yes" } else { "**no**" };
                table.add_row([
                    limit.name.clone(),
                    format_figure(limit.value),
                    format_figure(limit.at_most),
                    met.to_owned(),
                ]);
            }
            text.push('\n');
            text.push_str(&table.to_markdown());
        }
        let is_missed = self.limits.iter().any(|limit| !limit.is_met());
        if let Some(explanation) = explain_missed_limits(&self.title).filter(|_| is_missed) {
            text.push_str(&format!("\n{explanation}\n"));
        }
        text
    }
}

/// Formats a ratio or a time with two or three significant digits.
pub(crate) fn format_figure(value: f64) -> String {
    if !value.is_finite() {
        "–".to_owned()
    } else if value >= 1000.0 {
        format!("{value:.0}")
    } else if value.abs() < 0.1 {
        format!("{value:.3}")
    } else {
        format!("{value:.2}")
    }
}

/// Formats a number of bytes in MB.
pub(crate) fn format_megabytes(bytes: f64) -> String {
    format!("{:.0}", bytes / 1e6)
}
