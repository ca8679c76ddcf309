//! Retries: which failures are retried, the waits between attempts, and the resulting errors.
//!
//! The transport is scripted and its clock only advances in `sleep`, so these tests do not wait.

use std::time::Duration;

use observatory_runtime::{
    Client, ClientBuilder, Endpoint, Error, Json, RequestExt, RetryBudget, RetryPolicy, StopReason,
    TransportErrorKind, Value,
};
use serde_json::json;

use crate::support::scripted_transport::{self, ScriptedTransport, Step};
use crate::support::stub_server;

const SECOND: Duration = Duration::from_secs(1);

macro_rules! operation {
    ($name:ident, $method:ident $(, $idempotent:ident)?) => {
        #[derive(Clone, Endpoint)]
        #[endpoint($method, "/rows/{id}")]
        #[endpoint(output = Json<Value>)]
        $(#[endpoint($idempotent)])?
        struct $name {
            client: Client,
            #[in_path]
            id: i64,
            #[body(Json)]
            body: Option<Value>,
        }
    };
}
operation!(Get, GET);
operation!(Head, HEAD);
operation!(Options, OPTIONS);
operation!(Trace, TRACE);
operation!(Put, PUT);
operation!(Query, QUERY);
operation!(Delete, DELETE);
operation!(Post, POST);
operation!(Patch, PATCH);
operation!(Search, POST, idempotent);

fn client(script: &ScriptedTransport) -> Client {
    builder(script).build().unwrap()
}

fn builder(script: &ScriptedTransport) -> ClientBuilder<Client> {
    ClientBuilder::new(&stub_server::API_WITHOUT_AUTH)
        .base_url("https://a.b")
        .transport(script.clone())
        .clock(script.clone())
}

/// Returns how often a GET, a POST and an idempotent POST are sent if each attempt ends with this step.
async fn request_counts(step: Step) -> [usize; 3] {
    let get = ScriptedTransport::repeating(step.clone());
    Get::new(&client(&get), 1).await.unwrap_err();
    let post = ScriptedTransport::repeating(step.clone());
    Post::new(&client(&post), 1).await.unwrap_err();
    let search = ScriptedTransport::repeating(step);
    Search::new(&client(&search), 1).await.unwrap_err();
    [
        get.request_count(),
        post.request_count(),
        search.request_count(),
    ]
}

#[tokio::test]
async fn retries_transient_failures_if_safe() {
    for (step, expected) in [
        (Step::failure(TransportErrorKind::Connect), [4, 4, 4]),
        (Step::failure(TransportErrorKind::Timeout), [4, 1, 4]),
        (Step::failure(TransportErrorKind::Broken), [4, 1, 4]),
        (Step::failure(TransportErrorKind::TooLarge), [1, 1, 1]),
        (Step::status(408), [4, 1, 4]),
        (Step::status(429), [4, 4, 4]),
        (Step::status(502), [4, 1, 4]),
        (Step::status(503), [4, 4, 4]),
        (Step::status(504), [4, 1, 4]),
        (Step::status(400), [1, 1, 1]),
        (Step::status(401), [1, 1, 1]),
        (Step::status(404), [1, 1, 1]),
        (Step::status(409), [1, 1, 1]),
        (Step::status(500), [1, 1, 1]),
        (Step::status(501), [1, 1, 1]),
        (Step::status(302), [1, 1, 1]),
    ] {
        assert_eq!(request_counts(step.clone()).await, expected, "{step:?}");
    }
}

#[tokio::test]
async fn treats_methods_as_idempotent_like_rfc_9110() {
    let script = ScriptedTransport::repeating(Step::status(502));
    let client = client(&script);
    macro_rules! sent {
        ($name:ident) => {{
            $name::new(&client, 1).await.unwrap_err();
            script.take_request_count()
        }};
    }
    let safe = [
        sent!(Head),
        sent!(Options),
        sent!(Trace),
        sent!(Put),
        sent!(Query),
        sent!(Delete),
    ];
    assert_eq!(safe, [4; 6]);
    assert_eq!([sent!(Post), sent!(Patch)], [1, 1]);
    Patch::new(&client, 1).idempotent().await.unwrap_err();
    assert_eq!(script.take_request_count(), 4);
}

#[tokio::test]
async fn waits_at_most_the_longest_retry_after_and_less_than_the_time_that_is_left() {
    let policy = RetryPolicy::new().backoff(Duration::ZERO, Duration::ZERO);
    let after_one_second = || {
        let limited = Step::status(429).headers(&[("retry-after", "1")]);
        ScriptedTransport::new([limited, Step::json(200, json!(1))])
    };
    for (longest, timeout, reason) in [
        (SECOND, 2 * SECOND, None),
        (SECOND / 2, 2 * SECOND, Some(StopReason::RetryAfter)),
        (SECOND, SECOND, Some(StopReason::Deadline)),
        (SECOND, SECOND + Duration::from_nanos(1), None),
    ] {
        let client = builder(&after_one_second())
            .retry(policy.clone().longest_retry_after(longest))
            .timeout(timeout);
        let error = Get::new(&client.build().unwrap(), 1).await.err();
        let found = error.and_then(|error| error.stop_reason());
        assert_eq!(found, reason, "{longest:?}, {timeout:?}");
    }
}

#[tokio::test]
async fn repeats_same_request_until_success() {
    let steps = [
        Step::status(429),
        Step::failure(TransportErrorKind::Connect),
        Step::json(200, json!({"id": 7})),
    ];
    let script = ScriptedTransport::new(steps);
    let body = json!({"a": "b"});
    let post = Post::new(&client(&script), 1).body(body.clone());
    let response = post.header("idempotency-key", "k1").await.unwrap();
    assert_eq!(response["id"], 7);
    let all = script.requests();
    assert_eq!(all.len(), 3);
    for request in all {
        assert_eq!(request.method(), "POST");
        assert_eq!(request.uri(), "https://a.b/rows/1");
        assert_eq!(request.headers()["idempotency-key"], "k1");
        assert_eq!(request.body().as_bytes(), Some(body.to_string().as_bytes()));
    }
}

#[tokio::test]
async fn backoff_is_random_and_doubles_up_to_maximum() {
    let policy = RetryPolicy::new().attempts(6).backoff(SECOND, 5 * SECOND);
    let mut longest = [Duration::ZERO; 5];
    let mut all = Vec::new();
    for _ in 0..200 {
        let script = ScriptedTransport::repeating(Step::status(503));
        let client = builder(&script).retry(policy.clone()).build().unwrap();
        Get::new(&client, 1).await.unwrap_err();
        let pauses = script.sleeps();
        assert_eq!(pauses.len(), 5);
        for (longest, pause) in longest.iter_mut().zip(&pauses) {
            *longest = (*longest).max(*pause);
        }
        all.extend(pauses);
    }
    for (longest, limit) in longest.iter().zip([1, 2, 4, 5, 5]) {
        let limit = Duration::from_secs(limit);
        // The probability that 200 random waits all miss the upper fifth is 1 in 10^19.
        assert!(
            *longest <= limit && *longest > limit * 4 / 5,
            "{longest:?} of {limit:?}"
        );
    }
    // Full jitter includes very short waits.
    assert!(all.iter().any(|pause| *pause < SECOND / 20));
}

#[tokio::test]
async fn waits_for_retry_after() {
    for (headers, minimum) in [
        (vec![("retry-after", "7")], 7),
        (vec![("retry-after", " 7 ")], 7),
        (vec![("retry-after", "0")], 0),
        // The date is compared with the clock of the server.
        (
            vec![
                ("retry-after", "Wed, 21 Oct 2015 07:28:30 GMT"),
                ("date", "Wed, 21 Oct 2015 07:28:00 GMT"),
            ],
            30,
        ),
        // An obsolete date format that HTTP still allows.
        (
            vec![
                ("retry-after", "Wednesday, 21-Oct-15 07:28:09 GMT"),
                ("date", "Wed, 21 Oct 2015 07:28:00 GMT"),
            ],
            9,
        ),
        // Dates in the past and invalid values are ignored.
        (vec![("retry-after", "Wed, 21 Oct 2015 07:28:30 GMT")], 0),
        (vec![("retry-after", "soon")], 0),
        (vec![("retry-after", "-1")], 0),
        (vec![("retry-after", "1.5")], 0),
    ] {
        let refused = Step::status(429).headers(&headers);
        let script = ScriptedTransport::new([refused, Step::json(200, json!(1))]);
        Post::new(&client(&script), 1).await.unwrap();
        let pause = script.sleeps()[0];
        let minimum = Duration::from_secs(minimum);
        let jitter = Duration::from_millis(500);
        assert!(
            pause >= minimum && pause <= minimum + jitter,
            "{headers:?}: {pause:?}"
        );
    }
}

#[tokio::test]
async fn compares_retry_after_date_with_local_clock_without_date_header() {
    let later = std::time::SystemTime::now() + 20 * SECOND;
    let later = httpdate::fmt_http_date(later);
    let refused = Step::status(503).headers(&[("retry-after", &later)]);
    let script = ScriptedTransport::new([refused, Step::json(200, json!(1))]);
    Post::new(&client(&script), 1).await.unwrap();
    let pause = script.sleeps()[0];
    assert!(pause > 15 * SECOND && pause < 21 * SECOND, "{pause:?}");
}

#[tokio::test]
async fn returns_error_if_retry_after_exceeds_maximum() {
    for (seconds, policy) in [
        ("61", RetryPolicy::new()),
        ("99999999999999999999999999", RetryPolicy::new()),
        ("2", RetryPolicy::new().longest_retry_after(SECOND)),
    ] {
        let refused = Step::status(429).headers(&[("retry-after", seconds)]);
        let script = ScriptedTransport::repeating(refused);
        let client = builder(&script).retry(policy).build().unwrap();
        let error = Get::new(&client, 1).await.unwrap_err();
        assert_eq!((script.request_count(), error.attempts()), (1, 1));
        assert_eq!(error.stop_reason(), Some(StopReason::RetryAfter));
        let wait = Duration::from_secs(seconds.parse().unwrap_or(u64::MAX));
        assert_eq!(error.retry_after(), Some(wait));
        assert!(error.is_rate_limited() && error.is_retryable());
        let expected = format!("(1 attempt; retry after {} s)", wait.as_secs());
        assert!(error.to_string().ends_with(&expected), "{error}");
    }
}

#[tokio::test]
async fn timeout_includes_all_attempts() {
    // Each attempt uses its whole timeout.
    let stalls =
        || ScriptedTransport::repeating(Step::failure(TransportErrorKind::Timeout).stalling());
    let script = stalls();
    let builder_of = |script: &ScriptedTransport| {
        builder(script)
            .timeout(10 * SECOND)
            .attempt_timeout(4 * SECOND)
            .retry(RetryPolicy::new().attempts(9).backoff(SECOND, SECOND))
    };
    let error = Get::new(&builder_of(&script).build().unwrap(), 1)
        .await
        .unwrap_err();
    assert_eq!(error.stop_reason(), Some(StopReason::Deadline));
    assert!(error.is_timeout());
    let limits = script.limits();
    assert_eq!(limits[0].timeout, 4 * SECOND);
    assert_eq!(limits[1].timeout, 4 * SECOND);
    // After two attempts and two waits of up to one second, less than 2 seconds remain.
    assert!(
        limits.len() == 2 || limits[2].timeout < 2 * SECOND,
        "{limits:?}"
    );
    assert!(script.elapsed() <= 10 * SECOND, "{:?}", script.elapsed());
    assert_eq!(error.attempts() as usize, script.request_count());
    // A wait that would exceed the timeout is not started.
    let refused = Step::status(503).headers(&[("retry-after", "30")]);
    let script = ScriptedTransport::repeating(refused);
    let error = Get::new(&builder_of(&script).build().unwrap(), 1)
        .await
        .unwrap_err();
    assert_eq!(
        (script.request_count(), script.elapsed()),
        (1, Duration::ZERO)
    );
    assert_eq!(error.stop_reason(), Some(StopReason::Deadline));
    // A request can override the timeouts.
    let script = stalls();
    let get = Get::new(&builder_of(&script).build().unwrap(), 1);
    let get = get.timeout(2 * SECOND).attempt_timeout(3 * SECOND);
    get.await.unwrap_err();
    assert_eq!(script.limits()[0].timeout, 2 * SECOND);
    assert_eq!(script.request_count(), 1);
}

#[tokio::test]
async fn retry_budget_limits_retries() {
    let script = ScriptedTransport::repeating(Step::status(503));
    let client = builder(&script)
        .retry_budget(RetryBudget::new(5, 10))
        .build()
        .unwrap();
    let mut stops = Vec::new();
    for _ in 0..100 {
        // Clones share the budget.
        let error = Get::new(&client.clone(), 1).await.unwrap_err();
        stops.push(error.stop_reason().unwrap());
    }
    assert_eq!(script.request_count(), 105);
    assert_eq!(stops[0], StopReason::Attempts);
    assert_eq!(stops[99], StopReason::Budget);
    // Ten successes add one retry to the budget.
    script.set_step(Step::json(200, json!(1)));
    for _ in 0..10 {
        Get::new(&client, 1).await.unwrap();
    }
    script.set_step(Step::status(503));
    script.take_request_count();
    Get::new(&client, 1).await.unwrap_err();
    let error = Get::new(&client, 1).await.unwrap_err();
    assert_eq!(script.request_count(), 3);
    let expected = "(1 attempt: retry budget exhausted)";
    assert!(error.to_string().ends_with(expected), "{error}");
    // A client that is built from this one shares its budget, unless it sets another.
    let like = ClientBuilder::<Client>::from_client(&client)
        .build()
        .unwrap();
    script.take_request_count();
    Get::new(&like, 1).await.unwrap_err();
    assert_eq!(script.take_request_count(), 1);
    let free = ClientBuilder::<Client>::from_client(&client);
    let free = free.retry_budget(RetryBudget::unlimited()).build().unwrap();
    for _ in 0..100 {
        Get::new(&free, 1).await.unwrap_err();
    }
    assert_eq!(script.take_request_count(), 400);
}

#[tokio::test]
async fn request_policy_overrides_client_policy() {
    let script = ScriptedTransport::repeating(Step::status(503));
    let never = builder(&script)
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    Get::new(&never, 1).await.unwrap_err();
    assert_eq!(script.take_request_count(), 1);
    let twice = RetryPolicy::new().attempts(2);
    Get::new(&never, 1).retry(twice).await.unwrap_err();
    assert_eq!(script.take_request_count(), 2);
    // Options of one request do not affect the next.
    let client = client(&script);
    let get = Get::new(&client, 1);
    get.clone()
        .retry(RetryPolicy::never())
        .send()
        .await
        .unwrap_err();
    assert_eq!(script.take_request_count(), 1);
    get.await.unwrap_err();
    assert_eq!(script.take_request_count(), 4);
    let none = RetryPolicy::new().attempts(0);
    Get::new(&client, 1).retry(none).await.unwrap_err();
    assert_eq!(script.take_request_count(), 1);
}

async fn error_message(request: Get) -> String {
    request.await.unwrap_err().to_string()
}

#[tokio::test]
async fn error_contains_attempts_and_stop_reason() {
    let script = ScriptedTransport::repeating(Step::status(503));
    let client = client(&script);
    let start = "/rows/{id}: server returned 503 Service Unavailable";
    assert_eq!(
        error_message(Get::new(&client, 1)).await,
        format!("GET {start} (4 attempts: maximum number of attempts)")
    );
    let never = Get::new(&client, 1).retry(RetryPolicy::never());
    assert_eq!(error_message(never).await, format!("GET {start}"));
    script.set_step(Step::failure(TransportErrorKind::Timeout));
    let error = Post::new(&client, 1).await.unwrap_err();
    assert_eq!(error.stop_reason(), Some(StopReason::NotIdempotent));
    assert_eq!(
        error.to_string(),
        "POST /rows/{id}: request timed out: connection lost (1 attempt: the request is not idempotent)"
    );
    assert_eq!(
        (error.method(), error.path()),
        (Some("POST"), Some("/rows/{id}"))
    );
    // A permanent failure after a transient one.
    let steps = [Step::status(503), Step::status(404)];
    let error: Error = Get::new(&self::client(&ScriptedTransport::new(steps)), 1)
        .await
        .unwrap_err();
    assert_eq!(
        (error.attempts(), error.stop_reason()),
        (2, Some(StopReason::Permanent))
    );
    assert!(error.is_not_found() && !error.is_retryable());
    assert!(
        error.to_string().ends_with("404 Not Found (2 attempts)"),
        "{error}"
    );
    // A request that is not sent.
    let error = Get::new(&client, 1).header("x\n", "y").await.unwrap_err();
    assert!(error.is_builder() && !error.is_retryable());
    assert_eq!((error.attempts(), error.stop_reason()), (0, None));
    // A response that cannot be decoded is not retried.
    let script = ScriptedTransport::repeating(Step::json(200, json!(1)).body("{"));
    let error = Get::new(&self::client(&script), 1).await.unwrap_err();
    assert!(error.is_decode() && !error.is_retryable());
    assert_eq!((error.attempts(), script.request_count()), (1, 1));
    assert_eq!(error.excerpt(), Some("{"));
    let steps = [Step::status(503), Step::json(200, json!(1)).body("{")];
    let client = self::client(&ScriptedTransport::new(steps));
    let error = Get::new(&client, 1).await.unwrap_err();
    assert_eq!(
        (error.attempts(), error.stop_reason()),
        (2, Some(StopReason::Permanent))
    );
    let steps = [Step::status(503), Step::json(200, json!(1))];
    let client = self::client(&ScriptedTransport::new(steps));
    assert_eq!(Get::new(&client, 1).send().await.unwrap().attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn uses_tokio_clock_by_default() {
    let script = ScriptedTransport::repeating(Step::status(503).headers(&[("retry-after", "40")]));
    let builder = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH).base_url("https://a.b");
    let client: Client = builder.transport(script.clone()).build().unwrap();
    let start = tokio::time::Instant::now();
    let error = Get::new(&client, 1).await.unwrap_err();
    // The default timeout of two minutes allows two waits of 40 seconds, but not three.
    assert_eq!(
        (error.attempts(), error.stop_reason()),
        (3, Some(StopReason::Deadline))
    );
    assert!(start.elapsed() >= 80 * SECOND && start.elapsed() < 82 * SECOND);
}

#[test]
fn blocks_thread_without_tokio() {
    let script = ScriptedTransport::new([Step::status(503), Step::json(200, json!(1))]);
    let builder = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH).base_url("https://a.b");
    let client: Client = builder.transport(script.clone()).build().unwrap();
    let policy = RetryPolicy::new().backoff(SECOND / 20, SECOND);
    let response = scripted_transport::block_on(Get::new(&client, 1).retry(policy).send());
    assert_eq!(response.unwrap().value(), 1);
    assert_eq!(script.request_count(), 2);
}
