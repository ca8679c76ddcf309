//! Plans the parameters and the body of a request.

use super::operation_plan::{BodyPlan, ParamPlan};
use crate::ir::{BodyKind, Operation, Param, ParamLocation, Presence, RequestBody, RequestContent};
use crate::lock::Members;
use crate::plan::context::PlanContext;
use crate::plan::docs;
use crate::plan::locked_names::{BODY_KEY, param_key, reserve_member_names};
use crate::plan::rust_type::RustType;
use crate::plan::scope::Scope;
use crate::plan::secrets::hide_secret_parameter;

/// Reserves the locked names of parameters and body.
pub(super) fn reserve_locked_members(
    cx: &PlanContext<'_>,
    operation: &Operation,
    scope: &mut Scope,
) -> Members {
    let locked = cx.locked.operation_names(operation);
    let params = operation.params.iter();
    let params = params.map(locked_key);
    let body = operation.body.as_ref().map(|_| BODY_KEY.to_owned());
    let keys: Vec<String> = params.chain(body).collect();
    reserve_member_names(
        scope,
        locked.map(|names| &names.members),
        keys.iter().map(String::as_str),
    )
}

fn locked_key(param: &Param) -> String {
    param_key(param.location, param.part.as_deref(), &param.wire_name)
}

/// Plans a parameter. With `has_too_many_args`, a required one outside the path gets a setter.
pub(super) fn plan_param(
    cx: &PlanContext<'_>,
    scope: &mut Scope,
    locked: &Members,
    param: &Param,
    has_too_many_args: bool,
) -> ParamPlan {
    let name = locked.get(&locked_key(param)).cloned();
    let own_name = match &param.part {
        Some(part) => format!("{} {}", part_words(part), param.wire_name),
        None => param.wire_name.clone(),
    };
    let ty = hide_secret_parameter(cx.rust_type(&param.ty), param.location, &param.wire_name);
    let is_required = param.presence.is_required();
    let required_setter = is_required && has_too_many_args && param.location != ParamLocation::Path;
    ParamPlan {
        name: name.unwrap_or_else(|| scope.claim_field_name(&own_name, "param")),
        wire_name: param.wire_name.clone(),
        ty: if !is_required || required_setter {
            ty.into_option()
        } else {
            ty
        },
        docs: docs::param_docs(param),
        deprecated: docs::deprecation_note(&param.docs),
        location: param.location,
        style: param.style,
        explode: param.explode,
        allow_reserved: param.allow_reserved,
        allow_slash: param.allow_slash,
        required_setter,
        part: param.part.clone(),
    }
}

/// Returns the words for a part: its name, or its position in a body without names.
fn part_words(part: &str) -> String {
    match part.parse::<usize>() {
        Ok(position) => format!("part {}", position.saturating_add(1)),
        Err(_) if part == "*" => "item".to_owned(),
        Err(_) => part.to_owned(),
    }
}

/// Plans the request body.
pub(super) fn plan_body(
    cx: &PlanContext<'_>,
    scope: &mut Scope,
    locked: &Members,
    body: &RequestBody,
) -> BodyPlan {
    let name = locked.get(BODY_KEY).cloned();
    let (ty, kind) = match &body.content {
        RequestContent::Json(ty) => (cx.rust_type(ty), BodyKind::Json),
        RequestContent::JsonLines(ty) => (
            RustType::Vec(Box::new(cx.rust_type(ty))),
            BodyKind::JsonLines,
        ),
        RequestContent::Form(ty, _) => (cx.rust_type(ty), BodyKind::Form),
        RequestContent::Multipart(ty, _) => (cx.rust_type(ty), BodyKind::Multipart),
        RequestContent::Text => (RustType::Builtin("String"), BodyKind::Text),
        RequestContent::Bytes => (RustType::Runtime("File"), BodyKind::Bytes),
    };
    let ty = match body.presence {
        Presence::Required => ty,
        Presence::RequiredNullable | Presence::Optional => ty.into_option(),
        Presence::OptionalNullable => RustType::Patch(Box::new(ty)),
    };
    let is_implied = match kind {
        BodyKind::Json => body.media_type == "application/json",
        BodyKind::JsonLines => body.media_type == "application/x-ndjson",
        BodyKind::Form => true,
        BodyKind::Multipart => body.media_type == "multipart/form-data",
        BodyKind::Text | BodyKind::Bytes | BodyKind::Empty => false,
    };
    BodyPlan {
        name: name.unwrap_or_else(|| scope.claim_field_name("body", "content")),
        ty,
        docs: docs::text_or_else(&body.docs, || None),
        kind,
        presence: body.presence,
        media_type: (!is_implied).then(|| body.media_type.clone()),
        parts: match &body.content {
            RequestContent::Form(_, parts) | RequestContent::Multipart(_, parts) => parts.clone(),
            _ => Vec::new(),
        },
    }
}
