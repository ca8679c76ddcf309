//! Request bodies and responses: which media type is used, and what it holds.

use super::all_of::is_unstructured;
use super::lowerer::{Location, LoweredType, Lowerer};
use super::nullability::element_type;
use crate::ir::{
    Param, Parent, PartEncoding, Presence, Primitive, RequestBody, RequestContent, Response,
    ResponseContent, ResponseStream, Responses, RoleStep, Status, StreamKind, TypeRef,
};
use crate::spec::{self, MediaType, SchemaRef};

/// What a body of a media type holds, the most useful first: where several are offered, the first is used.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum MediaKind {
    Json,
    Multipart,
    Form,
    Lines,
    Events,
    Text,
    Bytes,
}

impl MediaKind {
    fn of(media: &MediaType) -> Self {
        let essence = media.media_type.split(';').next().unwrap_or_default();
        match essence.trim().to_ascii_lowercase().as_str() {
            multipart if multipart.starts_with("multipart/") => Self::Multipart,
            "application/x-www-form-urlencoded" => Self::Form,
            "text/json" | "*/*" | "application/*" => Self::Json,
            "application/jsonl"
            | "application/jsonlines"
            | "application/x-jsonlines"
            | "application/json-lines"
            | "application/x-json-lines"
            | "application/ndjson"
            | "application/x-ndjson"
            | "application/json-seq"
            | "application/stream+json"
                if media.schema.is_some() =>
            {
                Self::Lines
            }
            "text/event-stream" if media.schema.is_some() => Self::Events,
            "application/xml" | "application/yaml" => Self::Text,
            lines if lines.ends_with("ndjson") || lines.ends_with("jsonl") => Self::Text,
            json if json.ends_with("json") => Self::Json,
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
        let media = choose_media_type(&raw.content)?;
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
                RequestContent::Multipart(schema_type(), self.part_encodings(media))
            }
            MediaKind::Form => RequestContent::Form(schema_type(), self.part_encodings(media)),
            MediaKind::Lines => RequestContent::JsonLines(element_type(
                self.lower_media_schema(media, &location.join(RoleStep::Item)),
            )),
            MediaKind::Events | MediaKind::Text => RequestContent::Text,
            MediaKind::Bytes => RequestContent::Bytes,
        };
        let is_bytes = matches!(content, RequestContent::Bytes);
        Some(RequestBody {
            presence: Presence::of(raw.required, is_nullable),
            media_type: concrete_media_type(&media.media_type, is_bytes),
            content,
            docs: raw.docs.clone(),
            at: raw.at.clone(),
        })
    }

    /// Lowers the headers of the parts of a multipart body.
    pub(super) fn lower_part_headers(
        &mut self,
        owner: Parent,
        raw: &spec::RequestBody,
    ) -> Vec<Param> {
        let media = choose_media_type(&raw.content)
            .filter(|one| MediaKind::of(one) == MediaKind::Multipart);
        let mut headers = Vec::new();
        for encoding in media.iter().flat_map(|media| &media.encoding) {
            for header in &encoding.headers {
                // The media type of a part has a keyword of its own.
                if header.name.eq_ignore_ascii_case("content-type") {
                    continue;
                }
                headers.push(Param {
                    part: Some(encoding.part.property.clone()),
                    ..self.lower_param(owner, header)
                });
            }
        }
        headers
    }

    /// The encodings of a form's fields: those of the document, and the media types that properties have themselves.
    fn part_encodings(&self, media: &MediaType) -> Vec<PartEncoding> {
        let declared = media.encoding.iter();
        let mut encodings: Vec<PartEncoding> = declared
            .map(|encoding| encoding.part.clone())
            .filter(|part| part.style.is_some() || part.content_type.is_some())
            .collect();
        let schema = media.schema.iter();
        let schemas = schema.map(|schema| self.effective_schema(schema));
        for schema in schemas {
            for (name, property) in &schema.properties {
                let own = self.effective_schema(property).media_type.clone();
                if own.is_some() && !encodings.iter().any(|known| known.property == *name) {
                    encodings.push(PartEncoding {
                        property: name.clone(),
                        style: None,
                        content_type: own,
                    });
                }
            }
        }
        encodings
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
        let media = choose_media_type(&raw.content);
        let (content, nullable) = match media {
            Some(media) => self.lower_response_media(media, location),
            None => (ResponseContent::Empty, false),
        };
        Response {
            status,
            media_type: media.and_then(|media| accepted_media_type(media, &content)),
            streams: self.lower_streams(&raw.content, location),
            content,
            nullable,
            envelope: None,
            docs: raw.docs.clone(),
            at: raw.at.clone(),
        }
    }

    /// The sequences that a response is offered as: the first of each kind.
    fn lower_streams(&mut self, offered: &[MediaType], location: &Location) -> Vec<ResponseStream> {
        let mut streams: Vec<ResponseStream> = Vec::new();
        for media in offered {
            let kind = match MediaKind::of(media) {
                MediaKind::Lines => StreamKind::Lines,
                MediaKind::Events => StreamKind::Events,
                _ => continue,
            };
            if streams.iter().any(|known| known.kind == kind) {
                continue;
            }
            let item = self.lower_media_schema(media, &location.join(RoleStep::Item));
            streams.push(ResponseStream {
                kind,
                media_type: media.media_type.clone(),
                ty: element_type(item),
            });
        }
        streams
    }

    fn lower_response_media(
        &mut self,
        media: &MediaType,
        location: &Location,
    ) -> (ResponseContent, bool) {
        match MediaKind::of(media) {
            // As a whole, a sequence is text.
            MediaKind::Text | MediaKind::Lines | MediaKind::Events => {
                (ResponseContent::Text, false)
            }
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

/// The media type of a body that is used: the one whose values have the most useful type. JSON without a schema is used
/// only if nothing else is offered: FastAPI adds it to every response, independent of what the server sends.
fn choose_media_type(offered: &[MediaType]) -> Option<&MediaType> {
    offered.iter().min_by_key(|media| {
        let kind = MediaKind::of(media);
        let is_untyped =
            kind == MediaKind::Json && media.schema.as_ref().is_none_or(is_unconstrained);
        (is_untyped, kind, json_rank(&media.media_type))
    })
}

/// The order of JSON media types: a patch describes a change, not the value.
fn json_rank(media_type: &str) -> u8 {
    match media_type.split(';').next().unwrap_or_default().trim() {
        "application/json" => 0,
        "application/json-patch+json" => 2,
        _ => 1,
    }
}

/// Whether a schema allows any value.
fn is_unconstrained(schema: &SchemaRef) -> bool {
    match schema {
        SchemaRef::Named(_) => false,
        SchemaRef::Inline(schema) => schema.json_type.is_none() && is_unstructured(schema),
    }
}

/// The media type to ask for: without the character set, which JSON does not have. `None` for a range with a JSON
/// schema: the decoder supports JSON only.
fn accepted_media_type(media: &MediaType, content: &ResponseContent) -> Option<String> {
    let mut pieces = media.media_type.split(';').map(str::trim);
    let essence = pieces.next().unwrap_or_default().to_ascii_lowercase();
    let is_json = matches!(content, ResponseContent::Json(_));
    let is_unusable = |c: char| c.is_control() || !c.is_ascii();
    if is_json && essence.contains('*') || essence.contains(is_unusable) {
        return None;
    }
    let is_charset = |piece: &&str| piece.to_ascii_lowercase().starts_with("charset");
    let parameters = pieces.filter(|piece| !piece.is_empty() && !is_charset(piece));
    let parameters: String = parameters.map(|piece| format!(";{piece}")).collect();
    Some(essence + &parameters).filter(|text| !text.contains(is_unusable))
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

/// The media type to send: the default of the encoding for a range such as `image/*`.
fn concrete_media_type(media_type: &str, is_bytes: bool) -> String {
    let is_unusable = |c: char| c == '*' || c.is_control() || !c.is_ascii();
    match (media_type.contains(is_unusable), is_bytes) {
        (true, true) => "application/octet-stream".to_owned(),
        (true, false) if media_type.starts_with("text/") => "text/plain".to_owned(),
        (true, false) => "application/json".to_owned(),
        (false, _) => media_type.to_owned(),
    }
}
