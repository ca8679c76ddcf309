//! What a call costs beside one written by hand with reqwest and serde: 64 at once, against a server in a process of
//! its own, so that its time is not counted. Both take turns, so that what else the machine does befalls both.
//!
//! `cargo bench -p observatory-load`
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for developers"
)]

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use cpu_time::ProcessTime;
use observatory_galileo::Client;
use observatory_galileo::models::{LlmSpan, LogTracesIngestRequest, Message, Trace};
use observatory_load::Server;
use serde::{Deserialize, Serialize};

const ROUNDS: u64 = 20;
const CALLS: u64 = 1000;
const IN_FLIGHT: usize = 64;

/// The same request and answer, as somebody writes them who needs no more.
mod by_hand {
    use super::{Deserialize, Serialize};

    #[derive(Serialize)]
    pub struct Request {
        pub log_stream_id: String,
        pub traces: Vec<Trace>,
    }

    #[derive(Serialize)]
    pub struct Trace {
        #[serde(rename = "type")]
        pub kind: &'static str,
        pub input: String,
        pub spans: Vec<Span>,
    }

    #[derive(Serialize)]
    pub struct Span {
        #[serde(rename = "type")]
        pub kind: &'static str,
        pub input: Vec<Message>,
        pub output: Message,
        pub model: String,
    }

    #[derive(Serialize)]
    pub struct Message {
        pub content: String,
        pub role: String,
    }

    #[derive(Deserialize)]
    #[allow(dead_code, reason = "reading them is what is measured")]
    pub struct Done {
        pub project_id: String,
        pub project_name: String,
        pub session_id: Option<String>,
        pub log_stream_id: Option<String>,
        pub traces_count: i64,
        pub records_count: i64,
        pub trace_ids: Vec<String>,
    }
}

#[derive(Clone)]
enum Caller {
    ByHand(reqwest::Client, String),
    Ours(Client),
}

impl Caller {
    async fn log(&self, number: u64) {
        let question = format!("Why is the sky blue #{number}?");
        match self {
            Self::ByHand(client, url) => by_hand_log(client, url, question).await,
            Self::Ours(client) => ours(client, question).await,
        }
    }
}

async fn by_hand_log(client: &reqwest::Client, url: &str, question: String) {
    let message = |role: &str, content: &str| by_hand::Message {
        content: content.to_owned(),
        role: role.to_owned(),
    };
    let span = by_hand::Span {
        kind: "llm",
        input: vec![message("user", &question)],
        output: message("assistant", "Rayleigh scattering."),
        model: "gpt-4o".to_owned(),
    };
    let trace = by_hand::Trace {
        kind: "trace",
        input: question,
        spans: vec![span],
    };
    let request = by_hand::Request {
        log_stream_id: "l".to_owned(),
        traces: vec![trace],
    };
    let project = "p";
    let answer = client
        .post(format!("{url}/projects/{project}/traces"))
        .header("Galileo-API-Key", "key")
        .header("accept", "application/json")
        .json(&request)
        .send()
        .await
        .and_then(reqwest::Response::error_for_status)
        .expect("the server answers");
    let done: by_hand::Done = answer.json().await.expect("it answers with JSON");
    assert_eq!(done.traces_count, 1);
}

async fn ours(client: &Client, question: String) {
    let span = LlmSpan::new()
        .input(vec![Message::user(question.as_str())])
        .output(Message::assistant("Rayleigh scattering."))
        .model("gpt-4o");
    let trace = Trace::new().input(question).spans([span.into()]);
    let request = LogTracesIngestRequest::new([trace]).log_stream_id("l");
    let done = client.trace().log_traces("p", request).await;
    assert_eq!(done.expect("the server answers").traces_count, 1);
}

/// Wall and CPU time of so many calls.
async fn round(caller: &Caller, next: &Arc<AtomicU64>) -> (Duration, Duration) {
    let end = next.load(Ordering::Relaxed) + CALLS;
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let workers: Vec<_> = (0..IN_FLIGHT)
        .map(|_| {
            let (caller, next) = (caller.clone(), Arc::clone(next));
            tokio::spawn(async move {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= end {
                        break;
                    }
                    caller.log(number).await;
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.expect("no call fails");
    }
    next.store(end, Ordering::Relaxed);
    (wall.elapsed(), cpu.elapsed())
}

fn median(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

async fn compare(url: &str) {
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(60))
        .build()
        .expect("reqwest starts");
    let by_hand = Caller::ByHand(client, url.to_owned());
    let client = Client::builder().api_key("key").base_url(url).build();
    let ours = Caller::Ours(client.expect("the client starts"));
    let next = Arc::default();
    for caller in [&by_hand, &ours] {
        round(caller, &next).await;
    }
    let (mut of_hand, mut of_ours, mut ratios) = (Duration::ZERO, Duration::ZERO, Vec::new());
    let (mut wall_hand, mut wall_ours) = (Duration::ZERO, Duration::ZERO);
    for turn in 0..ROUNDS {
        let (hand, own) = if turn % 2 == 0 {
            let hand = round(&by_hand, &next).await;
            (hand, round(&ours, &next).await)
        } else {
            let own = round(&ours, &next).await;
            (round(&by_hand, &next).await, own)
        };
        wall_hand += hand.0;
        wall_ours += own.0;
        of_hand += hand.1;
        of_ours += own.1;
        ratios.push(own.1.as_secs_f64() / hand.1.as_secs_f64());
    }
    let calls = (ROUNDS * CALLS) as f64;
    let line = |name: &str, wall: Duration, cpu: Duration| {
        println!(
            "{name:9} {:>7.0} requests/s {:>7.1} µs of CPU a call",
            calls / wall.as_secs_f64(),
            cpu.as_secs_f64() * 1e6 / calls
        );
    };
    println!("{calls} trace logs each, {IN_FLIGHT} in flight, turn by turn:");
    line("by hand", wall_hand, of_hand);
    line("ours", wall_ours, of_ours);
    println!(
        "CPU a call, ours to by hand: {:.3} in all, {:.3} in the median round",
        of_ours.as_secs_f64() / of_hand.as_secs_f64(),
        median(ratios)
    );
}

fn main() {
    if env::args().any(|argument| argument == "--server") {
        let server = Server::start(|_| false);
        println!("{}", server.url());
        // Until the client hangs up.
        _ = std::io::stdin().read(&mut [0]);
        return;
    }
    let program = env::current_exe().expect("this program has a path");
    let mut server = Command::new(program)
        .arg("--server")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the server starts");
    let mut url = String::new();
    let said = server.stdout.take().expect("it is piped");
    BufReader::new(said)
        .read_line(&mut url)
        .expect("it says where it is");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("tokio starts").block_on(compare(url.trim()));
    drop(server.stdin.take());
    _ = server.wait();
}
