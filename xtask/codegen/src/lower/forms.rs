//! Forms and multipart bodies: the encoding and the headers of their parts.

use std::borrow::Cow;

use super::lowerer::{Lowerer, MAX_DEPTH};
use crate::ir::{Param, Parent, PartEncoding, PartStyle};
use crate::media_type::MediaKind;
use crate::spec::{AdditionalProperties, Encoding, MediaType, Schema, SchemaRef};

impl Lowerer<'_> {
    /// Returns whether the schema of a form describes fields: properties, or the items of a multipart body without names.
    pub(super) fn has_form_fields(&self, media: &MediaType) -> bool {
        let Some(schema) = &media.schema else {
            return true;
        };
        match self.effective_schema(schema).json_type.as_deref() {
            None | Some("object") => true,
            Some("array") => !has_names(&media.media_type),
            Some(_) => false,
        }
    }

    /// Lowers the headers of the parts of a multipart body.
    pub(super) fn lower_part_headers(&mut self, owner: Parent, media: &MediaType) -> Vec<Param> {
        let mut headers = Vec::new();
        if MediaKind::of(&media.media_type) == MediaKind::Multipart {
            self.add_part_headers(owner, &media.encoding, "", &mut headers);
        }
        headers
    }

    /// Adds the headers of parts, and of the parts inside them. `path` has the names of the parts around.
    fn add_part_headers(
        &mut self,
        owner: Parent,
        encodings: &[Encoding],
        path: &str,
        headers: &mut Vec<Param>,
    ) {
        for encoding in encodings {
            let part = format!("{path}{}", encoding.part.property);
            for header in &encoding.headers {
                // The media type of a part has a keyword of its own.
                if header.name.eq_ignore_ascii_case("content-type") {
                    self.unused_parts.insert(header.at.clone());
                    continue;
                }
                headers.push(Param {
                    part: Some(part.clone()),
                    ..self.lower_param(owner, header)
                });
            }
            let content_type = encoding.part.content_type.as_deref();
            if content_type.map(MediaKind::of) == Some(MediaKind::Multipart) {
                self.add_part_headers(owner, &encoding.nested, &format!("{part}/"), headers);
            }
        }
    }

    /// The encodings of a form's fields: those of the document, and the media types that properties have themselves.
    pub(super) fn part_encodings(&mut self, media: &MediaType) -> Vec<PartEncoding> {
        let declared = media.encoding.iter();
        let declared = declared.map(|encoding| encoding.part.clone());
        let mut encodings: Vec<PartEncoding> = declared
            .filter_map(|part| self.usable_encoding(media, part))
            .filter(PartEncoding::has_effect)
            .collect();
        let schema = media.schema.iter();
        let schemas = schema.map(|schema| self.effective_schema(schema));
        for schema in schemas {
            for (name, property) in &schema.properties {
                let own = self.part_schema(property).media_type.clone();
                let known = encodings.iter_mut().find(|known| known.property == *name);
                let style = known.as_ref().and_then(|known| known.style);
                let is_required =
                    schema.required.contains(name) && self.may_have_no_value(property, style);
                match known {
                    Some(known) => known.is_required = is_required,
                    None if own.is_some() || is_required => encodings.push(PartEncoding {
                        property: name.clone(),
                        style: None,
                        content_type: own,
                        nested: Vec::new(),
                        is_required,
                    }),
                    None => {}
                }
            }
        }
        encodings
    }

    /// Returns whether a field can be sent without any value: an empty list, or an object whose members are fields.
    fn may_have_no_value(&self, property: &SchemaRef, style: Option<PartStyle>) -> bool {
        match self.effective_schema(property).json_type.as_deref() {
            Some("array") => true,
            Some("object") => style.is_some(),
            _ => false,
        }
    }

    /// Returns what of an encoding can be generated, and notes the rest: that of a field that the form does not have, and a
    /// media type in which an object cannot be written.
    fn usable_encoding(
        &mut self,
        media: &MediaType,
        mut part: PartEncoding,
    ) -> Option<PartEncoding> {
        let Some(schema) = &media.schema else {
            return Some(part);
        };
        let at = media.at.join("encoding").join(&part.property);
        let property = self.find_property(schema, &part.property, 0);
        let Some(property) = property else {
            let is_named = has_names(&media.media_type);
            if is_named && !self.allows_any_field(schema) {
                self.unused_parts.insert(at);
                return None;
            }
            return Some(part);
        };
        let media_types = part.content_type.as_deref().unwrap_or_default();
        if part.style.is_some() || media_types.is_empty() || !self.is_structured(&property, 0) {
            return Some(part);
        }
        let mut usable = media_types.split(',').map(str::trim);
        let usable = usable.find(|media_type| {
            let kind = MediaKind::of(media_type);
            matches!(
                kind,
                MediaKind::Json | MediaKind::Form | MediaKind::Multipart
            )
        });
        let usable = usable.map(str::to_owned);
        if usable.is_none() {
            self.unused_parts.insert(at.join("contentType"));
        }
        part.content_type = usable;
        Some(part)
    }

    /// The schema of the values of a part: each item of a list is one.
    fn part_schema<'s>(&'s self, property: &'s SchemaRef) -> Cow<'s, Schema> {
        let schema = self.effective_schema(property);
        let items = schema
            .items
            .as_ref()
            .filter(|_| schema.media_type.is_none());
        match items {
            Some(items) => Cow::Owned(self.effective_schema(items).into_owned()),
            None => schema,
        }
    }

    /// Returns the schema of a property of a form, or of a member of the union that it is.
    fn find_property(&self, schema: &SchemaRef, name: &str, depth: usize) -> Option<SchemaRef> {
        let schema = self.effective_schema(schema);
        if let Some(property) = schema.properties.get(name) {
            return Some(property.clone());
        }
        if depth > MAX_DEPTH || !self.schemas.limits.spend_steps(1, &schema.at) {
            return None;
        }
        let mut members = schema.union_members();
        members.find_map(|member| self.find_property(member, name, depth + 1))
    }

    /// Returns whether a form may have fields that its schema does not name.
    fn allows_any_field(&self, schema: &SchemaRef) -> bool {
        let schema = self.effective_schema(schema);
        let is_any = matches!(
            schema.additional,
            AdditionalProperties::Any | AdditionalProperties::Schema(_)
        );
        is_any || schema.properties.is_empty()
    }

    /// Returns whether a value is a list or an object, or may be one.
    pub(super) fn has_parts(&self, schema: &SchemaRef) -> bool {
        let is_list = self.effective_schema(schema).json_type.as_deref() == Some("array");
        is_list || self.is_structured(schema, 0)
    }

    /// Returns whether a value is an object or a list of objects, or may be one.
    fn is_structured(&self, schema: &SchemaRef, depth: usize) -> bool {
        let schema = self.effective_schema(schema);
        if depth > MAX_DEPTH || !self.schemas.limits.spend_steps(1, &schema.at) {
            return false;
        }
        let is_nested = |schema: &SchemaRef| self.is_structured(schema, depth + 1);
        match schema.json_type.as_deref() {
            Some("object") => true,
            Some("array") => schema.items.as_ref().is_some_and(is_nested),
            Some(_) => false,
            None => !schema.properties.is_empty() || schema.union_members().any(is_nested),
        }
    }
}

/// Returns whether the parts of a multipart body have names, as those of a form (RFC 7578).
fn has_names(media_type: &str) -> bool {
    let kind = MediaKind::of(media_type);
    let is_form = media_type.to_ascii_lowercase();
    kind == MediaKind::Form || is_form.trim_start().starts_with("multipart/form-data")
}
