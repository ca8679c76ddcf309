//! Multipart forms: files, text and JSON parts.

use std::collections::BTreeMap;

use observatory_runtime::{Client, Empty, Endpoint, File, Model, Patch, Value};
use serde_json::json;

use crate::support::stub_server::{ReceivedRequest, StubServer};

/// A form with each kind of field.
#[derive(Clone, Debug, PartialEq, Model)]
struct Rows {
    name: Option<String>,
    file: Option<File>,
    files: Option<Vec<File>>,
    count: Option<i64>,
    ratio: Option<f64>,
    draft: Option<bool>,
    tags: Option<Vec<String>>,
    marks: Option<Vec<f64>>,
    meta: Option<Value>,
    limits: Option<BTreeMap<String, i64>>,
    note: Patch<String>,
}

macro_rules! operation {
    ($name:ident, $ty:ty) => {
        #[derive(Endpoint)]
        #[endpoint(POST, "/rows")]
        #[endpoint(output = Empty)]
        struct $name {
            client: Client,
            #[body(Multipart)]
            body: $ty,
        }
    };
}
operation!(PostMultipart, Rows);
operation!(PostAnyMultipart, Value);
operation!(PostNestedFiles, BTreeMap<String, Vec<Vec<File>>>);

macro_rules! send_once {
    ($name:ident, $body:expr) => {{
        let server = StubServer::start();
        $name::new(&server.client(), $body).await.unwrap();
        server.take_single_request()
    }};
}

/// Splits a request into the headers and contents of its parts.
fn parts(request: &ReceivedRequest) -> Vec<(String, Vec<u8>)> {
    let media_type = request.header("content-type").unwrap();
    let (kind, boundary) = media_type.split_once("; boundary=").unwrap();
    assert_eq!(kind, "multipart/form-data");
    // Map bytes to characters, so that the body can be split like text.
    let body: String = request.body.iter().copied().map(char::from).collect();
    let body = body.strip_suffix(&format!("--{boundary}--\r\n")).unwrap();
    let start = format!("--{boundary}\r\n");
    let mut all = body.split(&start);
    assert_eq!(all.next(), Some(""));
    all.map(|part| {
        let (head, content) = part.split_once("\r\n\r\n").unwrap();
        let content = content.strip_suffix("\r\n").unwrap();
        let bytes = |text: &str| text.chars().map(|c| c as u8).collect::<Vec<_>>();
        let head = String::from_utf8(bytes(head)).unwrap();
        let head = head.replace("Content-Disposition: form-data; ", "");
        (head.replace("\r\nContent-Type: ", " | "), bytes(content))
    })
    .collect()
}

fn part(head: &str, content: &[u8]) -> (String, Vec<u8>) {
    (head.to_owned(), content.to_vec())
}

#[tokio::test]
async fn sends_parts_as_text_or_json() {
    let rows = Rows::new()
        .name("a b&c=ü+%")
        .count(3)
        .ratio(0.5)
        .draft(true)
        .tags(["x", "y,z"])
        .marks([1.0, 2.5])
        .meta(json!({"a": 1, "b": ["1", 2.5, null, true], "c\"": {}}))
        .limits(
            [("n".to_owned(), 7)]
                .into_iter()
                .collect::<BTreeMap<_, _>>(),
        )
        .note(Patch::Null);
    assert_eq!(
        parts(&send_once!(PostMultipart, rows)),
        [
            part("name=\"name\"", "a b&c=ü+%".as_bytes()),
            part("name=\"count\"", b"3"),
            part("name=\"ratio\"", b"0.5"),
            part("name=\"draft\"", b"true"),
            part("name=\"tags\"", b"x"),
            part("name=\"tags\"", b"y,z"),
            part("name=\"marks\"", b"1"),
            part("name=\"marks\"", b"2.5"),
            part(
                "name=\"meta\" | application/json",
                br#"{"a":1,"b":["1",2.5,null,true],"c\"":{}}"#
            ),
            part("name=\"limits\" | application/json", br#"{"n":7}"#),
        ]
    );
    assert_eq!(parts(&send_once!(PostMultipart, Rows::new())), []);
    let odd = json!({"a\"\r\nb": [{"x": 1}, "y"]});
    assert_eq!(
        parts(&send_once!(PostAnyMultipart, odd)),
        [part(
            "name=\"a%22%0D%0Ab\" | application/json",
            br#"[{"x":1},"y"]"#
        )]
    );
}

/// A form whose parts have the encodings and the headers that an API declares.
#[derive(Endpoint)]
#[endpoint(POST, "/rows")]
#[endpoint(output = Empty)]
struct PostEncodedParts {
    client: Client,
    #[header("X-Digest", part = "file")]
    digest: String,
    #[header("X-Page", part = "tags")]
    page: Option<i64>,
    #[header("Content-Disposition", part = "marks")]
    disposition: Option<String>,
    #[body(Multipart)]
    #[part("file", content_type = "image/*, application/pdf")]
    #[part("name", content_type = "text/markdown; charset=utf-8")]
    #[part("tags", style = Form, explode = false)]
    #[part("marks", content_type = "application/json")]
    #[part("meta", content_type = "application/vnd.acme+json")]
    body: Rows,
}

#[tokio::test]
async fn sends_parts_with_declared_media_types_styles_and_headers() {
    let rows = Rows::new()
        .name("*n*")
        .file("pdf")
        .tags(["x", "y z"])
        .marks([1.0, 2.5])
        .meta(json!({"a": 1}));
    let server = StubServer::start();
    let client = server.client();
    let call = PostEncodedParts::new(&client, "d1", rows.clone()).page(2);
    call.await.unwrap();
    assert_eq!(
        parts(&server.take_single_request()),
        [
            part("name=\"name\" | text/markdown; charset=utf-8", b"*n*"),
            part(
                "name=\"file\"; filename=\"file\" | application/pdf\r\nX-Digest: d1",
                b"pdf"
            ),
            part("name=\"tags\"\r\nX-Page: 2", b"x,y z"),
            part("name=\"marks\" | application/json", b"[1,2.5]"),
            part("name=\"meta\" | application/vnd.acme+json", br#"{"a":1}"#),
        ]
    );
    // The media type of the file itself takes precedence, and a header cannot add another one.
    let own = rows.file(File::new("p").with_content_type("image/png"));
    PostEncodedParts::new(&client, "d2", own.clone())
        .await
        .unwrap();
    let sent = parts(&server.take_single_request());
    assert!(
        sent.iter()
            .any(|(head, _)| head.contains("image/png\r\nX-Digest: d2"))
    );
    // A declared `Content-Disposition` replaces the default one.
    let request = PostEncodedParts::new(&client, "d3", own.clone());
    request.disposition("attachment").await.unwrap();
    let sent = parts(&server.take_single_request());
    let marks = "Content-Type: application/json\r\nContent-Disposition: attachment";
    assert!(sent.iter().any(|(head, _)| head == marks), "{sent:?}");
    let evil = PostEncodedParts::new(&client, "d\r\nX-Evil: 1", own).await;
    assert!(evil.unwrap_err().is_builder());
}

#[derive(Endpoint)]
#[endpoint(POST, "/rows")]
#[endpoint(output = Empty)]
struct PostRelated {
    client: Client,
    #[body(Multipart("multipart/related"))]
    body: Rows,
}

#[tokio::test]
async fn sends_other_multipart_types_with_a_media_type_for_each_part() {
    let rows = Rows::new().name("n").meta(json!({"a": 1}));
    let request = send_once!(PostRelated, rows);
    let media_type = request.header("content-type").unwrap();
    assert!(
        media_type.starts_with("multipart/related; boundary="),
        "{media_type}"
    );
    assert!(
        media_type.ends_with("; type=\"text/plain\""),
        "{media_type}"
    );
    let body = request.text();
    assert!(
        body.contains("name=\"name\"\r\nContent-Type: text/plain\r\n\r\nn\r\n"),
        "{body}"
    );
    assert!(
        body.contains("name=\"meta\"\r\nContent-Type: application/json\r\n"),
        "{body}"
    );
}

#[tokio::test]
async fn sends_bytes_name_and_media_type_of_files() {
    let binary: Vec<u8> = (0..=255).chain(*b"\r\n--observatory").collect();
    let one = File::from_bytes("a\"b\r\nc.ü", binary.clone())
        .with_content_type("text/csv; charset=\"utf-8\"");
    let rows = Rows::new().file(one).files([
        File::new("second"),
        File::from_bytes("3.png", "third").with_content_type("image/png\r\nX-Evil: 1"),
    ]);
    assert_eq!(
        parts(&send_once!(PostMultipart, rows)),
        [
            part(
                "name=\"file\"; filename=\"a%22b%0D%0Ac.ü\" | text/csv; charset=\"utf-8\"",
                &binary
            ),
            part(
                "name=\"files\"; filename=\"file\" | application/octet-stream",
                b"second"
            ),
            part(
                "name=\"files\"; filename=\"3.png\" | image/png%0D%0AX-Evil: 1",
                b"third"
            ),
        ]
    );
    let server = StubServer::start();
    for _ in 0..2 {
        PostMultipart::new(&server.client(), Rows::new())
            .await
            .unwrap();
    }
    let [one, two] = server.take_requests().try_into().unwrap();
    assert_ne!(one.header("content-type"), two.header("content-type"));
}

#[tokio::test]
async fn rejects_binary_files_nested_in_json() {
    let server = StubServer::start();
    // JSON can only contain text.
    let nested = PostNestedFiles {
        client: server.client(),
        body: [("a".to_owned(), vec![vec![File::new(vec![0xff])]])].into(),
    };
    let error = nested.await.unwrap_err();
    assert!(error.is_builder(), "{error}");
    let text = PostNestedFiles {
        client: server.client(),
        body: [("a".to_owned(), vec![vec![File::new("text")]])].into(),
    };
    text.await.unwrap();
    let expected = part("name=\"a\" | application/json", br#"[["text"]]"#);
    assert_eq!(parts(&server.take_single_request()), [expected]);
}

#[derive(Endpoint)]
#[endpoint(POST, "/parts")]
#[endpoint(output = Empty)]
struct PostPositional {
    client: Client,
    #[header("X-Title", part = "0")]
    title: String,
    #[body(Multipart("multipart/mixed"))]
    #[part("0", content_type = "application/vnd.acme+json")]
    #[part("*", content_type = "image/png")]
    body: Vec<PositionalPart>,
}

#[derive(Clone, Debug, PartialEq, observatory_runtime::Union)]
#[union(shape)]
enum PositionalPart {
    File(File),
    Unknown(Value),
}

#[tokio::test]
async fn sends_parts_without_names_by_position() {
    let server = StubServer::start();
    let body = vec![
        PositionalPart::Unknown(json!({"author": "a"})),
        PositionalPart::File(File::new("1")),
        PositionalPart::Unknown(json!([1, 2])),
    ];
    let request = PostPositional::new(&server.client(), "t", body);
    request.await.unwrap();
    let sent = server.take_single_request();
    let media_type = sent.header("content-type").unwrap();
    let (kind, boundary) = media_type.split_once("; boundary=").unwrap();
    assert_eq!(kind, "multipart/mixed");
    let body = sent.text().replace(boundary, "B");
    let expected = [
        "--B\r\nContent-Type: application/vnd.acme+json\r\nX-Title: t\r\n\r\n{\"author\":\"a\"}\r\n",
        "--B\r\nContent-Disposition: attachment; filename=\"file\"\r\nContent-Type: image/png\r\n\r\n1\r\n",
        "--B\r\nContent-Type: image/png\r\n\r\n[1,2]\r\n--B--\r\n",
    ];
    assert_eq!(body, expected.concat());
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Album {
    pages: Vec<File>,
    about: About,
    order: BTreeMap<String, Vec<i64>>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct About {
    title: String,
    cover: Option<File>,
}

#[derive(Endpoint)]
#[endpoint(POST, "/albums")]
#[endpoint(output = Empty)]
struct PostNested {
    client: Client,
    #[header("X-Language", part = "about/title")]
    language: String,
    #[header("X-Title", part = "pages/0")]
    title: String,
    #[body(Multipart)]
    #[part(
        "about",
        content_type = "multipart/related",
        part("cover", content_type = "image/gif")
    )]
    #[part("order", content_type = "application/x-www-form-urlencoded", part("rows", style = PipeDelimited))]
    #[part(
        "pages",
        content_type = "multipart/mixed",
        part("0", content_type = "image/png"),
        part("*", content_type = "image/jpeg")
    )]
    body: Album,
}

/// Replaces the boundaries by letters, in the order of their first line.
fn name_boundaries(text: &str) -> String {
    let mut out = text.to_owned();
    for letter in ["A", "B", "C"] {
        let Some(start) = out.find("observatory-") else {
            break;
        };
        let rest = out[start..].to_owned();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        out = out.replace(&rest[..end.unwrap()], letter);
    }
    out
}

#[tokio::test]
async fn sends_parts_inside_parts() {
    let server = StubServer::start();
    let about = About::new("t").cover(File::new("gif"));
    let order: BTreeMap<String, Vec<i64>> = [("rows".to_owned(), vec![1, 2])].into();
    let album = Album::new(vec![File::new("1"), File::new("2")], about, order);
    let request = PostNested::new(&server.client(), "en", "first", album);
    request.await.unwrap();
    let expected = [
        "--A\r\nContent-Disposition: form-data; name=\"pages\"\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n",
        "--B\r\nContent-Disposition: attachment; filename=\"file\"\r\nContent-Type: image/png\r\nX-Title: first\r\n\r\n1\r\n",
        "--B\r\nContent-Disposition: attachment; filename=\"file\"\r\nContent-Type: image/jpeg\r\n\r\n2\r\n--B--\r\n\r\n",
        "--A\r\nContent-Disposition: form-data; name=\"about\"\r\nContent-Type: multipart/related; boundary=C; type=\"text/plain\"\r\n\r\n",
        "--C\r\nContent-Disposition: form-data; name=\"title\"\r\nContent-Type: text/plain\r\nX-Language: en\r\n\r\nt\r\n",
        "--C\r\nContent-Disposition: form-data; name=\"cover\"; filename=\"file\"\r\nContent-Type: image/gif\r\n\r\ngif\r\n--C--\r\n\r\n",
        "--A\r\nContent-Disposition: form-data; name=\"order\"\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nrows=1%7C2\r\n--A--\r\n",
    ];
    let sent = server.take_single_request();
    assert_eq!(name_boundaries(sent.text()), expected.concat());
}
