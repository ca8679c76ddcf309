//! Converts everything but schemas: operations, parameters, bodies, responses, servers, security schemes.

use indexmap::IndexMap;
use openapiv3::{self as oa, ReferenceOr};
use serde_json::Value;

use super::document::SchemaRef;
use super::document::{Encoding, MediaType, Operation, Parameter, Payload, RequestBody, Response};
use super::schema::{deprecation, schema_ref, source_pointer};
use crate::ir::{
    Docs, Method, ParamLocation, ParamStyle, PartEncoding, PartStyle, Pointer, SecurityScheme,
    SecuritySchemeKind, Server, ServerVariable, Status,
};
use crate::media_type::MediaKind;

/// Returns the operations of a path item, in the order of [`Method::ALL`].
pub(super) fn operations(path: &str, mut item: oa::PathItem) -> Vec<Operation> {
    let other = other_operations(&mut item);
    let methods = [
        (Method::Get, item.get),
        (Method::Put, item.put),
        (Method::Post, item.post),
        (Method::Delete, item.delete),
        (Method::Options, item.options),
        (Method::Head, item.head),
        (Method::Patch, item.patch),
        (Method::Trace, item.trace),
    ];
    let known = methods
        .into_iter()
        .filter_map(|(method, raw)| Some((method, raw?)));
    known
        .chain(other)
        .map(|(method, raw)| operation(path, method, raw))
        .collect()
}

/// Returns the operations with methods that `openapiv3` does not have.
fn other_operations(item: &mut oa::PathItem) -> Vec<(Method, oa::Operation)> {
    let raw = item.extensions.shift_remove("x-other-operations");
    let raw =
        raw.and_then(|raw| serde_json::from_value::<IndexMap<String, oa::Operation>>(raw).ok());
    let named = raw.into_iter().flatten();
    named
        .map(|(name, operation)| (Method::from_name(&name), operation))
        .collect()
}

fn operation(path: &str, method: Method, mut raw: oa::Operation) -> Operation {
    let docs = take_docs(&mut raw);
    Operation {
        id: raw.operation_id,
        method,
        path: path.to_owned(),
        tags: raw.tags,
        docs,
        at: source_pointer(&raw.extensions),
        parameters: raw
            .parameters
            .into_iter()
            .filter_map(|raw| Some(parameter(raw.into_item()?)))
            .collect(),
        body: raw
            .request_body
            .and_then(|raw| Some(request_body(raw.into_item()?))),
        responses: responses(raw.responses),
        security: raw.security.as_ref().map(|raw| security_requirements(raw)),
        servers: raw.servers.iter().map(server).collect(),
    }
}

/// Returns the responses by status, `default` last.
fn responses(raw: oa::Responses) -> Vec<(Status, Response)> {
    let by_status = raw.responses.into_iter();
    let by_status = by_status.filter_map(|(code, raw)| {
        let status = match code {
            oa::StatusCode::Code(code) => Status::Code(code),
            oa::StatusCode::Range(class) => Status::Class(u8::try_from(class).unwrap_or(u8::MAX)),
        };
        Some((status, response(raw.into_item()?)))
    });
    let default = raw.default.and_then(ReferenceOr::into_item);
    by_status
        .chain(default.map(|raw| (Status::Default, response(raw))))
        .collect()
}

fn take_docs(raw: &mut oa::Operation) -> Docs {
    Docs {
        summary: raw.summary.take(),
        description: raw.description.take(),
        deprecated: raw.deprecated,
        deprecation: deprecation(&raw.extensions),
    }
}

/// Returns the operations of webhooks and callbacks, as `normalize` lists them.
pub(super) fn payloads(raw: Value) -> Vec<Payload> {
    let raw = serde_json::from_value::<Vec<oa::Operation>>(raw).unwrap_or_default();
    let payloads = raw.into_iter().map(|mut raw| Payload {
        docs: take_docs(&mut raw),
        name: raw.operation_id.unwrap_or_default(),
        at: source_pointer(&raw.extensions),
        body: raw
            .request_body
            .and_then(|raw| Some(request_body(raw.into_item()?))),
        responses: responses(raw.responses),
    });
    payloads.collect()
}

fn parameter(raw: oa::Parameter) -> Parameter {
    let (data, location, style, allow_reserved) = match raw {
        oa::Parameter::Query {
            parameter_data,
            allow_reserved,
            style,
            ..
        } => (
            parameter_data,
            ParamLocation::Query,
            query_style(&style),
            allow_reserved,
        ),
        oa::Parameter::Header { parameter_data, .. } => (
            parameter_data,
            ParamLocation::Header,
            ParamStyle::Simple,
            false,
        ),
        oa::Parameter::Path {
            parameter_data,
            style,
        } => (
            parameter_data,
            ParamLocation::Path,
            path_style(&style),
            false,
        ),
        oa::Parameter::Cookie { parameter_data, .. } => (
            parameter_data,
            ParamLocation::Cookie,
            ParamStyle::Form,
            false,
        ),
    };
    let has_mark = |key| data.extensions.get(key) == Some(&Value::Bool(true));
    let allow_slash = has_mark("x-allow-slash");
    let reserved = has_mark("x-allow-reserved");
    let text_type_at = text_type_at(&data.format);
    let (schema, mut style) = schema_or_content(data.format, style);
    if data.extensions.get("x-whole-query") == Some(&Value::Bool(true)) {
        style = match style {
            ParamStyle::Json => ParamStyle::QueryJson,
            _ => ParamStyle::QueryText,
        };
    }
    Parameter {
        name: data.name,
        location,
        style,
        explode: data.explode.unwrap_or(style == ParamStyle::Form),
        allow_reserved: allow_reserved || reserved,
        allow_slash,
        required: data.required,
        schema,
        text_type_at,
        docs: Docs {
            deprecation: deprecation(&data.extensions),
            ..docs(data.description.as_ref(), data.deprecated.unwrap_or(false))
        },
        at: source_pointer(&data.extensions),
    }
}

/// Returns the schema of a parameter, and its style: one with a media type that is not JSON is sent as its text.
fn schema_or_content(
    format: oa::ParameterSchemaOrContent,
    style: ParamStyle,
) -> (Option<SchemaRef>, ParamStyle) {
    match format {
        oa::ParameterSchemaOrContent::Schema(schema) => (Some(schema_ref(schema)), style),
        oa::ParameterSchemaOrContent::Content(content) => {
            let Some((media_type, media)) = content.into_iter().next() else {
                return (None, style);
            };
            let style = match MediaKind::of(&media_type) {
                MediaKind::Json => ParamStyle::Json,
                _ => style,
            };
            (media.schema.map(schema_ref), style)
        }
    }
}

/// Returns the pointer to the media type of a parameter, if it is not JSON.
fn text_type_at(format: &oa::ParameterSchemaOrContent) -> Option<Pointer> {
    let oa::ParameterSchemaOrContent::Content(content) = format else {
        return None;
    };
    let (media_type, media) = content.first()?;
    let is_json = MediaKind::of(media_type) == MediaKind::Json;
    (!is_json).then(|| source_pointer(&media.extensions))
}

fn query_style(style: &oa::QueryStyle) -> ParamStyle {
    match style {
        oa::QueryStyle::Form => ParamStyle::Form,
        oa::QueryStyle::SpaceDelimited => ParamStyle::SpaceDelimited,
        oa::QueryStyle::PipeDelimited => ParamStyle::PipeDelimited,
        oa::QueryStyle::DeepObject => ParamStyle::DeepObject,
    }
}

fn path_style(style: &oa::PathStyle) -> ParamStyle {
    match style {
        oa::PathStyle::Matrix => ParamStyle::Matrix,
        oa::PathStyle::Label => ParamStyle::Label,
        oa::PathStyle::Simple => ParamStyle::Simple,
    }
}

fn request_body(raw: oa::RequestBody) -> RequestBody {
    RequestBody {
        required: raw.required,
        content: media_types(raw.content),
        docs: docs(raw.description.as_ref(), false),
        at: source_pointer(&raw.extensions),
    }
}

fn response(raw: oa::Response) -> Response {
    Response {
        content: media_types(raw.content),
        docs: docs(Some(&raw.description), false),
        at: source_pointer(&raw.extensions),
    }
}

fn media_types(content: IndexMap<String, oa::MediaType>) -> Vec<MediaType> {
    content
        .into_iter()
        .map(|(media_type, raw)| MediaType {
            media_type,
            schema: raw.schema.map(schema_ref),
            encoding: raw.encoding.into_iter().map(encoding).collect(),
            at: source_pointer(&raw.extensions),
        })
        .collect()
}

fn encoding((property, mut raw): (String, oa::Encoding)) -> Encoding {
    let nested = raw.extensions.shift_remove("x-encoding");
    let nested =
        nested.and_then(|raw| serde_json::from_value::<IndexMap<String, oa::Encoding>>(raw).ok());
    let nested: Vec<Encoding> = nested.into_iter().flatten().map(encoding).collect();
    let style = raw.style.map(|style| PartStyle {
        style: query_style(&style),
        explode: raw.explode,
        allow_reserved: raw.allow_reserved,
    });
    let headers = raw.headers.into_iter();
    let headers = headers.filter_map(|(name, raw)| Some(part_header(name, raw.into_item()?)));
    Encoding {
        headers: headers.collect(),
        part: PartEncoding {
            property,
            style,
            content_type: raw.content_type,
            nested: nested
                .iter()
                .map(|inner| inner.part.clone())
                .filter(PartEncoding::has_effect)
                .collect(),
            is_required: false,
        },
        nested,
    }
}

fn part_header(name: String, raw: oa::Header) -> Parameter {
    let text_type_at = text_type_at(&raw.format);
    let (schema, style) = schema_or_content(raw.format, ParamStyle::Simple);
    Parameter {
        name,
        location: ParamLocation::Header,
        style,
        explode: false,
        allow_reserved: false,
        allow_slash: false,
        required: raw.required,
        schema,
        text_type_at,
        docs: docs(raw.description.as_ref(), raw.deprecated.unwrap_or(false)),
        at: source_pointer(&raw.extensions),
    }
}

/// Returns the alternative security requirements. Each is a list of schemes that must all be satisfied.
pub(super) fn security_requirements(raw: &[oa::SecurityRequirement]) -> Vec<Vec<String>> {
    raw.iter()
        .map(|all| all.keys().cloned().collect())
        .collect()
}

/// Converts a server. Variables in its URL are replaced by the defaults.
pub(super) fn server(raw: &oa::Server) -> Server {
    let mut url = raw.url.clone();
    for (name, variable) in raw.variables.iter().flatten() {
        url = url.replace(&format!("{{{name}}}"), &variable.default);
    }
    let variables = raw.variables.iter().flatten();
    let variables = variables.map(|(name, variable)| ServerVariable {
        name: name.clone(),
        default: variable.default.clone(),
        values: variable.enumeration.clone(),
        docs: docs(variable.description.as_ref(), false),
    });
    Server {
        template: raw.url.clone(),
        variables: variables.collect(),
        url,
        docs: docs(raw.description.as_ref(), false),
    }
}

/// Converts a security scheme.
pub(super) fn security_scheme(id: &str, raw: &oa::SecurityScheme) -> SecurityScheme {
    let (kind, description) = match raw {
        oa::SecurityScheme::APIKey {
            location,
            name,
            description,
            ..
        } => {
            let location = match location {
                oa::APIKeyLocation::Query => ParamLocation::Query,
                oa::APIKeyLocation::Header => ParamLocation::Header,
                oa::APIKeyLocation::Cookie => ParamLocation::Cookie,
            };
            (
                SecuritySchemeKind::ApiKey {
                    location,
                    name: name.clone(),
                },
                description,
            )
        }
        oa::SecurityScheme::HTTP {
            scheme,
            description,
            ..
        } => {
            let kind = match scheme.to_ascii_lowercase().as_str() {
                "bearer" => SecuritySchemeKind::Bearer,
                "basic" => SecuritySchemeKind::Basic,
                other => SecuritySchemeKind::Other(other.to_owned()),
            };
            (kind, description)
        }
        oa::SecurityScheme::OAuth2 { description, .. }
        | oa::SecurityScheme::OpenIDConnect { description, .. } => {
            (SecuritySchemeKind::Bearer, description)
        }
    };
    SecurityScheme {
        id: id.to_owned(),
        has_flow: matches!(
            raw,
            oa::SecurityScheme::OAuth2 { .. } | oa::SecurityScheme::OpenIDConnect { .. }
        ),
        kind,
        docs: docs(description.as_ref(), false),
    }
}

/// Returns documentation without summary. An empty description counts as absent.
pub(super) fn docs(description: Option<&String>, deprecated: bool) -> Docs {
    let description = description.filter(|text| !text.trim().is_empty()).cloned();
    Docs {
        summary: None,
        description,
        deprecated,
        deprecation: None,
    }
}

/// Returns the pointer to a component.
pub(super) fn component_pointer(section: &str, key: &str) -> Pointer {
    Pointer::root().join("components").join(section).join(key)
}
