//! Serialization of parameters: each style in each location.

use std::collections::BTreeMap;

use observatory_runtime::{Client, Empty, Endpoint, Model, Number, Patch, Timestamp, Value};
use serde_json::json;

use crate::support::stub_server::{ReceivedRequest, StubServer};

/// Defines an operation with one parameter `p` of any type.
macro_rules! operation {
    ($name:ident, $path:literal, $($place:tt)*) => {
        #[derive(Endpoint)]
        #[endpoint(GET, $path)]
        #[endpoint(output = Empty)]
        struct $name {
            client: Client,
            #[$($place)*]
            p: Value,
        }
    };
}
operation!(Form, "/", query);
operation!(FormFlat, "/", query("p", explode = false));
operation!(
    Spaces,
    "/",
    query("p", style = SpaceDelimited, explode = false)
);
operation!(
    SpacesExploded,
    "/",
    query("p", style = SpaceDelimited, explode = true)
);
operation!(
    Pipes,
    "/",
    query("p", style = PipeDelimited, explode = false)
);
operation!(Deep, "/", query("p", style = DeepObject, explode = true));
operation!(Json, "/", query("p", style = Json));
operation!(Reserved, "/", query("p", allow_reserved));
operation!(Simple, "/{p}", in_path);
operation!(SimpleExploded, "/{p}", in_path("p", explode = true));
operation!(Label, "/{p}", in_path("p", style = Label));
operation!(
    LabelExploded,
    "/{p}",
    in_path("p", style = Label, explode = true)
);
operation!(Matrix, "/{p}", in_path("p", style = Matrix));
operation!(
    MatrixExploded,
    "/{p}",
    in_path("p", style = Matrix, explode = true)
);
operation!(JsonPath, "/{p}", in_path("p", style = Json));
operation!(Header, "/", header("X-P"));
operation!(HeaderExploded, "/", header("X-P", explode = true));
operation!(Cookie, "/", cookie);
operation!(CookieFlat, "/", cookie("p", explode = false));

/// The example values of the style table in the OpenAPI Specification, and more.
fn examples() -> [Value; 8] {
    [
        json!(""),
        json!("blue"),
        json!(["blue", "black", "brown"]),
        json!({"B": 150, "G": 200, "R": 100}),
        Value::Null,
        json!([]),
        json!([null, "a,b", true, 1.5]),
        json!({"a": null, "b": "x=y&z", "c": [1, "2"]}),
    ]
}

/// Sends each example value and compares the part of the request that `$part` returns.
macro_rules! check {
    ($name:ident, $part:expr, $expected:expr) => {{
        let (server, part): (_, fn(&ReceivedRequest) -> String) = (StubServer::start(), $part);
        let client = server.client();
        for (value, expected) in examples().into_iter().zip($expected) {
            let shown = value.to_string();
            let sent = $name::new(&client, value).await;
            let sent = sent.ok().map(|()| part(&server.take_single_request()));
            let expected: &str = expected;
            let name = stringify!($name);
            assert_eq!(
                sent.as_deref().unwrap_or("refused"),
                expected,
                "{name} {shown}"
            );
        }
    }};
}

fn query(sent: &ReceivedRequest) -> String {
    sent.target.trim_start_matches('/').to_owned()
}

fn path(sent: &ReceivedRequest) -> String {
    sent.target[1..].to_owned()
}

fn header(sent: &ReceivedRequest) -> String {
    sent.header("x-p").unwrap_or("none").to_owned()
}

fn cookie(sent: &ReceivedRequest) -> String {
    sent.header("cookie").unwrap_or("none").to_owned()
}

#[tokio::test]
#[rustfmt::skip]
async fn encodes_query_parameters() {
    check!(Form, query, ["?p=", "?p=blue", "?p=blue&p=black&p=brown", "?B=150&G=200&R=100", "refused", "refused",
        "?p=a%2Cb&p=true&p=1.5", "?b=x%3Dy%26z&c=%5B1%2C%222%22%5D"]);
    check!(FormFlat, query, ["?p=", "?p=blue", "?p=blue,black,brown", "?p=B,150,G,200,R,100", "refused", "refused",
        "?p=a%2Cb,true,1.5", "?p=b,x%3Dy%26z,c,%5B1%2C%222%22%5D"]);
    check!(Spaces, query, ["?p=", "?p=blue", "?p=blue%20black%20brown", "?p=B%20150%20G%20200%20R%20100", "refused", "refused",
        "?p=a%2Cb%20true%201.5", "?p=b%20x%3Dy%26z%20c%20%5B1%2C%222%22%5D"]);
    check!(SpacesExploded, query, ["?p=", "?p=blue", "?p=blue&p=black&p=brown", "?B=150&G=200&R=100", "refused", "refused",
        "?p=a%2Cb&p=true&p=1.5", "?b=x%3Dy%26z&c=%5B1%2C%222%22%5D"]);
    check!(Pipes, query, ["?p=", "?p=blue", "?p=blue%7Cblack%7Cbrown", "?p=B%7C150%7CG%7C200%7CR%7C100", "refused", "refused",
        "?p=a%2Cb%7Ctrue%7C1.5", "?p=b%7Cx%3Dy%26z%7Cc%7C%5B1%2C%222%22%5D"]);
    check!(Deep, query, ["?p=", "?p=blue", "?p=blue&p=black&p=brown",
        "?p%5BB%5D=150&p%5BG%5D=200&p%5BR%5D=100", "refused", "refused",
        "?p=a%2Cb&p=true&p=1.5", "?p%5Bb%5D=x%3Dy%26z&p%5Bc%5D=1&p%5Bc%5D=2"]);
    check!(Json, query, ["?p=%22%22", "?p=%22blue%22", "?p=%5B%22blue%22%2C%22black%22%2C%22brown%22%5D",
        "?p=%7B%22B%22%3A150%2C%22G%22%3A200%2C%22R%22%3A100%7D", "?p=null", "?p=%5B%5D",
        "?p=%5Bnull%2C%22a%2Cb%22%2Ctrue%2C1.5%5D",
        "?p=%7B%22a%22%3Anull%2C%22b%22%3A%22x%3Dy%26z%22%2C%22c%22%3A%5B1%2C%222%22%5D%7D"]);
    check!(Reserved, query, ["?p=", "?p=blue", "?p=blue&p=black&p=brown", "?B=150&G=200&R=100", "refused", "refused",
        "?p=a,b&p=true&p=1.5", "?b=x%3Dy%26z&c=%5B1,%222%22%5D"]);
}

#[tokio::test]
#[rustfmt::skip]
async fn encodes_path_parameters() {
    check!(Simple, path, ["refused", "blue", "blue,black,brown", "B,150,G,200,R,100", "refused", "refused",
        "a%2Cb,true,1.5", "b,x%3Dy%26z,c,%5B1%2C%222%22%5D"]);
    check!(SimpleExploded, path, ["refused", "blue", "blue,black,brown", "B=150,G=200,R=100", "refused", "refused",
        "a%2Cb,true,1.5", "b=x%3Dy%26z,c=%5B1%2C%222%22%5D"]);
    check!(Label, path, ["refused", ".blue", ".blue,black,brown", ".B,150,G,200,R,100", "refused", "refused",
        ".a%2Cb,true,1.5", ".b,x%3Dy%26z,c,%5B1%2C%222%22%5D"]);
    check!(LabelExploded, path, ["refused", ".blue", ".blue.black.brown", ".B=150.G=200.R=100", "refused", "refused",
        ".a%2Cb.true.1.5", ".b=x%3Dy%26z.c=%5B1%2C%222%22%5D"]);
    check!(Matrix, path, [";p", ";p=blue", ";p=blue,black,brown", ";p=B,150,G,200,R,100", "refused", "refused",
        ";p=a%2Cb,true,1.5", ";p=b,x%3Dy%26z,c,%5B1%2C%222%22%5D"]);
    check!(MatrixExploded, path, [";p", ";p=blue", ";p=blue;p=black;p=brown", ";B=150;G=200;R=100",
        "refused", "refused", ";p=a%2Cb;p=true;p=1.5", ";b=x%3Dy%26z;c=%5B1%2C%222%22%5D"]);
    check!(JsonPath, path, ["%22%22", "%22blue%22"]);
}

#[tokio::test]
#[rustfmt::skip]
async fn encodes_header_parameters() {
    check!(Header, header, ["", "blue", "blue,black,brown", "B,150,G,200,R,100", "refused", "refused",
        "a,b,true,1.5", r#"b,x=y&z,c,[1,"2"]"#]);
    check!(HeaderExploded, header, ["", "blue", "blue,black,brown", "B=150,G=200,R=100", "refused", "refused",
        "a,b,true,1.5", r#"b=x=y&z,c=[1,"2"]"#]);
}

#[tokio::test]
#[rustfmt::skip]
async fn encodes_cookie_parameters() {
    check!(Cookie, cookie, ["p=", "p=blue", "p=blue; p=black; p=brown", "B=150; G=200; R=100", "refused", "refused",
        "p=a%2Cb; p=true; p=1.5", "b=x=y&z; c=[1%2C%222%22]"]);
    check!(CookieFlat, cookie, ["p=", "p=blue", "p=blue,black,brown", "p=B,150,G,200,R,100", "refused", "refused",
        "p=a%2Cb,true,1.5", "p=b,x=y&z,c,[1%2C%222%22]"]);
}

#[tokio::test]
async fn rejects_header_with_line_break() {
    let server = StubServer::start();
    let error = Header::new(&server.client(), "a\r\nX-Evil: 1")
        .await
        .unwrap_err();
    assert!(error.is_builder());
    let expected = "GET /: invalid value of the header `X-P`: it contains a control character";
    assert_eq!(error.to_string(), expected);
    assert!(server.take_requests().is_empty());
}

/// Parameters of the types that the generator emits.
#[derive(Endpoint)]
#[endpoint(GET, "/typed")]
#[endpoint(output = Empty)]
struct Typed {
    client: Client,
    #[query]
    whole: i64,
    #[query]
    float: Option<f64>,
    #[query("isOpen")]
    is_open: Option<bool>,
    #[query]
    after: Option<Timestamp>,
    #[query]
    tags: Option<Vec<String>>,
    #[query]
    patch: Option<Patch<String>>,
    #[query("must", required)]
    must: Option<String>,
    #[header("Accept-Language")]
    language: Option<String>,
    #[header("accept")]
    accept: Option<String>,
}

#[tokio::test]
async fn encodes_typed_values() {
    let server = StubServer::start();
    let whole = Typed::new(&server.client(), i64::MIN).must("m");
    whole.await.unwrap();
    let sent = server.take_single_request();
    assert_eq!(sent.target, "/typed?whole=-9223372036854775808&must=m");
    assert_eq!(sent.header("accept"), Some("*/*"));
    let full = Typed::new(&server.client(), 1)
        .float(2.0)
        .is_open(false)
        .after("2024-05-01T10:00:00+00:00".parse::<Timestamp>().unwrap())
        .tags(["a b", "c+d"])
        .patch(Patch::Null)
        .must("ü")
        .language("de")
        .accept("text/csv");
    full.await.unwrap();
    let sent = server.take_single_request();
    assert_eq!(
        sent.target,
        "/typed?whole=1&float=2&isOpen=false&after=2024-05-01T10%3A00%3A00%2B00%3A00&tags=a%20b&tags=c%2Bd&must=%C3%BC"
    );
    assert_eq!(sent.header("accept-language"), Some("de"));
    assert_eq!(sent.header("accept"), Some("text/csv"));
}

#[tokio::test]
async fn rejects_missing_required_parameter() {
    let server = StubServer::start();
    let error = Typed::new(&server.client(), 1).await.unwrap_err();
    let expected = "GET /typed: missing required parameter `must`";
    assert_eq!(error.to_string(), expected);
    // `NaN` is not a valid parameter value.
    let float = Typed::new(&server.client(), 1).must("m").float(f64::NAN);
    assert!(float.await.unwrap_err().is_builder());
    assert!(server.take_requests().is_empty());
}

#[derive(Endpoint)]
#[endpoint(DELETE, "/scores")]
#[endpoint(output = Empty)]
struct DeleteScores {
    client: Client,
    #[query]
    ids: Vec<String>,
    #[query]
    others: Option<Vec<String>>,
}

#[tokio::test]
async fn rejects_empty_list_of_a_required_parameter() {
    let server = StubServer::start();
    let none: [&str; 0] = [];
    let error = DeleteScores::new(&server.client(), vec![])
        .await
        .unwrap_err();
    let expected = "DELETE /scores: the required parameter `ids` is empty";
    assert_eq!(error.to_string(), expected);
    assert!(server.take_requests().is_empty());
    // An optional one is left out.
    let call = DeleteScores::new(&server.client(), vec!["a".to_owned()]).others(none);
    call.await.unwrap();
    assert_eq!(server.take_single_request().target, "/scores?ids=a");
}

/// Parameters that are named like Rust keywords, and a deprecated one.
#[derive(Endpoint)]
#[endpoint(GET, "/{type}")]
#[endpoint(output = Empty)]
struct Named {
    client: Client,
    #[in_path]
    r#type: String,
    #[query]
    r#match: Option<bool>,
    #[query]
    #[deprecated]
    old: Option<i64>,
}

#[tokio::test]
async fn sends_documented_names() {
    let server = StubServer::start();
    let named = Named::new(&server.client(), "a").r#match(true);
    #[allow(deprecated, reason = "deprecated parameters are still sent")]
    let named = named.old(1);
    named.await.unwrap();
    assert_eq!(server.take_single_request().target, "/a?match=true&old=1");
}

#[derive(Endpoint)]
#[endpoint(POST, "/{n}")]
#[endpoint(output = Empty)]
struct LargeNumber {
    client: Client,
    #[in_path]
    n: Number,
    #[query]
    q: Option<Vec<Number>>,
    #[header("X-Number")]
    h: Option<Number>,
    #[body(Form)]
    body: Option<BTreeMap<String, Number>>,
}

#[tokio::test]
async fn integers_beyond_64_bits_keep_their_digits() {
    let (low, high) = (i128::MIN.to_string(), u128::MAX.to_string());
    let server = StubServer::start();
    LargeNumber::new(&server.client(), i128::MIN)
        .q(vec![Number::from(u128::MAX), Number::from(1)])
        .h(i128::MIN)
        .body(BTreeMap::from([("n".to_owned(), Number::from(u128::MAX))]))
        .await
        .unwrap();
    let request = server.take_single_request();
    assert_eq!(request.target, format!("/{low}?q={high}&q=1"));
    assert_eq!(request.header("x-number"), Some(low.as_str()));
    assert_eq!(request.text(), format!("n={high}"));
}

operation!(QueryJson, "/", query("p", style = QueryJson));
operation!(QueryText, "/", query("p", style = QueryText));

#[tokio::test]
async fn sends_the_whole_query_without_a_name() {
    let server = StubServer::start();
    let client = server.client();
    QueryJson::new(&client, json!({"numbers": [1, null]}))
        .await
        .unwrap();
    let sent = query(&server.take_single_request());
    assert_eq!(sent, "?%7B%22numbers%22%3A%5B1%2Cnull%5D%7D");
    QueryText::new(&client, json!("$.a.b[1:1]")).await.unwrap();
    let sent = query(&server.take_single_request());
    assert_eq!(sent, "?%24.a.b%5B1%3A1%5D");
}

/// A form of which an empty list sends nothing.
#[derive(Clone, Debug, PartialEq, Model)]
struct Selection {
    ids: Patch<Vec<String>>,
    others: Option<Vec<String>>,
}

#[derive(Endpoint)]
#[endpoint(POST, "/selections")]
#[endpoint(output = Empty)]
struct PostForm {
    client: Client,
    #[body(Form)]
    #[part("ids", required)]
    body: Selection,
}

#[derive(Endpoint)]
#[endpoint(POST, "/selections")]
#[endpoint(output = Empty)]
struct PostParts {
    client: Client,
    #[body(Multipart)]
    #[part("ids", required, content_type = "text/plain")]
    body: Selection,
}

#[tokio::test]
async fn rejects_empty_list_of_a_required_field() {
    let server = StubServer::start();
    let client = server.client();
    let none: [&str; 0] = [];
    let empty = Selection::new().ids(none).others(none);
    let expected = "POST /selections: cannot serialize `body`: the required field `ids` is empty";
    let error = PostForm::new(&client, empty.clone()).await.unwrap_err();
    assert_eq!(error.to_string(), expected);
    let error = PostParts::new(&client, empty).await.unwrap_err();
    assert_eq!(error.to_string(), expected);
    assert!(server.take_requests().is_empty());
    // An optional one is left out, and null is sent as nothing.
    let single = Selection::new().ids(["a"]).others(none);
    PostForm::new(&client, single).await.unwrap();
    assert_eq!(server.take_single_request().body, b"ids=a");
    let null = Selection::new().ids(Patch::Null);
    PostForm::new(&client, null).await.unwrap();
    assert_eq!(server.take_single_request().body, b"");
}
