//! What several tools of this crate use: reading a document without the generator, making instances of its schemas,
//! comparing JSON and compiling programs beside a generated crate.

pub(crate) mod isolate;
pub(crate) mod json_diff;
pub(crate) mod lookup;
pub(crate) mod program;
pub(crate) mod rng;
pub(crate) mod sample;
pub(crate) mod schema_registry;
pub(crate) mod skipped;
pub(crate) mod source;
