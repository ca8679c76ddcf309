//! References to what the conversion has moved.

use serde_json::Value;

use crate::ir::Pointer;
use crate::locator::Mount;

/// Changes the references of a converted document to the new places of their targets.
pub(super) fn rewrite_references(value: &mut Value, mounts: &[Mount]) {
    match value {
        Value::Object(object) => {
            for (key, child) in object {
                match child {
                    Value::String(text) if key == "$ref" => {
                        if let Some(moved) = moved_pointer(mounts, &Pointer(text.clone())) {
                            *text = moved.0;
                        }
                    }
                    child => rewrite_references(child, mounts),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                rewrite_references(item, mounts);
            }
        }
        _ => {}
    }
}

/// Returns the new place of a node, if it has moved.
pub(super) fn moved_pointer(mounts: &[Mount], at: &Pointer) -> Option<Pointer> {
    let sections = [
        ("#/definitions", "#/components/schemas"),
        ("#/parameters", "#/components/parameters"),
        ("#/responses", "#/components/responses"),
    ];
    let section = sections.iter().find_map(|(from, to)| {
        let rest =
            at.0.strip_prefix(from)
                .filter(|rest| rest.starts_with('/'))?;
        Some(Pointer(format!("{to}{rest}")))
    });
    let reversed = |mount: &Mount| {
        let rest = at.0.strip_prefix(&mount.in_file.0)?;
        let is_below = rest.is_empty() || rest.starts_with('/');
        let moved = is_below.then(|| Pointer(format!("{}{rest}", mount.at.0)))?;
        Some((mount.in_file.0.len(), moved))
    };
    section.or_else(|| {
        let found = mounts.iter().filter_map(reversed);
        // Of several copies, the first counts.
        let found = found.reduce(|best, other| if other.0 > best.0 { other } else { best });
        found.map(|(_, moved)| moved)
    })
}
