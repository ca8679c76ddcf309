//! What becomes of a success: values, nothing, several kinds, and answers that are not what they should be.

use observatory_runtime::{
    Bytes, Client, ClientBuilder, Empty, Endpoint, Error, Json, Model, OrEmpty, Raw, Responses,
    Text, Value,
};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::scripted_transport::{ScriptedTransport, Step};
use crate::support::stub_server;

#[derive(Clone, Debug, PartialEq, Model)]
struct Item {
    id: i64,
    tags: Option<Vec<String>>,
}

fn item(id: i64) -> Item {
    Item::new(id)
}

macro_rules! operation {
    ($name:ident, $output:ty $(, $more:meta)*) => {
        #[derive(Endpoint)]
        #[endpoint(GET, "/items")]
        #[endpoint(output = $output)]
        $(#[$more])*
        struct $name {
            client: Client,
        }
    };
}
operation!(One, Json<Item>);
operation!(Many, Json<Vec<Item>>);
operation!(Maybe, Json<Option<Item>>);
operation!(Unit, Json<()>);
operation!(Any, Json<Value>);
operation!(OneOrNot, OrEmpty<Json<Item>>);
operation!(TextOrNot, OrEmpty<Text>);
operation!(Words, Text);
operation!(Blob, Raw);
operation!(Nothing, Empty);
operation!(Several, Kinds);
operation!(Classes, Sorts);
operation!(
    Wrapped,
    Json<Item>,
    endpoint(envelope(data = "data", error = "error"))
);
operation!(
    WrappedMany,
    Json<Vec<Item>>,
    endpoint(envelope(data = "data", error = "error"))
);
operation!(
    WrappedMaybe,
    Json<Option<Item>>,
    endpoint(envelope(data = "data"))
);

#[derive(Clone, Debug, PartialEq, Responses)]
enum Kinds {
    #[status(200, json)]
    Done(Item),
    #[status(202, text)]
    Later(String),
    #[status(204, none)]
    Nothing,
    #[status(206, bytes)]
    Half(Bytes),
}

#[derive(Clone, Debug, PartialEq, Responses)]
enum Sorts {
    #[status(201, none)]
    Created,
    #[status(class = 2, json)]
    Other(Vec<i64>),
}

async fn server(answer: ResponseTemplate) -> (MockServer, Client) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    let client = stub_server::StubServer::start().builder(&stub_server::API_WITHOUT_AUTH);
    let client = client.base_url(server.uri()).build().unwrap();
    (server, client)
}

fn status(code: u16) -> ResponseTemplate {
    ResponseTemplate::new(code)
}

fn with(code: u16, body: &str) -> ResponseTemplate {
    status(code).set_body_raw(body.as_bytes().to_vec(), "application/json")
}

/// What an operation makes of an answer.
macro_rules! made {
    ($name:ident, $answer:expr) => {{
        let (_server, client) = server($answer).await;
        $name::new(&client).await
    }};
}

#[track_caller]
fn undecoded<T: std::fmt::Debug>(made: Result<T, Error>) -> (String, String) {
    let error = made.unwrap_err();
    assert!(error.is_decode() && !error.is_api() && !error.is_builder());
    assert_eq!(error.message(), None);
    let path = error.json_path().unwrap().to_owned();
    let said = error.to_string();
    let said = said.strip_prefix("GET /items: the answer is not what it should be");
    (path, said.unwrap().to_owned())
}

#[tokio::test]
async fn json_is_read() {
    assert_eq!(made!(One, with(200, r#"{"id":1}"#)).unwrap(), item(1));
    // Whatever it says it is, and whichever success it is.
    let plain = status(201).set_body_string(r#" {"id":2,"new":[]} "#);
    assert_eq!(made!(One, plain).unwrap(), item(2));
    assert_eq!(made!(Maybe, with(200, "null")).unwrap(), None);
    let any = made!(Any, with(200, r#"{"a":[1.5,null]}"#)).unwrap();
    assert_eq!(any, json!({"a": [1.5, null]}));
}

#[tokio::test]
async fn status_and_headers_stay_beside_the_value() {
    let answer = with(203, r#"{"id":1}"#).insert_header("x-left", "7");
    let (server, client) = server(answer).await;
    let response = One::new(&client).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 203);
    assert_eq!(response.headers().get("x-left").unwrap(), "7");
    assert_eq!(response.value(), &item(1));
    assert_eq!(response.into_value(), item(1));
    let requests = server.received_requests().await.unwrap();
    let asked = |request: &Request, name: &str| request.headers.get(name).unwrap().clone();
    assert_eq!(asked(&requests[0], "accept"), "application/json");
    assert_eq!(asked(&requests[0], "user-agent"), "peer/1");
}

#[tokio::test]
async fn nothing_is_nothing() {
    made!(Nothing, status(204)).unwrap();
    made!(Nothing, with(200, "whatever")).unwrap();
    made!(Unit, status(204)).unwrap();
    made!(Unit, with(200, "null")).unwrap();
    assert_eq!(made!(Maybe, status(204)).unwrap(), None);
    assert_eq!(made!(Maybe, with(200, " \n")).unwrap(), None);
    assert_eq!(made!(Any, status(204)).unwrap(), Value::Null);
    assert_eq!(made!(OneOrNot, status(204)).unwrap(), None);
    assert_eq!(made!(OneOrNot, status(200)).unwrap(), None);
    let some = made!(OneOrNot, with(200, r#"{"id":1}"#));
    assert_eq!(some.unwrap(), Some(item(1)));
    assert_eq!(made!(TextOrNot, status(204)).unwrap(), None);
    let some = made!(TextOrNot, with(200, "null"));
    assert_eq!(some.unwrap().as_deref(), Some("null"));
}

/// HTTP clients leave out the body of a 204; a transport of the program's own may not.
#[tokio::test]
async fn a_204_is_nothing_whatever_the_transport_reads_of_it() {
    let client: Client = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH)
        .base_url("https://a.b")
        .transport(ScriptedTransport::repeating(
            Step::status(204).body("deleted"),
        ))
        .build()
        .unwrap();
    assert_eq!(OneOrNot::new(&client).await.unwrap(), None);
    assert_eq!(TextOrNot::new(&client).await.unwrap(), None);
}

#[tokio::test]
async fn nothing_where_there_should_be_something_is_an_error() {
    for answer in [status(204), status(200), with(200, " ")] {
        let expected = (String::new(), ": the body is empty".to_owned());
        assert_eq!(undecoded(made!(One, answer.clone())), expected);
        assert_eq!(undecoded(made!(Wrapped, answer)), expected);
    }
}

#[tokio::test]
async fn text_and_bytes_are_what_came() {
    let answer = || status(200).set_body_string("{\"ü\"\n");
    assert_eq!(made!(Words, answer()).unwrap(), "{\"ü\"\n");
    assert_eq!(made!(Words, status(200)).unwrap(), "");
    let bytes = [0, 159, 146, 150, 10];
    let answer = status(200).set_body_bytes(bytes);
    assert_eq!(made!(Blob, answer).unwrap().as_slice(), bytes);
    assert!(made!(Blob, status(204)).unwrap().is_empty());
}

#[tokio::test]
async fn each_success_has_its_own_type() {
    let done = made!(Several, with(200, r#"{"id":1}"#)).unwrap();
    assert_eq!(done, Kinds::Done(item(1)));
    let later = made!(Several, with(202, "in a minute")).unwrap();
    assert_eq!(later, Kinds::Later("in a minute".to_owned()));
    assert_eq!(made!(Several, status(204)).unwrap(), Kinds::Nothing);
    let half = made!(Several, status(206).set_body_bytes([255])).unwrap();
    assert_eq!(half, Kinds::Half(Bytes::new([255])));
    assert_eq!(made!(Classes, status(201)).unwrap(), Sorts::Created);
    let other = made!(Classes, with(299, "[1]")).unwrap();
    assert_eq!(other, Sorts::Other(vec![1]));
    let (path, _) = undecoded(made!(Several, with(200, r#"{"id":"1"}"#)));
    assert_eq!(path, "id");
}

#[tokio::test]
async fn a_success_that_nobody_listed_keeps_its_body() {
    let error = made!(Several, with(207, r#"{"id":3}"#)).unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 207);
    assert_eq!(error.decode::<Item>(), Some(item(3)));
    let (path, said) = undecoded::<()>(Err(error));
    assert_eq!(path, "");
    assert_eq!(said, ": 207 Multi-Status is no status the document lists");
}

#[tokio::test]
async fn decode_errors_say_where() {
    let body = "[\n  {\"id\":1},\n  {\"id\":2,\"tags\":[\"a\",7]}\n]";
    let (path, said) = undecoded(made!(Many, with(200, body)));
    assert_eq!(path, "[1].tags[1]");
    assert_eq!(
        said,
        " at `[1].tags[1]`: invalid type: integer `7`, expected a string \
         (line 3, column 23, near `{\"id\":2,\"tags\":[\"a\",7]}`)"
    );
    let (path, said) = undecoded(made!(One, with(200, "<html>Sign in</html>")));
    assert_eq!(path, "");
    assert_eq!(
        said,
        ": expected value (line 1, column 1, near `<html>Sign in</html>`)"
    );
    // Of a long line the part that matters is shown.
    let long = format!("{{\"x\":\"{}\",\"id\":true}}", "y".repeat(500));
    let (_, said) = undecoded(made!(One, with(200, &long)));
    assert!(
        said.contains("yyy\",\"id\":true}`)") && said.len() < 250,
        "{said}"
    );
    // What came is still there.
    let error = made!(One, with(200, "[]").insert_header("x-request-id", "r1")).unwrap_err();
    assert_eq!(error.body(), Some(b"[]".as_slice()));
    assert_eq!(error.request_id(), Some("r1"));
    assert_eq!(error.status().unwrap().as_u16(), 200);
    assert!(error.to_string().ends_with(" (request r1)"), "{error}");
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.to_string().contains("expected"), "{source}");
}

#[tokio::test]
async fn envelopes_are_opened() {
    let full = r#"{"data":{"id":1},"error":null}"#;
    assert_eq!(made!(Wrapped, with(200, full)).unwrap(), item(1));
    let bare = r#"{"data":[{"id":1}]}"#;
    assert_eq!(made!(WrappedMany, with(200, bare)).unwrap(), [item(1)]);
    for nothing in [r#"{"data":null}"#, "{}", "null", ""] {
        assert_eq!(made!(WrappedMaybe, with(200, nothing)).unwrap(), None);
    }
    // Where the document names no error, a field of that name is just a field.
    let both = r#"{"data":{"id":1},"error":"old"}"#;
    assert_eq!(made!(WrappedMaybe, with(200, both)).unwrap(), Some(item(1)));
}

#[tokio::test]
async fn an_error_in_an_envelope_is_an_error() {
    for (error, message) in [
        (r#""out of rows""#, "out of rows"),
        (r#"{"message":"out of rows"}"#, "out of rows"),
        (r#"{"code":7}"#, r#"{"code":7}"#),
    ] {
        let body = format!(r#"{{"data":null,"error":{error}}}"#);
        let error = made!(Wrapped, with(200, &body)).unwrap_err();
        assert!(error.is_api() && !error.is_decode());
        assert_eq!(error.message(), Some(message));
        assert_eq!(error.status().unwrap().as_u16(), 200);
        assert_eq!(error.body(), Some(body.as_bytes()));
    }
    let long = format!(r#"{{"error":"{}"}}"#, "x".repeat(1000));
    let error = made!(Wrapped, with(200, &long)).unwrap_err();
    assert!(error.to_string().ends_with("xxx…"), "{error}");
}

#[tokio::test]
async fn decode_errors_in_envelopes_say_where_in_the_whole() {
    let body = "{\"error\":null,\n \"data\":[{\"id\":1},{\"id\":\"2\"}]}";
    let (path, said) = undecoded(made!(WrappedMany, with(200, body)));
    assert_eq!(path, "data[1].id");
    assert!(
        said.contains("expected an integer (line 2, column 27, near"),
        "{said}"
    );
    let (path, said) = undecoded(made!(Wrapped, with(200, r#"{"data":{}}"#)));
    assert_eq!(path, "data");
    assert!(said.contains("missing field `id`"), "{said}");
    let (path, said) = undecoded(made!(Wrapped, with(200, r#"{"dato":{}}"#)));
    assert_eq!(
        (path.as_str(), said.as_str()),
        ("", ": missing field `data`")
    );
    let (path, said) = undecoded(made!(Wrapped, with(200, r#"{"data":null}"#)));
    assert_eq!(path, "data");
    assert!(said.contains("null"), "{said}");
}
