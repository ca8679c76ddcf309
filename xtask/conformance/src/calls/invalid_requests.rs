//! Makes requests invalid in one place, in ways that the document clearly forbids.

use serde_json::{Map, Value, json};

use super::operation::{InputEncoding, OperationInput, TestedOperation};
use super::sent_request::{SentRequest, percent_decode};
use crate::shared::lookup::DocumentLookup;
use observatory_codegen::ir::{BodyKind, ParamLocation, Pointer};

/// The largest number of properties of a body that are removed, and that are changed.
const MAX_PROPERTIES: usize = 6;

/// A text that is not a number, a boolean or a value of an enum.
const WRONG: &str = "wrong";

/// An invalid request.
pub(super) struct InvalidRequest {
    /// What is invalid.
    pub(super) description: String,
    pub(super) request: SentRequest,
}

/// Returns invalid variants of a request; at least one. `credential_headers` are the headers of the credentials.
pub(super) fn make_invalid_requests(
    document: &Value,
    operation: &TestedOperation,
    request: &SentRequest,
    credential_headers: &[String],
) -> Vec<InvalidRequest> {
    let mut builder = InvalidRequestBuilder {
        lookup: DocumentLookup(document),
        request,
        invalid: Vec::new(),
    };
    if operation.requires_credential {
        let mut invalid = request.clone();
        invalid
            .headers
            .retain(|(name, _)| !credential_headers.contains(name));
        if invalid.headers.len() < request.headers.len() {
            builder.add("no credential".to_owned(), invalid);
        }
    }
    for input in &operation.inputs {
        match &input.encoding {
            InputEncoding::Parameter(parameter) => match parameter.location {
                ParamLocation::Query => builder.add_query_variants(input, &parameter.name),
                ParamLocation::Path => builder.add_path_variant(operation, input, &parameter.name),
                _ => {}
            },
            InputEncoding::Body(BodyKind::Json) => builder.add_body_variants(input),
            InputEncoding::Body(_) | InputEncoding::PartHeader => {}
        }
    }
    if builder.invalid.is_empty() {
        let mut invalid = request.clone();
        invalid.path.push_str("/unknown/path/of/request");
        builder.add("an unknown path".to_owned(), invalid);
    }
    builder.invalid
}

struct InvalidRequestBuilder<'d> {
    lookup: DocumentLookup<'d>,
    request: &'d SentRequest,
    invalid: Vec<InvalidRequest>,
}

impl<'d> InvalidRequestBuilder<'d> {
    fn add(&mut self, description: String, request: SentRequest) {
        self.invalid.push(InvalidRequest {
            description,
            request,
        });
    }

    fn add_query(&mut self, description: String, query: String) {
        let request = SentRequest {
            query,
            ..self.request.clone()
        };
        self.add(description, request);
    }

    fn add_body(&mut self, description: String, body: &Value) {
        let request = SentRequest {
            body: body.to_string().into_bytes(),
            ..self.request.clone()
        };
        self.add(description, request);
    }

    fn schema(&self, pointer: &str) -> Option<&'d Map<String, Value>> {
        self.lookup.resolve(pointer)?.1.as_object()
    }

    /// Returns whether [`WRONG`] is not a valid value: the schema is a number, a boolean or an enum of strings.
    fn rejects_any_text(&self, input: &OperationInput) -> bool {
        let schema = input.schema.as_deref().and_then(|at| self.schema(at));
        schema.is_some_and(|schema| {
            let ty = schema.get("type").and_then(Value::as_str);
            matches!(ty, Some("integer" | "number" | "boolean"))
                || ty == Some("string") && schema.contains_key("enum")
        })
    }

    fn add_query_variants(&mut self, input: &OperationInput, name: &str) {
        let is_parameter = |pair: &&str| {
            let key = pair.split_once('=').map_or(*pair, |(key, _)| key);
            percent_decode(key) == name
        };
        let others: Vec<&str> = self
            .request
            .query
            .split('&')
            .filter(|pair| !is_parameter(pair))
            .collect();
        if others.len() == self.request.query.split('&').count() {
            return;
        }
        if input.is_required {
            self.add_query(format!("no {}", input.label), others.join("&"));
        }
        if self.rejects_any_text(input) {
            let pair = format!("{name}={WRONG}");
            let pairs: Vec<&str> = others.into_iter().chain([pair.as_str()]).collect();
            self.add_query(format!("a text as {}", input.label), pairs.join("&"));
        }
    }

    fn add_path_variant(
        &mut self,
        operation: &TestedOperation,
        input: &OperationInput,
        name: &str,
    ) {
        if !self.rejects_any_text(input) {
            return;
        }
        let variable = format!("{{{name}}}");
        let Some((start, values)) = self.request.match_path_end(&operation.path) else {
            return;
        };
        let (base, path) = self.request.path.split_at(start);
        let segments = operation.path.split('/').zip(path.split('/'));
        let segments: Vec<String> = segments
            .map(|(pattern, segment)| {
                if !pattern.contains(&variable) {
                    return segment.to_owned();
                }
                // The segment may have other variables.
                let pattern = pattern.replace(&variable, WRONG);
                values.iter().fold(pattern, |segment, (name, value)| {
                    segment.replace(&format!("{{{name}}}"), value)
                })
            })
            .collect();
        let request = SentRequest {
            path: format!("{base}{}", segments.join("/")),
            ..self.request.clone()
        };
        self.add(format!("a text as {}", input.label), request);
    }

    /// Adds a body of another type, bodies without a required property, and bodies with a property of another type.
    fn add_body_variants(&mut self, input: &OperationInput) {
        let at = input.schema.clone().unwrap_or_default();
        let body = serde_json::from_slice::<Value>(&self.request.body);
        let (Some(schema), Ok(body)) = (self.schema(&at), body) else {
            return;
        };
        if let Some(wrong) = value_of_wrong_type(schema) {
            self.add_body("a body of another type".to_owned(), &wrong);
        }
        let Value::Object(properties) = body else {
            return;
        };
        let required = schema.get("required").and_then(Value::as_array);
        let required = required.into_iter().flatten().filter_map(Value::as_str);
        for name in required
            .filter(|name| properties.contains_key(*name))
            .take(MAX_PROPERTIES)
        {
            let mut properties = properties.clone();
            properties.shift_remove(name);
            self.add_body(
                format!("no `{name}` in the body"),
                &Value::Object(properties),
            );
        }
        let declared = schema.get("properties").and_then(Value::as_object);
        let wrong_values = declared.into_iter().flatten().filter_map(|(name, _)| {
            let at = Pointer(at.clone()).join("properties").join(name).0;
            let wrong = value_of_wrong_type(self.schema(&at)?)?;
            properties.contains_key(name).then_some((name, wrong))
        });
        let wrong_values: Vec<(&String, Value)> = wrong_values.take(MAX_PROPERTIES).collect();
        for (name, wrong) in wrong_values {
            let mut properties = properties.clone();
            properties.insert(name.clone(), wrong);
            self.add_body(
                format!("`{name}` of another type in the body"),
                &Value::Object(properties),
            );
        }
    }
}

/// Returns a value of another type than the schema's; `None` if the schema allows several types or any type.
fn value_of_wrong_type(schema: &Map<String, Value>) -> Option<Value> {
    if schema.get("nullable") == Some(&Value::Bool(true)) {
        return None;
    }
    match schema.get("type")?.as_str()? {
        "string" => Some(json!({ WRONG: WRONG })),
        "integer" | "number" | "boolean" => Some(json!({ WRONG: [] })),
        "array" => Some(json!({ WRONG: true })),
        "object" => Some(json!(WRONG)),
        _ => None,
    }
}
