//! Line widths: the generated code is formatted as rustfmt would format it.

/// The maximum width of a line, which is also prettyplease's.
pub(super) const MAX_WIDTH: usize = 89;

/// The maximum width of an attribute's arguments on one line. rustfmt allows 70 % of the line.
pub(super) const ATTRIBUTE_WIDTH: usize = MAX_WIDTH * 7 / 10;

/// Returns the `rustfmt.toml` of a generated crate.
pub(super) fn rustfmt_config() -> String {
    format!("max_width = {MAX_WIDTH}\n")
}
