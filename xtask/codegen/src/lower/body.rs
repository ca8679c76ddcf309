//! Request bodies and responses: which media type is used, and what it holds.

use super::lowerer::{ANY, Location, LoweredType, Lowerer};
use crate::ir::{
    Parent, Presence, Primitive, RequestBody, RequestContent, Response, ResponseContent, Responses,
    RoleStep, Status, TypeRef,
};
use crate::spec::{self, MediaType};

/// What a body of a media type holds, the most useful first: where several are offered, the first is used.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum MediaKind {
    Json,
    Multipart,
    Form,
    Text,
    Bytes,
}

impl MediaKind {
    fn of(media: &MediaType) -> Self {
        let essence = media.media_type.split(';').next().unwrap_or_default();
        match essence.trim().to_ascii_lowercase().as_str() {
            "multipart/form-data" | "multipart/mixed" => Self::Multipart,
            "application/x-www-form-urlencoded" => Self::Form,
            "text/json" | "*/*" | "application/*" => Self::Json,
            json if json.ends_with("json") => Self::Json,
            // A stream of JSON values or events is text when it is read as a whole.
            "application/jsonl"
            | "application/x-ndjson"
            | "application/xml"
            | "application/yaml" => Self::Text,
            text if text.starts_with("text/") || text.ends_with("+xml") => Self::Text,
            _ => Self::Bytes,
        }
    }
}

impl Lowerer<'_> {
    pub(super) fn lower_request_body(
        &mut self,
        owner: Parent,
        raw: &spec::RequestBody,
    ) -> Option<RequestBody> {
        let media = raw
            .content
            .iter()
            .min_by_key(|media| MediaKind::of(media))?;
        let location = Location::new(owner, RoleStep::RequestBody);
        let mut is_nullable = false;
        let mut schema_type = || {
            let lowered = self.lower_media_schema(media, &location);
            is_nullable = lowered.is_nullable;
            lowered.ty
        };
        let content = match MediaKind::of(media) {
            MediaKind::Json => match schema_type() {
                TypeRef::Primitive(Primitive::File) => RequestContent::Bytes,
                ty => RequestContent::Json(ty),
            },
            MediaKind::Multipart => {
                RequestContent::Multipart(schema_type(), media.encoding.clone())
            }
            MediaKind::Form => RequestContent::Form(schema_type()),
            MediaKind::Text => RequestContent::Text,
            MediaKind::Bytes => RequestContent::Bytes,
        };
        Some(RequestBody {
            presence: Presence::of(raw.required, is_nullable),
            media_type: concrete_media_type(&media.media_type),
            content,
            docs: raw.docs.clone(),
            at: raw.at.clone(),
        })
    }

    /// The type of a media type's schema; any value if it has none.
    fn lower_media_schema(&mut self, media: &MediaType, location: &Location) -> LoweredType {
        match &media.schema {
            Some(schema) => self.lower_schema(schema, location),
            None => LoweredType::any(false),
        }
    }

    /// Lowers responses, in the order of their status. `default` is a success if no 2xx is declared.
    pub(super) fn lower_responses(
        &mut self,
        owner: Parent,
        raw: &[(Status, spec::Response)],
    ) -> Responses {
        let mut sorted: Vec<_> = raw.iter().collect();
        sorted.sort_by_key(|(status, _)| *status);
        let declares_success = sorted.iter().any(|(status, _)| is_success(*status));
        let mut responses = Responses::default();
        for (status, raw) in sorted {
            if is_success(*status) || !declares_success && *status == Status::Default {
                let step = RoleStep::Response(status_text(*status));
                let response = self.lower_response(*status, raw, &Location::new(owner, step));
                responses.success.push(response);
            } else {
                let step = RoleStep::Error(status_text(*status));
                let response = self.lower_response(*status, raw, &Location::new(owner, step));
                responses.errors.push(response);
            }
        }
        responses
    }

    fn lower_response(
        &mut self,
        status: Status,
        raw: &spec::Response,
        location: &Location,
    ) -> Response {
        let (content, nullable) = self.lower_response_content(&raw.content, location);
        Response {
            status,
            content,
            nullable,
            envelope: None,
            docs: raw.docs.clone(),
            at: raw.at.clone(),
        }
    }

    /// The content of a response, and whether it is nullable. JSON without a schema is used only if nothing else is
    /// offered: FastAPI adds it to every response, independent of what the server sends.
    fn lower_response_content(
        &mut self,
        offered: &[MediaType],
        location: &Location,
    ) -> (ResponseContent, bool) {
        let mut offered: Vec<&MediaType> = offered.iter().collect();
        offered.sort_by_key(|media| MediaKind::of(media));
        let mut offered = offered.into_iter();
        let Some(first) = offered.next() else {
            return (ResponseContent::Empty, false);
        };
        let content = self.lower_response_media(first, location);
        match (&content.0, offered.next()) {
            (ResponseContent::Json(ANY), Some(other)) => self.lower_response_media(other, location),
            _ => content,
        }
    }

    fn lower_response_media(
        &mut self,
        media: &MediaType,
        location: &Location,
    ) -> (ResponseContent, bool) {
        match MediaKind::of(media) {
            MediaKind::Text => (ResponseContent::Text, false),
            MediaKind::Bytes => (ResponseContent::Bytes, false),
            MediaKind::Json | MediaKind::Form | MediaKind::Multipart => {
                let lowered = self.lower_media_schema(media, location);
                match lowered.ty {
                    TypeRef::Primitive(Primitive::File) => (ResponseContent::Bytes, false),
                    ty => (ResponseContent::Json(ty), lowered.is_nullable),
                }
            }
        }
    }
}

fn is_success(status: Status) -> bool {
    match status {
        Status::Code(code) => (200..300).contains(&code),
        Status::Class(class) => class == 2,
        Status::Default => false,
    }
}

/// A status as the document spells it.
fn status_text(status: Status) -> String {
    match status {
        Status::Code(code) => code.to_string(),
        Status::Class(class) => format!("{class}XX"),
        Status::Default => "default".to_owned(),
    }
}

/// The media type to send: JSON for a wildcard, which is a range and no media type.
fn concrete_media_type(media_type: &str) -> String {
    let is_unusable = |c: char| c == '*' || c.is_control() || !c.is_ascii();
    match media_type.contains(is_unusable) {
        true => "application/json".to_owned(),
        false => media_type.to_owned(),
    }
}
