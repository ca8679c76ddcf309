//! The example `chat` against local servers, which validate all its requests by the vendors' documents.

use crate::support::{Vendor, assert_valid};
use crate::{adaline, braintrust, galileo, helicone, langfuse, reading};
use llm_observatory::{ContentPolicy, Observatory};
use observatory_tests::repository::root;
use serde_json::json;
use std::time::Duration;

#[path = "../../../../crates/observatory/examples/chat.rs"]
#[allow(dead_code, reason = "the test has an observatory of its own")]
mod program;

#[tokio::test(flavor = "multi_thread")]
async fn five_vendors_receive_the_chat_and_return_it() {
    let langfuse = reading::langfuse::server().await;
    langfuse::respond(&langfuse).await;
    let braintrust = braintrust::start().await;
    let rows = json!({"events": []});
    add(&braintrust, "/v1/project_logs/.*/fetch", rows).await;
    let galileo = galileo::start(json!([])).await;
    add(
        &galileo,
        "/projects/.*/traces/search",
        json!({"records": []}),
    )
    .await;
    let helicone = helicone::start(json!({"isValid": true, "errors": []})).await;
    let requests = json!({"data": [], "error": null});
    add(&helicone, "/v1/request/query", requests).await;
    let adaline = adaline::start().await;
    let pagination = json!({"limit": 10, "returned": 0, "hasMore": false, "nextCursor": null});
    let traces = json!({"traces": [], "pagination": pagination});
    add(&adaline, "/logs/traces", traces).await;

    let observatory = Observatory::builder()
        .service("support-bot")
        .content(ContentPolicy::All)
        .to(langfuse::destination(&langfuse))
        .to(braintrust::destination(&braintrust))
        .to(galileo::destination(&galileo))
        .to(helicone::destination(&helicone))
        .to(adaline::destination(&adaline))
        .build()
        .unwrap();
    let id = program::reply(&observatory, "Is it raining in Lima?");
    let report = observatory.flush(Duration::from_secs(30)).await;
    for (name, acknowledged) in [
        ("langfuse", 5),
        ("braintrust", 5),
        ("galileo", 4),
        ("helicone", 5),
        ("adaline", 4),
    ] {
        let mut reports = report.destinations.iter();
        let report = reports.find(|report| report.name == name).unwrap();
        assert_eq!(report.acknowledged, acknowledged, "{report}");
        assert_eq!(report.accepted, 5, "{report}");
    }
    program::read_back(&observatory, id).await.unwrap();

    for (name, vendor) in [
        ("langfuse", langfuse),
        ("braintrust", braintrust),
        ("galileo", galileo),
        ("helicone", helicone),
        ("adaline", adaline),
    ] {
        assert_valid(name, &vendor.requests().await);
    }
}

async fn add(vendor: &Vendor, path: &str, body: serde_json::Value) {
    let response = wiremock::ResponseTemplate::new(200).set_body_json(body);
    vendor.respond("POST", path, response).await;
}

#[test]
fn the_program_is_short_and_has_no_type_of_a_vendor() {
    let path = root().join("crates/observatory/examples/chat.rs");
    let program = std::fs::read_to_string(path).unwrap();
    assert!(program.lines().count() <= 60, "{}", program.lines().count());
    assert!(!program.contains("observatory_"), "{program}");
}
