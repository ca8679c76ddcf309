//! Tests of the generated clients of the vendors.

mod credentials;
mod example_files;
mod examples;
mod first_operations;
mod json_schema;
mod paging;
mod prism;
mod support;
mod union_variants;
mod wire;
