//! Parts of a message whose text arrives in pieces.

use super::part::{parse_arguments, read_part};
use crate::model::Part;
use serde_json::{Map, Value};

/// The pieces of one part.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// The part as the stream announced it, without its text.
    announced: Option<Value>,
    /// Text that has arrived.
    text: String,
    kind: BlockKind,
    id: Option<String>,
    name: String,
}

/// What the pieces of a block are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// Text.
    #[default]
    Text,
    /// Reasoning.
    Reasoning,
    /// Arguments of a tool call.
    ToolCall,
}

impl Block {
    /// Returns a block that the stream announced with a part.
    pub(super) fn announced(part: &Value) -> Self {
        Self {
            announced: Some(part.clone()),
            ..Self::default()
        }
    }

    /// Adds a piece.
    pub(super) fn push(&mut self, kind: BlockKind, piece: &str) {
        self.kind = kind;
        self.text.push_str(piece);
    }

    /// Sets id and name of the tool call. Streams send them with its first piece.
    pub(super) fn set_call(&mut self, id: Option<&str>, name: Option<&str>) {
        self.kind = BlockKind::ToolCall;
        if let Some(id) = id {
            self.id = Some(id.to_owned());
        }
        self.name.push_str(name.unwrap_or_default());
    }

    /// Returns the part; `None` where nothing arrived.
    pub(super) fn into_part(self) -> Option<Part> {
        let announced = self.announced.as_ref().map(read_part);
        match (announced, self.kind) {
            (
                Some(Part::ToolCall {
                    id,
                    name,
                    arguments,
                }),
                _,
            ) => Some(Part::ToolCall {
                id,
                name,
                arguments: if self.text.is_empty() {
                    arguments
                } else {
                    parse_arguments(&Value::String(self.text))
                },
            }),
            (None, BlockKind::ToolCall) => Some(Part::ToolCall {
                id: self.id,
                name: self.name,
                arguments: match self.text.as_str() {
                    "" => Value::Object(Map::new()),
                    _ => parse_arguments(&Value::String(self.text)),
                },
            }),
            (Some(part), _) if self.text.is_empty() => Some(part).filter(|part| !is_empty(part)),
            (_, _) if self.text.is_empty() => None,
            (_, BlockKind::Reasoning) => Some(Part::Reasoning { content: self.text }),
            (_, _) => Some(Part::Text { content: self.text }),
        }
    }
}

fn is_empty(part: &Part) -> bool {
    matches!(part, Part::Text { content } | Part::Reasoning { content } if content.is_empty())
}
