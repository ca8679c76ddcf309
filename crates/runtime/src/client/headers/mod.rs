//! Parsers of response headers.

mod link;
mod retry_after;

pub(crate) use link::next_link;
pub(crate) use retry_after::retry_after;
