//! The bytes of a response with a fault, and what follows them.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::error_text::{ENCODED_KEY, KEY};
use crate::fault::Fault;
use crate::random::Random;

/// The largest response of the client in bytes.
pub(crate) const MAX_SIZE: usize = 256 << 10;

/// Words that a mutation inserts into a body.
const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "null",
    "1e400",
    "-0",
    "18446744073709551616",
    "\u{feff}",
    "\u{1b}[31m",
    "\u{202e}",
    "\\u0000",
    "\\ud800",
    "\r\n",
    "\n\n",
    "$serde_json::private::RawValue",
    "{\"message\":",
    "\"error\":",
    "<html>",
];

/// A successful response of an operation.
pub(crate) struct Success {
    pub(crate) status: u16,
    pub(crate) media_type: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// What follows the bytes of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The next request of the same connection.
    KeepAlive,
    Close,
    Reset,
    /// Nothing, until the client closes the connection.
    Stall,
    /// More of the body, until the client closes the connection.
    Endless,
}

/// A response on the wire.
pub(crate) struct WireResponse {
    pub(crate) bytes: Vec<u8>,
    /// The wait before each tenth of the bytes.
    pub(crate) pause: Duration,
    pub(crate) end: End,
}

impl WireResponse {
    fn new(bytes: Vec<u8>, end: End) -> Self {
        Self {
            bytes,
            pause: Duration::ZERO,
            end,
        }
    }
}

/// Writes the head of a response. Headers end in CRLF.
fn head(status: u16, headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} Chaos\r\n{headers}\r\n").into_bytes()
}

/// Returns a complete response, after which the connection stays open or is closed.
fn complete(status: u16, headers: &str, body: &[u8], end: End) -> WireResponse {
    let connection = if end == End::KeepAlive {
        ""
    } else {
        "connection: close\r\n"
    };
    let length = match status {
        204 => String::new(),
        _ => format!("content-length: {}\r\n", body.len()),
    };
    let head = head(status, &format!("{headers}{length}{connection}"));
    WireResponse::new([head.as_slice(), body].concat(), end)
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// Splits the body into chunks.
fn chunked(body: &[u8], random: &mut Random, has_end: bool) -> Vec<u8> {
    let mut all = Vec::new();
    for chunk in body.chunks(1 + random.below(4000)) {
        all.extend(format!("{:x}\r\n", chunk.len()).bytes());
        all.extend(chunk);
        all.extend(b"\r\n");
    }
    all.extend(if has_end {
        b"0\r\n\r\n".as_slice()
    } else {
        b""
    });
    all
}

/// Bodies that are the same for all operations.
pub(crate) struct Bombs {
    /// Decompresses to four times the largest size.
    gzip: Vec<u8>,
}

impl Bombs {
    pub(crate) fn new() -> Self {
        Self {
            gzip: gzip(&vec![b' '; 4 * MAX_SIZE]),
        }
    }
}

/// Returns the response to a request: the success with a fault.
pub(crate) fn make_response(
    fault: Fault,
    success: &Success,
    bombs: &Bombs,
    random: &mut Random,
) -> WireResponse {
    let content_type = match &success.media_type {
        Some(media_type) => format!("content-type: {media_type}\r\n"),
        None => String::new(),
    };
    let (status, types, body) = (
        success.status,
        content_type.as_str(),
        success.body.as_slice(),
    );
    let encoded = |name: &str| format!("{types}content-encoding: {name}\r\n");
    let close = |status, headers: &str, body: &[u8]| complete(status, headers, body, End::Close);
    match fault {
        Fault::None
        | Fault::Gzip
        | Fault::Chunked
        | Fault::UntilClose
        | Fault::SlowBytes
        | Fault::LargeBody => make_success(fault, success, types, random),
        Fault::ClosedEarly => WireResponse::new(Vec::new(), End::Close),
        Fault::Stall => WireResponse::new(Vec::new(), End::Stall),
        Fault::NotHttp => WireResponse::new(b"220 mail.example ESMTP\r\n\r\n".to_vec(), End::Close),
        Fault::ResetInBody => {
            let mut response = close(status, types, body);
            response.bytes.pop();
            response.end = End::Reset;
            response
        }
        Fault::ShortBody => {
            let mut response = close(status, types, body);
            response.bytes.pop();
            response
        }
        Fault::NoLastChunk => {
            let head = head(status, &format!("{types}transfer-encoding: chunked\r\n"));
            WireResponse::new([head, chunked(body, random, false)].concat(), End::Close)
        }
        // An empty body would be null.
        Fault::TruncatedJson => close(status, types, &body[..1 + random.below(body.len() - 1)]),
        Fault::WrongContentType => close(status, "content-type: text/html\r\n", body),
        Fault::GzipBomb => close(status, &encoded("gzip"), &bombs.gzip),
        Fault::GzipBombInError => close(400, &encoded("gzip"), &bombs.gzip),
        Fault::Endless => WireResponse::new(head(status, types), End::Endless),
        Fault::EndlessError => WireResponse::new(head(500, types), End::Endless),
        Fault::HugeLength => {
            let head = head(status, &format!("{types}content-length: 99999999999\r\n"));
            WireResponse::new([head.as_slice(), body].concat(), End::Stall)
        }
        Fault::TwoContentTypes => close(
            status,
            &format!("{types}content-type: text/plain\r\n"),
            body,
        ),
        Fault::TwoLengths => close(
            status,
            &format!("{types}content-length: {}\r\n", body.len() + 1),
            body,
        ),
        Fault::UnknownEncoding => {
            let name = *random.choose(&["br", "zstd", "deflate", "gzip, gzip"]);
            // Compressed at least once, so that it is not JSON.
            close(status, &encoded(name), &gzip(&gzip(body)))
        }
        Fault::TruncatedGzip => {
            let mut body = gzip(body);
            body.truncate(body.len() - 1);
            close(status, &encoded("gzip"), &body)
        }
        Fault::ByteOrderMark => close(status, types, &["\u{feff}".as_bytes(), body].concat()),
        Fault::NoContentWithBody => close(204, types, body),
        Fault::InvalidUtf8 => {
            let mut body = body.to_vec();
            // Inside of the JSON value.
            let end = body.len() - 1;
            body.splice(end..end, *b",\"\xff\"");
            close(status, types, &body)
        }
        Fault::MutatedBody => {
            let mut body = body.to_vec();
            random.mutate(&mut body, WORDS);
            let at = random.below(body.len() + 1);
            body.splice(at..at, random.choose(&["", KEY, ENCODED_KEY]).bytes());
            close(status, types, &body)
        }
        Fault::PrivateKeys => {
            let name = random.choose(&["RawValue", "Number"]);
            let start = format!("{{\"$serde_json::private::{name}\":");
            let depth = 1 + random.below(40);
            let text = [start.repeat(depth), "\"[1]\"".to_owned(), "}".repeat(depth)].concat();
            close(status, types, text.as_bytes())
        }
        Fault::DeepBody => close(status, types, &b"[".repeat(100_000)),
        _ => make_rejection(fault, types, random),
    }
}

/// Returns a response without a fault.
fn make_success(fault: Fault, success: &Success, types: &str, random: &mut Random) -> WireResponse {
    let (status, body) = (success.status, success.body.as_slice());
    match fault {
        Fault::Gzip => complete(
            status,
            &format!("{types}content-encoding: gzip\r\n"),
            &gzip(body),
            End::KeepAlive,
        ),
        Fault::Chunked => {
            let head = head(status, &format!("{types}transfer-encoding: chunked\r\n"));
            WireResponse::new([head, chunked(body, random, true)].concat(), End::KeepAlive)
        }
        Fault::UntilClose => {
            WireResponse::new([head(status, types).as_slice(), body].concat(), End::Close)
        }
        Fault::LargeBody => {
            let spaces = vec![b' '; MAX_SIZE - body.len()];
            complete(
                status,
                types,
                &[spaces.as_slice(), body].concat(),
                End::Close,
            )
        }
        Fault::SlowBytes => {
            let pause = Duration::from_millis(random.below(5_000) as u64);
            WireResponse {
                pause,
                ..complete(status, types, body, End::Close)
            }
        }
        _ => complete(status, types, body, End::KeepAlive),
    }
}

/// Returns a response with another status.
fn make_rejection(fault: Fault, types: &str, random: &mut Random) -> WireResponse {
    let json = "content-type: application/json\r\n";
    let message = br#"{"message":"try again"}"#;
    let close = |status, headers: &str, body: &[u8]| complete(status, headers, body, End::Close);
    match fault {
        Fault::RetryAfterSecond => close(429, &format!("{json}retry-after: 1\r\n"), message),
        Fault::RetryAfterDate => {
            let date = "date: Thu, 01 Jan 1970 00:00:00 GMT\r\nretry-after: Thu, 01 Jan 1970 00:00:02 GMT\r\n";
            close(429, &format!("{json}{date}"), message)
        }
        Fault::RetryAfterHour => close(429, &format!("{json}retry-after: 3600\r\n"), message),
        Fault::Unavailable => close(503, json, message),
        Fault::RedirectToOtherHost => close(307, "location: https://evil.example/\r\n", b""),
        Fault::HtmlPage => {
            let page = format!("<html><body>{KEY}\u{1b}[31m</body></html>");
            close(502, "content-type: text/html\r\n", page.as_bytes())
        }
        _ => {
            let key = *random.choose(&[KEY, ENCODED_KEY]);
            let filler = "~".repeat(random.below(600));
            let body =
                format!("{{\"error\":{{\"message\":\"{filler}{key}\",\"code\":\"{key}\"}}}}");
            close(
                422,
                &format!("{types}x-request-id: {key}\r\n"),
                body.as_bytes(),
            )
        }
    }
}
