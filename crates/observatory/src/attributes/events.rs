//! Events of spans. Some conventions put messages, errors and scores into them.

use super::{AttributeValue, Draft};
use crate::model::{Event, Message, Role, Score, UnixNanos};
use crate::providers::read_messages;
use serde_json::{Map, Value};

impl Draft {
    /// Adds an event, and returns the score if it is one.
    pub(crate) fn event(
        &mut self,
        name: &str,
        time: UnixNanos,
        attributes: Map<String, Value>,
    ) -> Option<Score> {
        match name {
            "gen_ai.system.message" => self.add_messages(attributes, Role::System),
            "gen_ai.user.message" => self.add_messages(attributes, Role::User),
            "gen_ai.assistant.message" => self.add_messages(attributes, Role::Assistant),
            "gen_ai.tool.message" => self.add_messages(attributes, Role::Tool),
            "gen_ai.choice" => {
                let message = read_event_message(attributes, &Role::Assistant);
                self.span.output_messages.extend(message);
            }
            "gen_ai.content.prompt"
            | "gen_ai.content.completion"
            | "gen_ai.client.inference.operation.details" => {
                for (name, value) in attributes {
                    self.set(&name, AttributeValue::from(value));
                }
            }
            "gen_ai.evaluation.result" => {
                for (name, value) in attributes {
                    // The event describes another call by its response.
                    if name != "gen_ai.response.id" {
                        self.set(&name, AttributeValue::from(value));
                    }
                }
                return self.take_score(Some(self.span.id), time);
            }
            "exception" => {
                let text = |name: &str| attributes.get(name)?.as_str().map(str::to_owned);
                let kind = text("exception.type");
                self.rest.status.fail(kind, text("exception.message"));
                self.add_event(name, time, attributes);
            }
            _ => self.add_event(name, time, attributes),
        }
        None
    }

    /// Marks the span as failed, unless it has a status of its own.
    #[cfg(feature = "tracing")]
    pub(crate) fn fail(&mut self, message: String) {
        self.rest.status.fail(None, Some(message));
    }

    fn add_event(&mut self, name: &str, time: UnixNanos, attributes: Map<String, Value>) {
        self.span.events.push(Event {
            time,
            name: name.to_owned(),
            attributes,
        });
    }

    fn add_messages(&mut self, attributes: Map<String, Value>, role: Role) {
        let message = read_event_message(attributes, &role);
        self.span.input_messages.extend(message);
    }
}

/// Reads a message whose fields are the attributes of an event. Lists and objects can be text with JSON.
fn read_event_message(attributes: Map<String, Value>, role: &Role) -> Vec<Message> {
    let mut fields = Map::new();
    for (name, value) in attributes {
        let value = AttributeValue::from(value).into_json();
        match name.as_str() {
            "id" if *role == Role::Tool => fields.insert("tool_call_id".to_owned(), value),
            "gen_ai.prompt" | "gen_ai.completion" => fields.insert("content".to_owned(), value),
            "gen_ai.system" | "gen_ai.provider.name" | "index" => None,
            _ => fields.insert(name, value),
        };
    }
    // A choice has its message in an object, next to the reason why it ended.
    if let (Some(reason), Some(Value::Object(message))) = (
        fields.get("finish_reason").cloned(),
        fields.get_mut("message"),
    ) {
        message.insert("finish_reason".to_owned(), reason);
    }
    read_messages(&Value::Object(fields), role)
}
