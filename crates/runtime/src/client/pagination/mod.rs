//! Pagination: the pages of a response, or their items, as a stream.

mod fields;
mod items;
mod paged;
mod paginator;

pub use fields::{HasMore, OptionalField, PageItems, PagePosition};
pub use items::Items;
pub use paged::{PageStyle, Paged};
pub use paginator::Pages;
