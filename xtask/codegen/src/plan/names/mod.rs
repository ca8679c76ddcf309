//! Names of types and operations.
//!
//! A component is named by its key, an inline schema by its place or by the words of all its places, an operation by its id or by method and path.
//! What frameworks add to keys and ids is removed by rule.

mod component;
mod configured_words;
pub(super) mod inline;
mod method_names;
pub(super) mod operation;
mod place;
mod place_ends;
mod positional;
mod shared;
mod short_method;
pub(super) mod shorten;
mod sole_response;
mod type_names;

pub(super) use method_names::{MethodNames, name_methods};
pub use positional::PositionalName;
pub(super) use positional::positional_names;
pub(super) use type_names::name_types;
