//! Passes over an [`Api`] that need all operations and types.
//!
//! The passes run in this order, each for a reason:
//! 1. `envelopes`: removes envelopes before the later passes follow the types of responses;
//! 2. `constants`: turns optional constants into fields, once the unions that need tags are known;
//! 3. `duplicate_variants`: merges union members of one type, once every alias has its target;
//! 4. `pagination`: finds the fields that select pages, inside the envelopes;
//! 5. `usage`: marks the types of requests and responses, which needs the final operations;
//! 6. `sharing`: makes one type of equal inline types, which depends on their usage; then `duplicate_variants` again, since
//!    members of a union may have become one type;
//! 7. `recursion`: marks where cycles close, once the types are final;
//! 8. `retry`: marks idempotent operations; it needs names only, so its position does not matter.

mod constants;
mod cyclic_tuples;
mod duplicate_variants;
mod envelopes;
pub mod named_types;
pub(crate) mod pagination;
mod recursion;
mod retry;
mod sharing;

pub mod usage;

use crate::config::Config;
use crate::ir::Api;

/// Runs all passes.
pub fn run(api: &mut Api, config: &Config) {
    envelopes::run(api, config);
    constants::run(api);
    duplicate_variants::run(api);
    pagination::run(api, config);
    usage::run(api);
    sharing::run(api);
    duplicate_variants::run(api);
    recursion::run(api);
    retry::run(api, config);
}
