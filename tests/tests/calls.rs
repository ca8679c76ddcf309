//! Every operation is called through the generated client with valid values; an independent judge accepts the request,
//! and the client reads the answer. Each request is then spoilt in ways that the document forbids, and refused.
//! `cargo xtask calls` does the same with more values, more seeds and any document.

use std::fs;
use std::path::Path;

use observatory_codegen::config::Config;
use observatory_codegen::diag::{ColorChoice, Error, render};
use observatory_conformance::calls::{
    Answer, Calls, Judge, Report, SchemaJudge, Sent, Verdict, calls,
};
use observatory_conformance::roundtrip::Source;
use observatory_tests::prism::{self, violations};
use observatory_tests::server::Server;
use observatory_tests::shared::{document, root, say};
use serde_json::Value;
use tokio::runtime::Runtime;

/// A vendor, and how many operations its document has.
struct Case {
    name: &'static str,
    published: &'static str,
    operations: usize,
}

const ADALINE: Case = Case {
    name: "adaline",
    published: "adaline.json",
    operations: 44,
};
const GALILEO: Case = Case {
    name: "galileo",
    published: "galileo.yaml",
    operations: 244,
};
const HELICONE: Case = Case {
    name: "helicone",
    published: "helicone.json",
    operations: 267,
};

/// What the document says, where the API is known to be otherwise: the overlay's corrections of what travels, made again
/// by hand. All others are words.
fn corrected(case: &Case) -> Value {
    let mut value = observatory_codegen::source::load(&document(case.name, case.published))
        .unwrap()
        .value;
    match case.name {
        "galileo" => {
            let paths = value["paths"].as_object_mut().unwrap();
            let moved = [
                "/projects/{project_id}/traces",
                "/projects/{project_id}/traces/{trace_id}",
                "/projects/{project_id}/spans",
                "/projects/{project_id}/spans/{span_id}",
                "/projects/{project_id}/sessions",
                "/projects/{project_id}/sessions/search",
            ];
            for path in moved {
                let item = paths.remove(path).unwrap();
                paths.insert(format!("/v2{path}"), item);
            }
            // Whoever logs in has no token yet.
            for path in ["/login", "/login/api_key"] {
                let operation = paths[path]["post"].as_object_mut().unwrap();
                assert!(operation.remove("security").is_some(), "{path}");
            }
        }
        "helicone" => {
            // Parts of an `allOf` that adds to them, and that no value would fit.
            for name in ["DataOverTimeRequest", "MetricsData"] {
                let schema = &mut value["components"]["schemas"][name];
                let closed = schema.as_object_mut().unwrap();
                assert!(closed.remove("additionalProperties").is_some(), "{name}");
            }
        }
        _ => {}
    }
    value
}

fn vendor(case: &Case) -> Source {
    let spec = root().join("specs").join(case.name).join("openapi.yaml");
    Source::of(&spec).unwrap()
}

/// Calls everything, and looks whether all of it went well. `unseen` are the operations whose bodies the judge does not
/// look at.
fn all_called(case: &Case, who: &str, judge: &mut dyn Judge, count: usize, unseen: &[&str]) {
    let what = Calls {
        source: vendor(case),
        operations: None,
        count,
        seed: 20,
    };
    let report = calls(&what, judge, &mut |_| {})
        .unwrap_or_else(|error| panic!("{}", render(&error, ColorChoice::Never)));
    tell(case, who, &report);
    let failures = report.failures.iter();
    let failures: Vec<_> = failures
        .map(|failure| (failure.kind, failure.operation.as_str()))
        .collect();
    let expected: Vec<_> = unseen.iter().map(|path| ("unnoticed", *path)).collect();
    assert_eq!(failures, expected, "{}: {:#?}", case.name, report.failures);
    assert_eq!(report.skipped, [], "{}", case.name);
    let bad = report.operations.iter().filter(|row| !row.tally.is_whole());
    let bad: Vec<&str> = bad.map(|row| row.operation.as_str()).collect();
    assert_eq!(bad, unseen, "{}", case.name);
    let total = report.total;
    assert_eq!(
        (total.accepted, total.decoded),
        (total.called, total.answers)
    );
    assert_eq!(report.operations.len(), case.operations);
    assert_eq!(report.total.called, case.operations * count);
}

fn tell(case: &Case, who: &str, report: &Report) {
    let (name, operations, total) = (case.name, report.operations.len(), report.total);
    say(&format!(
        "{name}, judged by {who}: {operations} operations; {}/{} requests accepted, {}/{} answers decoded, {}/{} spoilt refused",
        total.accepted, total.called, total.decoded, total.answers, total.refused, total.spoilt
    ));
}

fn by_schema(case: &Case) {
    let mut judge = SchemaJudge::new(corrected(case), &vendor(case).vendor).unwrap();
    all_called(case, "JSON Schema", &mut judge, 4, &[]);
}

#[test]
fn adaline_by_schema() {
    by_schema(&ADALINE);
}

#[test]
fn galileo_by_schema() {
    by_schema(&GALILEO);
}

#[test]
fn helicone_by_schema() {
    by_schema(&HELICONE);
}

/// Prism, asked as a judge; its own answers are read by the client, too.
struct PrismJudge {
    server: Server,
    runtime: Runtime,
    client: reqwest::Client,
}

impl PrismJudge {
    fn start(case: &Case) -> Option<Self> {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(case.published);
        fs::write(&path, corrected(case).to_string()).unwrap();
        Some(Self {
            server: prism::start(&format!("calls-{}", case.name), &path)?,
            runtime: Runtime::new().unwrap(),
            client: reqwest::Client::new(),
        })
    }

    async fn ask(&self, sent: &Sent) -> reqwest::Result<Verdict> {
        let method = reqwest::Method::from_bytes(sent.method.as_bytes()).unwrap();
        let query = if sent.query.is_empty() { "" } else { "?" };
        let url = format!("{}{}{query}{}", self.server.url(), sent.path, sent.query);
        let mut request = self.client.request(method, url);
        for (name, value) in &sent.headers {
            request = request.header(name, value);
        }
        if sent.header("content-type").is_some() {
            request = request.body(sent.body.clone());
        }
        let answer = request.send().await?;
        let status = answer.status();
        let header = |name: &str| {
            answer
                .headers()
                .get(name)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        let (found, media) = (header("sl-violations"), header("content-type"));
        let body = answer.text().await?;
        let mut complaints = violations(found.as_deref(), &body);
        if !status.is_success() {
            complaints.push(format!("{status}: {body}"));
        }
        let answer = Answer {
            status: status.as_u16(),
            media,
            body,
        };
        Ok(Verdict {
            answer: complaints.is_empty().then_some(answer),
            complaints,
        })
    }
}

impl Judge for PrismJudge {
    fn judge(&mut self, sent: &Sent) -> Result<Verdict, Error> {
        Ok(self.runtime.block_on(self.ask(sent)).unwrap())
    }
}

/// Where a body recurses Prism looks at nothing and says nothing; the other judge does look.
const UNSEEN: &[&str] = &[
    "POST /v1/prompt-2025",
    "POST /v1/prompt-2025/update",
    "POST /v1/integration",
    "POST /v1/integration/{integrationId}",
    "POST /v1/helicone-dataset/{datasetId}/request/{requestId}",
];

fn by_prism(case: &Case, unseen: &[&str]) {
    if let Some(mut judge) = PrismJudge::start(case) {
        all_called(case, "Prism", &mut judge, 2, unseen);
    }
}

#[test]
fn adaline_by_prism() {
    by_prism(&ADALINE, &[]);
}

#[test]
fn helicone_by_prism() {
    by_prism(&HELICONE, UNSEEN);
}

/// What the vendors' documents do not have: styles of parameters, headers, cookies, forms, files, bytes, and credentials
/// of every kind.
#[test]
fn everything_travels() {
    for name in [
        "operation_parameters",
        "operation_bodies",
        "client_security",
    ] {
        let spec = root().join(format!("tests/fixtures/{name}.yaml"));
        let what = Calls {
            source: Source::of(&spec).unwrap(),
            operations: None,
            count: 40,
            seed: 20,
        };
        let document = observatory_codegen::source::load(&spec).unwrap().value;
        let mut judge = SchemaJudge::new(document, &Config::default()).unwrap();
        let report = calls(&what, &mut judge, &mut |_| {}).unwrap();
        assert!(report.is_whole(), "{name}: {:#?}", report.failures);
        assert_eq!(report.skipped, [], "{name}");
    }
}

/// A judge that says what it is told to.
struct Told(&'static [&'static str]);

impl Judge for Told {
    fn judge(&mut self, _: &Sent) -> Result<Verdict, Error> {
        Ok(Verdict {
            complaints: self.0.iter().map(|said| (*said).to_owned()).collect(),
            answer: None,
        })
    }
}

/// The counts have to tell of a judge that refuses everything, and of one that sees nothing.
#[test]
fn judges_are_judged() {
    let mut what = Calls {
        source: vendor(&ADALINE),
        operations: Some("^POST /datasets$".parse().unwrap()),
        count: 1,
        seed: 1,
    };
    let kinds = |what: &Calls, judge: &mut dyn Judge| {
        let report = calls(what, judge, &mut |_| {}).unwrap();
        assert!(!report.is_whole());
        let failures = report.failures.into_iter();
        failures.map(|failure| failure.kind).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&what, &mut Told(&["no"])), ["refused"]);
    assert_eq!(kinds(&what, &mut Told(&[])), ["unnoticed"]);

    // By another vendor's document nothing of it exists.
    let mut stranger = SchemaJudge::new(corrected(&HELICONE), &Config::default()).unwrap();
    assert_eq!(kinds(&what, &mut stranger), ["refused"]);
    what.operations = Some("there is none".parse().unwrap());
    let report = calls(&what, &mut Told(&[]), &mut |_| {}).unwrap();
    assert_eq!(report.operations.len(), 0);
}
