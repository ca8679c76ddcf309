//! Identifier casing: splits names of the document into words, and spells words in Rust's cases.

mod case;
mod rustfmt_order;
mod word_split;

pub use case::{
    ORDINALS, is_keyword, kebab_case, pascal_case, sentence_case, snake_case, to_singular,
    word_list,
};
pub use rustfmt_order::compare_as_rustfmt;
pub use word_split::{capitalize, comparison_key, has_words, split_words};
