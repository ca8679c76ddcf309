//! Draws the charts as SVG: the time to generate and to check a crate, by the size of the document.

use std::fmt::Write as _;

use super::section::{Chart, ChartPoint, Section};
use crate::context::GENERATOR;

const WIDTH: f64 = 460.0;
const HEIGHT: f64 = 360.0;
/// The space for the numbers at the axes.
const MARGIN: f64 = 52.0;
const LEGEND: f64 = 40.0;

/// Colors that are distinct on light and dark backgrounds, also with color blindness.
const COLORS: [&str; 6] = [
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9",
];

const HEAD: &str = "<style>text{font:12px sans-serif;fill:#333}.title{font-weight:bold}.axis{stroke:#777;fill:none}\
.grid{stroke:#7774;fill:none}@media (prefers-color-scheme:dark){text{fill:#ddd}}</style>\n";

/// A logarithmic axis between two powers of ten.
struct Axis {
    /// The exponents of its ends.
    from: f64,
    to: f64,
    /// The coordinate of `from`.
    start: f64,
    length: f64,
}

impl Axis {
    /// Returns the axis with all values.
    fn containing(values: impl Iterator<Item = f64> + Clone, start: f64, length: f64) -> Self {
        let logs = values.filter(|value| *value > 0.0).map(f64::log10);
        let from = logs.clone().fold(f64::INFINITY, f64::min).floor();
        let to = logs.fold(f64::NEG_INFINITY, f64::max).ceil();
        Self {
            from,
            to: to.max(from + 1.0),
            start,
            length,
        }
    }

    /// Returns the coordinate of a value.
    fn position(&self, value: f64) -> f64 {
        self.start + (value.log10() - self.from) / (self.to - self.from) * self.length
    }

    /// Returns the powers of ten on the axis.
    fn powers_of_ten(&self) -> impl Iterator<Item = f64> {
        let count = (self.to - self.from) as i32;
        let from = self.from as i32;
        (0..=count).map(move |step| 10f64.powi(from + step))
    }
}

/// Draws all charts; `None` if there are no points.
pub(super) fn draw_charts(sections: &[Section]) -> Option<String> {
    let points: Vec<&ChartPoint> = sections
        .iter()
        .flat_map(|section| &section.points)
        .collect();
    let mut series: Vec<&str> = points.iter().map(|point| point.series.as_str()).collect();
    series.sort_unstable();
    series.dedup();
    series.sort_by_key(|name| !name.starts_with(GENERATOR));
    if series.is_empty() {
        return None;
    }
    let panels = [
        (Chart::Generation, "Generating a crate, CPU s"),
        (Chart::Check, "cargo check of the crate, CPU s"),
    ];
    let (width, height) = (2.0 * WIDTH, HEIGHT + LEGEND);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-label=\"Time to generate and to check a crate, by the size of the document\">\n{HEAD}"
    );
    for (index, (chart, title)) in panels.into_iter().enumerate() {
        let shown: Vec<&ChartPoint> = points
            .iter()
            .copied()
            .filter(|point| point.chart == chart)
            .collect();
        draw_panel(&mut svg, &shown, &series, title, index as f64 * WIDTH);
    }
    for (index, name) in series.iter().enumerate() {
        let (column, row) = ((index % 4) as f64, (index / 4) as f64);
        let (x, y) = (MARGIN + column * 220.0, HEIGHT + 14.0 + row * 18.0);
        let color = series_color(index);
        let _ = writeln!(
            svg,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"5\" fill=\"{color}\"/>"
        );
        let _ = writeln!(
            svg,
            "<text x=\"{}\" y=\"{}\">{name}</text>",
            x + 10.0,
            y + 4.0
        );
    }
    svg.push_str("</svg>\n");
    Some(svg)
}

fn series_color(index: usize) -> &'static str {
    COLORS.get(index % COLORS.len()).copied().unwrap_or("#777")
}

/// Draws one chart with its axes, with its left edge at `left`.
fn draw_panel(svg: &mut String, points: &[&ChartPoint], series: &[&str], title: &str, left: f64) {
    if points.is_empty() {
        return;
    }
    let bottom = HEIGHT - MARGIN;
    let x_axis = Axis::containing(
        points.iter().map(|point| point.bytes),
        left + MARGIN,
        WIDTH - 1.5 * MARGIN,
    );
    let y_axis = Axis::containing(
        points.iter().map(|point| point.seconds),
        bottom,
        -(HEIGHT - 2.0 * MARGIN),
    );
    let right = x_axis.start + x_axis.length;
    let _ = writeln!(
        svg,
        "<text class=\"title\" x=\"{}\" y=\"24\">{title}</text>",
        x_axis.start
    );
    for mark in y_axis.powers_of_ten() {
        let y = y_axis.position(mark);
        let _ = writeln!(
            svg,
            "<path class=\"grid\" d=\"M{} {y}H{right}\"/>",
            x_axis.start
        );
        let (x, y) = (x_axis.start - 6.0, y + 4.0);
        let _ = writeln!(
            svg,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\">{mark}</text>"
        );
    }
    for mark in x_axis.powers_of_ten() {
        let x = x_axis.position(mark);
        let _ = writeln!(svg, "<path class=\"grid\" d=\"M{x} {bottom}V{MARGIN}\"/>");
        let (y, kilobytes) = (bottom + 18.0, mark / 1e3);
        let _ = writeln!(
            svg,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{kilobytes} kB</text>"
        );
    }
    let _ = writeln!(
        svg,
        "<path class=\"axis\" d=\"M{} {MARGIN}V{bottom}H{right}\"/>",
        x_axis.start
    );
    for (index, name) in series.iter().enumerate() {
        draw_series(svg, points, name, series_color(index), (&x_axis, &y_axis));
    }
}

/// Draws one series: a dot for each document, and a line through the dots.
fn draw_series(
    svg: &mut String,
    points: &[&ChartPoint],
    series: &str,
    color: &str,
    (x_axis, y_axis): (&Axis, &Axis),
) {
    let mut points: Vec<&&ChartPoint> = points
        .iter()
        .filter(|point| point.series == series)
        .collect();
    points.sort_by(|a, b| a.bytes.total_cmp(&b.bytes));
    let mut path = String::new();
    for point in points {
        let (x, y) = (x_axis.position(point.bytes), y_axis.position(point.seconds));
        let start = if path.is_empty() { 'M' } else { 'L' };
        let _ = write!(path, "{start}{x:.1} {y:.1}");
        let _ = writeln!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{color}\"/>"
        );
    }
    let _ = writeln!(
        svg,
        "<path d=\"{path}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"1.5\"/>"
    );
}
