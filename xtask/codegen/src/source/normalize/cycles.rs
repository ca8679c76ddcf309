//! Schemas that lead back to themselves with nothing between: no value can have such a type.

use std::collections::BTreeMap;

use serde_json::Value;

use super::document::place_of;
use super::{Cx, Object};
use crate::diag::Code;
use crate::ir::{Pointer, SCHEMAS};

/// What is known of a schema.
#[derive(Clone, Copy, PartialEq)]
enum State {
    /// It is on the way that is being followed.
    Open,
    /// All ways from it have been followed.
    Done,
}

impl Cx<'_> {
    /// Reports every component that consists of itself.
    pub(super) fn check_cycles(&self, schemas: &Object) {
        let mut states: BTreeMap<&str, State> = BTreeMap::new();
        for start in schemas.keys() {
            // A stack of our own: the way may be as long as the document.
            let mut way: Vec<(&str, Vec<&str>)> = Vec::new();
            if !states.contains_key(start.as_str()) {
                states.insert(start, State::Open);
                way.push((start, parts(schemas.get(start))));
            }
            while let Some((name, left)) = way.last_mut() {
                let name = *name;
                let Some(next) = left.pop() else {
                    states.insert(name, State::Done);
                    way.pop();
                    continue;
                };
                match states.get(next) {
                    Some(State::Done) => {}
                    Some(State::Open) => self.report_cycle(schemas, &way, next),
                    None => {
                        states.insert(next, State::Open);
                        way.push((next, parts(schemas.get(next))));
                    }
                }
            }
        }
    }

    fn report_cycle(&self, schemas: &Object, way: &[(&str, Vec<&str>)], back: &str) {
        let mut names: Vec<&str> = way
            .iter()
            .map(|(name, _)| *name)
            .skip_while(|name| *name != back)
            .collect();
        names.push(back);
        let at = schemas
            .get(back)
            .and_then(place_of)
            .map(|at| Pointer(at.to_owned()));
        let at = at.unwrap_or_else(|| {
            Pointer::root()
                .join("components")
                .join("schemas")
                .join(back)
        });
        let message = format!("the schema consists of itself: {}", names.join(" → "));
        self.fault(
            Code::CyclicRef,
            &at,
            message,
            "put what refers back into a property, or remove it",
        );
    }
}

/// The component that `schema` is a reference to.
fn component(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()?.strip_prefix(SCHEMAS)
}

/// The components that a schema is, or is composed of, without a property or an item between.
fn parts(schema: Option<&Value>) -> Vec<&str> {
    let mut found = Vec::new();
    let mut open: Vec<&Value> = schema.into_iter().collect();
    while let Some(schema) = open.pop() {
        found.extend(component(schema));
        for key in ["allOf", "anyOf", "oneOf"] {
            open.extend(
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
