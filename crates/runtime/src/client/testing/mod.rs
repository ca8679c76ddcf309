//! Transports that record the responses of a service and replay them in tests.
//!
//! Record once against the real service, review the file, and commit it with the test. The test then replays it without
//! network access:
//!
//! ```
//! # use observatory_runtime::{Client, ClientBuilder};
//! use observatory_runtime::testing::{Recording, Redaction};
//!
//! # type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
//! # fn example(builder: ClientBuilder<Client>, again: ClientBuilder<Client>) -> Result<()> {
//! // Record:
//! let recording = Recording::new(Redaction::new().field("email"));
//! let shared = recording.clone();
//! let client = builder.layer(move |inner| shared.recorder(inner)).build()?;
//! // … calls …
//! recording.save("tests/recordings/projects.json")?;
//!
//! // Replay:
//! let recording = Recording::load("tests/recordings/projects.json")?;
//! let client = again.api_key("any").transport(recording.player()).build()?;
//! # Ok(())
//! # }
//! ```
//!
//! A recording is a JSON file that can be read and edited. It contains no request headers, because they contain
//! credentials, and no values that a [`Redaction`] names.
//!
//! A [streamed](crate::RequestExt::stream) response is passed on in chunks while it is recorded. The recording contains
//! what was read of it, and replays it in one chunk. Of a request body that is read while it is sent, such as a
//! [file](crate::File::from_path), only the length is recorded.

mod exchange_redaction;
mod player;
mod recorder;
mod redaction;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use crate::private::decode_json;

pub(crate) use exchange_redaction::RequestSecrets;
pub use player::Player;
pub use recorder::Recorder;
pub use redaction::Redaction;

/// A sequence of requests and their responses. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    exchanges: Arc<Mutex<Vec<Exchange>>>,
    redaction: Arc<Redaction>,
}

/// A request and its response, redacted.
#[derive(Clone, Debug)]
struct Exchange {
    method: String,
    /// Path and query. The host is not recorded, so that a recording can be replayed for any.
    target: String,
    request_body: Value,
    status: u16,
    headers: Vec<(String, String)>,
    response_body: Value,
}

impl Recording {
    /// Creates an empty recording.
    pub fn new(redaction: Redaction) -> Self {
        Self {
            exchanges: Arc::default(),
            redaction: Arc::new(redaction),
        }
    }

    /// Returns a transport that sends requests through `inner` and records the exchanges.
    pub fn recorder<T>(&self, inner: T) -> Recorder<T> {
        Recorder::new(self.clone(), inner)
    }

    /// Returns a transport that replays the responses.
    ///
    /// A request gets the first unused response to a request of the same method, path, query and body. If there is
    /// none, the call fails.
    pub fn player(&self) -> Player {
        Player::new(self)
    }

    /// Returns the number of exchanges.
    pub fn len(&self) -> usize {
        self.exchanges().len()
    }

    /// Returns whether there are no exchanges.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads a recording from a file. The redaction rules are part of the file, and apply to further exchanges too.
    ///
    /// # Errors
    /// If the file cannot be read, or is not a recording.
    pub fn load(path: impl AsRef<Path>) -> io::Result<Self> {
        let text = std::fs::read(path)?;
        let value: Value = decode_json(&text)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        let invalid = || io::Error::new(io::ErrorKind::InvalidData, "invalid recording");
        let redaction = Redaction::from_json(value.get("redacted").unwrap_or(&Value::Null));
        let exchanges = value.get("exchanges").and_then(Value::as_array);
        let exchanges = exchanges
            .ok_or_else(invalid)?
            .iter()
            .map(Exchange::from_json);
        let exchanges: Option<Vec<Exchange>> = exchanges.collect();
        Ok(Self {
            exchanges: Arc::new(Mutex::new(exchanges.ok_or_else(invalid)?)),
            redaction: Arc::new(redaction),
        })
    }

    /// Writes the recording to a file.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let exchanges: Vec<Value> = self.exchanges().iter().map(Exchange::to_json).collect();
        let value = json!({"redacted": self.redaction.to_json(), "exchanges": exchanges});
        std::fs::write(path, serde_json::to_string_pretty(&value)? + "\n")
    }

    /// Adds an exchange and returns its index.
    fn add(&self, exchange: Exchange) -> usize {
        let mut exchanges = self.exchanges();
        exchanges.push(exchange);
        exchanges.len() - 1
    }

    fn exchanges(&self) -> MutexGuard<'_, Vec<Exchange>> {
        self.exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Exchange {
    fn to_json(&self) -> Value {
        let headers: Vec<Value> = (self.headers.iter())
            .map(|(name, value)| json!([name, value]))
            .collect();
        json!({
            "request": {"method": self.method, "target": self.target, "body": self.request_body},
            "response": {"status": self.status, "headers": headers, "body": self.response_body},
        })
    }

    fn from_json(value: &Value) -> Option<Self> {
        let (request, response) = (value.get("request")?, value.get("response")?);
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let header = |pair: &Value| Some((text(pair.get(0)?)?, text(pair.get(1)?)?));
        let headers = response.get("headers").and_then(Value::as_array);
        Some(Self {
            method: text(request.get("method")?)?,
            target: text(request.get("target")?)?,
            request_body: request.get("body").cloned().unwrap_or_default(),
            status: response.get("status")?.as_u64()?.try_into().ok()?,
            headers: headers
                .map(|all| all.iter().map(header).collect::<Option<_>>())
                .unwrap_or(Some(Vec::new()))?,
            response_body: response.get("body").cloned().unwrap_or_default(),
        })
    }
}
