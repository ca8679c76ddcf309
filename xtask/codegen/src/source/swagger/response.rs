//! Responses and their headers.

use serde_json::Value;

use super::body::media_types;
use super::convert::{Converter, Object, Source, object};
use super::parameter::schema_of;
use crate::ir::Pointer;

impl<'d> Converter<'d> {
    /// Returns a response whose schema is the content of each of the media types. A reference to `#/responses` stays
    /// one.
    pub(super) fn response(
        &mut self,
        response: &Source<'d>,
        produces: Option<&[&str]>,
        at: &Pointer,
    ) -> Value {
        let reference = response.text("$ref").unwrap_or_default();
        let is_component = |name: &str| !name.contains('/');
        if reference
            .strip_prefix("#/responses/")
            .is_some_and(is_component)
        {
            return response.value.clone();
        }
        let source = self.resolve(response.clone());
        self.mount(at, &source);
        if !source.value.is_object() {
            return source.value.clone();
        }
        let mut out = source.without(&["schema", "headers", "examples"]);
        let headers = self.headers(&source, at);
        if !headers.is_empty() {
            out.insert("headers".to_owned(), headers.into());
        }
        if let Some(schema) = source.get("schema") {
            let is_file = schema.text("type") == Some("file");
            let default = match is_file {
                true => "application/octet-stream",
                false => "application/json",
            };
            let mut content = Object::new();
            for media_type in media_types(produces, default) {
                self.mount(&at.join("content").join(media_type).join("schema"), &schema);
                let schema = match is_file {
                    true => serde_json::json!({ "type": "string", "format": "binary" }),
                    false => schema.value.clone(),
                };
                content.insert(media_type.to_owned(), object("schema", schema).into());
            }
            out.insert("content".to_owned(), content.into());
        }
        Value::Object(out)
    }

    fn headers(&mut self, response: &Source<'d>, at: &Pointer) -> Object {
        let mut out = Object::new();
        for (name, header) in response.get("headers").iter().flat_map(Source::members) {
            let at = at.join("headers").join(name);
            let format = header.text("collectionFormat").unwrap_or("csv");
            if header.text("type") == Some("array") && format != "csv" {
                self.report_collection_format(&header, &at, format);
            }
            let mut converted = object("schema", schema_of(&header));
            if let Some(description) = header.text("description") {
                converted.insert("description".to_owned(), description.into());
            }
            out.insert(name.to_owned(), converted.into());
        }
        out
    }
}
