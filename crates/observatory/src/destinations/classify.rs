//! What an error of a vendor's client means for the records that were sent.

use super::{ItemOutcome, Outcome};
use crate::model::{Record, Score};
use futures_util::StreamExt;
use observatory_runtime::{Endpoint, Error, RequestExt, RetryPolicy};
use std::sync::Arc;
use std::time::Duration;

/// The time limit of one request, unless the destination sets another.
pub(super) const SEND_TIMEOUT: Duration = Duration::from_secs(30);

/// The longest reason in characters. Vendors' responses can be pages of HTML.
const LONGEST_REASON: usize = 300;

impl Outcome {
    /// Classifies an error of a vendor's client.
    ///
    /// | error | outcome |
    /// | --- | --- |
    /// | no connection, a lost connection, a timeout | [`Retry`](Self::Retry) |
    /// | 408, 425, 429, and 5xx except 501 and 505 | [`Retry`](Self::Retry), after the time in `Retry-After` |
    /// | 413 | [`TooLarge`](Self::TooLarge) |
    /// | 400, 422 | [`InvalidRecord`](Self::InvalidRecord): the others may be valid |
    /// | 401, 403 | [`Rejected`](Self::Rejected): the destination's key does not change, so that waiting for it would only fill the queue |
    /// | any other status, also redirects | [`Rejected`](Self::Rejected) |
    /// | a success whose body is not what the vendor documents | [`Rejected`](Self::Rejected): it is not known what the vendor has |
    /// | a request that cannot be built | [`Rejected`](Self::Rejected) |
    ///
    /// The reason is the error's text, in which credentials and control characters are replaced, and of which 300
    /// characters are kept.
    pub fn from_error(error: &Error) -> Self {
        Self::from_redacted_error(error, |text| text)
    }

    /// Like [`from_error`](Self::from_error), for credentials that the client does not have: `redact` replaces them
    /// in the text.
    pub(super) fn from_redacted_error(error: &Error, redact: impl Fn(String) -> String) -> Self {
        let reason = capped(&redact(error.to_string()));
        match error.status().map(|status| status.as_u16()) {
            Some(413) if error.is_api() => Self::TooLarge { reason },
            Some(400 | 422) if error.is_api() => Self::InvalidRecord { reason },
            Some(status) if error.is_api() && is_transient(status) => Self::Retry {
                reason,
                after: error.retry_after(),
            },
            None if !error.is_builder() && !error.is_decode() && !error.is_too_large() => {
                Self::Retry {
                    reason,
                    after: None,
                }
            }
            _ => Self::Rejected { reason },
        }
    }

    /// Returns the result of each of several records that were sent in one request and refused. `None` where the engine has
    /// to send them again, all or a part of them.
    pub(super) fn refusal(&self, records: usize) -> Option<ItemResult> {
        match self {
            Self::Rejected { .. } => Some(self.into()),
            Self::InvalidRecord { .. } if records == 1 => Some(self.into()),
            _ => None,
        }
    }

    /// Returns the reason of an outcome that is not one of items.
    #[cfg(any(feature = "braintrust", feature = "galileo"))]
    pub(super) fn into_reason(self) -> String {
        match self {
            Self::Retry { reason, .. }
            | Self::TooLarge { reason }
            | Self::InvalidRecord { reason }
            | Self::Rejected { reason } => reason,
            Self::Items(_) => String::new(),
        }
    }

    /// Combines the results of several requests, each for one record, in the order of the batch.
    ///
    /// Where every record can be sent again, the result is [`Retry`](Self::Retry) with the longest time that the vendor
    /// asked to wait.
    pub(super) fn from_items(items: Vec<ItemResult>) -> Self {
        let retries = items.iter().filter_map(|item| match item {
            ItemResult::Retry { reason, after } => Some((reason, *after)),
            _ => None,
        });
        let (mut count, mut longest, mut first) = (0, None, None);
        for (reason, after) in retries {
            count += 1;
            longest = longest.max(after);
            first = first.or(Some(reason));
        }
        match first {
            Some(reason) if count == items.len() => Self::Retry {
                reason: reason.clone(),
                after: longest,
            },
            _ => Self::Items(items.into_iter().map(ItemOutcome::from).collect()),
        }
    }
}

/// The result of the request for one record.
#[derive(Clone, Debug)]
pub(super) enum ItemResult {
    /// The vendor has it.
    Acknowledged,
    /// The vendor refused it.
    Rejected {
        /// Why.
        reason: String,
    },
    /// It can be sent again.
    Retry {
        /// Why.
        reason: String,
        /// How long the vendor asked to wait.
        after: Option<Duration>,
    },
}

impl ItemResult {
    /// Classifies the result of a request that carries one record. One record that is too large is refused: it cannot
    /// be split.
    pub(super) fn from_result<T>(result: Result<T, Error>) -> Self {
        match result {
            Ok(_) => Self::Acknowledged,
            Err(error) => Self::from(&Outcome::from_error(&error)),
        }
    }
}

/// Sets the results at some positions of a batch.
pub(super) fn set_results(
    results: &mut [ItemResult],
    positions: impl IntoIterator<Item = usize>,
    result: &ItemResult,
) {
    for position in positions {
        if let Some(place) = results.get_mut(position) {
            *place = result.clone();
        }
    }
}

impl From<&Outcome> for ItemResult {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Retry { reason, after } => Self::Retry {
                reason: reason.clone(),
                after: *after,
            },
            Outcome::TooLarge { reason }
            | Outcome::InvalidRecord { reason }
            | Outcome::Rejected { reason } => Self::Rejected {
                reason: reason.clone(),
            },
            Outcome::Items(_) => Self::Acknowledged,
        }
    }
}

impl From<ItemResult> for ItemOutcome {
    fn from(result: ItemResult) -> Self {
        match result {
            ItemResult::Acknowledged => Self::Acknowledged,
            ItemResult::Rejected { reason } => Self::Rejected { reason },
            ItemResult::Retry { reason, .. } => Self::Retry { reason },
        }
    }
}

/// How many requests of one batch are under way at the same time.
const PARALLEL: usize = 8;

/// Runs requests, a few at the same time. Returns their results in their order.
pub(super) async fn run_all<F: Future>(requests: Vec<F>) -> Vec<F::Output> {
    let requests = futures_util::stream::iter(requests);
    requests.buffered(PARALLEL).collect().await
}

/// Sends the spans of a batch, and then its scores: vendors find the subject of a score only if they have it. Returns the
/// results in the order of the batch.
pub(super) async fn send_spans_first<'b, S, R>(
    batch: &'b [Arc<Record>],
    send_spans: impl FnOnce(Vec<Arc<Record>>) -> S,
    send_scores: impl FnOnce(Vec<&'b Score>) -> R,
) -> Outcome
where
    S: Future<Output = Outcome>,
    R: Future<Output = Vec<ItemResult>>,
{
    let is_span = |record: &&Arc<Record>| matches!(***record, Record::Span(_));
    let spans: Vec<Arc<Record>> = batch.iter().filter(is_span).cloned().collect();
    let scores = batch.iter().filter_map(|record| match &**record {
        Record::Score(score) => Some(score.as_ref()),
        Record::Span(_) => None,
    });
    let scores: Vec<&Score> = scores.collect();
    let count = spans.len();
    let spans = match count {
        0 => Vec::new(),
        _ => match send_spans(spans).await {
            outcome if scores.is_empty() => return outcome,
            Outcome::Items(items) => items,
            outcome => match outcome.refusal(count) {
                Some(refused) => vec![refused.into(); count],
                None => return outcome,
            },
        },
    };
    let scores = send_scores(scores).await;
    if count == 0 {
        return Outcome::from_items(scores);
    }
    let (mut spans, mut scores) = (spans.into_iter(), scores.into_iter());
    let items = batch.iter().filter_map(|record| match **record {
        Record::Span(_) => spans.next(),
        Record::Score(_) => scores.next().map(ItemOutcome::from),
    });
    Outcome::Items(items.collect())
}

/// Sends a request once: the delivery engine retries.
pub(super) async fn send_once<E, T>(request: E, timeout: Duration) -> Result<T, Error>
where
    E: Endpoint + RequestExt + IntoFuture<Output = Result<T, Error>>,
{
    let request = RequestExt::timeout(request, timeout);
    let request = RequestExt::attempt_timeout(request, timeout);
    RequestExt::retry(request, RetryPolicy::never()).await
}

/// Returns a vendor's text without control characters, cut to a length that fits into a report.
pub(super) fn capped(text: &str) -> String {
    let mut chars = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut capped: String = chars.by_ref().take(LONGEST_REASON).collect();
    if chars.next().is_some() {
        capped.push('…');
    }
    capped
}

fn is_transient(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500..=599) && !matches!(status, 501 | 505)
}
