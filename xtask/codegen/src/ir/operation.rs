//! Operations: what can be asked of the API, and how the question travels.

use super::{Constraint, Docs, Paging, Pointer, Presence, TypeRef};

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
}

impl Method {
    /// Every method that a path item may have, in the order of the OpenAPI specification.
    pub const ALL: &'static [Self] = &[
        Self::Get,
        Self::Put,
        Self::Post,
        Self::Delete,
        Self::Options,
        Self::Head,
        Self::Patch,
        Self::Trace,
    ];

    /// Returns the key of the operation in a path item.
    pub fn key(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Put => "put",
            Self::Post => "post",
            Self::Delete => "delete",
            Self::Options => "options",
            Self::Head => "head",
            Self::Patch => "patch",
            Self::Trace => "trace",
        }
    }

    /// Returns the method as it is written in a request line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
        }
    }
}

/// A base URL with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// As the document writes it, variables replaced by their defaults.
    pub url: String,
    /// Words for its documentation.
    pub docs: Docs,
}

/// A way to prove who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Its key in `components/securitySchemes`.
    pub id: String,
    /// How it travels.
    pub kind: SchemeKind,
    /// Words for its documentation.
    pub docs: Docs,
}

/// How a credential travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SchemeKind {
    /// A header, query parameter or cookie of this name.
    ApiKey {
        /// Where.
        location: ParamLocation,
        /// Under which name.
        name: String,
    },
    /// `Authorization: Bearer …`; OAuth 2 and OpenID Connect tokens too.
    Bearer,
    /// `Authorization: Basic …`.
    Basic,
    /// Anything else (mutual TLS, digest, …), by the document's name for it.
    Other(String),
}

/// Schemes that must all be satisfied; an operation names alternatives of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirement(pub Vec<String>);

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `operationId`, raw.
    pub id: Option<String>,
    /// The method.
    pub method: Method,
    /// The path template as in the document, overlay applied.
    pub path: String,
    /// The tags, in order; the first one names the resource.
    pub tags: Vec<String>,
    /// Words for its documentation.
    pub docs: Docs,
    /// Where it stands in the document.
    pub at: Pointer,
    /// Path and operation parameters merged; every variable of the template has one.
    pub params: Vec<Param>,
    /// What is sent besides.
    pub body: Option<Body>,
    /// What may come back.
    pub responses: Responses,
    /// Alternatives, the document's default applied. Empty: no credential. An empty requirement: none needed.
    pub security: Vec<Requirement>,
    /// A base URL of its own.
    pub server: Option<Server>,
    /// How its answer comes in pages, if it does; set by `refine`.
    pub paging: Option<Paging>,
    /// Whether it may be sent twice though its method does not say so.
    pub idempotent: bool,
}

/// Where a parameter travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names are OpenAPI's own")]
pub enum ParamLocation {
    Path,
    Query,
    Header,
    Cookie,
}

/// How a parameter's value becomes text.
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
}

/// A parameter.
#[derive(Clone, Debug)]
pub struct Param {
    /// The name on the wire.
    pub wire: String,
    /// Where it travels.
    pub location: ParamLocation,
    /// How it becomes text, the location's default applied.
    pub style: ParamStyle,
    /// Whether lists and objects take one pair an element, the style's default applied.
    pub explode: bool,
    /// Whether reserved characters go out as they are.
    pub allow_reserved: bool,
    /// Its type, null taken out.
    pub ty: TypeRef,
    /// Whether it may be absent; null cannot travel in a parameter, so only `Required` and `Optional` occur.
    pub presence: Presence,
    /// The document's default: told in the docs, never sent unasked.
    pub default: Option<serde_json::Value>,
    /// What the document allows beyond the type: documented, not validated.
    pub constraints: Vec<Constraint>,
    /// Words for its documentation.
    pub docs: Docs,
    /// Where it stands in the document; the operation, where the document forgot to declare it.
    pub at: Pointer,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub struct Body {
    /// Whether it must be sent, and whether it may be `null`.
    pub presence: Presence,
    /// The media type it is sent as.
    pub media_type: String,
    /// What it holds.
    pub content: BodyContent,
    /// Words for its documentation.
    pub docs: Docs,
    /// Where it stands in the document.
    pub at: Pointer,
}

/// How the body of a request or a response is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyKind {
    /// JSON.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
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
            Self::Form => "form",
            Self::Multipart => "multipart",
            Self::Text => "text",
            Self::Bytes => "bytes",
            Self::Empty => "none",
        }
    }
}

/// What the body of a request holds.
#[derive(Clone, Debug)]
pub enum BodyContent {
    /// JSON.
    Json(TypeRef),
    /// `application/x-www-form-urlencoded`, of a struct or map.
    Form(TypeRef),
    /// `multipart/form-data`, of a struct, with what the document says of each part.
    Multipart(TypeRef, Vec<PartEncoding>),
    /// Text.
    Text,
    /// Bytes.
    Bytes,
}

/// What the document says of one part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartEncoding {
    /// The property's name on the wire.
    pub property: String,
    /// The media type of the part.
    pub content_type: Option<String>,
}

/// What may come back.
#[derive(Clone, Debug, Default)]
pub struct Responses {
    /// 2xx, in order of status; `default` only where no 2xx is declared.
    pub success: Vec<Response>,
    /// Everything else, in order of status, `default` last.
    pub errors: Vec<Response>,
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status it comes with.
    pub status: Status,
    /// What it holds.
    pub content: ResponseContent,
    /// Whether the body may be null.
    pub nullable: bool,
    /// What is wrapped around the content; set by `refine` from `vendor.toml`.
    pub envelope: Option<Envelope>,
    /// Words for its documentation.
    pub docs: Docs,
    /// Where it stands in the document.
    pub at: Pointer,
}

/// A status, a class of them, or any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// `200`.
    Code(u16),
    /// `2XX`, by its first digit.
    Class(u8),
    /// `default`.
    Default,
}

/// What an answer holds.
#[derive(Clone, Debug)]
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

/// A wrapper that every answer of a kind comes in: `{data, error}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// The property that holds what was asked for.
    pub data: String,
    /// The property that says what went wrong, null if nothing did.
    pub error: Option<String>,
}
