//! Reports schemas that consist of themselves. No value can be an instance of such a schema.

use std::collections::BTreeMap;

use serde_json::Value;

use super::canonical::{Object, source_pointer};
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
    /// Reports every cycle of component schemas that is not interrupted by a property or an item.
    pub(super) fn check_cycles(&self, schemas: &Object) {
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
                    Some(VisitState::InProgress) => self.report_cycle(schemas, &path, next),
                    None => {
                        states.insert(next, VisitState::InProgress);
                        path.push((next, composed_components(schemas.get(next))));
                    }
                }
            }
        }
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
        let at = at.unwrap_or_else(|| {
            Pointer::root()
                .join("components")
                .join("schemas")
                .join(back)
        });
        let message = format!("the schema consists of itself: {}", names.join(" → "));
        self.report(
            Code::CyclicRef,
            &at,
            message,
            "move the reference into a property, or remove it",
        );
    }
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
