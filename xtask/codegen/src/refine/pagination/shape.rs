//! The properties of requests and responses that pagination can use.

use serde_json::Value;

use crate::ir::{
    Field, Operation, PageSelector, ParamLocation, ParamStyle, Presence, Primitive, RequestContent,
    ResponseContent, Shape, Struct, TypeRef, TypeTable,
};

/// The maximum length of a chain of aliases.
const MAX_ALIASES: usize = 8;

/// The kind of a value that can select a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ScalarKind {
    Text,
    Number,
}

/// Returns the type of the response; `None` if there are several types, or none.
pub(super) fn response_type(operation: &Operation) -> Option<&TypeRef> {
    let mut found = None;
    for response in &operation.responses.success {
        match (&response.content, found) {
            (ResponseContent::Empty, _) => {}
            (ResponseContent::Json(ty), None) => found = Some(ty),
            (ResponseContent::Json(ty), Some(known)) if ty == known => {}
            _ => return None,
        }
    }
    found
}

/// Returns the type after following aliases.
fn resolved<'t>(types: &'t TypeTable, mut ty: &'t TypeRef) -> Option<&'t TypeRef> {
    for _ in 0..MAX_ALIASES {
        let TypeRef::Named(id) = ty else {
            return Some(ty);
        };
        match &types.get(*id).shape {
            Shape::Alias(target) => ty = target,
            _ => return Some(ty),
        }
    }
    None
}

/// Returns the struct of a type, if it is one.
pub(super) fn struct_of<'t>(types: &'t TypeTable, ty: &'t TypeRef) -> Option<&'t Struct> {
    match resolved(types, ty)? {
        TypeRef::Named(id) => match &types.get(*id).shape {
            Shape::Struct(object) => Some(object),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the fields of an object that are objects themselves.
pub(super) fn object_fields<'t>(
    types: &'t TypeTable,
    object: &'t Struct,
) -> impl Iterator<Item = (&'t str, &'t Struct)> {
    let inner = |field: &'t Field| Some((field.wire_name.as_str(), struct_of(types, &field.ty)?));
    object.fields.iter().filter_map(inner)
}

pub(super) fn scalar_kind(types: &TypeTable, ty: &TypeRef) -> Option<ScalarKind> {
    match resolved(types, ty)? {
        TypeRef::Primitive(Primitive::String { .. }) => Some(ScalarKind::Text),
        TypeRef::Primitive(Primitive::Integer(_) | Primitive::Number) => Some(ScalarKind::Number),
        TypeRef::Nullable(inner) => scalar_kind(types, inner),
        _ => None,
    }
}

pub(super) fn is_flag(types: &TypeTable, ty: &TypeRef) -> bool {
    matches!(
        resolved(types, ty),
        Some(TypeRef::Primitive(Primitive::Bool))
    )
}

fn item_type<'t>(types: &'t TypeTable, ty: &'t TypeRef) -> Option<&'t TypeRef> {
    match resolved(types, ty)? {
        TypeRef::List(item) => Some(item),
        _ => None,
    }
}

/// Returns the path of the items: the response itself, its only list, or its only list of objects.
pub(super) fn items_path(types: &TypeTable, response: &TypeRef) -> Option<Vec<String>> {
    if item_type(types, response).is_some() {
        return Some(Vec::new());
    }
    let lists = struct_of(types, response)?.fields.iter();
    let lists: Vec<(&String, &TypeRef)> = lists
        .filter_map(|field| Some((&field.wire_name, item_type(types, &field.ty)?)))
        .collect();
    let is_named = |item: &TypeRef| matches!(resolved(types, item), Some(TypeRef::Named(_)));
    let named: Vec<_> = lists.iter().filter(|(_, item)| is_named(item)).collect();
    match (lists.as_slice(), named.as_slice()) {
        ([(wire_name, _)], _) | (_, [(wire_name, _)]) => Some(vec![(*wire_name).clone()]),
        _ => None,
    }
}

/// Returns the names of a dotted path in a type, and the type there.
fn resolve_path<'t>(
    types: &'t TypeTable,
    from: &'t TypeRef,
    path: &str,
) -> Option<(Vec<String>, &'t TypeRef)> {
    let steps: Vec<String> = path.split('.').map(str::to_owned).collect();
    let mut ty = from;
    for step in &steps {
        let object = struct_of(types, ty)?;
        ty = &object
            .fields
            .iter()
            .find(|field| field.wire_name == *step)?
            .ty;
    }
    Some((steps, ty))
}

pub(super) fn list_path(types: &TypeTable, response: &TypeRef, path: &str) -> Option<Vec<String>> {
    let (steps, ty) = resolve_path(types, response, path)?;
    item_type(types, ty).map(|_| steps)
}

/// Returns a path in the items of a response.
pub(super) fn item_path(
    types: &TypeTable,
    response: &TypeRef,
    items: &[String],
    path: &str,
) -> Option<Vec<String>> {
    let lists = match items {
        [] => response,
        steps => resolve_path(types, response, &steps.join("."))?.1,
    };
    scalar_path(types, item_type(types, lists)?, path)
}

pub(super) fn scalar_path(
    types: &TypeTable,
    response: &TypeRef,
    path: &str,
) -> Option<Vec<String>> {
    let (steps, ty) = resolve_path(types, response, path)?;
    scalar_kind(types, ty).map(|_| steps)
}

pub(super) fn number_path(
    types: &TypeTable,
    response: &TypeRef,
    path: &str,
) -> Option<Vec<String>> {
    let (steps, ty) = resolve_path(types, response, path)?;
    (scalar_kind(types, ty) == Some(ScalarKind::Number)).then_some(steps)
}

pub(super) fn flag_path(types: &TypeTable, response: &TypeRef, path: &str) -> Option<Vec<String>> {
    let (steps, ty) = resolve_path(types, response, path)?;
    is_flag(types, ty).then_some(steps)
}

/// A parameter or a property of a request that could select the page.
pub(super) struct PageParam {
    pub location: PageSelector,
    pub kind: ScalarKind,
    /// The number of the first page: the document's default, or 1 if the value is required.
    pub first: Option<u32>,
}

/// Returns everything in a request that could select the page, the query first. Properties of an optional body count only
/// if the body has no required properties.
pub(super) fn page_params(types: &TypeTable, operation: &Operation) -> Vec<PageParam> {
    let params = operation
        .params
        .iter()
        .filter(|param| param.location == ParamLocation::Query && param.style == ParamStyle::Form);
    let mut found: Vec<PageParam> = params
        .filter_map(|param| {
            Some(PageParam {
                location: PageSelector::Query(param.wire_name.clone()),
                kind: scalar_kind(types, &param.ty)?,
                first: first_page(param.presence, param.default.as_ref()),
            })
        })
        .collect();
    let body = operation.body.as_ref();
    let Some((RequestContent::Json(ty), body)) = body.map(|body| (&body.content, body)) else {
        return found;
    };
    let Some(object) = struct_of(types, ty).filter(|object| is_usable(object, body.presence))
    else {
        return found;
    };
    let page_param = |field: &Field, path: Vec<String>| {
        Some(PageParam {
            location: PageSelector::Body(path),
            kind: scalar_kind(types, &field.ty)?,
            first: first_page(field.presence, field.default.as_ref()),
        })
    };
    found.extend(
        (object.fields.iter()).filter_map(|field| page_param(field, vec![field.wire_name.clone()])),
    );
    for outer in &object.fields {
        let inner = struct_of(types, &outer.ty).filter(|inner| is_usable(inner, outer.presence));
        let path = |field: &Field| vec![outer.wire_name.clone(), field.wire_name.clone()];
        let inner = inner.iter().flat_map(|inner| &inner.fields);
        found.extend(inner.filter_map(|field| page_param(field, path(field))));
    }
    found
}

fn first_page(presence: Presence, default: Option<&Value>) -> Option<u32> {
    let default = default.and_then(Value::as_f64).map(|number| number as u32);
    default.or((presence == Presence::Required).then_some(1))
}

/// Returns whether an object is always present, or can be created without setting other properties.
fn is_usable(object: &Struct, presence: Presence) -> bool {
    let is_required = |field: &Field| field.presence == Presence::Required;
    presence == Presence::Required || !object.fields.iter().any(is_required)
}
