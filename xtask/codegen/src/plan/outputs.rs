//! What comes back: one type for all successes, or an enum of them by status.

use super::scope::Scope;
use super::types::RustType;
use super::{Cx, text};
use crate::ir::{BodyKind, Primitive, Response, ResponseContent, Status, TypeRef};

/// What comes back.
#[derive(Clone, Debug)]
pub enum OutputPlan {
    /// JSON.
    Json(RustType),
    /// JSON, or nothing.
    OrEmpty(RustType),
    /// Text.
    Text,
    /// Bytes.
    Raw,
    /// Nothing.
    Empty,
    /// One of several, by status: the enum's name and its variants.
    Choice(String, Vec<ResponsePlan>),
}

/// One of several answers.
#[derive(Clone, Debug)]
pub struct ResponsePlan {
    /// The variant.
    pub name: String,
    /// The status.
    pub status: Status,
    /// How it is encoded.
    pub kind: BodyKind,
    /// What it holds.
    pub ty: Option<RustType>,
    /// Its words.
    pub docs: String,
}

/// One kind of answer, whatever its status.
#[derive(Clone, PartialEq)]
enum Answer {
    Json(RustType),
    Text,
    Bytes,
    Nothing,
}

fn answer(cx: &Cx<'_>, response: &Response) -> Answer {
    match &response.content {
        ResponseContent::Empty => Answer::Nothing,
        ResponseContent::Text => Answer::Text,
        ResponseContent::Bytes => Answer::Bytes,
        ResponseContent::Json(ty) => {
            let plain = cx.rust(ty);
            let can_be_null = response.nullable
                && !matches!(
                    ty,
                    TypeRef::Nullable(_) | TypeRef::Primitive(Primitive::Null | Primitive::Any)
                );
            Answer::Json(if can_be_null {
                RustType::Option(Box::new(plain))
            } else {
                plain
            })
        }
    }
}

pub(super) fn output(
    cx: &Cx<'_>,
    requests: &mut Scope,
    kept: Option<&str>,
    request: &str,
    success: &[Response],
) -> OutputPlan {
    let answers: Vec<Answer> = success
        .iter()
        .map(|response| answer(cx, response))
        .collect();
    let mut distinct: Vec<&Answer> = Vec::new();
    for answer in &answers {
        if !distinct.contains(&answer) {
            distinct.push(answer);
        }
    }
    match distinct.as_slice() {
        [] | [Answer::Nothing] => OutputPlan::Empty,
        [Answer::Json(ty)] => OutputPlan::Json(ty.clone()),
        [Answer::Text] => OutputPlan::Text,
        [Answer::Bytes] => OutputPlan::Raw,
        [Answer::Json(ty), Answer::Nothing] | [Answer::Nothing, Answer::Json(ty)] => {
            OutputPlan::OrEmpty(ty.clone())
        }
        _ => {
            let mut scope = Scope::variants();
            let variants = success
                .iter()
                .zip(&answers)
                .map(|(raw, answer)| choice(&mut scope, raw, answer))
                .collect();
            let name = kept.map(str::to_owned);
            let name = name.unwrap_or_else(|| requests.claim([format!("{request} answer")]));
            OutputPlan::Choice(name, variants)
        }
    }
}

fn choice(scope: &mut Scope, response: &Response, answer: &Answer) -> ResponsePlan {
    let (status, name) = match response.status {
        Status::Code(200) => ("200".to_owned(), "Ok".to_owned()),
        Status::Code(201) => ("201".to_owned(), "Created".to_owned()),
        Status::Code(202) => ("202".to_owned(), "Accepted".to_owned()),
        Status::Code(204) => ("204".to_owned(), "NoContent".to_owned()),
        Status::Code(206) => ("206".to_owned(), "Partial".to_owned()),
        Status::Code(207) => ("207".to_owned(), "Multi".to_owned()),
        Status::Code(code) => (code.to_string(), format!("Status{code}")),
        Status::Class(class) => (format!("{class}xx"), "Success".to_owned()),
        Status::Default => ("Any other status".to_owned(), "Default".to_owned()),
    };
    let (kind, ty) = match answer {
        Answer::Json(ty) => (BodyKind::Json, Some(ty.clone())),
        Answer::Text => (BodyKind::Text, Some(RustType::Plain("String"))),
        Answer::Bytes => (BodyKind::Bytes, Some(RustType::Runtime("Bytes"))),
        Answer::Nothing => (BodyKind::Empty, None),
    };
    let why = response
        .docs
        .description
        .as_deref()
        .map(text::line)
        .filter(|why| !why.is_empty());
    let docs = format!(
        "{status}{}.",
        why.map(|why| format!(": {}", why.trim_end_matches('.')))
            .unwrap_or_default()
    );
    ResponsePlan {
        name: scope.claim([name]),
        status: response.status,
        kind,
        ty,
        docs,
    }
}
