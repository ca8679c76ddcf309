//! Mutated input of the readers of streams, and random parts of requests.

use std::time::{Duration, Instant};

use observatory_runtime::{
    ByteStream, Client, ClientBuilder, Empty, Endpoint, Event, RequestExt, TransportError, Value,
};

use crate::support::random::Random;
use crate::support::scripted_transport::{ScriptedTransport, Step, block_on};
use crate::support::stub_server;

/// The time of a test.
const TIME: Duration = Duration::from_secs(1);

/// Returns the time of a test that `scripts/test-all.sh` runs: half a minute, or `OBSERVATORY_MUTANT_SECONDS`.
fn long_time() -> Duration {
    let seconds = std::env::var("OBSERVATORY_MUTANT_SECONDS").ok();
    let seconds = seconds.and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(30))
}

const WORDS: &[&str] = &[
    "data:",
    "data: ",
    "event:",
    "id: ",
    "retry: 1",
    ":",
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    "\0",
    "\u{feff}",
    "{\"a\":",
    "[",
    "]",
    "\"",
    "1e400",
    "18446744073709551616",
    "$serde_json::private::Number",
    "$serde_json::private::RawValue",
    "é",
    "[DONE]",
];

struct Chunks(std::vec::IntoIter<Vec<u8>>);

impl futures_core::Stream for Chunks {
    type Item = Result<Vec<u8>, TransportError>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.next().map(Ok))
    }
}

/// Returns the body in chunks of random sizes, some of which are empty.
fn in_chunks(body: &[u8], random: &mut Random) -> ByteStream {
    let mut chunks = Vec::new();
    let mut rest = body;
    while !rest.is_empty() {
        let (chunk, after) = rest.split_at(random.below(8).min(rest.len()));
        chunks.push(chunk.to_vec());
        rest = after;
    }
    ByteStream::new(Chunks(chunks.into_iter()))
}

fn events(body: ByteStream) -> Vec<Result<Event, String>> {
    let mut events = body.events();
    let mut all = Vec::new();
    while let Some(event) = block_on(events.next()) {
        if let Ok(event) = &event {
            _ = event.decode::<Value>();
        }
        all.push(event.map_err(|error| error.to_string()));
    }
    all
}

fn lines(body: ByteStream) -> Vec<Result<Value, String>> {
    let mut lines = body.json_lines();
    let mut all = Vec::new();
    while let Some(line) = block_on(lines.next()) {
        all.push(line.map_err(|error| error.to_string()));
    }
    all
}

#[test]
fn chunks_of_mutated_streams_change_nothing() {
    check_streams(7, TIME);
}

#[test]
#[ignore = "takes half a minute"]
fn chunks_of_many_mutated_streams_change_nothing() {
    check_streams(9, long_time());
}

fn check_streams(seed: u64, time: Duration) {
    let seeds = [
        "data: a\n\ndata: b\ndata: c\n\n",
        "event: x\r\ndata: {\"a\":1}\r\nid: 7\r\n\r\n: comment\r\n\r\n",
        "{\"a\":1}\n{\"b\":[1,2]}\r\n\n\"text\"\n3\n",
        "\u{feff}data\n\ndata:é\n\n",
    ];
    let (mut random, start) = (Random::new(seed), Instant::now());
    let mut read = 0;
    while start.elapsed() < time {
        let mut body = random.choose(&seeds).as_bytes().to_vec();
        random.mutate(&mut body, WORDS);
        let whole = events(body.clone().into());
        assert_eq!(events(in_chunks(&body, &mut random)), whole, "{body:?}");
        let whole_lines = lines(body.clone().into());
        assert_eq!(
            lines(in_chunks(&body, &mut random)),
            whole_lines,
            "{body:?}"
        );
        // A stream ends with its first error.
        let errors = whole_lines.iter().filter(|line| line.is_err()).count();
        assert!(errors <= 1 && whole.iter().all(Result::is_ok));
        assert!(whole_lines.iter().rev().skip(1).all(Result::is_ok));
        read += whole.len() + whole_lines.len();
    }
    assert!(read > 100, "{read}");
}

#[derive(Clone, Endpoint)]
#[endpoint(GET, "/a/{id}/b", output = Empty)]
struct Get {
    client: Client,
    #[in_path]
    id: String,
    #[query("q[]")]
    q: Option<Vec<String>>,
    #[header("X-Text")]
    header: Option<String>,
    #[cookie]
    cookie: Option<String>,
}

fn decode(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8()
        .unwrap()
        .into_owned()
}

#[test]
fn random_parts_arrive_or_are_rejected() {
    check_parts(8, TIME);
}

#[test]
#[ignore = "takes half a minute"]
fn many_random_parts_arrive_or_are_rejected() {
    check_parts(10, long_time());
}

fn check_parts(seed: u64, time: Duration) {
    let alphabet = "ab.%/?#&=+;:@,'\"\\ \t\r\n\0\u{7f}\u{80}é\u{202e}\u{1f600}[]{}|^`<>~*()!$";
    let (mut random, start) = (Random::new(seed), Instant::now());
    let script = ScriptedTransport::repeating(Step::status(204));
    let client: Client = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH)
        .base_url("https://api.example.invalid/base")
        .transport(script.clone())
        .build()
        .unwrap();
    let mut sent = 0;
    while start.elapsed() < time {
        let [id, q, header, cookie, option] =
            std::array::from_fn(|_| random.text_below(alphabet, 9));
        let call = Get::new(&client, id.clone())
            .q(vec![q.clone()])
            .header(header.clone());
        let call = RequestExt::header(call.cookie(cookie.clone()), "x-option", &option);
        let before = script.request_count();
        match block_on(call.send()) {
            Ok(_) => {}
            Err(error) => {
                assert!(error.is_builder(), "{error}");
                let is_invalid = |text: &str| text.contains(|c: char| c.is_control() && c != '\t');
                let is_rejected = is_invalid(&header)
                    || is_invalid(&option)
                    || id.is_empty()
                    || id == "."
                    || id == "..";
                assert!(is_rejected, "{error}: {id:?} {header:?} {option:?}");
                assert_eq!(script.request_count(), before);
                continue;
            }
        }
        sent += 1;
        let requests = script.requests();
        let request = requests.last().unwrap();
        let uri = request.uri();
        assert_eq!(uri.host(), Some("api.example.invalid"));
        let segments: Vec<&str> = uri.path().split('/').collect();
        assert!(
            matches!(segments.as_slice(), ["", "base", "a", _, "b"]),
            "{uri}"
        );
        assert_eq!(decode(segments[3]), id);
        let query = uri.query().unwrap();
        let (name, value) = query.split_once('=').unwrap();
        assert_eq!((decode(name), decode(value)), ("q[]".to_owned(), q));
        assert_eq!(request.headers()["x-text"].as_bytes(), header.as_bytes());
        assert_eq!(request.headers()["x-option"].as_bytes(), option.as_bytes());
        let sent_cookie = request.headers()["cookie"].to_str().unwrap();
        assert_eq!(decode(sent_cookie.strip_prefix("cookie=").unwrap()), cookie);
        assert_eq!(request.headers().len(), 5, "{:?}", request.headers());
        if sent % 100 == 0 {
            script.take_request_count();
        }
    }
    assert!(sent > 100, "{sent}");
}
