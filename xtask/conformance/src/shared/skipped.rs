//! What a tool did not check, and why.

use serde::Serialize;

/// A schema or body that was not tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Skip {
    /// Where it stands.
    pub pointer: String,
    /// Why.
    pub why: String,
}
