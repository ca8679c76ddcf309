//! Inline types that only one operation responds with.

use std::collections::BTreeMap;

use crate::ir::{Api, ResponseContent, TypeId, TypeRef};

/// The place of a type in the response of its only operation.
struct Response {
    /// The index of the operation.
    operation: usize,
    /// The words after those of the operation.
    words: &'static str,
}

/// The types that operations respond with. What is in an envelope counts as the response itself.
pub(super) struct SoleResponses(BTreeMap<TypeId, Option<Response>>);

impl SoleResponses {
    pub(super) fn from_api(api: &Api) -> Self {
        let mut all: BTreeMap<TypeId, Option<Response>> = BTreeMap::new();
        let operations = api.operations.iter().enumerate();
        for (operation, declared) in operations.filter(|(_, operation)| !operation.is_variant) {
            for success in &declared.responses.success {
                let ResponseContent::Json(ty) = &success.content else {
                    continue;
                };
                let Some((id, words)) = named_content(ty) else {
                    continue;
                };
                let response = all
                    .entry(api.types.resolve(id))
                    .or_insert(Some(Response { operation, words }));
                if response.as_ref().is_some_and(|r| r.operation != operation) {
                    *response = None;
                }
            }
        }
        Self(all)
    }

    /// Returns a name for a type by the only operation that responds with it.
    pub(super) fn name(&self, id: TypeId, operation_types: &[String]) -> Option<String> {
        let response = self.0.get(&id)?.as_ref()?;
        let operation = operation_types.get(response.operation)?;
        Some(format!("{operation} {}", response.words))
    }
}

/// Returns the type in the content of a response, and its role there.
fn named_content(ty: &TypeRef) -> Option<(TypeId, &'static str)> {
    match ty {
        TypeRef::Named(id) => Some((*id, "response")),
        TypeRef::Nullable(inner) => named_content(inner),
        TypeRef::List(item) => match item.as_ref() {
            TypeRef::Named(id) => Some((*id, "response item")),
            _ => None,
        },
        _ => None,
    }
}
