//! How attributes of OpenTelemetry spans, and fields of `tracing`, become the model.
//!
//! The names are data: `tables.rs` has one table for each convention, and each version that differs. What is in no table
//! becomes metadata under its full name.

mod draft;
mod events;
mod indexed;
mod lookup;
mod status;
mod tables;
mod value;

pub(crate) use draft::Draft;
#[cfg(feature = "tracing")]
pub(crate) use lookup::describes_trace;
pub(crate) use lookup::is_marker;
pub(crate) use value::AttributeValue;

/// Returns the names of all attributes that are read, with the convention to which each belongs. `#` is an index, as in
/// `gen_ai.prompt.#.content`.
pub fn attribute_names() -> impl Iterator<Item = (&'static str, &'static str)> {
    tables::TABLES.iter().flat_map(|table| {
        let names = table.rows.iter().map(|(name, _)| *name);
        names.map(|name| (name, table.convention))
    })
}
