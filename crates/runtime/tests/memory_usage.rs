//! What is large is not held: the bytes that are allocated are counted while it passes.
#![cfg(feature = "rustls")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

use observatory_runtime::{Client, ClientBuilder, Empty, Endpoint, File, Model, Raw, RequestExt};
use peak_alloc::PeakAlloc;

use crate::support::stub_server;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const LARGE: u64 = 300 << 20;

/// A client takes this much while 300 MB pass: buffers, and whatever the runtime and the sockets need.
const ENOUGH: usize = 4 << 20;

#[derive(Clone, Endpoint)]
#[endpoint(PUT, "/blob")]
#[endpoint(output = Empty)]
struct PutBlob {
    client: Client,
    #[body(bytes)]
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
struct PostParts {
    client: Client,
    #[body(multipart)]
    body: Upload,
}

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/export")]
#[endpoint(output = Raw)]
struct Export {
    client: Client,
}

/// A server that reads requests of some length and keeps nothing, and what it has read so far.
fn server(answer: &'static [u8], more: u64) -> (Client, std::sync::mpsc::Receiver<u64>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (counted, counts) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let length = head(&mut stream);
            let read = io::copy(&mut Read::by_ref(&mut stream).take(length), &mut io::sink());
            counted.send(read.unwrap()).unwrap();
            stream.write_all(answer).unwrap();
            _ = io::copy(&mut io::repeat(b'x').take(more), &mut stream);
        }
    });
    let builder = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH).base_url(url);
    (builder.build().unwrap(), counts)
}

/// Reads the head of a request, and tells the length of its body.
fn head(stream: &mut TcpStream) -> u64 {
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

fn large() -> File {
    File::from_fn(|| Ok(io::repeat(b'x').take(LARGE))).with_length(LARGE)
}

/// One test, since the allocator counts for the whole process.
#[tokio::test]
async fn nothing_large_is_held() {
    const DONE: &[u8] = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n";
    let (client, counts) = server(DONE, 0);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    PutBlob::new(&client, large()).await.unwrap();
    assert_eq!(counts.recv().unwrap(), LARGE);
    PostParts::new(&client, Upload::new("n", large()))
        .await
        .unwrap();
    assert!(counts.recv().unwrap() > LARGE);
    let taken = MEMORY.peak_usage() - before;
    assert!(taken < ENOUGH, "{taken} bytes were held");

    // And the other way.
    let (client, _counts) = server(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n", LARGE);
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let mut body = Export::new(&client).stream().await.unwrap().into_value();
    let mut length = 0;
    while let Some(piece) = body.next().await {
        length += piece.unwrap().len() as u64;
    }
    let taken = MEMORY.peak_usage() - before;
    assert_eq!(length, LARGE);
    assert!(taken < ENOUGH, "{taken} bytes were held");
}
