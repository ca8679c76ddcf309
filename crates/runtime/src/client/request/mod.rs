//! The parts of a request: parameters, headers and the body, encoded for HTTP.

mod body;
pub(crate) mod encoding;
mod form;
mod header_value;
mod multipart;
mod param_style;
mod param_value;
mod param_value_serializer;
mod parts;

pub use body::Body;
pub use parts::RequestParts;

pub(crate) use header_value::{header_value, static_header_value};
