//! One export request.

use super::{Otlp, OtlpEncoding, json, profile, protobuf};
use crate::destinations::classify::{capped, run_all, send_spans_first};
use crate::destinations::otlp::span::Export;
use crate::destinations::{ItemOutcome, Outcome};
use crate::model::Record;
use observatory_runtime::{
    Client, Endpoint, File, Raw, RequestExt, Response, RetryPolicy, Secret, spec,
};
use std::sync::Arc;

/// Any endpoint: its URL and its headers are options of the client.
pub(super) static API: spec::Api = profile::api("OTLP", &[], &[], &[profile::bearer(&[])]);

/// The shortest value of a header that is replaced in messages.
const SHORTEST_SECRET: usize = 5;

#[derive(Clone, Endpoint)]
#[endpoint(POST, "/{endpoint}")]
#[endpoint(
    auth("key"),
    auth("API Key"),
    auth("bearerAuth"),
    auth("basic"),
    auth()
)]
#[endpoint(output = Raw)]
struct ExportTraces {
    client: Client,
    #[in_path("endpoint", allow_slash)]
    path: String,
    #[body(Bytes)]
    body: File,
}

impl Otlp {
    /// Sends the records once.
    pub(super) async fn send(&self, batch: &[Arc<Record>]) -> Outcome {
        let Some(send_score) = self.send_score else {
            return self.export(batch).await;
        };
        send_spans_first(
            batch,
            |spans| async move { self.export(&spans).await },
            |scores| {
                let requests = scores.into_iter();
                let requests = requests.map(|score| send_score(&self.client, score, self.timeout));
                run_all(requests.collect())
            },
        )
        .await
    }

    async fn export(&self, batch: &[Arc<Record>]) -> Outcome {
        let export = Export::new(batch, &self.vocabulary);
        let (body, media_type) = match self.encoding {
            OtlpEncoding::Protobuf => (protobuf::encode(&export), "application/x-protobuf"),
            OtlpEncoding::Json => (json::encode(&export), "application/json"),
        };
        if body.len() > self.limits.bytes && batch.len() > 1 {
            return Outcome::TooLarge {
                reason: format!("{} bytes, the limit is {}", body.len(), self.limits.bytes),
            };
        }
        let body = File::new(body).with_content_type(media_type);
        let request = ExportTraces::new(&self.client, self.path.clone(), body);
        let request = RequestExt::timeout(request, self.timeout);
        let request = RequestExt::attempt_timeout(request, self.timeout);
        let response = RequestExt::retry(request, RetryPolicy::never())
            .send()
            .await;
        match response {
            Ok(response) => match read_rejected(response) {
                Ok((rejected, message)) => partly_rejected(batch, (rejected, self.redact(message))),
                Err(error) => Outcome::Rejected {
                    reason: capped(
                        &self.redact(format!("the response is not one of OTLP: {error}")),
                    ),
                },
            },
            Err(error) => Outcome::from_redacted_error(&error, |text| self.redact(text)),
        }
    }

    /// Replaces values of headers, which the client does not redact. Short ones are words that occur anyway.
    fn redact(&self, text: String) -> String {
        let secrets = self.secrets.iter().map(Secret::expose);
        let secrets = secrets.filter(|secret| secret.len() >= SHORTEST_SECRET);
        secrets.fold(text, |text, secret| text.replace(secret, "[redacted]"))
    }
}

/// Returns how many spans were refused, and why. Fails where the response is not one of OTLP.
fn read_rejected(response: Response<observatory_runtime::Bytes>) -> Result<(u64, String), String> {
    let header = response.headers().get("content-type");
    let media_type = header.and_then(|value| value.to_str().ok());
    let media_type = media_type.unwrap_or_default().trim_start();
    let is_json = media_type.starts_with("application/json");
    let body = response.into_value();
    match body.as_ref() {
        // Many servers send a success without a body.
        [] => Ok((0, String::new())),
        body if is_json => json::decode_response(body),
        body => protobuf::decode_response(body),
    }
}

/// Returns the outcome of a batch of which the server refused a number of spans.
pub(in crate::destinations) fn partly_rejected(
    batch: &[Arc<Record>],
    (rejected, message): (u64, String),
) -> Outcome {
    let spans = batch
        .iter()
        .filter(|record| matches!(***record, Record::Span(_)))
        .count();
    let rejected = usize::try_from(rejected).unwrap_or(usize::MAX);
    if rejected == 0 {
        return acknowledge(batch);
    }
    if rejected >= spans.max(1) {
        return Outcome::Rejected {
            reason: capped(&message),
        };
    }
    let reason =
        format!("{rejected} of {spans} spans were refused, it is not known which: {message}");
    let reason = capped(&reason);
    let mut left = rejected;
    let mut items: Vec<ItemOutcome> = batch
        .iter()
        .rev()
        .map(|record| {
            if left > 0 && matches!(**record, Record::Span(_)) {
                left -= 1;
                ItemOutcome::Rejected {
                    reason: reason.clone(),
                }
            } else {
                ItemOutcome::Acknowledged
            }
        })
        .collect();
    items.reverse();
    Outcome::Items(items)
}

/// Returns the outcome of a batch that the server has.
pub(in crate::destinations) fn acknowledge(batch: &[Arc<Record>]) -> Outcome {
    Outcome::Items(vec![ItemOutcome::Acknowledged; batch.len()])
}

/// Returns the base URL and the path of an endpoint.
pub(super) fn split_url(url: &str) -> (String, String) {
    let authority = url.find("://").map_or(0, |at| at + 3);
    let path = url
        .get(authority..)
        .and_then(|rest| rest.find('/'))
        .map(|at| at + authority);
    let path = path.filter(|at| url.len() > at + 1);
    let Some(start) = path else {
        return (url.trim_end_matches('/').to_owned(), "v1/traces".to_owned());
    };
    // The base URL may contain anything that a URL can contain; the last part of the path is encoded again.
    let last = url
        .trim_end_matches('/')
        .rfind('/')
        .filter(|last| *last >= start);
    let (base, path) = url.split_at(last.unwrap_or(start));
    (base.to_owned(), path.trim_matches('/').to_owned())
}
