//! Operations: their requests and responses.

use super::{Constraint, Docs, Pagination, Pointer, Presence, TypeRef};

/// An HTTP method.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are HTTP's own")]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
    /// Of OpenAPI 3.2: safe and idempotent, with a body.
    Query,
    /// One of `additionalOperations`, as it is sent.
    Other(String),
}

impl Method {
    /// Every method that is a key of a path item, in the order of the OpenAPI specification.
    pub const ALL: &'static [Self] = &[
        Self::Get,
        Self::Put,
        Self::Post,
        Self::Delete,
        Self::Options,
        Self::Head,
        Self::Patch,
        Self::Trace,
        Self::Query,
    ];

    /// Returns the key of the operation in a path item, or in `additionalOperations`.
    pub fn key(&self) -> &str {
        match self {
            Self::Get => "get",
            Self::Put => "put",
            Self::Post => "post",
            Self::Delete => "delete",
            Self::Options => "options",
            Self::Head => "head",
            Self::Patch => "patch",
            Self::Trace => "trace",
            Self::Query => "query",
            Self::Other(name) => name,
        }
    }

    /// Returns the method as it is written in a request line.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
            Self::Query => "QUERY",
            Self::Other(name) => name,
        }
    }

    /// Returns the method with this name in a request line.
    pub fn from_name(name: &str) -> Self {
        let known = Self::ALL.iter().find(|method| method.as_str() == name);
        known
            .cloned()
            .unwrap_or_else(|| Self::Other(name.to_owned()))
    }
}

/// A base URL with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The URL with variables replaced by their defaults.
    pub url: String,
    /// The URL with variables in braces.
    pub template: String,
    /// The variables, sorted by name.
    pub variables: Vec<ServerVariable>,
    /// Its documentation.
    pub docs: Docs,
}

/// A variable in the URL of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerVariable {
    /// Its name in the URL.
    pub name: String,
    /// Its default.
    pub default: String,
    /// The values that it may have; any if empty.
    pub values: Vec<String>,
    /// Its documentation.
    pub docs: Docs,
}

/// An authentication scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Its key in `components/securitySchemes`.
    pub id: String,
    /// How it is sent.
    pub kind: SecuritySchemeKind,
    /// Whether the credential comes from a flow (OAuth 2, OpenID Connect), so that the user does not have it as a key.
    pub has_flow: bool,
    /// Its documentation.
    pub docs: Docs,
}

/// How a credential is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecuritySchemeKind {
    /// A header, query parameter or cookie of this name.
    ApiKey {
        /// Its location.
        location: ParamLocation,
        /// Its name.
        name: String,
    },
    /// `Authorization: Bearer …`; OAuth 2 and OpenID Connect tokens too.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// Any other scheme (mutual TLS, digest, …), by its name in the document.
    Other(String),
}

/// Schemes that must all be satisfied. An operation has a list of alternatives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SecurityRequirement(pub Vec<String>);

/// A tag of an operation that is not for navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// What it is for: `badge`, `audience`.
    pub kind: String,
    /// The tag's summary, or else its name.
    pub text: String,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operationId`, unchanged.
    pub id: Option<String>,
    /// The method.
    pub method: Method,
    /// The path template of the document, overlay applied.
    pub path: String,
    /// The tags, in order; the first one names the resource.
    pub tags: Vec<String>,
    /// The tags that are not for navigation.
    pub labels: Vec<Label>,
    /// Its documentation.
    pub docs: Docs,
    /// Its location in the document.
    pub at: Pointer,
    /// Path and operation parameters merged; every variable of the template has one.
    pub params: Vec<Param>,
    /// The request body.
    pub body: Option<RequestBody>,
    /// Whether the body has another media type than in the operation before this one, which is otherwise the same.
    pub is_variant: bool,
    /// The responses.
    pub responses: Responses,
    /// Alternatives, the document's default applied. Without alternatives no credential is sent. An empty requirement means
    /// that none is required.
    pub security: Vec<SecurityRequirement>,
    /// The base URLs of this operation, if it has its own: the first is the default.
    pub servers: Vec<Server>,
    /// Its pagination, if any; set by `refine`.
    pub pagination: Option<Pagination>,
    /// Whether it may be sent twice although its method is not idempotent.
    pub idempotent: bool,
}

/// The location of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are OpenAPI's own")]
pub enum ParamLocation {
    Path,
    Query,
    Header,
    Cookie,
}

/// The serialization of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are OpenAPI's own")]
pub enum ParamStyle {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    /// `content: application/json`: the value as JSON text.
    Json,
    /// The whole query is the value as JSON text.
    QueryJson,
    /// The whole query is the value as text.
    QueryText,
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// The name on the wire.
    pub wire_name: String,
    /// Its location.
    pub location: ParamLocation,
    /// Its serialization, the location's default applied.
    pub style: ParamStyle,
    /// Whether each element of a list or object is a pair of its own, the style's default applied.
    pub explode: bool,
    /// Whether reserved characters are sent unescaped.
    pub allow_reserved: bool,
    /// Whether the slashes of a path variable are not percent-encoded, nor its other reserved characters.
    pub allow_slash: bool,
    /// Its type, without null.
    pub ty: TypeRef,
    /// Whether it may be absent. A parameter cannot be null, so only `Required` and `Optional` occur.
    pub presence: Presence,
    /// The document's default: documented, never sent unless the caller sets it.
    pub default: Option<serde_json::Value>,
    /// Further constraints of the document: documented, not validated.
    pub constraints: Vec<Constraint>,
    /// Its documentation.
    pub docs: Docs,
    /// For a header of a part of a multipart body: the property that is the part. That of a part inside another one comes
    /// after the outer one and a slash.
    pub part: Option<String>,
    /// Its location in the document; that of the operation if the document does not declare it.
    pub at: Pointer,
}

/// A body that the API sends to a webhook or a callback, or that is a response to it.
#[derive(Clone, Debug)]
pub struct Payload {
    /// The name of the webhook or the callback.
    pub name: String,
    /// The status, if it is a response.
    pub status: Option<Status>,
    /// Its type; `None` if it is text or bytes.
    pub ty: Option<TypeRef>,
    /// Its documentation.
    pub docs: Docs,
    /// The location of the operation that receives it.
    pub at: Pointer,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub struct RequestBody {
    /// Whether it must be sent, and whether it may be `null`.
    pub presence: Presence,
    /// The media type it is sent as.
    pub media_type: String,
    /// Its encoding and type.
    pub content: RequestContent,
    /// Its documentation.
    pub docs: Docs,
    /// Its location in the document.
    pub at: Pointer,
}

/// How the body of a request or a response is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// JSON.
    Json,
    /// A sequence of JSON values: JSON lines, `application/json-seq`.
    JsonLines,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/*`.
    Multipart,
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// No body, or one that is ignored.
    Empty,
}

impl BodyKind {
    /// Returns the name for messages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::JsonLines => "json lines",
            Self::Form => "form",
            Self::Multipart => "multipart",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::Empty => "none",
        }
    }
}

/// The encoding and the type of a request body.
#[derive(Clone, Debug)]
pub enum RequestContent {
    /// JSON.
    Json(TypeRef),
    /// A sequence of JSON values of this type.
    JsonLines(TypeRef),
    /// `application/x-www-form-urlencoded`, of a struct or map, with the `encoding` of its fields.
    Form(TypeRef, Vec<PartEncoding>),
    /// `multipart/*`, of a struct, with the `encoding` of its parts.
    Multipart(TypeRef, Vec<PartEncoding>),
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// The `encoding` of one field or part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartEncoding {
    /// The property's name on the wire.
    pub property: String,
    /// The style, which takes precedence over the media type.
    pub style: Option<PartStyle>,
    /// The media types of the part, separated by commas.
    pub content_type: Option<String>,
    /// The encodings of the parts or fields inside, where the part is a form or multipart itself (3.2).
    pub nested: Vec<PartEncoding>,
    /// Whether the form needs a value of the field, which an empty list does not have.
    pub is_required: bool,
}

impl PartEncoding {
    /// Returns whether the encoding differs from the default of its part.
    pub fn has_effect(&self) -> bool {
        self.style.is_some() || self.content_type.is_some() || self.is_required
    }
}

/// The style of a field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartStyle {
    /// The serialization.
    pub style: ParamStyle,
    /// Whether each element of a list or object is a pair of its own, the style's default applied.
    pub explode: bool,
    /// Whether reserved characters are sent unescaped.
    pub allow_reserved: bool,
}

/// The responses of an operation.
#[derive(Clone, Debug, Default)]
pub struct Responses {
    /// 2xx, in order of status; `default` only where no 2xx is declared.
    pub success: Vec<Response>,
    /// All others, in order of status, `default` last.
    pub errors: Vec<Response>,
}

/// A response.
#[derive(Clone, Debug)]
pub struct Response {
    /// Its status.
    pub status: Status,
    /// Its media type, if it has content.
    pub media_type: Option<String>,
    /// Its encoding and type.
    pub content: ResponseContent,
    /// The sequences that it is offered as, next to `content` or as its text.
    pub streams: Vec<ResponseStream>,
    /// The other media types that it is offered as, if their values differ.
    pub alternatives: Vec<ResponseAlternative>,
    /// Whether the body may be null.
    pub nullable: bool,
    /// The envelope around the content; set by `refine` from `vendor.toml`.
    pub envelope: Option<Envelope>,
    /// Its documentation.
    pub docs: Docs,
    /// Its location in the document.
    pub at: Pointer,
}

/// A status, a class of statuses, or the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// `200`.
    Code(u16),
    /// `2XX`, by its first digit.
    Class(u8),
    /// `default`.
    Default,
}

/// The encoding and the type of a response body.
#[derive(Clone, Debug, PartialEq)]
pub enum ResponseContent {
    /// Nothing.
    Empty,
    /// JSON.
    Json(TypeRef),
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// Another media type of a response.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseAlternative {
    /// The media type, as it is asked for.
    pub media_type: String,
    /// Its encoding and type.
    pub content: ResponseContent,
    /// Whether the body may be null.
    pub nullable: bool,
}

/// A response that is a sequence of values.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseStream {
    /// Its encoding.
    pub kind: StreamKind,
    /// Its media type.
    pub media_type: String,
    /// The type of the values.
    pub ty: TypeRef,
}

/// The encoding of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StreamKind {
    /// `text/event-stream`, with JSON as the data of each event.
    Events,
    /// JSON lines, `application/json-seq`.
    Lines,
}

/// An object around the content of a response: `{data, error}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The property with the content.
    pub data: String,
    /// The property with the error, null on success.
    pub error: Option<String>,
}
