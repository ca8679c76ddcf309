//! Pagination: each style, and each way in which the pages end.

use std::sync::atomic::{AtomicUsize, Ordering};

use observatory_runtime::spec::{Api, SchemeKind, SecurityScheme};
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
    total_pages: Patch<f64>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct RowPage {
    rows: Option<Vec<Row>>,
    meta: Option<Meta>,
    next_token: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Search {
    name: String,
    page: Patch<PageToken>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct PageToken {
    token: Option<i64>,
}

/// Defines a paginated operation with a position parameter in the query.
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
    Json<RowPage>,
    endpoint(pages(cursor = "cursor", next = "meta?.next_cursor", more = "meta?.has_more", items = "rows"))
);
operation!(
    ByLast,
    after: i64,
    Json<RowPage>,
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
    OrEmpty<Json<RowPage>>,
    endpoint(pages(page = "page", first = 0, items = "?.rows"))
);
operation!(
    ByTotal,
    page: i32,
    Json<RowPage>,
    endpoint(pages(page = "page", total = "meta?.total_pages", items = "rows"))
);
operation!(
    ByLink,
    page: i64,
    Json<Vec<Row>>,
    endpoint(pages(link))
);

/// An operation with an optional token in an optional object of the request body.
#[derive(Clone, Debug, Endpoint)]
#[endpoint(POST, "/search")]
#[endpoint(output = Json<RowPage>)]
#[endpoint(pages(cursor = "body.page?.token", next = "next_token"))]
#[endpoint(pages(items = "rows"), item = Row)]
struct ByToken {
    client: Client,
    #[body(Json)]
    pub body: Search,
}

/// Starts a server that returns these responses in order, and status 500 after the last one.
async fn server(responses: Vec<ResponseTemplate>) -> (MockServer, Client) {
    let server = MockServer::start().await;
    let count = AtomicUsize::new(0);
    let next = move |_: &Request| {
        let index = count.fetch_add(1, Ordering::SeqCst);
        let unexpected = || ResponseTemplate::new(500).set_body_string("unexpected request");
        responses.get(index).cloned().unwrap_or_else(unexpected)
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

fn page_with_cursor(ids: &[i64], next: Value) -> ResponseTemplate {
    page(json!({"rows": rows(ids), "meta": {"next_cursor": next}}))
}

/// Returns the query of each request.
async fn received_queries(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.unwrap();
    let query = |request: &Request| request.url.query().unwrap_or_default().to_owned();
    requests.iter().map(query).collect()
}

/// Returns the IDs of all items, and the error that ended the stream.
async fn ids<E: Paged<Item = Row>>(request: E) -> (Vec<i64>, Option<Error>) {
    let mut items = observatory_runtime::Items::new(request);
    let mut ids = Vec::new();
    while let Some(item) = items.next().await {
        match item {
            Ok(row) => ids.push(row.id),
            Err(error) => {
                // The stream ends after an error.
                assert!(items.next().await.is_none());
                return (ids, Some(error));
            }
        }
    }
    assert!(items.next().await.is_none());
    (ids, None)
}

#[tokio::test]
async fn follows_cursor_until_it_is_null() {
    let responses = vec![
        page_with_cursor(&[1, 2], json!("a+b")),
        page_with_cursor(&[], json!("c")),
        page_with_cursor(&[3], Value::Null),
    ];
    let (server, client) = server(responses).await;
    let request = ByCursor::new(&client).limit(2);
    let (ids, error) = ids(request).await;
    assert_eq!(ids, [1, 2, 3]);
    assert!(error.is_none(), "{error:?}");
    let expected = ["limit=2", "cursor=a%2Bb&limit=2", "cursor=c&limit=2"];
    assert_eq!(received_queries(&server).await, expected);
}

#[tokio::test]
async fn continues_after_last_item() {
    let responses = vec![
        page_with_cursor(&[1, 2], Value::Null),
        page_with_cursor(&[4, 3], Value::Null),
        page_with_cursor(&[], Value::Null),
    ];
    let (server, client) = server(responses).await;
    let mut pages = ByLast::new(&client).limit(2).pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().rows.unwrap().len());
    }
    // The empty page at the end is not returned.
    assert_eq!(sizes, [2, 2]);
    let expected = ["limit=2", "after=2&limit=2", "after=3&limit=2"];
    assert_eq!(received_queries(&server).await, expected);
}

#[tokio::test]
async fn stops_after_last_item_if_there_is_no_more() {
    let last = page(json!({"rows": rows(&[3]), "meta": {"has_more": false}}));
    let (server, client) = server(vec![page_with_cursor(&[1, 2], Value::Null), last]).await;
    let (ids, error) = ids(ByLast::new(&client)).await;
    assert_eq!(ids, [1, 2, 3]);
    assert!(error.is_none(), "{error:?}");
    assert_eq!(received_queries(&server).await, ["", "after=2"]);
}

#[tokio::test]
async fn rejects_repeated_last_item() {
    let responses = vec![
        page_with_cursor(&[1, 2], Value::Null),
        page_with_cursor(&[1, 2], Value::Null),
    ];
    let (_server, client) = server(responses).await;
    let (ids, error) = ids(ByLast::new(&client)).await;
    assert_eq!(ids, [1, 2, 1, 2]);
    assert!(error.unwrap().is_decode());
}

#[tokio::test]
async fn pages_have_the_type_of_a_single_call() {
    let responses = vec![
        page_with_cursor(&[1], json!("a")),
        page(json!({"rows": []})),
    ];
    let (_server, client) = server(responses).await;
    let mut pages = ByCursor::new(&client).pages();
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!(first.rows, Some(vec![Row::new(1)]));
    let last = pages.next().await.unwrap().unwrap();
    assert_eq!(last.meta, None);
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn starts_at_given_cursor() {
    let (server, client) = server(vec![page_with_cursor(&[9], Value::Null)]).await;
    let all = ByCursor::new(&client).cursor("z").items().all().await;
    assert_eq!(all.unwrap(), [Row::new(9)]);
    assert_eq!(received_queries(&server).await, ["cursor=z"]);
}

#[tokio::test]
async fn stops_if_has_more_is_false() {
    let body = json!({"rows": rows(&[1]), "meta": {"next_cursor": "a", "has_more": false}});
    let (server, client) = server(vec![page(body)]).await;
    assert_eq!(ids(ByCursor::new(&client)).await.0, [1]);
    assert_eq!(received_queries(&server).await.len(), 1);
}

#[tokio::test]
async fn returns_empty_first_page() {
    for next in [Value::Null, json!("")] {
        let (server, client) = server(vec![page_with_cursor(&[], next)]).await;
        let (all, error) = ids(ByCursor::new(&client)).await;
        assert!(all.is_empty() && error.is_none(), "{error:?}");
        assert_eq!(received_queries(&server).await.len(), 1);
    }
    let (_server, client) = server(vec![page(json!([]))]).await;
    let mut pages = ByOffset::new(&client).pages();
    assert_eq!(pages.next().await.unwrap().unwrap(), []);
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn returns_items_before_an_error_and_stops() {
    let refused = ResponseTemplate::new(403).set_body_json(json!({"error": "not you"}));
    let responses = vec![
        page_with_cursor(&[1, 2], json!("a")),
        refused,
        page_with_cursor(&[3], Value::Null),
    ];
    let (server, client) = server(responses).await;
    let (ids, error) = ids(ByCursor::new(&client)).await;
    assert_eq!(ids, [1, 2]);
    let error = error.unwrap();
    assert!(error.is_auth());
    assert_eq!(error.message(), Some("not you"));
    assert_eq!(received_queries(&server).await.len(), 2);
}

#[tokio::test]
async fn rejects_repeated_cursor() {
    // A cycle of two cursors is also rejected, and a cursor that equals the initial one.
    let responses = vec![
        page_with_cursor(&[1], json!("b")),
        page_with_cursor(&[2], json!("c")),
        page_with_cursor(&[3], json!("b")),
    ];
    let (server, client) = server(responses).await;
    let (all, error) = ids(ByCursor::new(&client)).await;
    assert_eq!(all, [1, 2, 3]);
    let error = error.unwrap();
    assert!(error.is_decode());
    let message = error.to_string();
    assert!(message.contains("repeated page position `b`"), "{message}");
    assert_eq!(received_queries(&server).await.len(), 3);

    let (_server, client) = self::server(vec![page_with_cursor(&[1], json!("a"))]).await;
    let (all, error) = ids(ByCursor::new(&client).cursor("a")).await;
    assert_eq!((all, error.is_some()), (vec![1], true));
}

#[tokio::test]
async fn sends_token_in_request_body() {
    let responses = vec![
        page(json!({"rows": rows(&[1]), "next_token": 10})),
        page(json!({"rows": rows(&[2]), "next_token": 20})),
        page(json!({"rows": rows(&[3])})),
    ];
    let (server, client) = server(responses).await;
    let (all, error) = ids(ByToken::new(&client, Search::new("x"))).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(all, [1, 2, 3]);
    let requests = server.received_requests().await.unwrap();
    let bodies: Vec<Value> = requests.iter().map(|r| r.body_json().unwrap()).collect();
    let search_with_token = |token: i64| json!({"name": "x", "page": {"token": token}});
    assert_eq!(
        bodies,
        [
            json!({"name": "x"}),
            search_with_token(10),
            search_with_token(20)
        ]
    );
}

#[tokio::test]
async fn increases_offset_by_received_items_until_page_is_empty() {
    let responses = vec![
        page(rows(&[1, 2])),
        page(rows(&[3])),
        page(rows(&[4, 5])),
        page(rows(&[])),
    ];
    let (server, client) = server(responses).await;
    let (all, error) = ids(ByOffset::new(&client).offset(7.0)).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(all, [1, 2, 3, 4, 5]);
    let expected = ["offset=7", "offset=9", "offset=10", "offset=12"];
    assert_eq!(received_queries(&server).await, expected);
}

#[tokio::test]
async fn does_not_return_empty_last_page() {
    let responses = vec![page(rows(&[1])), page(rows(&[]))];
    let (_server, client) = server(responses).await;
    let mut pages = ByOffset::new(&client).pages();
    assert_eq!(pages.next().await.unwrap().unwrap(), [Row::new(1)]);
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn rejects_repeated_page_if_server_ignores_offset() {
    let responses = vec![page(rows(&[1])), page(rows(&[1])), page(rows(&[1]))];
    let (server, client) = server(responses).await;
    let (_, error) = ids(ByOffset::new(&client)).await;
    let message = error.unwrap().to_string();
    assert!(message.contains("repeats an earlier one"), "{message}");
    assert_eq!(received_queries(&server).await.len(), 2);
}

#[tokio::test]
async fn increases_page_number() {
    let responses = vec![
        page(json!({"rows": rows(&[1])})),
        page(json!({"rows": rows(&[2])})),
        page(json!({"rows": rows(&[3])})),
        ResponseTemplate::new(204),
    ];
    let (server, client) = server(responses).await;
    let (all, error) = ids(ByNumber::new(&client)).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(all, [1, 2, 3]);
    assert_eq!(
        received_queries(&server).await,
        ["", "page=1", "page=2", "page=3"]
    );
}

#[tokio::test]
async fn stops_at_the_number_of_pages() {
    let numbered = |ids: &[i64], total: Value| {
        page(json!({"rows": rows(ids), "meta": {"total_pages": total}}))
    };
    let responses = vec![numbered(&[1], json!(2)), numbered(&[2], json!(2))];
    let (server, client) = self::server(responses).await;
    let (all, error) = ids(ByTotal::new(&client)).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(all, [1, 2]);
    assert_eq!(received_queries(&server).await, ["", "page=2"]);

    // A start behind the last page, and a server without the number.
    let (server, client) = self::server(vec![numbered(&[], json!(2))]).await;
    let (all, error) = ids(ByTotal::new(&client).page(7)).await;
    assert!(all.is_empty() && error.is_none(), "{error:?}");
    assert_eq!(received_queries(&server).await, ["page=7"]);
    let responses = vec![numbered(&[1], json!(null)), numbered(&[], json!(null))];
    let (server, client) = self::server(responses).await;
    let (all, error) = ids(ByTotal::new(&client)).await;
    assert!(all == [1] && error.is_none(), "{error:?}");
    assert_eq!(received_queries(&server).await, ["", "page=2"]);
}

fn page_with_link(ids: &[i64], link: &str) -> ResponseTemplate {
    page(rows(ids)).insert_header("link", link)
}

#[tokio::test]
async fn follows_link_header() {
    let responses = vec![
        page_with_link(
            &[1],
            r#"<?after=a,b;c>; title="x, y"; rel="last prev", </rows?after=1&limit=5>; rel="next""#,
        ),
        page_with_link(&[2], "</rows?page=3>; REL=next"),
        page_with_link(&[3], r#"</rows?page=1>; rel="first""#),
    ];
    let (server, client) = server(responses).await;
    let (all, error) = ids(ByLink::new(&client).limit(5)).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!(all, [1, 2, 3]);
    assert_eq!(
        received_queries(&server).await,
        ["limit=5", "after=1&limit=5", "page=3"]
    );
}

#[tokio::test]
async fn rejects_link_to_other_server_or_repeated_page() {
    let away = "<https://elsewhere.example/rows?page=2>; rel=next";
    let (server, client) = server(vec![page_with_link(&[1], away)]).await;
    let (all, error) = ids(ByLink::new(&client)).await;
    assert_eq!(all, [1]);
    let error = error.unwrap();
    assert!(
        error.to_string().contains("leads to another server"),
        "{error}"
    );
    assert_eq!(received_queries(&server).await.len(), 1);

    let again = "</rows?page=2>; rel=next";
    let (server, client) = self::server(vec![
        page_with_link(&[1], again),
        page_with_link(&[2], again),
    ])
    .await;
    let (all, error) = ids(ByLink::new(&client)).await;
    assert_eq!(all, [1, 2]);
    let message = error.unwrap().to_string();
    assert!(message.contains("repeated page link"), "{message}");
    assert_eq!(received_queries(&server).await.len(), 2);
}

static KEYED: Api = stub_server::api(&[SecurityScheme {
    id: "key",
    kind: SchemeKind::Query { name: "key" },
    env: &[],
    password_env: &[],
    other_headers: &[],
}]);

#[derive(Clone, Debug, Endpoint)]
#[endpoint(GET, "/rows")]
#[endpoint(output = Json<Vec<Row>>, auth("key"))]
#[endpoint(pages(link), item = Row)]
struct ByLinkWithKey {
    client: Client,
}

#[tokio::test]
async fn sends_query_credential_once_with_links() {
    let responses = vec![
        page_with_link(&[1], "</rows?page=2>; rel=next"),
        page_with_link(&[2], "</rows?key=secret-key&page=3>; rel=next"),
        page(rows(&[])),
    ];
    let (server, _) = server(responses).await;
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
    assert_eq!(received_queries(&server).await, expected);
}

#[tokio::test]
async fn rejects_cursor_of_other_type() {
    #[derive(Clone, Debug, Endpoint)]
    #[endpoint(GET, "/rows")]
    #[endpoint(output = Json<RowPage>)]
    #[endpoint(pages(cursor = "cursor", next = "meta?.next_cursor"))]
    #[endpoint(pages(items = "rows"), item = Row)]
    struct Numbers {
        client: Client,
        #[query]
        pub cursor: Option<i64>,
    }
    let (_server, client) = server(vec![page_with_cursor(&[1], json!("not a number"))]).await;
    let (all, error) = ids(Numbers::new(&client)).await;
    assert_eq!(all, [1]);
    let message = error.unwrap().to_string();
    assert!(
        message.contains("cannot represent the page position"),
        "{message}"
    );
}

/// `Pages` and `Items` implement `Stream`, `Send` and `Unpin`.
#[tokio::test]
async fn pages_and_items_are_send_streams() {
    fn assert_stream<S: futures_core::Stream + Send + Unpin>(_: &S) {}
    let (_server, client) = server(Vec::new()).await;
    assert_stream(&ByCursor::new(&client).pages());
    assert_stream(&ByCursor::new(&client).items());
}
