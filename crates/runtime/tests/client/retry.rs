//! When a call is tried again, how long it waits, and what the error says of it. The transport is scripted and the
//! clock stands still but where somebody waits, so that nothing here takes time.

use std::time::Duration;

use observatory_runtime::{
    Client, ClientBuilder, Endpoint, Error, Json, RequestExt, RetryBudget, RetryPolicy, Stopped,
    TransportFailure, Value,
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
            #[body(json)]
            body: Option<Value>,
        }
    };
}
operation!(Get, GET);
operation!(Head, HEAD);
operation!(Options, OPTIONS);
operation!(Trace, TRACE);
operation!(Put, PUT);
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

/// How often a request of each kind is sent where this is what comes of it: GET, POST, POST that is idempotent.
async fn attempts(step: Step) -> [usize; 3] {
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
async fn what_passes_is_tried_again_where_that_is_safe() {
    for (step, expected) in [
        (Step::failure(TransportFailure::Connect), [4, 4, 4]),
        (Step::failure(TransportFailure::Timeout), [4, 1, 4]),
        (Step::failure(TransportFailure::Broken), [4, 1, 4]),
        (Step::failure(TransportFailure::TooLarge), [1, 1, 1]),
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
        assert_eq!(attempts(step.clone()).await, expected, "{step:?}");
    }
}

#[tokio::test]
async fn idempotent_methods_are_those_of_the_rfc() {
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
        sent!(Delete),
    ];
    assert_eq!(safe, [4; 5]);
    assert_eq!([sent!(Post), sent!(Patch)], [1, 1]);
    Patch::new(&client, 1).idempotent().await.unwrap_err();
    assert_eq!(script.take_request_count(), 4);
}

#[tokio::test]
async fn the_same_request_is_sent_until_it_succeeds() {
    let steps = [
        Step::status(429),
        Step::failure(TransportFailure::Connect),
        Step::json(200, json!({"id": 7})),
    ];
    let script = ScriptedTransport::new(steps);
    let body = json!({"a": "b"});
    let post = Post::new(&client(&script), 1).body(body.clone());
    let answer = post.header("idempotency-key", "k1").await.unwrap();
    assert_eq!(answer["id"], 7);
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
async fn pauses_are_random_and_double_up_to_a_limit() {
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
        // The chance that 200 random times all miss the upper fifth is one in 10^19.
        assert!(
            *longest <= limit && *longest > limit * 4 / 5,
            "{longest:?} of {limit:?}"
        );
    }
    // Full jitter starts at nothing.
    assert!(all.iter().any(|pause| *pause < SECOND / 20));
}

#[tokio::test]
async fn the_server_says_how_long_to_wait() {
    for (headers, least) in [
        (vec![("retry-after", "7")], 7),
        (vec![("retry-after", " 7 ")], 7),
        (vec![("retry-after", "0")], 0),
        // By the server's own clock, however wrong it is.
        (
            vec![
                ("retry-after", "Wed, 21 Oct 2015 07:28:30 GMT"),
                ("date", "Wed, 21 Oct 2015 07:28:00 GMT"),
            ],
            30,
        ),
        // The obsolete forms of a date, which HTTP still has.
        (
            vec![
                ("retry-after", "Wednesday, 21-Oct-15 07:28:09 GMT"),
                ("date", "Wed, 21 Oct 2015 07:28:00 GMT"),
            ],
            9,
        ),
        // What is past, and what is no time.
        (vec![("retry-after", "Wed, 21 Oct 2015 07:28:30 GMT")], 0),
        (vec![("retry-after", "soon")], 0),
        (vec![("retry-after", "-1")], 0),
        (vec![("retry-after", "1.5")], 0),
    ] {
        let refused = Step::status(429).headers(&headers);
        let script = ScriptedTransport::new([refused, Step::json(200, json!(1))]);
        Post::new(&client(&script), 1).await.unwrap();
        let pause = script.sleeps()[0];
        let least = Duration::from_secs(least);
        let jitter = Duration::from_millis(500);
        assert!(
            pause >= least && pause <= least + jitter,
            "{headers:?}: {pause:?}"
        );
    }
}

#[tokio::test]
async fn a_date_is_compared_with_this_clock_where_the_server_has_none() {
    let later = std::time::SystemTime::now() + 20 * SECOND;
    let later = httpdate::fmt_http_date(later);
    let refused = Step::status(503).headers(&[("retry-after", &later)]);
    let script = ScriptedTransport::new([refused, Step::json(200, json!(1))]);
    Post::new(&client(&script), 1).await.unwrap();
    let pause = script.sleeps()[0];
    assert!(pause > 15 * SECOND && pause < 21 * SECOND, "{pause:?}");
}

#[tokio::test]
async fn a_long_wait_is_told_and_not_waited_for() {
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
        assert_eq!(error.stopped(), Some(Stopped::RetryAfter));
        let wait = Duration::from_secs(seconds.parse().unwrap_or(u64::MAX));
        assert_eq!(error.retry_after(), Some(wait));
        assert!(error.is_rate_limited() && error.is_retryable());
        let said = format!("(1 attempt; the server asks to wait {} s)", wait.as_secs());
        assert!(error.to_string().ends_with(&said), "{error}");
    }
}

#[tokio::test]
async fn the_time_is_for_all_attempts() {
    // Each attempt takes the time it is given.
    let stalls =
        || ScriptedTransport::repeating(Step::failure(TransportFailure::Timeout).stalling());
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
    assert_eq!(error.stopped(), Some(Stopped::Deadline));
    assert!(error.is_timeout());
    let limits = script.limits();
    assert_eq!(limits[0].timeout, 4 * SECOND);
    assert_eq!(limits[1].timeout, 4 * SECOND);
    // Two attempts, two waits of up to a second: what is left is less.
    assert!(
        limits.len() == 2 || limits[2].timeout < 2 * SECOND,
        "{limits:?}"
    );
    assert!(script.elapsed() <= 10 * SECOND, "{:?}", script.elapsed());
    assert_eq!(error.attempts() as usize, script.request_count());
    // A wait that would end after the time is not begun.
    let refused = Step::status(503).headers(&[("retry-after", "30")]);
    let script = ScriptedTransport::repeating(refused);
    let error = Get::new(&builder_of(&script).build().unwrap(), 1)
        .await
        .unwrap_err();
    assert_eq!(
        (script.request_count(), script.elapsed()),
        (1, Duration::ZERO)
    );
    assert_eq!(error.stopped(), Some(Stopped::Deadline));
    // A request has its own times.
    let script = stalls();
    let get = Get::new(&builder_of(&script).build().unwrap(), 1);
    let get = get.timeout(2 * SECOND).attempt_timeout(3 * SECOND);
    get.await.unwrap_err();
    assert_eq!(script.limits()[0].timeout, 2 * SECOND);
    assert_eq!(script.request_count(), 1);
}

#[tokio::test]
async fn a_storm_does_not_multiply_the_load() {
    let script = ScriptedTransport::repeating(Step::status(503));
    let client = builder(&script)
        .retry_budget(RetryBudget::new(5, 10))
        .build()
        .unwrap();
    let mut stops = Vec::new();
    for _ in 0..100 {
        // Clones share the budget.
        let error = Get::new(&client.clone(), 1).await.unwrap_err();
        stops.push(error.stopped().unwrap());
    }
    assert_eq!(script.request_count(), 105);
    assert_eq!(stops[0], Stopped::Attempts);
    assert_eq!(stops[99], Stopped::Budget);
    // Ten successes pay for one retry.
    script.set_step(Step::json(200, json!(1)));
    for _ in 0..10 {
        Get::new(&client, 1).await.unwrap();
    }
    script.set_step(Step::status(503));
    script.take_request_count();
    Get::new(&client, 1).await.unwrap_err();
    let error = Get::new(&client, 1).await.unwrap_err();
    assert_eq!(script.request_count(), 3);
    let said = "(1 attempt: too many calls fail, the budget for retries is spent)";
    assert!(error.to_string().ends_with(said), "{error}");
    // A client like it has the same server, and the same budget; one without a limit has none.
    let like = ClientBuilder::<Client>::like(&client).build().unwrap();
    script.take_request_count();
    Get::new(&like, 1).await.unwrap_err();
    assert_eq!(script.take_request_count(), 1);
    let free = ClientBuilder::<Client>::like(&client);
    let free = free.retry_budget(RetryBudget::unlimited()).build().unwrap();
    for _ in 0..100 {
        Get::new(&free, 1).await.unwrap_err();
    }
    assert_eq!(script.take_request_count(), 400);
}

#[tokio::test]
async fn clients_and_requests_say_otherwise() {
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
    // What one request says, the next one does not inherit.
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

async fn said(request: Get) -> String {
    request.await.unwrap_err().to_string()
}

#[tokio::test]
async fn the_error_tells_how_often_and_why_no_more() {
    let script = ScriptedTransport::repeating(Step::status(503));
    let client = client(&script);
    let start = "/rows/{id}: the server answered 503 Service Unavailable";
    assert_eq!(
        said(Get::new(&client, 1)).await,
        format!("GET {start} (4 attempts: there are no more)")
    );
    let never = Get::new(&client, 1).retry(RetryPolicy::never());
    assert_eq!(said(never).await, format!("GET {start}"));
    script.set_step(Step::failure(TransportFailure::Timeout));
    let error = Post::new(&client, 1).await.unwrap_err();
    assert_eq!(error.stopped(), Some(Stopped::NotIdempotent));
    assert_eq!(
        error.to_string(),
        "POST /rows/{id}: no answer in time: connection lost (1 attempt: sending it again may do it twice)"
    );
    assert_eq!(
        (error.method(), error.path()),
        (Some("POST"), Some("/rows/{id}"))
    );
    // What failed for good after it failed in passing.
    let steps = [Step::status(503), Step::status(404)];
    let error: Error = Get::new(&self::client(&ScriptedTransport::new(steps)), 1)
        .await
        .unwrap_err();
    assert_eq!(
        (error.attempts(), error.stopped()),
        (2, Some(Stopped::Permanent))
    );
    assert!(error.is_not_found() && !error.is_retryable());
    assert!(
        error.to_string().ends_with("404 Not Found (2 attempts)"),
        "{error}"
    );
    // Nothing was sent.
    let error = Get::new(&client, 1).header("x\n", "y").await.unwrap_err();
    assert!(error.is_builder() && !error.is_retryable());
    assert_eq!((error.attempts(), error.stopped()), (0, None));
    // An answer that cannot be read is not asked for again.
    let script = ScriptedTransport::repeating(Step::json(200, json!(1)).body("{"));
    let error = Get::new(&self::client(&script), 1).await.unwrap_err();
    assert!(error.is_decode() && !error.is_retryable());
    assert_eq!((error.attempts(), script.request_count()), (1, 1));
    assert_eq!(error.excerpt(), Some("{"));
    let steps = [Step::status(503), Step::json(200, json!(1)).body("{")];
    let client = self::client(&ScriptedTransport::new(steps));
    let error = Get::new(&client, 1).await.unwrap_err();
    assert_eq!(
        (error.attempts(), error.stopped()),
        (2, Some(Stopped::Permanent))
    );
    let steps = [Step::status(503), Step::json(200, json!(1))];
    let client = self::client(&ScriptedTransport::new(steps));
    assert_eq!(Get::new(&client, 1).send().await.unwrap().attempts(), 2);
}

#[tokio::test(start_paused = true)]
async fn tokio_s_clock_is_the_default() {
    let script = ScriptedTransport::repeating(Step::status(503).headers(&[("retry-after", "40")]));
    let builder = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH).base_url("https://a.b");
    let client: Client = builder.transport(script.clone()).build().unwrap();
    let start = tokio::time::Instant::now();
    let error = Get::new(&client, 1).await.unwrap_err();
    // Two minutes are two waits, and not three.
    assert_eq!(
        (error.attempts(), error.stopped()),
        (3, Some(Stopped::Deadline))
    );
    assert!(start.elapsed() >= 80 * SECOND && start.elapsed() < 82 * SECOND);
}

#[test]
fn without_tokio_a_thread_waits() {
    let script = ScriptedTransport::new([Step::status(503), Step::json(200, json!(1))]);
    let builder = ClientBuilder::new(&stub_server::API_WITHOUT_AUTH).base_url("https://a.b");
    let client: Client = builder.transport(script.clone()).build().unwrap();
    let policy = RetryPolicy::new().backoff(SECOND / 20, SECOND);
    let answer = scripted_transport::block_on(Get::new(&client, 1).retry(policy).send());
    assert_eq!(answer.unwrap().value(), 1);
    assert_eq!(script.request_count(), 2);
}
