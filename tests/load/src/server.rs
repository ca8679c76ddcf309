//! A server that counts the traces that it receives.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// The text before the number of a trace in the body of a request.
pub const NUMBER_PREFIX: &[u8] = b"sky blue #";

/// The body of a successful response.
pub const RESPONSE: &str = r#"{"project_id":"p","project_name":"load","session_id":"s","records_count":2,"traces_count":1,"spans_count":1,"trace_ids":["t"],"log_stream_id":"l"}"#;

/// A server that counts traces by their number.
#[derive(Debug)]
pub struct TraceServer {
    address: SocketAddr,
    /// How often each trace was logged, by its number.
    counts: Arc<TraceCounts>,
}

impl TraceServer {
    /// Starts a server. It responds to the first request of each trace with a number in `is_rejected` with status 503.
    pub fn start(is_rejected: fn(u64) -> bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("the address");
        let counts = Arc::<TraceCounts>::default();
        let shared = Arc::clone(&counts);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let counts = Arc::clone(&shared);
                // The client reports a broken connection.
                thread::spawn(move || serve(&stream, &counts, is_rejected).is_ok());
            }
        });
        Self { address, counts }
    }

    /// Returns the URL of the server.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the number of logged traces.
    pub fn logged_count(&self) -> usize {
        lock(&self.counts)
            .values()
            .filter(|count| **count > 0)
            .count()
    }

    /// Returns whether a trace was logged more than once.
    pub fn has_duplicates(&self) -> bool {
        lock(&self.counts).values().any(|count| *count > 1)
    }

    /// Reserves memory for this number of traces, so that the server does not allocate during a measurement.
    pub fn reserve(&self, traces: usize) {
        lock(&self.counts).reserve(traces);
    }
}

type TraceCounts = Mutex<HashMap<u64, u32>>;

fn lock(counts: &TraceCounts) -> MutexGuard<'_, HashMap<u64, u32>> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Responds to the requests of a connection.
fn serve(
    stream: &TcpStream,
    counts: &TraceCounts,
    is_rejected: fn(u64) -> bool,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut reader, mut line, mut body) = (BufReader::new(stream), String::new(), Vec::new());
    loop {
        let mut length = 0;
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            if line == "\r\n" {
                break;
            }
            let (name, value) = line.split_once(':').unwrap_or((&line, ""));
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        body.resize(length, 0);
        reader.read_exact(&mut body)?;
        let number = trace_number(&body);
        let is_logged = {
            let mut counts = lock(counts);
            let is_first = !counts.contains_key(&number);
            let count = counts.entry(number).or_default();
            let is_logged = !(is_first && is_rejected(number));
            *count += u32::from(is_logged);
            is_logged
        };
        respond(stream, is_logged)?;
    }
}

fn respond(mut stream: &TcpStream, is_logged: bool) -> std::io::Result<()> {
    let (status, body) = if is_logged {
        ("200 OK", RESPONSE)
    } else {
        ("503 Busy", "")
    };
    let length = body.len();
    let response = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(response.as_bytes())
}

/// Returns the number of the trace in a body, or 0.
fn trace_number(body: &[u8]) -> u64 {
    let start = body
        .windows(NUMBER_PREFIX.len())
        .position(|part| part == NUMBER_PREFIX);
    let rest = start.and_then(|start| body.get(start + NUMBER_PREFIX.len()..));
    let digits = rest
        .unwrap_or_default()
        .iter()
        .take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}
