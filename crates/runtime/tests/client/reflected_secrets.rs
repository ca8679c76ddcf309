//! No text of an error contains a credential that the server reflects: anywhere in the response, in any encoding.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use observatory_runtime::spec::{Api, SchemeKind, SecurityScheme};
use observatory_runtime::{
    Body, BoxFuture, ByteStream, Client, ClientBuilder, Endpoint, Error, Json, Limits, RequestExt,
    RetryPolicy, Transport, TransportError, TransportErrorKind, Value,
};

use crate::support::random::Random;
use crate::support::scripted_transport::block_on;
use crate::support::stub_server;

/// The number of responses. Each has its own key.
const RESPONSES: u64 = 1000;

/// The number of characters of an encoded key that must not appear in a row.
const WINDOW: usize = 9;

const fn scheme(id: &'static str, kind: SchemeKind) -> SecurityScheme {
    SecurityScheme {
        id,
        kind,
        env: &[],
        password_env: &[],
        other_headers: &[],
    }
}

static API: Api = stub_server::api(&[
    scheme("bearer", SchemeKind::Bearer),
    scheme("basic", SchemeKind::Basic),
    scheme("query", SchemeKind::Query { name: "key" }),
    scheme("cookie", SchemeKind::Cookie { name: "session" }),
]);

macro_rules! endpoint {
    ($name:ident, $output:ty, $scheme:literal $(, $envelope:ident)?) => {
        #[derive(Clone, Debug, Endpoint)]
        #[endpoint(GET, "/any")]
        #[endpoint(output = $output $(, $envelope(data = "data", error = "error"))?)]
        #[endpoint(auth($scheme))]
        struct $name {
            client: Client,
        }
    };
}

endpoint!(Number, Json<i64>, "bearer");
endpoint!(
    Numbers,
    Json<Vec<std::collections::BTreeMap<String, f64>>>,
    "basic"
);
endpoint!(Wrapped, Json<bool>, "query", envelope);
endpoint!(Any, Json<Value>, "cookie");

#[derive(Clone, Debug, Endpoint)]
#[endpoint(GET, "/any")]
#[endpoint(output = Json<i64>)]
struct OwnHeader {
    client: Client,
    #[header("X-Api-Key")]
    key: String,
}

fn base64(bytes: &[u8]) -> String {
    observatory_runtime::Bytes::from(bytes).to_base64()
}

/// Replaces each character, or some of them, by an escape.
fn escape(text: &str, random: &mut Random, escape: impl Fn(char) -> String) -> String {
    let rate = 1 + random.below(3);
    let mut out = String::new();
    for c in text.chars() {
        if random.below(rate) == 0 {
            out.push_str(&escape(c));
        } else {
            out.push(c);
        }
    }
    out
}

fn percent(c: char) -> String {
    let mut bytes = [0; 4];
    c.encode_utf8(&mut bytes)
        .bytes()
        .fold(String::new(), |mut out, byte| {
            write!(out, "%{byte:02X}").unwrap();
            out
        })
}

/// Returns the key as a server may quote it.
fn encode(key: &str, random: &mut Random) -> String {
    let before = random.text_below("abcdef", 5);
    let after = random.text_below("abcdef", 5);
    let in_base64 = || base64(format!("{before}{key}{after}").as_bytes());
    let joined = |bytes: Vec<String>, separator| bytes.join(separator);
    let hex = || key.bytes().map(|byte| format!("{byte:02x}")).collect();
    let decimal = || key.bytes().map(|byte| byte.to_string()).collect();
    match random.below(32) {
        0 => in_base64(),
        1 => in_base64()
            .replace('+', "-")
            .replace('/', "_")
            .replace('=', ""),
        2 => base64(format!("user:{key}").as_bytes()),
        3 => escape(key, random, percent),
        4 => escape(key, random, percent).to_lowercase(),
        5 => escape(key, random, |c| percent(c).replace('%', "%25")),
        6 => escape(key, random, |c| format!("\\u{:04x}", u32::from(c))),
        7 => escape(key, random, |c| format!("&#{};", u32::from(c))),
        8 => escape(key, random, |c| format!("&#x{:X};", u32::from(c))),
        9 => key.bytes().map(|byte| format!("{byte:02x}")).collect(),
        10 => key.bytes().map(|byte| format!("{byte:02X}")).collect(),
        11 => key.to_lowercase(),
        12 => escape(&in_base64(), random, percent),
        13 => joined(
            hex(),
            [":", " ", "-", ", ", ",0x", "\\x", "_", " U+00"][random.below(8)],
        ),
        14 => joined(decimal(), [", ", " ", ",", ".", ";", "|"][random.below(6)]),
        15 => escape(key, random, |c| format!("={:02X}", u32::from(c))),
        16 => escape(key, random, |c| format!("\\{:03o}", u32::from(c))),
        17 => escape(key, random, |c| format!("%u{:04X}", u32::from(c))),
        18 => key.chars().map(|c| format!("&#{}", u32::from(c))).collect(),
        19 => key
            .replace('-', "&hyphen;")
            .replace('_', "&lowbar;")
            .replace('.', "&period;"),
        20 => divided(key, "\n", random),
        21 => divided(key, "\r\n    ", random),
        22 => divided(key, "\u{200b}", random),
        23 => key.chars().map(|c| format!("{c}\0")).collect(),
        24 => divided(base64(key.as_bytes()).trim_end_matches('='), "\n", random),
        25 => divided(key, "=\r\n", random),
        26 => escape(key, random, |c| swap_case(&percent(c))),
        27 => escape(key, random, |c| format!("&amp;#{};", u32::from(c))),
        28 => escape(key, random, |c| format!("&amp;amp;#x{:x};", u32::from(c))),
        29 => divided(&base64(key.as_bytes()), "\\n", random),
        30 => divided(key, "&shy;", random),
        _ => key.to_owned(),
    }
}

/// Puts a separator into some places of a text.
fn divided(text: &str, separator: &str, random: &mut Random) -> String {
    let rate = 2 + random.below(9);
    escape_before(text, |_| random.below(rate) == 0, separator)
}

fn escape_before(text: &str, mut is_place: impl FnMut(char) -> bool, separator: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if !out.is_empty() && is_place(c) {
            out.push_str(separator);
        }
        out.push(c);
    }
    out
}

/// `%2f` with one digit in each case: `%aF`.
fn swap_case(text: &str) -> String {
    let swap = |(index, c): (usize, char)| match index % 2 {
        0 => c.to_ascii_lowercase(),
        _ => c.to_ascii_uppercase(),
    };
    text.chars().enumerate().map(swap).collect()
}

/// A transport with one response, of which the body may come in chunks.
#[derive(Clone, Default)]
struct Reflecting(
    Arc<Mutex<Option<http::Response<Vec<u8>>>>>,
    Arc<Mutex<String>>,
);

#[derive(Debug)]
struct Quoting(String);

impl std::fmt::Display for Quoting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot send\u{1b}[31m {}", self.0)
    }
}

impl std::error::Error for Quoting {}

impl Transport for Reflecting {
    fn send(
        &self,
        _request: http::Request<Body>,
        _limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<ByteStream>, TransportError>> {
        let response = self.0.lock().unwrap().clone();
        let quoted = Quoting(self.1.lock().unwrap().clone());
        Box::pin(async move {
            match response {
                Some(response) => Ok(response.map(ByteStream::from)),
                None => Err(TransportError::new(TransportErrorKind::Broken, quoted)),
            }
        })
    }
}

/// Returns a response that quotes `text` in a random place.
fn reflect(text: &str, random: &mut Random) -> http::Response<Vec<u8>> {
    let filler = random.text_below(" .,~", 700);
    let more = random.text_below(" .,~", 300);
    let quoted = Value::from(format!("{filler}{text}{more}")).to_string();
    let body = match random.below(12) {
        0 => quoted,
        1 => format!(r#"{{"message":{quoted}}}"#),
        2 => format!(r#"{{"detail":[{{"loc":["body",{quoted}],"msg":{quoted}}}]}}"#),
        3 => format!(r#"{{"error":{{"a":{quoted}}}}}"#),
        4 => format!(r#"{{"error":{quoted},"data":null}}"#),
        5 => format!(r#"{{"data":{quoted}}}"#),
        6 => format!(r#"[{{{quoted}:"x"}}]"#),
        7 => format!(r#"[{{"a":{quoted}}}]"#),
        8 => format!("{filler}{text}{more}"),
        9 => format!("{{\"data\":{quoted}"),
        10 => format!("{quoted}:{quoted}"),
        _ => String::new(),
    };
    let status = [200, 200, 200, 400, 401, 503][random.below(6)];
    let mut response = http::Response::builder().status(status);
    for name in ["x-request-id", "content-type", "retry-after", "location"] {
        // A header has no line breaks.
        if random.below(2) == 0 && !text.contains(char::is_control) {
            response = response.header(name, format!("{} {text}", filler.trim()));
        }
    }
    response.body(body.into_bytes()).unwrap()
}

/// Returns all texts of an error.
fn texts(error: &Error) -> Vec<String> {
    let mut all = vec![
        error.message().unwrap_or_default().to_owned(),
        error.excerpt().unwrap_or_default().to_owned(),
        error.json_path().unwrap_or_default().to_owned(),
        error.request_id().unwrap_or_default().to_owned(),
        error.content_type().unwrap_or_default().to_owned(),
    ];
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = next {
        all.push(error.to_string());
        all.push(format!("{error:?}"));
        next = error.source();
    }
    all
}

#[track_caller]
fn assert_hidden(shown: &str, key: &str, encoded: &str) {
    assert!(!shown.contains(char::is_control), "{shown:?}");
    let shown = shown.to_lowercase();
    let quoted = Value::from(encoded).to_string();
    for secret in [key, encoded, &quoted, &format!("{encoded:?}")] {
        let characters: Vec<char> = secret.to_lowercase().chars().collect();
        for window in characters.windows(WINDOW) {
            let window: String = window.iter().collect();
            assert!(
                !shown.contains(&window),
                "`{key}`, encoded as `{encoded}`: {shown}"
            );
        }
    }
}

async fn call(client: &Client, key: &str, kind: usize) -> Option<Error> {
    match kind {
        0 => Number::new(client).await.err(),
        1 => Numbers::new(client).await.err(),
        2 => Wrapped::new(client).await.err(),
        3 => Any::new(client).await.err(),
        4 => OwnHeader::new(client, key).await.err(),
        5 => match Number::new(client).stream().await {
            Ok(response) => response
                .into_value()
                .json_lines::<i64>()
                .next()
                .await?
                .err(),
            Err(error) => Some(error),
        },
        _ => match Number::new(client).stream().await {
            Ok(response) => {
                let event = response.into_value().events().next().await?;
                event.and_then(|event| event.decode::<i64>()).err()
            }
            Err(error) => Some(error),
        },
    }
}

#[test]
fn errors_show_no_reflected_credential() {
    let mut random = Random::new(15);
    let mut errors = 0;
    for number in 0..RESPONSES {
        let length = 16 + random.below(40);
        let alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789-_.+/=%&<'\\\"";
        let key = random.text(alphabet, length);
        let transport = Reflecting::default();
        // The last credential is in a header of the request alone.
        let kind = random.below(7);
        let builder = ClientBuilder::<Client>::new(&API)
            .base_url("https://api.example.invalid")
            .retry(RetryPolicy::never())
            .transport(transport.clone());
        let client = match kind {
            4 => builder,
            _ => builder
                .bearer_token(key.clone())
                .basic_auth("user", key.clone())
                .credential("query", key.clone())
                .credential("cookie", key.clone()),
        };
        let client = client.build().unwrap();
        let encoded = encode(&key, &mut random);
        let mut response = reflect(&encoded, &mut random);
        if kind == 6 {
            let data = String::from_utf8(std::mem::take(response.body_mut())).unwrap();
            *response.body_mut() = format!("data: {data}\n\n").into_bytes();
        }
        *transport.1.lock().unwrap() = encoded.clone();
        *transport.0.lock().unwrap() = Some(response).filter(|_| random.below(9) > 0);
        let Some(error) = block_on(call(&client, &key, kind)) else {
            continue;
        };
        errors += 1;
        for text in texts(&error) {
            assert_hidden(&text, &key, &encoded);
        }
        assert!(error.to_string().len() < 2000, "response {number}: {error}");
    }
    // Most responses are errors, so the test checks something.
    assert!(errors > RESPONSES / 2, "{errors}");
}

fn client_with_token(transport: &Reflecting, token: impl Into<String>) -> Client {
    ClientBuilder::<Client>::new(&API)
        .base_url("https://api.example.invalid")
        .retry(RetryPolicy::never())
        .bearer_token(token.into())
        .transport(transport.clone())
        .build()
        .unwrap()
}

/// Secrets that end where a text is cut.
#[test]
fn cutting_shows_no_part_of_a_credential() {
    let key = "sk-SECRET-0123456789abcdefghij";
    let transport = Reflecting::default();
    let client = client_with_token(&transport, key);
    for length in 0..400 {
        let text = format!("{}{key}{}", "~".repeat(length), "~".repeat(100));
        for (status, body) in [
            (401, format!(r#"{{"message":"{text}"}}"#)),
            (401, text.clone()),
            (200, format!("\"{text}\"")),
            (200, format!("{{\"{text}\": 1}}")),
            (200, format!("{text}\n")),
        ] {
            let response = http::Response::builder()
                .status(status)
                .header("x-request-id", &text)
                .header("content-type", &text);
            *transport.0.lock().unwrap() = Some(response.body(body.into_bytes()).unwrap());
            let error = block_on(Number::new(&client).send()).unwrap_err();
            for text in texts(&error) {
                assert!(!text.contains("SECRET") && !text.contains("SECR"), "{text}");
            }
        }
    }
}

/// A user name without a password is a key.
#[test]
fn a_key_in_place_of_the_user_name_is_redacted() {
    let key = "sk-SECRET-0123456789abcdefghij";
    let transport = Reflecting::default();
    let client = ClientBuilder::<Client>::new(&API)
        .base_url("https://api.example.invalid")
        .retry(RetryPolicy::never())
        .basic_auth(key, "")
        .transport(transport.clone())
        .build()
        .unwrap();
    let response = http::Response::builder().status(401);
    let body = format!(r#"{{"message":"no user {key}"}}"#);
    *transport.0.lock().unwrap() = Some(response.body(body.into_bytes()).unwrap());
    let error = block_on(Numbers::new(&client).send()).unwrap_err();
    for text in texts(&error) {
        assert!(!text.contains("SECRET"), "{text}");
    }
}

/// A key in two `data` lines of an event, and in two lines of JSON.
#[test]
fn lines_that_divide_a_credential_show_no_part_of_it() {
    let key = "sk-SECRET-0123456789abcdefghij";
    let transport = Reflecting::default();
    let client = client_with_token(&transport, key);
    for at in 1..key.len() {
        let (start, end) = key.split_at(at);
        for (kind, body) in [
            (6, format!("data: \"{start}\ndata: {end}\"\n\n")),
            (6, format!("data: {start}\rdata: {end}\r\r")),
            (0, format!("[\"{start}\n{end}\"]")),
            (0, format!("\"{start}\\n{end}\"")),
        ] {
            let response = http::Response::builder().status(200);
            *transport.0.lock().unwrap() = Some(response.body(body.clone().into_bytes()).unwrap());
            let error = block_on(call(&client, key, kind)).unwrap();
            for text in texts(&error) {
                let is_shown = |part: &[u8]| text.contains(std::str::from_utf8(part).unwrap());
                assert!(!key.as_bytes().windows(8).any(is_shown), "{body}: {text}");
            }
        }
    }
}

#[test]
fn redacts_long_hostile_texts() {
    let key = "sss sss sss sss%%%&&&\\\\\\===";
    let transport = Reflecting::default();
    let client = client_with_token(&transport, key.replace(' ', "-"));
    for part in [
        "s", " ", "s ", "s\n\n\n", "%25", "\\", "&#", "=\n", "s%20", "73,", "115,", "73 ",
    ] {
        let body = part.repeat((64 << 10) / part.len());
        let response = http::Response::builder().status(401);
        *transport.0.lock().unwrap() = Some(response.body(body.into_bytes()).unwrap());
        let error = block_on(Number::new(&client).send()).unwrap_err();
        assert_eq!(error.status().unwrap(), 401);
    }
}

#[test]
fn keeps_other_text() {
    let transport = Reflecting::default();
    let client = client_with_token(&transport, "sk-SECRET-0123456789");
    let message = "the key sk-SEC… is wrong, see https://example.com/keys?id=1 (ä, 100 %)";
    let body = format!(r#"{{"message":"{message}"}}"#);
    let response = http::Response::builder().status(401);
    *transport.0.lock().unwrap() = Some(response.body(body.into_bytes()).unwrap());
    let error = block_on(Number::new(&client).send()).unwrap_err();
    assert_eq!(error.message(), Some(message));
}

#[test]
fn errors_escape_characters_that_terminals_act_on() {
    let hostile =
        "a\u{1b}]0;x\u{7}\u{1b}[31m\r\u{9b}b\u{202e}c\u{2066}d\u{200b}e\u{feff}f\u{ad}g\u{e0041}h";
    let transport = Reflecting::default();
    let client = client_with_token(&transport, "sk-SECRET-0123456789");
    let quoted = Value::from(hostile).to_string();
    *transport.1.lock().unwrap() = hostile.to_owned();
    for (status, body) in [
        (401, hostile.to_owned()),
        (401, format!(r#"{{"message":{quoted}}}"#)),
        (200, hostile.to_owned()),
        (200, quoted.clone()),
        (200, format!("{{{quoted}:1}}")),
        (0, String::new()),
    ] {
        let response = http::Response::builder().status(status.max(200));
        *transport.0.lock().unwrap() =
            (status > 0).then(|| response.body(body.into_bytes()).unwrap());
        for error in [
            block_on(Number::new(&client).send()).unwrap_err(),
            block_on(OwnHeader::new(&client, "x").header("\u{1b}", "x").send()).unwrap_err(),
        ] {
            for text in texts(&error) {
                let is_hostile = |c: char| c.is_control() || hostile.contains(c) && !c.is_ascii();
                assert!(!text.contains(is_hostile), "{text:?}");
            }
        }
    }
}
