//! Answers that come in pages: where a request and its answer say so, in Rust.

use super::models;
use super::operations::MethodPlan;
use super::outputs::OutputPlan;
use super::types::RustType;
use super::{Cx, text};
use crate::ir::{
    BodyContent, Operation, PageStart, Paging, PagingStyle, ParamLocation, ResponseContent, Shape,
    TypeId, TypeRef,
};

/// How an answer comes in pages. A place is a path of fields, a `?` after each that may be nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagesPlan {
    /// `cursor`, `after`, `offset`, `page`: what the request says, and where. Nothing for `Link` headers.
    pub start: Option<(&'static str, String)>,
    /// The number of the first page, where it is not 1.
    pub first: Option<u32>,
    /// Where the answer says what the next request starts with; where it starts `after` an item, the place in that.
    pub next: Option<String>,
    /// Where the answer says whether there is more.
    pub more: Option<String>,
    /// Where the items stand, if they are not the answer itself.
    pub items: Option<String>,
    /// What the items are.
    pub item: RustType,
}

/// How the answer of an operation comes in pages, and the words for it.
pub(super) fn pages(
    cx: &Cx<'_>,
    operation: &Operation,
    plan: &MethodPlan,
) -> Option<(PagesPlan, Vec<String>)> {
    let paging = operation.paging.as_ref()?;
    let answer = operation.responses.success.iter();
    let answer = answer.filter_map(|response| match &response.content {
        ResponseContent::Json(ty) => Some(ty),
        _ => None,
    });
    let answer = answer.take(1).last()?;
    let root = root(&plan.output)?;
    let place = |path: &[String]| walk(cx, root.clone(), answer, path);
    let start = |start: &PageStart| request(cx, operation, plan, start);
    let (items, last) = place(&paging.items)?;
    let mut made = PagesPlan {
        start: None,
        first: None,
        next: None,
        more: None,
        items: (!paging.items.is_empty()).then_some(items),
        item: cx.rust(item(cx, last)?),
    };
    match &paging.style {
        PagingStyle::Token {
            start: at,
            next,
            more,
        } => {
            made.start = Some(("cursor", start(at)?));
            made.next = Some(place(next)?.0);
            made.more = match more {
                Some(more) => Some(place(more)?.0),
                None => None,
            };
        }
        PagingStyle::LastItem {
            start: at,
            next,
            more,
        } => {
            made.start = Some(("after", start(at)?));
            let mark = if matches!(made.item, RustType::Option(_)) {
                "?"
            } else {
                ""
            };
            made.next = Some(walk(cx, mark.to_owned(), item(cx, last)?, next)?.0);
            made.more = match more {
                Some(more) => Some(place(more)?.0),
                None => None,
            };
        }
        PagingStyle::Offset { start: at } => made.start = Some(("offset", start(at)?)),
        PagingStyle::Number { start: at, first } => {
            made.start = Some(("page", start(at)?));
            made.first = Some(*first).filter(|first| *first != 1);
        }
        PagingStyle::Link => {}
    }
    Some((made, words(paging, &plan.request)))
}

/// How the path into an answer starts.
fn root(output: &OutputPlan) -> Option<String> {
    let nullable = |ty: &RustType| matches!(ty, RustType::Option(_));
    let marks = match output {
        OutputPlan::Json(ty) => usize::from(nullable(ty)),
        OutputPlan::OrEmpty(ty) => 1 + usize::from(nullable(ty)),
        _ => return None,
    };
    Some("?".repeat(marks))
}

fn request(
    cx: &Cx<'_>,
    operation: &Operation,
    plan: &MethodPlan,
    start: &PageStart,
) -> Option<String> {
    match start {
        PageStart::Query(wire) => {
            let mut params = plan.params.iter();
            let param = params
                .find(|param| param.wire == *wire && param.location == ParamLocation::Query)?;
            Some(param.name.clone())
        }
        PageStart::Body(path) => {
            let body = plan.body.as_ref()?;
            let BodyContent::Json(ty) = &operation.body.as_ref()?.content else {
                return None;
            };
            let mark = if matches!(body.ty, RustType::Option(_)) {
                "?"
            } else {
                ""
            };
            Some(walk(cx, format!("{}{mark}", body.name), ty, path)?.0)
        }
    }
}

/// The path in Rust, and the type at its end.
fn walk<'t>(
    cx: &'t Cx<'_>,
    mut path: String,
    from: &'t TypeRef,
    steps: &[String],
) -> Option<(String, &'t TypeRef)> {
    let mut ty = from;
    for (index, step) in steps.iter().enumerate() {
        let id = named(cx, ty)?;
        let Shape::Struct(object) = &cx.api.types.get(id).shape else {
            return None;
        };
        let planned = models::field(cx, id, step)?;
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&planned.name);
        let may_be_nothing = matches!(planned.ty, RustType::Option(_) | RustType::Patch(_));
        if may_be_nothing && index + 1 < steps.len() {
            path.push('?');
        }
        ty = &object.fields.iter().find(|field| field.wire == *step)?.ty;
    }
    Some((path, ty))
}

/// The type behind aliases.
fn named(cx: &Cx<'_>, ty: &TypeRef) -> Option<TypeId> {
    let TypeRef::Named(id) = ty else { return None };
    match &cx.api.types.get(*id).shape {
        Shape::Alias(target) => named(cx, target),
        _ => Some(*id),
    }
}

fn item<'t>(cx: &'t Cx<'_>, list: &'t TypeRef) -> Option<&'t TypeRef> {
    match list {
        TypeRef::List(item) => Some(item),
        TypeRef::Named(id) => match &cx.api.types.get(*id).shape {
            Shape::Alias(target) => item(cx, target),
            _ => None,
        },
        _ => None,
    }
}

fn words(paging: &Paging, request: &str) -> Vec<String> {
    let sent = |start: &PageStart| match start {
        PageStart::Query(name) => text::code(name),
        PageStart::Body(path) => text::code(&path.join(".")),
    };
    let how = match &paging.style {
        PagingStyle::Token { start, next, .. } => format!(
            "{} of an answer is the {} of the next request, until there is none.",
            text::code(&next.join(".")),
            sent(start)
        ),
        PagingStyle::LastItem { start, next, .. } => format!(
            "{} of the last item of an answer is the {} of the next request, until a page is empty.",
            text::code(&next.join(".")),
            sent(start)
        ),
        PagingStyle::Offset { start } => format!(
            "{} grows by the items that came, until a page is empty.",
            sent(start)
        ),
        PagingStyle::Number { start, .. } => {
            format!("{} counts up, until a page is empty.", sent(start))
        }
        PagingStyle::Link => "The header `Link` leads from one to the next.".to_owned(),
    };
    vec![
        String::new(),
        "# Pages".to_owned(),
        String::new(),
        format!(
            "The answer is one page of several: [`pages`]({request}::pages) asks for them all, and"
        ),
        format!("[`items`]({request}::items) gives what is in them, one at a time."),
        how,
    ]
}
