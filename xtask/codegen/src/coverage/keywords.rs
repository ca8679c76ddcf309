//! The keywords of OpenAPI and JSON Schema, and whether the generated code depends on them.
//!
//! KEYWORDS.md describes each; a test compares it with the lists of the specifications.

use super::keywords::Child::{Each, List, Map, Maps, One, Value};
use super::keywords::Use::{Ignored, Used};

/// An object of the specifications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are OpenAPI's own")]
pub enum ObjectKind {
    OpenApi,
    Info,
    Server,
    ServerVariable,
    Components,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    MediaType,
    Encoding,
    Response,
    Header,
    Tag,
    Schema,
    Discriminator,
    SecurityScheme,
    /// A path item of a webhook or a callback.
    WebhookItem,
    /// An operation of a webhook or a callback, of which body and responses are generated.
    Webhook,
}

/// What the value of a keyword is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Child {
    /// Not an object of the specifications.
    Value,
    One(ObjectKind),
    List(ObjectKind),
    Map(ObjectKind),
    /// A map of maps.
    Maps(ObjectKind),
    /// A schema, a list of schemas, or a boolean.
    Each(ObjectKind),
}

/// Whether the generated code depends on a keyword, its documentation included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    Used,
    Ignored,
}

/// A keyword of an object.
pub(super) type Keyword = (&'static str, Child, Use);

impl ObjectKind {
    /// Every kind of the specifications.
    pub const ALL: &'static [Self] = &[
        Self::OpenApi,
        Self::Info,
        Self::Server,
        Self::ServerVariable,
        Self::Components,
        Self::PathItem,
        Self::Operation,
        Self::Parameter,
        Self::RequestBody,
        Self::MediaType,
        Self::Encoding,
        Self::Response,
        Self::Header,
        Self::Tag,
        Self::Schema,
        Self::Discriminator,
        Self::SecurityScheme,
    ];

    /// Returns the name in the specification, without `Object`.
    pub fn name(self) -> &'static str {
        match self {
            Self::OpenApi => "OpenAPI",
            Self::Info => "Info",
            Self::Server => "Server",
            Self::ServerVariable => "Server Variable",
            Self::Components => "Components",
            Self::PathItem => "Path Item",
            Self::Operation => "Operation",
            Self::Parameter => "Parameter",
            Self::RequestBody => "Request Body",
            Self::MediaType => "Media Type",
            Self::Encoding => "Encoding",
            Self::Response => "Response",
            Self::Header => "Header",
            Self::Tag => "Tag",
            Self::Schema => "Schema",
            Self::Discriminator => "Discriminator",
            Self::SecurityScheme => "Security Scheme",
            Self::WebhookItem => "Webhook Path Item",
            Self::Webhook => "Webhook",
        }
    }

    /// Returns the keywords with whether the generated code depends on them.
    pub fn keywords(self) -> impl Iterator<Item = (&'static str, bool)> {
        let keywords = self.table().iter();
        keywords.map(|(name, _, used)| (*name, *used == Used))
    }

    pub(super) fn table(self) -> &'static [Keyword] {
        match self {
            Self::OpenApi => OPEN_API,
            Self::Info => INFO,
            Self::Server => SERVER,
            Self::ServerVariable => SERVER_VARIABLE,
            Self::Components => COMPONENTS,
            Self::PathItem => PATH_ITEM,
            Self::Operation => OPERATION,
            Self::Parameter => PARAMETER,
            Self::RequestBody => REQUEST_BODY,
            Self::MediaType => MEDIA_TYPE,
            Self::Encoding => ENCODING,
            Self::Response => RESPONSE,
            Self::Header => HEADER,
            Self::Tag => TAG,
            Self::Schema => SCHEMA,
            Self::Discriminator => DISCRIMINATOR,
            Self::SecurityScheme => SECURITY_SCHEME,
            Self::WebhookItem => WEBHOOK_ITEM,
            Self::Webhook => WEBHOOK,
        }
    }
}

const OPEN_API: &[Keyword] = &[
    ("openapi", Value, Used),
    ("$self", Value, Used),
    ("info", One(ObjectKind::Info), Used),
    ("jsonSchemaDialect", Value, Ignored),
    ("servers", List(ObjectKind::Server), Used),
    ("paths", Map(ObjectKind::PathItem), Used),
    ("webhooks", Map(ObjectKind::WebhookItem), Used),
    ("components", One(ObjectKind::Components), Used),
    ("security", Value, Used),
    ("tags", List(ObjectKind::Tag), Used),
    ("externalDocs", Value, Ignored),
];

const INFO: &[Keyword] = &[
    ("title", Value, Used),
    ("summary", Value, Used),
    ("description", Value, Used),
    ("termsOfService", Value, Ignored),
    ("contact", Value, Ignored),
    ("license", Value, Ignored),
    ("version", Value, Used),
];

const SERVER: &[Keyword] = &[
    ("url", Value, Used),
    ("description", Value, Used),
    ("name", Value, Used),
    ("variables", Map(ObjectKind::ServerVariable), Used),
];

const SERVER_VARIABLE: &[Keyword] = &[
    ("enum", Value, Used),
    ("default", Value, Used),
    ("description", Value, Used),
];

const COMPONENTS: &[Keyword] = &[
    ("schemas", Map(ObjectKind::Schema), Used),
    ("responses", Map(ObjectKind::Response), Used),
    ("parameters", Map(ObjectKind::Parameter), Used),
    ("examples", Value, Ignored),
    ("requestBodies", Map(ObjectKind::RequestBody), Used),
    ("headers", Map(ObjectKind::Header), Used),
    ("securitySchemes", Map(ObjectKind::SecurityScheme), Used),
    ("links", Value, Ignored),
    ("callbacks", Maps(ObjectKind::WebhookItem), Used),
    ("pathItems", Map(ObjectKind::PathItem), Used),
    ("mediaTypes", Map(ObjectKind::MediaType), Used),
];

const PATH_ITEM: &[Keyword] = &[
    ("$ref", Value, Used),
    ("summary", Value, Ignored),
    ("description", Value, Ignored),
    ("get", One(ObjectKind::Operation), Used),
    ("put", One(ObjectKind::Operation), Used),
    ("post", One(ObjectKind::Operation), Used),
    ("delete", One(ObjectKind::Operation), Used),
    ("options", One(ObjectKind::Operation), Used),
    ("head", One(ObjectKind::Operation), Used),
    ("patch", One(ObjectKind::Operation), Used),
    ("trace", One(ObjectKind::Operation), Used),
    ("query", One(ObjectKind::Operation), Used),
    ("additionalOperations", Map(ObjectKind::Operation), Used),
    ("servers", List(ObjectKind::Server), Used),
    ("parameters", List(ObjectKind::Parameter), Used),
];

const WEBHOOK_ITEM: &[Keyword] = &[
    ("$ref", Value, Used),
    ("summary", Value, Ignored),
    ("description", Value, Ignored),
    ("get", One(ObjectKind::Webhook), Used),
    ("put", One(ObjectKind::Webhook), Used),
    ("post", One(ObjectKind::Webhook), Used),
    ("delete", One(ObjectKind::Webhook), Used),
    ("options", One(ObjectKind::Webhook), Used),
    ("head", One(ObjectKind::Webhook), Used),
    ("patch", One(ObjectKind::Webhook), Used),
    ("trace", One(ObjectKind::Webhook), Used),
    ("query", One(ObjectKind::Webhook), Used),
    ("additionalOperations", Map(ObjectKind::Webhook), Used),
];

const WEBHOOK: &[Keyword] = &[
    ("summary", Value, Used),
    ("description", Value, Used),
    ("deprecated", Value, Used),
    ("requestBody", One(ObjectKind::RequestBody), Used),
    ("responses", Map(ObjectKind::Response), Used),
];

const OPERATION: &[Keyword] = &[
    ("tags", Value, Used),
    ("summary", Value, Used),
    ("description", Value, Used),
    ("externalDocs", Value, Ignored),
    ("operationId", Value, Used),
    ("parameters", List(ObjectKind::Parameter), Used),
    ("requestBody", One(ObjectKind::RequestBody), Used),
    ("responses", Map(ObjectKind::Response), Used),
    ("callbacks", Maps(ObjectKind::WebhookItem), Used),
    ("deprecated", Value, Used),
    ("security", Value, Used),
    ("servers", List(ObjectKind::Server), Used),
];

const PARAMETER: &[Keyword] = &[
    ("name", Value, Used),
    ("in", Value, Used),
    ("description", Value, Used),
    ("required", Value, Used),
    ("deprecated", Value, Used),
    ("allowEmptyValue", Value, Ignored),
    ("style", Value, Used),
    ("explode", Value, Used),
    ("allowReserved", Value, Used),
    ("schema", Each(ObjectKind::Schema), Used),
    ("example", Value, Ignored),
    ("examples", Value, Ignored),
    ("content", Map(ObjectKind::MediaType), Used),
];

const REQUEST_BODY: &[Keyword] = &[
    ("description", Value, Used),
    ("content", Map(ObjectKind::MediaType), Used),
    ("required", Value, Used),
];

const MEDIA_TYPE: &[Keyword] = &[
    ("schema", Each(ObjectKind::Schema), Used),
    ("itemSchema", Each(ObjectKind::Schema), Used),
    ("example", Value, Ignored),
    ("examples", Value, Ignored),
    ("encoding", Map(ObjectKind::Encoding), Used),
    ("prefixEncoding", List(ObjectKind::Encoding), Used),
    ("itemEncoding", One(ObjectKind::Encoding), Used),
];

const ENCODING: &[Keyword] = &[
    ("contentType", Value, Used),
    ("headers", Map(ObjectKind::Header), Used),
    ("style", Value, Used),
    ("explode", Value, Used),
    ("allowReserved", Value, Used),
    ("encoding", Map(ObjectKind::Encoding), Used),
    ("prefixEncoding", List(ObjectKind::Encoding), Used),
    ("itemEncoding", One(ObjectKind::Encoding), Used),
];

const RESPONSE: &[Keyword] = &[
    ("summary", Value, Ignored),
    ("description", Value, Used),
    ("headers", Value, Ignored),
    ("content", Map(ObjectKind::MediaType), Used),
    ("links", Value, Ignored),
];

const HEADER: &[Keyword] = &[
    ("description", Value, Used),
    ("required", Value, Used),
    ("deprecated", Value, Used),
    ("style", Value, Ignored),
    ("explode", Value, Ignored),
    ("schema", Each(ObjectKind::Schema), Used),
    ("example", Value, Ignored),
    ("examples", Value, Ignored),
    ("content", Map(ObjectKind::MediaType), Used),
];

const TAG: &[Keyword] = &[
    ("name", Value, Used),
    ("summary", Value, Used),
    ("description", Value, Used),
    ("externalDocs", Value, Ignored),
    ("parent", Value, Used),
    ("kind", Value, Used),
];

const DISCRIMINATOR: &[Keyword] = &[
    ("propertyName", Value, Used),
    ("mapping", Value, Used),
    ("defaultMapping", Value, Used),
];

const SECURITY_SCHEME: &[Keyword] = &[
    ("type", Value, Used),
    ("description", Value, Used),
    ("name", Value, Used),
    ("in", Value, Used),
    ("scheme", Value, Used),
    ("bearerFormat", Value, Ignored),
    ("flows", Value, Ignored),
    ("openIdConnectUrl", Value, Ignored),
    ("oauth2MetadataUrl", Value, Ignored),
    ("deprecated", Value, Ignored),
];

const SCHEMA: &[Keyword] = &[
    ("$schema", Value, Ignored),
    ("$vocabulary", Value, Ignored),
    ("$id", Value, Used),
    ("$anchor", Value, Used),
    ("$dynamicAnchor", Value, Used),
    ("$ref", Value, Used),
    ("$dynamicRef", Value, Used),
    ("$defs", Map(ObjectKind::Schema), Used),
    ("$comment", Value, Ignored),
    ("allOf", List(ObjectKind::Schema), Used),
    ("anyOf", List(ObjectKind::Schema), Used),
    ("oneOf", List(ObjectKind::Schema), Used),
    ("not", Value, Ignored),
    ("if", Each(ObjectKind::Schema), Used),
    ("then", Each(ObjectKind::Schema), Used),
    ("else", Each(ObjectKind::Schema), Used),
    ("dependentSchemas", Map(ObjectKind::Schema), Used),
    ("prefixItems", List(ObjectKind::Schema), Used),
    ("items", Each(ObjectKind::Schema), Used),
    ("contains", Value, Ignored),
    ("properties", Map(ObjectKind::Schema), Used),
    ("patternProperties", Map(ObjectKind::Schema), Used),
    ("additionalProperties", Each(ObjectKind::Schema), Used),
    ("propertyNames", Value, Ignored),
    ("unevaluatedItems", Each(ObjectKind::Schema), Used),
    ("unevaluatedProperties", Each(ObjectKind::Schema), Used),
    ("type", Value, Used),
    ("enum", Value, Used),
    ("const", Value, Used),
    ("multipleOf", Value, Ignored),
    ("maximum", Value, Used),
    ("exclusiveMaximum", Value, Used),
    ("minimum", Value, Used),
    ("exclusiveMinimum", Value, Used),
    ("maxLength", Value, Used),
    ("minLength", Value, Used),
    ("pattern", Value, Used),
    ("maxItems", Value, Used),
    ("minItems", Value, Used),
    ("uniqueItems", Value, Ignored),
    ("maxContains", Value, Ignored),
    ("minContains", Value, Ignored),
    ("maxProperties", Value, Ignored),
    ("minProperties", Value, Ignored),
    ("required", Value, Used),
    ("dependentRequired", Value, Ignored),
    ("title", Value, Used),
    ("description", Value, Used),
    ("default", Value, Used),
    ("deprecated", Value, Used),
    ("readOnly", Value, Used),
    ("writeOnly", Value, Used),
    ("examples", Value, Ignored),
    ("format", Value, Used),
    ("contentEncoding", Value, Used),
    ("contentMediaType", Value, Used),
    ("contentSchema", Value, Ignored),
    ("nullable", Value, Used),
    ("discriminator", One(ObjectKind::Discriminator), Used),
    ("xml", Value, Ignored),
    ("externalDocs", Value, Ignored),
    ("example", Value, Ignored),
];
