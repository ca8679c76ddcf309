//! The main operations of three vendors, sent to a local server: method, path, headers and JSON. Also their hand-written
//! extensions.

use observatory_adaline::models as adaline;
use observatory_galileo::models as galileo;
use observatory_helicone::models as helicone;
use serde_json::{Value, json};
use wiremock::matchers::{body_json, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn mount(
    server: &MockServer,
    verb: &str,
    at: &str,
    auth: (&str, &str),
    body: &Value,
    response: ResponseTemplate,
) {
    let name = auth.0.to_owned();
    Mock::given(method(verb))
        .and(path(at))
        .and(header(name.as_str(), auth.1))
        .and(header("content-type", "application/json"))
        .and(body_json(body))
        .respond_with(response)
        .expect(1)
        .mount(server)
        .await;
}

#[tokio::test]
async fn sends_galileo_traces() {
    let server = MockServer::start().await;
    let body = json!({
        "log_stream_id": "00000000-0000-0000-0000-000000000000",
        "traces": [{
            "type": "trace",
            "created_at": "2025-05-07T03:53:43.049066Z",
            "input": "why is the sky blue?",
            "output": "scattering",
            "spans": [{
                "type": "llm",
                "input": [{"content": "Question: why is the sky blue?", "role": "user"}],
                "output": {"content": "scattering", "role": "assistant"},
                "model": "gpt-4o",
            }],
        }],
    });
    let response = json!({"project_id": "p", "project_name": "n", "records_count": 1, "traces_count": 1, "spans_count": 1});
    let response = ResponseTemplate::new(200)
        .set_body_json(response)
        .insert_header("x-request-id", "r1");
    mount(
        &server,
        "POST",
        "/v2/projects/p/traces",
        ("Galileo-API-Key", "secret-key"),
        &body,
        response,
    )
    .await;

    // A base URL that ends in a slash must not result in `//v2`.
    let client = observatory_galileo::Client::builder()
        .api_key("secret-key")
        .base_url(server.uri() + "/")
        .build()
        .unwrap();
    let role = |role: &str| galileo::MessageRole::from(role);
    let span = galileo::LlmSpan::new()
        .input(vec![galileo::Message::new(
            "Question: why is the sky blue?",
            role("user"),
        )])
        .output(galileo::Message::new("scattering", role("assistant")))
        .model("gpt-4o");
    let trace = galileo::Trace::new()
        .created_at(
            "2025-05-07T03:53:43.049066Z"
                .parse::<observatory_galileo::Timestamp>()
                .unwrap(),
        )
        .input("why is the sky blue?")
        .output("scattering")
        .spans(vec![span.into()]);
    let request = galileo::LogTracesIngestRequest::new(vec![trace])
        .log_stream_id("00000000-0000-0000-0000-000000000000");
    let response = client.trace().log("p", request).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.value().traces_count, 1);
}

#[tokio::test]
async fn sends_adaline_trace() {
    let server = MockServer::start().await;
    let body = json!({
        "projectId": "project_0123456789abcdef",
        "trace": {"startedAt": 1_745_096_580_000_i64, "name": "chat", "status": "success", "tags": ["prod"]},
        "spans": [{
            "startedAt": 1_745_096_580_000_i64,
            "endedAt": 1_745_096_581_000_i64,
            "name": "call",
            "status": "success",
            "content": {"type": "Model", "provider": "openai", "model": "gpt-4o", "input": "\"hi\"", "output": "\"ho\"", "cost": 1},
        }],
    });
    let response =
        ResponseTemplate::new(200).set_body_json(json!({"traceId": "t", "spanIds": ["s"]}));
    mount(
        &server,
        "POST",
        "/v2/logs/trace",
        ("authorization", "Bearer secret-key"),
        &body,
        response,
    )
    .await;

    let client = observatory_adaline::Client::builder()
        .api_key("secret-key")
        .base_url(server.uri() + "/v2")
        .build()
        .unwrap();
    let trace = adaline::CreateLogTraceRequestTrace::new(1_745_096_580_000, "chat", "success")
        .tags(["prod"]);
    let content = adaline::LogSpanModelContent::new()
        .provider("openai")
        .model("gpt-4o")
        .input("\"hi\"")
        .output("\"ho\"")
        .cost(1.0);
    let span = adaline::CreateLogTraceRequestSpan::new(
        1_745_096_580_000,
        1_745_096_581_000,
        "call",
        "success",
        content,
    );
    let request =
        adaline::CreateLogTraceRequest::new("project_0123456789abcdef", trace).spans(vec![span]);
    let response = client.logs().create_trace(request).await.unwrap();
    assert_eq!(
        (response.trace_id.as_str(), response.span_ids.len()),
        ("t", 1)
    );
}

#[tokio::test]
async fn sends_helicone_trace() {
    let server = MockServer::start().await;
    let body = json!({"resourceSpans": [{
        "resource": {"droppedAttributesCount": 0, "attributes": [{"key": "service.name", "value": {"stringValue": "app"}}]},
        "scopeSpans": [{
            "scope": {"name": "app", "version": "1"},
            "spans": [{
                "name": "call", "traceId": "t", "spanId": "s", "kind": 1, "status": {"code": 1},
                "startTimeUnixNano": "1", "endTimeUnixNano": "2", "links": [], "events": [],
                "droppedLinksCount": 0, "droppedEventsCount": 0, "droppedAttributesCount": 0,
                "attributes": [{"key": "tokens", "value": {"intValue": 12}}],
            }],
        }],
    }]});
    mount(
        &server,
        "POST",
        "/v1/trace/log",
        ("authorization", "Bearer secret-key"),
        &body,
        ResponseTemplate::new(204),
    )
    .await;

    let client = observatory_helicone::Client::builder()
        .api_key("secret-key")
        .base_url(server.uri())
        .build()
        .unwrap();
    let trace: helicone::OtelTrace = serde_json::from_value(body).unwrap();
    client.trace().log(trace).await.unwrap();
}

#[tokio::test]
async fn unwraps_helicone_responses() {
    let server = MockServer::start().await;
    let response = |body: Value| ResponseTemplate::new(200).set_body_json(body);
    let counts = [
        json!({"data": 3, "error": null}),
        json!({"data": null, "error": "no such prompt"}),
    ];
    for body in counts {
        Mock::given(path("/v1/prompt-2025/count"))
            .respond_with(response(body))
            .up_to_n_times(1)
            .mount(&server)
            .await;
    }
    let client = observatory_helicone::Client::builder()
        .api_key("secret-key")
        .base_url(server.uri())
        .build()
        .unwrap();
    assert_eq!(client.prompt2025().get_count().await.unwrap(), 3.0);
    let error = client.prompt2025().get_count().await.unwrap_err();
    assert!(error.is_api());
    assert_eq!(error.message(), Some("no such prompt"));
    assert!(!format!("{error:?} {client:?}").contains("secret-key"));
}

#[tokio::test]
async fn galileo_login_returns_client_with_token() {
    let server = MockServer::start().await;
    let token = json!({"access_token": "secret-token", "token_type": "bearer"});
    Mock::given(method("POST"))
        .and(path("/login/api_key"))
        .and(body_json(json!({"api_key": "secret-key"})))
        .respond_with(ResponseTemplate::new(200).set_body_json(token))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(path("/projects/p"))
        .and(header("authorization", "Bearer secret-token"))
        .respond_with(ResponseTemplate::new(404))
        .expect(1)
        .mount(&server)
        .await;
    let plain = observatory_galileo::Client::builder()
        .base_url(server.uri())
        .build()
        .unwrap();
    let client = plain.log_in("secret-key").await.unwrap();
    let error = client.projects().get("p").await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    let requests = server.received_requests().await.unwrap();
    assert!(!requests[0].headers.contains_key("authorization"));
}

#[test]
fn shorthand_constructors_write_expected_json() {
    let message = galileo::Message::user("hi");
    assert_eq!(
        serde_json::to_value(message).unwrap(),
        json!({"role": "user", "content": "hi"})
    );
    let epoch = std::time::UNIX_EPOCH;
    let span = helicone::Span::internal(
        "t",
        "s",
        "call",
        epoch,
        epoch + std::time::Duration::from_nanos(7),
    )
    .with_attributes([helicone::SpanAttribute::integer("tokens", 12)]);
    let trace = helicone::OtelTrace::for_service("app", [span]);
    let trace = serde_json::to_value(trace).unwrap();
    let span = &trace["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
    assert_eq!(
        (&span["startTimeUnixNano"], &span["endTimeUnixNano"]),
        (&json!("0"), &json!("7"))
    );
    assert_eq!(
        span["attributes"][0],
        json!({"key": "tokens", "value": {"intValue": 12}})
    );
    let service = &trace["resourceSpans"][0]["resource"]["attributes"][0];
    assert_eq!(
        service,
        &json!({"key": "service.name", "value": {"stringValue": "app"}})
    );
}

#[tokio::test]
async fn langfuse_spans_take_the_direct_write_path() {
    use observatory_langfuse::RequestExt as _;
    use observatory_langfuse::models::ExportTracesRequest;

    let server = crate::support::start_server(vec![json!({}), json!({}), json!([])]).await;
    let client = crate::support::langfuse(&server);
    let body = || ExportTracesRequest::new([]);
    client.opentelemetry().export_traces(body()).await.unwrap();
    let request = client.opentelemetry().export_traces(body());
    let header = "x-langfuse-ingestion-version";
    request.header(header, "3").await.unwrap();
    let _ = client.health().get().await;
    let requests = server.received_requests().await.unwrap();
    let sent = requests.iter().map(|request| {
        let value = request.headers.get(header);
        value.map(|value| value.to_str().unwrap())
    });
    let sent: Vec<_> = sent.collect();
    assert_eq!(sent, [Some("4"), Some("3"), None]);
}
