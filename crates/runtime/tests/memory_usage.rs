//! Memory use while large bodies are streamed, measured by the allocator.
#![cfg(feature = "rustls")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

use flate2::Compression;
use flate2::write::GzEncoder;
use observatory_runtime::private::{Wire, decode_json};
use observatory_runtime::{
    Client, ClientBuilder, Empty, Endpoint, File, Model, Raw, RequestExt, Timestamp, Union, Value,
};
use peak_alloc::PeakAlloc;
use tokio::sync::Mutex;

use crate::support::stub_server;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const SIZE: u64 = 300 << 20;

/// The maximum for buffers, the runtime and sockets while 300 MB are streamed.
const MAX_MEMORY: usize = 4 << 20;

#[derive(Clone, Endpoint)]
#[endpoint(PUT, "/blob")]
#[endpoint(output = Empty)]
struct PutBlob {
    client: Client,
    #[body(Bytes)]
    body: File,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Upload {
    name: String,
    file: File,
}

#[derive(Clone, Endpoint)]
#[endpoint(POST, "/uploads")]
#[endpoint(output = Empty)]
struct PostMultipart {
    client: Client,
    #[body(Multipart)]
    body: Upload,
}

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/export")]
#[endpoint(output = Raw)]
struct Export {
    client: Client,
}

/// Starts a server that discards request bodies and reports their length. Its response ends with `padding` bytes.
fn server(response: &'static [u8], padding: u64) -> (Client, std::sync::mpsc::Receiver<u64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, lengths) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let length = read_head(&mut stream);
            let read = io::copy(&mut Read::by_ref(&mut stream).take(length), &mut io::sink());
            sender.send(read.unwrap()).unwrap();
            stream.write_all(response).unwrap();
            _ = io::copy(&mut io::repeat(b'x').take(padding), &mut stream);
        }
    });
    let builder = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH).base_url(url);
    (builder.build().unwrap(), lengths)
}

/// Reads the head of a request and returns the length of its body.
fn read_head(stream: &mut TcpStream) -> u64 {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.extend_from_slice(&byte);
    }
    let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    length.map_or(0, |length| length.parse().unwrap())
}

fn large_file() -> File {
    File::from_fn(|| Ok(io::repeat(b'x').take(SIZE))).with_length(SIZE)
}

/// The allocator counts for the whole process, so that one test runs at a time.
static RUNNING: Mutex<()> = Mutex::const_new(());

#[tokio::test]
async fn reads_and_sends_large_bodies_in_constant_memory() {
    let _running = RUNNING.lock().await;
    streams_large_bodies().await;
    reads_the_start_of_compressed_error_bodies().await;
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Wide {
    a: Option<Timestamp>,
    b: Option<Timestamp>,
    c: Option<Timestamp>,
    d: Option<Timestamp>,
    e: Option<Timestamp>,
    f: Option<Timestamp>,
    g: Option<Timestamp>,
    h: Option<Timestamp>,
    i: Option<Timestamp>,
    j: Option<Timestamp>,
    k: Option<Timestamp>,
    l: Option<Timestamp>,
    m: Option<Timestamp>,
    n: Option<Timestamp>,
    o: Option<Timestamp>,
    p: Option<Timestamp>,
    q: Option<Timestamp>,
    r: Option<Timestamp>,
    s: Option<Timestamp>,
    t: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
enum Shape {
    Names(Vec<String>),
    Unknown(Value),
}

/// A text of a few megabytes can describe a value of gigabytes.
#[tokio::test]
#[ignore = "takes seconds without optimization"]
async fn bounds_the_size_of_values() {
    let _running = RUNNING.lock().await;
    let list = |element: &str| format!("[{}0]", format!("{element},").repeat(1_000_000));
    assert_is_bounded::<Value>(&list(r#"{"a":0}"#));
    assert_is_bounded::<Vec<BTreeMap<String, Value>>>(&list(r#"{"a":0}"#));
    assert_is_bounded::<Vec<Wide>>(&list("{},{}"));
    // Not the variant for what matches no other one.
    assert_is_bounded::<Shape>(&list(r#"{"a":0}"#));
}

fn assert_is_bounded<T: Wire>(text: &str) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let Err(error) = decode_json::<T>(text.as_bytes()) else {
        panic!("a value of {} bytes", MEMORY.current_usage() - before);
    };
    let used = MEMORY.peak_usage() - before;
    assert!(
        error.to_string().contains("needs more than 512 MiB"),
        "{error}"
    );
    assert!(used < 1 << 30, "{used} bytes were allocated");
}

/// A tree of the values in these bodies would need several gigabytes.
async fn reads_the_start_of_compressed_error_bodies() {
    for element in ["[],", "{\"message\":[\"a\"]},", "\"a\","] {
        let json = format!("[{}0]", element.repeat((32 << 20) / element.len()));
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(json.as_bytes()).unwrap();
        drop(json);
        let head = "HTTP/1.1 500 Oops\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n";
        let response = [head.as_bytes(), &encoder.finish().unwrap()].concat();
        let (client, _lengths) = server(response.leak(), 0);
        let before = MEMORY.current_usage();
        MEMORY.reset_peak_usage();
        let error = Export::new(&client).await.unwrap_err();
        let used = MEMORY.peak_usage() - before;
        assert!(error.is_server(), "{error}");
        assert!(used < 2 * MAX_MEMORY, "{used} bytes were allocated");
    }
}

async fn streams_large_bodies() {
    const NO_CONTENT: &[u8] = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
    let (client, lengths) = server(NO_CONTENT, 0);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    PutBlob::new(&client, large_file()).await.unwrap();
    assert_eq!(lengths.recv().unwrap(), SIZE);
    PostMultipart::new(&client, Upload::new("n", large_file()))
        .await
        .unwrap();
    assert!(lengths.recv().unwrap() > SIZE);
    let used = MEMORY.peak_usage() - before;
    assert!(used < MAX_MEMORY, "{used} bytes were allocated");

    // A streamed response.
    let (client, _lengths) = server(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", SIZE);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let mut body = Export::new(&client).stream().await.unwrap().into_value();
    let mut length = 0;
    while let Some(piece) = body.next().await {
        length += piece.unwrap().len() as u64;
    }
    let used = MEMORY.peak_usage() - before;
    assert_eq!(length, SIZE);
    assert!(used < MAX_MEMORY, "{used} bytes were allocated");
}
