//! Headers: parsing those of responses, copying those of requests.

mod copy;
mod link;
mod retry_after;

pub(crate) use copy::copy_headers;
pub(crate) use link::next_link;
pub(crate) use retry_after::retry_after;
