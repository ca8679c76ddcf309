//! Makes calls and checks how they end.

use std::sync::{Arc, MutexGuard};
use std::time::Duration;

use observatory_runtime::{Client, ClientBuilder, Error, RetryBudget};
use serde::Deserialize;
use tokio::time::Instant;

use crate::error_text::{check_error, is_lost};
use crate::fault::{Expected, Fault, Situation};
use crate::random::Random;
use crate::report::Report;
use crate::response::{MAX_SIZE, Success};
use crate::server::{Server, State};
use crate::{Program, Sent};

const TIMEOUT: Duration = Duration::from_secs(60);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(20);

/// An operation to call: a line of the input.
#[derive(Deserialize)]
pub(crate) struct Task {
    /// Its index in the program.
    operation: usize,
    /// Its method and path.
    label: String,
    is_idempotent: bool,
    /// The arguments of several calls.
    values: Vec<Vec<Option<String>>>,
    /// Successful responses.
    responses: Vec<TaskResponse>,
}

#[derive(Deserialize)]
struct TaskResponse {
    status: u16,
    media_type: Option<String>,
    body: String,
}

/// An operation whose responses have known values.
pub(crate) struct Operation<V> {
    index: usize,
    label: String,
    is_idempotent: bool,
    values: Vec<V>,
    outcomes: Vec<Outcome>,
}

/// A response and the value that a call must return for it.
struct Outcome {
    success: Arc<Success>,
    situation: Situation,
    /// The debug text of the value.
    value: String,
}

/// Calls the operations of a program.
pub(crate) struct Caller<'p, C: 'static, V: 'static> {
    program: &'p Program<C, V>,
    server: Server,
    /// With the default retry budget and without one.
    clients: [C; 2],
    random: Random,
    report: Report,
    start: Instant,
}

impl<'p, C: From<Client>, V: 'static> Caller<'p, C, V> {
    pub(crate) async fn new(program: &'p Program<C, V>, seed: u64) -> Self {
        let server = Server::start(Random::new(seed)).await;
        let url = format!("http://{}", server.address);
        let builder = || -> ClientBuilder<C> {
            (program.builder)()
                .base_url(&url)
                .timeout(TIMEOUT)
                .attempt_timeout(ATTEMPT_TIMEOUT)
                .max_response_size(MAX_SIZE)
        };
        let unlimited = builder().retry_budget(RetryBudget::unlimited());
        Self {
            program,
            server,
            clients: [builder().build().unwrap(), unlimited.build().unwrap()],
            random: Random::new(seed + 1),
            report: Report::default(),
            start: Instant::now(),
        }
    }

    pub(crate) fn into_report(mut self, grown_bytes: usize) -> Report {
        self.report.grown_bytes = grown_bytes;
        self.report.virtual_seconds = self.start.elapsed().as_secs();
        self.report
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.server.state.lock().unwrap()
    }

    /// Calls each operation without faults, which shows the values of its responses.
    pub(crate) async fn prepare(&mut self, tasks: Vec<Task>) -> Vec<Operation<V>> {
        let mut operations = Vec::new();
        for task in tasks {
            let mut operation = Operation {
                index: task.operation,
                label: task.label,
                is_idempotent: task.is_idempotent,
                values: task.values.into_iter().map(self.program.values).collect(),
                outcomes: Vec::new(),
            };
            for response in task.responses {
                if response.body.len() > MAX_SIZE / 2 {
                    continue;
                }
                let success = Success {
                    status: response.status,
                    media_type: response.media_type,
                    body: response.body.into_bytes(),
                };
                if let Some(outcome) = self.prepare_outcome(&operation, success).await {
                    operation.outcomes.push(outcome);
                }
            }
            if operation.outcomes.is_empty() || operation.values.is_empty() {
                let failure = format!("{}: no call succeeds without a fault", operation.label);
                self.report.add_failure(failure);
            } else {
                operations.push(operation);
            }
        }
        self.state().fixed_fault = None;
        operations
    }

    async fn prepare_outcome(
        &mut self,
        operation: &Operation<V>,
        success: Success,
    ) -> Option<Outcome> {
        let success = Arc::new(success);
        let has_body = success.status != 204 && !success.body.is_empty();
        let may_be_json = matches!(success.body.first(), Some(b'{' | b'[' | b'"'));
        let values = operation.values.first()?;
        self.set_response(
            &success,
            Situation {
                has_body,
                is_json: may_be_json,
            },
        );
        self.state().fixed_fault = Some(Fault::None);
        let value = match self.send(operation, values, 1).await {
            Ok(value) => value,
            Err(error) => {
                self.report
                    .add_failure(format!("{}: without a fault: {error}", operation.label));
                return None;
            }
        };
        // A client that reads text or bytes, or nothing, accepts invalid JSON.
        self.state().fixed_fault = Some(Fault::TruncatedJson);
        let truncated = self.send(operation, values, 1).await;
        let is_json = may_be_json && truncated.is_err();
        Some(Outcome {
            success,
            situation: Situation { has_body, is_json },
            value,
        })
    }

    fn set_response(&self, success: &Arc<Success>, situation: Situation) {
        let mut state = self.state();
        state.success = Some(Arc::clone(success));
        state.situation = situation;
        state.faults.clear();
    }

    /// Makes a call; an error of the arguments becomes the text of the result.
    async fn send(
        &self,
        operation: &Operation<V>,
        values: &V,
        client: usize,
    ) -> Result<String, CallError> {
        let call = self.program.calls[operation.index];
        let sent: Sent = call(&self.clients[client], values);
        sent.map_err(CallError::Arguments)?
            .await
            .map_err(CallError::Client)
    }

    /// Calls an operation while the server fails at random, and checks how the call ends. All operations are called in
    /// turn.
    pub(crate) async fn call(&mut self, operations: &[Operation<V>], number: u64) {
        let Some(operation) = operations.get(number as usize % operations.len().max(1)) else {
            return;
        };
        let outcome = self.random.choose(&operation.outcomes);
        let values = self.random.choose(&operation.values);
        self.set_response(&outcome.success, outcome.situation);
        if self.random.below(16) == 0 {
            let time = Duration::from_millis(self.random.below(2_000) as u64);
            self.server.go_down(time).await;
        }
        let start = Instant::now();
        let is_down = start <= self.server.down_until;
        let client = self.random.below(2);
        let result = self.send(operation, values, client).await;
        let elapsed = start.elapsed();
        let faults = std::mem::take(&mut self.state().faults);
        self.report.calls += 1;
        self.report.requests += faults.len() as u64;
        for fault in &faults {
            *self.report.faults.entry(format!("{fault:?}")).or_default() += 1;
        }
        self.report.values += u64::from(result.is_ok());
        let ended = Ended {
            operation,
            outcome,
            faults: &faults,
            is_down,
            result,
            elapsed,
        };
        if let Some(failure) = ended.failure() {
            let failure = format!(
                "{}: {failure} ({faults:?}, refused {is_down}, {elapsed:?})",
                operation.label
            );
            self.report.add_failure(failure);
        }
    }
}

/// Why a call failed.
enum CallError {
    Arguments(String),
    Client(Error),
}

impl std::fmt::Display for CallError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Arguments(error) => f.write_str(error),
            Self::Client(error) => error.fmt(f),
        }
    }
}

/// A call that has ended.
struct Ended<'c, V> {
    operation: &'c Operation<V>,
    outcome: &'c Outcome,
    faults: &'c [Fault],
    is_down: bool,
    result: Result<String, CallError>,
    elapsed: Duration,
}

impl<V> Ended<'_, V> {
    /// Returns what is wrong with the call.
    fn failure(&self) -> Option<String> {
        if self.elapsed > TIMEOUT + Duration::from_secs(1) {
            return Some("it ended late".to_owned());
        }
        if let Some((_, earlier)) = self.faults.split_last() {
            let is_repeated = |fault: &Fault| {
                fault.is_transient() && (self.operation.is_idempotent || !fault.may_have_effect())
            };
            if !earlier.iter().all(is_repeated) || self.faults.len() > 4 {
                return Some("it was sent again".to_owned());
            }
        }
        match &self.result {
            Ok(value) => self.value_failure(value),
            Err(CallError::Arguments(error)) => Some(error.clone()),
            Err(CallError::Client(error)) => {
                check_error(error);
                self.error_failure(error)
            }
        }
    }

    fn value_failure(&self, value: &str) -> Option<String> {
        match self.faults.last().map(|fault| fault.expected()) {
            Some(Expected::Any) => None,
            Some(Expected::Value | Expected::ValueOrTimeout) => {
                (value != self.outcome.value).then(|| "the value is another one".to_owned())
            }
            _ => Some("there is a value".to_owned()),
        }
    }

    fn error_failure(&self, error: &Error) -> Option<String> {
        let is_named = if error.is_connect() {
            self.is_down
        } else {
            match self.faults.last().map(|fault| fault.expected()) {
                None | Some(Expected::Value) => false,
                Some(Expected::ValueOrTimeout | Expected::Timeout) => error.is_timeout(),
                Some(Expected::Lost) => is_lost(error),
                Some(Expected::TooLarge) => error.is_too_large(),
                Some(Expected::Decode) => error.is_decode() && self.names_encoding(error),
                Some(Expected::Any) => error.is_decode() || error.is_api(),
                Some(Expected::Status(status)) => {
                    error.is_api() && error.status().is_some_and(|known| known == status)
                }
            }
        };
        (!is_named).then(|| format!("another cause: {error}"))
    }

    /// Returns whether the error names the encoding, if that is the cause.
    fn names_encoding(&self, error: &Error) -> bool {
        self.faults.last() != Some(&Fault::UnknownEncoding)
            || error.to_string().contains("content encoding")
    }
}
