//! Destinations that hang cost the threads that record nothing: no lock is held while a destination is called.

use llm_observatory::destinations::{BoxFuture, Destination, Grouping, ItemOutcome, Outcome};
use llm_observatory::model::Record;
use llm_observatory::{DeliveryOptions, Observatory};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// A destination that blocks its thread until it is released.
struct Blocking {
    entered: Mutex<Sender<()>>,
    release: Mutex<Receiver<()>>,
    grouping: Grouping,
}

impl Destination for Blocking {
    fn name(&self) -> &str {
        "blocking"
    }

    fn grouping(&self) -> Grouping {
        self.grouping
    }

    fn deliver<'a>(&'a self, batch: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome> {
        let _ = self.entered.lock().unwrap().send(());
        // Ends when the test drops its end.
        let _ = self.release.lock().unwrap().recv();
        let outcome = Outcome::Items(vec![ItemOutcome::Acknowledged; batch.len()]);
        Box::pin(std::future::ready(outcome))
    }
}

#[test]
fn recording_waits_for_no_lock_of_a_delivery() {
    for grouping in [Grouping::Records, Grouping::Traces] {
        let (entered, is_entered) = channel();
        let (release, released) = channel();
        let destination = Blocking {
            entered: Mutex::new(entered),
            release: Mutex::new(released),
            grouping,
        };
        let options = DeliveryOptions::new().batch_interval(Duration::ZERO);
        let builder = Observatory::builder().to_with(destination, options);
        let observatory = Arc::new(builder.build().unwrap());
        observatory.trace("first").end();
        is_entered.recv().unwrap();
        // The background thread is inside the destination now, and stays there.
        let (done, is_done) = channel();
        let recording = Arc::clone(&observatory);
        thread::spawn(move || {
            for _ in 0..1_000 {
                let mut trace = recording.trace("request");
                trace.llm("chat").input("question").record();
                trace.output("reply").score("helpful", 0.9);
            }
            let report = recording.report();
            let _ = done.send(report);
        });
        // Far more than recording takes, so that a lock is reported instead of waited for.
        let report = is_done.recv_timeout(Duration::from_secs(60));
        let report = report.expect("recording does not wait for the delivery");
        assert_eq!(report.destinations[0].accepted, 3_001);
        assert_eq!(report.destinations[0].acknowledged, 0);
        drop(release);
        let report = observatory.flush_blocking(Duration::from_secs(30));
        assert_eq!(report.destinations[0].pending, 0, "{report}");
        assert_eq!(report.destinations[0].acknowledged, 3_001, "{report}");
    }
}
