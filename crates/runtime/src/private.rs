//! For the derives alone: no part of the public interface, free to change in any version.
#![doc(hidden)]

pub use crate::fixed::Literal;
pub use crate::json::{DecodeError, decode_json, encode_json};
pub use crate::set::kind;
pub use crate::wire::content::Content;
pub use crate::wire::fit::{Extra, Fit, Rule, fit_shape, fit_tagged};
pub use crate::wire::object::Object;
pub use crate::wire::string_enum::{Known, enum_from_str, enum_from_string, fit_enum, read_enum};
pub use crate::wire::union::{choose, read_shape, read_shape_object, read_tagged, read_unknown};
pub use crate::wire::writer::{ObjectWriter, Tag};
pub use crate::wire::{ByWire, Seed, Wire};
pub use serde_core as serde;

#[cfg(feature = "client")]
pub use crate::client::private_client::*;
