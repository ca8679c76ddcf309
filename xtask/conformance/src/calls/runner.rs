//! One operation: called, judged, answered; and its requests spoilt.

use std::collections::BTreeSet;

use crate::shared::schema_registry::Oracle;
use serde_json::Value;

use super::invalid_requests::spoilt;
use super::operation::{AnswerSlot, Slot, Subject, Way};
use super::options::Calls;
use super::program::{Answer, Caller, Done, Task};
use super::report::{Failure, Report, Row, Tally};
use super::sent_request::{Sent, arrived, between, expected, is_same, variables};
use super::validate::Judge;
use crate::shared::json_diff::{difference, path, shown};
use crate::shared::lookup::succeeded;
use crate::shared::sample::{Reach, Sampler};
use crate::shared::skipped::Skip;
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::ir::{BodyKind, ParamLocation, ParamStyle, SchemeKind};
use observatory_codegen::pipeline::Output;

/// So many proposals are made for every instance that is wanted.
const PROPOSALS: usize = 16;

/// What every operation is tried with.
pub(super) struct Trial<'t> {
    document: &'t Value,
    oracle: Oracle,
    reach: Reach,
    caller: &'t mut Caller,
    judge: &'t mut dyn Judge,
    /// Headers that prove who is asking.
    credentials: Vec<String>,
    count: usize,
    seed: u64,
}

/// What comes of one operation, as it is found out.
struct Findings<'s> {
    subject: &'s Subject,
    tally: Tally,
    failures: Vec<Failure>,
}

impl Findings<'_> {
    /// Notes a failure; one of a kind is enough.
    fn fail(&mut self, kind: &'static str, message: String, request: &str) {
        let alike = |known: &Failure| known.kind == kind;
        if !self.failures.iter().any(alike) {
            self.failures.push(Failure {
                operation: self.subject.shown(),
                kind,
                message,
                request: request.to_owned(),
            });
        }
    }
}

impl<'t> Trial<'t> {
    pub(super) fn new(
        document: &'t Value,
        made: &Output,
        caller: &'t mut Caller,
        judge: &'t mut dyn Judge,
        what: &Calls,
    ) -> Result<Self, Error> {
        let schemes = made.plan.client.schemes.iter();
        let credentials = schemes.map(|scheme| match &scheme.kind {
            SchemeKind::ApiKey {
                location: ParamLocation::Header,
                name,
            } => name.to_ascii_lowercase(),
            SchemeKind::ApiKey {
                location: ParamLocation::Cookie,
                ..
            } => "cookie".to_owned(),
            _ => "authorization".to_owned(),
        });
        Ok(Self {
            oracle: Oracle::new(document)?,
            reach: Reach::new(document),
            document,
            caller,
            judge,
            credentials: credentials.collect(),
            count: what.count,
            seed: what.seed,
        })
    }

    pub(super) fn run(
        &mut self,
        index: usize,
        subject: &Subject,
        report: &mut Report,
    ) -> Result<(), Error> {
        let mut findings = Findings {
            subject,
            tally: Tally::default(),
            failures: Vec::new(),
        };
        let mut values = Vec::new();
        for slot in &subject.slots {
            let found = self.values(subject, slot)?;
            if found.is_empty() {
                report.skipped.push(Skip {
                    pointer: subject.at.0.clone(),
                    why: format!("no valid instance was found for {}", slot.shown),
                });
            }
            values.push(found);
        }
        let answers = self.answers(subject, report)?;
        let missing = subject
            .slots
            .iter()
            .zip(&values)
            .any(|(slot, found)| slot.required && found.is_empty());
        if !missing && !answers.is_empty() {
            for turn in 0..self.count {
                let given = given(subject, &values, turn);
                let Some(answer) = answers.get(turn % answers.len()) else {
                    break;
                };
                let values = given
                    .iter()
                    .map(|value| value.map(Value::to_string))
                    .collect();
                let task = Task {
                    call: index,
                    values,
                    answer: answer.clone(),
                };
                self.call(&task, &given, turn == 0, &mut findings)?;
            }
        }
        let row = Row {
            pointer: subject.at.0.clone(),
            operation: subject.shown(),
            tally: findings.tally,
        };
        report.add(row, findings.failures);
        Ok(())
    }

    /// One call: what was sent is held against what was given, and judged; what was answered has to be read.
    fn call(
        &mut self,
        task: &Task,
        given: &[Option<&Value>],
        first: bool,
        findings: &mut Findings<'_>,
    ) -> Result<(), Error> {
        findings.tally.called += 1;
        let done = self.caller.call(task)?;
        let Some(Done {
            sent: Some(sent),
            error,
        }) = done
        else {
            let why = done.and_then(|done| done.error);
            let why = why.unwrap_or_else(|| "the program died of it".to_owned());
            findings.fail(
                "unsent",
                why,
                &shown(
                    &task
                        .values
                        .iter()
                        .flatten()
                        .cloned()
                        .collect::<Vec<_>>()
                        .join(" "),
                ),
            );
            return Ok(());
        };
        let sent = Sent::new(sent);
        let request = show(&sent);
        let verdict = self.judge.judge(&sent)?;
        let changed = changed(findings.subject, given, &sent)?;
        if changed.is_none() && verdict.complaints.is_empty() {
            findings.tally.accepted += 1;
        }
        if let Some(changed) = changed {
            findings.fail("changed", changed, &request);
        }
        if !verdict.complaints.is_empty() {
            findings.fail("refused", verdict.complaints.join("; "), &request);
        }
        read(findings, error, &task.answer, &request);
        if let Some(answer) = verdict.answer
            && self.is_answer(findings.subject, &answer)?
        {
            let task = Task {
                answer,
                ..task.clone()
            };
            let error = self.again(&task)?;
            read(findings, error, &task.answer, &request);
        }
        if !first {
            return Ok(());
        }
        for bad in spoilt(self.document, findings.subject, &sent, &self.credentials) {
            findings.tally.spoilt += 1;
            match self.judge.judge(&bad.sent)?.complaints.is_empty() {
                true => findings.fail("unnoticed", bad.what, &show(&bad.sent)),
                false => findings.tally.refused += 1,
            }
        }
        self.cut(task, findings)
    }

    /// The same call with another answer; what the client says of it.
    fn again(&mut self, task: &Task) -> Result<Option<String>, Error> {
        let done = self.caller.call(task)?;
        Ok(done.map_or_else(
            || Some("the program died of it".to_owned()),
            |done| done.error,
        ))
    }

    /// Whether a judge's own answer is one by the document. What is made for show need not be.
    fn is_answer(&self, subject: &Subject, answer: &Answer) -> Result<bool, Error> {
        let mut slots = subject.answers.iter();
        let Some(slot) = slots.find(|slot| slot.status == answer.status) else {
            return Ok(false);
        };
        let (Some(schema), Ok(value)) = (&slot.schema, serde_json::from_str(&answer.body)) else {
            return Ok(slot.schema.is_none());
        };
        Ok(succeeds(slot, &value) && self.oracle.validator(schema)?.is_valid(&value))
    }

    /// An answer that is no JSON any more is no answer.
    fn cut(&mut self, task: &Task, findings: &mut Findings<'_>) -> Result<(), Error> {
        let is_json = task
            .answer
            .media
            .as_deref()
            .is_some_and(|media| media.ends_with("json"));
        if !is_json {
            return Ok(());
        }
        let mut task = task.clone();
        task.answer.body.push_str("]}");
        findings.tally.spoilt += 1;
        match self.again(&task)? {
            Some(_) => findings.tally.refused += 1,
            None => findings.fail(
                "unnoticed",
                "an answer that is no JSON".to_owned(),
                &task.answer.body,
            ),
        }
        Ok(())
    }

    /// Valid instances for a value that a request takes, no two the same while there are others.
    fn values(&self, subject: &Subject, slot: &Slot) -> Result<Vec<Value>, Error> {
        let salt = format!("{} {}", subject.at, slot.shown);
        match &slot.schema {
            Some(schema) => self.instances(&salt, schema, &|value| travels(&slot.way, value)),
            None => Ok(vec!["text".into(), "☃ and 1 more".into()]),
        }
    }

    fn instances(
        &self,
        salt: &str,
        schema: &str,
        fits: &dyn Fn(&Value) -> bool,
    ) -> Result<Vec<Value>, Error> {
        let validator = self.oracle.validator(schema)?;
        let mut sampler = Sampler::new(self.document, &self.reach, self.seed, salt);
        let mut seen = BTreeSet::new();
        let mut found = Vec::new();
        for _ in 0..self.count.max(4) * PROPOSALS {
            if found.len() >= self.count {
                break;
            }
            let Some(sample) = sampler.sample(schema) else {
                continue;
            };
            let good = validator.is_valid(&sample.value) && fits(&sample.value);
            if good && seen.insert(sample.value.to_string()) {
                found.push(sample.value);
            }
        }
        Ok(found)
    }

    /// Answers to give, by the document; an operation that describes none is answered with nothing.
    fn answers(&self, subject: &Subject, report: &mut Report) -> Result<Vec<Answer>, Error> {
        let mut answers = Vec::new();
        for slot in &subject.answers {
            let Some(schema) = &slot.schema else {
                let body = if slot.media.is_some() {
                    "\"some text ☃\""
                } else {
                    ""
                };
                answers.push(answer(slot, body.to_owned()));
                continue;
            };
            let salt = format!("{} {}", subject.at, slot.status);
            let found = self.instances(&salt, schema, &|value| succeeds(slot, value))?;
            if found.is_empty() {
                report.skipped.push(Skip {
                    pointer: subject.at.0.clone(),
                    why: format!("no valid instance was found for the answer {}", slot.status),
                });
            }
            answers.extend(found.iter().map(|value| answer(slot, value.to_string())));
        }
        if subject.answers.is_empty() {
            answers.push(Answer {
                status: 204,
                media: None,
                body: String::new(),
            });
        }
        Ok(answers)
    }
}

fn answer(slot: &AnswerSlot, body: String) -> Answer {
    Answer {
        status: slot.status,
        media: slot.media.clone(),
        body,
    }
}

/// What the client made of an answer.
fn read(findings: &mut Findings<'_>, error: Option<String>, answer: &Answer, request: &str) {
    findings.tally.answers += 1;
    match error {
        None => findings.tally.decoded += 1,
        Some(why) => {
            let body = shown(&answer.body);
            findings.fail(
                "undecoded",
                format!("{why}: {} {body}", answer.status),
                request,
            );
        }
    }
}

/// The values of a call: all of them the first time, and then those whose turn it is.
fn given<'v>(subject: &Subject, values: &'v [Vec<Value>], turn: usize) -> Vec<Option<&'v Value>> {
    let slots = subject.slots.iter().zip(values).enumerate();
    let given = slots.map(|(place, (slot, found))| {
        let wanted = slot.required || turn == 0 || (turn + place).is_multiple_of(2);
        found.get(turn % found.len().max(1)).filter(|_| wanted)
    });
    given.collect()
}

/// Whether an answer says that all went well: an envelope may say that nothing did.
fn succeeds(slot: &AnswerSlot, value: &Value) -> bool {
    let envelope = slot.envelope.as_ref();
    envelope.is_none_or(|envelope| succeeded(envelope, value).is_some())
}

/// Whether a value can travel as a parameter at all: null is none, nothing and dots are none in a path, and headers are
/// ASCII.
fn travels(way: &Way, value: &Value) -> bool {
    let Way::Param {
        location, style, ..
    } = way
    else {
        // Whether null is a body or none is told apart by nobody.
        return !value.is_null();
    };
    let Some(texts) = expected(value, *style) else {
        return true;
    };
    if value.is_null() {
        return false;
    }
    match location {
        ParamLocation::Path => {
            texts
                .iter()
                .all(|text| !text.is_empty() && text != "." && text != "..")
                && !texts.is_empty()
        }
        ParamLocation::Header => texts.iter().all(|text| {
            let printable = text.chars().all(|c| c.is_ascii_graphic() || c == ' ');
            !text.is_empty() && printable && text.trim() == text
        }),
        _ => true,
    }
}

/// What became another thing on the way.
fn changed(
    subject: &Subject,
    given: &[Option<&Value>],
    sent: &Sent,
) -> Result<Option<String>, Error> {
    if sent.method != subject.verb {
        return Ok(Some(format!("the method is {}", sent.method)));
    }
    let mut suffixes = sent.path.match_indices('/');
    let variables = suffixes.find_map(|(at, _)| variables(&subject.path, sent.path.get(at..)?));
    let Some(variables) = variables else {
        return Ok(Some(format!("the path is {}", sent.path)));
    };
    for (slot, value) in subject.slots.iter().zip(given) {
        let change = match (&slot.way, value) {
            (Way::Body(BodyKind::Json), Some(value)) => body(value, sent)?,
            (Way::Body(_), _) => None,
            (Way::Param { style, .. }, value) => {
                let wanted = value.map_or(Some(Vec::new()), |value| expected(value, *style));
                let came = arrived(&slot.way, sent, &variables).unwrap_or_default();
                wanted.and_then(|wanted| differs(&wanted, &came, *style))
            }
        };
        if let Some(change) = change {
            return Ok(Some(format!("{}: {change}", slot.shown)));
        }
    }
    Ok(None)
}

fn differs(wanted: &[String], came: &[String], style: ParamStyle) -> Option<String> {
    let same = wanted.len() == came.len()
        && wanted
            .iter()
            .zip(came)
            .all(|(wanted, came)| is_same(wanted, came));
    // What stands between items may stand in one, too.
    let between = between(style);
    let joined = || wanted.join(between) == came.join(between);
    (!same && !joined()).then(|| format!("{wanted:?} came as {came:?}"))
}

fn body(value: &Value, sent: &Sent) -> Result<Option<String>, Error> {
    let came = String::from_utf8_lossy(&sent.body);
    let found = difference(&value.to_string(), &came, &|_, _| false);
    let found = found.map_err(|why| Error::new(Code::Internal, why.to_string(), None))?;
    Ok(found.map(|found| format!("{} {}", path(&found.at), found.what)))
}

/// A request for people.
fn show(sent: &Sent) -> String {
    let query = if sent.query.is_empty() { "" } else { "?" };
    let body = shown(&String::from_utf8_lossy(&sent.body));
    format!("{} {}{query}{} {body}", sent.method, sent.path, sent.query)
}
