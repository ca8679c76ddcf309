//! Items for the derive macros and generated code. Not part of the public API; may change in any version.
#![doc(hidden)]

pub use crate::fixed::Literal;
pub use crate::json::{DecodeError, decode_json, encode_json};
pub use crate::setter::marker;
pub use crate::wire::buffered::BufferedValue;
pub use crate::wire::integer_enum::score_integer_enum;
pub use crate::wire::match_score::{
    MatchScore, Matcher, PropertyRule, ScoreFn, score_tagged_union, score_untagged_union,
};
pub use crate::wire::object_reader::ObjectReader;
pub use crate::wire::object_writer::{ObjectWriter, VariantTag};
pub use crate::wire::string_enum::{
    StringEnum, read_string_enum, score_string_enum, string_enum_from_str, string_enum_from_string,
};
pub use crate::wire::union::{
    best_variant, read_default_variant, read_tagged_union, read_unknown_variant,
    read_untagged_union, read_untagged_union_object,
};
pub use crate::wire::{Properties, SerdeAdapter, Wire, WireSeed};
pub use serde_core::de::MapAccess;
pub use serde_core::ser::SerializeMap;
pub use serde_core::{Deserialize, Deserializer, Serialize, Serializer};

#[cfg(feature = "client")]
pub use crate::client::private_client::*;
