//! Detects ambiguous unions: unions without a tag for which some value matches two variants equally well.
//!
//! The runtime then reads the value as the first of them. No data is lost, but the result depends on the order in the
//! document, so the documentation names these values.

pub(super) mod ambiguous_pair;
mod common_value;
mod detect;
mod match_score;
mod model_index;
mod samples;

pub use ambiguous_pair::{Ambiguity, IncompleteComparison, UnionComparison};
pub(super) use detect::document_ambiguities;
pub use detect::matching_variant;
pub use model_index::ModelIndex;
