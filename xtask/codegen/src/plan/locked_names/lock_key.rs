//! Keys of types in `names.lock`, which stay the same when sibling schemas are added.

use crate::ir::{Api, Origin, Parent, Pointer, RoleStep, SCHEMAS, TypeId};

/// The maximum number of parents of an inline type; a guard against endless loops.
const MAX_DEPTH: usize = 64;

/// Returns the key of a type: its pointer if it is a component, or else the key of its parent and its role there.
pub(super) fn lock_key(api: &Api, id: TypeId) -> String {
    let mut steps = Vec::new();
    let mut current = id;
    for _ in 0..MAX_DEPTH {
        let def = api.types.get(current);
        let (parent, role) = match &def.origin {
            Origin::Component(_) => return append_steps(&def.at, &steps),
            Origin::Inline { parent, role, .. } => (parent, role),
        };
        steps.extend(role.0.iter().rev());
        match parent {
            Parent::Type(parent) => current = *parent,
            Parent::Operation(index) => {
                let operation = api.operations.get(*index);
                let at = operation.map_or_else(Pointer::root, |operation| operation.at.clone());
                return append_steps(&at, &steps);
            }
            Parent::Payload(index) => {
                let payload = api.payloads.get(*index);
                let at = payload.map_or_else(Pointer::root, |payload| payload.at.clone());
                return append_steps(&at, &steps);
            }
        }
    }
    api.types.get(id).at.0.clone()
}

/// Appends the steps, innermost first, to a pointer.
fn append_steps(root: &Pointer, steps: &[&RoleStep]) -> String {
    let mut at = root.clone();
    let mut push = |tokens: &[&str]| tokens.iter().for_each(|token| at.push(token));
    for step in steps.iter().rev() {
        match step {
            RoleStep::Property(wire_name) => push(&["properties", wire_name]),
            RoleStep::Item => push(&["items"]),
            RoleStep::TupleItem(index) => push(&["prefixItems", &index.to_string()]),
            RoleStep::MapValue => push(&["additionalProperties"]),
            RoleStep::Variant(_, Some(tag)) => push(&["oneOf", tag]),
            RoleStep::Variant(index, None) => push(&["oneOf", &index.to_string()]),
            RoleStep::Param(wire_name) => push(&["parameters", wire_name]),
            RoleStep::RequestBody | RoleStep::Payload => push(&["requestBody"]),
            RoleStep::Response(status) | RoleStep::Error(status) => push(&["responses", status]),
            RoleStep::MediaType(name) => push(&["content", name]),
        }
    }
    at.0
}

/// Replaces positions in lists, which change when a sibling is added, by `*`. Returns `None` if there are none.
pub(super) fn erase_list_positions(key: &str) -> Option<String> {
    const LISTS: &[&str] = &["oneOf", "anyOf", "allOf", "parameters", "prefixItems"];
    let mut previous = "";
    let mut has_position = false;
    let mut tokens = Vec::new();
    for token in key.split('/') {
        let is_position =
            LISTS.contains(&previous) && token.bytes().all(|byte| byte.is_ascii_digit());
        has_position |= is_position;
        tokens.push(if is_position { "*" } else { token });
        previous = token;
    }
    has_position.then(|| tokens.join("/"))
}

/// Returns whether the key is that of a component schema, not of a schema inside one.
pub(super) fn is_component_key(key: &str) -> bool {
    let name = key.strip_prefix(SCHEMAS);
    name.is_some_and(|name| !name.contains('/'))
}
