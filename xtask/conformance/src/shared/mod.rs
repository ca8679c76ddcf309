//! Shared by the tools of this crate: reading a document without the generator, sampling instances of its schemas,
//! validating and comparing JSON, and compiling programs against a generated crate.

pub(crate) mod identifiers;
pub(crate) mod inheritance;
pub(crate) mod isolate;
pub(crate) mod json_diff;
pub(crate) mod lookup;
pub(crate) mod operations;
pub(crate) mod program;
pub(crate) mod read_only;
pub(crate) mod rng;
pub(crate) mod sample;
pub(crate) mod schema_registry;
pub(crate) mod skipped;
pub(crate) mod source;
