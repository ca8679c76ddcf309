//! Pagination of real operations of the vendors: each test requests all pages of one list.

use observatory_adaline::models::SearchLogSpansRequest;
use observatory_helicone::models::RequestQueryParams;
use serde_json::{Value, json};
use wiremock::MockServer;

use crate::support::{adaline, braintrust, galileo, helicone, received, start_server};

async fn queries(server: &MockServer, target: &str) -> Vec<String> {
    let received = received(server, target).await.into_iter();
    received.map(|(query, _)| query).collect()
}

async fn bodies(server: &MockServer, target: &str) -> Vec<Value> {
    let received = received(server, target).await.into_iter();
    received.map(|(_, body)| body).collect()
}

/// Returns three pages with Adaline's cursors.
fn pages_by_cursor(list: &str, item: fn(i64) -> Value) -> Vec<Value> {
    let page = |ids: &[i64], next: Option<&str>| {
        let items: Vec<Value> = ids.iter().map(|id| item(*id)).collect();
        let has_more = next.is_some();
        let pagination =
            json!({"limit": 2, "returned": items.len(), "hasMore": has_more, "nextCursor": next});
        json!({list: items, "pagination": pagination})
    };
    vec![
        page(&[1, 2], Some("a")),
        page(&[3, 4], Some("b")),
        page(&[5], None),
    ]
}

#[tokio::test]
async fn adaline_lists_prompts_by_cursor() {
    let prompt = |id| {
        let icon = json!({"type": "emoji", "value": "x"});
        json!({"id": format!("prompt {id}"), "title": "t", "icon": icon, "projectId": "p", "createdAt": 1, "updatedAt": 2})
    };
    let server = start_server(pages_by_cursor("prompts", prompt)).await;
    let all = adaline(&server).prompts().list("p").limit(2);
    let all = all.items().all().await.unwrap();
    let ids: Vec<&str> = all.iter().map(|prompt| prompt.id.as_str()).collect();
    let expected: Vec<String> = (1..=5).map(|id| format!("prompt {id}")).collect();
    assert_eq!(ids, expected);
    let expected = [
        "projectId=p&limit=2",
        "projectId=p&limit=2&cursor=a",
        "projectId=p&limit=2&cursor=b",
    ];
    assert_eq!(queries(&server, "GET /prompts").await, expected);
}

#[tokio::test]
async fn adaline_searches_spans_by_a_cursor_in_the_body() {
    let span = |id| {
        json!({"id": format!("span {id}"), "name": "s", "contentType": "Model", "status": "success", "startedAt": 1,
            "endedAt": 2, "latency": 1, "logTraceId": "t", "content": "{}", "parsedContent": "{}", "attributes": "{}",
            "tags": "[]", "events": "[]", "createdAt": 1, "updatedAt": 1})
    };
    let server = start_server(pages_by_cursor("spans", span)).await;
    let body: SearchLogSpansRequest =
        serde_json::from_value(json!({"projectId": "p", "limit": 2})).unwrap();
    let all = adaline(&server).logs().search_spans(body);
    let all = all.items().all().await.unwrap();
    assert_eq!(all.len(), 5);
    let expected = [
        json!({"projectId": "p", "limit": 2}),
        json!({"projectId": "p", "limit": 2, "cursor": "a"}),
        json!({"projectId": "p", "limit": 2, "cursor": "b"}),
    ];
    assert_eq!(bodies(&server, "POST /logs/spans").await, expected);
}

/// Returns three pages of Galileo's log streams.
fn pages_by_token() -> Vec<Value> {
    let page = |ids: &[i64], next: Option<i64>| {
        let stream = |id: &i64| {
            json!({"id": format!("stream {id}"), "name": "s", "project_id": "p", "created_by": null,
                "created_at": "2026-01-01T00:00:00", "updated_at": "2026-01-01T00:00:00"})
        };
        let streams: Vec<Value> = ids.iter().map(stream).collect();
        json!({"starting_token": 0, "limit": 2, "paginated": next.is_some(), "next_starting_token": next,
            "log_streams": streams})
    };
    vec![
        page(&[1, 2], Some(2)),
        page(&[3, 4], Some(4)),
        page(&[5], None),
    ]
}

#[tokio::test]
async fn galileo_lists_log_streams_by_token() {
    let server = start_server(pages_by_token()).await;
    let request = galileo(&server).log_stream().list_paginated("p");
    let all = request.limit(2).items().all().await.unwrap();
    let ids: Vec<&str> = all.iter().map(|stream| stream.id.as_str()).collect();
    assert_eq!(ids.last(), Some(&"stream 5"));
    assert_eq!(ids.len(), 5);
    let target = "GET /projects/p/log_streams/paginated";
    let queries = queries(&server, target).await;
    let expected = [
        "limit=2",
        "starting_token=2&limit=2",
        "starting_token=4&limit=2",
    ];
    assert_eq!(queries, expected);
}

#[tokio::test]
async fn galileo_searches_log_streams_by_a_token_in_the_body() {
    let server = start_server(pages_by_token()).await;
    let body = observatory_galileo::models::LogStreamSearchRequest::new().limit(2);
    let mut pages = galileo(&server).log_stream().search("p", body).pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page.unwrap().log_streams.len());
    }
    assert_eq!(sizes, [2, 2, 1]);
    let expected = [
        json!({"limit": 2}),
        json!({"starting_token": 2, "limit": 2}),
        json!({"starting_token": 4, "limit": 2}),
    ];
    assert_eq!(
        bodies(&server, "POST /projects/p/log_streams/search").await,
        expected
    );
}

#[tokio::test]
async fn braintrust_lists_projects_after_the_last_one() {
    let page = |ids: &[i64]| {
        let project = |id: &i64| json!({"id": format!("project {id}"), "org_id": "o", "name": "n"});
        json!({"objects": ids.iter().map(project).collect::<Vec<Value>>()})
    };
    let server = start_server(vec![page(&[1, 2]), page(&[3]), page(&[])]).await;
    let all = braintrust(&server).projects().list().limit(2);
    let all = all.items().all().await.unwrap();
    let ids: Vec<&str> = all.iter().map(|project| project.id.as_str()).collect();
    assert_eq!(ids, ["project 1", "project 2", "project 3"]);
    let expected = [
        "limit=2",
        "limit=2&starting_after=project%202",
        "limit=2&starting_after=project%203",
    ];
    assert_eq!(queries(&server, "GET /v1/project").await, expected);
}

#[tokio::test]
async fn braintrust_fetches_logs_by_a_cursor_in_the_body() {
    let page = |ids: &[i64], cursor: Option<&str>| {
        let event = |id: &i64| {
            json!({"id": format!("{id}"), "_xact_id": "1", "created": "2026-01-01T00:00:00Z", "org_id": "o",
                "project_id": "p", "log_id": "g", "span_id": "s", "root_span_id": "s"})
        };
        json!({"events": ids.iter().map(event).collect::<Vec<Value>>(), "cursor": cursor})
    };
    let server = start_server(vec![page(&[1, 2], Some("a")), page(&[3], None)]).await;
    let body = observatory_braintrust::models::FetchEventsRequest::new().limit(2);
    let all = braintrust(&server)
        .logs()
        .fetch("p".to_owned())
        .body(body)
        .items();
    assert_eq!(all.all().await.unwrap().len(), 3);
    let expected = [json!({"limit": 2}), json!({"limit": 2, "cursor": "a"})];
    assert_eq!(
        bodies(&server, "POST /v1/project_logs/p/fetch").await,
        expected
    );
}

fn enveloped(data: Value) -> Value {
    json!({"data": data, "error": null})
}

#[tokio::test]
async fn helicone_queries_requests_by_an_offset_in_the_body() {
    let page = |ids: &[i64]| {
        let request = |id: &i64| {
            json!({"request_id": format!("request {id}"), "request_created_at": "t", "request_body": {}, "request_path": "/",
                "response_status": 200, "provider": "OPENAI", "properties": {}, "assets": [], "target_url": "u",
                "model": "m", "cache_enabled": false})
        };
        enveloped(ids.iter().map(request).collect())
    };
    let responses = vec![page(&[1, 2]), page(&[3, 4]), page(&[5]), page(&[])];
    let server = start_server(responses).await;
    let body: RequestQueryParams =
        serde_json::from_value(json!({"filter": "all", "limit": 2})).unwrap();
    let mut items = helicone(&server).request().get(body).items();
    let mut ids = Vec::new();
    while let Some(item) = items.next().await {
        ids.push(item.unwrap().request_id);
    }
    let expected: Vec<String> = (1..=5).map(|id| format!("request {id}")).collect();
    assert_eq!(ids, expected);
    let expected = [
        json!({"filter": "all", "limit": 2}),
        json!({"filter": "all", "limit": 2, "offset": 2}),
        json!({"filter": "all", "limit": 2, "offset": 4}),
        json!({"filter": "all", "limit": 2, "offset": 5}),
    ];
    assert_eq!(bodies(&server, "POST /v1/request/query").await, expected);
}

/// The first page is number 0, which is the default of the server.
#[tokio::test]
async fn helicone_lists_payments_by_number() {
    let page = |ids: &[i64]| {
        let payment = |id: &i64| json!({"id": format!("{id}"), "createdAt": 1, "credits": 1, "referenceId": "r"});
        let purchases: Vec<Value> = ids.iter().map(payment).collect();
        enveloped(json!({"purchases": purchases, "total": 3, "page": 0, "pageSize": 1}))
    };
    let server = start_server(vec![page(&[1]), page(&[2]), page(&[3]), page(&[])]).await;
    let request = helicone(&server).credits().list_token_usage_payments();
    let all = request.page_size(1).items().all().await.unwrap();
    assert_eq!(all.len(), 3);
    let expected = [
        "pageSize=1",
        "page=1&pageSize=1",
        "page=2&pageSize=1",
        "page=3&pageSize=1",
    ];
    assert_eq!(queries(&server, "GET /v1/credits/payments").await, expected);
}
