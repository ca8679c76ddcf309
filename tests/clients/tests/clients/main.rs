//! Tests of the generated clients of the vendors.

mod first_operations;
mod json_schema;
mod paging;
mod prism;
mod union_variants;
mod wire;
