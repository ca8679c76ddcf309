//! Operations that may be sent twice, as `vendor.toml` says.

use crate::config::Config;
use crate::ir::Api;

/// Marks them.
pub(super) fn run(api: &mut Api, vendor: &Config) {
    let named = |id: &String| vendor.retry.iter().any(|rule| rule.idempotent.contains(id));
    for operation in &mut api.operations {
        operation.idempotent = operation.id.as_ref().is_some_and(named);
    }
}
