//! The values that an operation takes and the responses it describes, from the plan and the document.

use serde_json::Value;

use super::parameter::{ParameterEncoding, schema_pointer};
use crate::shared::lookup::{
    DocumentLookup, body_media_type, envelope_data, is_same_media_type, media_type_essence,
    media_type_suffixes,
};
use crate::shared::operations::{is_status_key, match_operations};
use crate::shared::skipped::Skipped;
use observatory_codegen::Output;
use observatory_codegen::ir::{BodyKind, Envelope, ParamLocation, ParamStyle, Pointer, Presence};
use observatory_codegen::plan::{MethodPlan, OutputPlan, RustType};

/// An operation to call.
pub(crate) struct TestedOperation {
    /// The JSON pointer of the operation.
    pub(crate) pointer: Pointer,
    /// The HTTP method.
    pub(crate) verb: String,
    /// The path template of the document.
    pub(crate) path: String,
    /// The client's method that returns the resource handle.
    pub(crate) handle: String,
    /// The handle's method that returns the request.
    pub(crate) method: String,
    /// The request's method that asks for another media type of the response.
    pub(crate) alternative: Option<String>,
    /// The parameters, then the body.
    pub(crate) inputs: Vec<OperationInput>,
    /// The responses with a success status.
    pub(crate) responses: Vec<DescribedResponse>,
    /// Whether the operation requires a credential.
    pub(crate) requires_credential: bool,
    /// Whether it can be sent again although its HTTP method does not imply it.
    pub(crate) is_declared_idempotent: bool,
}

impl TestedOperation {
    /// Returns the method and the path.
    pub(crate) fn label(&self) -> String {
        let alternative = self.alternative.as_ref();
        let alternative = alternative.map(|name| format!(" {name}"));
        format!(
            "{} {}{}",
            self.verb,
            self.path,
            alternative.unwrap_or_default()
        )
    }

    /// Returns whether every required input has an instance.
    pub(crate) fn is_callable(&self, instances: &[Vec<Value>]) -> bool {
        let mut inputs = self.inputs.iter().zip(instances);
        inputs.all(|(input, found)| !input.is_required || !found.is_empty())
    }
}

/// The ends of media types that are a sequence of JSON values, whose schema is that of one value.
const LINES_SUFFIXES: &[&str] = &["ndjson", "jsonl", "jsonlines", "json-lines", "json-seq"];

/// A parameter or body of an operation.
pub(crate) struct OperationInput {
    /// The name in messages: `limit in query`, `body`.
    pub(crate) label: String,
    /// The setter; `None` for an argument of the method.
    pub(crate) setter: Option<String>,
    /// Whether the client rejects a request without the value.
    pub(crate) is_required: bool,
    /// The Rust type of a value, without the `Option` of a parameter or body that is not sent.
    pub(crate) ty: RustType,
    /// The pointer of the schema; without a schema, the value is text.
    pub(crate) schema: Option<String>,
    /// Whether the schema is that of an item of the list that is sent.
    pub(crate) is_item: bool,
    /// How the value is encoded.
    pub(crate) encoding: InputEncoding,
}

/// How a value is encoded in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum InputEncoding {
    Parameter(ParameterEncoding),
    /// A header of a part of a multipart body.
    PartHeader,
    Body(BodyKind),
}

impl InputEncoding {
    /// Returns whether `value` can be sent. Only a JSON body can be `null`.
    pub(crate) fn can_encode(&self, value: &Value) -> bool {
        match self {
            Self::Parameter(parameter) => parameter.can_encode(value),
            Self::PartHeader => {
                let text = value.as_str().unwrap_or_default();
                !text.contains(char::is_control)
            }
            Self::Body(kind) => *kind == BodyKind::Json || !value.is_null(),
        }
    }
}

/// A response that the document describes.
pub(crate) struct DescribedResponse {
    pub(crate) status: u16,
    pub(crate) media_type: Option<String>,
    /// The pointer of the schema of a JSON response.
    pub(crate) schema: Option<String>,
    pub(crate) envelope: Option<Envelope>,
}

impl DescribedResponse {
    /// Returns whether a body reports success: the envelope of a response may report an error.
    pub(crate) fn is_success(&self, body: &Value) -> bool {
        let envelope = self.envelope.as_ref();
        envelope.is_none_or(|envelope| envelope_data(envelope, body).is_some())
    }
}

/// Returns every operation that has a method, and the operations that have none.
pub(crate) fn find_operations(
    document: &Value,
    generated: &Output,
) -> (Vec<TestedOperation>, Vec<Skipped>) {
    let lookup = DocumentLookup(document);
    let (mut operations, mut skipped) = (Vec::new(), Vec::new());
    for found in match_operations(document, &generated.plan) {
        let Some((resource, _)) = found.method else {
            let reason = "the operation is not generated";
            skipped.push(Skipped::new(found.pointer.0, reason));
            continue;
        };
        for method in found.methods() {
            let allows_anonymous = method.security.iter().any(Vec::is_empty);
            let operation = |accept: Option<&str>, alternative: Option<String>| TestedOperation {
                inputs: find_inputs(lookup, &found.pointer, method),
                responses: find_responses(lookup, &found.pointer, method, accept),
                is_declared_idempotent: method.idempotent,
                requires_credential: !method.security.is_empty() && !allows_anonymous,
                pointer: found.pointer.clone(),
                verb: method.http_method.as_str().to_owned(),
                path: found.path.to_owned(),
                handle: resource.path.clone(),
                method: method.name.clone(),
                alternative,
            };
            operations.push(operation(None, None));
            let alternatives = method.alternatives.iter();
            operations.extend(alternatives.map(|alternative| {
                operation(
                    Some(&alternative.media_type),
                    Some(alternative.name.clone()),
                )
            }));
        }
    }
    (operations, skipped)
}

fn find_inputs(
    lookup: DocumentLookup<'_>,
    operation: &Pointer,
    method: &MethodPlan,
) -> Vec<OperationInput> {
    let is_argument = |name: &str| method.args.iter().any(|arg| arg.name == name);
    let parameters = method.params.iter().map(|param| OperationInput {
        label: format!("{} in {:?}", param.wire_name, param.location).to_lowercase(),
        setter: (!is_argument(&param.name)).then(|| param.name.clone()),
        is_required: is_argument(&param.name) || param.required_setter,
        ty: without_option(&param.ty),
        schema: match &param.part {
            Some(part) => part_header_schema(lookup, operation, part, &param.wire_name),
            None => parameter_schema(lookup, operation, &param.wire_name, param.location),
        },
        is_item: false,
        encoding: match &param.part {
            Some(_) => InputEncoding::PartHeader,
            None => InputEncoding::Parameter(ParameterEncoding {
                name: param.wire_name.clone(),
                location: param.location,
                style: param.style,
                explode: param.explode || param.style == ParamStyle::DeepObject,
            }),
        },
    });
    let body = method.body.iter().map(|body| {
        let at = operation.join("requestBody");
        let suffixes = match body.kind {
            BodyKind::JsonLines => LINES_SUFFIXES,
            kind => media_type_suffixes(kind),
        };
        let media_type = body_media_type(body);
        let schema = lookup.media_type_schema(&at.0, media_type, suffixes);
        OperationInput {
            label: "body".to_owned(),
            setter: (!is_argument(&body.name)).then(|| body.name.clone()),
            is_required: is_argument(&body.name),
            ty: match body.presence {
                Presence::Optional => without_option(&body.ty),
                _ => body.ty.clone(),
            },
            is_item: schema.as_ref().is_some_and(|(at, resolved)| {
                let described = lookup.resolve(resolved);
                let is_array = described.is_some_and(|(_, schema)| schema.get("items").is_some());
                let is_lines = body.kind == BodyKind::JsonLines && !is_array;
                is_lines || at.ends_with("/itemSchema")
            }),
            schema: schema.map(|(_, schema)| schema),
            encoding: InputEncoding::Body(body.kind),
        }
    });
    parameters.chain(body).collect()
}

fn without_option(ty: &RustType) -> RustType {
    match ty {
        RustType::Option(inner) => inner.as_ref().clone(),
        ty => ty.clone(),
    }
}

/// Returns the pointer of the schema of a header of a part. Parts without names are called by their position.
fn part_header_schema(
    lookup: DocumentLookup<'_>,
    operation: &Pointer,
    part: &str,
    header: &str,
) -> Option<String> {
    let (body, described) = lookup.resolve(&operation.join("requestBody").0)?;
    let content = Pointer(body).join("content");
    let media_types = described.get("content")?.as_object()?.keys();
    let mut found = media_types.filter_map(|media_type| {
        let mut at = content.join(media_type);
        for step in part.split('/') {
            let named = at.join("encoding").join(step);
            let by_position = at.join("prefixEncoding").join(step);
            let other = at.join("itemEncoding");
            let mut places = [named, by_position, other].into_iter();
            at = places.find(|at| lookup.resolve(&at.0).is_some())?;
        }
        let (at, object) = lookup.resolve(&at.join("headers").join(header).0)?;
        schema_pointer(&at, object)
    });
    found.next()
}

/// Returns the pointer of a parameter's schema. A parameter of the operation overrides one of its path item.
fn parameter_schema(
    lookup: DocumentLookup<'_>,
    operation: &Pointer,
    name: &str,
    location: ParamLocation,
) -> Option<String> {
    let location = format!("{location:?}").to_lowercase();
    let text = |parameter: &Value, key: &str| {
        parameter
            .get(key)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let is_match = |(_, parameter): &(String, &Value)| {
        let place = text(parameter, "in").unwrap_or_default();
        text(parameter, "name").as_deref() == Some(name)
            && (place == location || location == "query" && place == "querystring")
    };
    let (at, parameter) = lookup.parameters(operation).into_iter().find(is_match)?;
    schema_pointer(&at, parameter)
}

/// Returns the responses with a success status. Without one, `default` is a success. With `accept`, only those that are
/// offered as this media type.
fn find_responses(
    lookup: DocumentLookup<'_>,
    operation: &Pointer,
    method: &MethodPlan,
    accept: Option<&str>,
) -> Vec<DescribedResponse> {
    let at = operation.join("responses");
    let Some((_, Value::Object(responses))) = lookup.resolve(&at.0) else {
        return Vec::new();
    };
    let has_success = responses.keys().any(|status| status.starts_with('2'));
    let mut found = Vec::new();
    for key in responses.keys() {
        let status = match key.as_str() {
            "default" if !has_success => 200,
            key if key.starts_with('2') => key.parse().unwrap_or(200),
            _ => continue,
        };
        let at = at.join(key);
        let is_json = match accept {
            Some(media_type) => has_json_suffix(media_type),
            None => body_kind(&method.output, key) == BodyKind::Json,
        };
        let expected = accept.or(method.accept.as_deref());
        let media_type = response_media_type(lookup, &at, expected, is_json);
        if accept.is_some() && !is_offered(accept, media_type.as_deref()) {
            continue;
        }
        let suffixes = media_type_suffixes(BodyKind::Json);
        let schema = is_json
            .then(|| lookup.media_type_schema(&at.0, media_type.as_deref(), suffixes))
            .flatten();
        found.push(DescribedResponse {
            status,
            media_type,
            schema: schema.map(|(_, schema)| schema),
            envelope: method.envelope.clone().filter(|_| accept.is_none()),
        });
    }
    found
}

fn is_offered(expected: Option<&str>, media_type: Option<&str>) -> bool {
    let both = expected.zip(media_type);
    both.is_some_and(|(expected, media_type)| is_same_media_type(expected, media_type))
}

fn has_json_suffix(media_type: &str) -> bool {
    let essence = media_type_essence(media_type);
    let mut suffixes = media_type_suffixes(BodyKind::Json).iter();
    suffixes.any(|suffix| essence.ends_with(suffix))
}

/// Returns the media type `expected` of a response, or else the one without a structured suffix that is JSON, or that is
/// not, or the first such one; if there is none, the first media type.
fn response_media_type(
    lookup: DocumentLookup<'_>,
    response: &Pointer,
    expected: Option<&str>,
    is_json: bool,
) -> Option<String> {
    let (_, response) = lookup.resolve(&response.0)?;
    let content = response.get("content")?.as_object()?;
    let media_types = || content.keys();
    let exact = media_types().find(|one| is_offered(expected, Some(one)));
    let plain = || media_types().find(|one| is_json && is_same_media_type("application/json", one));
    let matching = || media_types().find(|one| has_json_suffix(one) == is_json);
    let found = exact.or_else(plain).or_else(matching);
    found.or_else(|| media_types().next()).cloned()
}

/// Returns the body kind of the response with the status key `key`.
fn body_kind(output: &OutputPlan, key: &str) -> BodyKind {
    match output {
        OutputPlan::Json(_) | OutputPlan::JsonOrEmpty(_) => BodyKind::Json,
        OutputPlan::Text => BodyKind::Text,
        OutputPlan::Raw => BodyKind::Bytes,
        OutputPlan::Empty => BodyKind::Empty,
        OutputPlan::ByStatus {
            responses: variants,
            ..
        } => {
            let variant = variants
                .iter()
                .find(|variant| is_status_key(variant.status, key));
            variant.map_or(BodyKind::Empty, |variant| variant.kind)
        }
    }
}
