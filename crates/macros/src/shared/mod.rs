//! What the derives have in common.

pub mod attrs;
pub mod setters;
pub mod tokens;
pub mod types;
