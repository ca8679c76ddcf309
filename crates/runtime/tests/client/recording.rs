//! Recording and replaying responses, and redaction in recordings.

use observatory_runtime::spec::{Api, SchemeKind, SecurityScheme};
use observatory_runtime::testing::{Recording, Redaction};
use observatory_runtime::{
    ByteStream, Bytes, Client, ClientBuilder, Empty, Endpoint, Error, File, Json, Model, Raw,
    RequestExt, RetryPolicy, Text, Value,
};
use serde_json::json;

use crate::support::scripted_transport::{ScriptedTransport, Step};
use crate::support::stub_server::{self, StubServer};

const KEY: &str = "s3cr3t-key";

static API: Api = stub_server::api(&[
    SecurityScheme {
        id: "bearer",
        kind: SchemeKind::Bearer,
        env: &[],
        password_env: &[],
        other_headers: &[],
    },
    SecurityScheme {
        id: "query",
        kind: SchemeKind::Query { name: "api_key" },
        env: &[],
        password_env: &[],
        other_headers: &[],
    },
]);

#[derive(Endpoint)]
#[endpoint(POST, "/rows/{id}")]
#[endpoint(output = Json<Value>, auth("bearer", "query"))]
struct Post {
    client: Client,
    #[in_path]
    id: i64,
    #[query]
    email: Option<String>,
    #[body(Json)]
    body: Option<Value>,
}

#[derive(Endpoint)]
#[endpoint(GET, "/raw")]
#[endpoint(output = Raw)]
struct GetRaw {
    client: Client,
}

fn builder(url: &str) -> ClientBuilder<Client> {
    ClientBuilder::new(&API)
        .base_url(url)
        .credential("bearer", KEY)
        .credential("query", KEY)
        .retry(RetryPolicy::never())
}

fn recording_client(server: &StubServer, redaction: Redaction) -> (Client, Recording) {
    let recording = Recording::new(redaction);
    let kept = recording.clone();
    let builder = builder(server.url()).layer(move |inner| kept.recorder(inner));
    (builder.build().unwrap(), recording)
}

fn replaying_client(recording: &Recording) -> Client {
    // Uses another host and another key.
    let builder = ClientBuilder::new(&API).base_url("https://a.b");
    let builder = builder.credential("bearer", "k").credential("query", "k");
    let builder = builder.transport(recording.player());
    builder.retry(RetryPolicy::never()).build().unwrap()
}

fn temp_path(name: &str) -> std::path::PathBuf {
    let name = format!("observatory-{}-{name}.json", std::process::id());
    std::env::temp_dir().join(name)
}

#[tokio::test]
async fn replays_recorded_response_once() {
    let response = br#"{"id":7,"big":18446744073709551615}"#;
    let server = StubServer::with_response("201 Created", "x-request-id: r1\r\n", response);
    let (client, recording) = recording_client(&server, Redaction::new());
    let body = json!({"name": "n"});
    let real = Post::new(&client, 1)
        .body(body.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(recording.len(), 1);
    let path = temp_path("again");
    recording.save(&path).unwrap();
    let client = replaying_client(&Recording::load(&path).unwrap());
    std::fs::remove_file(&path).unwrap();
    let again = Post::new(&client, 1)
        .body(body.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(again.value(), real.value());
    assert_eq!(again.status(), real.status());
    assert_eq!(again.headers()["x-request-id"], "r1");
    assert_eq!(server.take_requests().len(), 1);
    // Each response is replayed once, and only for an equal request.
    let message = |error: Error| error.to_string();
    let twice = message(Post::new(&client, 1).body(body).await.unwrap_err());
    assert!(
        twice.contains("no unused response to POST /rows/1"),
        "{twice}"
    );
    let player = replaying_client(&recording);
    assert!(Post::new(&player, 2).await.is_err());
    assert!(Post::new(&player, 1).body(json!(0)).await.is_err());
}

#[tokio::test]
async fn does_not_record_secrets() {
    let response =
        br#"{"access_token":"s3cr3t-token","rows":[{"EMAIL":"a@s3cr3t.example","token":null}]}"#;
    let headers = "set-cookie: session=s3cr3t\r\nx-account: s3cr3t\r\n";
    let server = StubServer::with_response("200 OK", headers, response);
    let redaction = Redaction::new().field("email").header("X-Account");
    let (client, recording) = recording_client(&server, redaction);
    let post = |client: &Client| {
        let post = Post::new(client, 1).email("a@s3cr3t.example");
        post.body(json!({"password": "s3cr3t", "kept": "kept"}))
    };
    let real = post(&client).await.unwrap();
    // The caller and the server get the original values.
    assert_eq!(real["access_token"], "s3cr3t-token");
    assert!(server.take_single_request().target.contains(KEY));
    let path = temp_path("secret");
    recording.save(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains("s3cr3t"), "{text}");
    assert!(text.contains("kept"), "{text}");
    assert!(!format!("{recording:?}").contains("s3cr3t"));
    // Redacted requests still match.
    let client = replaying_client(&Recording::load(&path).unwrap());
    std::fs::remove_file(&path).unwrap();
    let again = post(&client).await.unwrap();
    assert_eq!(
        again["rows"][0],
        json!({"EMAIL": "redacted", "token": null})
    );
}

#[tokio::test]
async fn records_errors_text_and_bytes() {
    for (status, body) in [
        ("404 Not Found", b"no such row".as_slice()),
        ("200 OK", b"\xff\x00\xfe".as_slice()),
        ("200 OK", b"".as_slice()),
    ] {
        let server = StubServer::with_response(status, "", body);
        let (client, recording) = recording_client(&server, Redaction::new());
        let real: Result<Bytes, Error> = GetRaw::new(&client).await;
        let again = GetRaw::new(&replaying_client(&recording)).await;
        match (real, again) {
            (Ok(real), Ok(again)) => assert_eq!((real.as_ref(), again), (body, real.clone())),
            (Err(real), Err(again)) => {
                assert_eq!(real.to_string(), again.to_string());
                assert_eq!(again.body(), Some(body));
            }
            (real, again) => panic!("{real:?} is not {again:?}"),
        }
    }
}

/// The stream is recorded while it is read.
#[tokio::test]
async fn records_streams_while_they_are_read() {
    let server = StubServer::with_response("200 OK", "", b"data: one\n\ndata: two\n\n");
    let (client, recording) = recording_client(&server, Redaction::new());
    let body = GetRaw::new(&client).stream().await.unwrap().into_value();
    // The stream was not read yet.
    let nothing = GetRaw::new(&replaying_client(&recording)).await.unwrap();
    assert!(nothing.is_empty());
    let read = async |body: ByteStream| {
        let mut events = body.events();
        let mut all = Vec::new();
        while let Some(event) = events.next().await {
            all.push(event.unwrap().data);
        }
        all
    };
    assert_eq!(read(body).await, ["one", "two"]);
    let again = GetRaw::new(&replaying_client(&recording))
        .stream()
        .await
        .unwrap();
    assert_eq!(read(again.into_value()).await, ["one", "two"]);
}

#[derive(Endpoint)]
#[endpoint(POST, "/uploads")]
#[endpoint(output = Empty)]
struct Upload {
    client: Client,
    #[body(Multipart)]
    body: Form,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Form {
    file: File,
}

#[tokio::test]
async fn matches_uploads() {
    let server = StubServer::start();
    let (client, recording) = recording_client(&server, Redaction::new());
    let read_once = || File::from_reader("s3cr3t".as_bytes()).with_length(6);
    for file in [File::new("kept"), File::new(vec![0xff]), read_once()] {
        Upload::new(&client, Form::new(file)).await.unwrap();
    }
    assert!(server.take_requests()[2].text().contains("s3cr3t"));
    assert!(!format!("{recording:?}").contains("s3cr3t"));
    // The multipart boundary differs in each request.
    let client = replaying_client(&recording);
    let other = Upload::new(&client, Form::new(File::new("other")));
    assert!(other.await.is_err());
    for file in [File::new("kept"), File::new(vec![0xff]), read_once()] {
        Upload::new(&client, Form::new(file)).await.unwrap();
    }
}

#[test]
fn rejects_invalid_recording_files() {
    let path = temp_path("wrong");
    assert!(Recording::load(&path).is_err());
    for text in ["", "[]", "{}", r#"{"exchanges":[{"request":{}}]}"#] {
        std::fs::write(&path, text).unwrap();
        assert!(Recording::load(&path).is_err(), "{text}");
    }
    std::fs::remove_file(&path).unwrap();
}

static SCHEMES: Api = stub_server::api(&[
    scheme("basic", SchemeKind::Basic),
    scheme("query", SchemeKind::Query { name: "my key" }),
    scheme("cookie", SchemeKind::Cookie { name: "session" }),
    scheme(
        "header",
        SchemeKind::Header {
            name: "X-Custom",
            prefix: "",
        },
    ),
]);

const fn scheme(id: &'static str, kind: SchemeKind) -> SecurityScheme {
    SecurityScheme {
        id,
        kind,
        env: &[],
        password_env: &[],
        other_headers: &[],
    }
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Login {
    password: String,
    name: String,
}

#[derive(Clone, Endpoint)]
#[endpoint(POST, "/login/{name}")]
#[endpoint(output = Text, auth("basic", "query", "cookie", "header"))]
struct LogIn {
    client: Client,
    #[in_path]
    name: String,
    #[header("X-Signature")]
    signature: Option<String>,
    #[body(Form)]
    body: Login,
}

/// Returns the text of a recording of one call, whose response has these headers and this body.
async fn record(headers: &str, body: &[u8], is_streamed: bool) -> String {
    let server = StubServer::with_response("200 OK", headers, body);
    let recording = Recording::new(Redaction::new());
    let kept = recording.clone();
    let client = server
        .builder(&SCHEMES)
        .basic_auth("user", KEY)
        .credential("query", KEY)
        .credential("cookie", KEY)
        .credential("header", KEY)
        .layer(move |inner| kept.recorder(inner));
    let client = client.build().unwrap();
    let call = LogIn::new(&client, KEY, Login::new("p4ssword", "n")).signature("s1gnature");
    if is_streamed {
        let mut stream = call.stream().await.unwrap().into_value();
        while let Some(chunk) = stream.next().await {
            chunk.unwrap();
        }
    } else {
        call.await.unwrap();
    }
    let name = format!(
        "recording-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    );
    let path = std::env::temp_dir().join(name);
    recording.save(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    // A recording can be replayed with other credentials.
    let recording = Recording::load_text(&text);
    assert_eq!(recording.len(), 1);
    text
}

trait LoadText {
    fn load_text(text: &str) -> Self;
}

impl LoadText for Recording {
    fn load_text(text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("load-{:?}", std::thread::current().id()));
        std::fs::write(&path, text).unwrap();
        let recording = Self::load(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        recording
    }
}

#[tokio::test]
async fn recordings_contain_no_credentials() {
    let basic = Bytes::from(format!("user:{KEY}").as_bytes()).to_base64();
    let escaped: String = KEY
        .chars()
        .map(|c| format!("\\u{:04x}", u32::from(c)))
        .collect();
    let bodies: [Vec<u8>; 11] = [
        format!(r#"{{"a":["{KEY}"],"{KEY}":{{"b":"x{KEY}y"}},"c":"{basic}"}}"#).into(),
        format!(
            r#"{{"a":"{escaped}","url":"https://x/?my%20key=%73{}"}}"#,
            &KEY[1..]
        )
        .into(),
        format!("plain {KEY} and Basic {basic}").into(),
        format!("data: {{\"a\":\"{KEY}\",\"token\":\"t0ken\"}}\n\ndata: {escaped}\n\n").into(),
        format!("{{\"a\":1}}\n{{\"password\":\"t0ken\",\"b\":\"{basic}\"}}\n").into(),
        [b"\xff\xfe", KEY.as_bytes(), b"\xff"].concat(),
        br#"{"echo":"s1gnature"}"#.to_vec(),
        br#"{"token":"t0ken","a":1,"a":2}"#.to_vec(),
        br#"data: {"token":1,"token":"t0ken"}"#.to_vec(),
        format!("a key: {}\n{}\r\n\tend", &KEY[..6], &KEY[6..]).into(),
        Vec::new(),
    ];
    let headers = format!(
        "x-custom: other\r\nx-{KEY}: 1\r\nx-echo: {KEY}\r\nlocation: /?my%20key={KEY}\r\nset-cookie: session={KEY}\r\nx-basic: {basic}\r\n"
    );
    for body in bodies {
        for is_streamed in [false, true] {
            let text = record(&headers, &body, is_streamed).await;
            let key_in_bytes = format!("{:?}", KEY.as_bytes()).replace(['[', ']', ' ', '\n'], "");
            assert!(
                !text.replace([' ', '\n'], "").contains(&key_in_bytes),
                "{text}"
            );
            for secret in [
                KEY,
                "s3cr3t",
                &basic,
                &escaped,
                "p4ssword",
                "t0ken",
                "s1gnature",
                "other",
                "t-key",
            ] {
                assert!(!text.contains(secret), "{secret}: {text}");
            }
            assert!(text.contains("my%20key=redacted"), "{text}");
        }
    }
}

/// A recorder that gets another request than that of the client.
#[tokio::test]
async fn recorder_redacts_sensitive_headers_of_any_request() {
    use http::HeaderValue;
    use observatory_runtime::{Body, Limits, Transport};

    let recording = Recording::new(Redaction::new());
    let script = ScriptedTransport::repeating(Step::json(200, json!("s1gnature")));
    let recorder = recording.recorder(script);
    let mut request = http::Request::new(Body::default());
    let mut value = HeaderValue::from_static("s1gnature");
    value.set_sensitive(true);
    request.headers_mut().insert("x-signature", value);
    let limits = Limits::new(std::time::Duration::from_secs(1), 1000);
    recorder.send(request, limits).await.unwrap();
    assert!(
        !format!("{recording:?}").contains("s1gnature"),
        "{recording:?}"
    );
}
