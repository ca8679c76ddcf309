//! Sends a trace to an OpenTelemetry Collector, or to Rotel or Vector, at `OTEL_EXPORTER_OTLP_ENDPOINT` or on this machine.
//!
//! `config.yaml` configures a Collector that sends to two vendors. Run the program by
//! `cargo run -p llm-observatory --features otlp --example collector`.

use llm_observatory::destinations::otlp::{self, OtlpConvention};
use llm_observatory::model::{Message, Usage};
use llm_observatory::{ContentPolicy, Observatory};
use std::time::Duration;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let endpoint = std::env::var("OTEL_EXPORTER_OTLP_ENDPOINT");
    let endpoint = endpoint.unwrap_or_else(|_| "http://localhost:4318".to_owned());
    // The vendors behind the Collector read different names.
    let conventions = [OtlpConvention::GenAi, OtlpConvention::OpenInference];
    let collector = otlp::endpoint(endpoint).conventions(&conventions).build()?;
    let observatory = Observatory::builder()
        .service("support-bot")
        .content(ContentPolicy::All)
        .to(collector)
        .build()?;

    let trace = observatory.trace("explain the sky").session("s-1");
    let call = trace.llm("chat").model("gpt-4o").provider("openai");
    let mut call = call.input([Message::user("Why is the sky blue?")]).start();
    call.output(Message::assistant("Rayleigh scattering."));
    call.usage(Usage::tokens(12, 30)).end();
    trace.end();

    let report = observatory.flush_blocking(Duration::from_secs(5));
    println!("{report}");
    if report.is_delivered() {
        Ok(())
    } else {
        Err("the Collector did not take all records".into())
    }
}
