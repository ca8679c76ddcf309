//! Requests made bad in one place, in ways of which the document leaves no doubt.

use serde_json::{Map, Value, json};

use super::operation::{Slot, Subject, Way};
use super::sent_request::{Sent, variables};
use crate::shared::lookup::Places;
use observatory_codegen::ir::{BodyKind, ParamLocation};

/// So many places of a body are spoilt.
const PLACES: usize = 6;

/// What no number, no boolean and no known word is.
const WRONG: &str = "wrong";

/// A bad request, and what is bad about it.
pub(super) struct Spoilt {
    pub(super) what: String,
    pub(super) sent: Sent,
}

/// All the ways to spoil a request; `credentials` are the headers that prove who is asking.
pub(super) fn spoilt(
    document: &Value,
    subject: &Subject,
    sent: &Sent,
    credentials: &[String],
) -> Vec<Spoilt> {
    let mut spoiler = Spoiler {
        places: Places(document),
        sent,
        all: Vec::new(),
    };
    if subject.proves {
        let mut bad = sent.clone();
        bad.headers.retain(|(name, _)| !credentials.contains(name));
        if bad.headers.len() < sent.headers.len() {
            spoiler.add("no credential".to_owned(), bad);
        }
    }
    for slot in &subject.slots {
        match &slot.way {
            Way::Param {
                name,
                location: ParamLocation::Query,
                ..
            } => spoiler.query(slot, name),
            Way::Param {
                name,
                location: ParamLocation::Path,
                ..
            } => spoiler.path(subject, slot, name),
            Way::Body(BodyKind::Json) => spoiler.body(slot),
            _ => {}
        }
    }
    if spoiler.all.is_empty() {
        let mut bad = sent.clone();
        bad.path.push_str("/there/is/no/such/path");
        spoiler.add("another path".to_owned(), bad);
    }
    spoiler.all
}

struct Spoiler<'d> {
    places: Places<'d>,
    sent: &'d Sent,
    all: Vec<Spoilt>,
}

impl<'d> Spoiler<'d> {
    fn add(&mut self, what: String, sent: Sent) {
        self.all.push(Spoilt { what, sent });
    }

    fn schema(&self, pointer: &str) -> Option<&'d Map<String, Value>> {
        self.places.follow(pointer)?.1.as_object()
    }

    /// Whether a text is none of a scalar's values, whatever it says: not for strings that may be any.
    fn takes_no_words(&self, slot: &Slot) -> bool {
        let schema = slot.schema.as_deref().and_then(|at| self.schema(at));
        schema.is_some_and(|schema| {
            let kind = schema.get("type").and_then(Value::as_str);
            matches!(kind, Some("integer" | "number" | "boolean"))
                || kind == Some("string") && schema.contains_key("enum")
        })
    }

    fn query(&mut self, slot: &Slot, name: &str) {
        let is_it = |piece: &&str| {
            let key = piece.split_once('=').map_or(*piece, |(key, _)| key);
            super::sent_request::decoded(key) == name
        };
        let rest: Vec<&str> = self
            .sent
            .query
            .split('&')
            .filter(|piece| !is_it(piece))
            .collect();
        if rest.len() == self.sent.query.split('&').count() {
            return;
        }
        if slot.required {
            let query = rest.join("&");
            self.add(
                format!("no {}", slot.shown),
                Sent {
                    query,
                    ..self.sent.clone()
                },
            );
        }
        if self.takes_no_words(slot) {
            let pair = format!("{name}={WRONG}");
            let query = rest
                .iter()
                .copied()
                .chain([pair.as_str()])
                .collect::<Vec<_>>()
                .join("&");
            self.add(
                format!("words as {}", slot.shown),
                Sent {
                    query,
                    ..self.sent.clone()
                },
            );
        }
    }

    fn path(&mut self, subject: &Subject, slot: &Slot, name: &str) {
        if !self.takes_no_words(slot) {
            return;
        }
        let variable = format!("{{{name}}}");
        let mut suffixes = self.sent.path.match_indices('/');
        let found = suffixes.find_map(|(at, _)| {
            let path = self.sent.path.get(at..)?;
            variables(&subject.path, path).map(|_| (at, path))
        });
        let Some((at, path)) = found else {
            return;
        };
        let segments = subject.path.split('/').zip(path.split('/'));
        let bad: Vec<&str> = segments
            .map(|(wanted, given)| if wanted == variable { WRONG } else { given })
            .collect();
        let path = format!(
            "{}{}",
            self.sent.path.get(..at).unwrap_or_default(),
            bad.join("/")
        );
        self.add(
            format!("words as {}", slot.shown),
            Sent {
                path,
                ..self.sent.clone()
            },
        );
    }

    fn body(&mut self, slot: &Slot) {
        let schema = slot.schema.as_deref().and_then(|at| self.schema(at));
        let body = serde_json::from_slice::<Value>(&self.sent.body);
        let (Some(schema), Ok(body)) = (schema, body) else {
            return;
        };
        if let Some(wrong) = wrong(schema) {
            self.body_of("a body of another kind".to_owned(), &wrong);
        }
        let Value::Object(fields) = body else {
            return;
        };
        let required = schema.get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().filter_map(Value::as_str);
        for name in required
            .filter(|name| fields.contains_key(*name))
            .take(PLACES)
        {
            let mut fields = fields.clone();
            fields.shift_remove(name);
            self.body_of(format!("no `{name}` in the body"), &Value::Object(fields));
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        let at = slot.schema.clone().unwrap_or_default();
        let properties = properties.into_iter().flatten().filter_map(|(name, _)| {
            let at = observatory_codegen::ir::Pointer(at.clone())
                .join("properties")
                .join(name)
                .0;
            let wrong = wrong(self.schema(&at)?)?;
            fields.contains_key(name).then_some((name, wrong))
        });
        let properties: Vec<(&String, Value)> = properties.take(PLACES).collect();
        for (name, wrong) in properties {
            let mut fields = fields.clone();
            fields.insert(name.clone(), wrong);
            self.body_of(
                format!("`{name}` of another kind in the body"),
                &Value::Object(fields),
            );
        }
    }

    fn body_of(&mut self, what: String, body: &Value) {
        let body = body.to_string().into_bytes();
        self.add(
            what,
            Sent {
                body,
                ..self.sent.clone()
            },
        );
    }
}

/// A value of another kind than the one that a schema allows; `None` where it allows several, or says nothing.
fn wrong(schema: &Map<String, Value>) -> Option<Value> {
    if schema.get("nullable") == Some(&Value::Bool(true)) {
        return None;
    }
    match schema.get("type")?.as_str()? {
        "string" => Some(json!({ WRONG: WRONG })),
        "integer" | "number" | "boolean" => Some(json!({ WRONG: [] })),
        "array" => Some(json!({ WRONG: true })),
        "object" => Some(json!(WRONG)),
        _ => None,
    }
}
