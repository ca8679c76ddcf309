//! A local server that simulates faults of servers and networks.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// How the server handles a request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Sends these bytes and closes the connection.
    Bytes(Vec<u8>),
    /// Sends these bytes and resets the connection.
    Reset(Vec<u8>),
    /// Sends nothing and keeps the connection open.
    Stall,
    /// Sends these bytes one at a time, with a pause after each.
    Drip(Vec<u8>, Duration),
    /// Sends these bytes, and then a byte this many million times.
    Flood(Vec<u8>, u8, usize),
}

impl Fault {
    /// Sends a complete response.
    pub fn response(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let length = format!("content-length: {}", body.len());
        let headers = [&[length.as_str()], headers].concat();
        Self::Bytes(raw_response(status, &headers, body))
    }

    /// Sends a complete JSON response with status 200.
    pub fn json(body: &str) -> Self {
        Self::response("200 OK", &["content-type: application/json"], body)
    }
}

/// Returns the bytes of a response without a `content-length` of its own.
pub fn raw_response(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status}\r\n");
    for header in headers.iter().chain(&["connection: close"]) {
        head.push_str(header);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    [head.as_bytes(), body].concat()
}

/// A server that applies a list of faults.
pub struct FaultyServer {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    /// The number of bytes that the client accepted.
    bytes_written: Arc<AtomicUsize>,
    request_heads: Arc<Mutex<Vec<String>>>,
}

impl FaultyServer {
    /// Starts a server that applies one fault to each request and repeats the last one.
    pub fn start(faults: impl IntoIterator<Item = Fault>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let this = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            bytes_written: Arc::default(),
            request_heads: Arc::default(),
        };
        let faults: Vec<Fault> = faults.into_iter().collect();
        let (requests, written) = (Arc::clone(&this.requests), Arc::clone(&this.bytes_written));
        let request_heads = Arc::clone(&this.request_heads);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let index = requests.fetch_add(1, Ordering::SeqCst);
                let fault = faults[index.min(faults.len() - 1)].clone();
                let (written, request_heads) = (Arc::clone(&written), Arc::clone(&request_heads));
                thread::spawn(move || {
                    request_heads.lock().unwrap().push(read_request(&stream));
                    // The client may have closed the connection.
                    _ = apply_fault(stream, fault, &written);
                });
            }
        });
        this
    }

    /// Returns the URL of a server that has stopped.
    pub fn stopped_url() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn request_count(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    pub fn bytes_written(&self) -> usize {
        self.bytes_written.load(Ordering::SeqCst)
    }

    /// Returns the request line and headers of each request.
    pub fn request_heads(&self) -> Vec<String> {
        self.request_heads.lock().unwrap().clone()
    }
}

/// Reads a whole request and returns its head. Closing a connection with unread data would reset it.
fn read_request(stream: &TcpStream) -> String {
    let mut lines = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).unwrap_or(0) == 0 || line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        head.push_str(&line);
    }
    _ = lines.read_exact(&mut vec![0; length]);
    head
}

fn apply_fault(mut stream: TcpStream, fault: Fault, written: &AtomicUsize) -> std::io::Result<()> {
    let write = |stream: &mut TcpStream, bytes: &[u8]| {
        stream.write_all(bytes)?;
        written.fetch_add(bytes.len(), Ordering::SeqCst);
        stream.flush()
    };
    match fault {
        Fault::Bytes(bytes) => write(&mut stream, &bytes)?,
        Fault::Reset(bytes) => {
            write(&mut stream, &bytes)?;
            // Let the bytes arrive before the reset.
            thread::sleep(Duration::from_millis(50));
            let socket = socket2::SockRef::from(&stream);
            socket.set_linger(Some(Duration::ZERO))?;
            return Ok(());
        }
        Fault::Stall => {
            // Wait until the client closes the connection.
            _ = stream.read(&mut [0]);
            return Ok(());
        }
        Fault::Drip(bytes, pause) => {
            for byte in bytes {
                write(&mut stream, &[byte])?;
                thread::sleep(pause);
            }
        }
        Fault::Flood(start, byte, millions) => {
            write(&mut stream, &start)?;
            let million = vec![byte; 1_000_000];
            for _ in 0..millions {
                write(&mut stream, &million)?;
            }
        }
    }
    stream.shutdown(Shutdown::Write)
}
