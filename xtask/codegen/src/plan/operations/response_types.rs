//! Plans the output of an operation: one type for all successful responses, or an enum with a variant for each status.

use super::operation_plan::{AlternativePlan, OutputPlan, ResponsePlan};
use crate::ir::{
    BodyKind, Primitive, Response, ResponseAlternative, ResponseContent, Status, TypeRef,
};
use crate::media_type;
use crate::plan::casing::split_words;
use crate::plan::context::PlanContext;
use crate::plan::docs;
use crate::plan::rust_type::RustType;
use crate::plan::scope::Scope;
use crate::plan::type_size::type_size;

/// The variants of an enum may differ in size by as many bytes (clippy's `large_enum_variant`).
const MAX_SIZE_DIFFERENCE: usize = 200;

/// The content of a response, without its status.
#[derive(Clone, PartialEq)]
enum Content {
    Json(RustType),
    Text,
    Bytes,
    Empty,
}

/// Plans the output. `locked` is the locked name of the enum.
pub(super) fn plan_output(
    cx: &PlanContext<'_>,
    types: &mut Scope,
    locked: Option<&str>,
    request_type: &str,
    success: &[Response],
) -> OutputPlan {
    let contents = success.iter();
    let contents = contents.map(|response| plan_content(cx, &response.content, response.nullable));
    let contents: Vec<Content> = contents.collect();
    let mut distinct: Vec<&Content> = Vec::new();
    for content in &contents {
        if !distinct.contains(&content) {
            distinct.push(content);
        }
    }
    match distinct.as_slice() {
        [] | [Content::Empty] => OutputPlan::Empty,
        [Content::Json(ty)] => OutputPlan::Json(ty.clone()),
        [Content::Text] => OutputPlan::Text,
        [Content::Bytes] => OutputPlan::Raw,
        [Content::Json(ty), Content::Empty] | [Content::Empty, Content::Json(ty)] => {
            OutputPlan::JsonOrEmpty(ty.clone())
        }
        _ => {
            let mut variants = Scope::variants();
            let large = large_variant(cx, success);
            let responses = success
                .iter()
                .zip(contents.iter().enumerate())
                .map(|(response, (index, content))| {
                    let content = match content {
                        Content::Json(ty) if large == Some(index) => {
                            Content::Json(RustType::Box(Box::new(ty.clone())))
                        }
                        content => content.clone(),
                    };
                    plan_variant(&mut variants, response, &content)
                })
                .collect();
            let name = locked.map(str::to_owned);
            let name = name.unwrap_or_else(|| types.claim([format!("{request_type} answer")]));
            OutputPlan::ByStatus { name, responses }
        }
    }
}

/// Returns the index of a response that is much larger than all others, so that its variant is boxed.
fn large_variant(cx: &PlanContext<'_>, success: &[Response]) -> Option<usize> {
    let size = |response: &Response| match &response.content {
        ResponseContent::Json(ty) => type_size(cx.api, ty),
        _ => 0,
    };
    let sizes: Vec<usize> = success.iter().map(size).collect();
    let largest = (0..sizes.len()).max_by_key(|index| sizes.get(*index))?;
    let others = sizes.iter().enumerate();
    let others = others.filter(|(index, _)| *index != largest);
    let second = others.map(|(_, size)| *size).max().unwrap_or_default();
    // A size is an upper bound, and at most twice the real size.
    let difference = sizes.get(largest)?.saturating_sub(second / 2);
    (difference > MAX_SIZE_DIFFERENCE).then_some(largest)
}

fn plan_content(cx: &PlanContext<'_>, content: &ResponseContent, is_nullable: bool) -> Content {
    match content {
        ResponseContent::Empty => Content::Empty,
        ResponseContent::Text => Content::Text,
        ResponseContent::Bytes => Content::Bytes,
        ResponseContent::Json(ty) => {
            let has_null = matches!(
                ty,
                TypeRef::Nullable(_) | TypeRef::Primitive(Primitive::Null | Primitive::Any)
            );
            let rust_type = cx.rust_type(ty);
            Content::Json(if is_nullable && !has_null {
                rust_type.into_option()
            } else {
                rust_type
            })
        }
    }
}

/// Plans the other media types of the successful responses: the first of several with one name.
pub(super) fn plan_alternatives(
    cx: &PlanContext<'_>,
    methods: &mut Scope,
    success: &[Response],
) -> Vec<AlternativePlan> {
    let mut planned: Vec<AlternativePlan> = Vec::new();
    for alternative in success.iter().flat_map(|response| &response.alternatives) {
        let ResponseAlternative {
            media_type,
            content,
            nullable,
        } = alternative;
        if planned.iter().any(|known| known.media_type == *media_type) {
            continue;
        }
        let names = media_type::names(media_type).map(|name| format!("as {}", split_words(&name)));
        let (kind, ty) = kind_and_type(&plan_content(cx, content, *nullable));
        planned.push(AlternativePlan {
            name: methods.claim(names),
            media_type: media_type.clone(),
            kind,
            ty: ty.filter(|_| kind == BodyKind::Json),
        });
    }
    planned
}

fn kind_and_type(content: &Content) -> (BodyKind, Option<RustType>) {
    match content {
        Content::Json(ty) => (BodyKind::Json, Some(ty.clone())),
        Content::Text => (BodyKind::Text, Some(RustType::Builtin("String"))),
        Content::Bytes => (BodyKind::Bytes, Some(RustType::Runtime("Bytes"))),
        Content::Empty => (BodyKind::Empty, None),
    }
}

fn plan_variant(variants: &mut Scope, response: &Response, content: &Content) -> ResponsePlan {
    let (kind, ty) = kind_and_type(content);
    ResponsePlan {
        name: variants.claim([status_name(response.status)]),
        status: response.status,
        kind,
        ty,
        docs: docs::response_docs(response),
    }
}

fn status_name(status: Status) -> String {
    let name = match status {
        Status::Code(200) => "Ok",
        Status::Code(201) => "Created",
        Status::Code(202) => "Accepted",
        Status::Code(204) => "NoContent",
        Status::Code(206) => "Partial",
        Status::Code(207) => "Multi",
        Status::Code(code) => return format!("Status{code}"),
        Status::Class(_) => "Success",
        Status::Default => "Default",
    };
    name.to_owned()
}
