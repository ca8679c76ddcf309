//! Operations, parameters, bodies and answers.

use super::{Lower, Place, nullable};
use crate::diag::Code;
use crate::ir::{
    Body, BodyContent, Operation, Param, ParamLocation, Parent, Presence, Primitive, Requirement,
    Response, ResponseContent, Responses, RoleStep, Status, TypeRef,
};
use crate::spec::{self, Media};

/// What a media type asks of the code, in the order in which it is chosen where an operation offers several.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Json,
    Multipart,
    Form,
    Text,
    Bytes,
}

fn kind(media_type: &str) -> Kind {
    let essence = media_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    match essence.as_str() {
        "multipart/form-data" | "multipart/mixed" => Kind::Multipart,
        "application/x-www-form-urlencoded" => Kind::Form,
        "text/json" | "*/*" | "application/*" => Kind::Json,
        essence if essence.ends_with("json") => Kind::Json,
        // Streams of JSON and of events are text to whoever reads them whole.
        "application/jsonl" | "application/x-ndjson" | "application/xml" | "application/yaml" => {
            Kind::Text
        }
        essence if essence.starts_with("text/") || essence.ends_with("+xml") => Kind::Text,
        _ => Kind::Bytes,
    }
}

impl Lower<'_> {
    pub(super) fn operations(&mut self) -> Vec<Operation> {
        let document = self.document;
        document
            .operations
            .iter()
            .enumerate()
            .map(|(index, raw)| self.operation(index, raw))
            .collect()
    }

    fn operation(&mut self, index: usize, raw: &spec::Operation) -> Operation {
        let owner = Parent::Operation(index);
        let mut params: Vec<Param> = raw
            .parameters
            .iter()
            .filter_map(|param| self.param(owner, raw, param))
            .collect();
        // What stands in the path comes first, in the path's order: so people say it, and so it stays whatever the
        // document's order is.
        params.sort_by_key(|param| {
            match param.location {
                ParamLocation::Path => raw.path.find(&format!("{{{}}}", param.wire)),
                _ => None,
            }
            .unwrap_or(usize::MAX)
        });
        Operation {
            id: raw.id.clone(),
            method: raw.method,
            path: raw.path.clone(),
            tags: raw.tags.clone(),
            docs: raw.docs.clone(),
            at: raw.at.clone(),
            params,
            body: raw.body.as_ref().and_then(|body| self.body(owner, body)),
            responses: self.responses(owner, raw),
            security: self.security(raw),
            server: raw.server.clone(),
            paging: None,
            idempotent: false,
        }
    }

    fn param(
        &mut self,
        owner: Parent,
        operation: &spec::Operation,
        raw: &spec::Parameter,
    ) -> Option<Param> {
        if raw.location == ParamLocation::Path
            && !operation.path.contains(&format!("{{{}}}", raw.name))
        {
            let message = format!(
                "the path `{}` has no place for `{}`",
                operation.path, raw.name
            );
            self.diag(Code::UnusedPathParameter, &raw.at, message);
            return None;
        }
        let place = Place::of(owner, RoleStep::Param(raw.name.clone()));
        let ty = match &raw.schema {
            Some(schema) => self.type_of(schema, &place).ty,
            None => TypeRef::Primitive(Primitive::String { format: None }),
        };
        let said = match &raw.schema {
            Some(spec::SchemaRef::Inline(schema)) => Some(schema),
            _ => None,
        };
        Some(Param {
            wire: raw.name.clone(),
            location: raw.location,
            style: raw.style,
            explode: raw.explode,
            allow_reserved: raw.allow_reserved,
            ty,
            presence: Presence::of(raw.required, false),
            default: said.and_then(|schema| schema.default.clone()),
            constraints: said
                .map(|schema| schema.constraints.clone())
                .unwrap_or_default(),
            docs: raw.docs.clone(),
            at: raw.at.clone(),
        })
    }

    fn body(&mut self, owner: Parent, raw: &spec::Body) -> Option<Body> {
        let media = raw
            .content
            .iter()
            .min_by_key(|media| kind(&media.media_type))?;
        let place = Place::of(owner, RoleStep::RequestBody);
        let mut null = false;
        let content = match kind(&media.media_type) {
            Kind::Text => BodyContent::Text,
            Kind::Bytes => BodyContent::Bytes,
            structured => {
                let lowered = media
                    .schema
                    .as_ref()
                    .map(|schema| self.type_of(schema, &place));
                let (ty, nullable) = match lowered {
                    Some(lowered) => (lowered.ty, lowered.nullable),
                    None => (TypeRef::Primitive(Primitive::Any), false),
                };
                null = nullable;
                match structured {
                    Kind::Multipart => BodyContent::Multipart(ty, media.encoding.clone()),
                    Kind::Form => BodyContent::Form(ty),
                    _ if ty == TypeRef::Primitive(Primitive::File) => BodyContent::Bytes,
                    _ => BodyContent::Json(ty),
                }
            }
        };
        Some(Body {
            presence: Presence::of(raw.required, null),
            media_type: sendable(&media.media_type),
            content,
            docs: raw.docs.clone(),
            at: raw.at.clone(),
        })
    }

    fn responses(&mut self, owner: Parent, raw: &spec::Operation) -> Responses {
        let mut sorted: Vec<_> = raw.responses.iter().collect();
        sorted.sort_by_key(|(status, _)| *status);
        let succeeds = |status: Status| match status {
            Status::Code(code) => (200..300).contains(&code),
            Status::Class(class) => class == 2,
            Status::Default => false,
        };
        let none = !sorted.iter().any(|(status, _)| succeeds(*status));
        let mut responses = Responses::default();
        for (status, raw) in sorted {
            let success = succeeds(*status) || none && *status == Status::Default;
            let response = self.response(owner, *status, raw, success);
            let list = if success {
                &mut responses.success
            } else {
                &mut responses.errors
            };
            list.push(response);
        }
        responses
    }

    fn response(
        &mut self,
        owner: Parent,
        status: Status,
        raw: &spec::Response,
        success: bool,
    ) -> Response {
        let written = match status {
            Status::Code(code) => code.to_string(),
            Status::Class(class) => format!("{class}XX"),
            Status::Default => "default".to_owned(),
        };
        let step = if success {
            RoleStep::Response(written)
        } else {
            RoleStep::Error(written)
        };
        let place = Place::of(owner, step);
        let (content, nullable) = self.content(raw, &place);
        Response {
            status,
            content,
            nullable,
            envelope: None,
            docs: raw.docs.clone(),
            at: raw.at.clone(),
        }
    }

    /// What an answer is read as. JSON of which nothing is said stands back where there is something else: FastAPI adds
    /// it to every answer, whatever is really sent.
    fn content(&mut self, raw: &spec::Response, place: &Place) -> (ResponseContent, bool) {
        let mut offered: Vec<&Media> = raw.content.iter().collect();
        offered.sort_by_key(|media| kind(&media.media_type));
        let mut offered = offered.into_iter();
        let Some(first) = offered.next() else {
            return (ResponseContent::Empty, false);
        };
        let answer = self.answer(first, place);
        match (&answer.0, offered.next()) {
            (ResponseContent::Json(TypeRef::Primitive(Primitive::Any)), Some(other)) => {
                self.answer(other, place)
            }
            _ => answer,
        }
    }

    fn answer(&mut self, media: &Media, place: &Place) -> (ResponseContent, bool) {
        match kind(&media.media_type) {
            Kind::Text => (ResponseContent::Text, false),
            Kind::Bytes => (ResponseContent::Bytes, false),
            Kind::Json | Kind::Form | Kind::Multipart => match &media.schema {
                None => (
                    ResponseContent::Json(TypeRef::Primitive(Primitive::Any)),
                    false,
                ),
                Some(schema) => {
                    let lowered = self.type_of(schema, place);
                    if lowered.ty == TypeRef::Primitive(Primitive::File) {
                        return (ResponseContent::Bytes, false);
                    }
                    let null = lowered.nullable;
                    (
                        ResponseContent::Json(if null { lowered.ty } else { nullable(lowered) }),
                        null,
                    )
                }
            },
        }
    }

    fn security(&mut self, raw: &spec::Operation) -> Vec<Requirement> {
        let alternatives = raw.security.as_ref().unwrap_or(&self.document.security);
        let known = |id: &String| self.document.schemes.iter().any(|scheme| scheme.id == *id);
        let undefined: Vec<&String> = alternatives
            .iter()
            .flatten()
            .filter(|id| !known(id))
            .collect();
        let messages: Vec<String> = undefined
            .iter()
            .map(|id| format!("the security scheme `{id}` is not defined"))
            .collect();
        let usable = alternatives.iter().filter(|all| all.iter().all(known));
        let usable = usable.map(|all| Requirement(all.clone())).collect();
        for message in messages {
            self.diag(Code::UndefinedSecurity, &raw.at.join("security"), message);
        }
        usable
    }
}

/// The media type to send: a wildcard is no media type.
fn sendable(media_type: &str) -> String {
    let wild =
        media_type.contains('*') || media_type.chars().any(|c| c.is_control() || !c.is_ascii());
    if wild {
        "application/json".to_owned()
    } else {
        media_type.to_owned()
    }
}
