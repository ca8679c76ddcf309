//! Tests of reading and normalizing documents.

mod documents;
mod errors;
mod external_files;
mod load;
mod operations;
mod refs;
mod schema;
pub(crate) mod support;
mod unions;
