//! Request bodies: JSON, forms, text, bytes and none. Multipart forms are in `multipart`.

use std::collections::BTreeMap;

use observatory_runtime::{Bytes, Client, Empty, Endpoint, File, Fixed, Model, Patch, Value};
use serde_json::json;

use crate::support::stub_server::{ReceivedRequest, StubServer};

/// A body with each kind of field.
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

/// An object of which the server sets a part, and the client another.
#[derive(Clone, Debug, PartialEq, Model)]
struct User {
    #[wire(read_only)]
    id: Option<String>,
    #[wire("kind", fixed = "user", optional, read_only)]
    kind: Fixed,
    name: String,
    #[wire(write_only)]
    password: Option<String>,
    #[wire(read_only)]
    seen: Patch<i64>,
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
operation!(PostJson, POST, Rows, Json);
operation!(PostUser, POST, User, Json);
operation!(PostUserForm, POST, User, Form);
operation!(PostUserMultipart, POST, User, Multipart);
operation!(PostAny, POST, Value, Json);
operation!(
    PatchJson,
    PATCH,
    Value,
    Json("application/merge-patch+json")
);
operation!(DeleteJson, DELETE, Vec<String>, Json);
operation!(PutOptionalJson, PUT, Option<Rows>, Json);
operation!(PutNullableJson, PUT, Option<Rows>, Json, nullable);
operation!(
    PutNullableNumber,
    PUT,
    Option<i64>,
    Json("application/merge-patch+json"),
    nullable
);
operation!(PutPatchJson, PUT, Patch<Rows>, Json);
operation!(PostForm, POST, Rows, Form);
operation!(PostAnyForm, POST, Value, Form);
operation!(PostOptionalForm, POST, Option<Rows>, Form);
operation!(PostAnyMultipart, POST, Value, Multipart);
operation!(PostOptionalMultipart, POST, Option<Rows>, Multipart);
operation!(PostLines, POST, Vec<User>, JsonLines);
operation!(
    PostSequence,
    POST,
    Option<Vec<Value>>,
    JsonLines("application/json-seq")
);
operation!(PostText, POST, String, Text);
operation!(PostCsv, POST, String, Text("text/csv"));
operation!(PostOptionalText, POST, Option<String>, Text);
operation!(PutBytes, PUT, File, Bytes);
operation!(PutImage, PUT, File, Bytes("image/png"));
operation!(PutOptionalBytes, PUT, Option<File>, Bytes);

#[derive(Endpoint)]
#[endpoint(POST, "/rows")]
#[endpoint(output = Empty)]
struct PostNothing {
    client: Client,
}

#[derive(Endpoint)]
#[endpoint(GET, "/rows")]
#[endpoint(output = Empty, accept = "application/vnd.acme+json, text/csv")]
struct GetNothing {
    client: Client,
}

macro_rules! send_once {
    ($name:ident, $($body:expr)?) => {{
        let server = StubServer::start();
        $name::new(&server.client(), $($body)?).await.unwrap();
        server.take_single_request()
    }};
}

fn content(request: &ReceivedRequest) -> (&str, &str) {
    (
        request.header("content-type").unwrap_or("-"),
        request.text(),
    )
}

#[tokio::test]
async fn sends_json() {
    let rows = Rows::new().name("ü").ratio(2.0).note(Patch::Null);
    let expected = r#"{"name":"ü","ratio":2,"note":null}"#;
    let request = send_once!(PostJson, rows);
    assert_eq!(content(&request), ("application/json", expected));
    assert_eq!(request.header("content-length"), Some("35"));
    let request = send_once!(PostJson, Rows::new());
    assert_eq!(content(&request), ("application/json", "{}"));
    for (value, expected) in [
        (Value::Null, "null"),
        (json!("text"), r#""text""#),
        (json!([1, 1.5, u64::MAX]), "[1,1.5,18446744073709551615]"),
    ] {
        assert_eq!(
            content(&send_once!(PostAny, value)),
            ("application/json", expected)
        );
    }
    let request = send_once!(PatchJson, json!({"a": null}));
    let expected = ("application/merge-patch+json", r#"{"a":null}"#);
    assert_eq!(content(&request), expected);
    assert_eq!(request.method, "PATCH");
}

#[tokio::test]
async fn sends_null_as_a_body() {
    let sent = ("application/json", r#"{"name":"n"}"#);
    let null = ("application/json", "null");
    let rows = || Rows::new().name("n");
    assert_eq!(content(&send_once!(PutNullableJson, rows())), sent);
    assert_eq!(content(&send_once!(PutNullableJson, Some(rows()))), sent);
    assert_eq!(content(&send_once!(PutNullableJson, None)), null);
    let merge_patch = |text| ("application/merge-patch+json", text);
    let request = send_once!(PutNullableNumber, 7);
    assert_eq!(content(&request), merge_patch("7"));
    let request = send_once!(PutNullableNumber, None);
    assert_eq!(content(&request), merge_patch("null"));

    let server = StubServer::start();
    let put = || PutPatchJson::new(&server.client());
    put().await.unwrap();
    put().body(rows()).await.unwrap();
    put().body(None).await.unwrap();
    put().body(Patch::Null).await.unwrap();
    put().body(Patch::Absent).await.unwrap();
    let requests = server.take_requests();
    let sent_bodies: Vec<_> = requests.iter().map(content).collect();
    assert_eq!(sent_bodies, [("-", ""), sent, null, null, ("-", "")]);
}

#[tokio::test]
async fn leaves_read_only_properties_out_of_requests() {
    let expected = r#"{"name":"n","password":"p"}"#;
    let request = send_once!(PostUser, User::new("n", "p"));
    assert_eq!(content(&request), ("application/json", expected));

    // A value that was received is sent without them, but serialized with them.
    let received = json!({"id": "u1", "kind": "user", "name": "n", "seen": null});
    let user: User = serde_json::from_value(received.clone()).unwrap();
    assert_eq!(user.password, None);
    assert_eq!(serde_json::to_value(&user).unwrap(), received);
    let request = send_once!(PostUser, user.clone());
    assert_eq!(content(&request).1, r#"{"name":"n"}"#);
    let request = send_once!(PostUserForm, user.clone());
    assert_eq!(content(&request).1, "name=n");
    let request = send_once!(PostUserMultipart, user);
    assert!(!request.text().contains("u1") && !request.text().contains("kind"));
}

#[tokio::test]
async fn sends_body_of_delete() {
    let request = send_once!(DeleteJson, vec!["a".to_owned()]);
    assert_eq!(request.method, "DELETE");
    assert_eq!(content(&request), ("application/json", r#"["a"]"#));
}

#[tokio::test]
async fn rejects_values_that_json_cannot_represent() {
    let server = StubServer::start();
    let rows = Rows::new().file(vec![0xff]);
    let error = PostJson::new(&server.client(), rows).await.unwrap_err();
    assert!(error.is_builder());
    let message = error.to_string();
    let expected = "POST /rows: cannot serialize the request body: at `file`: the file is not valid UTF-8, which JSON requires";
    assert_eq!(message, expected);
    let rows = Rows::new().marks([1.0, f64::INFINITY]);
    let error = PostJson::new(&server.client(), rows).await.unwrap_err();
    assert!(error.to_string().contains("marks[1]"), "{error}");
    assert!(server.take_requests().is_empty());
}

#[tokio::test]
async fn sends_no_content_type_without_body() {
    let request = send_once!(PostNothing,);
    assert_eq!(content(&request), ("-", ""));
    assert_eq!(request.header("transfer-encoding"), None);
    assert_eq!(request.header("content-length").unwrap_or("0"), "0");
    let server = StubServer::start();
    let client = server.client();
    PutOptionalJson::new(&client).await.unwrap();
    PostOptionalForm::new(&client).await.unwrap();
    PostOptionalMultipart::new(&client).await.unwrap();
    PostOptionalText::new(&client).await.unwrap();
    PutOptionalBytes::new(&client).await.unwrap();
    let all = server.take_requests();
    assert_eq!(all.len(), 5);
    for request in all {
        assert_eq!(content(&request), ("-", ""));
    }
    PutOptionalJson::new(&client)
        .body(Rows::new())
        .await
        .unwrap();
    assert_eq!(
        content(&server.take_single_request()),
        ("application/json", "{}")
    );
    PostOptionalText::new(&client).body("").await.unwrap();
    assert_eq!(content(&server.take_single_request()), ("text/plain", ""));
}

fn rows_with_all_fields() -> Rows {
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
async fn encodes_forms_with_repeated_lists_and_json_objects() {
    let request = send_once!(PostForm, rows_with_all_fields());
    let expected = "name=a+b%26c%3D%C3%BC%2B%25&count=3&ratio=0.5&draft=true&tags=x&tags=y%2Cz&marks=1&marks=2.5\
        &meta=%7B%22a%22%3A1%2C%22b%22%3A%5B%221%22%2C2.5%2Cnull%2Ctrue%5D%2C%22c%5C%22%22%3A%7B%7D%7D\
        &limits=%7B%22n%22%3A7%7D";
    let media_type = "application/x-www-form-urlencoded";
    assert_eq!(content(&request), (media_type, expected));
    let request = send_once!(
        PostForm,
        Rows::new().file("text").tags(Vec::<String>::new())
    );
    assert_eq!(content(&request), (media_type, "file=text"));
    let request = send_once!(PostAnyForm, json!({"a": [{"b": 1}], "c d": ""}));
    let expected = "a=%7B%22b%22%3A1%7D&c+d=";
    assert_eq!(content(&request), (media_type, expected));
}

/// A form whose fields have the encodings that an API declares.
#[derive(Endpoint)]
#[endpoint(POST, "/rows")]
#[endpoint(output = Empty)]
struct PostEncodedForm {
    client: Client,
    #[body(Form)]
    #[part("spaced", style = SpaceDelimited, explode = false)]
    #[part("piped", style = PipeDelimited)]
    #[part("meta", style = DeepObject, explode = true)]
    #[part("lines", style = DeepObject, explode = true)]
    #[part("flat", style = Form)]
    #[part("joined", style = Form, explode = false, allow_reserved)]
    #[part("json", content_type = "application/json")]
    #[part("text", content_type = "text/plain")]
    body: Value,
}

#[tokio::test]
async fn encodes_form_fields_as_declared() {
    for (body, expected) in [
        (json!({"spaced": ["a", "b c"]}), "spaced=a%20b+c"),
        (json!({"piped": ["a", "b|c"]}), "piped=a%7Cb%7Cc"),
        (json!({"meta": {"k": "v", "n": null}}), "meta%5Bk%5D=v"),
        (json!({"meta": ["a", 2]}), "meta%5B%5D=a&meta%5B%5D=2"),
        (json!({"meta": ""}), "meta="),
        (
            json!({"lines": [{"price": "p", "tax": {"on": ["x", "y"], "rate": 1}}, {"price": "q"}]}),
            "lines%5B0%5D%5Bprice%5D=p&lines%5B0%5D%5Btax%5D%5Bon%5D%5B%5D=x\
             &lines%5B0%5D%5Btax%5D%5Bon%5D%5B%5D=y&lines%5B0%5D%5Btax%5D%5Brate%5D=1\
             &lines%5B1%5D%5Bprice%5D=q",
        ),
        (json!({"flat": {"a": 1, "b": "x"}}), "a=1&b=x"),
        (json!({"joined": ["a/b", "c"]}), "joined=a/b,c"),
        (json!({"json": [1, "a"]}), "json=%5B1%2C%22a%22%5D"),
        (json!({"json": "a"}), "json=%22a%22"),
        (json!({"text": ["a", "b"]}), "text=a&text=b"),
        (json!({"other": {"a": 1}}), "other=%7B%22a%22%3A1%7D"),
    ] {
        let request = send_once!(PostEncodedForm, body.clone());
        assert_eq!(content(&request).1, expected, "{body}");
    }
}

#[tokio::test]
async fn rejects_values_that_forms_cannot_represent() {
    let server = StubServer::start();
    let client = server.client();
    let file = PostForm::new(&client, Rows::new().file(vec![0xff])).await;
    assert!(file.unwrap_err().to_string().contains("the file"));
    for value in [json!("text"), json!([1]), Value::Null] {
        let form = PostAnyForm::new(&client, value.clone()).await.unwrap_err();
        assert!(form.to_string().contains("not an object"), "{form}");
        let parts = PostAnyMultipart::new(&client, value).await.unwrap_err();
        assert!(parts.is_builder(), "{parts}");
    }
    assert!(server.take_requests().is_empty());
}

#[tokio::test]
async fn sends_a_line_for_each_value() {
    let mut first = User::new("a", "p");
    first.id = Some("read-only".to_owned());
    let request = send_once!(PostLines, vec![first, User::new("b", "q")]);
    let lines = "{\"name\":\"a\",\"password\":\"p\"}\n{\"name\":\"b\",\"password\":\"q\"}\n";
    assert_eq!(content(&request), ("application/x-ndjson", lines));
    let server = StubServer::start();
    let call = PostSequence::new(&server.client()).body(vec![json!(1), json!({"a": "x\ny"})]);
    call.await.unwrap();
    let request = server.take_single_request();
    let texts = "\u{1e}1\n\u{1e}{\"a\":\"x\\ny\"}\n";
    assert_eq!(content(&request), ("application/json-seq", texts));
}

#[tokio::test]
async fn sends_content_length_zero_where_a_body_is_expected() {
    let server = StubServer::start();
    let client = server.client();
    PostNothing::new(&client).await.unwrap();
    PutOptionalJson::new(&client).await.unwrap();
    for request in server.take_requests() {
        assert_eq!(
            request.header("content-length"),
            Some("0"),
            "{}",
            request.method
        );
    }
    GetNothing::new(&client).await.unwrap();
    let request = server.take_single_request();
    assert_eq!(request.header("content-length"), None);
    assert_eq!(
        request.header("accept"),
        Some("application/vnd.acme+json, text/csv")
    );
}

#[tokio::test]
async fn sends_text_and_bytes_unchanged() {
    assert_eq!(
        content(&send_once!(PostText, "a\n\"ü\"")),
        ("text/plain", "a\n\"ü\"")
    );
    assert_eq!(content(&send_once!(PostCsv, "a,b")), ("text/csv", "a,b"));
    let request = send_once!(PutBytes, vec![0, 255, 10]);
    assert_eq!(
        request.header("content-type"),
        Some("application/octet-stream")
    );
    assert_eq!(request.body, [0, 255, 10]);
    let request = send_once!(PutImage, Bytes::from_base64("aGk="));
    assert_eq!(content(&request), ("image/png", "hi"));
}
