//! The named types that a type refers to.

use crate::ir::{Api, Operation, RequestContent, ResponseContent, Shape, TypeId, TypeRef};

/// Adds the named types that a type refers to, also in lists and maps.
pub fn collect_named_types(ty: &TypeRef, found: &mut Vec<TypeId>) {
    match ty {
        TypeRef::Named(id) => found.push(*id),
        TypeRef::Primitive(_) => {}
        TypeRef::List(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
            collect_named_types(inner, found)
        }
        TypeRef::Tuple(items) => items
            .iter()
            .for_each(|item| collect_named_types(item, found)),
    }
}

/// Returns the named types that a type with this structure refers to.
pub fn referenced_types(shape: &Shape) -> Vec<TypeId> {
    let mut found = Vec::new();
    match shape {
        Shape::Alias(ty) => collect_named_types(ty, &mut found),
        Shape::Struct(object) => {
            let fields = object.fields.iter().map(|field| &field.ty);
            let types = fields.chain(&object.extra);
            types.for_each(|ty| collect_named_types(ty, &mut found));
        }
        Shape::Union(union) => {
            let variants = union.variants.iter();
            variants.for_each(|variant| collect_named_types(&variant.ty, &mut found));
        }
        Shape::Enum(_) => {}
    }
    found
}

/// Replaces the named types everywhere in an API.
pub(super) fn replace_named_types(api: &mut Api, replacement: &impl Fn(TypeId) -> TypeId) {
    for id in api.types.ids() {
        match &mut api.types.get_mut(id).shape {
            Shape::Alias(ty) => replace_in_type(ty, replacement),
            Shape::Struct(object) => {
                let fields = object.fields.iter_mut().map(|field| &mut field.ty);
                fields
                    .chain(&mut object.extra)
                    .for_each(|ty| replace_in_type(ty, replacement));
            }
            Shape::Union(union) => {
                let variants = union.variants.iter_mut();
                variants.for_each(|variant| replace_in_type(&mut variant.ty, replacement));
            }
            Shape::Enum(_) => {}
        }
    }
    for operation in &mut api.operations {
        replace_in_operation(operation, replacement);
    }
    for ty in api
        .payloads
        .iter_mut()
        .filter_map(|payload| payload.ty.as_mut())
    {
        replace_in_type(ty, replacement);
    }
}

fn replace_in_operation(operation: &mut Operation, replacement: &impl Fn(TypeId) -> TypeId) {
    for param in &mut operation.params {
        replace_in_type(&mut param.ty, replacement);
    }
    if let Some(body) = &mut operation.body {
        match &mut body.content {
            RequestContent::Json(ty)
            | RequestContent::JsonLines(ty)
            | RequestContent::Form(ty, _)
            | RequestContent::Multipart(ty, _) => replace_in_type(ty, replacement),
            RequestContent::Text | RequestContent::Bytes => {}
        }
    }
    let responses = &mut operation.responses;
    for response in responses.success.iter_mut().chain(&mut responses.errors) {
        let alternatives = response.alternatives.iter_mut();
        let contents = alternatives.map(|alternative| &mut alternative.content);
        for content in contents.chain([&mut response.content]) {
            if let ResponseContent::Json(ty) = content {
                replace_in_type(ty, replacement);
            }
        }
        for stream in &mut response.streams {
            replace_in_type(&mut stream.ty, replacement);
        }
    }
}

fn replace_in_type(ty: &mut TypeRef, replacement: &impl Fn(TypeId) -> TypeId) {
    match ty {
        TypeRef::Named(id) => *id = replacement(*id),
        TypeRef::Primitive(_) => {}
        TypeRef::List(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
            replace_in_type(inner, replacement)
        }
        TypeRef::Tuple(items) => {
            items
                .iter_mut()
                .for_each(|item| replace_in_type(item, replacement));
        }
    }
}
