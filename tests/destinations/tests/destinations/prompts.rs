//! Prompts: fetched with valid requests, cached, and never a reason for a program to stop.

use crate::support::{Vendor, assert_valid, attributes};
use crate::{adaline, braintrust, galileo, helicone, langfuse};
use llm_observatory::destinations::{Destination, otlp};
use llm_observatory::model::{Message, PromptVersion};
use llm_observatory::prompts::{Prompt, PromptError, PromptOrigin, Prompts};
use llm_observatory::{ContentPolicy, Observatory};
use serde_json::{Value, json};
use std::time::Duration;
use wiremock::ResponseTemplate;

const PROMPT: &str = "/api/public/v2/prompts/sky";

/// Long enough for every test.
const LONG: Duration = Duration::from_secs(3_600);

fn observatory(destination: impl Destination) -> Observatory {
    let builder = Observatory::builder().shutdown_timeout(Duration::ZERO);
    let builder = builder.content(ContentPolicy::All).to(destination);
    builder.build().unwrap()
}

fn chat(version: u8) -> Value {
    json!({
        "type": "chat", "name": "sky", "version": version, "config": {}, "labels": ["production"], "tags": [],
        "prompt": [
            {"type": "chatmessage", "role": "system", "content": "Be brief."},
            {"type": "chatmessage", "role": "user", "content": "Why is {{ what }} blue?"},
        ],
    })
}

fn fallback() -> [Message; 1] {
    [Message::user("Why is the sky blue?")]
}

async fn get(prompts: &Prompts) -> Prompt {
    prompts.get_or("sky", "production", fallback()).await
}

/// Replaces what the server responds.
async fn respond(vendor: &Vendor, response: ResponseTemplate) {
    vendor.reset().await;
    vendor.respond("GET", PROMPT, response).await;
}

#[tokio::test]
async fn prompts_are_cached_and_requested_again_when_they_expire() {
    let vendor = Vendor::start(&[("GET", PROMPT, 200, chat(3))]).await;
    let observatory = observatory(langfuse::destination(&vendor));
    let prompts = observatory.prompts("langfuse").unwrap().cache_for(LONG);
    let prompt = get(&prompts).await;
    assert_eq!(prompt.version.as_deref(), Some("3"));
    assert_eq!(prompt.origin, PromptOrigin::Vendor);
    assert_eq!(prompt.messages[0], Message::system("Be brief."));
    // A second handle has the same cache.
    let others = observatory.prompts("langfuse").unwrap().cache_for(LONG);
    assert_eq!(get(&others).await, prompt);
    let requests = vendor.requests().await;
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].query, "label=production");
    assert_valid("langfuse", &requests);

    respond(&vendor, ResponseTemplate::new(200).set_body_json(chat(4))).await;
    let expired = others.cache_for(Duration::ZERO);
    assert_eq!(get(&expired).await.version.as_deref(), Some("4"));
    assert_eq!(vendor.requests().await.len(), 1);
    assert_eq!(get(&prompts).await.version.as_deref(), Some("4"));
    assert_eq!(vendor.requests().await.len(), 1);
}

#[tokio::test]
async fn an_outage_gives_the_fallback_and_is_not_asked_again_at_once() {
    let vendor = Vendor::start(&[("GET", PROMPT, 501, json!({"message": "no"}))]).await;
    let observatory = observatory(langfuse::destination(&vendor));
    let prompts = observatory.prompts("langfuse").unwrap();
    for _ in 0..3 {
        let prompt = get(&prompts).await;
        assert_eq!(prompt.messages, fallback());
        assert_eq!(prompt.version, None);
        let PromptOrigin::Fallback(PromptError::Failed(reason)) = &prompt.origin else {
            panic!("{prompt:?}");
        };
        assert!(reason.contains("501"), "{reason}");
    }
    assert_eq!(vendor.requests().await.len(), 1);
}

#[tokio::test]
async fn an_outage_gives_the_version_that_was_fetched_before() {
    let vendor = Vendor::start(&[("GET", PROMPT, 200, chat(3))]).await;
    let observatory = observatory(langfuse::destination(&vendor));
    let prompts = observatory.prompts("langfuse").unwrap();
    let prompts = prompts.cache_for(Duration::ZERO);
    get(&prompts).await;
    respond(&vendor, ResponseTemplate::new(501)).await;
    for _ in 0..2 {
        let prompt = get(&prompts).await;
        assert_eq!(prompt.version.as_deref(), Some("3"));
        assert!(
            matches!(prompt.origin, PromptOrigin::Stale(_)),
            "{prompt:?}"
        );
    }
}

#[tokio::test]
async fn a_vendor_that_does_not_respond_in_time_gives_the_fallback() {
    let vendor = Vendor::start(&[]).await;
    let late = ResponseTemplate::new(200).set_delay(Duration::from_secs(30));
    vendor.respond("GET", PROMPT, late).await;
    let observatory = observatory(langfuse::destination(&vendor));
    let prompts = observatory.prompts("langfuse").unwrap();
    let prompt = get(&prompts.timeout(Duration::from_millis(50))).await;
    assert_eq!(prompt.messages, fallback());
    let reason = "no response within 50ms".to_owned();
    let expected = PromptOrigin::Fallback(PromptError::Failed(reason));
    assert_eq!(prompt.origin, expected);
}

#[tokio::test]
async fn a_prompt_that_does_not_exist_is_reported() {
    let vendor = Vendor::start(&[("GET", PROMPT, 404, json!({"message": "no"}))]).await;
    let observatory = observatory(langfuse::destination(&vendor));
    let prompts = observatory.prompts("langfuse").unwrap();
    let error = prompts.get("sky", "production").await.unwrap_err();
    let text = "there is no prompt `sky` with the label `production`";
    assert_eq!(error.to_string(), text);
    let otlp = self::observatory(otlp::endpoint(vendor.url()).build().unwrap());
    let error = otlp.prompts("otlp").unwrap_err();
    assert_eq!(error, PromptError::Unsupported("otlp".to_owned()));
}

#[tokio::test]
async fn spans_are_linked_to_the_prompt_of_their_input() {
    let vendor = Vendor::start(&[("GET", PROMPT, 200, chat(3))]).await;
    langfuse::respond(&vendor).await;
    let observatory = observatory(langfuse::destination(&vendor));
    let prompts = observatory.prompts("langfuse").unwrap();
    let rendered = get(&prompts)
        .await
        .render([("what", "the {{sea}}"), ("sea", "no")]);
    assert_eq!(
        rendered.messages[1],
        Message::user("Why is the {{sea}} blue?")
    );
    let linked = PromptVersion {
        name: "sky".to_owned(),
        version: Some("3".to_owned()),
    };
    assert_eq!(rendered.version, Some(linked));
    observatory
        .trace("linked")
        .llm("chat")
        .input(rendered)
        .record();
    let plain = Prompt::clone(&prompts.get_or("other", "x", fallback()).await).render([]);
    assert_eq!(
        plain.version, None,
        "a fallback is not a version of the vendor"
    );
    observatory.flush(Duration::from_secs(30)).await;
    let bodies = vendor.bodies("/api/public/otel/v1/traces").await;
    let spans = bodies.iter().flat_map(|body| {
        let spans = &body["resourceSpans"][0]["scopeSpans"][0]["spans"];
        spans.as_array().unwrap().clone()
    });
    let call = spans
        .into_iter()
        .find(|span| span["name"] == "chat")
        .unwrap();
    let values = attributes(&call);
    assert_eq!(values["langfuse.observation.prompt.name"], "sky");
    assert_eq!(values["langfuse.observation.prompt.version"], 3);
    let requests = vendor.requests().await;
    assert_valid("langfuse", &requests);
}

#[tokio::test]
async fn braintrust_has_prompts_by_slug_and_environment() {
    let vendor = braintrust::start().await;
    let id = "00000000-0000-4000-8000-000000000001";
    let prompt = json!({"id": id, "_xact_id": "7", "project_id": id, "log_id": "p", "org_id": id, "name": "Sky", "slug": "sky",
        "prompt_data": {"prompt": {"type": "chat", "messages": [{"role": "system", "content": "Be brief."}]}}});
    let list = ResponseTemplate::new(200).set_body_json(json!({"objects": [prompt]}));
    vendor.respond("GET", "/v1/prompt", list).await;
    let prompt = fetched(
        &vendor,
        "braintrust",
        braintrust::destination(&vendor),
        "production",
    )
    .await;
    assert_eq!(prompt.version.as_deref(), Some("7"));
}

#[tokio::test]
async fn adaline_has_what_is_deployed_in_an_environment() {
    let id = "prompt_0123456789abcdef";
    let deployment = json!({
        "id": "deployment-1", "createdAt": 1_750_000_000_000_u64, "updatedAt": 1_750_000_000_000_u64, "createdByUserId": "u",
        "updatedByUserId": "u", "projectId": "p", "promptId": id, "deploymentEnvironmentId": "e", "prompt": {
            "config": {"providerId": null, "providerName": null, "model": null, "settings": null},
            "tools": [], "variables": [],
            "messages": [{"role": "system", "content": [{"modality": "text", "value": "Be brief."}]}],
        },
    });
    let vendor = Vendor::start(&[("GET", "/deployments", 200, deployment)]).await;
    let observatory = observatory(adaline::destination(&vendor));
    let prompts = observatory.prompts("adaline").unwrap();
    let prompt = prompts.get(id, "environment_0123456789").await.unwrap();
    assert_eq!(prompt.messages, [Message::system("Be brief.")]);
    assert_eq!(prompt.version.as_deref(), Some("deployment-1"));
    assert_valid("adaline", &vendor.requests().await);
}

#[tokio::test]
async fn galileo_has_versions_of_templates() {
    let project = galileo::PROJECT;
    let vendor = galileo::start(json!([])).await;
    let time = "2026-01-01T00:00:00Z";
    let template = json!({
        "template": [{"role": "system", "content": "Be brief."}], "version": 2, "settings": {}, "id": project,
        "model_changed": false, "settings_changed": false, "content_changed": false, "created_at": time, "updated_at": time, "created_by_user": null,
    });
    let response = ResponseTemplate::new(200).set_body_json(template);
    vendor
        .respond(
            "GET",
            &format!("/projects/{project}/templates/versions"),
            response,
        )
        .await;
    let prompt = fetched(&vendor, "galileo", galileo::destination(&vendor), "2").await;
    assert_eq!(prompt.version.as_deref(), Some("2"));
}

#[tokio::test]
async fn helicone_has_versions_by_environment() {
    let version = json!({"data": {"id": "v-1", "model": "gpt-4o", "prompt_id": "sky", "major_version": 1, "minor_version": 2,
        "commit_message": "", "created_at": "2026-01-01T00:00:00Z"}, "error": null});
    let body =
        json!({"data": {"messages": [{"role": "system", "content": "Be brief."}]}, "error": null});
    let vendor = Vendor::start(&[
        (
            "POST",
            "/v1/prompt-2025/query/environment-version",
            200,
            version,
        ),
        ("GET", "/v1/prompt-2025/v-1/prompt-body", 200, body),
    ])
    .await;
    let prompt = fetched(
        &vendor,
        "helicone",
        helicone::destination(&vendor),
        "production",
    )
    .await;
    assert_eq!(prompt.version.as_deref(), Some("1.2"));
}

/// Fetches the prompt `sky`, and validates what was sent.
async fn fetched(
    vendor: &Vendor,
    name: &str,
    destination: impl Destination,
    label: &str,
) -> Prompt {
    let observatory = observatory(destination);
    let prompts = observatory.prompts(name).unwrap();
    let prompt = prompts.get("sky", label).await.unwrap();
    assert_eq!(prompt.messages, [Message::system("Be brief.")]);
    assert_valid(name, &vendor.requests().await);
    prompt
}
