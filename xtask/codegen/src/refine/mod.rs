//! Tidying an [`Api`] between what the document says and what Rust needs to know.
//!
//! The passes run in this order, each for a reason:
//! 1. `envelopes`: an answer's wrapper goes before anyone counts what is reachable through it;
//! 2. `constants`: what a caller may want to leave out becomes a field, once the unions that need tags are known;
//! 3. `duplicate_variants`: members of a union that turn out to be one type are one member, now that every alias has its target;
//! 4. `paging`: what turns pages is told from the fields that callers see, inside the envelopes;
//! 5. `recursion`: every cycle is cut once the types are final;
//! 6. `usage`: which way values travel, which only the final shape of the operations can tell;
//! 7. `retry`: which operations may be sent twice; it looks at names alone, and could stand anywhere.

mod constants;
mod duplicate_variants;
mod envelopes;
pub(crate) mod paging;
mod recursion;
mod retry;

pub mod usage;

use crate::config::Config;
use crate::ir::{Api, TypeId, TypeRef};

/// Runs every pass.
pub fn run(api: &mut Api, vendor: &Config) {
    envelopes::run(api, vendor);
    constants::run(api);
    duplicate_variants::run(api);
    paging::run(api, vendor);
    recursion::run(api);
    usage::run(api);
    retry::run(api, vendor);
}

/// The named types that a type mentions.
pub fn named(ty: &TypeRef, found: &mut Vec<TypeId>) {
    match ty {
        TypeRef::Named(id) => found.push(*id),
        TypeRef::Primitive(_) => {}
        TypeRef::List(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
            named(inner, found)
        }
    }
}
