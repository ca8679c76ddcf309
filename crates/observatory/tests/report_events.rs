//! Reports and errors of the delivery as events of `tracing`. In a process of its own: the subscriber is global, so that it
//! sees the events of the background thread too.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use llm_observatory::destinations::{BoxFuture, Destination, ItemOutcome, Outcome};
use llm_observatory::model::Record;
use llm_observatory::testing::Memory;
use llm_observatory::{ContentPolicy, Observatory};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Level and fields of an event.
type Recorded = (Level, BTreeMap<String, String>);

/// The events of the delivery.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<Recorded>>>);

impl<S: Subscriber> Layer<S> for Collector {
    // Without it, the hint of the other layer limits this one too.
    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::TRACE)
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "llm_observatory::delivery" {
            let mut fields = Fields::default();
            event.record(&mut fields);
            let level = *event.metadata().level();
            self.0.lock().unwrap().push((level, fields.0));
        }
    }
}

#[derive(Default)]
struct Fields(BTreeMap<String, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

/// Refuses every record.
struct Refusing;

impl Destination for Refusing {
    fn name(&self) -> &str {
        "refusing"
    }

    fn deliver<'a>(&'a self, batch: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome> {
        let reason = "too old".to_owned();
        let refused = ItemOutcome::Rejected { reason };
        Box::pin(async move { Outcome::Items(vec![refused; batch.len()]) })
    }
}

#[test]
fn reports_and_errors_are_events_that_are_not_recorded() {
    let collector = Collector::default();
    let memory = Memory::new();
    let builder = Observatory::builder().content(ContentPolicy::All);
    let observatory = builder.to(memory.clone()).to(Refusing).build().unwrap();
    let layers = tracing_subscriber::registry().with(observatory.layer());
    tracing::subscriber::set_global_default(layers.with(collector.clone())).unwrap();

    let call = tracing::info_span!("chat", gen_ai.operation.name = "chat");
    observatory.trace("request").end();
    // Within a recorded span, to which events belong that are recorded.
    call.in_scope(|| observatory.flush_blocking(Duration::from_secs(10)));
    drop(call);
    observatory.flush_blocking(Duration::from_secs(10));
    let call = memory.span("chat").expect("a span");
    assert!(call.events.is_empty(), "{:?}", call.events);

    let events = collector.0.lock().unwrap();
    let find = |destination: &str, field: &str| {
        let found = events.iter().find(|(_, fields)| {
            fields
                .get("destination")
                .is_some_and(|name| name == destination)
                && fields.contains_key(field)
        });
        found.unwrap_or_else(|| panic!("no {destination} in {events:?}"))
    };
    let (level, fields) = find("memory", "accepted");
    assert_eq!(*level, Level::DEBUG, "all is delivered");
    assert_eq!(
        (fields["accepted"].as_str(), fields["acknowledged"].as_str()),
        ("1", "1")
    );
    let (level, fields) = find("refusing", "accepted");
    assert_eq!(*level, Level::WARN);
    assert_eq!(
        (fields["rejected"].as_str(), fields["pending"].as_str()),
        ("1", "0")
    );
    assert_eq!(
        fields["message"],
        "refusing: 1 accepted, 0 acknowledged, 1 rejected"
    );
    let (level, fields) = find("refusing", "kind");
    assert_eq!(*level, Level::WARN);
    assert_eq!(fields["kind"], "rejected");
    assert!(fields["message"].contains("too old"), "{fields:?}");
}
