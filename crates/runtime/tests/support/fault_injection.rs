//! A server on this machine that does what servers and networks do on a bad day.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What happens to a request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// These bytes, and the connection is closed.
    Bytes(Vec<u8>),
    /// These bytes, and the connection is torn down so that the other side sees a reset.
    Reset(Vec<u8>),
    /// Nothing, for as long as anybody waits.
    Stall,
    /// These bytes, one at a time, with a pause after each.
    Drip(Vec<u8>, Duration),
    /// These bytes, and then this byte so many million times.
    Flood(Vec<u8>, u8, usize),
}

impl Fault {
    /// A whole answer.
    pub fn answer(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let length = format!("content-length: {}", body.len());
        let headers = [&[length.as_str()], headers].concat();
        Self::Bytes(head(status, &headers, body))
    }

    pub fn json(body: &str) -> Self {
        Self::answer("200 OK", &["content-type: application/json"], body)
    }
}

/// The start of an answer, and what follows it.
pub fn head(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {status}\r\n");
    for header in headers.iter().chain(&["connection: close"]) {
        head.push_str(header);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    [head.as_bytes(), body].concat()
}

pub struct FaultyServer {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    /// Bytes that were written, as far as anybody took them.
    written: Arc<AtomicUsize>,
    heads: Arc<Mutex<Vec<String>>>,
}

impl FaultyServer {
    /// One fault a request; the last one stays.
    pub fn start(faults: impl IntoIterator<Item = Fault>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let this = Self {
            address: listener.local_addr().unwrap(),
            requests: Arc::default(),
            written: Arc::default(),
            heads: Arc::default(),
        };
        let faults: Vec<Fault> = faults.into_iter().collect();
        let (requests, written) = (Arc::clone(&this.requests), Arc::clone(&this.written));
        let heads = Arc::clone(&this.heads);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let stream = stream.unwrap();
                let index = requests.fetch_add(1, Ordering::SeqCst);
                let fault = faults[index.min(faults.len() - 1)].clone();
                let (written, heads) = (Arc::clone(&written), Arc::clone(&heads));
                thread::spawn(move || {
                    heads.lock().unwrap().push(read(&stream));
                    // The other side may well be gone.
                    _ = happen(stream, fault, &written);
                });
            }
        });
        this
    }

    /// A server that was there once.
    pub fn gone() -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    pub fn written(&self) -> usize {
        self.written.load(Ordering::SeqCst)
    }

    /// The requests' heads, as they came.
    pub fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

/// A request, to its end: who closes with something unread resets.
fn read(stream: &TcpStream) -> String {
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

fn happen(mut stream: TcpStream, fault: Fault, written: &AtomicUsize) -> std::io::Result<()> {
    let write = |stream: &mut TcpStream, bytes: &[u8]| {
        stream.write_all(bytes)?;
        written.fetch_add(bytes.len(), Ordering::SeqCst);
        stream.flush()
    };
    match fault {
        Fault::Bytes(bytes) => write(&mut stream, &bytes)?,
        Fault::Reset(bytes) => {
            write(&mut stream, &bytes)?;
            // The bytes are to arrive before the reset does.
            thread::sleep(Duration::from_millis(50));
            let socket = socket2::SockRef::from(&stream);
            socket.set_linger(Some(Duration::ZERO))?;
            return Ok(());
        }
        Fault::Stall => {
            // Until the other side has had enough.
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
