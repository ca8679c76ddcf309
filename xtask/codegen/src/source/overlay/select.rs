//! Selects the nodes of a document that a JSONPath expression matches.

use std::collections::HashSet;

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
        nodes = apply_segment(&nodes, segment, growth);
    }
    nodes.into_iter().map(|(at, _)| at).collect()
}

/// Nodes without duplicates: a node is before its descendants, and children of one node are in the order of the document.
type Nodes<'v> = Vec<(Pointer, &'v Value)>;

fn apply_segment<'v>(nodes: &Nodes<'v>, segment: &Segment, growth: &Growth) -> Nodes<'v> {
    let mut selection = Selection {
        segment,
        growth,
        selected: Vec::new(),
        visited: HashSet::new(),
        can_visit_again: segment.is_recursive && nodes.len() > 1,
    };
    for (at, value) in nodes {
        if !selection.select_below(&Location::start(at), value) {
            break;
        }
    }
    selection.selected
}

/// The nodes that one segment selects.
struct Selection<'s, 'v> {
    segment: &'s Segment,
    growth: &'s Growth,
    selected: Nodes<'v>,
    /// The nodes whose descendants were visited. The next ones that the previous segment selected can be among them.
    visited: HashSet<*const Value>,
    can_visit_again: bool,
}

impl<'v> Selection<'_, 'v> {
    /// Selects children of a node, and of all its descendants if the segment is recursive. Returns whether `growth` allows
    /// more visits.
    fn select_below(&mut self, at: &Location<'_>, value: &'v Value) -> bool {
        let segment = self.segment;
        let count = child_count(value);
        if count == 0 || (self.can_visit_again && !self.visited.insert(value)) {
            return true;
        }
        if !self
            .growth
            .visit(at.pointer_bytes, segment_cost(segment, count))
        {
            return false;
        }
        if let Some(selector) = single_child_selector(segment) {
            let child = select_child(value, selector);
            let selected = child.map(|(token, child)| (token.below(at.start), child));
            self.selected.extend(selected);
            return true;
        }
        let mut pointer = None;
        all_children(value, |token, child| {
            let is_selected = |selector| is_selected(selector, token, child, count);
            if segment.selectors.iter().any(is_selected) {
                let pointer = pointer.get_or_insert_with(|| at.pointer());
                self.selected.push((token.below(pointer), child));
            }
            !segment.is_recursive
                || child_count(child) == 0
                || self.select_below(&at.child(token), child)
        })
    }
}

/// The location of a visited node. Its pointer is made if the node is selected, which few are.
struct Location<'l> {
    /// The node that the previous segment selected.
    start: &'l Pointer,
    /// The parent and the token of this node below it; `None` at the start.
    step: Option<(&'l Location<'l>, Token<'l>)>,
    /// The size of the pointer, with two bytes for each index.
    pointer_bytes: usize,
}

/// A token of a pointer.
#[derive(Clone, Copy)]
enum Token<'l> {
    Name(&'l str),
    Index(usize),
}

impl Token<'_> {
    /// Returns the pointer with this token below `parent`.
    fn below(self, parent: &Pointer) -> Pointer {
        match self {
            Self::Name(name) => parent.join(name),
            Self::Index(index) => parent.join(&index.to_string()),
        }
    }
}

impl<'l> Location<'l> {
    fn start(at: &'l Pointer) -> Self {
        Self {
            start: at,
            step: None,
            pointer_bytes: at.0.len(),
        }
    }

    fn child<'c>(&'c self, token: Token<'c>) -> Location<'c> {
        let token_bytes = match token {
            Token::Name(name) => name.len(),
            Token::Index(_) => 1,
        };
        Location {
            start: self.start,
            step: Some((self, token)),
            pointer_bytes: self.pointer_bytes + 1 + token_bytes,
        }
    }

    fn pointer(&self) -> Pointer {
        match self.step {
            Some((parent, token)) => token.below(&parent.pointer()),
            None => self.start.clone(),
        }
    }
}

fn child_count(value: &Value) -> usize {
    match value {
        Value::Object(map) => map.len(),
        Value::Array(items) => items.len(),
        _ => 0,
    }
}

/// Calls `visit` with each child, until it returns `false`. Returns whether it never did.
fn all_children<'v>(value: &'v Value, mut visit: impl FnMut(Token<'v>, &'v Value) -> bool) -> bool {
    match value {
        Value::Object(map) => {
            let mut members = map.iter();
            members.all(|(key, child)| visit(Token::Name(key), child))
        }
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.all(|(index, child)| visit(Token::Index(index), child))
        }
        _ => true,
    }
}

/// Returns the selector of a segment that selects at most one child of each node.
fn single_child_selector(segment: &Segment) -> Option<&Selector> {
    match segment.selectors.as_slice() {
        [selector @ (Selector::Name(_) | Selector::Index(_))] if !segment.is_recursive => {
            Some(selector)
        }
        _ => None,
    }
}

/// Returns the number of visits that a segment makes to a node with children.
fn segment_cost(segment: &Segment, child_count: usize) -> usize {
    if single_child_selector(segment).is_some() {
        return 1;
    }
    let selectors = segment.selectors.iter().map(|selector| match selector {
        Selector::Name(_) | Selector::Index(_) | Selector::Wildcard => 1,
        Selector::Filter(condition) => condition_size(condition),
    });
    1 + child_count * selectors.sum::<usize>()
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

/// Returns whether a selector selects this child of a node with `count` children.
fn is_selected(selector: &Selector, token: Token<'_>, child: &Value, count: usize) -> bool {
    match (selector, token) {
        (Selector::Wildcard, _) => true,
        (Selector::Filter(condition), _) => is_satisfied(condition, child),
        (Selector::Name(name), Token::Name(key)) => name == key,
        (Selector::Index(index), Token::Index(at)) => position(*index, count) == Some(at),
        _ => false,
    }
}

/// Returns the position of an index, which is counted from the end if it is negative.
fn position(index: i64, count: usize) -> Option<usize> {
    let count = i64::try_from(count).ok()?;
    usize::try_from(if index < 0 { count + index } else { index }).ok()
}

/// Returns the child that a name or an index selects, with its pointer token.
fn select_child<'v, 's>(
    value: &'v Value,
    selector: &'s Selector,
) -> Option<(Token<'s>, &'v Value)> {
    match (selector, value) {
        (Selector::Name(name), Value::Object(map)) => Some((Token::Name(name), map.get(name)?)),
        (Selector::Index(index), Value::Array(items)) => {
            let index = position(*index, items.len())?;
            Some((Token::Index(index), items.get(index)?))
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
