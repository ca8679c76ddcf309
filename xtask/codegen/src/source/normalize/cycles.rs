//! Reports schemas that consist of themselves, and makes them schemas for any value.

use std::collections::BTreeMap;

use serde_json::Value;

use super::canonical::{Object, canonical_node, source_pointer};
use super::normalizer::Normalizer;
use crate::diag::Code;
use crate::ir::{Pointer, SCHEMAS};

/// The state of a schema in the depth-first search.
#[derive(Clone, Copy, PartialEq)]
enum VisitState {
    /// It is on the current path.
    InProgress,
    /// All paths from it have been searched.
    Done,
}

impl Normalizer<'_> {
    /// Reports every cycle of component schemas that is not interrupted by a property or an item. A component in each
    /// of them then allows any value.
    pub(super) fn break_cycles(&self, schemas: &mut Object) {
        for name in self.find_cycles(schemas) {
            if let Some(schema) = schemas.get_mut(&name) {
                let at = source_pointer(schema)
                    .map_or_else(|| component_pointer(&name), |at| Pointer(at.to_owned()));
                *schema = Value::Object(canonical_node(&at));
            }
        }
    }

    /// Reports the cycles, and returns a component of each.
    fn find_cycles(&self, schemas: &Object) -> Vec<String> {
        let mut found = Vec::new();
        let mut states: BTreeMap<&str, VisitState> = BTreeMap::new();
        for start in schemas.keys() {
            // An explicit stack: a path may be too long for recursion.
            let mut path: Vec<(&str, Vec<&str>)> = Vec::new();
            if !states.contains_key(start.as_str()) {
                states.insert(start, VisitState::InProgress);
                path.push((start, composed_components(schemas.get(start))));
            }
            while let Some((name, unvisited)) = path.last_mut() {
                let name = *name;
                let Some(next) = unvisited.pop() else {
                    states.insert(name, VisitState::Done);
                    path.pop();
                    continue;
                };
                match states.get(next) {
                    Some(VisitState::Done) => {}
                    Some(VisitState::InProgress) => {
                        self.report_cycle(schemas, &path, next);
                        found.push(next.to_owned());
                    }
                    None => {
                        states.insert(next, VisitState::InProgress);
                        path.push((next, composed_components(schemas.get(next))));
                    }
                }
            }
        }
        found
    }

    fn report_cycle(&self, schemas: &Object, path: &[(&str, Vec<&str>)], back: &str) {
        let mut names: Vec<&str> = path
            .iter()
            .map(|(name, _)| *name)
            .skip_while(|name| *name != back)
            .collect();
        names.push(back);
        let at = schemas
            .get(back)
            .and_then(source_pointer)
            .map(|at| Pointer(at.to_owned()));
        let at = at.unwrap_or_else(|| component_pointer(back));
        let message = format!("the schema consists of itself: {}", names.join(" → "));
        self.report(
            Code::CyclicRef,
            &at,
            message,
            "move the reference into a property, or remove it",
        );
    }
}

fn component_pointer(key: &str) -> Pointer {
    Pointer::root().join("components").join("schemas").join(key)
}

/// Returns the key of the component that `schema` refers to.
fn referenced_component(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(SCHEMAS)
}

/// Returns the components that a schema refers to, directly or in `allOf`, `anyOf` and `oneOf`.
fn composed_components(schema: Option<&Value>) -> Vec<&str> {
    let mut found = Vec::new();
    let mut stack: Vec<&Value> = schema.into_iter().collect();
    while let Some(schema) = stack.pop() {
        found.extend(referenced_component(schema));
        for key in ["allOf", "anyOf", "oneOf"] {
            stack.extend(
                schema
                    .get(key)
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten(),
            );
        }
    }
    found
}
