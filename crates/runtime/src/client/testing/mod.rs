//! For the tests of programs: transports that record what was answered once, and answer it again.
//!
//! Record against the real service once, look through the file, keep it beside the test, and replay it from then on:
//!
//! ```
//! # use observatory_runtime::{Client, ClientBuilder, Error};
//! use observatory_runtime::testing::{Recording, Redaction};
//!
//! # fn example(builder: ClientBuilder<Client>, again: ClientBuilder<Client>) -> Result<(), Box<dyn std::error::Error>> {
//! // Once:
//! let recording = Recording::new(Redaction::new().field("email"));
//! let kept = recording.clone();
//! let client = builder.layer(move |inner| kept.recorder(inner)).build()?;
//! // … calls …
//! recording.save("tests/recordings/projects.json")?;
//!
//! // From then on:
//! let recording = Recording::load("tests/recordings/projects.json")?;
//! let client = again.api_key("any").transport(recording.player()).build()?;
//! # Ok(())
//! # }
//! ```
//!
//! A recording is JSON for people to read and to edit. It holds no header of a request, where
//! keys travel, and nothing that a [`Redaction`] names.
//!
//! An answer that is [streamed](crate::RequestExt::stream) reaches its reader piece by piece while it is recorded; it is
//! kept as far as it was read, and replayed in one piece. A body that is read as it is sent, such as a
//! [file](crate::File::from_path), is kept as its length alone.

mod player;
mod recorder;
mod redaction;

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

pub use player::Player;
pub use recorder::Recorder;
pub use redaction::Redaction;

/// Requests and their answers. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    exchanges: Arc<Mutex<Vec<Exchange>>>,
    redaction: Arc<Redaction>,
}

/// A request and its answer, redacted.
#[derive(Clone, Debug)]
struct Exchange {
    method: String,
    /// Path and query: a recording is for any host.
    target: String,
    /// What was sent, so that people can read it and a player can compare it.
    sent: Value,
    status: u16,
    headers: Vec<(String, String)>,
    received: Value,
}

impl Recording {
    /// A recording of nothing yet.
    pub fn new(redaction: Redaction) -> Self {
        Self {
            exchanges: Arc::default(),
            redaction: Arc::new(redaction),
        }
    }

    /// A transport that passes requests on to another one, and keeps what comes of them.
    pub fn recorder<T>(&self, inner: T) -> Recorder<T> {
        Recorder::new(self.clone(), inner)
    }

    /// A transport that answers from what is kept, each answer once and in order; among requests of the same method,
    /// path, query and body, that is. A request for which nothing is left is an
    /// error that says so.
    pub fn player(&self) -> Player {
        Player::new(self)
    }

    /// How many answers are kept.
    pub fn len(&self) -> usize {
        self.exchanges().len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads what [`save`](Self::save) wrote, or somebody by hand. What was redacted there is redacted here by the
    /// same rules, which the file holds.
    ///
    /// # Errors
    /// When there is no such file, or it is no recording.
    pub fn load(path: impl AsRef<Path>) -> io::Result<Self> {
        let text = std::fs::read(path)?;
        let value: Value = serde_json::from_slice(&text)?;
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, "this is no recording");
        let redaction = Redaction::from_json(value.get("redacted").unwrap_or(&Value::Null));
        let exchanges = value.get("exchanges").and_then(Value::as_array);
        let exchanges = exchanges.ok_or_else(wrong)?.iter().map(Exchange::from_json);
        let exchanges: Option<Vec<Exchange>> = exchanges.collect();
        Ok(Self {
            exchanges: Arc::new(Mutex::new(exchanges.ok_or_else(wrong)?)),
            redaction: Arc::new(redaction),
        })
    }

    /// Writes all that is kept.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        let exchanges: Vec<Value> = self.exchanges().iter().map(Exchange::to_json).collect();
        let value = json!({"redacted": self.redaction.to_json(), "exchanges": exchanges});
        std::fs::write(path, serde_json::to_string_pretty(&value)? + "\n")
    }

    /// Keeps one more, and tells where it is.
    fn keep(&self, exchange: Exchange) -> usize {
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
            "request": {"method": self.method, "target": self.target, "body": self.sent},
            "response": {"status": self.status, "headers": headers, "body": self.received},
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
            sent: request.get("body").cloned().unwrap_or_default(),
            status: response.get("status")?.as_u64()?.try_into().ok()?,
            headers: headers
                .map(|all| all.iter().map(header).collect::<Option<_>>())
                .unwrap_or(Some(Vec::new()))?,
            received: response.get("body").cloned().unwrap_or_default(),
        })
    }
}
