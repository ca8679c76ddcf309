//! A program that uses the main operations of Phoenix and checks each response, and runs the crate's examples.
//! `tests/tests/generator/phoenix.rs` compiles it in `target/phoenix-crates/program`, and starts the server.

#[expect(dead_code, reason = "`main` is not called")]
#[path = "../../../../crates/phoenix/examples/log_trace.rs"]
mod log_trace;
#[expect(dead_code, reason = "`main` is not called")]
#[path = "../../../../crates/phoenix/examples/read_traces.rs"]
mod read_traces;
#[expect(dead_code, reason = "`main` is not called")]
#[path = "../../../../crates/phoenix/examples/score.rs"]
mod score;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use observatory_phoenix::{Client, Error, File, Patch, Timestamp, Value, models};
use serde_json::json;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// A name that must be percent-encoded in paths.
const PROJECT: &str = "Zürich & co: 100 %+";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome {
    let client = Client::from_env()?;
    projects(&client).await?;
    spans(&client).await?;
    annotations(&client).await?;
    examples(&client).await?;
    let dataset = datasets(&client).await?;
    forms(&client).await?;
    experiments(&client, &dataset).await?;
    deletions(&client, &dataset).await?;
    Ok(())
}

async fn projects(client: &Client) -> Outcome {
    let body = models::CreateProjectRequestBody::new(PROJECT).description("created by a test");
    let created = client.projects().create(body).await?.data;
    assert_eq!(created.name, PROJECT);
    assert_eq!(created.description.as_deref(), Some("created by a test"));

    let got = client.projects().get(PROJECT).await?.data;
    assert_eq!(got.id, created.id, "found by name");
    let got = client.projects().get(&created.id).await?.data;
    assert_eq!(got.name, PROJECT, "found by ID");

    let empty = models::CreateProjectRequestBody::new("");
    let error = client.projects().create(empty).await.unwrap_err();
    assert!(error.is_invalid(), "{error}");
    assert!(
        error.message().is_some_and(|text| text.contains("name")),
        "message of the server: {error}"
    );
    assert_eq!(error.attempts(), 1);
    Ok(())
}

/// Returns one of 25 spans, five for each trace.
fn span(index: usize) -> models::Span {
    let context = models::SpanContext::new(
        format!("{:032x}", 0xa0 + index / 5),
        format!("{:016x}", 0xb0 + index),
    );
    let at = |ms: usize| -> Timestamp {
        format!("2025-01-02T03:04:{index:02}.{ms:03}000+00:00")
            .parse()
            .unwrap()
    };
    let name = format!("step {index}");
    models::Span::new(name, context, "LLM", at(0), at(250), "OK").attributes([
        ("llm.model_name", Value::from("gpt-4o")),
        ("llm.token_count.prompt", Value::from(index)),
        ("input.value", Value::from("¿por qué? ☃")),
    ])
}

async fn spans(client: &Client) -> Outcome {
    let sent: Vec<models::Span> = (0..25).map(span).collect();
    let body = models::CreateSpansRequestBody::new(sent.clone());
    let response = client
        .spans()
        .create(PROJECT, body.clone())
        .send()
        .await?;
    assert_eq!(response.status().as_u16(), 202);
    let receipt = response.into_value();
    assert_eq!((receipt.total_received, receipt.total_queued), (25, 25));

    // The server stores them asynchronously.
    let started = Instant::now();
    while client
        .spans()
        .list(PROJECT)
        .limit(100)
        .await?
        .data
        .len()
        < sent.len()
    {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "the spans were not stored"
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let error = client
        .spans()
        .create(PROJECT, body)
        .await
        .unwrap_err();
    assert!(
        status(&error).is_some_and(|status| (400..500).contains(&status)),
        "sent twice: {error}"
    );

    let mut pages = client.spans().list(PROJECT).limit(10).pages();
    let mut sizes = Vec::new();
    while let Some(page) = pages.next().await {
        sizes.push(page?.data.len());
    }
    assert_eq!(sizes, [10, 10, 5]);
    let mut got = client
        .spans()
        .list(PROJECT)
        .limit(7)
        .items()
        .all()
        .await?;
    got.sort_by(|a, b| a.context.span_id.cmp(&b.context.span_id));
    assert_eq!(got.len(), sent.len(), "every span once");
    for (got, sent) in got.iter().zip(&sent) {
        assert_eq!((&got.name, &got.context), (&sent.name, &sent.context));
        assert_eq!(
            (&got.span_kind, &got.status_code),
            (&sent.span_kind, &sent.status_code)
        );
        assert_eq!(
            (got.start_time.unix_nanos(), got.end_time.unix_nanos()),
            (sent.start_time.unix_nanos(), sent.end_time.unix_nanos())
        );
        let attribute = |span: &models::Span, key: &str| {
            span.attributes
                .as_ref()
                .and_then(|all| all.get(key).cloned())
        };
        for key in ["llm.model_name", "llm.token_count.prompt", "input.value"] {
            assert_eq!(attribute(got, key), attribute(sent, key), "{key}");
        }
    }

    // Query parameters that are a list and a time.
    let of_two_traces = client
        .spans()
        .list(PROJECT)
        .trace_id([
            format!("{:032x}", 0xa0).as_str(),
            format!("{:032x}", 0xa2).as_str(),
        ])
        .start_time(span(3).start_time);
    let spans = of_two_traces.items().all().await?;
    let mut names: Vec<String> = spans.into_iter().map(|span| span.name).collect();
    names.sort_by_key(|name| (name.len(), name.clone()));
    assert_eq!(
        names,
        [
            "step 3", "step 4", "step 10", "step 11", "step 12", "step 13", "step 14"
        ]
    );
    Ok(())
}

async fn annotations(client: &Client) -> Outcome {
    let note = |index: usize, label: &str, score: f64| {
        let result = models::AnnotationResult::new()
            .label(label)
            .score(score)
            .explanation(None);
        let id = span(index).context.span_id;
        models::SpanAnnotationData::new("quality", "HUMAN", id).result(result)
    };
    let body =
        models::AnnotateSpansRequestBody::new(vec![note(1, "good", 0.75), note(2, "bad", 0.0)]);
    let created = client.spans().annotate(body).sync(true).await?;
    let ids: Vec<String> = created.data.into_iter().map(|created| created.id).collect();
    assert_eq!(ids.len(), 2);

    let spans = [
        span(1).context.span_id,
        span(2).context.span_id,
        span(9).context.span_id,
    ];
    let list = client
        .annotations()
        .list_by_span_ids(PROJECT);
    let mut got = list.span_ids(spans.to_vec()).limit(1).items().all().await?;
    got.sort_by(|a, b| a.span_id.cmp(&b.span_id));
    assert_eq!(got.len(), 2, "one item each page");
    let result = got[0].result.clone().unwrap_or_default();
    assert_eq!(result.label, Patch::Value("good".to_owned()));
    assert_eq!(result.score, Patch::Value(0.75));
    assert_eq!(got[1].annotator_kind.as_str(), "HUMAN");
    assert!(got.iter().all(|got| ids.contains(&got.id)));
    Ok(())
}

/// The programs in the crate's folder `examples`.
async fn examples(client: &Client) -> Outcome {
    let project = "examples";
    let body = models::CreateProjectRequestBody::new(project);
    client.projects().create(body).await?;
    let trace = log_trace::log_trace(client, project).await?;
    let started = Instant::now();
    let spans = loop {
        let mut found = Vec::new();
        read_traces::read_traces(client, project, |trace| found.push(trace)).await?;
        match found.pop() {
            Some(found) if found.spans.as_ref().is_some_and(|spans| spans.len() == 2) => {
                assert_eq!(found.trace_id, trace);
                break found.spans.unwrap_or_default();
            }
            _ => assert!(started.elapsed() < Duration::from_secs(60), "not stored"),
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    };
    let call = spans.iter().find(|span| span.span_kind == "LLM");
    let call = call.ok_or("no call of a model")?;
    let parent = spans.iter().find(|span| span.span_kind == "CHAIN");
    assert_eq!(call.parent_id, parent.map(|span| span.span_id.clone()));
    score::score(client, &call.span_id).await?;
    let started = Instant::now();
    loop {
        let scores = client.annotations().list_by_span_ids(project);
        let scores = scores.span_ids([call.span_id.as_str()]).await?.data;
        if let [score] = scores.as_slice() {
            assert_eq!(score.name, "helpful");
            break;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "not scored");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    client.projects().delete(project).await?;
    Ok(())
}

fn row(key: &str, value: impl Into<Value>) -> BTreeMap<String, Value> {
    BTreeMap::from([(key.to_owned(), value.into())])
}

async fn datasets(client: &Client) -> Result<String, Box<dyn std::error::Error>> {
    let questions = ["Why is the sky blue?", "Wie spät, \"bitte\"?", "a,b\nc"];
    let body = models::UploadDatasetRequest::new(
        "questions",
        questions
            .iter()
            .map(|text| row("question", *text))
            .collect::<Vec<_>>(),
    )
    .outputs(
        questions
            .iter()
            .enumerate()
            .map(|(index, _)| row("reply", index))
            .collect::<Vec<_>>(),
    )
    .metadata(
        questions
            .iter()
            .map(|_| row("from", json!({"test": [1, null]})))
            .collect::<Vec<_>>(),
    );
    let created = client
        .datasets()
        .upload()
        .sync(true)
        .body(body)
        .await?;
    let created = created.expect("`sync` waits for the result").data;
    assert_eq!(created.num_created_examples, 3);

    let examples = client
        .datasets()
        .get_examples(&created.dataset_id)
        .await?
        .data
        .examples;
    let mut got: Vec<(&Value, &Value, &Value)> = examples
        .iter()
        .map(|one| {
            (
                &one.output["reply"],
                &one.input["question"],
                &one.metadata["from"],
            )
        })
        .collect();
    got.sort_by_key(|(reply, ..)| reply.as_i64());
    for (index, (reply, question, from)) in got.iter().enumerate() {
        assert_eq!(
            (reply.as_u64(), question.as_str()),
            (Some(index as u64), Some(questions[index]))
        );
        assert_eq!(**from, json!({"test": [1, null]}));
    }
    let csv = client.datasets().get_csv(&created.dataset_id).await?;
    assert!(csv.contains("Why is the sky blue?"), "{csv}");
    let jsonl = client
        .datasets()
        .get_jsonl(&created.dataset_id)
        .await?;
    assert_eq!(jsonl.lines().count(), 3, "{jsonl}");
    Ok(created.dataset_id)
}

/// The same operation with the other body, a file in a form.
async fn forms(client: &Client) -> Outcome {
    let file = File::from_bytes("rows.csv", "question,reply\n\"who, me?\",ja\nwhen?,☃\n")
        .with_content_type("text/csv");
    let body = models::UploadDatasetAsMultipartRequest::new(
        "rows",
        vec!["question".to_owned()],
        vec!["reply".to_owned()],
        file,
    );
    let created = client
        .datasets()
        .upload_as_multipart()
        .sync(true)
        .body(body)
        .await?;
    let created = created.expect("`sync` waits for the result").data;
    assert_eq!(created.num_created_examples, 2);
    let examples = client
        .datasets()
        .get_examples(&created.dataset_id)
        .await?
        .data
        .examples;
    let mut got: Vec<(String, String)> = examples
        .iter()
        .map(|one| {
            (
                one.input["question"].to_string(),
                one.output["reply"].to_string(),
            )
        })
        .collect();
    got.sort();
    assert_eq!(
        got,
        [
            ("\"when?\"".to_owned(), "\"☃\"".to_owned()),
            ("\"who, me?\"".to_owned(), "\"ja\"".to_owned())
        ]
    );
    client
        .datasets()
        .delete_by_id(created.dataset_id)
        .await?;
    Ok(())
}

async fn experiments(client: &Client, dataset: &str) -> Outcome {
    let body = models::CreateExperimentRequestBody::new()
        .name("first")
        .metadata(None);
    let created = client
        .experiments()
        .create(dataset, body)
        .await?
        .data;
    assert_eq!((created.dataset_id.as_str(), created.example_count), (dataset, 3));
    let examples = client
        .datasets()
        .get_examples(dataset)
        .await?
        .data
        .examples;
    let at = span(0).start_time;
    for example in &examples {
        let run = models::CreateExperimentRunRequestBody::new(
            &example.id,
            json!({"text": "☃"}),
            1,
            at.clone(),
            at.clone(),
        );
        client
            .experiments()
            .create_run(&created.id, run)
            .await?;
    }
    let runs = client
        .experiments()
        .list_runs(&created.id)
        .limit(2)
        .items()
        .all()
        .await?;
    assert_eq!(runs.len(), 3);
    assert!(runs.iter().all(|run| run.output == json!({"text": "☃"})));
    // The document also offers JSON, without a schema.
    let csv: String = client.experiments().get_csv(&created.id).await?;
    assert!(
        csv.lines().count() >= 4 && csv.contains("example_id"),
        "{csv}"
    );
    Ok(())
}

async fn deletions(client: &Client, dataset: &str) -> Outcome {
    client.spans().delete(span(7).context.span_id).await?;
    let left = client.spans().list(PROJECT).limit(100).await?.data;
    assert_eq!(left.len(), 24);
    client.datasets().delete_by_id(dataset).await?;
    let error = client.datasets().get(dataset).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    client.projects().delete(PROJECT).await?;
    let error = client.projects().get(PROJECT).await.unwrap_err();
    assert!(error.is_not_found(), "{error}");
    assert_eq!(error.path(), Some("/v1/projects/{project_identifier}"));
    let names = client
        .projects()
        .list()
        .limit(1)
        .items()
        .all()
        .await?;
    assert!(names.iter().all(|project| project.name != PROJECT));
    Ok(())
}

fn status(error: &Error) -> Option<u16> {
    error.status().map(|status| status.as_u16())
}
