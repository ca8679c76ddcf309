//! Request bodies and responses: what their media types hold.

use super::lowerer::{Location, LoweredType, Lowerer};
use super::media_types::{RankedMediaTypes, accepted_media_type, concrete_media_type};
use super::nullability::{element_type, presence};
use crate::ir::{
    Parent, Presence, Primitive, RequestBody, RequestContent, Response, ResponseAlternative,
    ResponseContent, ResponseStream, Responses, RoleStep, Status, StreamKind, TypeRef,
};
use crate::media_type::{self, MediaKind};
use crate::spec::{self, MediaType};

impl Lowerer<'_> {
    /// Lowers a request body of one of its media types.
    pub(super) fn lower_request_body(
        &mut self,
        owner: Parent,
        raw: &spec::RequestBody,
        media: &MediaType,
    ) -> RequestBody {
        let location = Location::new(owner, RoleStep::RequestBody);
        let kind = MediaKind::of(&media.media_type);
        // Only JSON has a null.
        let mut body_presence = Presence::of(raw.required, false);
        let content = match kind {
            MediaKind::Json => match self.lower_media_schema(media, &location) {
                lowered if is_file(&lowered.ty) => RequestContent::Bytes,
                lowered => {
                    body_presence = presence(raw.required, &lowered);
                    RequestContent::Json(lowered.ty)
                }
            },
            MediaKind::Multipart | MediaKind::Form if self.has_form_fields(media) => {
                let lowered = self.lower_media_schema(media, &location);
                // Null is the absence of a form.
                body_presence = Presence::of(raw.required && !lowered.is_nullable, false);
                let parts = self.part_encodings(media);
                match kind {
                    MediaKind::Form => RequestContent::Form(lowered.ty, parts),
                    _ => RequestContent::Multipart(lowered.ty, parts),
                }
            }
            MediaKind::Lines if media.schema.is_some() => RequestContent::JsonLines(element_type(
                self.lower_media_schema(media, &location.join(RoleStep::Item)),
            )),
            MediaKind::Lines | MediaKind::Events | MediaKind::Text | MediaKind::Form => {
                self.add_untyped(media);
                RequestContent::Text
            }
            MediaKind::Bytes | MediaKind::Multipart => {
                self.add_untyped(media);
                RequestContent::Bytes
            }
        };
        let is_bytes = matches!(content, RequestContent::Bytes);
        RequestBody {
            presence: body_presence,
            media_type: concrete_media_type(&media.media_type, is_bytes),
            content,
            docs: raw.docs.clone(),
            at: raw.at.clone(),
        }
    }

    /// Notes the schema of a body that is read and sent as text or bytes, unless it describes text.
    fn add_untyped(&mut self, media: &MediaType) {
        if !self.is_text(media) {
            let keywords = ["schema", "itemSchema"].into_iter();
            let parts = keywords.map(|keyword| media.at.join(keyword));
            self.unused_parts.extend(parts);
        }
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
            let step = response_step(*status, !declares_success);
            let list = match step {
                RoleStep::Response(_) => &mut responses.success,
                _ => &mut responses.errors,
            };
            list.push(self.lower_response(*status, raw, &Location::new(owner, step)));
        }
        responses
    }

    fn lower_response(
        &mut self,
        status: Status,
        raw: &spec::Response,
        location: &Location,
    ) -> Response {
        let RankedMediaTypes {
            first,
            others,
            unused,
        } = self.rank_media_types(&raw.content);
        self.add_unused(&unused);
        let (content, nullable) = match first {
            Some(media) => self.lower_response_media(media, location),
            None => (ResponseContent::Empty, false),
        };
        let is_json = matches!(content, ResponseContent::Json(_));
        Response {
            status,
            media_type: first.and_then(|media| accepted_media_type(media, is_json)),
            streams: self.lower_streams(first.into_iter().chain(others.iter().copied()), location),
            alternatives: self.lower_alternatives(&others, location),
            content,
            nullable,
            envelope: None,
            docs: raw.docs.clone(),
            at: raw.at.clone(),
        }
    }

    /// The sequences that a response is offered as: the first of each kind.
    fn lower_streams<'m>(
        &mut self,
        offered: impl Iterator<Item = &'m MediaType>,
        location: &Location,
    ) -> Vec<ResponseStream> {
        let mut streams: Vec<ResponseStream> = Vec::new();
        for media in offered.filter(|media| media.schema.is_some()) {
            let kind = match MediaKind::of(&media.media_type) {
                MediaKind::Lines => StreamKind::Lines,
                MediaKind::Events => StreamKind::Events,
                _ => continue,
            };
            if streams.iter().any(|known| known.kind == kind) {
                self.add_unused(&[media]);
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

    /// The other media types that a response is offered as. Those of an error are not used: it has one type.
    fn lower_alternatives(
        &mut self,
        others: &[&MediaType],
        location: &Location,
    ) -> Vec<ResponseAlternative> {
        let is_error = matches!(location.steps.first(), Some(RoleStep::Error(_)));
        let mut alternatives: Vec<ResponseAlternative> = Vec::new();
        for media in others {
            let kind = MediaKind::of(&media.media_type);
            if kind.is_sequence() && media.schema.is_some() {
                continue;
            }
            let accepted = accepted_media_type(media, kind == MediaKind::Json);
            let is_known = |accepted: &String| {
                let mut known = alternatives.iter();
                known.any(|known| known.media_type == *accepted)
            };
            let Some(accepted) = accepted.filter(|accepted| !is_error && !is_known(accepted))
            else {
                self.add_unused(&[media]);
                continue;
            };
            let [name, _] = media_type::names(&media.media_type);
            let location = location.join(RoleStep::MediaType(name));
            let (content, nullable) = self.lower_response_media(media, &location);
            alternatives.push(ResponseAlternative {
                media_type: accepted,
                content,
                nullable,
            });
        }
        alternatives
    }

    fn lower_response_media(
        &mut self,
        media: &MediaType,
        location: &Location,
    ) -> (ResponseContent, bool) {
        match MediaKind::of(&media.media_type) {
            MediaKind::Json => {
                let lowered = self.lower_media_schema(media, location);
                match is_file(&lowered.ty) {
                    true => (ResponseContent::Bytes, false),
                    false => (ResponseContent::Json(lowered.ty), lowered.is_nullable),
                }
            }
            // As a whole, a sequence is text.
            MediaKind::Lines | MediaKind::Events => (ResponseContent::Text, false),
            MediaKind::Text | MediaKind::Form => {
                self.add_untyped(media);
                (ResponseContent::Text, false)
            }
            // The parts of a response are not decoded.
            MediaKind::Bytes | MediaKind::Multipart => {
                self.add_untyped(media);
                (ResponseContent::Bytes, false)
            }
        }
    }

    /// Returns the type of a body that the API sends or expects; `None` for text and bytes.
    pub(super) fn lower_payload(
        &mut self,
        media: &MediaType,
        location: &Location,
    ) -> Option<TypeRef> {
        match MediaKind::of(&media.media_type) {
            MediaKind::Text | MediaKind::Bytes | MediaKind::Multipart => {
                self.add_untyped(media);
                None
            }
            MediaKind::Json | MediaKind::Form | MediaKind::Lines | MediaKind::Events => {
                Some(element_type(self.lower_media_schema(media, location)))
            }
        }
    }

    /// Notes media types that are not generated.
    pub(super) fn add_unused(&mut self, media_types: &[&MediaType]) {
        let pointers = media_types.iter().map(|media| media.at.clone());
        self.unused_parts.extend(pointers);
    }
}

/// Returns the role of a response: a success or an error. `default` is a success where no other one is declared.
pub(super) fn response_step(status: Status, is_default_success: bool) -> RoleStep {
    let is_success = is_success(status) || is_default_success && status == Status::Default;
    match is_success {
        true => RoleStep::Response(status_text(status)),
        false => RoleStep::Error(status_text(status)),
    }
}

/// Returns whether a JSON body is bytes: its schema has `format: binary`.
fn is_file(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::Primitive(Primitive::File))
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
