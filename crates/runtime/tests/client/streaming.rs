//! Streamed response bodies: bytes, server-sent events and JSON lines.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use observatory_runtime::{Client, Endpoint, Error, Event, Model, Raw, RequestExt, RetryPolicy};

use crate::support::stub_server;

#[derive(Clone, Debug, Endpoint)]
#[endpoint(GET, "/export")]
#[endpoint(output = Raw)]
struct Export {
    client: Client,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Row {
    id: i64,
}

/// Starts a server for one request. It sends each chunk from the channel and closes the connection when the channel is
/// closed.
fn server(head: &'static str) -> (Client, Sender<&'static [u8]>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (sender, receiver) = channel::<&[u8]>();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        _ = stream.read(&mut request).unwrap();
        let head = format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        while let Ok(chunk) = receiver.recv() {
            _ = stream.write_all(chunk);
        }
    });
    let client = stub_server::StubServer::start()
        .builder(&stub_server::API_WITHOUT_AUTH)
        .base_url(url);
    let client = client.retry(RetryPolicy::never()).build().unwrap();
    (client, sender)
}

/// Reads the events of a body that arrives in these chunks.
async fn read_events(chunks: &[&'static [u8]]) -> (Vec<Event>, Option<Error>) {
    let (client, sender) = server("200 OK");
    chunks.iter().for_each(|chunk| sender.send(chunk).unwrap());
    drop(sender);
    let mut events = Export::new(&client)
        .stream()
        .await
        .unwrap()
        .into_value()
        .events();
    let mut found = Vec::new();
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => found.push(event),
            Err(error) => return (found, Some(error)),
        }
    }
    (found, None)
}

#[tokio::test]
async fn returns_each_chunk_when_it_arrives() {
    let (client, sender) = server("200 OK\r\nx-kind: export");
    let response = Export::new(&client).stream().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.headers().get("x-kind").unwrap(), "export");
    let mut body = response.into_value();
    for chunk in [b"one".as_slice(), b"two"] {
        sender.send(chunk).unwrap();
        assert_eq!(body.next().await.unwrap().unwrap(), chunk);
    }
    drop(sender);
    assert!(body.next().await.is_none());
    assert!(body.next().await.is_none());
}

#[tokio::test]
async fn returns_error_for_non_success_status() {
    let (client, sender) = server("403 Forbidden\r\ncontent-length: 19");
    sender.send(br#"{"error":"not you"}"#).unwrap();
    let error = Export::new(&client).stream().await.unwrap_err();
    assert!(error.is_auth());
    assert_eq!(error.message(), Some("not you"));
}

#[tokio::test]
async fn returns_error_if_body_is_truncated() {
    let (client, sender) = server("200 OK\r\ncontent-length: 100");
    sender.send(b"half").unwrap();
    drop(sender);
    let mut body = Export::new(&client).stream().await.unwrap().into_value();
    assert_eq!(body.next().await.unwrap().unwrap(), b"half");
    let error = body.next().await.unwrap().unwrap_err();
    assert!(error.to_string().starts_with("GET /export: "), "{error}");
    assert!(body.next().await.is_none());
}

#[tokio::test]
async fn times_out_if_body_stalls() {
    let (client, sender) = server("200 OK");
    sender.send(b"half").unwrap();
    let request = Export::new(&client).attempt_timeout(Duration::from_millis(300));
    let mut body = request.stream().await.unwrap().into_value();
    assert_eq!(body.next().await.unwrap().unwrap(), b"half");
    assert!(body.next().await.unwrap().unwrap_err().is_timeout());
    assert!(body.next().await.is_none());
    drop(sender);
}

#[tokio::test]
async fn parses_events_across_chunks_and_line_endings() {
    let (found, error) = read_events(&[
        "\u{feff}: hello\n\nda".as_bytes(),
        b"ta: one\ndata:two\r",
        b"\n\r\nevent: delta\rid: 7\rretry: 5\rdata\r\r",
        b"event: forgotten\n\ndata: {\"id\":1}\n\ndata: unfinished",
    ])
    .await;
    assert!(error.is_none(), "{error:?}");
    let shown: Vec<(&str, &str, Option<&str>)> = found
        .iter()
        .map(|event| {
            (
                event.event.as_str(),
                event.data.as_str(),
                event.id.as_deref(),
            )
        })
        .collect();
    let expected = [
        ("message", "one\ntwo", None),
        ("delta", "", Some("7")),
        ("message", "{\"id\":1}", Some("7")),
    ];
    assert_eq!(shown, expected);
    let last = found.last().unwrap();
    assert_eq!(last.decode::<Row>().unwrap(), Row::new(1));
    assert!(
        found
            .first()
            .unwrap()
            .decode::<Row>()
            .unwrap_err()
            .is_decode()
    );
}

#[tokio::test]
async fn decodes_json_lines() {
    let (client, sender) = server("200 OK");
    for chunk in [
        b"{\"id\":1}\n{\"i".as_slice(),
        b"d\":2}\r\n\n",
        b"{\"id\":3}",
    ] {
        sender.send(chunk).unwrap();
    }
    drop(sender);
    let mut lines = Export::new(&client)
        .stream()
        .await
        .unwrap()
        .into_value()
        .json_lines::<Row>();
    for id in 1..=3 {
        assert_eq!(lines.next().await.unwrap().unwrap(), Row::new(id));
    }
    assert!(lines.next().await.is_none());
}

#[tokio::test]
async fn reports_line_number_of_invalid_json_line() {
    let (client, sender) = server("200 OK");
    sender
        .send(b"{\"id\":1}\n{\"id\":\"x\"}\n{\"id\":3}\n")
        .unwrap();
    let mut lines = Export::new(&client)
        .stream()
        .await
        .unwrap()
        .into_value()
        .json_lines::<Row>();
    assert_eq!(lines.next().await.unwrap().unwrap(), Row::new(1));
    let error = lines.next().await.unwrap().unwrap_err();
    assert_eq!(error.json_path(), Some("id"));
    assert!(lines.next().await.is_none());
    drop(sender);
}

/// A streamed body is not limited by the maximum response size.
#[tokio::test]
async fn streams_large_bodies() {
    let (client, sender) = server("200 OK");
    let chunk: &'static [u8] = Box::leak(vec![b'x'; 1 << 20].into_boxed_slice());
    for _ in 0..128 {
        sender.send(chunk).unwrap();
    }
    drop(sender);
    let mut body = Export::new(&client).stream().await.unwrap().into_value();
    let mut length = 0;
    while let Some(chunk) = body.next().await {
        length += chunk.unwrap().len();
    }
    assert_eq!(length, 128 << 20);
}

/// An operation whose response is offered as events and as lines.
#[derive(Clone, Debug, Endpoint)]
#[endpoint(GET, "/rows")]
#[endpoint(output = observatory_runtime::Text, events = Row, lines("application/jsonl", Row))]
struct Rows {
    client: Client,
}

/// Collects a stream whose items are rows.
macro_rules! collect {
    ($stream:expr) => {{
        let mut stream = $stream;
        let (mut ids, mut error) = (Vec::new(), None);
        while let Some(row) = stream.next().await {
            match row {
                Ok(row) => ids.push(row.id),
                Err(found) => error = Some(found),
            }
        }
        (ids, error)
    }};
}

#[tokio::test]
async fn decodes_data_of_events() {
    let body = b"event: row\ndata: {\"id\": 1}\n\n: comment\n\ndata: {\"id\":\ndata: 2}\n\ndata: [DONE]\n\ndata: {\"id\": 3}\n\n";
    let server = stub_server::StubServer::with_response("200 OK", "", body);
    let events = Rows::new(&server.client()).events().await.unwrap();
    assert_eq!(events.status(), 200);
    let (ids, error) = collect!(events.into_value());
    assert!(error.is_none(), "{error:?}");
    assert_eq!(ids, [1, 2]);
    let request = server.take_single_request();
    assert_eq!(request.header("accept"), Some("text/event-stream"));

    let wrong = stub_server::StubServer::with_response("200 OK", "", b"data: {\"id\": \"x\"}\n\n");
    let events = Rows::new(&wrong.client()).events().await.unwrap();
    let (ids, error) = collect!(events.into_value());
    assert_eq!(ids, Vec::<i64>::new());
    assert!(error.unwrap().is_decode());
}

#[tokio::test]
async fn decodes_lines_and_text_sequences() {
    let body = b"{\"id\": 1}\n\n\x1e{\"id\": 2}\n";
    let server = stub_server::StubServer::with_response("200 OK", "", body);
    let lines = Rows::new(&server.client()).lines().await.unwrap();
    let (ids, error) = collect!(lines.into_value());
    assert!(error.is_none(), "{error:?}");
    assert_eq!(ids, [1, 2]);
    let request = server.take_single_request();
    assert_eq!(request.header("accept"), Some("application/jsonl"));
}
