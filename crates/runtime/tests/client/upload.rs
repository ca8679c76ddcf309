//! Uploads of streamed files. Their memory use is tested in `memory_usage`.

use std::io::{self, Read};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use observatory_runtime::{
    Client, ClientBuilder, Empty, Endpoint, Error, File, Model, RequestExt, RetryPolicy,
    StopReason, TransportErrorKind,
};
use wiremock::matchers::path;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::scripted_transport::{ScriptedTransport, Step};
use crate::support::stub_server::{self, StubServer};

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
    more: Option<Vec<File>>,
}

macro_rules! operation {
    ($name:ident, $($body:tt)*) => {
        #[derive(Clone, Endpoint)]
        #[endpoint(POST, "/uploads")]
        #[endpoint(output = Empty)]
        struct $name {
            client: Client,
            #[body($($body)*)]
            body: Upload,
        }
    };
}
operation!(PostMultipart, Multipart);
operation!(PostJson, Json);
operation!(PostForm, Form);

/// A file on disk that is removed when dropped.
struct TempFile(PathBuf);

impl TempFile {
    fn new(name: &str, content: &str) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = format!("observatory-{}-{count}", std::process::id());
        let folder = std::env::temp_dir().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    fn file(&self) -> File {
        File::from_path(&self.0).unwrap()
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        _ = std::fs::remove_dir_all(self.0.parent().unwrap());
    }
}

fn reader(text: &'static str) -> File {
    File::from_reader(text.as_bytes())
}

fn short_backoff() -> RetryPolicy {
    let short = Duration::from_millis(1);
    RetryPolicy::new().backoff(short, short)
}

#[tokio::test]
async fn sends_file_as_request_body() {
    let temp_file = TempFile::new("rows.csv", "id\n1\n");
    let peer = StubServer::start();
    PutBlob::new(&peer.client(), temp_file.file())
        .await
        .unwrap();
    let sent = peer.take_single_request();
    assert_eq!(
        (sent.text(), sent.header("content-length")),
        ("id\n1\n", Some("5"))
    );
    assert_eq!(
        sent.header("content-type"),
        Some("application/octet-stream")
    );
    let typed = temp_file.file().with_content_type("text/csv");
    PutBlob::new(&peer.client(), typed).await.unwrap();
    assert_eq!(
        peer.take_single_request().header("content-type"),
        Some("text/csv")
    );
    let broken = temp_file.file().with_content_type("text/csv\r\nx-evil: 1");
    let error = PutBlob::new(&peer.client(), broken).await.unwrap_err();
    assert!(
        error.is_builder() && peer.take_requests().is_empty(),
        "{error}"
    );
}

#[tokio::test]
async fn sends_files_as_multipart_parts() {
    let temp_file = TempFile::new("rows.csv", "id\n1\n");
    let more = [reader("two").with_length(3), File::new("three")];
    let upload = Upload::new("n", temp_file.file()).more(more);
    let peer = StubServer::start();
    PostMultipart::new(&peer.client(), upload).await.unwrap();
    let sent = peer.take_single_request();
    let boundary = sent
        .header("content-type")
        .unwrap()
        .split_once('=')
        .unwrap()
        .1;
    let file = |name: &str, filename: &str| {
        format!(
            "Content-Disposition: form-data; name=\"{name}\"; filename=\"{filename}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
    };
    let parts = [
        "Content-Disposition: form-data; name=\"name\"\r\n\r\nn".to_owned(),
        file("file", "rows.csv") + "id\n1\n",
        file("more", "file") + "two",
        file("more", "file") + "three",
    ];
    let whole: String = parts
        .iter()
        .map(|part| format!("--{boundary}\r\n{part}\r\n"))
        .collect();
    let whole = format!("{whole}--{boundary}--\r\n");
    assert_eq!(sent.text(), whole);
    let length = whole.len().to_string();
    assert_eq!(sent.header("content-length"), Some(length.as_str()));
}

#[tokio::test]
async fn uses_chunked_encoding_without_length() {
    let server = MockServer::start().await;
    let done = Mock::given(path("/blob")).respond_with(ResponseTemplate::new(204));
    done.mount(&server).await;
    let client: Client = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH)
        .base_url(server.uri())
        .build()
        .unwrap();
    let text = "0123456789".repeat(20_000);
    let file = File::from_reader(io::Cursor::new(text.clone()));
    assert_eq!((file.len(), file.bytes()), (None, None));
    PutBlob::new(&client, file).await.unwrap();
    let all = server.received_requests().await.unwrap();
    assert_eq!(all[0].headers["transfer-encoding"], "chunked");
    assert_eq!(all[0].body, text.as_bytes());
}

#[tokio::test]
async fn retries_reopenable_files() {
    let temp_file = TempFile::new("rows.csv", "id\n1\n");
    let opened = File::from_fn(|| Ok("id\n1\n".as_bytes())).with_length(5);
    for file in [temp_file.file(), opened] {
        let peer = StubServer::with_response("503 Busy", "", b"");
        let put = PutBlob::new(&peer.client(), file).retry(short_backoff());
        let error = put.await.unwrap_err();
        assert_eq!(error.stop_reason(), Some(StopReason::Attempts));
        let all = peer.take_requests();
        assert_eq!(all.len(), 4);
        assert!(all.iter().all(|sent| sent.text() == "id\n1\n"));
    }
}

#[tokio::test]
async fn does_not_retry_consumed_reader() {
    let peer = StubServer::with_response("503 Busy", "", b"");
    let file = reader("once").with_length(4);
    let put = PutBlob::new(&peer.client(), file).retry(short_backoff());
    let error = put.clone().await.unwrap_err();
    assert_eq!(
        (error.attempts(), error.stop_reason()),
        (1, Some(StopReason::BodyConsumed))
    );
    assert!(
        error.to_string().contains("cannot be read again"),
        "{error}"
    );
    assert_eq!(peer.take_single_request().text(), "once");
    // Sending it again is an error.
    let error = put.await.unwrap_err();
    let chain = std::error::Error::source(&error).map(error_chain).unwrap();
    assert!(chain.contains("the reader was already consumed"), "{chain}");
}

/// Returns the messages of an error and all its sources.
fn error_chain(error: &(dyn std::error::Error + 'static)) -> String {
    let next = error.source().map(error_chain).unwrap_or_default();
    format!("{error}: {next}")
}

#[tokio::test]
async fn retries_reader_that_was_not_read() {
    let script = ScriptedTransport::new([
        Step::failure(TransportErrorKind::Connect),
        Step::status(503),
        Step::status(204),
    ]);
    let builder = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH).base_url("https://a.b");
    let builder = builder.transport(script.clone()).clock(script.clone());
    let client: Client = builder.build().unwrap();
    PutBlob::new(&client, reader("late")).await.unwrap();
    // A custom transport reads the body like this.
    let [_, _, last] = script.requests().try_into().unwrap();
    let (_, body) = last.into_parts();
    assert!(body.as_bytes().is_none() && !body.is_consumed());
    let mut text = String::new();
    body.reader().read_to_string(&mut text).unwrap();
    assert_eq!((text.as_str(), body.is_consumed()), ("late", true));
    assert!(body.reader().read_to_string(&mut text).is_err());
}

/// reqwest does not read the body before it has a connection.
#[tokio::test]
async fn does_not_read_body_before_connecting() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let client: Client = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH)
        .base_url(url)
        .build()
        .unwrap();
    let put = PutBlob::new(&client, reader("kept")).retry(short_backoff());
    let error = put.clone().await.unwrap_err();
    assert!(error.is_connect());
    assert_eq!(error.stop_reason(), Some(StopReason::Attempts));
    assert_eq!(put.body.to_bytes().unwrap(), b"kept");
}

#[tokio::test]
async fn follows_redirect_only_if_body_can_be_read_again() {
    let server = MockServer::start().await;
    let moved = ResponseTemplate::new(307).insert_header("location", "/there");
    Mock::given(path("/blob"))
        .respond_with(moved)
        .mount(&server)
        .await;
    let there = Mock::given(path("/there")).respond_with(ResponseTemplate::new(204));
    there.mount(&server).await;
    let client: Client = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH)
        .base_url(server.uri())
        .build()
        .unwrap();
    let file = File::from_fn(|| Ok("again".as_bytes()));
    PutBlob::new(&client, file).await.unwrap();
    let all = server.received_requests().await.unwrap();
    assert_eq!(all[1].url.path(), "/there");
    assert!(all.iter().all(|sent| sent.body == b"again"));
    let error = PutBlob::new(&client, reader("once")).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 307);
}

/// A reader that fails, or panics if the field is `false`.
struct FailingReader(bool);

impl Read for FailingReader {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        assert!(self.0, "injected panic");
        Err(io::Error::other("disk failure"))
    }
}

#[tokio::test]
async fn returns_error_if_file_cannot_be_read() {
    let started = || "the start".as_bytes();
    for (file, expected) in [
        (
            reader("short").with_length(6),
            "shorter than its declared length",
        ),
        (
            reader("long").with_length(3),
            "longer than its declared length",
        ),
        (
            File::from_reader(started().chain(FailingReader(true))),
            "disk failure",
        ),
        (
            File::from_reader(started().chain(FailingReader(false))),
            "panic",
        ),
        (
            File::from_fn(|| Err::<&[u8], _>(io::Error::other("open failed"))),
            "open failed",
        ),
    ] {
        let server = MockServer::start().await;
        Mock::given(path("/blob"))
            .respond_with(ResponseTemplate::new(204))
            .mount(&server)
            .await;
        let builder = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH).base_url(server.uri());
        let client: Client = builder.retry(RetryPolicy::never()).build().unwrap();
        let error: Error = PutBlob::new(&client, file).await.unwrap_err();
        let chain = error_chain(&error);
        assert!(chain.contains(expected), "{expected}: {chain}");
        // The server did not receive a complete request.
        assert!(
            server.received_requests().await.unwrap().is_empty(),
            "{expected}"
        );
    }
}

#[tokio::test]
async fn reads_file_into_memory_for_json_and_forms() {
    let temp_file = TempFile::new("a.txt", "a \"b\"");
    let peer = StubServer::start();
    let client = peer.client();
    PostJson::new(&client, Upload::new("n", temp_file.file()))
        .await
        .unwrap();
    assert_eq!(
        peer.take_single_request().text(),
        r#"{"name":"n","file":"a \"b\""}"#
    );
    PostForm::new(&client, Upload::new("n", reader("x y")))
        .await
        .unwrap();
    assert_eq!(peer.take_single_request().text(), "name=n&file=x+y");
    let consumed = reader("x");
    consumed.to_bytes().unwrap();
    let error = PostJson::new(&client, Upload::new("n", consumed))
        .await
        .unwrap_err();
    let message = error.to_string();
    assert!(
        message.contains("at `file`: cannot read the file"),
        "{message}"
    );
}

#[test]
fn from_path_rejects_missing_files_and_folders() {
    let here = std::env::temp_dir();
    assert!(File::from_path(here.join("observatory-there-is-no-such-file")).is_err());
    let error = File::from_path(&here).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::IsADirectory);
}

#[test]
fn files_are_equal_if_they_share_a_source() {
    let temp_file = TempFile::new("a.txt", "a");
    let (one, other) = (temp_file.file(), temp_file.file());
    assert_eq!(one, one.clone());
    assert_ne!(one, other);
    assert_ne!(one, File::from_bytes("a.txt", "a"));
    assert_eq!(one.to_bytes().unwrap(), b"a");
    assert_eq!(format!("{one:?}"), "File(a.txt, -, 1 bytes)");
    assert_eq!(format!("{:?}", reader("s3cr3t")), "File(-, -)");
}

#[cfg(feature = "blocking")]
#[test]
fn sends_files_in_blocking_calls() {
    let peer = StubServer::start();
    let file = reader("blocking").with_length(8);
    PutBlob::new(&peer.client(), file).wait().unwrap();
    assert_eq!(peer.take_single_request().text(), "blocking");
}
