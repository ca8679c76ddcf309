//! Many calls of all kinds to a server that does something hostile at random, with a virtual clock and a fixed seed.
//!
//! Each call ends in its time, with the right value or an error that names the cause. No text of an error contains the
//! key, and memory does not grow.
#![cfg(feature = "client")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use observatory_runtime::spec::{Api, SchemeKind, SecurityScheme};
use observatory_runtime::{
    Body, BoxFuture, ByteStream, Bytes, Client, ClientBuilder, Clock, Endpoint, Error, Json,
    Limits, Model, Raw, RequestExt, RetryBudget, Secret, Text, Transport, TransportError,
    TransportErrorKind, Value,
};
use peak_alloc::PeakAlloc;
use serde_json::json;

use support::error_text::{ENCODED_KEY, KEY, check_error};
use support::random::Random;
use support::scripted_transport::block_on;
use support::stub_server;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const TIMEOUT: Duration = Duration::from_secs(30);
const CALLS: usize = 100_000;

static API: Api = stub_server::api(&[
    scheme("bearer", SchemeKind::Bearer),
    scheme("query", SchemeKind::Query { name: "key" }),
]);

const fn scheme(id: &'static str, kind: SchemeKind) -> SecurityScheme {
    SecurityScheme {
        id,
        kind,
        env: &[],
        password_env: &[],
        other_headers: &[],
    }
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Page {
    rows: Vec<Row>,
    next: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Row {
    id: i64,
    note: Option<String>,
    more: Option<Value>,
}

macro_rules! operation {
    ($name:ident, $method:ident, $output:ty $(, $envelope:ident)?) => {
        #[derive(Clone, Endpoint)]
        #[endpoint($method, "/rows/{id}")]
        #[endpoint(output = $output $(, $envelope(data = "rows", error = "error"))?)]
        #[endpoint(auth("bearer"), auth("query"))]
        struct $name {
            client: Client,
            #[in_path]
            id: String,
            #[header("X-Api-Key")]
            key: Option<Secret>,
        }
    };
}
operation!(GetPage, GET, Json<Page>);
operation!(PostPage, POST, Json<Page>);
operation!(GetValue, GET, Json<Value>);
operation!(GetRows, GET, Json<Vec<Row>>, envelope);
operation!(GetText, GET, Text);
operation!(GetRaw, GET, Raw);

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/rows", output = Json<Page>, auth("query"))]
#[endpoint(pages(cursor = "cursor", next = "next", items = "rows"), item = Row)]
struct ListRows {
    client: Client,
    #[query("cursor")]
    cursor: Option<String>,
}

struct State {
    random: Random,
    time: Duration,
    /// The body of the last response, if a client must decode it.
    sent: Option<Vec<u8>>,
    requests: usize,
}

/// A hostile server. It is the transport and the clock.
#[derive(Clone)]
struct Hostile(Arc<Mutex<State>>);

/// Parts of hostile bodies.
const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "null",
    "1e400",
    "-0",
    "18446744073709551616",
    "\u{feff}",
    "\u{1b}[31m",
    "\u{202e}",
    "\\u0000",
    "\\ud800",
    "\r\n",
    "\n\n",
    "data: ",
    "event: ",
    "id: ",
    "\u{0}",
    "$serde_json::private::RawValue",
    "$serde_json::private::Number",
    "{\"$serde_json::private::RawValue\":\"[1]\"}",
    "{\"message\":",
    "\"error\":",
    "<html>",
];

impl State {
    fn valid_body(&mut self) -> Vec<u8> {
        let rows: Vec<Value> = (0..self.random.below(4))
            .map(|id| json!({"id": id, "note": self.random.text_below("ab \u{e9}", 9)}))
            .collect();
        let next = Some(self.random.text("abc", 12)).filter(|_| self.random.below(3) > 0);
        json!({"rows": rows, "next": next}).to_string().into_bytes()
    }

    fn hostile_body(&mut self) -> Vec<u8> {
        let mut body = self.valid_body();
        match self.random.below(8) {
            0 => body.clear(),
            1 => body.truncate(self.random.below(body.len())),
            2 => body = b"[".repeat(100_000),
            3 => body = format!("{{\"rows\":{}", "{\"a\":[".repeat(200)).into_bytes(),
            4 => {
                body = Value::from(format!("{}{KEY}", "~".repeat(self.random.below(600))))
                    .to_string()
                    .into_bytes()
            }
            5 => body = vec![b'x'; 300_000],
            _ => {
                self.random.mutate(&mut body, WORDS);
                // After the mutation, which would change the key.
                let quoted = *self.random.choose(&["", KEY, ENCODED_KEY]);
                let at = self.random.below(body.len() + 1);
                body.splice(at..at, quoted.bytes());
            }
        }
        body
    }

    fn respond(&mut self, limits: Limits) -> Result<http::Response<ByteStream>, TransportError> {
        self.requests += 1;
        self.time += Duration::from_millis(self.random.below(50) as u64);
        let kind = match self.random.below(12) {
            0 => Some(TransportErrorKind::Connect),
            1 => Some(TransportErrorKind::Timeout),
            2 => Some(TransportErrorKind::Broken),
            3 => Some(TransportErrorKind::TooLarge),
            4 if self.random.below(8) == 0 => Some(TransportErrorKind::Permanent),
            _ => None,
        };
        if let Some(kind) = kind {
            if kind == TransportErrorKind::Timeout {
                self.time += limits.timeout;
            }
            return Err(TransportError::new(kind, format!("lost {KEY} \u{1b}[2J")));
        }
        let status = *self.random.choose(&[
            200, 200, 200, 200, 201, 204, 302, 307, 400, 401, 404, 429, 500, 502, 503, 999,
        ]);
        let is_valid = self.random.below(2) == 0;
        let body = if is_valid {
            self.valid_body()
        } else {
            self.hostile_body()
        };
        self.sent = (is_valid && status == 200).then(|| body.clone());
        let mut response = http::Response::builder().status(status);
        for name in [
            "x-request-id",
            "content-type",
            "retry-after",
            "location",
            "content-encoding",
            "link",
            "date",
        ] {
            if self.random.below(6) == 0 {
                let value = *self.random.choose(&[
                    KEY,
                    "0",
                    "1",
                    "99999999999999999999",
                    "-1",
                    "br",
                    "/rows/again",
                    "https://evil.example/",
                    "text/html",
                    "Thu, 01 Jan 1970 00:00:00 GMT",
                    "<https://evil.example>; rel=next",
                    "\t",
                ]);
                response = response.header(name, value);
            }
        }
        let is_streamed = limits.streamed && self.random.below(2) == 0;
        let body = if is_streamed {
            self.chunks(body)
        } else {
            body.into()
        };
        Ok(response.body(body).unwrap())
    }

    /// Returns the body in chunks, which may end with an error.
    fn chunks(&mut self, body: Vec<u8>) -> ByteStream {
        let size = 1 + self.random.below(20);
        let mut chunks: Vec<_> = body
            .chunks(size.max(body.len() / 50))
            .map(|chunk| Ok(chunk.to_vec()))
            .collect();
        if self.random.below(4) == 0 {
            self.sent = None;
            chunks.push(Err(TransportError::new(
                TransportErrorKind::Broken,
                format!("reset {KEY}"),
            )));
        }
        ByteStream::new(Chunks(chunks.into_iter()))
    }
}

struct Chunks(std::vec::IntoIter<Result<Vec<u8>, TransportError>>);

impl futures_core::Stream for Chunks {
    type Item = Result<Vec<u8>, TransportError>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.next())
    }
}

impl Transport for Hostile {
    fn send(
        &self,
        _: http::Request<Body>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let response = self.0.lock().unwrap().respond(limits);
        Box::pin(async { response })
    }
}

impl Clock for Hostile {
    fn now(&self) -> Duration {
        self.0.lock().unwrap().time
    }

    fn sleep(&self, time: Duration) -> BoxFuture<'static, ()> {
        self.0.lock().unwrap().time += time;
        Box::pin(async {})
    }
}

/// A value as JSON, or an error.
type Outcome = Result<Option<Value>, Error>;

async fn call(client: &Client, random: &mut Random) -> Outcome {
    let id = random.text("a/%?#. ", 5);
    let key = Secret::from(KEY);
    let page = |page: Page| Some(serde_json::to_value(page).unwrap());
    match random.below(10) {
        0 => GetPage::new(client, id).key(key).await.map(page),
        1 => PostPage::new(client, id).await.map(page),
        2 => GetValue::new(client, id).await.map(Some),
        3 => GetRows::new(client, id).await.map(|_| None),
        4 => GetText::new(client, id)
            .await
            .map(|text| serde_json::from_str(&text).ok()),
        5 => GetRaw::new(client, id)
            .await
            .map(|bytes: Bytes| serde_json::from_slice(&bytes).ok()),
        6 => ListRows::new(client).items().all().await.map(|_| None),
        7 => {
            let mut stream = GetRaw::new(client, id).stream().await?.into_value();
            let mut all = Vec::new();
            while let Some(chunk) = stream.next().await {
                all.extend(chunk?);
            }
            Ok(serde_json::from_slice(&all).ok())
        }
        8 => {
            let mut lines = GetRaw::new(client, id)
                .stream()
                .await?
                .into_value()
                .json_lines::<Value>();
            while let Some(line) = lines.next().await {
                line?;
            }
            Ok(None)
        }
        _ => {
            let mut events = GetRaw::new(client, id)
                .stream()
                .await?
                .into_value()
                .events();
            while let Some(event) = events.next().await {
                event?.decode::<Row>()?;
            }
            Ok(None)
        }
    }
}

/// Makes calls, and returns the number of values and errors.
fn run(calls: usize, seed: u64) -> (usize, usize) {
    let mut random = Random::new(seed);
    let server = Hostile(Arc::new(Mutex::new(State {
        random: Random::new(seed + 1),
        time: Duration::ZERO,
        sent: None,
        requests: 0,
    })));
    let builder = ClientBuilder::<Client>::new(&API).base_url("https://api.example.invalid");
    let client = builder
        .bearer_token(KEY)
        .credential("query", KEY)
        .timeout(TIMEOUT)
        .retry_budget(RetryBudget::unlimited())
        .transport(server.clone())
        .clock(server.clone())
        .build()
        .unwrap();
    let (mut values, mut errors) = (0, 0);
    for _ in 0..calls {
        let (start, requests) = {
            let mut state = server.0.lock().unwrap();
            state.sent = None;
            (state.time, state.requests)
        };
        let outcome = block_on(call(&client, &mut random));
        let mut state = server.0.lock().unwrap();
        // Streams of items make a call for each page.
        let calls = (state.requests - requests).max(1) as u32;
        let elapsed = state.time - start;
        assert!(
            elapsed < (TIMEOUT + Duration::from_secs(1)) * calls,
            "{elapsed:?}"
        );
        match outcome {
            Ok(value) => {
                values += 1;
                if let (Some(sent), Some(value)) = (state.sent.take(), value) {
                    let sent: Value = serde_json::from_slice(&sent).unwrap();
                    assert_eq!(without_nulls(value), without_nulls(sent));
                }
            }
            Err(error) => {
                errors += 1;
                check_error(&error);
            }
        }
    }
    (values, errors)
}

/// A typed value does not write absent properties, nor those that were null.
fn without_nulls(mut value: Value) -> Value {
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, field| !field.is_null());
    }
    value
}

#[test]
fn calls_to_a_hostile_server_end() {
    let (values, errors) = run(2_000, 15);
    assert!(
        values > 200 && errors > 200,
        "{values} values, {errors} errors"
    );
}

#[test]
#[ignore = "takes minutes without optimization"]
fn many_calls_to_a_hostile_server_end_in_constant_memory() {
    run(CALLS / 10, 1);
    let before = MEMORY.current_usage();
    run(CALLS, 2);
    let grown = MEMORY.current_usage().saturating_sub(before);
    assert!(grown < 1 << 20, "{grown} bytes");
}
