//! The report of the benchmark: sections with tables and limits, the Markdown page and the chart.

mod chart;
mod missed_limits;
mod page;
mod section;

pub(crate) use page::{ReportPage, measured_at, write_page};
pub(crate) use section::{Chart, ChartPoint, Section, Table, format_figure, format_megabytes};
