//! Operations that `vendor.toml` declares idempotent.

use crate::config::Config;
use crate::ir::Api;

/// Marks the idempotent operations.
pub(super) fn run(api: &mut Api, config: &Config) {
    let is_declared = |id: &String| config.retry.iter().any(|rule| rule.idempotent.contains(id));
    for operation in &mut api.operations {
        operation.idempotent = operation.id.as_ref().is_some_and(is_declared);
    }
}
