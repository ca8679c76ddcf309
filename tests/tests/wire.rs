//! Our types and clients against what the vendors' own SDKs really send, as recorded in `../shared/wire`.

use observatory_adaline::models as adaline;
use observatory_galileo::models as galileo;
use observatory_helicone::models as helicone;
use observatory_langfuse::models as langfuse;
use observatory_tests::json::differences;
use observatory_tests::operations::{called, operations};
use observatory_tests::recordings::Recording;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

/// Into a type and back; an error says why it does not go.
type RoundTrip = fn(&Value) -> Result<Value, String>;

fn through<T: DeserializeOwned + Serialize>(body: &Value) -> Result<Value, String> {
    let value: T = decode(body).map_err(|why| why.to_string())?;
    // As text, which is how bodies come and go.
    let text = serde_json::to_string(&value).map_err(|why| why.to_string())?;
    serde_json::from_str(&text).map_err(|why| why.to_string())
}

fn decode<T: DeserializeOwned>(body: &Value) -> serde_json::Result<T> {
    serde_json::from_str(&body.to_string())
}

/// The operations that SDKs were recorded sending JSON to: method, path, and the type of the body.
const ADALINE: &[(&str, &str, RoundTrip)] = &[
    (
        "POST",
        "/logs/span",
        through::<adaline::CreateLogSpanRequest>,
    ),
    (
        "PATCH",
        "/logs/trace",
        through::<adaline::UpdateLogTraceRequest>,
    ),
    (
        "POST",
        "/logs/trace",
        through::<adaline::CreateLogTraceRequest>,
    ),
];
const GALILEO: &[(&str, &str, RoundTrip)] = &[
    (
        "POST",
        "/login/api_key",
        through::<galileo::ApiKeyLoginRequest>,
    ),
    (
        "POST",
        "/v2/projects/{project_id}/sessions",
        through::<galileo::SessionCreateRequest>,
    ),
    (
        "POST",
        "/v2/projects/{project_id}/sessions/search",
        through::<galileo::LogRecordsQueryRequest>,
    ),
    (
        "POST",
        "/v2/projects/{project_id}/traces",
        through::<galileo::LogTracesIngestRequest>,
    ),
];
const LANGFUSE: &[(&str, &str, RoundTrip)] = &[(
    "POST",
    "/api/public/ingestion",
    through::<langfuse::BatchRequest>,
)];
const HELICONE: &[(&str, &str, RoundTrip)] =
    &[("POST", "/v1/trace/log", through::<helicone::OtelTrace>)];

/// Sends every recorded body through its type; gives a line for each difference, and the names of the recordings that
/// call nothing the client has.
fn go_round(
    vendor: &str,
    table: &[(&str, &str, RoundTrip)],
    paths: fn(&str) -> Vec<String>,
) -> Option<(Vec<String>, Vec<String>)> {
    let operations = operations(vendor);
    let (mut found, mut foreign) = (Vec::new(), Vec::new());
    for recording in Recording::all(vendor)? {
        let Some(body) = &recording.body else {
            continue;
        };
        let Some(path) = called(&operations, &recording.method, &paths(&recording.path)) else {
            foreign.push(recording.name);
            continue;
        };
        let row = table
            .iter()
            .find(|row| (row.0, row.1) == (recording.method.as_str(), path));
        let (.., round_trip) =
            row.unwrap_or_else(|| panic!("{}: name the type of {path}", recording.name));
        match round_trip(body) {
            Ok(back) => found.extend(
                differences(body, &back)
                    .iter()
                    .map(|line| format!("{}: {line}", recording.name)),
            ),
            Err(why) => found.push(format!("{}: {why}", recording.name)),
        }
    }
    Some((found, foreign))
}

/// The helpers log to the worker's host, which Helicone's document does not describe.
const HELICONE_WORKER: &[&str] = &[
    "01-post-oai_v1_log.json",
    "02-post-anthropic_v1_log.json",
    "03-post-custom_v1_log.json",
    "04-post-custom_v1_log.json",
    "05-post-oai_v1_log.json",
];

/// The Python SDK calls the filter's column `name`; the document (and the JavaScript SDK) say `column_id`, required.
const GALILEO_REFUSES: &str = "07-post-v2_projects_00000000_0000_4000_8000_000000000010_sessions_search.json: \
    at `filters[0]`: missing field `column_id` at line 1 column 156";

/// Puts the folder before each name.
fn of(sdk: &str, names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("{sdk}/{name}")).collect()
}

#[test]
fn adaline_bodies_go_round() {
    let below_v2 = |path: &str| vec![path.replacen("/v2", "", 1)];
    if let Some(found) = go_round("adaline", ADALINE, below_v2) {
        assert_eq!(found, (vec![], vec![]));
    }
}

#[test]
fn galileo_bodies_go_round() {
    // The JavaScript SDK leaves the `/v2` of ingestion out; the bodies are the same.
    let with_or_without = |path: &str| vec![path.to_owned(), format!("/v2{path}")];
    if let Some(found) = go_round("galileo", GALILEO, with_or_without) {
        let refused = of("galileo/py-2.7.0-batch-no-ingest", &[GALILEO_REFUSES]);
        assert_eq!(found, (refused, vec![]));
    }
}

#[test]
fn helicone_bodies_go_round() {
    let as_it_is = |path: &str| vec![path.to_owned()];
    if let Some(found) = go_round("helicone", HELICONE, as_it_is) {
        let foreign = of("helicone/py-helpers-1.2.1", HELICONE_WORKER);
        assert_eq!(found, (vec![], foreign));
    }
}

/// A usage that fits two types of the document is read as one of them, and nothing of it is lost.
#[test]
fn langfuse_bodies_go_round() {
    let as_it_is = |path: &str| vec![path.to_owned()];
    if let Some(found) = go_round("langfuse", LANGFUSE, as_it_is) {
        assert_eq!(found, (vec![], vec![]));
    }
}

/// A server that answers everything with what the recorder answered.
async fn server(recording: &Recording) -> MockServer {
    let server = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(&recording.answer);
    Mock::given(any())
        .respond_with(answer)
        .expect(1)
        .mount(&server)
        .await;
    server
}

/// What the server got is what the SDK sent: method, path, query, type of the body, kind of credential, and JSON.
async fn assert_same(server: &MockServer, recording: &Recording) {
    let requests = server.received_requests().await.unwrap();
    let [request] = requests.as_slice() else {
        panic!("{} requests", requests.len())
    };
    assert_eq!(request.method.as_str(), recording.method);
    assert_eq!(request.url.path(), recording.path);
    assert_eq!(request.url.query().unwrap_or_default(), recording.query);
    assert_eq!(
        header(request, "content-type"),
        recording.header("content-type")
    );
    // The recordings have the secret cut out, not the word before it.
    let recorded = recording
        .header("authorization")
        .unwrap()
        .replace("Basic <redacted>", "Basic cHVibGljLWtleTpzZWNyZXQta2V5")
        .replace("<redacted>", "secret-key");
    assert_eq!(header(request, "authorization"), Some(recorded.as_str()));
    let body: Value = serde_json::from_slice(&request.body).unwrap();
    let differences = differences(recording.body.as_ref().unwrap(), &body);
    assert!(differences.is_empty(), "{differences:?}");
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request
        .headers
        .get(name)
        .map(|value| value.to_str().unwrap())
}

#[tokio::test]
async fn adaline_sends_what_its_sdk_sends() {
    let Some(recording) = Recording::one("adaline/py-api-2.2.1-inline/01-post-v2_logs_trace.json")
    else {
        return;
    };
    let server = server(&recording).await;
    let client = observatory_adaline::Client::builder()
        .api_key("secret-key")
        .base_url(server.uri() + "/v2")
        .build()
        .unwrap();
    let body = decode(recording.body.as_ref().unwrap()).unwrap();
    let answer = client.logs().create_log_trace(body).await.unwrap();
    assert_eq!(answer.span_ids.len(), 7);
    assert_same(&server, &recording).await;
}

#[tokio::test]
async fn galileo_sends_what_its_sdk_sends() {
    let name = "galileo/py-2.7.0-batch-no-ingest/09-post-v2_projects_00000000_0000_4000_8000_000000000010_traces.json";
    let Some(recording) = Recording::one(name) else {
        return;
    };
    let server = server(&recording).await;
    // The SDK logs in with the key and sends the token that it got.
    let client = observatory_galileo::Client::builder()
        .bearer_token("secret-key")
        .base_url(server.uri())
        .build()
        .unwrap();
    let body = decode(recording.body.as_ref().unwrap()).unwrap();
    let project = recording.path.split('/').nth(3).unwrap();
    client.trace().log_traces(project, body).await.unwrap();
    assert_same(&server, &recording).await;
}

#[tokio::test]
async fn helicone_sends_what_opentelemetry_sends() {
    let Some(recording) = Recording::one("helicone/otel-js-json/01-post-v1_trace_log.json") else {
        return;
    };
    let server = server(&recording).await;
    let client = observatory_helicone::Client::builder()
        .api_key("secret-key")
        .base_url(server.uri())
        .build()
        .unwrap();
    let body = decode(recording.body.as_ref().unwrap()).unwrap();
    client.trace().log_trace(body).await.unwrap();
    assert_same(&server, &recording).await;
}

#[tokio::test]
async fn langfuse_sends_what_its_sdk_sends() {
    let name = "langfuse/py-2-legacy/01-post-api_public_ingestion.json";
    let Some(recording) = Recording::one(name) else {
        return;
    };
    let server = server(&recording).await;
    let client = observatory_langfuse::Client::builder()
        .basic_auth("public-key", "secret-key")
        .base_url(server.uri())
        .build()
        .unwrap();
    let body = decode(recording.body.as_ref().unwrap()).unwrap();
    #[expect(deprecated, reason = "the SDK of the recording is of the time before")]
    let answer = client.ingestion().batch(body).await.unwrap();
    assert!(answer.errors.is_empty());
    assert_same(&server, &recording).await;
}
