//! Documents: reading them, mending them, and bringing every spelling of OpenAPI 3 into one.
//!
//! This module alone reads YAML and JSON, and it alone knows that there are dialects of OpenAPI: [`normalise()`] gives
//! a document of one canonical shape, in which every fault that can be told has been told.

pub mod input;
mod load;
mod locate;
pub mod normalise;
pub mod overlay;
pub mod pin;
mod visitor;

pub use load::{RawSpec, load, parse};
pub use locate::Locator;
pub use normalise::normalise;
