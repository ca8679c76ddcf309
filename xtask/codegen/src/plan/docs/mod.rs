//! All text of generated documentation that depends on the document.

mod ambiguity;
mod client;
mod example;
mod inline_markup;
mod items;
pub(super) mod markdown;
mod operation;
mod usage;

pub(super) use ambiguity::ambiguity_docs;
pub(super) use client::{credential_docs, environment_docs};
pub(super) use example::{example, literal};
pub(super) use items::{
    api_docs, deprecation_note, field_docs, param_docs, push_paragraph, resource_docs,
    text_or_else, text_with_deprecation, type_docs,
};
pub(crate) use operation::pagination_rule;
pub(super) use operation::{
    error_docs, operation_docs, pagination_docs, response_docs, status_text,
};
pub(super) use usage::TypeUses;
