//! Sends the instances of one schema and compares what comes back.

use std::collections::BTreeSet;

use serde_json::Value;

use super::newer_values::make_newer_instance;
use super::program::{EncodedValue, RoundtripProgram};
use super::report::{RoundtripFailure, RoundtripReport, SchemaReport, ValueCounts};
use super::targets::Target;
use super::type_index::TypeIndex;
use crate::shared::json_diff::{Change, PathStep, first_difference, json_path, truncated};
use crate::shared::lookup::envelope_data;
use crate::shared::rng::Rng;
use crate::shared::sample::{NewValueKind, RecursiveSchemas, Sample, Sampler};
use crate::shared::schema_registry::{SchemaRegistry, SchemaValidator};
use crate::shared::skipped::Skipped;
use observatory_codegen::diag::{Code, Error};

/// How many samples are proposed for each instance.
const SAMPLES_PER_INSTANCE: usize = 8;

/// The largest number of reported failures of a schema.
const MAX_FAILURES: usize = 5;

/// Sends the instances of schemas, one schema after another.
pub(super) struct RoundtripRunner<'t> {
    pub(super) document: &'t Value,
    pub(super) schemas: &'t SchemaRegistry,
    pub(super) recursive: &'t RecursiveSchemas,
    pub(super) program: &'t RoundtripProgram,
    pub(super) types: &'t TypeIndex<'t>,
    pub(super) count: usize,
    pub(super) seed: u64,
}

/// A value to send.
struct SentValue {
    text: String,
    /// Whether it has something new, so that the schema does not describe it.
    is_newer: bool,
    /// The path of a property that may be missing afterwards.
    optional_path: Option<Vec<PathStep>>,
}

impl RoundtripRunner<'_> {
    /// Sends instances of a target, and the same instances with something new. Adds the result to `report`.
    pub(super) fn run(&self, target: &Target, report: &mut RoundtripReport) -> Result<(), Error> {
        let validator = match self.schemas.validator(&target.schema) {
            Ok(validator) => validator,
            // A fault of this schema, or of one that it refers to. The others can still be checked.
            Err(error) => {
                let skipped = Skipped::new(&target.pointer, error.to_string());
                report.skipped.push(skipped);
                return Ok(());
            }
        };
        let (samples, rejected) = self.make_samples(target, &validator);
        if samples.is_empty() {
            report.skipped.push(Skipped::new(
                &target.pointer,
                format!("no valid instance was found (the validator rejected {rejected} samples)"),
            ));
        }
        let mut values: Vec<SentValue> = Vec::new();
        for sample in &samples {
            values.push(SentValue {
                text: to_text(&sample.value)?,
                is_newer: false,
                optional_path: None,
            });
        }
        let mut rng = Rng::new(self.seed, &format!("newer {}", target.pointer));
        for (round, sample) in samples.iter().enumerate() {
            if let Some(newer) = make_newer_instance(sample, round, &mut rng) {
                values.push(SentValue {
                    text: to_text(&newer.value)?,
                    is_newer: true,
                    optional_path: newer.optional_path,
                });
            }
        }
        let (mut row, failures) = send_values(self.program, self.types, target, &values)?;
        row.rejected_by_validator = rejected;
        report.add(row, failures);
        Ok(())
    }

    /// Returns valid samples, and how many samples were rejected. Duplicates are used only in the second half of the
    /// attempts.
    pub(super) fn make_samples(
        &self,
        target: &Target,
        validator: &SchemaValidator,
    ) -> (Vec<Sample>, usize) {
        let mut sampler = Sampler::new(self.document, self.recursive, self.seed, &target.pointer);
        let (mut samples, mut rejected) = (Vec::new(), 0);
        let mut seen = BTreeSet::new();
        let attempts = self.count * SAMPLES_PER_INSTANCE;
        for attempt in 0..attempts {
            if samples.len() >= self.count {
                break;
            }
            let Some(mut sample) = sampler.sample(&target.schema) else {
                continue;
            };
            if !validator.is_valid(&sample.value) {
                rejected += 1;
                continue;
            }
            if let Some(envelope) = &target.envelope {
                match envelope_data(envelope, &sample.value).cloned() {
                    Some(data) => sample = unwrap_envelope(&sample, &envelope.data, data),
                    None => continue,
                }
            }
            let is_new = seen.insert(sample.value.to_string());
            if is_new || attempt >= attempts / 2 {
                samples.push(sample);
            }
        }
        (samples, rejected)
    }
}

/// Returns the sample of the data inside an envelope, which is the property `key`.
fn unwrap_envelope(sample: &Sample, key: &str, data: Value) -> Sample {
    let sites = sample.sites.iter().filter_map(|site| {
        let (first, rest) = site.path.split_first()?;
        let mut site = site.clone();
        let is_in_data = *first == PathStep::Key(key.to_owned());
        site.path = rest.to_vec();
        // The data itself is not an optional property any more.
        let is_data = site.path.is_empty() && site.kind == NewValueKind::Null;
        (is_in_data && !is_data).then_some(site)
    });
    Sample {
        sites: sites.collect(),
        value: data,
    }
}

/// Sends instances that the user gave.
pub(super) fn send_instances(
    program: &RoundtripProgram,
    types: &TypeIndex<'_>,
    target: &Target,
    texts: Vec<String>,
    report: &mut RoundtripReport,
) -> Result<(), Error> {
    let values = texts.into_iter().map(|text| SentValue {
        text,
        is_newer: false,
        optional_path: None,
    });
    let values: Vec<SentValue> = values.collect();
    let (row, failures) = send_values(program, types, target, &values)?;
    report.add(row, failures);
    Ok(())
}

/// Sends values and compares them with what comes back.
fn send_values(
    program: &RoundtripProgram,
    types: &TypeIndex<'_>,
    target: &Target,
    values: &[SentValue],
) -> Result<(SchemaReport, Vec<RoundtripFailure>), Error> {
    let texts: Vec<String> = values.iter().map(|value| value.text.clone()).collect();
    let encoded = program.send(target, &texts)?;
    let mut row = SchemaReport {
        pointer: target.pointer.clone(),
        ty: target.ty.to_source("", ""),
        valid: ValueCounts::default(),
        newer: ValueCounts::default(),
        rejected_by_validator: 0,
    };
    let mut failures: Vec<RoundtripFailure> = Vec::new();
    for (value, encoded) in values.iter().zip(&encoded) {
        let counts = if value.is_newer {
            &mut row.newer
        } else {
            &mut row.valid
        };
        counts.sent += 1;
        counts.accepted += usize::from(encoded.is_ok());
        match find_failure(types, target, value, encoded)? {
            None => counts.equal += 1,
            Some(failure) => {
                let is_same = |known: &RoundtripFailure| {
                    known.kind == failure.kind && known.path == failure.path
                };
                if failures.len() < MAX_FAILURES && !failures.iter().any(is_same) {
                    failures.push(failure);
                }
            }
        }
    }
    Ok((row, failures))
}

fn find_failure(
    types: &TypeIndex<'_>,
    target: &Target,
    value: &SentValue,
    encoded: &EncodedValue,
) -> Result<Option<RoundtripFailure>, Error> {
    let failure = |kind, path: String, message: String| RoundtripFailure {
        pointer: target.pointer.clone(),
        kind,
        path,
        message,
        value: truncated(&value.text),
    };
    let text = match encoded {
        Ok(text) => text,
        Err(error) => {
            let kind = match value.is_newer {
                true => "newer-rejected",
                false => "rejected",
            };
            let (path, message) = match error
                .strip_prefix("at `")
                .and_then(|error| error.split_once("`: "))
            {
                Some((path, message)) => (format!("$.{path}"), message),
                None => ("$".to_owned(), error.as_str()),
            };
            return Ok(Some(failure(kind, path, message.to_owned())));
        }
    };
    let is_allowed = |path: &[PathStep], change: Change<'_>| {
        let is_missing = matches!(change, Change::Missing { .. });
        let is_null = change.is_lost_null();
        is_null && types.can_drop_null(&target.ty, path)
            || value.optional_path.as_deref() == Some(path)
                && is_missing
                && (is_null || types.can_drop_unknown_property(&target.ty, path))
    };
    let difference =
        first_difference(&value.text, text, &is_allowed).map_err(|error| internal_error(&error))?;
    Ok(difference.map(|difference| {
        let kind = match value.is_newer {
            true => "newer-changed",
            false => "changed",
        };
        failure(kind, json_path(&difference.path), difference.description)
    }))
}

fn to_text(value: &Value) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| internal_error(&error))
}

fn internal_error(error: &serde_json::Error) -> Error {
    Error::new(Code::Internal, error.to_string(), None)
}
