//! Responses: bodies that are streamed, and decoders of bodies that are complete.

mod byte_stream;
mod decode;
mod envelope;
mod events;
mod json_lines;
mod line_reader;

pub use byte_stream::ByteStream;
pub(crate) use byte_stream::StreamContext;
pub(crate) use decode::unsupported_encoding;
pub use decode::{
    Decode, Empty, EncodedResponse, Json, OrEmpty, Raw, Text, decode_body, undocumented_status,
};
pub use events::{Event, EventValues, Events};
pub use json_lines::JsonLines;
