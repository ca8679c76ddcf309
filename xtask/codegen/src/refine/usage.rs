//! Which types occur in requests and in responses.

use super::named_types::{collect_named_types, referenced_types};
use crate::ir::{
    Api, Origin, RequestBody, RequestContent, Response, ResponseContent, TypeId, TypeTable,
};

/// Marks the types of requests and responses, and all types that these contain.
pub(super) fn run(api: &mut Api) {
    let mut sent = Vec::new();
    let mut received = Vec::new();
    for operation in &api.operations {
        for param in &operation.params {
            collect_named_types(&param.ty, &mut sent);
        }
        operation
            .body
            .iter()
            .for_each(|body| collect_body_types(body, &mut sent));
        for response in operation
            .responses
            .success
            .iter()
            .chain(&operation.responses.errors)
        {
            collect_response_types(response, &mut received);
        }
    }
    for payload in &api.payloads {
        let found = match payload.status {
            Some(_) => &mut sent,
            None => &mut received,
        };
        if let Some(ty) = &payload.ty {
            collect_named_types(ty, found);
        }
    }
    let components = api.types.iter();
    let components = components.filter(|(_, def)| matches!(def.origin, Origin::Component(_)));
    let components = components.map(|(id, _)| id).collect();
    for id in reachable_types(&api.types, components) {
        api.types.get_mut(id).usage.component = true;
    }
    for id in reachable_types(&api.types, sent) {
        api.types.get_mut(id).usage.request = true;
    }
    for id in reachable_types(&api.types, received) {
        api.types.get_mut(id).usage.response = true;
    }
}

/// Adds the types that a request body refers to.
pub fn collect_body_types(body: &RequestBody, found: &mut Vec<TypeId>) {
    match &body.content {
        RequestContent::Json(ty)
        | RequestContent::JsonLines(ty)
        | RequestContent::Form(ty, _)
        | RequestContent::Multipart(ty, _) => collect_named_types(ty, found),
        RequestContent::Text | RequestContent::Bytes => {}
    }
}

/// Adds the types that a response refers to.
pub fn collect_response_types(response: &Response, found: &mut Vec<TypeId>) {
    if let ResponseContent::Json(ty) = &response.content {
        collect_named_types(ty, found);
    }
    for stream in &response.streams {
        collect_named_types(&stream.ty, found);
    }
    for alternative in &response.alternatives {
        if let ResponseContent::Json(ty) = &alternative.content {
            collect_named_types(ty, found);
        }
    }
}

/// Returns the types reachable from some types, including these, in order of their IDs.
pub fn reachable_types(types: &TypeTable, from: Vec<TypeId>) -> Vec<TypeId> {
    let mut seen = vec![false; types.len()];
    let mut open = from;
    while let Some(id) = open.pop() {
        match seen.get_mut(id.0 as usize) {
            Some(seen) if !*seen => *seen = true,
            _ => continue,
        }
        open.extend(referenced_types(&types.get(id).shape));
    }
    types
        .ids()
        .filter(|id| seen.get(id.0 as usize).copied().unwrap_or(false))
        .collect()
}
