//! Removes secrets, and characters that terminals act on, from texts that users see.
//!
//! A server may quote the key of a request anywhere in a response, in any encoding. So a text is redacted before it is
//! cut: half a key would not be recognized.

mod encodings;
mod escape;
mod redactor;

pub(crate) use escape::escape;
pub(crate) use redactor::{Redactor, WrittenSecrets, mark_sensitive};
