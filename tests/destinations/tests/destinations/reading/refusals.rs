//! What a vendor cannot do, and what fails.

use super::langfuse::OBSERVATIONS;
use super::{id, observatory};
use crate::example::at;
use crate::support::Vendor;
use crate::{adaline, braintrust, galileo, helicone, langfuse};
use llm_observatory::Observatory;
use llm_observatory::destinations::otlp;
use llm_observatory::reading::{ReadError, ReadFeature, TraceQuery};
use serde_json::json;
use std::time::Duration;

/// Returns the name of what a reader refuses.
fn refused<T: std::fmt::Debug>(result: Result<T, ReadError>) -> (String, ReadFeature) {
    match result {
        Err(ReadError::Unsupported {
            destination,
            feature,
        }) => (destination, feature),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_a_vendor_cannot_do_is_refused_without_a_request() {
    let vendor = Vendor::start(&[]).await;
    let builder = Observatory::builder().shutdown_timeout(Duration::ZERO);
    let observatory = builder
        .to(otlp::endpoint(vendor.url()).build().unwrap())
        .to(adaline::destination(&vendor))
        .to(braintrust::destination(&vendor))
        .to(galileo::destination(&vendor))
        .to(helicone::destination(&vendor))
        .build()
        .unwrap();
    let otlp = observatory.reader("otlp");
    assert_eq!(refused(otlp), ("otlp".to_owned(), ReadFeature::Traces));
    let reader = |name: &str| observatory.reader(name).unwrap();
    let all = TraceQuery::new;
    for (name, query, feature) in [
        ("adaline", all().user("u"), ReadFeature::User),
        ("braintrust", all().session("s"), ReadFeature::Session),
        ("galileo", all().since(at(0)), ReadFeature::Since),
        ("galileo", all().until(at(0)), ReadFeature::Until),
        ("helicone", all(), ReadFeature::Traces),
    ] {
        assert_eq!(
            refused(reader(name).traces(query)),
            (name.to_owned(), feature)
        );
    }
    let trace = reader("braintrust").trace(id()).await;
    assert_eq!(
        refused(trace),
        ("braintrust".to_owned(), ReadFeature::Trace)
    );
    let error = observatory.reader("opik").unwrap_err();
    assert_eq!(error.to_string(), "no destination is named `opik`");
    let error = reader("helicone").traces(all()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the API of `helicone` cannot list traces"
    );
    assert!(vendor.requests().await.is_empty());
}

#[tokio::test]
async fn failures_end_the_stream() {
    let vendor = Vendor::start(&[("GET", OBSERVATIONS, 401, json!({"message": "no"}))]).await;
    let observatory = observatory(langfuse::destination(&vendor));
    let reader = observatory.reader("langfuse").unwrap();
    let mut stream = reader.traces(TraceQuery::new()).unwrap();
    let error = stream.next().await.unwrap().unwrap_err();
    assert!(matches!(error, ReadError::Failed { .. }), "{error:?}");
    assert!(error.to_string().contains("401"), "{error}");
    assert!(stream.next().await.is_none());
    drop(observatory);
    let error = reader.trace(id()).await.unwrap_err();
    assert!(matches!(error, ReadError::Closed), "{error:?}");
}
