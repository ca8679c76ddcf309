//! One schema: instances made, confirmed, sent and compared.

use std::collections::BTreeSet;

use crate::shared::schema_registry::{Oracle, Validator};
use serde_json::Value;

use super::newer_values::newer;
use super::program::{Answer, Driver};
use super::report::{Counts, Failure, Report, Row};
use super::targets::Target;
use super::type_index::Room;
use crate::shared::json_diff::{Step, difference, path, shown};
use crate::shared::lookup::succeeded;
use crate::shared::rng::Rng;
use crate::shared::sample::{Reach, Sample, Sampler, SiteKind};
use crate::shared::skipped::Skip;
use observatory_codegen::diag::{Code, Error};

/// So many proposals are made for every instance that is wanted.
const PROPOSALS: usize = 8;

/// So many failures of a schema are told.
const TOLD: usize = 5;

/// What every schema is tried with.
pub(crate) struct Trial<'t> {
    pub(crate) document: &'t Value,
    pub(crate) oracle: &'t Oracle,
    pub(crate) reach: &'t Reach,
    pub(crate) driver: &'t Driver,
    pub(crate) room: &'t Room<'t>,
    pub(crate) count: usize,
    pub(crate) seed: u64,
}

/// A value to send.
struct Sent {
    text: String,
    forward: bool,
    may_lose: Option<Vec<Step>>,
}

impl Trial<'_> {
    pub(crate) fn run(&self, target: &Target, report: &mut Report) -> Result<(), Error> {
        let validator = self.oracle.validator(&target.schema)?;
        let (samples, refused) = self.samples(target, &validator);
        if samples.is_empty() {
            report.skipped.push(Skip {
                pointer: target.pointer.clone(),
                why: format!("no valid instance was found ({refused} proposals were refused)"),
            });
        }
        let mut sent: Vec<Sent> = Vec::new();
        for sample in &samples {
            sent.push(Sent {
                text: text(&sample.value)?,
                forward: false,
                may_lose: None,
            });
        }
        let mut rng = Rng::new(self.seed, &format!("newer {}", target.pointer));
        for (turn, sample) in samples.iter().enumerate() {
            if let Some(newer) = newer(sample, turn, &mut rng) {
                sent.push(Sent {
                    text: text(&newer.value)?,
                    forward: true,
                    may_lose: newer.may_lose,
                });
            }
        }
        let (mut row, failures) = judge(self.driver, self.room, target, &sent)?;
        row.refused_by_validator = refused;
        report.add(row, failures);
        Ok(())
    }

    /// Valid instances, no two the same while there are others, and how many proposals were not valid.
    fn samples(&self, target: &Target, validator: &Validator) -> (Vec<Sample>, usize) {
        let mut sampler = Sampler::new(self.document, self.reach, self.seed, &target.pointer);
        let (mut samples, mut refused) = (Vec::new(), 0);
        let mut seen = BTreeSet::new();
        for proposal in 0..self.count * PROPOSALS {
            if samples.len() >= self.count {
                break;
            }
            let Some(mut sample) = sampler.sample(&target.schema) else {
                continue;
            };
            if !validator.is_valid(&sample.value) {
                refused += 1;
                continue;
            }
            if let Some(envelope) = &target.inside {
                match succeeded(envelope, &sample.value).cloned() {
                    Some(inside) => sample = unwrapped(&sample, &envelope.data, inside),
                    None => continue,
                }
            }
            let new = seen.insert(sample.value.to_string());
            if new || proposal >= self.count * PROPOSALS / 2 {
                samples.push(sample);
            }
        }
        (samples, refused)
    }
}

/// What an envelope holds.
fn unwrapped(sample: &Sample, key: &str, inside: Value) -> Sample {
    let sites = sample.sites.iter().filter_map(|site| {
        let (first, rest) = site.at.split_first()?;
        let mut site = site.clone();
        let held = *first == Step::Key(key.to_owned());
        site.at = rest.to_vec();
        // The answer itself is no optional property of anything.
        let whole = site.at.is_empty() && site.kind == SiteKind::Optional;
        (held && !whole).then_some(site)
    });
    Sample {
        sites: sites.collect(),
        value: inside,
    }
}

/// Values given by hand.
pub(crate) fn given(
    driver: &Driver,
    room: &Room<'_>,
    target: &Target,
    values: Vec<String>,
    report: &mut Report,
) -> Result<(), Error> {
    let sent = values.into_iter().map(|text| Sent {
        text,
        forward: false,
        may_lose: None,
    });
    let (row, failures) = judge(driver, room, target, &sent.collect::<Vec<_>>())?;
    report.add(row, failures);
    Ok(())
}

/// Sends values and compares what comes back.
fn judge(
    driver: &Driver,
    room: &Room<'_>,
    target: &Target,
    sent: &[Sent],
) -> Result<(Row, Vec<Failure>), Error> {
    let texts: Vec<String> = sent.iter().map(|sent| sent.text.clone()).collect();
    let answers = driver.send(target, &texts)?;
    let mut row = Row {
        pointer: target.pointer.clone(),
        ty: target.ty.path("", ""),
        valid: Counts::default(),
        forward: Counts::default(),
        refused_by_validator: 0,
    };
    let mut failures: Vec<Failure> = Vec::new();
    for (sent, answer) in sent.iter().zip(&answers) {
        let counts = if sent.forward {
            &mut row.forward
        } else {
            &mut row.valid
        };
        counts.tried += 1;
        counts.accepted += usize::from(answer.is_ok());
        match verdict(room, target, sent, answer)? {
            None => counts.equal += 1,
            Some(failure) => {
                let alike =
                    |known: &Failure| known.kind == failure.kind && known.path == failure.path;
                if failures.len() < TOLD && !failures.iter().any(alike) {
                    failures.push(failure);
                }
            }
        }
    }
    Ok((row, failures))
}

fn verdict(
    room: &Room<'_>,
    target: &Target,
    sent: &Sent,
    answer: &Answer,
) -> Result<Option<Failure>, Error> {
    let failure = |kind, path: String, message: String| Failure {
        pointer: target.pointer.clone(),
        kind,
        path,
        message,
        value: shown(&sent.text),
    };
    let back = match answer {
        Ok(back) => back,
        Err(why) => {
            let kind = if sent.forward {
                "forward-refused"
            } else {
                "refused"
            };
            let (path, why) = match why
                .strip_prefix("at `")
                .and_then(|why| why.split_once("`: "))
            {
                Some((path, why)) => (format!("$.{path}"), why),
                None => ("$".to_owned(), why.as_str()),
            };
            return Ok(Some(failure(kind, path, why.to_owned())));
        }
    };
    let may_lose = |at: &[Step], null: bool| {
        null && room.null_is_absent(&target.ty, at)
            || sent.may_lose.as_deref() == Some(at) && (null || room.has_none(&target.ty, at))
    };
    let found = difference(&sent.text, back, &may_lose).map_err(|why| internal(&why))?;
    Ok(found.map(|found| {
        let kind = if sent.forward {
            "forward-changed"
        } else {
            "changed"
        };
        failure(kind, path(&found.at), found.what)
    }))
}

fn text(value: &Value) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|why| internal(&why))
}

fn internal(why: &serde_json::Error) -> Error {
    Error::new(Code::Internal, why.to_string(), None)
}
