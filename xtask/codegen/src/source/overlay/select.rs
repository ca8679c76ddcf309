//! Selects the nodes of a document that a JSONPath expression matches.

use serde_json::Value;

use super::growth::Growth;
use super::json_path::{Condition, JsonPath, Segment, Selector};
use crate::ir::Pointer;

/// Returns the pointers of the matching nodes, without duplicates.
///
/// A node is before its descendants, and items are in the order of their indices.
///
/// Returns some of them if `growth` allows no more visits.
pub(super) fn select_nodes(root: &Value, path: &JsonPath, growth: &Growth) -> Vec<Pointer> {
    let mut nodes = vec![(Pointer::root(), root)];
    for segment in &path.segments {
        nodes = apply_segment(nodes, segment, growth);
    }
    let mut pointers: Vec<Pointer> = nodes.into_iter().map(|(at, _)| at).collect();
    pointers.sort_by_cached_key(|at| {
        let tokens =
            at.0.split('/')
                .map(|token| (token.parse::<usize>().ok(), token.to_owned()));
        tokens.collect::<Vec<_>>()
    });
    pointers.dedup();
    pointers
}

type Nodes<'v> = Vec<(Pointer, &'v Value)>;

fn apply_segment<'v>(nodes: Nodes<'v>, segment: &Segment, growth: &Growth) -> Nodes<'v> {
    let mut selected = Vec::new();
    for (at, value) in nodes {
        let mut parents = Vec::new();
        if segment.is_recursive {
            collect_subtree(at, value, growth, &mut parents);
        } else {
            parents.push((at, value));
        }
        for (at, value) in parents {
            for selector in &segment.selectors {
                let cost = selector_cost(selector, value);
                if !growth.visit(&at, cost) {
                    return selected;
                }
                apply_selector(&at, value, selector, &mut selected);
            }
        }
    }
    if segment.is_recursive {
        // A node is selected once for every ancestor that was selected before.
        selected.sort_by_key(|(_, value)| std::ptr::from_ref(*value));
        selected.dedup_by_key(|(_, value)| std::ptr::from_ref(*value));
    }
    selected
}

/// Adds a node and all its descendants.
fn collect_subtree<'v>(at: Pointer, value: &'v Value, growth: &Growth, nodes: &mut Nodes<'v>) {
    if !growth.visit(&at, 1) {
        return;
    }
    let children = children(&at, value);
    nodes.push((at, value));
    for (at, value) in children {
        collect_subtree(at, value, growth, nodes);
    }
}

/// Returns the number of visits that a selector makes.
fn selector_cost(selector: &Selector, value: &Value) -> usize {
    let child_count = match value {
        Value::Object(map) => map.len(),
        Value::Array(items) => items.len(),
        _ => 0,
    };
    match selector {
        Selector::Name(_) | Selector::Index(_) => 1,
        Selector::Wildcard => 1 + child_count,
        Selector::Filter(condition) => 1 + child_count * condition_size(condition),
    }
}

fn condition_size(condition: &Condition) -> usize {
    match condition {
        Condition::Or(all) | Condition::And(all) => {
            all.iter().map(condition_size).sum::<usize>() + 1
        }
        Condition::Not(inner) => condition_size(inner) + 1,
        Condition::Exists(path) | Condition::Equal(path, _) | Condition::NotEqual(path, _) => {
            path.len() + 1
        }
    }
}

fn children<'v>(at: &Pointer, value: &'v Value) -> Nodes<'v> {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (at.join(key), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(i, value)| (at.join(&i.to_string()), value))
            .collect(),
        _ => Vec::new(),
    }
}

fn apply_selector<'v>(
    at: &Pointer,
    value: &'v Value,
    selector: &Selector,
    selected: &mut Nodes<'v>,
) {
    match selector {
        Selector::Wildcard => selected.extend(children(at, value)),
        Selector::Filter(condition) => {
            selected.extend(
                children(at, value)
                    .into_iter()
                    .filter(|(_, child)| is_satisfied(condition, child)),
            );
        }
        Selector::Name(_) | Selector::Index(_) => {
            if let Some((token, child)) = select_child(value, selector) {
                selected.push((at.join(&token), child));
            }
        }
    }
}

/// Returns the child that a name or an index selects, with its pointer token.
fn select_child<'v>(value: &'v Value, selector: &Selector) -> Option<(String, &'v Value)> {
    match (selector, value) {
        (Selector::Name(name), Value::Object(map)) => Some((name.clone(), map.get(name)?)),
        (Selector::Index(index), Value::Array(items)) => {
            let count = i64::try_from(items.len()).ok()?;
            let index = usize::try_from(if *index < 0 { count + index } else { *index }).ok()?;
            Some((index.to_string(), items.get(index)?))
        }
        _ => None,
    }
}

fn is_satisfied(condition: &Condition, value: &Value) -> bool {
    match condition {
        Condition::Or(all) => all.iter().any(|one| is_satisfied(one, value)),
        Condition::And(all) => all.iter().all(|one| is_satisfied(one, value)),
        Condition::Not(inner) => !is_satisfied(inner, value),
        Condition::Exists(path) => find_descendant(value, path).is_some(),
        Condition::Equal(path, literal) => find_descendant(value, path) == Some(literal),
        Condition::NotEqual(path, literal) => find_descendant(value, path) != Some(literal),
    }
}

fn find_descendant<'v>(value: &'v Value, path: &[Selector]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, selector| {
        select_child(value, selector).map(|(_, child)| child)
    })
}
