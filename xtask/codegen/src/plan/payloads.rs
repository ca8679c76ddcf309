//! Plans what the API sends to webhooks and callbacks: types without operations.

use super::context::PlanContext;
use super::docs::markdown::inline_code;
use super::docs::text_or_else;
use super::resources::PAYLOAD_FEATURE;
use super::rust_type::RustType;

/// What the API sends to a webhook or a callback.
#[derive(Clone, Debug)]
pub struct PayloadPlan {
    /// The name of the webhook or the callback, as a cell of a table in Markdown.
    pub name: String,
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
            name: cell(&inline_code(&payload.name)),
            ty: payload.ty.as_ref().map(|ty| cx.rust_type(ty)),
            docs: text_or_else(&payload.docs, || None)
                .first()
                .map(|line| cell(line))
                .unwrap_or_default(),
        })
        .collect()
}
