//! What requests carry: JSON, forms, text, bytes, nothing; parts have a file of their own.

use std::collections::BTreeMap;

use observatory_runtime::{Bytes, Client, Empty, Endpoint, File, Model, Patch, Value};
use serde_json::json;

use crate::support::stub_server::{ReceivedRequest, StubServer};

/// A body with every kind of field.
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
    ($name:ident, $method:ident, $ty:ty, $($body:tt)*) => {
        #[derive(Endpoint)]
        #[endpoint($method, "/rows")]
        #[endpoint(output = Empty)]
        struct $name {
            client: Client,
            #[body($($body)*)]
            body: $ty,
        }
    };
}
operation!(PostJson, POST, Rows, json);
operation!(PostAny, POST, Value, json);
operation!(
    PatchJson,
    PATCH,
    Value,
    json("application/merge-patch+json")
);
operation!(DeleteJson, DELETE, Vec<String>, json);
operation!(MaybeJson, PUT, Option<Rows>, json);
operation!(PostForm, POST, Rows, form);
operation!(AnyForm, POST, Value, form);
operation!(MaybeForm, POST, Option<Rows>, form);
operation!(AnyParts, POST, Value, multipart);
operation!(MaybeParts, POST, Option<Rows>, multipart);
operation!(PostText, POST, String, text);
operation!(PostCsv, POST, String, text("text/csv"));
operation!(MaybeText, POST, Option<String>, text);
operation!(PutBytes, PUT, File, bytes);
operation!(PutImage, PUT, File, bytes("image/png"));
operation!(MaybeBytes, PUT, Option<File>, bytes);

#[derive(Endpoint)]
#[endpoint(POST, "/rows")]
#[endpoint(output = Empty)]
struct PostNothing {
    client: Client,
}

macro_rules! sent {
    ($name:ident, $($body:expr)?) => {{
        let peer = StubServer::start();
        $name::new(&peer.client(), $($body)?).await.unwrap();
        peer.take_single_request()
    }};
}

fn told(sent: &ReceivedRequest) -> (&str, &str) {
    (sent.header("content-type").unwrap_or("-"), sent.text())
}

#[tokio::test]
async fn json_goes_out_as_it_is() {
    let rows = Rows::new().name("ü").ratio(2.0).note(Patch::Null);
    let expected = r#"{"name":"ü","ratio":2,"note":null}"#;
    let sent = sent!(PostJson, rows);
    assert_eq!(told(&sent), ("application/json", expected));
    assert_eq!(sent.header("content-length"), Some("35"));
    let sent = sent!(PostJson, Rows::new());
    assert_eq!(told(&sent), ("application/json", "{}"));
    for (value, expected) in [
        (Value::Null, "null"),
        (json!("text"), r#""text""#),
        (json!([1, 1.5, u64::MAX]), "[1,1.5,18446744073709551615]"),
    ] {
        assert_eq!(told(&sent!(PostAny, value)), ("application/json", expected));
    }
    let sent = sent!(PatchJson, json!({"a": null}));
    let expected = ("application/merge-patch+json", r#"{"a":null}"#);
    assert_eq!(told(&sent), expected);
    assert_eq!(sent.method, "PATCH");
}

#[tokio::test]
async fn delete_has_a_body_too() {
    let sent = sent!(DeleteJson, vec!["a".to_owned()]);
    assert_eq!(sent.method, "DELETE");
    assert_eq!(told(&sent), ("application/json", r#"["a"]"#));
}

#[tokio::test]
async fn what_cannot_be_json_is_not_sent() {
    let peer = StubServer::start();
    let rows = Rows::new().file(vec![0xff]);
    let error = PostJson::new(&peer.client(), rows).await.unwrap_err();
    assert!(error.is_builder());
    let said = error.to_string();
    let expected = "POST /rows: the body cannot be written: at `file`: the file is not valid UTF-8, which JSON requires";
    assert_eq!(said, expected);
    let rows = Rows::new().marks([1.0, f64::INFINITY]);
    let error = PostJson::new(&peer.client(), rows).await.unwrap_err();
    assert!(error.to_string().contains("marks[1]"), "{error}");
    assert!(peer.take_requests().is_empty());
}

#[tokio::test]
async fn no_body_has_no_content_type() {
    let sent = sent!(PostNothing,);
    assert_eq!(told(&sent), ("-", ""));
    assert_eq!(sent.header("transfer-encoding"), None);
    assert_eq!(sent.header("content-length").unwrap_or("0"), "0");
    let peer = StubServer::start();
    let client = peer.client();
    MaybeJson::new(&client).await.unwrap();
    MaybeForm::new(&client).await.unwrap();
    MaybeParts::new(&client).await.unwrap();
    MaybeText::new(&client).await.unwrap();
    MaybeBytes::new(&client).await.unwrap();
    let all = peer.take_requests();
    assert_eq!(all.len(), 5);
    for sent in all {
        assert_eq!(told(&sent), ("-", ""));
    }
    MaybeJson::new(&client).body(Rows::new()).await.unwrap();
    assert_eq!(
        told(&peer.take_single_request()),
        ("application/json", "{}")
    );
    MaybeText::new(&client).body("").await.unwrap();
    assert_eq!(told(&peer.take_single_request()), ("text/plain", ""));
}

fn full() -> Rows {
    Rows::new()
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
        .note(Patch::Null)
}

#[tokio::test]
async fn forms_repeat_lists_and_hold_objects_as_json() {
    let sent = sent!(PostForm, full());
    let expected = "name=a+b%26c%3D%C3%BC%2B%25&count=3&ratio=0.5&draft=true&tags=x&tags=y%2Cz&marks=1&marks=2.5\
        &meta=%7B%22a%22%3A1%2C%22b%22%3A%5B%221%22%2C2.5%2Cnull%2Ctrue%5D%2C%22c%5C%22%22%3A%7B%7D%7D\
        &limits=%7B%22n%22%3A7%7D";
    let media_type = "application/x-www-form-urlencoded";
    assert_eq!(told(&sent), (media_type, expected));
    let sent = sent!(
        PostForm,
        Rows::new().file("text").tags(Vec::<String>::new())
    );
    assert_eq!(told(&sent), (media_type, "file=text"));
    let sent = sent!(AnyForm, json!({"a": [{"b": 1}], "c d": ""}));
    let expected = "a=%7B%22b%22%3A1%7D&c+d=";
    assert_eq!(told(&sent), (media_type, expected));
}

#[tokio::test]
async fn what_a_form_cannot_hold_is_not_sent() {
    let peer = StubServer::start();
    let client = peer.client();
    let file = PostForm::new(&client, Rows::new().file(vec![0xff])).await;
    assert!(file.unwrap_err().to_string().contains("a file"));
    for value in [json!("text"), json!([1]), Value::Null] {
        let form = AnyForm::new(&client, value.clone()).await.unwrap_err();
        assert!(form.to_string().contains("no fields"), "{form}");
        let parts = AnyParts::new(&client, value).await.unwrap_err();
        assert!(parts.is_builder(), "{parts}");
    }
    assert!(peer.take_requests().is_empty());
}

#[tokio::test]
async fn text_and_bytes_are_sent_raw() {
    assert_eq!(
        told(&sent!(PostText, "a\n\"ü\"")),
        ("text/plain", "a\n\"ü\"")
    );
    assert_eq!(told(&sent!(PostCsv, "a,b")), ("text/csv", "a,b"));
    let sent = sent!(PutBytes, vec![0, 255, 10]);
    assert_eq!(
        sent.header("content-type"),
        Some("application/octet-stream")
    );
    assert_eq!(sent.body, [0, 255, 10]);
    let sent = sent!(PutImage, Bytes::from_base64("aGk="));
    assert_eq!(told(&sent), ("image/png", "hi"));
}
