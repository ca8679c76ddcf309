//! Input and output of spans: messages of a conversation, or any JSON value.

use crate::json;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Role {
    /// Instructions that the application gives the model.
    System,
    /// The person or program that asks.
    User,
    /// The model.
    Assistant,
    /// A tool that the model called.
    Tool,
    /// A role that only the model's API has, such as `developer`.
    #[serde(untagged)]
    Other(String),
}

impl Role {
    /// Returns the role as the GenAI conventions spell it.
    pub fn as_str(&self) -> &str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
            Self::Other(role) => role,
        }
    }
}

impl From<&str> for Role {
    fn from(role: &str) -> Self {
        match role {
            "system" => Self::System,
            "user" => Self::User,
            "assistant" => Self::Assistant,
            "tool" => Self::Tool,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// One part of a message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", try_from = "AnyPart", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Part {
    /// Plain text.
    Text {
        /// The text.
        content: String,
    },
    /// The model's reasoning, where its API shows it.
    Reasoning {
        /// The text.
        content: String,
    },
    /// A call of a tool, requested by the model.
    ToolCall {
        /// The id that the result refers to.
        id: Option<String>,
        /// The name of the tool.
        name: String,
        /// The arguments, usually an object.
        arguments: Value,
    },
    /// The result of a tool call.
    ToolResult {
        /// The id of the call.
        id: Option<String>,
        /// What the tool returned.
        result: Value,
    },
    /// An image.
    Image(Media),
    /// A file of another type.
    File(Media),
}

/// The properties of all parts. serde's own reader of a tagged enum buffers them, and the buffer loses fractions where
/// another crate enables the feature `arbitrary_precision` of serde_json.
#[derive(Deserialize)]
struct AnyPart {
    #[serde(rename = "type")]
    part_type: String,
    id: Option<String>,
    name: Option<String>,
    media_type: Option<String>,
    #[serde(deserialize_with = "json::read_value", default)]
    content: Value,
    #[serde(deserialize_with = "json::read_value", default)]
    arguments: Value,
    #[serde(deserialize_with = "json::read_value", default)]
    result: Value,
}

impl TryFrom<AnyPart> for Part {
    type Error = String;

    fn try_from(part: AnyPart) -> Result<Self, String> {
        let read_text = |content: Value| match content {
            Value::String(text) => Ok(text),
            _ => Err("the content of a part is not a text"),
        };
        Ok(match part.part_type.as_str() {
            "text" => Self::Text {
                content: read_text(part.content)?,
            },
            "reasoning" => Self::Reasoning {
                content: read_text(part.content)?,
            },
            "tool_call" => Self::ToolCall {
                id: part.id,
                name: part.name.ok_or("a tool call has no name")?,
                arguments: part.arguments,
            },
            "tool_result" => Self::ToolResult {
                id: part.id,
                result: part.result,
            },
            "image" | "file" => {
                let content = Content::deserialize(part.content);
                let media = Media {
                    content: content.map_err(|error| error.to_string())?,
                    media_type: part.media_type,
                    name: part.name,
                };
                match part.part_type.as_str() {
                    "image" => Self::Image(media),
                    _ => Self::File(media),
                }
            }
            other => return Err(format!("unknown type of a part: {other}")),
        })
    }
}

/// Binary content of a message: a reference, or the content itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Content {
    /// Where the content can be fetched.
    Uri(String),
    /// The content in base64 (RFC 4648, section 4).
    Base64(String),
}

/// An image or a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// The content or its place.
    pub content: Content,
    /// The media type, such as `image/png`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// The file name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// A message of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Who wrote it.
    pub role: Role,
    /// Its parts, in order.
    pub parts: Vec<Part>,
    /// Why the model stopped, such as `stop`, `length` or `tool_call`. Only on output of a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish_reason: Option<String>,
}

impl Message {
    /// Returns a message with one part of text.
    pub fn new(role: impl Into<Role>, text: impl Into<String>) -> Self {
        Self::with_parts(
            role,
            [Part::Text {
                content: text.into(),
            }],
        )
    }

    /// Returns a message with these parts.
    pub fn with_parts(role: impl Into<Role>, parts: impl IntoIterator<Item = Part>) -> Self {
        Self {
            role: role.into(),
            parts: parts.into_iter().collect(),
            finish_reason: None,
        }
    }

    /// Returns a system message.
    pub fn system(text: impl Into<String>) -> Self {
        Self::new(Role::System, text)
    }

    /// Returns a message of the user.
    pub fn user(text: impl Into<String>) -> Self {
        Self::new(Role::User, text)
    }

    /// Returns a message of the model.
    pub fn assistant(text: impl Into<String>) -> Self {
        Self::new(Role::Assistant, text)
    }

    /// Returns the text of all text parts, joined by line breaks.
    pub fn text(&self) -> String {
        let texts: Vec<&str> = self
            .parts
            .iter()
            .filter_map(|part| match part {
                Part::Text { content } => Some(content.as_str()),
                _ => None,
            })
            .collect();
        texts.join("\n")
    }
}
