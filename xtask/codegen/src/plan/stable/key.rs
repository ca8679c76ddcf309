//! Where a type stands, told so that it stays the same when siblings are added.

use crate::ir::{Api, Origin, Parent, Pointer, RoleStep, TypeId};

/// More steps than this from a type to its outermost holder nobody writes.
const DEPTH: usize = 64;

/// The place of a type: its pointer if it has a name, or else that of what holds it and what it is there.
pub(super) fn key(api: &Api, id: TypeId) -> String {
    let mut steps = Vec::new();
    let mut at = id;
    for _ in 0..DEPTH {
        let def = api.types.get(at);
        let (parent, role) = match &def.origin {
            Origin::Component(_) => return spelled(&def.at, &steps),
            Origin::Inline { parent, role, .. } => (parent, role),
        };
        steps.extend(role.0.iter().rev());
        match parent {
            Parent::Type(parent) => at = *parent,
            Parent::Operation(index) => {
                let operation = api.operations.get(*index);
                let at = operation.map_or_else(Pointer::root, |operation| operation.at.clone());
                return spelled(&at, &steps);
            }
        }
    }
    api.types.get(id).at.0.clone()
}

fn spelled(root: &Pointer, steps: &[&RoleStep]) -> String {
    let mut at = root.clone();
    let mut down = |tokens: &[&str]| tokens.iter().for_each(|token| at.push(token));
    for step in steps.iter().rev() {
        match step {
            RoleStep::Property(wire) => down(&["properties", wire]),
            RoleStep::Item => down(&["items"]),
            RoleStep::MapValue => down(&["additionalProperties"]),
            RoleStep::Variant(_, Some(tag)) => down(&["oneOf", tag]),
            RoleStep::Variant(index, None) => down(&["oneOf", &index.to_string()]),
            RoleStep::Param(wire) => down(&["parameters", wire]),
            RoleStep::RequestBody => down(&["requestBody"]),
            RoleStep::Response(status) | RoleStep::Error(status) => down(&["responses", status]),
        }
    }
    at.0
}

/// The place without the positions in lists, which move when a member is added; `None` where there are none.
pub(super) fn without_positions(key: &str) -> Option<String> {
    const LISTS: &[&str] = &["oneOf", "anyOf", "allOf", "parameters", "prefixItems"];
    let mut before = "";
    let mut found = false;
    let mut out = Vec::new();
    for token in key.split('/') {
        let position = LISTS.contains(&before) && token.bytes().all(|byte| byte.is_ascii_digit());
        found |= position;
        out.push(if position { "*" } else { token });
        before = token;
    }
    found.then(|| out.join("/"))
}
