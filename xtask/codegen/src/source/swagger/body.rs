//! Body and form parameters become request bodies.

use serde_json::Value;

use super::convert::{Converter, Object, Source, object};
use super::parameter::{Kind, property_of};
use crate::ir::Pointer;

const MULTIPART: &str = "multipart/form-data";
const URL_ENCODED: &str = "application/x-www-form-urlencoded";

impl<'d> Converter<'d> {
    /// Returns the request body of an operation at `at`.
    pub(super) fn request_body(
        &mut self,
        parameters: &[Source<'d>],
        consumes: Option<&[&str]>,
        at: &Pointer,
    ) -> Option<Value> {
        let at = at.join("requestBody");
        let of_kind = |converter: &Self, kind| {
            let all = parameters.iter();
            all.filter(|it| converter.kind(it) == kind)
                .map(|it| converter.resolve(it.clone()))
                .collect::<Vec<_>>()
        };
        let (bodies, fields) = (of_kind(self, Kind::Body), of_kind(self, Kind::FormField));
        let body = match (bodies.as_slice(), fields.as_slice()) {
            ([], []) => return None,
            ([], fields) => return Some(self.form(fields, consumes, &at)),
            ([body, others @ ..], fields) => {
                for (index, other) in others.iter().chain(fields).enumerate() {
                    let at = at.join(&format!("x-other-{index}"));
                    let message = "the operation has another body";
                    self.report(&at, other, message, "remove one of the parameters");
                }
                body
            }
        };
        self.mount(&at, body);
        let mut out = body.without(&["name", "in", "schema"]);
        let schema = body.get("schema");
        let mut content = Object::new();
        for media_type in media_types(consumes, "application/json") {
            let media_at = at.join("content").join(media_type);
            if let Some(schema) = &schema {
                self.mount(&media_at.join("schema"), schema);
            }
            let media = schema.as_ref().map(|schema| schema.value.clone());
            let media = media.map_or_else(Object::new, |schema| object("schema", schema));
            content.insert(media_type.to_owned(), media.into());
        }
        out.insert("content".to_owned(), content.into());
        Some(Value::Object(out))
    }

    /// Returns the body of form fields.
    fn form(&mut self, fields: &[Source<'d>], consumes: Option<&[&str]>, at: &Pointer) -> Value {
        let has_file = fields
            .iter()
            .any(|field| field.text("type") == Some("file"));
        let default = if has_file { MULTIPART } else { URL_ENCODED };
        let is_form = |media_type: &&str| {
            media_type.starts_with(MULTIPART) || !has_file && media_type.starts_with(URL_ENCODED)
        };
        let forms: Vec<&str> = media_types(consumes, default)
            .into_iter()
            .filter(is_form)
            .collect();
        let forms = if forms.is_empty() {
            vec![default]
        } else {
            forms
        };
        let mut content = Object::new();
        for media_type in forms {
            let at = at.join("content").join(media_type);
            let media = self.form_content(fields, &at);
            content.insert(media_type.to_owned(), media.into());
        }
        let is_required = |field: &Source<'_>| field.value.get("required") == Some(&true.into());
        let mut out = object("content", content);
        if fields.iter().any(is_required) {
            out.insert("required".to_owned(), true.into());
        }
        Value::Object(out)
    }

    fn form_content(&mut self, fields: &[Source<'d>], at: &Pointer) -> Object {
        let (mut properties, mut required) = (Object::new(), Vec::new());
        let mut encoding = Object::new();
        for field in fields {
            let Some(name) = field.text("name") else {
                self.report(at, field, "the form field has no `name`", "add `name`");
                continue;
            };
            let property_at = at.join("schema").join("properties").join(name);
            self.mount(&property_at, field);
            properties.insert(name.to_owned(), property_of(field));
            if field.value.get("required") == Some(&true.into()) {
                required.push(Value::from(name));
            }
            if field.text("type") == Some("array") {
                let format = field.text("collectionFormat").unwrap_or("csv");
                let (style, explode) = match format {
                    "csv" => ("form", false),
                    "multi" => ("form", true),
                    "ssv" => ("spaceDelimited", false),
                    "pipes" => ("pipeDelimited", false),
                    _ => {
                        self.report_collection_format(field, &property_at, format);
                        continue;
                    }
                };
                let mut entry = object("style", style);
                entry.insert("explode".to_owned(), explode.into());
                encoding.insert(name.to_owned(), entry.into());
                self.check_items(field, &property_at);
            }
        }
        let mut schema = object("type", "object");
        schema.insert("properties".to_owned(), properties.into());
        if !required.is_empty() {
            schema.insert("required".to_owned(), required.into());
        }
        let mut media = object("schema", schema);
        if !encoding.is_empty() {
            media.insert("encoding".to_owned(), encoding.into());
        }
        media
    }
}

/// Returns the media types, or the default if there are none.
pub(super) fn media_types<'t>(types: Option<&[&'t str]>, default: &'t str) -> Vec<&'t str> {
    match types {
        Some(types) if !types.is_empty() => types.to_vec(),
        _ => vec![default],
    }
}
