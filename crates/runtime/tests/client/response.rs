//! Decoding of success responses: JSON, text, bytes, empty bodies, several statuses, envelopes, and invalid bodies.

use observatory_runtime::{
    Bytes, Client, ClientBuilder, Empty, Endpoint, Error, Json, Model, OrEmpty, Raw, Responses,
    Text, Value,
};
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::scripted_transport::{ScriptedTransport, Step};
use crate::support::stub_server::{self, StubServer};

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
operation!(GetItem, Json<Item>);
operation!(GetItems, Json<Vec<Item>>);
operation!(GetNullableItem, Json<Option<Item>>);
operation!(GetUnit, Json<()>);
operation!(GetAny, Json<Value>);
operation!(GetOptionalItem, OrEmpty<Json<Item>>);
operation!(GetOptionalText, OrEmpty<Text>);
operation!(GetText, Text);
operation!(GetBytes, Raw);
operation!(GetNothing, Empty);
operation!(GetByStatus, ByStatus);
operation!(GetByStatusClass, ByStatusClass);
operation!(
    GetWrappedItem,
    Json<Item>,
    endpoint(envelope(data = "data", error = "error"))
);
operation!(
    GetWrappedItems,
    Json<Vec<Item>>,
    endpoint(envelope(data = "data", error = "error"))
);
operation!(
    GetWrappedNullableItem,
    Json<Option<Item>>,
    endpoint(envelope(data = "data"))
);

#[derive(Clone, Debug, PartialEq, Responses)]
enum ByStatus {
    #[status(200, Json)]
    Done(Item),
    #[status(202, Text)]
    Later(String),
    #[status(204, Empty)]
    Nothing,
    #[status(206, Bytes)]
    Half(Bytes),
}

#[derive(Clone, Debug, PartialEq, Responses)]
enum ByStatusClass {
    #[status(201, Empty)]
    Created,
    #[status(class = 2, Json)]
    Other(Vec<i64>),
}

async fn server(response: ResponseTemplate) -> (MockServer, Client) {
    let server = MockServer::start().await;
    Mock::given(any())
        .respond_with(response)
        .mount(&server)
        .await;
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

/// Calls an operation of a server that sends this response.
macro_rules! call {
    ($name:ident, $response:expr) => {{
        let (_server, client) = server($response).await;
        $name::new(&client).await
    }};
}

#[track_caller]
fn decode_failure<T: std::fmt::Debug>(result: Result<T, Error>) -> (String, String) {
    let error = result.unwrap_err();
    assert!(error.is_decode() && !error.is_api() && !error.is_builder());
    assert_eq!(error.message(), None);
    let path = error.json_path().unwrap().to_owned();
    let message = error.to_string();
    let message = message.strip_prefix("GET /items: invalid response body");
    (path, message.unwrap().to_owned())
}

#[derive(Endpoint)]
#[endpoint(HEAD, "/items")]
#[endpoint(output = Empty)]
struct HeadItem {
    client: Client,
}

/// RFC 9110, section 8.6: the length is that of the body which GET would return.
#[tokio::test]
async fn a_body_may_have_the_largest_size() {
    let server = StubServer::with_response("200 OK", "", b"12345");
    for (limit, is_read) in [(5, true), (4, false)] {
        let client = server.builder(&stub_server::API_WITHOUT_AUTH);
        let client = client.max_response_size(limit).build().unwrap();
        assert_eq!(GetText::new(&client).await.is_ok(), is_read, "{limit}");
    }
}

#[tokio::test]
async fn head_promises_a_length_without_a_body() {
    let server = StubServer::with_response("200 OK", "", b"1234567");
    let client = server.builder(&stub_server::API_WITHOUT_AUTH);
    let response = HeadItem::new(&client.build().unwrap())
        .send()
        .await
        .unwrap();
    let length = response.headers().get("content-length");
    assert_eq!(length.unwrap(), "7");
}

#[tokio::test]
async fn decodes_json() {
    assert_eq!(call!(GetItem, with(200, r#"{"id":1}"#)).unwrap(), item(1));
    // The media type and the success status do not matter.
    let plain = status(201).set_body_string(r#" {"id":2,"new":[]} "#);
    assert_eq!(call!(GetItem, plain).unwrap(), item(2));
    assert_eq!(call!(GetNullableItem, with(200, "null")).unwrap(), None);
    let any = call!(GetAny, with(200, r#"{"a":[1.5,null]}"#)).unwrap();
    assert_eq!(any, json!({"a": [1.5, null]}));
}

#[tokio::test]
async fn returns_status_and_headers_with_the_value() {
    let response = with(203, r#"{"id":1}"#).insert_header("x-left", "7");
    let (server, client) = server(response).await;
    let result = GetItem::new(&client).send().await.unwrap();
    assert_eq!(result.status().as_u16(), 203);
    assert_eq!(result.headers().get("x-left").unwrap(), "7");
    assert_eq!(result.value(), &item(1));
    assert_eq!(result.into_value(), item(1));
    let requests = server.received_requests().await.unwrap();
    let header = |request: &Request, name: &str| request.headers.get(name).unwrap().clone();
    assert_eq!(header(&requests[0], "accept"), "application/json");
    assert_eq!(header(&requests[0], "user-agent"), "test/1");
}

#[tokio::test]
async fn accepts_empty_bodies() {
    call!(GetNothing, status(204)).unwrap();
    call!(GetNothing, with(200, "ignored")).unwrap();
    call!(GetUnit, status(204)).unwrap();
    call!(GetUnit, with(200, "null")).unwrap();
    assert_eq!(call!(GetNullableItem, status(204)).unwrap(), None);
    assert_eq!(call!(GetNullableItem, with(200, " \n")).unwrap(), None);
    assert_eq!(call!(GetAny, status(204)).unwrap(), Value::Null);
    assert_eq!(call!(GetOptionalItem, status(204)).unwrap(), None);
    assert_eq!(call!(GetOptionalItem, status(200)).unwrap(), None);
    let some = call!(GetOptionalItem, with(200, r#"{"id":1}"#));
    assert_eq!(some.unwrap(), Some(item(1)));
    assert_eq!(call!(GetOptionalText, status(204)).unwrap(), None);
    let some = call!(GetOptionalText, with(200, "null"));
    assert_eq!(some.unwrap().as_deref(), Some("null"));
}

/// HTTP clients ignore the body of a 204. A custom transport may return one.
#[tokio::test]
async fn ignores_body_of_204_from_custom_transport() {
    let client: Client = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH)
        .base_url("https://a.b")
        .transport(ScriptedTransport::repeating(
            Step::status(204).body("deleted"),
        ))
        .build()
        .unwrap();
    assert_eq!(GetOptionalItem::new(&client).await.unwrap(), None);
    assert_eq!(GetOptionalText::new(&client).await.unwrap(), None);
}

#[tokio::test]
async fn rejects_empty_body_where_a_value_is_required() {
    for response in [status(204), status(200), with(200, " ")] {
        let expected = (String::new(), ": the body is empty".to_owned());
        assert_eq!(decode_failure(call!(GetItem, response.clone())), expected);
        assert_eq!(decode_failure(call!(GetWrappedItem, response)), expected);
    }
}

#[tokio::test]
async fn returns_text_and_bytes_unchanged() {
    let response = || status(200).set_body_string("{\"ü\"\n");
    assert_eq!(call!(GetText, response()).unwrap(), "{\"ü\"\n");
    assert_eq!(call!(GetText, status(200)).unwrap(), "");
    let bytes = [0, 159, 146, 150, 10];
    let response = status(200).set_body_bytes(bytes);
    assert_eq!(call!(GetBytes, response).unwrap().as_slice(), bytes);
    assert!(call!(GetBytes, status(204)).unwrap().is_empty());
}

#[tokio::test]
async fn decodes_by_status() {
    let done = call!(GetByStatus, with(200, r#"{"id":1}"#)).unwrap();
    assert_eq!(done, ByStatus::Done(item(1)));
    let later = call!(GetByStatus, with(202, "in a minute")).unwrap();
    assert_eq!(later, ByStatus::Later("in a minute".to_owned()));
    assert_eq!(call!(GetByStatus, status(204)).unwrap(), ByStatus::Nothing);
    let half = call!(GetByStatus, status(206).set_body_bytes([255])).unwrap();
    assert_eq!(half, ByStatus::Half(Bytes::new([255])));
    assert_eq!(
        call!(GetByStatusClass, status(201)).unwrap(),
        ByStatusClass::Created
    );
    let other = call!(GetByStatusClass, with(299, "[1]")).unwrap();
    assert_eq!(other, ByStatusClass::Other(vec![1]));
    let (path, _) = decode_failure(call!(GetByStatus, with(200, r#"{"id":"1"}"#)));
    assert_eq!(path, "id");
}

#[tokio::test]
async fn rejects_undocumented_success_and_keeps_its_body() {
    let error = call!(GetByStatus, with(207, r#"{"id":3}"#)).unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 207);
    assert_eq!(error.decode::<Item>(), Some(item(3)));
    let (path, message) = decode_failure::<()>(Err(error));
    assert_eq!(path, "");
    assert_eq!(
        message,
        ": the status 207 Multi-Status is not in the API description"
    );
}

#[tokio::test]
async fn decode_errors_contain_path_and_excerpt() {
    let body = "[\n  {\"id\":1},\n  {\"id\":2,\"tags\":[\"a\",7]}\n]";
    let (path, message) = decode_failure(call!(GetItems, with(200, body)));
    assert_eq!(path, "[1].tags[1]");
    assert_eq!(
        message,
        " at `[1].tags[1]`: invalid type: integer `7`, expected a string \
         (line 3, column 23, near `{\"id\":2,\"tags\":[\"a\",7]}`)"
    );
    let (path, message) = decode_failure(call!(GetItem, with(200, "<html>Sign in</html>")));
    assert_eq!(path, "");
    assert_eq!(
        message,
        ": expected value (line 1, column 1, near `<html>Sign in</html>`)"
    );
    // The excerpt of a long line is the part around the error.
    let long = format!("{{\"x\":\"{}\",\"id\":true}}", "y".repeat(500));
    let (_, message) = decode_failure(call!(GetItem, with(200, &long)));
    assert!(
        message.contains("yyy\",\"id\":true}`)") && message.len() < 250,
        "{message}"
    );
    // The error keeps the response.
    let error = call!(GetItem, with(200, "[]").insert_header("x-request-id", "r1")).unwrap_err();
    assert_eq!(error.body(), Some(b"[]".as_slice()));
    assert_eq!(error.request_id(), Some("r1"));
    assert_eq!(error.status().unwrap().as_u16(), 200);
    assert!(error.to_string().ends_with(" (request ID r1)"), "{error}");
    let source = std::error::Error::source(&error).unwrap();
    assert!(source.to_string().contains("expected"), "{source}");
}

#[tokio::test]
async fn unwraps_envelopes() {
    let full = r#"{"data":{"id":1},"error":null}"#;
    assert_eq!(call!(GetWrappedItem, with(200, full)).unwrap(), item(1));
    let bare = r#"{"data":[{"id":1}]}"#;
    assert_eq!(call!(GetWrappedItems, with(200, bare)).unwrap(), [item(1)]);
    for nothing in [r#"{"data":null}"#, "{}", "null", ""] {
        assert_eq!(
            call!(GetWrappedNullableItem, with(200, nothing)).unwrap(),
            None
        );
    }
    // Without a documented error property, `error` is an ordinary property.
    let both = r#"{"data":{"id":1},"error":"old"}"#;
    assert_eq!(
        call!(GetWrappedNullableItem, with(200, both)).unwrap(),
        Some(item(1))
    );
}

#[tokio::test]
async fn returns_error_from_envelope() {
    for (error, message) in [
        (r#""out of rows""#, "out of rows"),
        (r#"{"message":"out of rows"}"#, "out of rows"),
        (r#"{"code":7}"#, r#"{"code":7}"#),
    ] {
        let body = format!(r#"{{"data":null,"error":{error}}}"#);
        let error = call!(GetWrappedItem, with(200, &body)).unwrap_err();
        assert!(error.is_api() && !error.is_decode());
        assert_eq!(error.message(), Some(message));
        assert_eq!(error.status().unwrap().as_u16(), 200);
        assert_eq!(error.body(), Some(body.as_bytes()));
    }
    let long = format!(r#"{{"error":"{}"}}"#, "x".repeat(1000));
    let error = call!(GetWrappedItem, with(200, &long)).unwrap_err();
    assert!(error.to_string().ends_with("xxx…"), "{error}");
}

#[tokio::test]
async fn rejects_duplicate_fields_of_envelopes() {
    for (body, field) in [
        (r#"{"data":{"id":1},"data":{"id":2}}"#, "data"),
        (r#"{"error":null,"data":{"id":1},"error":"e"}"#, "error"),
        (r#"{"error":"e","data":{"id":1},"error":null}"#, "error"),
    ] {
        let (path, message) = decode_failure(call!(GetWrappedItem, with(200, body)));
        assert_eq!(path, field, "{message}");
        assert!(message.contains("duplicate key"), "{message}");
    }
    let equal = r#"{"data":{"id":1},"error":null,"data":{"id":1},"error":null}"#;
    assert_eq!(call!(GetWrappedItem, with(200, equal)).unwrap(), item(1));
}

#[tokio::test]
async fn decode_errors_in_envelopes_contain_the_full_path() {
    let body = "{\"error\":null,\n \"data\":[{\"id\":1},{\"id\":\"2\"}]}";
    let (path, message) = decode_failure(call!(GetWrappedItems, with(200, body)));
    assert_eq!(path, "data[1].id");
    assert!(
        message.contains("expected an integer (line 2, column 27, near"),
        "{message}"
    );
    let (path, message) = decode_failure(call!(GetWrappedItem, with(200, r#"{"data":{}}"#)));
    assert_eq!(path, "data");
    assert!(message.contains("missing field `id`"), "{message}");
    let (path, message) = decode_failure(call!(GetWrappedItem, with(200, r#"{"dato":{}}"#)));
    assert_eq!(
        (path.as_str(), message.as_str()),
        ("", ": missing field `data`")
    );
    let (path, message) = decode_failure(call!(GetWrappedItem, with(200, r#"{"data":null}"#)));
    assert_eq!(path, "data");
    assert!(message.contains("null"), "{message}");
}

operation!(
    GetReport,
    Json<Item>,
    endpoint(
        envelope(data = "data"),
        accept = "application/vnd.acme+json",
        alternative(as_csv = Text, "text/csv"),
        alternative(as_item = Json<Item>, "application/json")
    )
);

#[tokio::test]
async fn asks_for_and_decodes_the_other_media_type() {
    let server = MockServer::start().await;
    let respond = |request: &Request| {
        let accept = request.headers["accept"].to_str().unwrap();
        let response = ResponseTemplate::new(200);
        match accept {
            "text/csv" => response.set_body_raw("id\n7\n", accept),
            "application/json" => response.set_body_raw(r#"{"id":7}"#, accept),
            "application/vnd.acme+json" => response.set_body_raw(r#"{"data":{"id":7}}"#, accept),
            _ => ResponseTemplate::new(406),
        }
    };
    Mock::given(any())
        .respond_with(respond)
        .mount(&server)
        .await;
    let client = stub_server::StubServer::start().builder(&stub_server::API_WITHOUT_AUTH);
    let client = client.base_url(server.uri()).build().unwrap();
    let request = || GetReport::new(&client);
    assert_eq!(request().await.unwrap(), item(7));
    assert_eq!(request().as_csv().await.unwrap(), "id\n7\n");
    // The envelope belongs to the media type of the request.
    let response = request().as_item().send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), response.value()),
        (200, &item(7))
    );
}
