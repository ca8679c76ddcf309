//! Plans pagination: resolves the positions of page parameters and items to paths of Rust fields.

use super::operation_plan::{MethodPlan, OutputPlan, PageParameter, PaginationPlan};
use crate::ir::{
    BodyContent, Operation, PageStart, PagingStyle, ParamLocation, ResponseContent, Shape, TypeId,
    TypeRef,
};
use crate::plan::context::PlanContext;
use crate::plan::models::find_field;
use crate::plan::rust_type::RustType;

/// Plans the pagination of an operation. Returns `None` if a position cannot be resolved.
pub(super) fn plan_pagination(
    cx: &PlanContext<'_>,
    operation: &Operation,
    plan: &MethodPlan,
) -> Option<PaginationPlan> {
    let paging = operation.paging.as_ref()?;
    let mut responses = operation.responses.success.iter();
    let response = responses.find_map(|response| match &response.content {
        ResponseContent::Json(ty) => Some(ty),
        _ => None,
    })?;
    let root = response_root(&plan.output)?;
    let in_response = |path: &[String]| resolve_path(cx, root.clone(), response, path);
    let in_request = |start: &PageStart| request_path(cx, operation, plan, start);
    let (items, list) = in_response(&paging.items)?;
    let item = item_type(cx, list)?;
    let mut pagination = PaginationPlan {
        start: None,
        first: None,
        next: None,
        more: None,
        items: (!paging.items.is_empty()).then_some(items),
        item: cx.rust_type(item),
    };
    match &paging.style {
        PagingStyle::Token { start, next, more } => {
            pagination.start = Some((PageParameter::Cursor, in_request(start)?));
            pagination.next = Some(in_response(next)?.0);
            pagination.more = match more {
                Some(more) => Some(in_response(more)?.0),
                None => None,
            };
        }
        PagingStyle::LastItem { start, next, more } => {
            pagination.start = Some((PageParameter::After, in_request(start)?));
            let root = optional_mark(pagination.item.is_option()).to_owned();
            pagination.next = Some(resolve_path(cx, root, item, next)?.0);
            pagination.more = match more {
                Some(more) => Some(in_response(more)?.0),
                None => None,
            };
        }
        PagingStyle::Offset { start } => {
            pagination.start = Some((PageParameter::Offset, in_request(start)?));
        }
        PagingStyle::Number { start, first } => {
            pagination.start = Some((PageParameter::Number, in_request(start)?));
            pagination.first = Some(*first).filter(|first| *first != 1);
        }
        PagingStyle::Link => {}
    }
    Some(pagination)
}

/// Returns the start of a path into a response: a mark for each `Option` around it.
fn response_root(output: &OutputPlan) -> Option<String> {
    let marks = match output {
        OutputPlan::Json(ty) => usize::from(ty.is_option()),
        OutputPlan::JsonOrEmpty(ty) => 1 + usize::from(ty.is_option()),
        _ => return None,
    };
    Some("?".repeat(marks))
}

fn optional_mark(is_optional: bool) -> &'static str {
    if is_optional { "?" } else { "" }
}

fn request_path(
    cx: &PlanContext<'_>,
    operation: &Operation,
    plan: &MethodPlan,
    start: &PageStart,
) -> Option<String> {
    match start {
        PageStart::Query(wire) => {
            let mut params = plan.params.iter();
            let param = params
                .find(|param| param.wire == *wire && param.location == ParamLocation::Query)?;
            Some(param.name.clone())
        }
        PageStart::Body(path) => {
            let body = plan.body.as_ref()?;
            let BodyContent::Json(ty) = &operation.body.as_ref()?.content else {
                return None;
            };
            let root = format!("{}{}", body.name, optional_mark(body.ty.is_option()));
            Some(resolve_path(cx, root, ty, path)?.0)
        }
    }
}

/// Follows wire names from a type. Returns the path of Rust fields, and the type at its end.
fn resolve_path<'t>(
    cx: &'t PlanContext<'_>,
    root: String,
    from: &'t TypeRef,
    wire_names: &[String],
) -> Option<(String, &'t TypeRef)> {
    let mut path = root;
    let mut ty = from;
    for (index, wire) in wire_names.iter().enumerate() {
        let id = resolve_alias(cx, ty)?;
        let Shape::Struct(object) = &cx.api.types.get(id).shape else {
            return None;
        };
        let field = find_field(cx, id, wire)?;
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&field.name);
        let is_optional = matches!(field.ty, RustType::Option(_) | RustType::Patch(_));
        path.push_str(optional_mark(is_optional && index + 1 < wire_names.len()));
        ty = &object.fields.iter().find(|field| field.wire == *wire)?.ty;
    }
    Some((path, ty))
}

fn resolve_alias(cx: &PlanContext<'_>, ty: &TypeRef) -> Option<TypeId> {
    let TypeRef::Named(id) = ty else { return None };
    match &cx.api.types.get(*id).shape {
        Shape::Alias(target) => resolve_alias(cx, target),
        _ => Some(*id),
    }
}

fn item_type<'t>(cx: &'t PlanContext<'_>, list: &'t TypeRef) -> Option<&'t TypeRef> {
    match list {
        TypeRef::List(item) => Some(item),
        TypeRef::Named(id) => match &cx.api.types.get(*id).shape {
            Shape::Alias(target) => item_type(cx, target),
            _ => None,
        },
        _ => None,
    }
}
