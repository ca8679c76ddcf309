//! `type`, in every spelling, and what it must have been where it is missing.

use serde_json::Value;

use super::Draft;
use crate::diag::Code;
use crate::source::normalize::Cx;
use crate::source::normalize::read::{Node, kind_of};

/// A JSON type other than null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    String,
    Number,
    Integer,
    Boolean,
    Object,
    Array,
}

impl Kind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::Array => "array",
        }
    }

    /// The kind that canonical documents call `name`.
    pub(super) fn named(name: &str) -> Option<Self> {
        let all = [
            Self::String,
            Self::Number,
            Self::Integer,
            Self::Boolean,
            Self::Object,
            Self::Array,
        ];
        all.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The kind of a value.
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => None,
            Value::Bool(_) => Some(Self::Boolean),
            Value::Number(number) if number.is_f64() => Some(Self::Number),
            Value::Number(_) => Some(Self::Integer),
            Value::String(_) => Some(Self::String),
            Value::Array(_) => Some(Self::Array),
            Value::Object(_) => Some(Self::Object),
        }
    }

    /// Whether `value` is of this kind.
    pub(super) fn admits(self, value: &Value) -> bool {
        match (self, Self::of(value)) {
            (Self::Number, Some(Self::Integer)) => true,
            (Self::Integer, Some(Self::Number)) => {
                value.as_f64().is_some_and(|number| number.fract() == 0.0)
            }
            (_, kind) => kind == Some(self),
        }
    }

    pub(super) fn is_numeric(self) -> bool {
        matches!(self, Self::Number | Self::Integer)
    }
}

/// What one word after `type` means.
enum Word {
    Null,
    Any,
    Kind(Kind, Option<&'static str>),
}

/// Reads a word, case aside. Words of other languages that people write instead are taken where they can mean but
/// one thing.
fn word(text: &str) -> Option<Word> {
    Some(match text.to_ascii_lowercase().as_str() {
        "null" => Word::Null,
        "any" => Word::Any,
        "string" => Word::Kind(Kind::String, None),
        "file" => Word::Kind(Kind::String, Some("binary")),
        "uuid" => Word::Kind(Kind::String, Some("uuid")),
        "date" => Word::Kind(Kind::String, Some("date")),
        "datetime" | "date-time" => Word::Kind(Kind::String, Some("date-time")),
        "number" => Word::Kind(Kind::Number, None),
        "float" => Word::Kind(Kind::Number, Some("float")),
        "double" => Word::Kind(Kind::Number, Some("double")),
        "integer" | "int" => Word::Kind(Kind::Integer, None),
        "int32" => Word::Kind(Kind::Integer, Some("int32")),
        "int64" | "long" => Word::Kind(Kind::Integer, Some("int64")),
        "boolean" | "bool" => Word::Kind(Kind::Boolean, None),
        "object" => Word::Kind(Kind::Object, None),
        "array" => Word::Kind(Kind::Array, None),
        _ => return None,
    })
}

impl<'d> Cx<'d> {
    /// Reads `type` and the keywords that allow null.
    pub(super) fn read_kinds(&mut self, node: &Node<'d>, draft: &mut Draft) {
        for key in ["nullable", "x-nullable"] {
            draft.nullable |= self.flag(node, key).unwrap_or(false);
        }
        let Some(said) = node.raw("type") else { return };
        let words: Vec<Node<'d>> = if said.value.is_array() {
            said.items().collect()
        } else {
            vec![said]
        };
        let mut null = false;
        let mut any = false;
        for said in words {
            match self.read_word(&said) {
                None => {}
                Some(Word::Null) => null = true,
                Some(Word::Any) => any = true,
                Some(Word::Kind(kind, format)) => {
                    draft.format = draft.format.take().or(format.map(Into::into));
                    if !draft.kinds.contains(&kind) {
                        draft.kinds.push(kind);
                    }
                }
            }
        }
        if draft.kinds.contains(&Kind::Number) {
            draft.kinds.retain(|kind| *kind != Kind::Integer);
        }
        draft.anything = draft.kinds.len() == 5;
        if any {
            draft.kinds.clear();
        }
        draft.null_alone = null && !any && draft.kinds.is_empty();
        draft.nullable |= null;
    }

    /// A schema that is the name of a type (`items: string`).
    pub(super) fn named_kind(&mut self, name: &Node<'d>) -> Value {
        let mut draft = Draft::new(&name.at);
        match self.read_word(name) {
            Some(Word::Kind(kind, format)) => {
                draft.kinds.push(kind);
                draft.format = format.map(Into::into);
            }
            Some(Word::Null) => draft.null_alone = true,
            Some(Word::Any) | None => {}
        }
        draft.finish()
    }

    fn read_word(&self, said: &Node<'d>) -> Option<Word> {
        let found = match said.value {
            Value::Null => return Some(Word::Null),
            Value::String(text) => match word(text) {
                Some(word) => return Some(word),
                None => format!("`{text}`"),
            },
            other => kind_of(other).to_owned(),
        };
        let help = "the types are string, number, integer, boolean, object, array and null";
        self.fault(
            Code::WrongType,
            &said.at,
            format!("there is no type {found}"),
            help,
        );
        None
    }
}

impl Draft {
    /// Tells the type from the other keywords where the document leaves it out.
    pub(super) fn infer_kind(&mut self) {
        if !self.kinds.is_empty() {
            return;
        }
        if let Some(values) = &self.values {
            for kind in values.iter().filter_map(Kind::of) {
                if !self.kinds.contains(&kind) {
                    self.kinds.push(kind);
                }
            }
            if self.kinds.contains(&Kind::Number) {
                self.kinds.retain(|kind| *kind != Kind::Integer);
            }
        } else if !self.object.is_empty() {
            self.kinds.push(Kind::Object);
        } else if !self.array.is_empty() {
            self.kinds.push(Kind::Array);
        } else if !self.is_composed() {
            // Beside other schemas, these only narrow what the others say.
            self.kinds.extend(self.scalar_kind());
        }
    }

    fn scalar_kind(&self) -> Option<Kind> {
        let by_format = self.format.as_deref().and_then(format_kind);
        if by_format.is_some() {
            by_format
        } else if !self.string.is_empty() {
            Some(Kind::String)
        } else if !self.number.is_empty() {
            Some(Kind::Number)
        } else {
            None
        }
    }
}

/// The type that a format belongs to, where it belongs to one alone.
pub(super) fn format_kind(format: &str) -> Option<Kind> {
    match format {
        "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64" => {
            Some(Kind::Integer)
        }
        "float" | "double" => Some(Kind::Number),
        "date-time"
        | "date"
        | "time"
        | "duration"
        | "email"
        | "idn-email"
        | "hostname"
        | "idn-hostname"
        | "ipv4"
        | "ipv6"
        | "uri"
        | "uri-reference"
        | "uri-template"
        | "iri"
        | "iri-reference"
        | "url"
        | "byte"
        | "binary"
        | "base64"
        | "password"
        | "json-pointer"
        | "relative-json-pointer"
        | "regex"
        | "char" => Some(Kind::String),
        uuid if uuid.starts_with("uuid") => Some(Kind::String),
        _ => None,
    }
}
