//! Makes valid arguments and responses of operations.

use std::collections::BTreeSet;

use serde_json::Value;

use super::operation::{DescribedResponse, InputEncoding, OperationInput, TestedOperation};
use super::program::ResponseText;
use crate::shared::sample::{RecursiveSchemas, Sampler};
use crate::shared::schema_registry::SchemaRegistry;
use crate::shared::skipped::Skipped;
use observatory_codegen::diag::Error;
use observatory_codegen::ir::BodyKind;

/// How many samples are proposed for each instance.
const SAMPLES_PER_INSTANCE: usize = 16;

/// Makes instances of a document's schemas.
pub(crate) struct InstanceMaker<'d> {
    document: &'d Value,
    schemas: SchemaRegistry,
    recursive: RecursiveSchemas,
    /// The largest number of instances of a schema.
    count: usize,
    seed: u64,
}

impl<'d> InstanceMaker<'d> {
    pub(crate) fn new(document: &'d Value, count: usize, seed: u64) -> Result<Self, Error> {
        Ok(Self {
            schemas: SchemaRegistry::new(document)?,
            recursive: RecursiveSchemas::new(document),
            document,
            count,
            seed,
        })
    }

    /// Returns whether `value` is an instance of the schema at a pointer.
    pub(super) fn is_valid(&self, schema: &str, value: &Value) -> Result<bool, Error> {
        Ok(self.schemas.validator(schema)?.is_valid(value))
    }

    /// Returns different valid instances of each input of an operation.
    pub(crate) fn make_inputs(
        &self,
        operation: &TestedOperation,
        skipped: &mut Vec<Skipped>,
    ) -> Result<Vec<Vec<Value>>, Error> {
        let mut instances = Vec::new();
        for input in &operation.inputs {
            let found = self.input_instances(operation, input)?;
            if found.is_empty() {
                skipped.push(Skipped::new(
                    &operation.pointer.0,
                    format!("no valid instance was found for {}", input.label),
                ));
            }
            instances.push(found);
        }
        Ok(instances)
    }

    /// Returns different valid instances of a parameter or body.
    fn input_instances(
        &self,
        operation: &TestedOperation,
        input: &OperationInput,
    ) -> Result<Vec<Value>, Error> {
        let salt = format!("{} {}", operation.pointer, input.label);
        match &input.schema {
            Some(schema) => {
                let is_usable = |value: &Value| {
                    let is_parameter = matches!(input.encoding, InputEncoding::Parameter(_));
                    let is_sent = !input.is_required
                        || !(is_empty_list(value) || is_parameter && is_empty_object(value));
                    input.encoding.can_encode(value) && is_sent
                };
                let found = self.make_instances(&salt, schema, &is_usable)?;
                Ok(match input.is_item {
                    true => found.into_iter().map(|value| vec![value].into()).collect(),
                    false => found,
                })
            }
            None if matches!(
                input.encoding,
                InputEncoding::Body(BodyKind::Form | BodyKind::Multipart)
            ) =>
            {
                Ok(vec![serde_json::json!({ "a": "text" })])
            }
            None => Ok(vec!["text".into(), "☃ and 1 more".into()]),
        }
    }

    fn make_instances(
        &self,
        salt: &str,
        schema: &str,
        is_usable: &dyn Fn(&Value) -> bool,
    ) -> Result<Vec<Value>, Error> {
        let validator = self.schemas.validator(schema)?;
        let mut sampler = Sampler::new(self.document, &self.recursive, self.seed, salt);
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for _ in 0..self.count.max(4) * SAMPLES_PER_INSTANCE {
            if found.len() >= self.count {
                break;
            }
            let Some(sample) = sampler.sample(schema) else {
                continue;
            };
            let is_valid = validator.is_valid(&sample.value) && is_usable(&sample.value);
            if is_valid && seen.insert(sample.value.to_string()) {
                found.push(sample.value);
            }
        }
        Ok(found)
    }

    /// Makes responses for every described success; an empty 204 if the operation describes none.
    pub(crate) fn make_responses(
        &self,
        operation: &TestedOperation,
        skipped: &mut Vec<Skipped>,
    ) -> Result<Vec<ResponseText>, Error> {
        let mut responses = Vec::new();
        for described in &operation.responses {
            let Some(schema) = &described.schema else {
                let body = match described.media_type {
                    Some(_) => "\"some text ☃\"",
                    None => "",
                };
                responses.push(make_response(described, body.to_owned()));
                continue;
            };
            let salt = format!("{} {}", operation.pointer, described.status);
            let bodies = self.make_instances(&salt, schema, &|body| described.is_success(body))?;
            if bodies.is_empty() {
                skipped.push(Skipped::new(
                    &operation.pointer.0,
                    format!(
                        "no valid instance was found for the response {}",
                        described.status
                    ),
                ));
            }
            let bodies = bodies.iter();
            responses.extend(bodies.map(|body| make_response(described, body.to_string())));
        }
        if operation.responses.is_empty() {
            responses.push(ResponseText {
                status: 204,
                media_type: None,
                body: String::new(),
            });
        }
        Ok(responses)
    }
}

fn make_response(described: &DescribedResponse, body: String) -> ResponseText {
    ResponseText {
        status: described.status,
        media_type: described.media_type.clone(),
        body,
    }
}

/// Returns whether an object has no properties, as [`is_empty_list`].
fn is_empty_object(value: &Value) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty)
}

/// Returns whether nothing is sent for a value, which the client rejects for a required parameter.
fn is_empty_list(value: &Value) -> bool {
    value.as_array().is_some_and(Vec::is_empty)
}
