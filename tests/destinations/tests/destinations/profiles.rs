//! Vendors whose OTLP endpoints differ only in data: URLs, credentials, variables, and the names of attributes.

use crate::example::{CALL, ROOT, SCORE, SEARCH, TOOL, TRACE, records, score, span_records};
use crate::support::{Vendor, assert_valid, attributes, deliver, find};
use crate::wire;
use llm_observatory::destinations::otlp::{OtlpBuilder, OtlpEncoding};
use llm_observatory::destinations::{
    Destination, ItemOutcome, Outcome, langsmith, mlflow, opik, otlp, phoenix, weave,
};
use llm_observatory::model::ScoreValue;
use prost::Message;
use serde_json::{Value, json};
use wiremock::ResponseTemplate;

const ANY: &str = ".*";

fn configured(builder: OtlpBuilder, variables: &[(&str, &str)]) -> OtlpBuilder {
    let lookup = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    builder.from_lookup(lookup).unwrap()
}

async fn start() -> Vendor {
    Vendor::start(&[("POST", ANY, 200, json!({}))]).await
}

/// A vendor with its variables, `URL` for the URL of the local server, and what requests must have.
struct Case {
    builder: OtlpBuilder,
    name: &'static str,
    variables: &'static [(&'static str, &'static str)],
    path: &'static str,
    headers: &'static [(&'static str, &'static str)],
    limit: usize,
}

fn cases() -> [Case; 6] {
    [
        Case {
            builder: phoenix::builder(),
            name: "phoenix",
            variables: &[
                ("PHOENIX_COLLECTOR_ENDPOINT", "URL/s/team/v1/traces/"),
                ("PHOENIX_API_KEY", "key-12345\n"),
                ("PHOENIX_PROJECT_NAME", "bot"),
            ],
            path: "/s/team/v1/traces",
            headers: &[("authorization", "Bearer key-12345")],
            limit: 3_000_000,
        },
        Case {
            builder: opik::builder(),
            name: "opik",
            variables: &[
                ("OPIK_URL_OVERRIDE", "URL/api"),
                ("OPIK_API_KEY", "key-12345"),
                ("OPIK_WORKSPACE", "acme"),
                ("OPIK_PROJECT_NAME", "bot"),
            ],
            path: "/api/v1/private/otel/v1/traces",
            headers: &[
                ("authorization", "key-12345"),
                ("comet-workspace", "acme"),
                ("projectname", "bot"),
            ],
            limit: 3_000_000,
        },
        Case {
            builder: langsmith::builder(),
            name: "langsmith",
            variables: &[
                ("LANGCHAIN_ENDPOINT", "http://old.invalid"),
                ("LANGSMITH_ENDPOINT", "URL/"),
                ("LANGSMITH_API_KEY", "key-12345"),
                ("LANGSMITH_PROJECT", "bot"),
            ],
            path: "/otel/v1/traces",
            headers: &[("x-api-key", "key-12345"), ("langsmith-project", "bot")],
            limit: 20_000_000,
        },
        Case {
            builder: weave::builder(),
            name: "weave",
            variables: &[
                ("WF_TRACE_SERVER_URL", "URL/traces"),
                ("WANDB_API_KEY", "key-12345"),
                ("WANDB_ENTITY", "acme"),
                ("WANDB_PROJECT", "bot"),
            ],
            path: "/traces/otel/v1/traces",
            // Base64 of `api:key-12345`.
            headers: &[
                ("authorization", "Basic YXBpOmtleS0xMjM0NQ=="),
                ("project_id", "acme/bot"),
            ],
            limit: 3_000_000,
        },
        Case {
            builder: mlflow::builder(),
            name: "mlflow",
            variables: &[
                ("MLFLOW_TRACKING_URI", "URL"),
                ("MLFLOW_TRACKING_TOKEN", "key-12345"),
                ("MLFLOW_EXPERIMENT_ID", "7"),
            ],
            path: "/v1/traces",
            headers: &[
                ("authorization", "Bearer key-12345"),
                ("x-mlflow-experiment-id", "7"),
            ],
            limit: 3_000_000,
        },
        Case {
            builder: mlflow::builder(),
            name: "mlflow",
            variables: &[
                ("MLFLOW_TRACKING_URI", "URL"),
                ("MLFLOW_TRACKING_USERNAME", "api"),
                ("MLFLOW_TRACKING_PASSWORD", "key-12345"),
            ],
            path: "/v1/traces",
            headers: &[
                ("authorization", "Basic YXBpOmtleS0xMjM0NQ=="),
                ("x-mlflow-experiment-id", "0"),
            ],
            limit: 3_000_000,
        },
    ]
}

#[tokio::test]
async fn variables_of_vendors_configure_url_key_and_project() {
    for case in cases() {
        let vendor = start().await;
        let url = vendor.url();
        let variables: Vec<(&str, String)> = case
            .variables
            .iter()
            .map(|(name, value)| (*name, value.replace("URL", &url)))
            .collect();
        let variables: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let destination = configured(case.builder, &variables).build().unwrap();
        assert_eq!(destination.name(), case.name);
        assert_eq!(destination.limits().bytes, case.limit, "{}", case.name);
        deliver(&destination, &records()).await;
        let request = &vendor.requests().await[0];
        assert_eq!(request.path, case.path, "{}", case.name);
        let media_type = request.header("content-type");
        assert_eq!(media_type, Some("application/x-protobuf"));
        for (name, value) in case.headers {
            assert_eq!(request.header(name), Some(*value), "{} {name}", case.name);
        }
        assert!(!format!("{destination:?}").contains("key-12345"));
    }
}

#[tokio::test]
async fn options_in_code_configure_the_same() {
    let vendor = start().await;
    let builder = weave::builder().base_url(vendor.url()).api_key("key-12345");
    let weave = builder.project("acme/bot").build().unwrap();
    deliver(&weave, &records()).await;
    let request = &vendor.requests().await[0];
    assert_eq!(request.path, "/otel/v1/traces");
    let basic = "Basic YXBpOmtleS0xMjM0NQ==";
    assert_eq!(request.header("authorization"), Some(basic));
    assert_eq!(request.header("project_id"), Some("acme/bot"));

    let open = opik::builder().base_url(vendor.url()).build().unwrap();
    deliver(&open, &records()).await;
    let request = &vendor.requests().await[1];
    assert_eq!(request.header("authorization"), None, "without a key");

    let token = otlp::endpoint(vendor.url()).api_key("key-12345");
    deliver(&token.build().unwrap(), &records()).await;
    let request = &vendor.requests().await[2];
    let bearer = "Bearer key-12345";
    assert_eq!(request.header("authorization"), Some(bearer));
}

#[test]
fn reports_what_is_missing_when_it_is_built() {
    let url = "http://localhost:1";
    for (builder, message) in [
        (
            langsmith::builder().base_url(url),
            "no key; set LANGSMITH_API_KEY or LANGCHAIN_API_KEY, or call `api_key`",
        ),
        (
            opik::builder(),
            "no key; set OPIK_API_KEY, or call `api_key`",
        ),
        (
            weave::builder().project("acme/bot"),
            "no key; set WANDB_API_KEY, or call `api_key`",
        ),
        (
            weave::builder().api_key("k"),
            "no project; set WANDB_ENTITY and WANDB_PROJECT, or call `project`",
        ),
        (
            phoenix::builder().workspace("acme"),
            "the endpoint has no workspace",
        ),
        (
            otlp::endpoint(url).project("bot"),
            "the endpoint has no project",
        ),
    ] {
        assert_eq!(builder.build().unwrap_err().to_string(), message);
    }
    // One of two variables is not enough.
    let half = configured(weave::builder().api_key("k"), &[("WANDB_PROJECT", "bot")]);
    assert!(half.build().is_err());
    // These servers need no key.
    assert!(phoenix::builder().build().is_ok());
    assert!(mlflow::builder().build().is_ok());
}

#[tokio::test]
async fn keys_are_not_in_reasons() {
    let partial = wire::Response {
        partial: Some(wire::Partial {
            rejected: 5,
            message: "not accepted from key-12345".to_owned(),
        }),
    };
    let refused = ResponseTemplate::new(403).set_body_string("key-12345 is not valid");
    let partial =
        ResponseTemplate::new(200).set_body_raw(partial.encode_to_vec(), "application/x-protobuf");
    for response in [refused, partial] {
        let vendor = Vendor::start(&[]).await;
        vendor.respond("POST", ANY, response).await;
        for builder in [
            langsmith::builder().api_key("key-12345"),
            weave::builder().project("a/b").api_key("key-12345"),
            configured(phoenix::builder(), &[("PHOENIX_API_KEY", "key-12345")]),
        ] {
            let destination = builder.base_url(vendor.url()).build().unwrap();
            let outcome = deliver(&destination, &span_records()).await;
            assert!(matches!(outcome, Outcome::Rejected { .. }), "{outcome:?}");
            assert!(!format!("{outcome:?}").contains("key-12345"), "{outcome:?}");
        }
    }
}

/// Sends the example in JSON. Returns the resource and the spans.
async fn sent(builder: OtlpBuilder) -> (Value, Value) {
    let vendor = start().await;
    let builder = builder.base_url(vendor.url()).encoding(OtlpEncoding::Json);
    deliver(&builder.build().unwrap(), &records()).await;
    let body = vendor.requests().await.remove(0).body;
    let body: Value = serde_json::from_slice(&body).unwrap();
    let resource = body["resourceSpans"][0].clone();
    let spans = resource["scopeSpans"][0]["spans"].clone();
    // `attributes` also asserts that each name occurs once.
    spans.as_array().unwrap().iter().for_each(|span| {
        attributes(span);
    });
    (attributes(&resource["resource"]), spans)
}

fn assert_has(span: &Value, expected: &[(&str, Value)]) {
    let values = attributes(span);
    for (name, value) in expected {
        assert_eq!(&values[*name], value, "{name} of {}", span["name"]);
    }
}

#[tokio::test]
async fn phoenix_has_openinference_and_its_project() {
    let (resource, spans) = sent(phoenix::builder().project("bot")).await;
    assert_eq!(resource["openinference.project.name"], "bot");
    assert_eq!(resource["service.name"], "support-bot");
    let call = find(&spans, "spanId", CALL);
    assert_has(
        call,
        &[
            ("openinference.span.kind", json!("LLM")),
            ("llm.token_count.prompt", json!("120")),
            ("llm.input_messages.0.message.role", json!("system")),
            ("session.id", json!("s-1")),
        ],
    );
}

#[tokio::test]
async fn scores_of_phoenix_are_annotations() {
    let vendor = start().await;
    let mut records = records();
    let mut label = score(TRACE, None, "tone", ScoreValue::Category("kind".to_owned()));
    label.comment = Some("read by hand".to_owned());
    records.insert(0, label.into());
    let builder = phoenix::builder()
        .base_url(vendor.url())
        .api_key("key-12345");
    let outcome = deliver(&builder.build().unwrap(), &records).await;
    let Outcome::Items(items) = outcome else {
        panic!("{outcome:?}");
    };
    assert_eq!(items.len(), 7);
    let requests = vendor.requests().await;
    assert_eq!(requests[0].path, "/v1/traces", "spans come before scores");
    let exported = wire::spans(&requests[0]);
    assert!(exported.iter().all(|span| {
        let mut events = span.events.iter();
        events.all(|event| event.name != "gen_ai.evaluation.result")
    }));
    assert_valid("phoenix", &requests[1..]);
    let bearer = Some("Bearer key-12345");
    assert!(
        requests
            .iter()
            .all(|request| request.header("authorization") == bearer)
    );
    let expected = json!({
        "name": "helpful", "annotator_kind": "CODE", "span_id": CALL, "identifier": SCORE, "result": {"score": 0.9},
    });
    let bodies = vendor.bodies("/v1/span_annotations").await;
    assert_eq!(bodies, [json!({"data": [expected]})]);
    let expected = json!({
        "name": "tone", "annotator_kind": "CODE", "trace_id": TRACE, "identifier": TRACE,
        "result": {"label": "kind", "explanation": "read by hand"},
    });
    let bodies = vendor.bodies("/v1/trace_annotations").await;
    assert_eq!(bodies, [json!({"data": [expected]})]);
}

#[tokio::test]
async fn scores_of_langsmith_are_feedback_on_runs() {
    const OTHER_SCORE: &str = "33333333333333334444444444444444";
    let stored = json!({
        "id": "11111111-1111-1111-2222-222222222222", "key": "helpful", "modified_at": "2026-11-28T00:00:00Z",
    });
    let routes = [
        ("POST", "/api/v1/feedback", 200, stored),
        ("POST", ANY, 200, json!({})),
    ];
    let vendor = Vendor::start(&routes).await;
    let mut records = records();
    let mut label = score(TRACE, None, "tone", ScoreValue::Category("kind".to_owned()));
    label.comment = Some("read by hand".to_owned());
    label.root_span_id = Some(ROOT.parse().unwrap());
    records.insert(0, label.into());
    let passed = score(OTHER_SCORE, Some(CALL), "polite", ScoreValue::Boolean(true));
    records.push(passed.into());
    let without_root = score(TRACE, None, "late", ScoreValue::Number(1.0));
    records.push(without_root.into());
    let builder = langsmith::builder()
        .base_url(vendor.url())
        .api_key("key-12345");
    let outcome = deliver(&builder.build().unwrap(), &records).await;
    let Outcome::Items(items) = outcome else {
        panic!("{outcome:?}");
    };
    let (last, others) = items.split_last().unwrap();
    assert_eq!(others, vec![ItemOutcome::Acknowledged; 8]);
    let ItemOutcome::Rejected { reason } = last else {
        panic!("{last:?}");
    };
    assert!(reason.contains("the root span of the trace is not known"));
    let requests = vendor.requests().await;
    assert_eq!(
        requests[0].path, "/otel/v1/traces",
        "spans come before scores"
    );
    assert_valid("langsmith", &requests[1..]);
    let key = Some("key-12345");
    assert!(
        requests
            .iter()
            .all(|request| request.header("x-api-key") == key)
    );
    let bodies = vendor.bodies("/api/v1/feedback").await;
    let run = |span: &str| format!("00000000-0000-0000-{}-{}", &span[..4], &span[4..]);
    let expected = [
        json!({
            "id": "0af76519-16cd-43dd-8448-eb211c80319c", "run_id": run(ROOT), "key": "tone", "value": "kind",
            "comment": "read by hand",
        }),
        json!({
            "id": "11111111-1111-1111-2222-222222222222", "run_id": run(CALL), "key": "helpful", "score": 0.9,
        }),
        json!({
            "id": "33333333-3333-3333-4444-444444444444", "run_id": run(CALL), "key": "polite", "score": true,
        }),
    ];
    for body in expected {
        assert!(bodies.contains(&body), "{body} is not in {bodies:?}");
    }
    assert_eq!(bodies.len(), 3);
}

#[tokio::test]
async fn other_vendors_have_genai_names_and_openinference_kinds() {
    for (name, builder) in [
        ("opik", opik::builder()),
        ("langsmith", langsmith::builder().api_key("k")),
        ("weave", weave::builder().api_key("k").project("a/b")),
        ("mlflow", mlflow::builder()),
    ] {
        let (_, spans) = sent(builder).await;
        let call = find(&spans, "spanId", CALL);
        assert_has(
            call,
            &[
                ("gen_ai.operation.name", json!("chat")),
                ("gen_ai.usage.input_tokens", json!("120")),
                ("openinference.span.kind", json!("LLM")),
            ],
        );
        // Vendors prefer this one to the messages.
        assert_eq!(attributes(call)["input.value"], Value::Null, "{name}");
        let root = find(&spans, "spanId", ROOT);
        assert_has(
            root,
            &[
                ("openinference.span.kind", json!("CHAIN")),
                ("output.value", json!("Rayleigh scattering.")),
            ],
        );
        let tool = find(&spans, "spanId", TOOL);
        assert_has(
            tool,
            &[
                ("openinference.span.kind", json!("TOOL")),
                ("input.value", json!(r#"{"city":"Oslo"}"#)),
            ],
        );
        let search = attributes(find(&spans, "spanId", SEARCH));
        assert_eq!(search["openinference.span.kind"], "RETRIEVER");
        assert_eq!(search["input.value"], "blue sky");
        let found = search["output.value"].as_str().unwrap();
        assert!(found.contains("Light scatters."), "{found}");
    }
}

#[tokio::test]
async fn langsmith_and_weave_have_names_of_their_own() {
    let (_, spans) = sent(langsmith::builder().api_key("k")).await;
    assert_has(
        find(&spans, "spanId", CALL),
        &[
            ("langsmith.metadata.session_id", json!("s-1")),
            ("langsmith.metadata.user_id", json!("u-7")),
            ("langsmith.metadata.plan", json!("pro")),
            ("langsmith.metadata.attempt", json!("1")),
            ("langsmith.span.tags", json!("beta,gpt")),
            ("gen_ai.usage.total_tokens", json!("150")),
            ("gen_ai.usage.details.reasoning_tokens", json!("10")),
        ],
    );
    let (_, spans) = sent(weave::builder().api_key("k").project("a/b")).await;
    assert_has(
        find(&spans, "spanId", ROOT),
        &[
            ("wandb.thread_id", json!("s-1")),
            ("wandb.is_turn", json!(true)),
        ],
    );
    let call = attributes(find(&spans, "spanId", CALL));
    assert_eq!(call["wandb.thread_id"], "s-1");
    assert_eq!(call["wandb.is_turn"], Value::Null, "only of the root");
}
