//! A chat that five vendors receive and return. Their keys and projects are in the environment.

use llm_observatory::destinations::{adaline, braintrust, galileo, helicone, langfuse};
use llm_observatory::model::{Message, TraceId, Usage};
use llm_observatory::reading::TraceQuery;
use llm_observatory::{ContentPolicy, Observatory};
use std::error::Error;
use std::time::Duration;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let observatory = Observatory::builder()
        .service("support-bot")
        .content(ContentPolicy::All)
        .to(langfuse::from_env()?)
        .to(braintrust::from_env()?.project("bot"))
        .to(galileo::from_env()?.project("bot").log_stream("prod"))
        .to(helicone::from_env()?)
        .to(adaline::from_env()?)
        .build()?;
    let id = reply(&observatory, "Is it raining in Lima?");
    println!("{}", observatory.flush(Duration::from_secs(30)).await);
    read_back(&observatory, id).await
}

/// Replies to a question. A program would call a model and a tool here.
pub fn reply(observatory: &Observatory, question: &str) -> TraceId {
    let trace = observatory.trace("support").session("s-1").user("u-7");
    let mut trace = trace.tag("beta").input(question);
    let mut agent = trace.agent("assistant").input(question).start();
    let call = agent.llm("chat").model("gpt-4o").provider("openai");
    let mut call = call.input([Message::user(question)]).start();
    call.output(Message::assistant("I ask the weather service."))
        .usage(Usage::tokens(12, 30))
        .cost(0.000_33);
    call.score("helpful", 0.9).comment("asks the right tool");
    call.end();
    let mut tool = agent.tool("weather").input("Lima").start();
    tool.fail("the service did not respond").end();
    agent.output("I could not find out.").end();
    trace.output("I could not find out.");
    trace.id()
}

/// Reads the traces of the vendors that list them, and one trace by its id.
pub async fn read_back(observatory: &Observatory, id: TraceId) -> Result<(), Box<dyn Error>> {
    for vendor in ["langfuse", "braintrust", "galileo", "adaline"] {
        let query = TraceQuery::new().page_size(10);
        let mut traces = observatory.reader(vendor)?.traces(query)?;
        while let Some(trace) = traces.next().await.transpose()? {
            println!("{vendor}: {}, {} spans", trace.info.name, trace.spans.len());
        }
    }
    let trace = observatory.reader("helicone")?.trace(id).await?;
    let spans = trace.map_or(0, |trace| trace.spans.len());
    println!("helicone: {spans} spans");
    Ok(())
}
