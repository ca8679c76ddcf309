//! What responses of vendors mean for the records of a batch. One row per response, for every destination.

use crate::example::span_records;
use crate::support::{Vendor, deliver};
use crate::{adaline, braintrust, galileo, helicone, langfuse};
use llm_observatory::destinations::{Destination, ItemOutcome, Outcome, otlp};
use std::time::Duration;
use wiremock::ResponseTemplate;

/// What happens to the records.
#[derive(Debug, PartialEq)]
enum Fate {
    Retry(Option<u64>),
    TooLarge,
    InvalidRecord,
    Rejected,
}

fn fate(outcome: &Outcome) -> (Fate, &str) {
    match outcome {
        Outcome::Retry { reason, after } => {
            (Fate::Retry(after.map(|after| after.as_secs())), reason)
        }
        Outcome::TooLarge { reason } => (Fate::TooLarge, reason),
        Outcome::InvalidRecord { reason } => (Fate::InvalidRecord, reason),
        Outcome::Rejected { reason } => (Fate::Rejected, reason),
        Outcome::Items(items) => match items.first() {
            Some(ItemOutcome::Rejected { reason }) => (Fate::Rejected, reason),
            Some(ItemOutcome::Retry { reason }) => (Fate::Retry(None), reason),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

async fn outcomes(vendor: &Vendor) -> Vec<(String, Outcome)> {
    let otlp = otlp::endpoint(vendor.url()).header("authorization", "Bearer secret-key-1");
    let otlp = otlp.build().unwrap();
    let langfuse = langfuse::destination(vendor);
    let destinations: [Box<dyn Destination>; 6] = [
        Box::new(otlp),
        Box::new(langfuse),
        Box::new(adaline::destination(vendor)),
        Box::new(braintrust::destination(vendor)),
        Box::new(galileo::destination(vendor)),
        Box::new(helicone::destination(vendor)),
    ];
    let mut outcomes = Vec::new();
    for destination in destinations {
        let records = span_records().into_iter().map(std::sync::Arc::new);
        let records: Vec<_> = records.collect();
        let outcome = destination.deliver(&records).await;
        outcomes.push((destination.name().to_owned(), outcome));
    }
    outcomes
}

#[tokio::test]
async fn statuses_are_classified() {
    let retry_after =
        |status, value| ResponseTemplate::new(status).insert_header("retry-after", value);
    for (response, expected) in [
        (ResponseTemplate::new(400), Fate::InvalidRecord),
        (ResponseTemplate::new(401), Fate::Rejected),
        (ResponseTemplate::new(403), Fate::Rejected),
        (ResponseTemplate::new(404), Fate::Rejected),
        (ResponseTemplate::new(408), Fate::Retry(None)),
        (ResponseTemplate::new(413), Fate::TooLarge),
        (ResponseTemplate::new(422), Fate::InvalidRecord),
        (retry_after(429, "7"), Fate::Retry(Some(7))),
        (ResponseTemplate::new(500), Fate::Retry(None)),
        (ResponseTemplate::new(501), Fate::Rejected),
        (ResponseTemplate::new(502), Fate::Retry(None)),
        (retry_after(503, "30"), Fate::Retry(Some(30))),
        (ResponseTemplate::new(504), Fate::Retry(None)),
        (
            ResponseTemplate::new(302).insert_header("location", "https://other.example"),
            Fate::Rejected,
        ),
    ] {
        let vendor = Vendor::start(&[]).await;
        let text = format!("{response:?}");
        vendor.respond("POST", ".*", response).await;
        for (name, outcome) in outcomes(&vendor).await {
            let (actual, _) = fate(&outcome);
            // Each record is a request of its own there.
            let alone =
                name == "helicone" && matches!(expected, Fate::TooLarge | Fate::InvalidRecord);
            let own = if alone { &Fate::Rejected } else { &expected };
            assert_eq!(&actual, own, "{name}: {text}");
        }
    }
}

#[tokio::test]
async fn each_request_is_sent_once() {
    let vendor = Vendor::start(&[]).await;
    vendor
        .respond("POST", ".*", ResponseTemplate::new(503))
        .await;
    deliver(
        &otlp::endpoint(vendor.url()).build().unwrap(),
        &span_records(),
    )
    .await;
    assert_eq!(vendor.requests().await.len(), 1);
    deliver(&langfuse::destination(&vendor), &span_records()).await;
    assert_eq!(vendor.requests().await.len(), 2);
    deliver(&adaline::destination(&vendor), &span_records()).await;
    assert_eq!(vendor.requests().await.len(), 3);
}

#[tokio::test]
async fn retries_vendors_that_do_not_respond() {
    let vendor = Vendor::start(&[]).await;
    let slow = ResponseTemplate::new(200).set_delay(Duration::from_secs(5));
    vendor.respond("POST", ".*", slow).await;
    let limit = Duration::from_millis(50);
    let outcome = deliver(
        &langfuse::destination(&vendor).timeout(limit),
        &span_records(),
    )
    .await;
    assert_eq!(fate(&outcome).0, Fate::Retry(None));

    let nothing_listens = format!(
        "http://127.0.0.1:{}",
        observatory_tests::server::free_port()
    );
    let closed = otlp::endpoint(nothing_listens).build().unwrap();
    let outcome = deliver(&closed, &span_records()).await;
    assert_eq!(fate(&outcome).0, Fate::Retry(None));
}

#[tokio::test]
async fn reasons_are_short_and_have_no_secret_and_no_control_character() {
    let page = format!(
        "secret-key-1 sk-lf-1 \u{1b}[31m\r\n{}",
        "<p>".repeat(100_000)
    );
    let vendor = Vendor::start(&[]).await;
    let body = serde_json::json!({"error": page, "message": page, "detail": page});
    vendor
        .respond("POST", ".*", ResponseTemplate::new(400).set_body_json(body))
        .await;
    for (name, outcome) in outcomes(&vendor).await {
        let (_, reason) = fate(&outcome);
        assert!(
            reason.chars().count() <= 301,
            "{name}: {} characters",
            reason.chars().count()
        );
        let secret = if name == "langfuse" {
            "sk-lf-1"
        } else {
            "secret-key-1"
        };
        assert!(!reason.contains(secret), "{name}: {reason}");
        assert!(!reason.contains(char::is_control), "{name}: {reason}");
        assert!(reason.contains("400"), "{name}: {reason}");
    }
}

#[tokio::test]
async fn undocumented_responses_acknowledge_nothing() {
    let vendor = Vendor::start(&[]).await;
    let page = ResponseTemplate::new(200).set_body_raw("<html>log in</html>", "text/html");
    vendor.respond("POST", ".*", page).await;
    for (name, outcome) in outcomes(&vendor).await {
        assert_eq!(fate(&outcome).0, Fate::Rejected, "{name}");
    }
}

#[tokio::test]
async fn missing_projects_are_reported() {
    use llm_observatory::destinations::{adaline, braintrust, galileo};
    let adaline_client = adaline::Client::builder().api_key("k").build().unwrap();
    let galileo_client = galileo::Client::builder().api_key("k").build().unwrap();
    let braintrust_client = braintrust::Client::builder().api_key("k").build().unwrap();
    let outcomes = [
        deliver(&adaline::Adaline::new(adaline_client), &span_records()).await,
        deliver(&galileo::Galileo::new(galileo_client), &span_records()).await,
        deliver(
            &braintrust::Braintrust::new(braintrust_client),
            &span_records(),
        )
        .await,
    ];
    for outcome in outcomes {
        let (fate, reason) = fate(&outcome);
        assert_eq!(fate, Fate::Rejected);
        assert!(reason.contains("call `project`"), "{reason}");
    }
}

#[test]
fn missing_projects_are_reported_when_the_observatory_is_built() {
    use llm_observatory::Observatory;
    use llm_observatory::destinations::{adaline, braintrust, galileo};
    let adaline_client = adaline::Client::builder().api_key("k").build().unwrap();
    let galileo_client = galileo::Client::builder().api_key("k").build().unwrap();
    let braintrust_client = braintrust::Client::builder().api_key("k").build().unwrap();
    let builders = [
        Observatory::builder().to(adaline::Adaline::new(adaline_client)),
        Observatory::builder().to(galileo::Galileo::new(galileo_client)),
        Observatory::builder().to(braintrust::Braintrust::new(braintrust_client)),
    ];
    for builder in builders {
        let error = builder.build().unwrap_err().to_string();
        assert!(error.contains("call `project`"), "{error}");
    }
}
