//! The program that calls operations through the generated client. Its transport records the request and returns the
//! response of the task.

use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};

use super::operation::{OperationInput, TestedOperation};
use super::sent_request::RequestText;
use crate::shared::program::{CompiledProgram, ProgramSource, RunningProgram, feature_names};
use observatory_codegen::Output;
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::ir::SecuritySchemeKind;

/// The values of a call, which stay text until their type parses them.
const VALUES: &str = r#"
#[derive(Clone, Default)]
struct Values(Vec<Option<String>>);

impl Values {
    fn optional<T: Wire>(&self, index: usize) -> Result<Option<T>, String> {
        let text = self.0.get(index).cloned().flatten();
        let value = text.map(|text| decode_json(text.as_bytes()));
        value.transpose().map_err(|error: observatory_runtime::private::DecodeError| error.to_string())
    }

    fn required<T: Wire>(&self, index: usize) -> Result<T, String> {
        self.optional(index)?.ok_or_else(|| "a required value is missing".to_owned())
    }
}
"#;

/// The program reads a [`CallTask`] from each line and writes a [`CallResult`]. Bytes are sent as the characters of the
/// same number.
const MAIN: &str = r##"
#[derive(Default)]
struct Task { values: Values, status: u16, media_type: Option<String>, body: String }

impl Task {
    fn parse(line: &str) -> Option<(usize, Self)> {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let task = Self {
            values: Values(line["values"].as_array()?.iter().map(text).collect()),
            status: u16::try_from(line["status"].as_u64()?).ok()?,
            media_type: text(&line["media_type"]),
            body: text(&line["body"])?,
        };
        Some((usize::try_from(line["operation"].as_u64()?).ok()?, task))
    }
}

#[derive(Clone, Default)]
struct MockTransport(std::sync::Arc<std::sync::Mutex<(Task, Option<http::Request<Body>>)>>);

impl Transport for MockTransport {
    fn send(&self, request: http::Request<Body>, _: Limits) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let mut state = self.0.lock().unwrap();
        let mut response = http::Response::builder().status(state.0.status);
        if let Some(media_type) = &state.0.media_type {
            response = response.header("content-type", media_type);
        }
        let response = response.body(state.0.body.clone().into_bytes().into()).unwrap();
        state.1 = Some(request);
        Box::pin(async move { Ok(response) })
    }
}

type Sent = Result<(), String>;

fn finish<T>(request: impl std::future::Future<Output = Result<T, generated::Error>>) -> Sent {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.unwrap().block_on(request).map(drop).map_err(|error| format!("{error:?}: {error}"))
}

fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn request_json(request: &http::Request<Body>) -> serde_json::Value {
    let headers = request.headers().iter();
    let headers: Vec<_> = headers.map(|(name, value)| [name.to_string(), latin1(value.as_bytes())]).collect();
    let mut body = Vec::new();
    std::io::Read::read_to_end(&mut request.body().reader(), &mut body).unwrap();
    serde_json::json!({
        "method": request.method().as_str(), "url": request.uri().to_string(),
        "headers": headers, "body": latin1(&body),
    })
}

fn main() {
    let transport = MockTransport::default();
    let client = client_builder().base_url("http://127.0.0.1").transport(transport.clone()).build().unwrap();
    for line in std::io::stdin().lines() {
        let Some((index, task)) = Task::parse(&line.unwrap()) else { continue };
        let values = task.values.clone();
        *transport.0.lock().unwrap() = (task, None);
        let result = CALLS.get(index).map_or(Err("unknown operation".to_owned()), |call| call(&client, &values));
        let request = transport.0.lock().unwrap().1.take();
        println!("{}", serde_json::json!({ "request": request.as_ref().map(request_json), "error": result.err() }));
    }
}
"##;

const HEAD: &str =
    "use observatory_runtime::{Body, BoxFuture, ByteStream, Limits, Transport, TransportError};
";

const DEPENDENCIES: &str = "http = \"1\"
serde_json = \"1\"
tokio = { version = \"1\", features = [\"rt\", \"time\"] }
";

/// The operation to call, its values, and the response to return.
#[derive(Clone, Debug, Serialize)]
pub(super) struct CallTask {
    /// The index of the operation.
    pub(super) operation: usize,
    /// A JSON text for each input of the operation.
    pub(super) values: Vec<Option<String>>,
    #[serde(flatten)]
    pub(super) response: ResponseText,
}

/// A response for the client.
#[derive(Clone, Debug, Serialize)]
pub struct ResponseText {
    /// The status code.
    pub status: u16,
    /// The media type.
    pub media_type: Option<String>,
    /// The body.
    pub body: String,
}

/// The result of a call.
#[derive(Debug, Deserialize)]
pub(super) struct CallResult {
    /// `None` if nothing was sent.
    pub(super) request: Option<RequestText>,
    /// The client's error.
    pub(super) error: Option<String>,
}

/// The compiled program.
pub(super) struct CallProgram {
    program: CompiledProgram,
    running: Option<RunningProgram>,
}

impl CallProgram {
    /// Compiles the generated crate and the program.
    ///
    /// # Errors
    /// When a file cannot be written or the compiler fails.
    pub(super) fn compile(
        name: &str,
        generated: &Output,
        operations: &[TestedOperation],
        progress: &mut dyn FnMut(&str),
    ) -> Result<Self, Error> {
        let source = ProgramSource {
            tool: "calls",
            features: std::iter::once("client")
                .chain(feature_names(generated))
                .collect(),
            runtime_features: &["client"],
            dependencies: DEPENDENCIES,
            main: format!(
                "{}\n{HEAD}\n{MAIN}",
                call_functions(generated, operations, "key")
            ),
        };
        Ok(Self {
            program: source.compile(name, generated, progress)?,
            running: None,
        })
    }

    /// Makes a call; `None` if the program terminated.
    ///
    /// # Errors
    /// When the program cannot be started, or its output cannot be parsed.
    pub(super) fn call(&mut self, task: &CallTask) -> Result<Option<CallResult>, Error> {
        let internal =
            |error: serde_json::Error| Error::new(Code::Internal, error.to_string(), None);
        let task = serde_json::to_string(task).map_err(internal)?;
        let mut line = String::new();
        let running = match &mut self.running {
            Some(running) => running,
            None => self.running.insert(self.program.start()?),
        };
        let written = writeln!(running.input, "{task}");
        let read = written.and_then(|()| running.output.read_line(&mut line));
        if read.is_ok_and(|size| size > 0) {
            return serde_json::from_str(&line).map(Some).map_err(internal);
        }
        // The program terminated; the next call starts it again.
        let _ = running.child.wait();
        self.running = None;
        Ok(None)
    }
}

impl Drop for CallProgram {
    fn drop(&mut self) {
        if let Some(RunningProgram {
            mut child, input, ..
        }) = self.running.take()
        {
            drop(input);
            let _ = child.wait();
        }
    }
}

/// Returns the functions of a program that calls the operations: `client_builder`, with the credential `key` for every
/// supported security scheme, and `CALLS`. The program defines `finish`, which takes the future of a call and returns
/// `Sent`: a `Result` whose error is text.
pub(crate) fn call_functions(
    generated: &Output,
    operations: &[TestedOperation],
    key: &str,
) -> String {
    let functions: String = operations.iter().enumerate().map(call_function).collect();
    let list: String = (0..operations.len())
        .map(|index| format!("    call_{index},\n"))
        .collect();
    let schemes = generated.plan.client.schemes.iter();
    let credentials = schemes.map(|scheme| match &scheme.kind {
        SecuritySchemeKind::Basic => format!(".basic_auth(\"user\", {key:?})"),
        SecuritySchemeKind::Other(_) => String::new(),
        _ => format!(".credential({:?}, {key:?})", scheme.id),
    });
    let credentials: String = credentials.collect();
    format!(
        "#![allow(deprecated)]\nuse generated::Client;\nuse observatory_runtime::private::{{Wire, decode_json}};\n{VALUES}\nfn client_builder() -> generated::ClientBuilder {{\n    Client::builder(){credentials}\n}}\n\n{functions}\nstatic CALLS: &[fn(&Client, &Values) -> Sent] = &[\n{list}];\n"
    )
}

/// Returns the function that calls an operation as a user's code would.
fn call_function((index, operation): (usize, &TestedOperation)) -> String {
    let (handle, method) = (&operation.handle, &operation.method);
    let ty = |input: &OperationInput| input.ty.to_source("generated::models::", "generated::");
    let inputs = || operation.inputs.iter().enumerate();
    let arguments = inputs()
        .filter(|(_, input)| input.setter.is_none())
        .map(|(index, input)| format!("values.required::<{}>({index})?", ty(input)));
    let arguments: Vec<String> = arguments.collect();
    let setters = inputs().filter_map(|(index, input)| {
        let (setter, ty) = (input.setter.as_ref()?, ty(input));
        Some(format!(
            "    if let Some(value) = values.optional::<{ty}>({index})? {{\n        request = request.{setter}(value);\n    }}\n"
        ))
    });
    let setters: String = setters.collect();
    let alternative = operation.alternative.as_ref();
    let alternative = alternative.map(|name| format!(".{name}()"));
    let alternative = alternative.unwrap_or_default();
    format!(
        "#[allow(unused_mut, unused_variables)]\nfn call_{index}(client: &Client, values: &Values) -> Sent {{\n    let mut request = client.{handle}().{method}({});\n{setters}    finish(request{alternative}.send())\n}}\n",
        arguments.join(", ")
    )
}
