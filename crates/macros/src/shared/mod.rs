//! What the derives have in common.

pub mod attrs;
pub mod open_enum;
pub mod setters;
pub mod tokens;
pub mod types;
