//! A server that counts the traces it is sent, in this process or in one of its own.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// What stands before the number of a trace, somewhere in its body.
pub const MARK: &[u8] = b"sky blue #";

/// What a trace that was logged is answered.
pub const DONE: &str = r#"{"project_id":"p","project_name":"load","session_id":"s","records_count":2,"traces_count":1,"spans_count":1,"trace_ids":["t"],"log_stream_id":"l"}"#;

/// The server.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<HashMap<u64, u32>>>,
}

impl Server {
    /// A server that refuses each request of a number in `refused` once, as one that is busy does.
    pub fn start(refused: fn(u64) -> bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let seen = Arc::new(Mutex::new(HashMap::new()));
        let kept = Arc::clone(&seen);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let seen = Arc::clone(&kept);
                // A connection that breaks is the client's to notice.
                thread::spawn(move || serve(&stream, &seen, refused).is_ok());
            }
        });
        Self { address, seen }
    }

    /// Where it is.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many traces were logged.
    pub fn logged(&self) -> usize {
        logged(&self.seen)
            .values()
            .filter(|times| **times > 0)
            .count()
    }

    /// Whether some were logged more than once.
    pub fn twice(&self) -> bool {
        logged(&self.seen).values().any(|times| *times > 1)
    }

    /// Makes room beforehand, so that what the server remembers is not taken for what the client does.
    pub fn expect(&self, traces: usize) {
        logged(&self.seen).reserve(traces);
    }
}

type Seen = Mutex<HashMap<u64, u32>>;

fn logged(seen: &Seen) -> MutexGuard<'_, HashMap<u64, u32>> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

fn serve(stream: &TcpStream, seen: &Seen, refused: fn(u64) -> bool) -> std::io::Result<()> {
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
        let number = number(&body);
        let done = {
            let mut seen = logged(seen);
            // Counted from the second time on where the first is refused.
            let new = !seen.contains_key(&number);
            let times = seen.entry(number).or_default();
            let done = !(new && refused(number));
            *times += u32::from(done);
            done
        };
        answer(stream, done)?;
    }
}

fn answer(mut stream: &TcpStream, done: bool) -> std::io::Result<()> {
    let (status, body) = if done {
        ("200 OK", DONE)
    } else {
        ("503 Busy", "")
    };
    let length = body.len();
    let answer = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(answer.as_bytes())
}

fn number(body: &[u8]) -> u64 {
    let start = body.windows(MARK.len()).position(|part| part == MARK);
    let rest = start.and_then(|start| body.get(start + MARK.len()..));
    let digits = rest
        .unwrap_or_default()
        .iter()
        .take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}
