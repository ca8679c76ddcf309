//! Answers that are read as they come: bytes, events, JSON lines.

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

/// A server for one request, which sends a piece whenever it is told to and then hangs up.
fn server(head: &'static str) -> (Client, Sender<&'static [u8]>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (pieces, told) = channel::<&[u8]>();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4096];
        _ = stream.read(&mut request).unwrap();
        let head = format!("HTTP/1.1 {head}\r\nconnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        while let Ok(piece) = told.recv() {
            _ = stream.write_all(piece);
        }
    });
    let client = stub_server::StubServer::start()
        .builder(&stub_server::API_WITHOUT_AUTH)
        .base_url(url);
    let client = client.retry(RetryPolicy::never()).build().unwrap();
    (client, pieces)
}

/// The events of a body that comes in these pieces.
async fn events(pieces: &[&'static [u8]]) -> (Vec<Event>, Option<Error>) {
    let (client, told) = server("200 OK");
    pieces.iter().for_each(|piece| told.send(piece).unwrap());
    drop(told);
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
async fn a_piece_is_there_before_the_next_is_sent() {
    let (client, told) = server("200 OK\r\nx-kind: export");
    let answer = Export::new(&client).stream().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    assert_eq!(answer.headers().get("x-kind").unwrap(), "export");
    let mut body = answer.into_value();
    for piece in [b"one".as_slice(), b"two"] {
        told.send(piece).unwrap();
        assert_eq!(body.next().await.unwrap().unwrap(), piece);
    }
    drop(told);
    assert!(body.next().await.is_none());
    assert!(body.next().await.is_none());
}

#[tokio::test]
async fn what_is_no_success_is_the_error_it_always_is() {
    let (client, told) = server("403 Forbidden\r\ncontent-length: 19");
    told.send(br#"{"error":"not you"}"#).unwrap();
    let error = Export::new(&client).stream().await.unwrap_err();
    assert!(error.is_auth());
    assert_eq!(error.message(), Some("not you"));
}

#[tokio::test]
async fn a_body_that_breaks_off_is_an_error() {
    let (client, told) = server("200 OK\r\ncontent-length: 100");
    told.send(b"half").unwrap();
    drop(told);
    let mut body = Export::new(&client).stream().await.unwrap().into_value();
    assert_eq!(body.next().await.unwrap().unwrap(), b"half");
    let error = body.next().await.unwrap().unwrap_err();
    assert!(error.to_string().starts_with("GET /export: "), "{error}");
    assert!(body.next().await.is_none());
}

#[tokio::test]
async fn a_body_that_stalls_is_an_error_when_its_time_is_up() {
    let (client, told) = server("200 OK");
    told.send(b"half").unwrap();
    let request = Export::new(&client).attempt_timeout(Duration::from_millis(300));
    let mut body = request.stream().await.unwrap().into_value();
    assert_eq!(body.next().await.unwrap().unwrap(), b"half");
    assert!(body.next().await.unwrap().unwrap_err().is_timeout());
    assert!(body.next().await.is_none());
    drop(told);
}

#[tokio::test]
async fn events_come_in_any_pieces_and_with_any_line_ends() {
    let (found, error) = events(&[
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
async fn json_lines_are_values() {
    let (client, told) = server("200 OK");
    for piece in [
        b"{\"id\":1}\n{\"i".as_slice(),
        b"d\":2}\r\n\n",
        b"{\"id\":3}",
    ] {
        told.send(piece).unwrap();
    }
    drop(told);
    let mut lines = Export::new(&client)
        .stream()
        .await
        .unwrap()
        .into_value()
        .lines::<Row>();
    for id in 1..=3 {
        assert_eq!(lines.next().await.unwrap().unwrap(), Row::new(id));
    }
    assert!(lines.next().await.is_none());
}

#[tokio::test]
async fn a_line_that_is_something_else_ends_them_with_its_place() {
    let (client, told) = server("200 OK");
    told.send(b"{\"id\":1}\n{\"id\":\"x\"}\n{\"id\":3}\n")
        .unwrap();
    let mut lines = Export::new(&client)
        .stream()
        .await
        .unwrap()
        .into_value()
        .lines::<Row>();
    assert_eq!(lines.next().await.unwrap().unwrap(), Row::new(1));
    let error = lines.next().await.unwrap().unwrap_err();
    assert_eq!(error.json_path(), Some("id"));
    assert!(lines.next().await.is_none());
    drop(told);
}

/// More than an answer may have, none of which is kept.
#[tokio::test]
async fn a_large_body_goes_through() {
    let (client, told) = server("200 OK");
    let piece: &'static [u8] = Box::leak(vec![b'x'; 1 << 20].into_boxed_slice());
    for _ in 0..128 {
        told.send(piece).unwrap();
    }
    drop(told);
    let mut body = Export::new(&client).stream().await.unwrap().into_value();
    let mut length = 0;
    while let Some(chunk) = body.next().await {
        length += chunk.unwrap().len();
    }
    assert_eq!(length, 128 << 20);
}
