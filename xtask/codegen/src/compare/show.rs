//! Types as people read them.

use crate::ir::{Literal, ParamLocation, ParamStyle, SchemeKind};
use crate::plan::{ArgPlan, BodyPlan, Constructor, OutputPlan, RustType};

pub(super) fn ty(ty: &RustType) -> String {
    ty.path("", "").replace("std::collections::", "")
}

/// The types that a method takes, in order.
pub(super) fn args(args: &[ArgPlan]) -> String {
    let types: Vec<String> = args.iter().map(|arg| ty(&arg.ty)).collect();
    format!("({})", types.join(", "))
}

pub(super) fn output(output: &OutputPlan) -> String {
    match output {
        OutputPlan::Json(inner) => ty(inner),
        OutputPlan::OrEmpty(inner) => format!("{} or nothing", ty(inner)),
        OutputPlan::Text => "text".to_owned(),
        OutputPlan::Raw => "bytes".to_owned(),
        OutputPlan::Empty => "nothing".to_owned(),
        OutputPlan::Choice(name, answers) => {
            let answers: Vec<String> = answers
                .iter()
                .map(|answer| match &answer.ty {
                    Some(inner) => format!("{}({})", answer.name, ty(inner)),
                    None => answer.name.clone(),
                })
                .collect();
            format!("{name} {{ {} }}", answers.join(", "))
        }
    }
}

/// How a body travels.
pub(super) fn body(body: &BodyPlan) -> String {
    match &body.media_type {
        Some(media_type) => media_type.clone(),
        None => body.kind.to_owned(),
    }
}

pub(super) fn location(location: ParamLocation) -> &'static str {
    match location {
        ParamLocation::Path => "path",
        ParamLocation::Query => "query",
        ParamLocation::Header => "header",
        ParamLocation::Cookie => "cookie",
    }
}

pub(super) fn style(style: ParamStyle, explode: bool, reserved: bool) -> String {
    let style = match style {
        ParamStyle::Simple => "simple",
        ParamStyle::Label => "label",
        ParamStyle::Matrix => "matrix",
        ParamStyle::Form => "form",
        ParamStyle::SpaceDelimited => "spaceDelimited",
        ParamStyle::PipeDelimited => "pipeDelimited",
        ParamStyle::DeepObject => "deepObject",
        ParamStyle::Json => "JSON",
    };
    let exploded = if explode { ", exploded" } else { "" };
    let reserved = if reserved {
        ", reserved characters as they are"
    } else {
        ""
    };
    format!("{style}{exploded}{reserved}")
}

/// How a credential travels.
pub(super) fn scheme(kind: &SchemeKind) -> String {
    match kind {
        SchemeKind::ApiKey {
            location: place,
            name,
        } => {
            format!("in the {} `{name}`", location(*place))
        }
        SchemeKind::Bearer => "as `Authorization: Bearer`".to_owned(),
        SchemeKind::Basic => "as `Authorization: Basic`".to_owned(),
        SchemeKind::Other(name) => format!("as {name}"),
    }
}

pub(super) fn constructor(takes: Constructor) -> &'static str {
    match takes {
        Constructor::Key => "a key",
        Constructor::Password => "a user's name and password",
    }
}

pub(super) fn literal(value: &Literal) -> String {
    match value {
        Literal::Null => "null".to_owned(),
        Literal::Bool(value) => value.to_string(),
        Literal::Integer(value) => value.to_string(),
        Literal::String(value) => format!("\"{value}\""),
    }
}
