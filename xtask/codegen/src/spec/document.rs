//! The typed tree of a canonical document.

use indexmap::IndexMap;
use serde_json::Value;

use crate::ir::{
    Access, Constraint, Docs, Method, ParamLocation, ParamStyle, PartEncoding, Pointer,
    SecurityScheme, Server, Status, Tag,
};

/// A parsed canonical document.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// `info.title`.
    pub title: String,
    /// `info.version`.
    pub version: String,
    /// `info.summary` and `info.description`.
    pub docs: Docs,
    /// The servers. Variables in their URLs are replaced by the defaults.
    pub servers: Vec<Server>,
    /// The tags of the document with their documentation.
    pub tags: Vec<Tag>,
    /// The security requirements of operations without own ones: a list of alternatives.
    pub security: Vec<Vec<String>>,
    /// `components/securitySchemes`.
    pub schemes: Vec<SecurityScheme>,
    /// The operations, sorted by path.
    pub operations: Vec<Operation>,
    /// The operations of webhooks and callbacks that have a body or a response with one.
    pub payloads: Vec<Payload>,
    /// `components/schemas`, by key.
    pub schemas: IndexMap<String, SchemaRef>,
    /// The parts of the source document that the canonical one does not have, although their keywords are known.
    pub unused_parts: Vec<Pointer>,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operationId`.
    pub id: Option<String>,
    /// The HTTP method.
    pub method: Method,
    /// The path template.
    pub path: String,
    /// The tags, in their order.
    pub tags: Vec<String>,
    /// The documentation.
    pub docs: Docs,
    /// The pointer in the source document.
    pub at: Pointer,
    /// The parameters, including those of the path item.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<RequestBody>,
    /// The responses by status.
    pub responses: Vec<(Status, Response)>,
    /// The alternative security requirements. `None` if those of the document apply.
    pub security: Option<Vec<Vec<String>>>,
    /// The servers, if they are not those of the document.
    pub servers: Vec<Server>,
}

/// An operation of a webhook or a callback, which the API calls.
#[derive(Clone, Debug)]
pub struct Payload {
    /// The name of the webhook or the callback.
    pub name: String,
    /// The documentation.
    pub docs: Docs,
    /// The body that the API sends.
    pub body: Option<RequestBody>,
    /// The responses that the API expects, by status.
    pub responses: Vec<(Status, Response)>,
    /// The pointer in the source document.
    pub at: Pointer,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The wire name.
    pub name: String,
    /// The location: path, query, header or cookie.
    pub location: ParamLocation,
    /// The serialization style.
    pub style: ParamStyle,
    /// Whether every item of an array and every member of an object is a separate name-value pair.
    pub explode: bool,
    /// Whether reserved characters are not percent-encoded.
    pub allow_reserved: bool,
    /// Whether the slashes of a path variable are not percent-encoded either (`{+variable}`).
    pub allow_slash: bool,
    /// Whether it is required.
    pub required: bool,
    /// The schema.
    pub schema: Option<SchemaRef>,
    /// The pointer to the media type, if the value is text of one that is not JSON.
    pub text_type_at: Option<Pointer>,
    /// The documentation.
    pub docs: Docs,
    /// The pointer in the source document.
    pub at: Pointer,
}

/// A request body.
#[derive(Clone, Debug)]
pub struct RequestBody {
    /// Whether it is required.
    pub required: bool,
    /// The media types.
    pub content: Vec<MediaType>,
    /// The documentation.
    pub docs: Docs,
    /// The pointer in the source document.
    pub at: Pointer,
}

/// A response.
#[derive(Clone, Debug)]
pub struct Response {
    /// The media types.
    pub content: Vec<MediaType>,
    /// The documentation.
    pub docs: Docs,
    /// The pointer in the source document.
    pub at: Pointer,
}

/// A media type of a body.
#[derive(Clone, Debug)]
pub struct MediaType {
    /// The name: `application/json`, …
    pub media_type: String,
    /// The schema.
    pub schema: Option<SchemaRef>,
    /// The encoding of the parts of a form.
    pub encoding: Vec<Encoding>,
    /// The pointer in the source document.
    pub at: Pointer,
}

/// The encoding of a part of a form.
#[derive(Clone, Debug)]
pub struct Encoding {
    /// Property, style and media type.
    pub part: PartEncoding,
    /// The headers of the part, as parameters in `header`.
    pub headers: Vec<Parameter>,
    /// The encodings of the parts inside.
    pub nested: Vec<Encoding>,
}

/// A schema, or a reference to one.
#[derive(Clone, Debug, PartialEq)]
pub enum SchemaRef {
    /// A key of [`Document::schemas`].
    Named(String),
    /// An inline schema.
    Inline(Box<Schema>),
}

/// The keyword `additionalProperties`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum AdditionalProperties {
    /// Absent.
    #[default]
    Unspecified,
    /// `false`.
    Forbidden,
    /// `true`.
    Any,
    /// The schema of additional properties.
    Schema(SchemaRef),
}

/// The property that distinguishes the members of a union.
#[derive(Clone, Debug, PartialEq)]
pub struct Discriminator {
    /// The pointer in the source document.
    pub at: Pointer,
    /// The name of the property.
    pub property: String,
    /// The values of the property, each with the key of a component.
    pub mapping: Vec<(String, String)>,
    /// The key of the component that a value without a known tag is.
    pub default: Option<String>,
}

/// Whether null is an instance of a schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Nullability {
    /// Null is not an instance.
    #[default]
    NonNull,
    /// Null is one of the instances.
    Nullable,
    /// Null is the only instance.
    OnlyNull,
}

/// The words of one value of an `enum`.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumWords {
    /// The value.
    pub value: Value,
    /// The name.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
}

/// A schema. Each field is one keyword, unless it is documented otherwise.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Schema {
    /// The pointer in the source document.
    pub at: Pointer,
    /// Whether `lower` made the schema of two members of two unions. Such a pair may have no instance.
    pub is_pair_of_members: bool,
    /// `title`.
    pub title: Option<String>,
    /// The documentation.
    pub docs: Docs,
    /// Whether null is an instance.
    pub nullability: Nullability,
    /// `readOnly` and `writeOnly`.
    pub access: Access,
    /// `contentMediaType`.
    pub media_type: Option<String>,
    /// `default`.
    pub default: Option<Value>,
    /// `type`.
    pub json_type: Option<String>,
    /// Whether the document has no `type` here: `json_type` follows from keywords that only restrict values of that type.
    pub is_type_implied: bool,
    /// `format`.
    pub format: Option<String>,
    /// `enum`, without null.
    pub enum_values: Vec<Value>,
    /// The names and descriptions of values of `enum` (`x-enum-varnames`, `x-enum-descriptions` and the like).
    pub enum_words: Vec<EnumWords>,
    /// `properties`.
    pub properties: IndexMap<String, SchemaRef>,
    /// `required`.
    pub required: Vec<String>,
    /// `additionalProperties`.
    pub additional: AdditionalProperties,
    /// `items`.
    pub items: Option<SchemaRef>,
    /// The schemas of all items, if the length of the list is fixed (`prefixItems`).
    pub tuple: Vec<SchemaRef>,
    /// `allOf`.
    pub all_of: Vec<SchemaRef>,
    /// `oneOf`.
    pub one_of: Vec<SchemaRef>,
    /// `anyOf`.
    pub any_of: Vec<SchemaRef>,
    /// `discriminator`.
    pub discriminator: Option<Discriminator>,
    /// Lengths, bounds and patterns.
    pub constraints: Vec<Constraint>,
}

impl Schema {
    /// Returns whether the schema has `oneOf` or `anyOf`.
    pub fn is_union(&self) -> bool {
        !self.one_of.is_empty() || !self.any_of.is_empty()
    }

    /// Returns the members of `oneOf`, then those of `anyOf`.
    pub fn union_members(&self) -> impl Iterator<Item = &SchemaRef> {
        self.one_of.iter().chain(&self.any_of)
    }
}
