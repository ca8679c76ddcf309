//! Plans pagination: resolves the positions of page parameters and items to paths of Rust fields.

use super::operation_plan::{MethodPlan, OutputPlan, PageParameter, PaginationPlan};
use crate::ir::{
    NextPage, Operation, PageSelector, ParamLocation, Presence, RequestContent, ResponseContent,
    Shape, TypeId, TypeRef,
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
    let pagination = operation.pagination.as_ref()?;
    let mut responses = operation.responses.success.iter();
    let response = responses.find_map(|response| match &response.content {
        ResponseContent::Json(ty) => Some(ty),
        _ => None,
    })?;
    let root = response_root(&plan.output)?;
    let in_response = |path: &[String]| resolve_path(cx, root.clone(), response, path);
    let in_request = |start: &PageSelector| request_path(cx, operation, plan, start);
    let (items, list) = in_response(&pagination.items)?;
    let item = item_type(cx, list)?;
    let mut planned = PaginationPlan {
        start: None,
        first: None,
        next: None,
        more: None,
        total: None,
        items: (!pagination.items.is_empty()).then_some(items),
        item: cx.rust_type(item),
    };
    match &pagination.next {
        NextPage::Token { start, next, more } => {
            planned.start = Some((PageParameter::Cursor, in_request(start)?));
            planned.next = Some(in_response(next)?.0);
            planned.more = match more {
                Some(more) => Some(in_response(more)?.0),
                None => None,
            };
        }
        NextPage::LastItem { start, next, more } => {
            planned.start = Some((PageParameter::After, in_request(start)?));
            let root = optional_mark(planned.item.is_option()).to_owned();
            planned.next = Some(resolve_path(cx, root, item, next)?.0);
            planned.more = match more {
                Some(more) => Some(in_response(more)?.0),
                None => None,
            };
        }
        NextPage::Offset { start } => {
            planned.start = Some((PageParameter::Offset, in_request(start)?));
        }
        NextPage::Number {
            start,
            first,
            total,
        } => {
            planned.start = Some((PageParameter::Number, in_request(start)?));
            planned.first = Some(*first).filter(|first| *first != 1);
            planned.total = match total {
                Some(total) => Some(in_response(total)?.0),
                None => None,
            };
        }
        NextPage::Link => {}
    }
    Some(planned)
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
    start: &PageSelector,
) -> Option<String> {
    match start {
        PageSelector::Query(wire_name) => {
            let mut params = plan.params.iter();
            let param = params.find(|param| {
                param.wire_name == *wire_name && param.location == ParamLocation::Query
            })?;
            Some(param.name.clone())
        }
        PageSelector::Body(path) => {
            let body = plan.body.as_ref()?;
            let RequestContent::Json(ty) = &operation.body.as_ref()?.content else {
                return None;
            };
            let root = format!(
                "{}{}",
                body.name,
                optional_mark(body.presence != Presence::Required)
            );
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
    for (index, wire_name) in wire_names.iter().enumerate() {
        let id = resolve_alias(cx, ty)?;
        let Shape::Struct(object) = &cx.api.types.get(id).shape else {
            return None;
        };
        let field = find_field(cx, id, wire_name)?;
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&field.name);
        let is_optional = matches!(field.ty, RustType::Option(_) | RustType::Patch(_));
        path.push_str(optional_mark(is_optional && index + 1 < wire_names.len()));
        ty = &object
            .fields
            .iter()
            .find(|field| field.wire_name == *wire_name)?
            .ty;
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
