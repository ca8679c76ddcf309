//! Path items and operations.

use serde_json::Value;

use super::convert::{Converter, Object, Source, strings};
use super::parameter::Kind;
use crate::ir::Pointer;

const METHODS: &[&str] = &["get", "put", "post", "delete", "options", "head", "patch"];

impl<'d> Converter<'d> {
    pub(super) fn path_item(&mut self, item: &Source<'d>, at: &Pointer) -> Object {
        let mut out = item.without(METHODS);
        let shared: Vec<Source<'d>> = item
            .get("parameters")
            .iter()
            .flat_map(Source::items)
            .collect();
        let is_parameter =
            |converter: &Self, parameter: &Source<'d>| converter.kind(parameter) == Kind::Parameter;
        let parameters = shared.iter().filter(|it| is_parameter(self, it));
        let parameters: Vec<Source<'d>> = parameters.cloned().collect();
        self.insert_parameters(&parameters, at, &mut out);
        // Each operation gets its own copy of a shared body.
        let bodies: Vec<Source<'d>> = shared
            .into_iter()
            .filter(|it| !is_parameter(self, it))
            .collect();
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                let at = at.join(method);
                let converted = match operation.value.is_object() {
                    true => self.operation(&operation, &bodies, &at).into(),
                    false => operation.value.clone(),
                };
                out.insert((*method).to_owned(), converted);
            }
        }
        out
    }

    fn operation(&mut self, operation: &Source<'d>, shared: &[Source<'d>], at: &Pointer) -> Object {
        let converted = ["consumes", "produces", "schemes", "parameters", "responses"];
        let mut out = operation.without(&converted);
        let own: Vec<Source<'d>> = operation
            .get("parameters")
            .iter()
            .flat_map(Source::items)
            .collect();
        let (parameters, own_bodies): (Vec<_>, Vec<_>) = own
            .into_iter()
            .partition(|it| self.kind(it) == Kind::Parameter);
        self.insert_parameters(&parameters, at, &mut out);
        let bodies = self.merged_bodies(shared, own_bodies);
        let consumes = self.media_types(operation, "consumes");
        if let Some(body) = self.request_body(&bodies, consumes.as_deref(), at) {
            out.insert("requestBody".to_owned(), body);
        }
        let produces = self.media_types(operation, "produces");
        let mut responses = Object::new();
        for (status, response) in operation.get("responses").iter().flat_map(Source::members) {
            let at = at.join("responses").join(status);
            let converted = match status.starts_with("x-") {
                true => response.value.clone(),
                false => self.response(&response, produces.as_deref(), &at),
            };
            responses.insert(status.to_owned(), converted);
        }
        out.insert("responses".to_owned(), responses.into());
        if operation.get("schemes").is_some() {
            let servers = self.servers(operation, at);
            out.insert("servers".to_owned(), servers.into());
        }
        out
    }

    /// Returns the media types of an operation, or those of the document.
    fn media_types(&self, operation: &Source<'d>, key: &str) -> Option<Vec<&'d str>> {
        strings(operation.value.get(key)).or_else(|| strings(self.root.get(key)))
    }

    /// Converts parameters that stay parameters.
    fn insert_parameters(&mut self, parameters: &[Source<'d>], at: &Pointer, out: &mut Object) {
        let mut converted: Vec<Value> = Vec::new();
        for parameter in parameters {
            let at = at.join("parameters").join(&converted.len().to_string());
            let value = self.parameter(parameter, &at);
            converted.push(value);
        }
        match converted.is_empty() {
            true => drop(out.remove("parameters")),
            false => drop(out.insert("parameters".to_owned(), converted.into())),
        }
    }

    /// Returns the body and form parameters of an operation. Its own ones replace those of the path item.
    fn merged_bodies(&self, shared: &[Source<'d>], own: Vec<Source<'d>>) -> Vec<Source<'d>> {
        let key = |source: &Source<'d>| {
            let target = self.resolve(source.clone());
            (self.kind(source), target.text("name"))
        };
        let own_keys: Vec<_> = own.iter().map(key).collect();
        let inherited = shared.iter().filter(|it| !own_keys.contains(&key(it)));
        inherited.cloned().chain(own).collect()
    }
}
