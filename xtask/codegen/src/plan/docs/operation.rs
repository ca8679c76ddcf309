//! Documentation of operations.

use super::items::text_or_else;
use super::markdown::{inline_code, markdown_line};
use crate::ir::{
    NextPage, Operation, PageSelector, Pagination, Response, ResponseContent, Status, TypeRef,
};
use crate::plan::casing::capitalize;
use crate::plan::context::PlanContext;

/// Returns the documentation of an operation without its later sections.
pub(in crate::plan) fn operation_docs(operation: &Operation) -> Vec<String> {
    let mut lines = text_or_else(&operation.docs, || None);
    if !lines.is_empty() {
        lines.push(String::new());
    }
    let request_line = format!("{} {}", operation.method.as_str(), operation.path);
    let body = operation.body.as_ref().filter(|_| operation.is_variant);
    let media_type = body.map(|body| format!(" with a body of {}", inline_code(&body.media_type)));
    lines.push(inline_code(&request_line) + media_type.as_deref().unwrap_or_default());
    lines.extend(label_lines(operation));
    if let [_, others @ ..] = operation.servers.as_slice()
        && !others.is_empty()
    {
        let urls = others.iter().map(|server| inline_code(&server.template));
        let urls: Vec<String> = urls.collect();
        lines.push(String::new());
        lines.push(format!(
            "Other servers, for `RequestExt::base_url`: {}.",
            urls.join(", ")
        ));
    }
    lines
}

/// Returns a paragraph for each kind of label: `Badge: Beta, Preview.`
fn label_lines(operation: &Operation) -> Vec<String> {
    let mut kinds: Vec<&str> = Vec::new();
    for label in &operation.labels {
        if !kinds.contains(&label.kind.as_str()) {
            kinds.push(&label.kind);
        }
    }
    let paragraphs = kinds.iter().flat_map(|kind| {
        let labels = operation.labels.iter();
        let own = labels.filter(|label| label.kind == **kind);
        let texts: Vec<String> = own.map(|label| markdown_line(&label.text)).collect();
        let kind = capitalize(&markdown_line(kind));
        [String::new(), format!("{kind}: {}.", texts.join(", "))]
    });
    paragraphs.collect()
}

/// Returns the section about the errors of an operation.
pub(in crate::plan) fn error_docs(cx: &PlanContext<'_>, operation: &Operation) -> Vec<String> {
    let mut lines = vec![String::new(), "# Errors".to_owned(), String::new()];
    let errors = &operation.responses.errors;
    lines.extend(errors.iter().map(|response| error_item(cx, response)));
    if errors.is_empty() {
        lines.push("On a non-success status, a transport error or an undecodable body.".to_owned());
    }
    lines
}

/// Returns the list item of an error response.
fn error_item(cx: &PlanContext<'_>, response: &Response) -> String {
    let status = status_text(response.status);
    let description = description_suffix(response);
    match &response.content {
        ResponseContent::Json(TypeRef::Named(id)) => {
            let name = cx.type_name(*id);
            format!("- {status} ([`{name}`](crate::models::{name})){description}.")
        }
        _ => format!("- {status}{description}."),
    }
}

/// Returns the documentation of a successful response.
pub(in crate::plan) fn response_docs(response: &Response) -> String {
    let status = status_text(response.status);
    format!("{status}{}.", description_suffix(response))
}

/// Returns the text of a status.
pub(in crate::plan) fn status_text(status: Status) -> String {
    match status {
        Status::Code(code) => code.to_string(),
        Status::Class(class) => format!("{class}xx"),
        Status::Default => "Any other status".to_owned(),
    }
}

/// Returns the description of a response after a colon, if it has one.
fn description_suffix(response: &Response) -> String {
    let description = response.docs.description.as_deref().map(markdown_line);
    let description = description.filter(|text| !text.is_empty());
    description
        .map(|text| format!(": {}", text.trim_end_matches('.')))
        .unwrap_or_default()
}

/// Returns how the next page is requested, in one sentence.
pub(crate) fn pagination_rule(pagination: &Pagination) -> String {
    let position = |start: &PageSelector| match start {
        PageSelector::Query(name) => inline_code(name),
        PageSelector::Body(path) => inline_code(&path.join(".")),
    };
    match &pagination.next {
        NextPage::Token { start, next, .. } => format!(
            "The next request takes {} from {} of the response, until it is absent.",
            position(start),
            inline_code(&next.join("."))
        ),
        NextPage::LastItem { start, next, .. } => format!(
            "The next request takes {} from {} of the last item, until a page is empty.",
            position(start),
            inline_code(&next.join("."))
        ),
        NextPage::Offset { start } => format!(
            "Each request increases {} by the number of items received, until a page is empty.",
            position(start)
        ),
        NextPage::Number { start, total, .. } => match total {
            Some(total) => format!(
                "Each request increments {}, up to {} of the response.",
                position(start),
                inline_code(&total.join("."))
            ),
            None => format!(
                "Each request increments {}, until a page is empty.",
                position(start)
            ),
        },
        NextPage::Link => {
            "The `Link` header of a response has the URL of the next page.".to_owned()
        }
    }
}

/// Returns the section about the pages of an operation.
pub(in crate::plan) fn pagination_docs(pagination: &Pagination, request_type: &str) -> Vec<String> {
    vec![
        String::new(),
        "# Pages".to_owned(),
        String::new(),
        format!(
            "The response is one page of a list. [`pages`]({request_type}::pages) requests all pages,"
        ),
        format!("[`items`]({request_type}::items) returns the items of all pages one by one."),
        pagination_rule(pagination),
    ]
}
