//! Types, bodies, parameter styles and credentials as text for reports.

use crate::ir::{Constraint, Literal, ParamLocation, ParamStyle, SecuritySchemeKind};
use crate::plan::constraints::describe_constraint;
use crate::plan::{ArgPlan, BodyPlan, ClientCredential, OutputPlan, RustType};

/// What becomes required in requests.
pub(super) const NEWLY_REQUIRED: &str =
    "is required in requests: programs that were built before do not send it";

/// Returns a type as it is written in Rust, without paths.
pub(crate) fn type_text(ty: &RustType) -> String {
    ty.to_source("", "").replace("std::collections::", "")
}

/// Returns constraints as the documentation words them.
pub(super) fn constraints_text(constraints: &[Constraint]) -> String {
    let quote = |text: &str| format!("`{text}`");
    let texts = constraints
        .iter()
        .map(|known| describe_constraint(known, quote));
    texts.collect::<Vec<_>>().join(", ")
}

/// Returns the types of a method's arguments, in order.
pub(super) fn argument_types(args: &[ArgPlan]) -> String {
    let types: Vec<String> = args.iter().map(|arg| type_text(&arg.ty)).collect();
    format!("({})", types.join(", "))
}

/// Returns the type of a successful response.
pub(crate) fn output_text(output: &OutputPlan) -> String {
    match output {
        OutputPlan::Json(inner) => type_text(inner),
        OutputPlan::JsonOrEmpty(inner) => format!("{} or nothing", type_text(inner)),
        OutputPlan::Text => "text".to_owned(),
        OutputPlan::Raw => "bytes".to_owned(),
        OutputPlan::Empty => "nothing".to_owned(),
        OutputPlan::ByStatus { name, responses } => {
            let variants: Vec<String> = responses
                .iter()
                .map(|response| match &response.ty {
                    Some(inner) => format!("{}({})", response.name, type_text(inner)),
                    None => response.name.clone(),
                })
                .collect();
            format!("{name} {{ {} }}", variants.join(", "))
        }
    }
}

/// Returns the encoding of a request body: its media type, or the name of the default one.
pub(super) fn body_encoding(body: &BodyPlan) -> String {
    match &body.media_type {
        Some(media_type) => media_type.clone(),
        None => body.kind.as_str().to_owned(),
    }
}

pub(super) fn location_name(location: ParamLocation) -> &'static str {
    match location {
        ParamLocation::Path => "path",
        ParamLocation::Query => "query",
        ParamLocation::Header => "header",
        ParamLocation::Cookie => "cookie",
    }
}

/// Returns the serialization of a parameter, in the terms of OpenAPI.
pub(super) fn parameter_style(style: ParamStyle, explode: bool, reserved: bool) -> String {
    let style = match style {
        ParamStyle::Simple => "simple",
        ParamStyle::Label => "label",
        ParamStyle::Matrix => "matrix",
        ParamStyle::Form => "form",
        ParamStyle::SpaceDelimited => "spaceDelimited",
        ParamStyle::PipeDelimited => "pipeDelimited",
        ParamStyle::DeepObject => "deepObject",
        ParamStyle::Json => "JSON",
        ParamStyle::QueryJson => "the whole query as JSON",
        ParamStyle::QueryText => "the whole query as text",
    };
    let exploded = if explode { ", exploded" } else { "" };
    let reserved = if reserved {
        ", reserved characters allowed"
    } else {
        ""
    };
    format!("{style}{exploded}{reserved}")
}

/// Returns where a credential is sent.
pub(super) fn credential_location(kind: &SecuritySchemeKind) -> String {
    match kind {
        SecuritySchemeKind::ApiKey { location, name } => {
            format!("in the {} `{name}`", location_name(*location))
        }
        SecuritySchemeKind::Bearer => "as `Authorization: Bearer`".to_owned(),
        SecuritySchemeKind::Basic => "as `Authorization: Basic`".to_owned(),
        SecuritySchemeKind::Other(name) => format!("as {name}"),
    }
}

/// Returns the arguments of `Client::new`.
pub(super) fn constructor_arguments(credentials: &[ClientCredential]) -> String {
    let arguments = credentials.iter().map(|credential| match credential {
        ClientCredential::Key { scheme: None, .. } => "an API key".to_owned(),
        ClientCredential::Key { name, .. } => format!("`{name}`"),
        ClientCredential::BasicAuth => "a user name and a password".to_owned(),
    });
    arguments.collect::<Vec<_>>().join(" and ")
}

pub(super) fn literal_text(value: &Literal) -> String {
    match value {
        Literal::Null => "null".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Integer(value) => value.to_string(),
        Literal::Number(value) => value.to_string(),
        Literal::String(value) => format!("\"{value}\""),
    }
}
