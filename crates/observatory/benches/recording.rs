//! What recording one LLM span of 2 kB costs, in instructions of the whole process, compared with `tracing-opentelemetry` and
//! its `BatchSpanProcessor`: `cargo bench -p llm-observatory --bench recording`, with `-- --json` as JSON.
//!
//! The program runs itself under `valgrind --tool=callgrind`, with 200 and with 1,000 spans; the difference excludes its
//! start. All sides deliver to a destination that accepts everything, so that the work of their threads counts too.

use llm_observatory::destinations::{BoxFuture, Destination, ItemOutcome, Outcome};
use llm_observatory::model::{Message, Record, Usage};
use llm_observatory::{ContentPolicy, Observatory};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use std::env;
use std::future::{Future, ready};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::Duration;
use tracing::field::Empty;
use tracing_subscriber::layer::SubscriberExt;

/// The variable with the case of a run under valgrind.
const CASE: &str = "RECORDING_CASE";

/// Fewer than the queue of `BatchSpanProcessor` holds, so that neither side drops any.
const SPANS: [u64; 2] = [200, 1_000];

const BASELINE: &str = "tracing-opentelemetry";

fn main() -> ExitCode {
    if let Ok(case) = env::var(CASE) {
        let mut parts = case.splitn(2, ':');
        let spans = parts.next().and_then(|spans| spans.parse().ok());
        run(parts.next().unwrap_or_default(), spans.unwrap_or_default());
        return ExitCode::SUCCESS;
    }
    let Some(baseline) = instructions_per_span(BASELINE) else {
        eprintln!("error: valgrind did not run\nhelp: install valgrind");
        return ExitCode::FAILURE;
    };
    let mut counts = vec![(BASELINE, baseline)];
    for case in ["typed API", "layer"] {
        counts.extend(instructions_per_span(case).map(|count| (case, count)));
    }
    if env::args().any(|argument| argument == "--json") {
        let counts = counts
            .into_iter()
            .map(|(case, count)| (case.to_owned(), count.into()));
        println!("{}", serde_json::Value::Object(counts.collect()));
        return ExitCode::SUCCESS;
    }
    println!(
        "{:<24} {:>12} {:>8}",
        "one LLM span of 2 kB", "instructions", "ratio"
    );
    for (case, count) in counts {
        let ratio = count as f64 / baseline as f64;
        println!("{case:<24} {count:>12} {ratio:>8.2}");
    }
    ExitCode::SUCCESS
}

fn instructions_per_span(case: &str) -> Option<u64> {
    let few = count_instructions(&format!("{}:{case}", SPANS[0]))?;
    let many = count_instructions(&format!("{}:{case}", SPANS[1]))?;
    Some((many - few) / (SPANS[1] - SPANS[0]))
}

/// Runs a case under valgrind and parses the line `Collected : 12345`.
fn count_instructions(case: &str) -> Option<u64> {
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().ok()?)
        .env(CASE, case)
        .output()
        .ok()?;
    let stderr = String::from_utf8_lossy(&run.stderr);
    let line = stderr
        .lines()
        .find_map(|line| line.split_once("Collected :"))?;
    line.1.trim().parse().ok()
}

fn run(case: &str, spans: u64) {
    match case {
        BASELINE => {
            let provider = SdkTracerProvider::builder()
                .with_batch_exporter(Accepting)
                .build();
            let tracer = provider.tracer("bench");
            let layer = tracing_opentelemetry::layer().with_tracer(tracer);
            let subscriber = tracing_subscriber::registry().with(layer);
            tracing::subscriber::with_default(subscriber, || (0..spans).for_each(|_| traced()));
            let _ = provider.shutdown();
        }
        "layer" => {
            let observatory = observatory();
            let subscriber = tracing_subscriber::registry().with(observatory.layer());
            tracing::subscriber::with_default(subscriber, || (0..spans).for_each(|_| traced()));
            observatory.flush_blocking(Duration::from_secs(60));
        }
        _ => {
            let observatory = observatory();
            (0..spans).for_each(|_| typed(&observatory));
            observatory.flush_blocking(Duration::from_secs(60));
        }
    }
}

fn observatory() -> Observatory {
    let builder = Observatory::builder()
        .service("bench")
        .content(ContentPolicy::All)
        .to(Accepting);
    builder.build().unwrap_or_else(|error| {
        eprintln!("error: {error}");
        std::process::exit(1)
    })
}

fn question() -> String {
    "Why is the sky blue? ".repeat(57)
}

fn response() -> String {
    "Rayleigh scattering. ".repeat(38)
}

/// Records one span as instrumented libraries do: messages are JSON in fields.
fn traced() {
    let question = question();
    let response = response();
    let span = tracing::info_span!(
        "chat",
        gen_ai.operation.name = "chat",
        gen_ai.provider.name = "openai",
        gen_ai.request.model = "gpt-4o",
        gen_ai.response.id = Empty,
        gen_ai.response.model = Empty,
        gen_ai.usage.input_tokens = Empty,
        gen_ai.usage.output_tokens = Empty,
        gen_ai.input.messages = Empty,
        gen_ai.output.messages = Empty,
    );
    let _entered = span.enter();
    let input =
        format!(r#"[{{"role":"user","parts":[{{"type":"text","content":"{question}"}}]}}]"#);
    span.record("gen_ai.input.messages", input);
    span.record("gen_ai.response.id", "chatcmpl-1");
    span.record("gen_ai.response.model", "gpt-4o-2024-08-06");
    span.record("gen_ai.usage.input_tokens", 12_u64);
    span.record("gen_ai.usage.output_tokens", 30_u64);
    let output =
        format!(r#"[{{"role":"assistant","parts":[{{"type":"text","content":"{response}"}}]}}]"#);
    span.record("gen_ai.output.messages", output);
}

/// Records the same span with the typed API: a trace that is one call.
fn typed(observatory: &Observatory) {
    let mut trace = observatory
        .trace("chat")
        .kind(llm_observatory::model::SpanKind::Llm)
        .input([Message::user(question())]);
    trace
        .root()
        .model("gpt-4o")
        .provider("openai")
        .response_id("chatcmpl-1")
        .response_model("gpt-4o-2024-08-06")
        .output(Message::assistant(response()))
        .usage(Usage::tokens(12, 30));
}

/// Accepts everything.
#[derive(Debug)]
struct Accepting;

impl SpanExporter for Accepting {
    fn export(&self, batch: Vec<SpanData>) -> impl Future<Output = OTelSdkResult> + Send {
        drop(batch);
        ready(Ok(()))
    }
}

impl Destination for Accepting {
    fn name(&self) -> &str {
        "accepting"
    }

    fn deliver<'a>(&'a self, batch: &'a [Arc<Record>]) -> BoxFuture<'a, Outcome> {
        let outcome = Outcome::Items(vec![ItemOutcome::Acknowledged; batch.len()]);
        Box::pin(ready(outcome))
    }
}
