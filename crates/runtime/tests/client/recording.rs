//! Recording what a server answers, and answering it again: what a recording holds, and what it must not.

use observatory_runtime::spec::{Api, Scheme, SchemeKind};
use observatory_runtime::testing::{Recording, Redaction};
use observatory_runtime::{
    ByteStream, Bytes, Client, ClientBuilder, Empty, Endpoint, Error, File, Json, Model, Raw,
    RequestExt, RetryPolicy, Value,
};
use serde_json::json;

use crate::support::stub_server::{self, StubServer};

const KEY: &str = "s3cr3t-key";

static API: Api = stub_server::api(&[
    Scheme {
        id: "bearer",
        kind: SchemeKind::Bearer,
        env: &[],
        password_env: &[],
    },
    Scheme {
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
    #[body(json)]
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

fn recorded(peer: &StubServer, redaction: Redaction) -> (Client, Recording) {
    let recording = Recording::new(redaction);
    let kept = recording.clone();
    let builder = builder(peer.url()).layer(move |inner| kept.recorder(inner));
    (builder.build().unwrap(), recording)
}

fn replayed(recording: &Recording) -> Client {
    // Another host, and another key.
    let builder = ClientBuilder::new(&API).base_url("https://a.b");
    let builder = builder.credential("bearer", "k").credential("query", "k");
    let builder = builder.transport(recording.player());
    builder.retry(RetryPolicy::never()).build().unwrap()
}

fn scratch(name: &str) -> std::path::PathBuf {
    let name = format!("observatory-{}-{name}.json", std::process::id());
    std::env::temp_dir().join(name)
}

#[tokio::test]
async fn what_was_answered_once_is_answered_again() {
    let answer = br#"{"id":7,"big":18446744073709551615}"#;
    let peer = StubServer::with_response("201 Created", "x-request-id: r1\r\n", answer);
    let (client, recording) = recorded(&peer, Redaction::new());
    let body = json!({"name": "n"});
    let real = Post::new(&client, 1)
        .body(body.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(recording.len(), 1);
    let path = scratch("again");
    recording.save(&path).unwrap();
    let client = replayed(&Recording::load(&path).unwrap());
    std::fs::remove_file(&path).unwrap();
    let again = Post::new(&client, 1)
        .body(body.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(again.value(), real.value());
    assert_eq!(again.status(), real.status());
    assert_eq!(again.headers()["x-request-id"], "r1");
    assert_eq!(peer.take_requests().len(), 1);
    // Each answer once; and another request is another request.
    let said = |error: Error| error.to_string();
    let twice = said(Post::new(&client, 1).body(body).await.unwrap_err());
    assert!(twice.contains("no answer to POST /rows/1"), "{twice}");
    let player = replayed(&recording);
    assert!(Post::new(&player, 2).await.is_err());
    assert!(Post::new(&player, 1).body(json!(0)).await.is_err());
}

#[tokio::test]
async fn nothing_secret_is_recorded() {
    let answer =
        br#"{"access_token":"s3cr3t-token","rows":[{"EMAIL":"a@s3cr3t.example","token":null}]}"#;
    let headers = "set-cookie: session=s3cr3t\r\nx-account: s3cr3t\r\n";
    let peer = StubServer::with_response("200 OK", headers, answer);
    let redaction = Redaction::new().field("email").header("X-Account");
    let (client, recording) = recorded(&peer, redaction);
    let post = |client: &Client| {
        let post = Post::new(client, 1).email("a@s3cr3t.example");
        post.body(json!({"password": "s3cr3t", "kept": "kept"}))
    };
    let real = post(&client).await.unwrap();
    // The caller sees all of it, and the server got the key.
    assert_eq!(real["access_token"], "s3cr3t-token");
    assert!(peer.take_single_request().target.contains(KEY));
    let path = scratch("secret");
    recording.save(&path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(!text.contains("s3cr3t"), "{text}");
    assert!(text.contains("kept"), "{text}");
    assert!(!format!("{recording:?}").contains("s3cr3t"));
    // It is found all the same: a request is compared by what is left of it.
    let client = replayed(&Recording::load(&path).unwrap());
    std::fs::remove_file(&path).unwrap();
    let again = post(&client).await.unwrap();
    assert_eq!(
        again["rows"][0],
        json!({"EMAIL": "redacted", "token": null})
    );
}

#[tokio::test]
async fn errors_texts_and_bytes_are_kept() {
    for (status, body) in [
        ("404 Not Found", b"no such row".as_slice()),
        ("200 OK", b"\xff\x00\xfe".as_slice()),
        ("200 OK", b"".as_slice()),
    ] {
        let peer = StubServer::with_response(status, "", body);
        let (client, recording) = recorded(&peer, Redaction::new());
        let real: Result<Bytes, Error> = GetRaw::new(&client).await;
        let again = GetRaw::new(&replayed(&recording)).await;
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

/// A stream is recorded on its way: its first piece is there before the recording is.
#[tokio::test]
async fn streams_are_recorded_as_they_are_read() {
    let peer = StubServer::with_response("200 OK", "", b"data: one\n\ndata: two\n\n");
    let (client, recording) = recorded(&peer, Redaction::new());
    let body = GetRaw::new(&client).stream().await.unwrap().into_value();
    // Nothing was read yet.
    let nothing = GetRaw::new(&replayed(&recording)).await.unwrap();
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
    let again = GetRaw::new(&replayed(&recording)).stream().await.unwrap();
    assert_eq!(read(again.into_value()).await, ["one", "two"]);
}

#[derive(Endpoint)]
#[endpoint(POST, "/uploads")]
#[endpoint(output = Empty)]
struct Upload {
    client: Client,
    #[body(multipart)]
    body: Form,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Form {
    file: File,
}

#[tokio::test]
async fn uploads_are_found_again() {
    let peer = StubServer::start();
    let (client, recording) = recorded(&peer, Redaction::new());
    let read_once = || File::from_reader("s3cr3t".as_bytes()).with_length(6);
    for file in [File::new("kept"), File::new(vec![0xff]), read_once()] {
        Upload::new(&client, Form::new(file)).await.unwrap();
    }
    assert!(peer.take_requests()[2].text().contains("s3cr3t"));
    assert!(!format!("{recording:?}").contains("s3cr3t"));
    // The line between parts is another one each time.
    let client = replayed(&recording);
    let other = Upload::new(&client, Form::new(File::new("other")));
    assert!(other.await.is_err());
    for file in [File::new("kept"), File::new(vec![0xff]), read_once()] {
        Upload::new(&client, Form::new(file)).await.unwrap();
    }
}

#[test]
fn what_is_no_recording_is_refused() {
    let path = scratch("wrong");
    assert!(Recording::load(&path).is_err());
    for text in ["", "[]", "{}", r#"{"exchanges":[{"request":{}}]}"#] {
        std::fs::write(&path, text).unwrap();
        assert!(Recording::load(&path).is_err(), "{text}");
    }
    std::fs::remove_file(&path).unwrap();
}
