//! What there is in a request and in an answer to turn pages with.

use serde_json::Value;

use crate::ir::{
    BodyContent, Field, Operation, PageStart, ParamLocation, ParamStyle, Presence, Primitive,
    ResponseContent, Shape, Struct, TypeRef, TypeTable,
};

/// How deep aliases are followed.
const DEPTH: usize = 8;

/// A value that can stand for a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    Text,
    Number,
}

/// The one kind of answer that an operation has; `None` if it has several, or none.
pub(super) fn answer(operation: &Operation) -> Option<&TypeRef> {
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

/// The type that a name stands for, in the end.
fn resolved<'t>(types: &'t TypeTable, mut ty: &'t TypeRef) -> Option<&'t TypeRef> {
    for _ in 0..DEPTH {
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

/// The struct that a type is.
pub(super) fn object<'t>(types: &'t TypeTable, ty: &'t TypeRef) -> Option<&'t Struct> {
    match resolved(types, ty)? {
        TypeRef::Named(id) => match &types.get(*id).shape {
            Shape::Struct(object) => Some(object),
            _ => None,
        },
        _ => None,
    }
}

/// The fields of an object that are objects themselves.
pub(super) fn fields<'t>(
    types: &'t TypeTable,
    object: &'t Struct,
) -> impl Iterator<Item = (&'t str, &'t Struct)> {
    let inner = |field: &'t Field| Some((field.wire.as_str(), self::object(types, &field.ty)?));
    object.fields.iter().filter_map(inner)
}

pub(super) fn scalar(types: &TypeTable, ty: &TypeRef) -> Option<Scalar> {
    match resolved(types, ty)? {
        TypeRef::Primitive(Primitive::String { .. }) => Some(Scalar::Text),
        TypeRef::Primitive(Primitive::Integer(_) | Primitive::Number) => Some(Scalar::Number),
        TypeRef::Nullable(inner) => scalar(types, inner),
        _ => None,
    }
}

pub(super) fn is_flag(types: &TypeTable, ty: &TypeRef) -> bool {
    matches!(
        resolved(types, ty),
        Some(TypeRef::Primitive(Primitive::Bool))
    )
}

fn list<'t>(types: &'t TypeTable, ty: &'t TypeRef) -> Option<&'t TypeRef> {
    match resolved(types, ty)? {
        TypeRef::List(item) => Some(item),
        _ => None,
    }
}

/// The place of the items: the answer itself, or the only list in it, or its only list of objects.
pub(super) fn list_in(types: &TypeTable, answer: &TypeRef) -> Option<Vec<String>> {
    if list(types, answer).is_some() {
        return Some(Vec::new());
    }
    let lists = object(types, answer)?.fields.iter();
    let lists: Vec<(&String, &TypeRef)> = lists
        .filter_map(|field| Some((&field.wire, list(types, &field.ty)?)))
        .collect();
    let is_named = |item: &TypeRef| matches!(resolved(types, item), Some(TypeRef::Named(_)));
    let named: Vec<_> = lists.iter().filter(|(_, item)| is_named(item)).collect();
    match (lists.as_slice(), named.as_slice()) {
        ([(wire, _)], _) | (_, [(wire, _)]) => Some(vec![(*wire).clone()]),
        _ => None,
    }
}

/// The type at a place in a type.
fn at<'t>(
    types: &'t TypeTable,
    from: &'t TypeRef,
    path: &str,
) -> Option<(Vec<String>, &'t TypeRef)> {
    let steps: Vec<String> = path.split('.').map(str::to_owned).collect();
    let mut ty = from;
    for step in &steps {
        let object = object(types, ty)?;
        ty = &object.fields.iter().find(|field| field.wire == *step)?.ty;
    }
    Some((steps, ty))
}

pub(super) fn list_at(types: &TypeTable, answer: &TypeRef, path: &str) -> Option<Vec<String>> {
    let (steps, ty) = at(types, answer, path)?;
    list(types, ty).map(|_| steps)
}

/// A place in the items of an answer.
pub(super) fn item_at(
    types: &TypeTable,
    answer: &TypeRef,
    items: &[String],
    path: &str,
) -> Option<Vec<String>> {
    let lists = match items {
        [] => answer,
        steps => at(types, answer, &steps.join("."))?.1,
    };
    scalar_at(types, list(types, lists)?, path)
}

pub(super) fn scalar_at(types: &TypeTable, answer: &TypeRef, path: &str) -> Option<Vec<String>> {
    let (steps, ty) = at(types, answer, path)?;
    scalar(types, ty).map(|_| steps)
}

pub(super) fn flag_at(types: &TypeTable, answer: &TypeRef, path: &str) -> Option<Vec<String>> {
    let (steps, ty) = at(types, answer, path)?;
    is_flag(types, ty).then_some(steps)
}

/// Something in a request that could say which page is wanted.
pub(super) struct Start {
    pub place: PageStart,
    pub kind: Scalar,
    /// The number of the page it wants where nobody says: the document's default. Where somebody has to say, any.
    pub first: Option<u32>,
}

/// Everything in a request that could say which page is wanted, the query first. A body that may be left out has to
/// be one that can be made of nothing.
pub(super) fn starts(types: &TypeTable, operation: &Operation) -> Vec<Start> {
    let params = operation
        .params
        .iter()
        .filter(|param| param.location == ParamLocation::Query && param.style == ParamStyle::Form);
    let mut found: Vec<Start> = params
        .filter_map(|param| {
            Some(Start {
                place: PageStart::Query(param.wire.clone()),
                kind: scalar(types, &param.ty)?,
                first: first(param.presence, param.default.as_ref()),
            })
        })
        .collect();
    let body = operation.body.as_ref();
    let Some((BodyContent::Json(ty), body)) = body.map(|body| (&body.content, body)) else {
        return found;
    };
    let Some(object) = object(types, ty).filter(|object| fits(object, body.presence)) else {
        return found;
    };
    let own = |field: &Field, path: Vec<String>| {
        Some(Start {
            place: PageStart::Body(path),
            kind: scalar(types, &field.ty)?,
            first: first(field.presence, field.default.as_ref()),
        })
    };
    found.extend((object.fields.iter()).filter_map(|field| own(field, vec![field.wire.clone()])));
    for outer in &object.fields {
        let inner = self::object(types, &outer.ty).filter(|inner| fits(inner, outer.presence));
        let path = |field: &Field| vec![outer.wire.clone(), field.wire.clone()];
        let inner = inner.iter().flat_map(|inner| &inner.fields);
        found.extend(inner.filter_map(|field| own(field, path(field))));
    }
    found
}

fn first(presence: Presence, default: Option<&Value>) -> Option<u32> {
    let default = default.and_then(Value::as_f64).map(|number| number as u32);
    default.or((presence == Presence::Required).then_some(1))
}

/// Whether there is such an object, or one can be made.
fn fits(object: &Struct, presence: Presence) -> bool {
    let required = |field: &Field| field.presence == Presence::Required;
    presence == Presence::Required || !object.fields.iter().any(required)
}
