//! Requests to a model.

use super::message::{read_messages, read_system};
use super::part::string;
use crate::model::{Message, Role};
use serde_json::{Map, Value};

/// What a request to a model has for a span.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct ProviderRequest {
    /// The model that is asked for.
    pub model: Option<String>,
    /// Instructions apart from the messages.
    pub system: Vec<Message>,
    /// The conversation.
    pub messages: Vec<Message>,
    /// The tools that the model can call.
    pub tools: Vec<Value>,
    /// All other properties, by the names of the GenAI conventions where they have one.
    pub parameters: Map<String, Value>,
}

/// Names of parameters in the GenAI conventions, where they differ from the API's.
const PARAMETERS: &[(&str, &str)] = &[
    ("max_completion_tokens", "max_tokens"),
    ("max_output_tokens", "max_tokens"),
    ("n", "choice.count"),
    ("stop", "stop_sequences"),
];

impl ProviderRequest {
    /// Reads the body of a request.
    pub fn read(body: &Value) -> Self {
        let mut request = Self {
            model: string(body, &["model"]).map(str::to_owned),
            ..Self::default()
        };
        for (name, value) in body.as_object().into_iter().flatten() {
            match name.as_str() {
                "model" => {}
                "messages" | "input" | "prompt" => {
                    request.messages.extend(read_messages(value, &Role::User));
                }
                "system" | "instructions" => request.system.extend(read_system(value)),
                "tools" | "functions" => {
                    request
                        .tools
                        .extend(value.as_array().into_iter().flatten().cloned());
                }
                name => {
                    let known = PARAMETERS.iter().find(|(theirs, _)| *theirs == name);
                    let name = known.map_or(name, |(_, ours)| ours);
                    request.parameters.insert(name.to_owned(), value.clone());
                }
            }
        }
        request
    }
}
