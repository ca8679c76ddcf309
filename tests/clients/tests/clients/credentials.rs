//! Credentials and servers from the environment.

use observatory_langsmith::Client as LangSmith;
use observatory_opik::Client as Opik;
use observatory_phoenix::Client as Phoenix;
use serde_json::json;
use wiremock::MockServer;

use crate::support::start_server;

/// Returns the values of these headers in the only request.
async fn sent<const N: usize>(server: &MockServer, headers: [&str; N]) -> [Option<String>; N] {
    let requests = server.received_requests().await.unwrap();
    assert_eq!(requests.len(), 1);
    headers.map(|name| {
        let value = requests[0].headers.get(name)?;
        Some(value.to_str().unwrap().to_owned())
    })
}

/// Returns a source of variables.
fn lookup(variables: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
    let variables: Vec<(String, String)> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    move |name| {
        let found = variables.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    }
}

async fn opik(variables: &[(&str, &str)]) -> [Option<String>; 2] {
    let server = start_server(vec![json!({})]).await;
    let builder = Opik::builder().from_lookup(lookup(variables)).unwrap();
    let client = builder.base_url(server.uri()).build().unwrap();
    client.traces().get_by_project().await.unwrap();
    sent(&server, ["authorization", "comet-workspace"]).await
}

#[tokio::test]
async fn opik_sends_the_bare_key_and_the_workspace() {
    let some = |text: &str| Some(text.to_owned());
    let both = [("OPIK_API_KEY", "k-1"), ("OPIK_WORKSPACE", "team")];
    assert_eq!(opik(&both).await, [some("k-1"), some("team")]);
    assert_eq!(opik(&both[..1]).await, [some("k-1"), None]);
    assert_eq!(opik(&both[1..]).await, [None, some("team")]);
    assert_eq!(opik(&[]).await, [None, None], "a server of one's own");
}

#[test]
fn opik_calls_the_cloud_unless_another_server_is_named() {
    let url = |variables: &[(&str, &str)]| {
        let builder = Opik::builder().from_lookup(lookup(variables)).unwrap();
        let client: observatory_opik::Client = builder.build().unwrap();
        let client: &observatory_runtime::Client = client.as_ref();
        client.base_url().to_owned()
    };
    assert_eq!(url(&[]), "https://www.comet.com/opik/api");
    let own = "http://localhost:5173/api";
    assert_eq!(url(&[("OPIK_URL_OVERRIDE", own)]), own);
}

async fn langsmith(variables: &[(&str, &str)], bearer: Option<&str>) -> [Option<String>; 3] {
    let server = start_server(vec![json!({"id": "f", "key": "k"})]).await;
    let mut builder = LangSmith::builder();
    if let Some(bearer) = bearer {
        builder = builder.bearer_token(bearer);
    }
    let builder = builder.from_lookup(lookup(variables)).unwrap();
    let client = builder.base_url(server.uri()).build().unwrap();
    client.feedback().get("f").await.unwrap();
    sent(&server, ["x-api-key", "x-tenant-id", "authorization"]).await
}

#[tokio::test]
async fn langsmith_prefers_the_key_and_sends_the_workspace_with_it() {
    let some = |text: &str| Some(text.to_owned());
    let key = ("LANGSMITH_API_KEY", "lsv2_1");
    let workspace = ("LANGSMITH_WORKSPACE_ID", "w-123");
    assert_eq!(langsmith(&[key], None).await, [some("lsv2_1"), None, None]);
    let both = [some("lsv2_1"), some("w-123"), None];
    assert_eq!(langsmith(&[key, workspace], None).await, both);
    assert_eq!(langsmith(&[key, workspace], Some("token")).await, both);
    let token = [None, some("w-123"), some("Bearer token")];
    assert_eq!(langsmith(&[workspace], Some("token")).await, token);
    let older = [("LANGCHAIN_API_KEY", "lsv2_2")];
    assert_eq!(langsmith(&older, None).await, [some("lsv2_2"), None, None]);
    assert!(LangSmith::builder().from_lookup(lookup(&[])).is_err());
}

#[tokio::test]
async fn phoenix_sends_a_key_only_if_there_is_one() {
    for (variables, expected) in [
        (&[][..], None),
        (&[("PHOENIX_API_KEY", "k")], Some("Bearer k")),
    ] {
        let server = start_server(vec![json!({"data": [], "next_cursor": null})]).await;
        let builder = Phoenix::builder().from_lookup(lookup(variables)).unwrap();
        let client = builder.base_url(server.uri()).build().unwrap();
        client.spans().list("p").await.unwrap();
        assert_eq!(
            sent(&server, ["authorization"]).await[0].as_deref(),
            expected
        );
    }
    let builder = Phoenix::builder().from_lookup(lookup(&[])).unwrap();
    let client: &observatory_runtime::Client = &builder.build().unwrap().as_ref().clone();
    assert_eq!(client.base_url(), "http://localhost:6006");
}
