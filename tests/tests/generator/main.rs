//! Tests of the generator and its tools, on fixtures and on whole documents. Each crate has tests of its own modules.

mod calls;
mod chaos;
mod copies;
mod corpus;
mod fixtures;
mod freshness;
mod fuzz;
mod imports;
mod json;
mod keywords;
mod names;
mod operation_words;
mod phoenix;
mod planned;
mod public_api;
mod public_changes;
mod quality;
mod roundtrip;
mod rustdoc;
mod vendor_documents;
mod words;
