//! The picture: time against the size of the document, one panel for generating and one for checking.

use std::fmt::Write as _;

use super::report::{Picture, Point, Section};

const WIDTH: f64 = 460.0;
const HEIGHT: f64 = 360.0;
/// Room for the numbers beside the axes.
const MARGIN: f64 = 52.0;
const LEGEND: f64 = 40.0;

/// Colours that can be told apart on white and on black, and by those who see fewer.
const COLOURS: [&str; 6] = [
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9",
];

const HEAD: &str = "<style>text{font:12px sans-serif;fill:#333}.title{font-weight:bold}.axis{stroke:#777;fill:none}\
.grid{stroke:#7774;fill:none}@media (prefers-color-scheme:dark){text{fill:#ddd}}</style>\n";

/// A stretch of an axis, from one power of ten to another.
struct Axis {
    from: f64,
    to: f64,
    start: f64,
    length: f64,
}

impl Axis {
    /// Whole powers of ten around all values.
    fn around(values: impl Iterator<Item = f64> + Clone, start: f64, length: f64) -> Self {
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

    fn place(&self, value: f64) -> f64 {
        self.start + (value.log10() - self.from) / (self.to - self.from) * self.length
    }

    /// The powers of ten.
    fn marks(&self) -> impl Iterator<Item = f64> {
        let count = (self.to - self.from) as i32;
        let from = self.from as i32;
        (0..=count).map(move |step| 10f64.powi(from + step))
    }
}

/// The whole picture; nothing where nothing was measured.
pub(super) fn draw(sections: &[Section]) -> Option<String> {
    let points: Vec<&Point> = sections
        .iter()
        .flat_map(|section| &section.points)
        .collect();
    let mut who: Vec<&str> = points.iter().map(|point| point.who.as_str()).collect();
    who.sort_unstable();
    who.dedup();
    // Ours come first, and get the first colour.
    who.sort_by_key(|name| !name.starts_with(super::generation::OURS));
    if who.is_empty() {
        return None;
    }
    let panels = [
        (Picture::Generation, "Generating a crate, CPU s"),
        (Picture::Check, "cargo check of it, CPU s"),
    ];
    let (width, height) = (2.0 * WIDTH, HEIGHT + LEGEND);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-label=\"Time against the size of the document\">\n{HEAD}"
    );
    for (index, (picture, title)) in panels.into_iter().enumerate() {
        let shown: Vec<&Point> = points
            .iter()
            .copied()
            .filter(|point| point.picture == picture)
            .collect();
        panel(&mut svg, &shown, &who, title, index as f64 * WIDTH);
    }
    for (index, name) in who.iter().enumerate() {
        let (column, row) = ((index % 4) as f64, (index / 4) as f64);
        let (x, y) = (MARGIN + column * 220.0, HEIGHT + 14.0 + row * 18.0);
        let colour = colour(index);
        let _ = writeln!(
            svg,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"5\" fill=\"{colour}\"/>"
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

fn colour(index: usize) -> &'static str {
    COLOURS
        .get(index % COLOURS.len())
        .copied()
        .unwrap_or("#777")
}

fn panel(svg: &mut String, points: &[&Point], who: &[&str], title: &str, left: f64) {
    if points.is_empty() {
        return;
    }
    let bottom = HEIGHT - MARGIN;
    let across = Axis::around(
        points.iter().map(|point| point.size),
        left + MARGIN,
        WIDTH - 1.5 * MARGIN,
    );
    let up = Axis::around(
        points.iter().map(|point| point.seconds),
        bottom,
        -(HEIGHT - 2.0 * MARGIN),
    );
    let right = across.start + across.length;
    let _ = writeln!(
        svg,
        "<text class=\"title\" x=\"{}\" y=\"24\">{title}</text>",
        across.start
    );
    for mark in up.marks() {
        let y = up.place(mark);
        let _ = writeln!(
            svg,
            "<path class=\"grid\" d=\"M{} {y}H{right}\"/>",
            across.start
        );
        let (x, y) = (across.start - 6.0, y + 4.0);
        let _ = writeln!(
            svg,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\">{mark}</text>"
        );
    }
    for mark in across.marks() {
        let x = across.place(mark);
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
        across.start
    );
    for (index, name) in who.iter().enumerate() {
        line(svg, points, name, colour(index), (&across, &up));
    }
}

/// One who was measured: a dot for each document, and a line through them.
fn line(
    svg: &mut String,
    points: &[&Point],
    who: &str,
    colour: &str,
    (across, up): (&Axis, &Axis),
) {
    let mut own: Vec<&&Point> = points.iter().filter(|point| point.who == who).collect();
    own.sort_by(|a, b| a.size.total_cmp(&b.size));
    let mut path = String::new();
    for point in own {
        let (x, y) = (across.place(point.size), up.place(point.seconds));
        let start = if path.is_empty() { 'M' } else { 'L' };
        let _ = write!(path, "{start}{x:.1} {y:.1}");
        let _ = writeln!(
            svg,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{colour}\"/>"
        );
    }
    let _ = writeln!(
        svg,
        "<path d=\"{path}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\"/>"
    );
}
