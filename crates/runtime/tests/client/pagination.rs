//! Answers that come in pages: every style, and every way in which pages end.

use std::sync::atomic::{AtomicUsize, Ordering};

use observatory_runtime::spec::{Api, Scheme, SchemeKind};
use observatory_runtime::{Client, Endpoint, Error, Json, Model, OrEmpty, Paged, Patch};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::support::stub_server;

#[derive(Clone, Debug, PartialEq, Model)]
struct Row {
    id: i64,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Meta {
    next_cursor: Patch<String>,
    has_more: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Found {
    rows: Option<Vec<Row>>,
    meta: Option<Meta>,
    next_token: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Search {
    name: String,
    page: Patch<Turn>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Turn {
    token: Option<i64>,
}

/// A request with one number or text in its query, and what is said of its pages.
macro_rules! operation {
    ($name:ident, $start:ident: $ty:ty, $output:ty, $pages:meta) => {
        #[derive(Clone, Debug, Endpoint)]
        #[endpoint(GET, "/rows")]
        #[endpoint(output = $output)]
        #[$pages]
        #[endpoint(item = Row)]
        struct $name {
            client: Client,
            #[query]
            pub $start: Option<$ty>,
            #[query]
            pub limit: Option<i64>,
        }
    };
}
operation!(
    ByCursor,
    cursor: String,
    Json<Found>,
    endpoint(pages(cursor = "cursor", next = "meta?.next_cursor", more = "meta?.has_more", items = "rows"))
);
operation!(
    ByLast,
    after: i64,
    Json<Found>,
    endpoint(pages(after = "after", next = "id", more = "meta?.has_more", items = "rows"))
);
operation!(
    ByOffset,
    offset: f64,
    Json<Vec<Row>>,
    endpoint(pages(offset = "offset"))
);
operation!(
    ByNumber,
    page: i32,
    OrEmpty<Json<Found>>,
    endpoint(pages(page = "page", first = 0, items = "?.rows"))
);
operation!(
    ByLink,
    page: i64,
    Json<Vec<Row>>,
    endpoint(pages(link))
);

/// A token in a body within the body, neither of which has to be there.
#[derive(Clone, Debug, Endpoint)]
#[endpoint(POST, "/search")]
#[endpoint(output = Json<Found>)]
#[endpoint(pages(cursor = "body.page?.token", next = "next_token"))]
#[endpoint(pages(items = "rows"), item = Row)]
struct ByToken {
    client: Client,
    #[body(json)]
    pub body: Search,
}

/// Answers the requests in this order, and refuses any beyond.
async fn server(answers: Vec<ResponseTemplate>) -> (MockServer, Client) {
    let server = MockServer::start().await;
    let count = AtomicUsize::new(0);
    let next = move |_: &Request| {
        let index = count.fetch_add(1, Ordering::SeqCst);
        let beyond = || ResponseTemplate::new(500).set_body_string("nobody asked for this");
        answers.get(index).cloned().unwrap_or_else(beyond)
    };
    Mock::given(any()).respond_with(next).mount(&server).await;
    let client = stub_server::StubServer::start().builder(&stub_server::API_WITHOUT_AUTH);
    let client = client.base_url(server.uri()).build().unwrap();
    (server, client)
}

fn page(body: Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

fn rows(ids: &[i64]) -> Value {
    ids.iter().map(|id| json!({"id": id})).collect()
}

fn found(ids: &[i64], next: Value) -> ResponseTemplate {
    page(json!({"rows": rows(ids), "meta": {"next_cursor": next}}))
}

/// What the server was asked, without the path.
async fn asked(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let query = |request: &Request| request.url.query().unwrap_or_default().to_owned();
    requests.iter().map(query).collect()
}

/// The ids of what came before the end, and the error at the end if there was one.
async fn ids<E: Paged<Item = Row>>(request: E) -> (Vec<i64>, Option<Error>) {
    let mut items = observatory_runtime::Items::new(request);
    let mut ids = Vec::new();
    while let Some(item) = items.next().await {
        match item {
            Ok(row) => ids.push(row.id),
            Err(error) => {
                // Nothing comes after an error.
                assert!(items.next().await.is_none());
                return (ids, Some(error));
            }
        }
    }
    assert!(items.next().await.is_none());
    (ids, None)
}

#[tokio::test]
async fn a_cursor_leads_through_three_pages() {
    let answers = vec![
        found(&[1, 2], json!("a+b")),
        found(&[], json!("c")),
        found(&[3], Value::Null),
    ];
    let (server, client) = server(answers).await;
    let request = ByCursor::new(&client).limit(2);
    let (ids, error) = ids(request).await;
    assert_eq!(ids, [1, 2, 3]);
    assert!(error.is_none(), "{error:?}");
    let expected = ["limit=2", "cursor=a%2Bb&limit=2", "cursor=c&limit=2"];
    assert_eq!(asked(&server).await, expected);
}

#[tokio::test]
async fn the_last_item_leads_to_the_next_page() {
    let answers = vec![
        found(&[1, 2], Value::Null),
        found(&[4, 3], Value::Null),
        found(&[], Value::Null),
    ];
    let (server, client) = server(answers).await;
    let mut pages = ByLast::new(&client).limit(2).pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().rows.unwrap().len());
    }
    // The empty one that ended it is no page.
    assert_eq!(sizes, [2, 2]);
    let expected = ["limit=2", "after=2&limit=2", "after=3&limit=2"];
    assert_eq!(asked(&server).await, expected);
}

#[tokio::test]
async fn after_the_last_item_nothing_is_asked_for_where_there_is_no_more() {
    let last = page(json!({"rows": rows(&[3]), "meta": {"has_more": false}}));
    let (server, client) = server(vec![found(&[1, 2], Value::Null), last]).await;
    let (ids, error) = ids(ByLast::new(&client)).await;
    assert_eq!(ids, [1, 2, 3]);
    assert!(error.is_none(), "{error:?}");
    assert_eq!(asked(&server).await, ["", "after=2"]);
}

#[tokio::test]
async fn a_last_item_that_comes_twice_is_an_error() {
    let answers = vec![found(&[1, 2], Value::Null), found(&[1, 2], Value::Null)];
    let (_server, client) = server(answers).await;
    let (ids, error) = ids(ByLast::new(&client)).await;
    assert_eq!(ids, [1, 2, 1, 2]);
    assert!(error.unwrap().is_decode());
}

#[tokio::test]
async fn pages_are_what_the_single_call_gives() {
    let answers = vec![found(&[1], json!("a")), page(json!({"rows": []}))];
    let (_server, client) = server(answers).await;
    let mut pages = ByCursor::new(&client).pages();
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!(first.rows, Some(vec![Row::new(1)]));
    let last = pages.next().await.unwrap().unwrap();
    assert_eq!(last.meta, None);
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn it_starts_where_the_caller_says() {
    let (server, client) = server(vec![found(&[9], Value::Null)]).await;
    let all = ByCursor::new(&client).cursor("z").items().all().await;
    assert_eq!(all.unwrap(), [Row::new(9)]);
    assert_eq!(asked(&server).await, ["cursor=z"]);
}

#[tokio::test]
async fn no_more_is_the_end_whatever_the_cursor_says() {
    let body = json!({"rows": rows(&[1]), "meta": {"next_cursor": "a", "has_more": false}});
    let (server, client) = server(vec![page(body)]).await;
    assert_eq!(ids(ByCursor::new(&client)).await.0, [1]);
    assert_eq!(asked(&server).await.len(), 1);
}

#[tokio::test]
async fn an_empty_first_page_is_the_only_one() {
    for next in [Value::Null, json!("")] {
        let (server, client) = server(vec![found(&[], next)]).await;
        let (all, error) = ids(ByCursor::new(&client)).await;
        assert!(all.is_empty() && error.is_none(), "{error:?}");
        assert_eq!(asked(&server).await.len(), 1);
    }
    let (_server, client) = server(vec![page(json!([]))]).await;
    let mut pages = ByOffset::new(&client).pages();
    assert_eq!(pages.next().await.unwrap().unwrap(), []);
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn an_error_ends_the_stream_and_keeps_what_came_before() {
    let refused = ResponseTemplate::new(403).set_body_json(json!({"error": "not you"}));
    let answers = vec![
        found(&[1, 2], json!("a")),
        refused,
        found(&[3], Value::Null),
    ];
    let (server, client) = server(answers).await;
    let (ids, error) = ids(ByCursor::new(&client)).await;
    assert_eq!(ids, [1, 2]);
    let error = error.unwrap();
    assert!(error.is_auth());
    assert_eq!(error.message(), Some("not you"));
    assert_eq!(asked(&server).await.len(), 2);
}

#[tokio::test]
async fn a_cursor_that_comes_again_is_an_error() {
    // A circle of two is one as well, and so is one that leads to where the caller began.
    let answers = vec![
        found(&[1], json!("b")),
        found(&[2], json!("c")),
        found(&[3], json!("b")),
    ];
    let (server, client) = server(answers).await;
    let (all, error) = ids(ByCursor::new(&client)).await;
    assert_eq!(all, [1, 2, 3]);
    let error = error.unwrap();
    assert!(error.is_decode());
    let said = error.to_string();
    assert!(
        said.contains("`b`, where one has started already"),
        "{said}"
    );
    assert_eq!(asked(&server).await.len(), 3);

    let (_server, client) = self::server(vec![found(&[1], json!("a"))]).await;
    let (all, error) = ids(ByCursor::new(&client).cursor("a")).await;
    assert_eq!((all, error.is_some()), (vec![1], true));
}

#[tokio::test]
async fn a_token_travels_in_a_body_and_changes_its_type() {
    let answers = vec![
        page(json!({"rows": rows(&[1]), "next_token": 10})),
        page(json!({"rows": rows(&[2]), "next_token": 20})),
        page(json!({"rows": rows(&[3])})),
    ];
    let (server, client) = server(answers).await;
    let (all, error) = ids(ByToken::new(&client, Search::new("x"))).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(all, [1, 2, 3]);
    let requests = server.received_requests().await.unwrap();
    let bodies: Vec<Value> = requests.iter().map(|r| r.body_json().unwrap()).collect();
    let turned = |token: i64| json!({"name": "x", "page": {"token": token}});
    assert_eq!(bodies, [json!({"name": "x"}), turned(10), turned(20)]);
}

#[tokio::test]
async fn an_offset_grows_by_what_came_until_a_page_is_empty() {
    let answers = vec![
        page(rows(&[1, 2])),
        page(rows(&[3])),
        page(rows(&[4, 5])),
        page(rows(&[])),
    ];
    let (server, client) = server(answers).await;
    let (all, error) = ids(ByOffset::new(&client).offset(7.0)).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(all, [1, 2, 3, 4, 5]);
    let expected = ["offset=7", "offset=9", "offset=10", "offset=12"];
    assert_eq!(asked(&server).await, expected);
}

#[tokio::test]
async fn the_empty_page_at_the_end_is_not_among_the_pages() {
    let answers = vec![page(rows(&[1])), page(rows(&[]))];
    let (_server, client) = server(answers).await;
    let mut pages = ByOffset::new(&client).pages();
    assert_eq!(pages.next().await.unwrap().unwrap(), [Row::new(1)]);
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn a_server_that_ignores_the_offset_is_an_error() {
    let answers = vec![page(rows(&[1])), page(rows(&[1])), page(rows(&[1]))];
    let (server, client) = server(answers).await;
    let (_, error) = ids(ByOffset::new(&client)).await;
    let said = error.unwrap().to_string();
    assert!(said.contains("the same as one before"), "{said}");
    assert_eq!(asked(&server).await.len(), 2);
}

#[tokio::test]
async fn numbers_count_up_from_the_first() {
    let answers = vec![
        page(json!({"rows": rows(&[1])})),
        page(json!({"rows": rows(&[2])})),
        page(json!({"rows": rows(&[3])})),
        ResponseTemplate::new(204),
    ];
    let (server, client) = server(answers).await;
    let (all, error) = ids(ByNumber::new(&client)).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(all, [1, 2, 3]);
    assert_eq!(asked(&server).await, ["", "page=1", "page=2", "page=3"]);
}

fn linked(ids: &[i64], link: &str) -> ResponseTemplate {
    page(rows(ids)).insert_header("link", link)
}

#[tokio::test]
async fn links_lead_on() {
    let answers = vec![
        linked(
            &[1],
            r#"<?after=a,b;c>; title="x, y"; rel="last prev", </rows?after=1&limit=5>; rel="next""#,
        ),
        linked(&[2], "</rows?page=3>; REL=next"),
        linked(&[3], r#"</rows?page=1>; rel="first""#),
    ];
    let (server, client) = server(answers).await;
    let (all, error) = ids(ByLink::new(&client).limit(5)).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(all, [1, 2, 3]);
    assert_eq!(
        asked(&server).await,
        ["limit=5", "after=1&limit=5", "page=3"]
    );
}

#[tokio::test]
async fn a_link_to_another_server_or_to_the_same_page_is_not_followed() {
    let away = "<https://elsewhere.example/rows?page=2>; rel=next";
    let (server, client) = server(vec![linked(&[1], away)]).await;
    let (all, error) = ids(ByLink::new(&client)).await;
    assert_eq!(all, [1]);
    let error = error.unwrap();
    assert!(
        error.to_string().contains("leads to another server"),
        "{error}"
    );
    assert_eq!(asked(&server).await.len(), 1);

    let again = "</rows?page=2>; rel=next";
    let (server, client) = self::server(vec![linked(&[1], again), linked(&[2], again)]).await;
    let (all, error) = ids(ByLink::new(&client)).await;
    assert_eq!(all, [1, 2]);
    let said = error.unwrap().to_string();
    assert!(said.contains("which has come already"), "{said}");
    assert_eq!(asked(&server).await.len(), 2);
}

static KEYED: Api = stub_server::api(&[Scheme {
    id: "key",
    kind: SchemeKind::Query { name: "key" },
    env: &[],
    password_env: &[],
}]);

#[derive(Clone, Debug, Endpoint)]
#[endpoint(GET, "/rows")]
#[endpoint(output = Json<Vec<Row>>, auth("key"))]
#[endpoint(pages(link), item = Row)]
struct ByLinkWithKey {
    client: Client,
}

#[tokio::test]
async fn a_key_in_the_query_goes_along_once() {
    let answers = vec![
        linked(&[1], "</rows?page=2>; rel=next"),
        linked(&[2], "</rows?key=secret-key&page=3>; rel=next"),
        page(rows(&[])),
    ];
    let (server, _) = server(answers).await;
    let client = observatory_runtime::ClientBuilder::<Client>::new(&KEYED);
    let client = client.base_url(server.uri()).api_key("secret-key").build();
    let (all, error) = ids(ByLinkWithKey::new(&client.unwrap())).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(all, [1, 2]);
    let expected = [
        "key=secret-key",
        "page=2&key=secret-key",
        "key=secret-key&page=3",
    ];
    assert_eq!(asked(&server).await, expected);
}

#[tokio::test]
async fn a_cursor_that_the_request_cannot_say_is_an_error() {
    #[derive(Clone, Debug, Endpoint)]
    #[endpoint(GET, "/rows")]
    #[endpoint(output = Json<Found>)]
    #[endpoint(pages(cursor = "cursor", next = "meta?.next_cursor"))]
    #[endpoint(pages(items = "rows"), item = Row)]
    struct Numbers {
        client: Client,
        #[query]
        pub cursor: Option<i64>,
    }
    let (_server, client) = server(vec![found(&[1], json!("not a number"))]).await;
    let (all, error) = ids(Numbers::new(&client)).await;
    assert_eq!(all, [1]);
    let said = error.unwrap().to_string();
    assert!(said.contains("which the request cannot say"), "{said}");
}

/// Both are streams to whoever brings the extensions, and travel between threads.
#[tokio::test]
async fn they_are_streams() {
    fn stream<S: futures_core::Stream + Send + Unpin>(_: &S) {}
    let (_server, client) = server(Vec::new()).await;
    stream(&ByCursor::new(&client).pages());
    stream(&ByCursor::new(&client).items());
}
