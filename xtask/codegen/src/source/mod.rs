//! Documents: reading them, mending them, and bringing every spelling of OpenAPI 3 into one.
//!
//! This module alone reads YAML and JSON, and it alone knows that there are dialects of OpenAPI: [`normalize()`] gives
//! a document of one canonical shape, in which every fault that can be told has been told.

mod load;
mod locate;
pub mod normalize;
pub mod overlay;
mod visitor;

pub use load::{RawDocument, load, parse};
pub use locate::Locator;
pub use normalize::normalize;
