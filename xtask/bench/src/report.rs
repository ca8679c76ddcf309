//! What a benchmark found, as a table for people and as JSON for programs.

use serde::{Deserialize, Deserializer, Serialize};

use super::missed_limits::tried;

/// A part of the benchmark.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Section {
    /// When, and with which state of the repository.
    pub measured: String,
    /// What it is about.
    pub title: String,
    /// How it was measured.
    pub how: String,
    /// What was measured.
    pub tables: Vec<Table>,
    /// What is promised, and what came of it.
    pub limits: Vec<Limit>,
    /// What the picture shows.
    pub points: Vec<Point>,
}

/// A table.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Table {
    /// What stands above the columns; the first holds words, the others figures.
    pub head: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// A promise: a figure that must not be larger than another.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Limit {
    /// What the figure tells.
    pub what: String,
    /// What it is; no number where it could not be measured.
    #[serde(deserialize_with = "number")]
    pub is: f64,
    /// What it may be.
    pub at_most: f64,
}

/// A place in the picture.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Point {
    /// Which of the two pictures.
    pub picture: Picture,
    /// Whose it is.
    pub who: String,
    /// The size of the document, in bytes.
    pub size: f64,
    /// Seconds.
    pub seconds: f64,
}

/// What a picture is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub enum Picture {
    /// How long it takes to generate a crate.
    Generation,
    /// How long it takes to check it.
    Check,
}

/// JSON knows no number that is none.
fn number<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or(f64::NAN))
}

impl Section {
    /// A section of which nothing is known yet.
    pub fn new(title: &str, how: &str) -> Self {
        Self {
            title: title.to_owned(),
            how: how.to_owned(),
            ..Self::default()
        }
    }

    /// Adds a promise.
    pub fn limit(&mut self, what: impl Into<String>, is: f64, at_most: f64) {
        let what = what.into();
        self.limits.push(Limit { what, is, at_most });
    }
}

impl Limit {
    /// Whether it is kept. What could not be measured is not.
    pub fn is_met(&self) -> bool {
        self.is <= self.at_most
    }
}

impl Table {
    /// A table without rows.
    pub fn new(head: &[&str]) -> Self {
        Self {
            head: head.iter().map(|&cell| cell.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row. Cells that are not given are empty: of what could not be measured there is a reason, no figures.
    pub fn row<const N: usize>(&mut self, cells: [String; N]) {
        let mut row = Vec::from(cells);
        row.resize(self.head.len().max(N), String::new());
        self.rows.push(row);
    }

    /// The table, as Markdown.
    pub fn markdown(&self) -> String {
        let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
        // The first says what a row is of, and `by` who; the others hold figures.
        let rule = self.head.iter().enumerate();
        let rule = rule.map(|(index, head)| match index == 0 || head == "by" {
            true => "---".to_owned(),
            false => "---:".to_owned(),
        });
        let rule: Vec<String> = rule.collect();
        let rows: String = self.rows.iter().map(|row| line(row)).collect();
        format!("{}{}{rows}", line(&self.head), line(&rule))
    }
}

impl Section {
    /// The section, as Markdown.
    pub fn markdown(&self) -> String {
        let mut text = format!("## {}\n\n{} {}\n", self.title, self.how, self.measured);
        for table in &self.tables {
            text.push('\n');
            text.push_str(&table.markdown());
        }
        if !self.limits.is_empty() {
            let mut table = Table::new(&["limit", "is", "at most", "met"]);
            for limit in &self.limits {
                let met = if limit.is_met() { "yes" } else { "**no**" };
                table.row([
                    limit.what.clone(),
                    figure(limit.is),
                    figure(limit.at_most),
                    met.to_owned(),
                ]);
            }
            text.push('\n');
            text.push_str(&table.markdown());
        }
        let missed = self.limits.iter().any(|limit| !limit.is_met());
        if let Some(tried) = tried(&self.title).filter(|_| missed) {
            text.push_str(&format!("\n{tried}\n"));
        }
        text
    }
}

/// A ratio or a time, as exact as anybody reads it.
pub fn figure(value: f64) -> String {
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

/// Bytes, in MB.
pub fn megabytes(bytes: f64) -> String {
    format!("{:.0}", bytes / 1e6)
}
