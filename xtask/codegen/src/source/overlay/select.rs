//! Finding the nodes a path picks.

use serde_json::Value;

use super::path::{Path, Segment, Selector, Test};
use crate::ir::Pointer;

/// The places a path picks, each once: what holds another comes before it, and items come by their position.
pub(super) fn select(root: &Value, path: &Path) -> Vec<Pointer> {
    let mut nodes = vec![(Pointer::root(), root)];
    for segment in &path.segments {
        nodes = step(nodes, segment);
    }
    let mut places: Vec<Pointer> = nodes.into_iter().map(|(place, _)| place).collect();
    places.sort_by_cached_key(|place| {
        let tokens = place
            .0
            .split('/')
            .map(|token| (token.parse::<usize>().ok(), token.to_owned()));
        tokens.collect::<Vec<_>>()
    });
    places.dedup();
    places
}

type Nodes<'v> = Vec<(Pointer, &'v Value)>;

fn step<'v>(nodes: Nodes<'v>, segment: &Segment) -> Nodes<'v> {
    let mut found = Vec::new();
    for (place, value) in nodes {
        let mut from = Vec::new();
        if segment.descend {
            descendants(place, value, &mut from);
        } else {
            from.push((place, value));
        }
        for (place, value) in from {
            for selector in &segment.selectors {
                pick(&place, value, selector, &mut found);
            }
        }
    }
    found
}

/// A node and all below it.
fn descendants<'v>(place: Pointer, value: &'v Value, found: &mut Nodes<'v>) {
    let below = children(&place, value);
    found.push((place, value));
    for (place, value) in below {
        descendants(place, value, found);
    }
}

fn children<'v>(place: &Pointer, value: &'v Value) -> Nodes<'v> {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (place.join(key), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(i, value)| (place.join(&i.to_string()), value))
            .collect(),
        _ => Vec::new(),
    }
}

fn pick<'v>(place: &Pointer, value: &'v Value, selector: &Selector, found: &mut Nodes<'v>) {
    match selector {
        Selector::All => found.extend(children(place, value)),
        Selector::Filter(test) => {
            found.extend(
                children(place, value)
                    .into_iter()
                    .filter(|(_, child)| holds(test, child)),
            );
        }
        Selector::Name(_) | Selector::Index(_) => {
            if let Some((key, child)) = child(value, selector) {
                found.push((place.join(&key), child));
            }
        }
    }
}

/// The child that a name or position picks, with its key.
fn child<'v>(value: &'v Value, selector: &Selector) -> Option<(String, &'v Value)> {
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

fn holds(test: &Test, value: &Value) -> bool {
    match test {
        Test::Any(tests) => tests.iter().any(|test| holds(test, value)),
        Test::All(tests) => tests.iter().all(|test| holds(test, value)),
        Test::Not(test) => !holds(test, value),
        Test::Exists(place) => at(value, place).is_some(),
        Test::Equals(place, wanted) => at(value, place) == Some(wanted),
        Test::Differs(place, wanted) => at(value, place) != Some(wanted),
    }
}

fn at<'v>(value: &'v Value, place: &[Selector]) -> Option<&'v Value> {
    place.iter().try_fold(value, |value, step| {
        child(value, step).map(|(_, child)| child)
    })
}
