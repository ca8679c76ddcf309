//! Calls one operation: sends requests, validates them, returns responses, and sends invalid requests to the validator.

use serde_json::Value;

use super::instances::InstanceMaker;
use super::invalid_requests::make_invalid_requests;
use super::operation::{InputEncoding, TestedOperation};
use super::options::CallOptions;
use super::program::{CallProgram, CallResult, CallTask, ResponseText};
use super::report::{CallCounts, CallFailure, CallReport, OperationReport};
use super::sent_request::{SentRequest, percent_decode};
use super::validate::RequestValidator;
use crate::shared::json_diff::{first_difference, json_path, truncated};
use crate::shared::lookup::DocumentLookup;
use crate::shared::read_only::without_read_only;
use observatory_codegen::Output;
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::ir::{BodyKind, ParamLocation, SecuritySchemeKind};

const PROGRAM_TERMINATED: &str = "the program terminated";

/// Calls operations one after another.
pub(super) struct CallRunner<'t> {
    document: &'t Value,
    instances: InstanceMaker<'t>,
    program: &'t mut CallProgram,
    validator: &'t mut dyn RequestValidator,
    /// The lowercase names of the headers that carry credentials.
    credential_headers: Vec<String>,
    count: usize,
}

/// The results of one operation so far.
struct OperationResults<'s> {
    operation: &'s TestedOperation,
    counts: CallCounts,
    failures: Vec<CallFailure>,
}

impl OperationResults<'_> {
    /// Records the first failure of each kind.
    fn add_failure(&mut self, kind: &'static str, message: String, request: &str) {
        if !self.failures.iter().any(|known| known.kind == kind) {
            self.failures.push(CallFailure {
                operation: self.operation.label(),
                kind,
                message,
                request: request.to_owned(),
            });
        }
    }

    /// Records whether the client decoded a response.
    fn add_response(&mut self, error: Option<String>, response: &ResponseText, request: &str) {
        self.counts.responses += 1;
        match error {
            None => self.counts.decoded += 1,
            Some(error) => {
                let body = truncated(&response.body);
                let message = format!("{error}: {} {body}", response.status);
                self.add_failure("undecoded", message, request);
            }
        }
    }
}

impl<'t> CallRunner<'t> {
    pub(super) fn new(
        document: &'t Value,
        generated: &Output,
        program: &'t mut CallProgram,
        validator: &'t mut dyn RequestValidator,
        options: &CallOptions,
    ) -> Result<Self, Error> {
        let schemes = generated.plan.client.schemes.iter();
        let credential_headers = schemes.map(|scheme| match &scheme.kind {
            SecuritySchemeKind::ApiKey {
                location: ParamLocation::Header,
                name,
            } => name.to_ascii_lowercase(),
            SecuritySchemeKind::ApiKey {
                location: ParamLocation::Cookie,
                ..
            } => "cookie".to_owned(),
            _ => "authorization".to_owned(),
        });
        Ok(Self {
            instances: InstanceMaker::new(document, options.count, options.seed)?,
            document,
            program,
            validator,
            credential_headers: credential_headers.collect(),
            count: options.count,
        })
    }

    /// Calls the operation with the index `index` in the program and adds the result to `report`.
    pub(super) fn run(
        &mut self,
        index: usize,
        operation: &TestedOperation,
        report: &mut CallReport,
    ) -> Result<(), Error> {
        let mut results = OperationResults {
            operation,
            counts: CallCounts::default(),
            failures: Vec::new(),
        };
        let instances = self.instances.make_inputs(operation, &mut report.skipped)?;
        let responses = self
            .instances
            .make_responses(operation, &mut report.skipped)?;
        if operation.is_callable(&instances) && !responses.is_empty() {
            for round in 0..self.count {
                let values = choose_values(operation, &instances, round);
                let Some(response) = responses.get(round % responses.len()) else {
                    break;
                };
                let task = CallTask {
                    operation: index,
                    values: values
                        .iter()
                        .map(|value| value.map(Value::to_string))
                        .collect(),
                    response: response.clone(),
                };
                self.call(&task, &values, round == 0, &mut results)?;
            }
        }
        let row = OperationReport {
            pointer: operation.pointer.0.clone(),
            operation: operation.label(),
            counts: results.counts,
        };
        report.add(row, results.failures);
        Ok(())
    }

    /// Makes one call: compares the request with `values`, validates it, and checks that the response is decoded. The
    /// first call of an operation is repeated with invalid requests and an invalid response.
    fn call(
        &mut self,
        task: &CallTask,
        values: &[Option<&Value>],
        is_first: bool,
        results: &mut OperationResults<'_>,
    ) -> Result<(), Error> {
        results.counts.called += 1;
        let result = self.program.call(task)?;
        let Some(CallResult {
            request: Some(request),
            error,
        }) = result
        else {
            let error = result.and_then(|result| result.error);
            let error = error.unwrap_or_else(|| PROGRAM_TERMINATED.to_owned());
            let values: Vec<&str> = task.values.iter().flatten().map(String::as_str).collect();
            results.add_failure("unsent", error, &truncated(&values.join(" ")));
            return Ok(());
        };
        let request = SentRequest::new(request);
        let summary = summarize(&request);
        let validation = self.validator.validate(&request)?;
        let lookup = DocumentLookup(self.document);
        let change = find_change(lookup, results.operation, values, &request)?;
        if change.is_none() && validation.violations.is_empty() {
            results.counts.accepted += 1;
        }
        if let Some(change) = change {
            results.add_failure("changed", change, &summary);
        }
        if !validation.violations.is_empty() {
            results.add_failure("rejected", validation.violations.join("; "), &summary);
        }
        results.add_response(error, &task.response, &summary);
        if let Some(response) = validation.response
            && self.is_described_response(results.operation, &response)?
        {
            let task = CallTask {
                response,
                ..task.clone()
            };
            let error = self.client_error(&task)?;
            results.add_response(error, &task.response, &summary);
        }
        if is_first {
            self.send_invalid_requests(&request, results)?;
            self.return_invalid_json(task, results)?;
        }
        Ok(())
    }

    /// Checks that the validator rejects invalid variants of a request.
    fn send_invalid_requests(
        &mut self,
        request: &SentRequest,
        results: &mut OperationResults<'_>,
    ) -> Result<(), Error> {
        let invalid_requests = make_invalid_requests(
            self.document,
            results.operation,
            request,
            &self.credential_headers,
        );
        for invalid in invalid_requests {
            results.counts.invalid += 1;
            let validation = self.validator.validate(&invalid.request)?;
            if validation.violations.is_empty() {
                let summary = summarize(&invalid.request);
                results.add_failure("undetected", invalid.description, &summary);
            } else {
                results.counts.rejected += 1;
            }
        }
        Ok(())
    }

    /// Checks that the client rejects a JSON response with trailing characters.
    fn return_invalid_json(
        &mut self,
        task: &CallTask,
        results: &mut OperationResults<'_>,
    ) -> Result<(), Error> {
        let media_type = task.response.media_type.as_deref();
        if !media_type.is_some_and(|media_type| {
            media_type.ends_with("json")
                && !media_type.ends_with("ndjson")
                && !media_type.ends_with("stream+json")
        }) {
            return Ok(());
        }
        let mut task = task.clone();
        task.response.body.push_str("]}");
        results.counts.invalid += 1;
        match self.client_error(&task)? {
            Some(_) => results.counts.rejected += 1,
            None => results.add_failure(
                "undetected",
                "a response that is not JSON".to_owned(),
                &task.response.body,
            ),
        }
        Ok(())
    }

    /// Makes a call and returns the client's error.
    fn client_error(&mut self, task: &CallTask) -> Result<Option<String>, Error> {
        Ok(match self.program.call(task)? {
            Some(result) => result.error,
            None => Some(PROGRAM_TERMINATED.to_owned()),
        })
    }

    /// Returns whether the response of a validator is a described success: mock servers return invalid examples, too.
    fn is_described_response(
        &self,
        operation: &TestedOperation,
        response: &ResponseText,
    ) -> Result<bool, Error> {
        let mut described = operation.responses.iter();
        let Some(described) = described.find(|known| known.status == response.status) else {
            return Ok(false);
        };
        let (Some(schema), Ok(body)) = (&described.schema, serde_json::from_str(&response.body))
        else {
            return Ok(described.schema.is_none());
        };
        Ok(described.is_success(&body) && self.instances.is_valid(schema, &body)?)
    }
}

/// Chooses the values of a call: all of them in round 0, alternately some of the optional ones in later rounds.
fn choose_values<'v>(
    operation: &TestedOperation,
    instances: &'v [Vec<Value>],
    round: usize,
) -> Vec<Option<&'v Value>> {
    let inputs = operation.inputs.iter().zip(instances).enumerate();
    let values = inputs.map(|(index, (input, found))| {
        let is_sent = input.is_required || round == 0 || (round + index).is_multiple_of(2);
        found.get(round % found.len().max(1)).filter(|_| is_sent)
    });
    values.collect()
}

/// Compares a request with the values of the call. Returns the first difference.
fn find_change(
    lookup: DocumentLookup<'_>,
    operation: &TestedOperation,
    values: &[Option<&Value>],
    request: &SentRequest,
) -> Result<Option<String>, Error> {
    if request.method != operation.verb {
        return Ok(Some(format!("the method is {}", request.method)));
    }
    let Some((_, path_variables)) = request.match_path_end(&operation.path) else {
        return Ok(Some(format!("the path is {}", request.path)));
    };
    let is_expected_path = has_expected_path(operation, values, request);
    for (input, value) in operation.inputs.iter().zip(values) {
        let change = match (&input.encoding, value) {
            (InputEncoding::Parameter(parameter), _)
                if parameter.location == ParamLocation::Path && is_expected_path =>
            {
                None
            }
            (InputEncoding::Body(BodyKind::Json), Some(value)) => {
                let schema = input.schema.as_deref().unwrap_or_default();
                compare_body(&without_read_only(lookup, schema, value), request)?
            }
            (InputEncoding::Body(_) | InputEncoding::PartHeader, _) => None,
            (InputEncoding::Parameter(parameter), value) => {
                parameter.difference(*value, request, &path_variables)
            }
        };
        if let Some(change) = change {
            return Ok(Some(format!("{}: {change}", input.label)));
        }
    }
    Ok(None)
}

/// Returns whether the path is the template with the values. A value may contain the text between two variables, so that
/// a segment can be split in several ways.
fn has_expected_path(
    operation: &TestedOperation,
    values: &[Option<&Value>],
    request: &SentRequest,
) -> bool {
    let mut expected = operation.path.clone();
    for (input, value) in operation.inputs.iter().zip(values) {
        if let (InputEncoding::Parameter(parameter), Some(value)) = (&input.encoding, value)
            && parameter.location == ParamLocation::Path
        {
            let Some(text) = parameter.expected_path_text(value) else {
                return false;
            };
            expected = expected.replace(&format!("{{{}}}", parameter.name), &text);
        }
    }
    percent_decode(&request.path).ends_with(&expected)
}

fn compare_body(value: &Value, request: &SentRequest) -> Result<Option<String>, Error> {
    let body = String::from_utf8_lossy(&request.body);
    let found = first_difference(&value.to_string(), &body, &|_, _| false);
    let found = found.map_err(|error| Error::new(Code::Internal, error.to_string(), None))?;
    Ok(found.map(|found| format!("{} {}", json_path(&found.path), found.description)))
}

/// Formats a request in one line.
fn summarize(request: &SentRequest) -> String {
    let separator = if request.query.is_empty() { "" } else { "?" };
    let body = truncated(&String::from_utf8_lossy(&request.body));
    format!(
        "{} {}{separator}{} {body}",
        request.method, request.path, request.query
    )
}
