//! Operations, their parameters and their security requirements.

use super::body::response_step;
use super::lowerer::{ANY, Location, Lowerer};
use crate::diag::Code;
use crate::ir::{
    Docs, Label, Operation, Param, ParamLocation, ParamStyle, Parent, Payload, Pointer, Presence,
    Primitive, RoleStep, SecurityRequirement, SecuritySchemeKind, Status, TypeRef,
};
use crate::spec::{self, MediaType, SchemaRef};

/// The kind of the tags that are resources.
const NAVIGATION: &str = "nav";

impl Lowerer<'_> {
    /// Lowers every operation, in document order. One whose body has several media types is followed by a variant for
    /// each further one.
    pub(super) fn lower_operations(&mut self) -> Vec<Operation> {
        let document = self.document;
        let mut operations: Vec<Operation> = Vec::new();
        for raw in &document.operations {
            let owner = Parent::Operation(operations.len());
            let mut variants = Vec::new();
            let operation = self.lower_operation(owner, raw);
            if let Some(body) = &raw.body {
                let ranked = self.rank_media_types(&body.content);
                self.add_unused(&ranked.unused);
                for (index, media) in ranked.others.iter().enumerate() {
                    let owner = Parent::Operation(operations.len() + 1 + index);
                    variants.push(self.lower_variant(owner, &operation, body, media));
                }
            }
            operations.push(operation);
            operations.extend(variants);
        }
        operations
    }

    /// Lowers what the API sends to webhooks and callbacks, and the responses that it expects.
    pub(super) fn lower_payloads(&mut self) -> Vec<Payload> {
        let document = self.document;
        let mut payloads: Vec<Payload> = Vec::new();
        for raw in &document.payloads {
            let mut add = |status: Option<Status>, content: &[MediaType], docs: &Docs| {
                let step = match status {
                    Some(status) => response_step(status, false),
                    None => RoleStep::Payload,
                };
                let location = Location::new(Parent::Payload(payloads.len()), step);
                payloads.push(Payload {
                    name: raw.name.clone(),
                    status,
                    ty: self.lower_payload_content(content, &location),
                    docs: docs.clone(),
                    at: raw.at.clone(),
                });
            };
            if let Some(body) = &raw.body {
                add(None, &body.content, &raw.docs);
            }
            let responses = raw.responses.iter();
            for (status, response) in responses.filter(|(_, one)| !one.content.is_empty()) {
                add(Some(*status), &response.content, &response.docs);
            }
        }
        payloads
    }

    fn lower_payload_content(
        &mut self,
        content: &[MediaType],
        location: &Location,
    ) -> Option<TypeRef> {
        let ranked = self.rank_media_types(content);
        self.add_unused(&ranked.unused);
        self.add_unused(&ranked.others);
        self.lower_payload(ranked.first?, location)
    }

    /// Returns the tags of an operation that are not for navigation.
    fn lower_labels(&self, raw: &spec::Operation) -> Vec<Label> {
        let labels = raw.tags.iter().filter_map(|name| {
            let tag = self.document.tags.iter().find(|tag| tag.name == *name)?;
            let kind = tag.kind.as_ref().filter(|kind| *kind != NAVIGATION)?;
            Some(Label {
                kind: kind.clone(),
                text: tag.docs.summary.as_ref().unwrap_or(name).clone(),
            })
        });
        labels.collect()
    }

    /// Returns the tags of an operation that are for navigation: those without a kind, too.
    fn lower_tags(&self, raw: &spec::Operation) -> Vec<String> {
        let is_for_navigation = |name: &&String| {
            let mut tags = self.document.tags.iter();
            let kind = tags.find_map(|tag| (tag.name == **name).then_some(tag.kind.as_deref()));
            kind.flatten().is_none_or(|kind| kind == NAVIGATION)
        };
        raw.tags.iter().filter(is_for_navigation).cloned().collect()
    }

    fn lower_operation(&mut self, owner: Parent, raw: &spec::Operation) -> Operation {
        let security = self.lower_security(raw);
        let mut params: Vec<Param> = Vec::new();
        for param in &raw.parameters {
            if self.has_place(&raw.path, param) && !self.is_credential(&security, param) {
                params.push(self.lower_param(owner, param));
            }
        }
        // The variables of the path come first, in its order: this is how an operation is read, and it does not depend
        // on the order of the document.
        params.sort_by_key(|param| match param.location {
            ParamLocation::Path => path_position(&raw.path, &param.wire_name).unwrap_or(usize::MAX),
            _ => usize::MAX,
        });
        let body = raw.body.as_ref();
        let body = body.and_then(|body| Some((body, self.rank_media_types(&body.content).first?)));
        let body = body.map(|(body, media)| {
            params.extend(self.lower_part_headers(owner, media));
            self.lower_request_body(owner, body, media)
        });
        Operation {
            id: raw.id.clone(),
            method: raw.method.clone(),
            path: raw.path.clone(),
            tags: self.lower_tags(raw),
            labels: self.lower_labels(raw),
            docs: raw.docs.clone(),
            at: raw.at.clone(),
            params,
            body,
            is_variant: false,
            responses: self.lower_responses(owner, &raw.responses),
            security,
            servers: raw.servers.clone(),
            pagination: None,
            idempotent: false,
        }
    }

    /// Returns an operation with a body of another media type.
    fn lower_variant(
        &mut self,
        owner: Parent,
        operation: &Operation,
        body: &spec::RequestBody,
        media: &MediaType,
    ) -> Operation {
        let params = operation.params.iter();
        let mut params: Vec<Param> = params
            .filter(|param| param.part.is_none())
            .cloned()
            .collect();
        params.extend(self.lower_part_headers(owner, media));
        let content = operation.at.join("requestBody").join("content");
        Operation {
            params,
            body: Some(self.lower_request_body(owner, body, media)),
            is_variant: true,
            at: content.join(&media.media_type),
            ..operation.clone()
        }
    }

    /// Whether a parameter can be sent. Reports one of the path that the path has no place for.
    fn has_place(&mut self, path: &str, raw: &spec::Parameter) -> bool {
        let is_missing =
            raw.location == ParamLocation::Path && path_position(path, &raw.name).is_none();
        if is_missing {
            let message = format!(
                "the path `{path}` has no place for `{}`; the parameter is left out",
                raw.name
            );
            self.report(Code::UnusedPathParameter, &raw.at, message);
        }
        !is_missing
    }

    /// Whether a parameter repeats an API key that the operation accepts: the client sends that as the credential.
    fn is_credential(&self, security: &[SecurityRequirement], raw: &spec::Parameter) -> bool {
        let accepted = security.iter().flat_map(|all| &all.0);
        let mut schemes = accepted.filter_map(|id| {
            let mut schemes = self.document.schemes.iter();
            schemes.find(|scheme| scheme.id == *id)
        });
        schemes.any(|scheme| match &scheme.kind {
            SecuritySchemeKind::ApiKey { location, name } => {
                let is_same_name = match location {
                    ParamLocation::Header => name.eq_ignore_ascii_case(&raw.name),
                    _ => *name == raw.name,
                };
                *location == raw.location && is_same_name
            }
            _ => false,
        })
    }

    pub(super) fn lower_param(&mut self, owner: Parent, raw: &spec::Parameter) -> Param {
        let location = Location::new(owner, RoleStep::Param(raw.name.clone()));
        let text = TypeRef::Primitive(Primitive::String { format: None });
        let is_json = matches!(raw.style, ParamStyle::Json | ParamStyle::QueryJson);
        let mut schema = raw.schema.as_ref();
        // Only JSON has lists and objects: in another media type, they are the caller's text.
        if let (Some(structured), Some(at)) = (schema, &raw.text_type_at)
            && self.has_parts(structured)
        {
            self.unused_parts.insert(at.join("schema"));
            schema = None;
        }
        let ty = match schema {
            Some(schema) => self.lower_schema(schema, &location).ty,
            None if is_json => ANY,
            None => text,
        };
        let (default, constraints) = match schema {
            Some(SchemaRef::Inline(schema)) => (schema.default.clone(), schema.constraints.clone()),
            _ => (None, Vec::new()),
        };
        Param {
            wire_name: raw.name.clone(),
            location: raw.location,
            style: raw.style,
            explode: raw.explode,
            allow_reserved: raw.allow_reserved,
            allow_slash: raw.allow_slash,
            ty,
            presence: Presence::of(raw.required, false),
            default,
            constraints,
            docs: raw.docs.clone(),
            part: None,
            at: raw.at.clone(),
        }
    }

    /// Lowers the alternatives of an operation, or else of the document. Those with an undefined scheme are left out.
    fn lower_security(&mut self, raw: &spec::Operation) -> Vec<SecurityRequirement> {
        let document = self.document;
        let alternatives = raw.security.as_ref().unwrap_or(&document.security);
        let is_defined = |id: &String| document.schemes.iter().any(|scheme| scheme.id == *id);
        let owner = match &raw.security {
            Some(_) => raw.at.join("security"),
            None => Pointer::root().join("security"),
        };
        for id in alternatives.iter().flatten().filter(|id| !is_defined(id)) {
            let message = format!(
                "the security scheme `{id}` is not defined; requirements with it are left out"
            );
            self.report(Code::UndefinedSecurity, &owner, message);
        }
        let usable = alternatives.iter().filter(|all| all.iter().all(is_defined));
        to_requirements(usable)
    }
}

/// The alternatives as requirements.
pub(super) fn to_requirements<'d>(
    alternatives: impl IntoIterator<Item = &'d Vec<String>>,
) -> Vec<SecurityRequirement> {
    let all = alternatives.into_iter();
    all.map(|all| SecurityRequirement(all.clone())).collect()
}

/// Where a path template has the variable `name`.
fn path_position(path: &str, name: &str) -> Option<usize> {
    path.find(&format!("{{{name}}}"))
}
