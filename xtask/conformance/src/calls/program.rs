//! The program that calls operations: each through its handle, with arguments and setters, over a transport that keeps
//! what was sent and answers what it is told to.

use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::{Deserialize, Serialize};

use super::operation::{Slot, Subject};
use crate::shared::program::{Beside, features};
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::ir::SchemeKind;
use observatory_codegen::pipeline::Output;

/// A line is a [`Task`], and so is an answer a [`Done`]. Values stay text until their type reads them. Bytes travel as
/// the characters of their numbers.
const MAIN: &str = r##"
#[derive(Default)]
struct Task { values: Vec<Option<String>>, status: u16, media: Option<String>, body: String }

impl Task {
    fn read(line: &str) -> Option<(usize, Self)> {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let task = Self {
            values: line["values"].as_array()?.iter().map(text).collect(),
            status: u16::try_from(line["status"].as_u64()?).ok()?,
            media: text(&line["media"]),
            body: text(&line["body"])?,
        };
        Some((usize::try_from(line["call"].as_u64()?).ok()?, task))
    }

    fn optional<T: Wire>(&self, index: usize) -> Result<Option<T>, String> {
        let text = self.values.get(index).cloned().flatten();
        let value = text.map(|text| decode_json(text.as_bytes()));
        value.transpose().map_err(|why: observatory_runtime::private::DecodeError| why.to_string())
    }

    fn value<T: Wire>(&self, index: usize) -> Result<T, String> {
        self.optional(index)?.ok_or_else(|| "a required value is missing".to_owned())
    }
}

#[derive(Clone, Default)]
struct Script(std::sync::Arc<std::sync::Mutex<(Task, Option<http::Request<Body>>)>>);

impl Transport for Script {
    fn send(&self, request: http::Request<Body>, _: Limits) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let mut script = self.0.lock().unwrap();
        let mut answer = http::Response::builder().status(script.0.status);
        if let Some(media) = &script.0.media {
            answer = answer.header("content-type", media);
        }
        let answer = answer.body(script.0.body.clone().into_bytes().into()).unwrap();
        script.1 = Some(request);
        Box::pin(async move { Ok(answer) })
    }
}

type Outcome = Result<(), String>;

fn call<T>(request: impl std::future::Future<Output = Result<T, generated::Error>>) -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    runtime.unwrap().block_on(request).map(drop).map_err(|why| format!("{why:?}: {why}"))
}

fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

fn sent(request: &http::Request<Body>) -> serde_json::Value {
    let headers = request.headers().iter();
    let headers: Vec<_> = headers.map(|(name, value)| [name.to_string(), text(value.as_bytes())]).collect();
    let mut body = Vec::new();
    std::io::Read::read_to_end(&mut request.body().reader(), &mut body).unwrap();
    serde_json::json!({
        "method": request.method().as_str(), "url": request.uri().to_string(),
        "headers": headers, "body": text(&body),
    })
}

fn main() {
    let script = Script::default();
    let client = client(script.clone()).unwrap();
    for line in std::io::stdin().lines() {
        let Some((index, task)) = Task::read(&line.unwrap()) else { continue };
        let values = Task { values: task.values.clone(), ..Task::default() };
        *script.0.lock().unwrap() = (task, None);
        let outcome = CALLS.get(index).map_or(Err("there is no such call".to_owned()), |call| call(&client, &values));
        let request = script.0.lock().unwrap().1.take();
        println!("{}", serde_json::json!({ "sent": request.as_ref().map(sent), "error": outcome.err() }));
    }
}
"##;

const HEAD: &str = "#![allow(deprecated)]
use generated::Client;
use observatory_runtime::private::{Wire, decode_json};
use observatory_runtime::{Body, BoxFuture, ByteStream, Limits, Transport, TransportError};
";

const DEPENDENCIES: &str = "http = \"1\"
serde_json = \"1\"
tokio = { version = \"1\", features = [\"rt\", \"time\"] }
";

/// What to call, with what, and what to answer.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Task {
    pub(super) call: usize,
    /// As the slots are; JSON each.
    pub(super) values: Vec<Option<String>>,
    #[serde(flatten)]
    pub(super) answer: Answer,
}

/// An answer to give to the client.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The media type.
    pub media: Option<String>,
    /// The body.
    pub body: String,
}

/// What came of it.
#[derive(Debug, Deserialize)]
pub(super) struct Done {
    pub(super) sent: Option<SentText>,
    pub(super) error: Option<String>,
}

/// A request as it comes from the program.
#[derive(Debug, Deserialize)]
pub(super) struct SentText {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

/// The running program.
pub(super) struct Caller {
    program: PathBuf,
    running: Option<(Child, ChildStdin, BufReader<ChildStdout>)>,
}

impl Caller {
    /// Writes the crate and the program, and compiles both.
    ///
    /// # Errors
    /// When the disk or the compiler refuses.
    pub(super) fn build(name: &str, made: &Output, subjects: &[Subject]) -> Result<Self, Error> {
        let functions: String = subjects.iter().enumerate().map(function).collect();
        let list: String = (0..subjects.len())
            .map(|index| format!("    call_{index},\n"))
            .collect();
        let program = Beside {
            kind: "calls",
            features: std::iter::once("client").chain(features(made)).collect(),
            runtime: &["client"],
            dependencies: DEPENDENCIES,
            main: format!(
                "{HEAD}\n{}\n{functions}\nstatic CALLS: &[fn(&Client, &Task) -> Outcome] = &[\n{list}];\n{MAIN}",
                client(made)
            ),
        }
        .build(name, made)?;
        Ok(Self {
            program,
            running: None,
        })
    }

    /// Makes a call. `None` where the program died of it.
    ///
    /// # Errors
    /// When the program cannot be started, or says what nobody understands.
    pub(super) fn call(&mut self, task: &Task) -> Result<Option<Done>, Error> {
        let internal = |why: serde_json::Error| Error::new(Code::Internal, why.to_string(), None);
        let task = serde_json::to_string(task).map_err(internal)?;
        let mut line = String::new();
        let (child, input, output) = match &mut self.running {
            Some(running) => running,
            None => {
                let started = start(&self.program).map_err(|why| Error::io(&self.program, &why))?;
                self.running.insert(started)
            }
        };
        let said = writeln!(input, "{task}").and_then(|()| output.read_line(&mut line));
        if said.is_ok_and(|size| size > 0) {
            return serde_json::from_str(&line).map(Some).map_err(internal);
        }
        // It is gone; the next call starts another.
        let _ = child.wait();
        self.running = None;
        Ok(None)
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        if let Some((mut child, input, _)) = self.running.take() {
            drop(input);
            let _ = child.wait();
        }
    }
}

fn start(program: &PathBuf) -> io::Result<(Child, ChildStdin, BufReader<ChildStdout>)> {
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    match (child.stdin.take(), child.stdout.take()) {
        (Some(input), Some(output)) => Ok((child, input, BufReader::new(output))),
        _ => Err(io::ErrorKind::BrokenPipe.into()),
    }
}

/// The client, with a credential for every scheme that it knows how to send.
fn client(made: &Output) -> String {
    let schemes = made.plan.client.schemes.iter();
    let credentials = schemes.map(|scheme| match &scheme.kind {
        SchemeKind::Basic => ".basic_auth(\"user\", \"password\")".to_owned(),
        SchemeKind::Other(_) => String::new(),
        _ => format!(".credential({:?}, \"key\")", scheme.id),
    });
    let credentials: String = credentials.collect();
    format!(
        "fn client(script: Script) -> Result<Client, generated::Error> {{\n    Client::builder().base_url(\"http://127.0.0.1\").transport(script){credentials}.build()\n}}\n"
    )
}

/// A function that makes one operation's request as its users would.
fn function((index, subject): (usize, &Subject)) -> String {
    let (handle, method) = &subject.methods;
    let ty = |slot: &Slot| slot.ty.path("generated::models::", "generated::");
    let slots = || subject.slots.iter().enumerate();
    let arguments = slots()
        .filter(|(_, slot)| slot.setter.is_none())
        .map(|(index, slot)| format!("task.value::<{}>({index})?", ty(slot)));
    let arguments: Vec<String> = arguments.collect();
    let setters = slots().filter_map(|(index, slot)| {
        let (setter, ty) = (slot.setter.as_ref()?, ty(slot));
        Some(format!(
            "    if let Some(value) = task.optional::<{ty}>({index})? {{\n        request = request.{setter}(value);\n    }}\n"
        ))
    });
    let setters: String = setters.collect();
    format!(
        "#[allow(unused_mut, unused_variables)]\nfn call_{index}(client: &Client, task: &Task) -> Outcome {{\n    let mut request = client.{handle}().{method}({});\n{setters}    call(request.send())\n}}\n",
        arguments.join(", ")
    )
}
