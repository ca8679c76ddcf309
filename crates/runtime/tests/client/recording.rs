//! Recording and replaying responses, and redaction in recordings.

use observatory_runtime::spec::{Api, SchemeKind, SecurityScheme};
use observatory_runtime::testing::{Recording, Redaction};
use observatory_runtime::{
    ByteStream, Bytes, Client, ClientBuilder, Empty, Endpoint, Error, File, Json, Model, Raw,
    RequestExt, RetryPolicy, Value,
};
use serde_json::json;

use crate::support::stub_server::{self, StubServer};

const KEY: &str = "s3cr3t-key";

static API: Api = stub_server::api(&[
    SecurityScheme {
        id: "bearer",
        kind: SchemeKind::Bearer,
        env: &[],
        password_env: &[],
    },
    SecurityScheme {
        id: "query",
        kind: SchemeKind::Query { name: "api_key" },
        env: &[],
        password_env: &[],
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
