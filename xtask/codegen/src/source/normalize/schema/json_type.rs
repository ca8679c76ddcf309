//! The JSON types other than null.

use serde_json::Value;

/// A JSON type other than null, which is always a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonType {
    String,
    Number,
    Integer,
    Boolean,
    Object,
    Array,
}

impl JsonType {
    /// Returns the name in the keyword `type`.
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

    /// Returns the type with this name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        let all = [
            Self::String,
            Self::Number,
            Self::Integer,
            Self::Boolean,
            Self::Object,
            Self::Array,
        ];
        all.into_iter().find(|ty| ty.as_str() == name)
    }

    /// Returns the type of a value; `None` for null.
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

    /// Returns the type that a canonical schema has in `type`.
    pub(super) fn of_schema(schema: &serde_json::Map<String, Value>) -> Option<Self> {
        Self::from_name(schema.get("type")?.as_str()?)
    }

    /// Returns the type that `format` belongs to, if it belongs to exactly one.
    pub(super) fn of_format(format: &str) -> Option<Self> {
        match format {
            "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64" => {
                Some(Self::Integer)
            }
            "float" | "double" => Some(Self::Number),
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
            | "char" => Some(Self::String),
            uuid if uuid.starts_with("uuid") => Some(Self::String),
            _ => None,
        }
    }

    /// Returns whether `value` is of this type. A number without fraction is also an integer.
    pub(super) fn accepts(self, value: &Value) -> bool {
        match (self, Self::of(value)) {
            (Self::Number, Some(Self::Integer)) => true,
            (Self::Integer, Some(Self::Number)) => {
                value.as_f64().is_some_and(|number| number.fract() == 0.0)
            }
            (_, ty) => ty == Some(self),
        }
    }

    /// Returns whether a schema of this type may have the format. Unknown formats are allowed for all scalars but
    /// booleans.
    pub(super) fn allows_format(self, format: &str) -> bool {
        match Self::of_format(format) {
            Some(ty) if self.is_numeric() => ty.is_numeric(),
            // A string may have the format of a number: some APIs send numbers as strings.
            Some(_) | None => self.is_numeric() || self == Self::String,
        }
    }

    /// Returns whether a value can be of both types.
    pub(super) fn overlaps(self, other: Self) -> bool {
        self == other || self.is_numeric() && other.is_numeric()
    }

    /// Returns whether this is `number` or `integer`.
    pub(super) fn is_numeric(self) -> bool {
        matches!(self, Self::Number | Self::Integer)
    }
}
