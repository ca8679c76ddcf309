//! Plans what the API sends to webhooks and callbacks, and the responses that it expects: types without operations.

use super::context::PlanContext;
use super::docs::markdown::inline_code;
use super::docs::{status_text, text_or_else};
use super::resources::PAYLOAD_FEATURE;
use super::rust_type::RustType;
use crate::ir::Status;

/// What the API sends to a webhook or a callback, or a response that it expects.
#[derive(Clone, Debug)]
pub struct PayloadPlan {
    /// The name of the webhook or the callback, and the status of a response, as a cell of a table in Markdown.
    pub name: String,
    /// Whether it is a response.
    pub is_response: bool,
    /// Its type; `None` if it is text or bytes.
    pub ty: Option<RustType>,
    /// The first line of its documentation, as a cell of a table in Markdown.
    pub docs: String,
}

impl PayloadPlan {
    /// The feature that enables the types.
    pub const FEATURE: &'static str = PAYLOAD_FEATURE;
}

pub(super) fn plan_payloads(cx: &PlanContext<'_>) -> Vec<PayloadPlan> {
    let payloads = cx.api.payloads.iter();
    // A pipe would end the cell of the table.
    let cell = |text: &str| text.replace('|', "\\|");
    payloads
        .map(|payload| PayloadPlan {
            name: match payload.status {
                Some(Status::Default) => {
                    cell(&format!("{}, other responses", inline_code(&payload.name)))
                }
                Some(status) => {
                    let status = status_text(status);
                    cell(&format!(
                        "{}, response {status}",
                        inline_code(&payload.name)
                    ))
                }
                None => cell(&inline_code(&payload.name)),
            },
            is_response: payload.status.is_some(),
            ty: payload.ty.as_ref().map(|ty| cx.rust_type(ty)),
            docs: text_or_else(&payload.docs, || None)
                .first()
                .map(|line| cell(line))
                .unwrap_or_default(),
        })
        .collect()
}
