//! Plans one operation.

use super::operation_plan::{
    ArgPlan, BodyPlan, MethodPlan, OutputPlan, ParamPlan, ResourcePlan, StreamPlan,
};
use super::pagination::plan_pagination;
use super::request_parts::{plan_body, plan_param, reserve_locked_members};
use super::response_types::{plan_alternatives, plan_output};
use crate::http_names::encode_path_template;
use crate::ir::{Method, Operation, RequestContent, Response, Shape, TypeRef};
use crate::plan::context::PlanContext;
use crate::plan::docs;
use crate::plan::rust_type::RustType;
use crate::plan::scope::Scope;

/// The maximum number of arguments; more cannot be distinguished by position.
const MAX_ARGS: usize = 6;

/// The maximum width of the required parameters in a list: the call that passes them on fits on a line.
const MAX_ARGS_WIDTH: usize = 66;

/// The locked names of the types of an operation.
#[derive(Default)]
pub(super) struct LockedOperationTypes {
    pub request: Option<String>,
    /// The enum of its outputs.
    pub output: Option<String>,
}

pub(super) fn plan_method(
    cx: &PlanContext<'_>,
    resource: &ResourcePlan,
    types: &mut Scope,
    operation: &Operation,
    (name, type_name): (&String, &String),
    locked: &LockedOperationTypes,
) -> MethodPlan {
    let request_type = locked.request.clone();
    let request_type = request_type
        .unwrap_or_else(|| types.claim([type_name.clone(), format!("{type_name} request")]));
    let mut fields = Scope::snake_case(&["client", "new", "send", "into_future", "self"]);
    let streams = operation.responses.success.iter();
    if streams.clone().any(|response| !response.streams.is_empty()) {
        for method in ["events", "lines"] {
            fields.reserve(method);
        }
    }
    if operation.pagination.is_some() {
        for method in ["pages", "items"] {
            fields.reserve(method);
        }
    }
    let has_too_many_args = has_too_many_args(operation);
    let members = reserve_locked_members(cx, operation, &mut fields);
    let success = &operation.responses.success;
    let alternatives = plan_alternatives(cx, &mut fields, success);
    let params = operation.params.iter();
    let params =
        params.map(|param| plan_param(cx, &mut fields, &members, param, has_too_many_args));
    let params: Vec<_> = params.collect();
    let body = operation.body.as_ref();
    let body = body.map(|body| plan_body(cx, &mut fields, &members, body));
    let args = plan_args(cx, operation, &params, body.as_ref());
    let output = plan_output(cx, types, locked.output.as_deref(), &request_type, success);
    let accept = accept(success, &output);
    let security = operation.security.iter();
    let server = operation.servers.first();
    let mut plan = MethodPlan {
        at: operation.at.clone(),
        previous_names: Vec::new(),
        name: name.to_owned(),
        request_type,
        docs: docs::operation_docs(operation),
        http_method: operation.method.clone(),
        path: operation.path.clone(),
        url_template: encode_path_template(&operation.path),
        args,
        params,
        body,
        output,
        security: security.map(|requirement| requirement.0.clone()).collect(),
        envelope: success
            .iter()
            .find_map(|response| response.envelope.clone()),
        pagination: None,
        accept,
        headers: otlp_headers(cx, operation),
        streams: plan_streams(cx, success),
        alternatives,
        is_variant: operation.is_variant,
        base_url: server
            .map(|server| server.url.clone())
            .filter(|url| url.starts_with("http") || !url.contains("://")),
        idempotent: operation.idempotent,
        deprecated: docs::deprecation_note(&operation.docs),
    };
    if let (Some(pagination), Some(pagination_plan)) =
        (&operation.pagination, plan_pagination(cx, operation, &plan))
    {
        let docs = docs::pagination_docs(pagination, &plan.request_type);
        plan.docs.extend(docs);
        plan.pagination = Some(pagination_plan);
    }
    plan.docs.extend(docs::error_docs(cx, operation));
    let call = docs::example(&cx.library_path, &resource.path, &plan.name, &plan.args);
    plan.docs.extend(call);
    plan
}

/// Returns the headers that every request with traces has, if the operation takes traces in the OpenTelemetry protocol.
fn otlp_headers(cx: &PlanContext<'_>, operation: &Operation) -> Vec<(String, String)> {
    let otlp = cx.config.otlp.as_ref();
    let otlp = otlp.filter(|otlp| operation.method == Method::Post && otlp.path == operation.path);
    let headers = otlp.iter().flat_map(|otlp| &otlp.headers);
    headers
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Plans the arguments of the method: everything that is required.
fn plan_args(
    cx: &PlanContext<'_>,
    operation: &Operation,
    params: &[ParamPlan],
    body: Option<&BodyPlan>,
) -> Vec<ArgPlan> {
    let types = operation.params.iter().map(|param| Some(&param.ty));
    let params = params.iter().zip(types);
    let params = params.filter(|(param, _)| !param.ty.is_option());
    let params = params.map(|(param, ty)| (&param.name, &param.ty, ty));
    let body = body.filter(|body| body.presence.is_required());
    let body = body.map(|body| (&body.name, &body.ty, body_type(operation)));
    let args = params.chain(body).map(|(name, ty, document_type)| ArgPlan {
        name: name.clone(),
        ty: ty.clone(),
        is_converted: ty.is_option() || !document_type.is_some_and(|ty| is_number_or_bool(cx, ty)),
    });
    args.collect()
}

/// Returns the type of a body that has one in the document.
fn body_type(operation: &Operation) -> Option<&TypeRef> {
    match &operation.body.as_ref()?.content {
        RequestContent::Json(ty)
        | RequestContent::Form(ty, _)
        | RequestContent::Multipart(ty, _) => Some(ty),
        RequestContent::JsonLines(_) | RequestContent::Text | RequestContent::Bytes => None,
    }
}

/// Returns whether a type is a number or a boolean, aliases followed.
fn is_number_or_bool(cx: &PlanContext<'_>, ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Primitive(primitive) => {
            matches!(RustType::from_primitive(primitive), RustType::Builtin(name) if name != "String")
        }
        TypeRef::Named(id) => match &cx.api.types.get(*id).shape {
            Shape::Alias(target) => is_number_or_bool(cx, target),
            _ => false,
        },
        _ => false,
    }
}

/// Returns the media types of the successful responses, unless they are the one that the output implies.
fn accept(success: &[Response], output: &OutputPlan) -> Option<String> {
    let mut media_types: Vec<&str> = Vec::new();
    for media_type in success
        .iter()
        .filter_map(|response| response.media_type.as_deref())
    {
        if !media_types.contains(&media_type) {
            media_types.push(media_type);
        }
    }
    let implied = match output {
        OutputPlan::Text => "text/plain",
        OutputPlan::Raw | OutputPlan::Empty => "*/*",
        OutputPlan::Json(_) | OutputPlan::JsonOrEmpty(_) | OutputPlan::ByStatus { .. } => {
            "application/json"
        }
    };
    let is_implied = media_types.is_empty() || media_types == [implied];
    (!is_implied).then(|| media_types.join(", "))
}

/// Plans the sequences that the successful responses are offered as: the first of each kind.
fn plan_streams(cx: &PlanContext<'_>, success: &[Response]) -> Vec<StreamPlan> {
    let mut streams: Vec<StreamPlan> = Vec::new();
    for stream in success.iter().flat_map(|response| &response.streams) {
        if !streams.iter().any(|known| known.kind == stream.kind) {
            streams.push(StreamPlan {
                kind: stream.kind,
                media_type: stream.media_type.clone(),
                ty: cx.rust_type(&stream.ty),
            });
        }
    }
    streams
}

/// Returns whether the required parameters and the body are too many for arguments of one method, or their names too long.
fn has_too_many_args(operation: &Operation) -> bool {
    let params = operation.params.iter();
    let required = params.filter(|param| param.presence.is_required());
    let widths = required
        .clone()
        .map(|param| param.wire_name.len() + ", ".len());
    let width: usize = widths.sum();
    let body = operation.body.as_ref();
    let body = usize::from(body.is_some_and(|body| body.presence.is_required()));
    required.count() + body > MAX_ARGS || width > MAX_ARGS_WIDTH
}
