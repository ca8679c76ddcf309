//! Tests of reading and normalizing documents.

mod faults;
mod load;
mod locate;
mod operations;
mod refs;
mod schema;
mod support;
mod unions;
mod vendors;
