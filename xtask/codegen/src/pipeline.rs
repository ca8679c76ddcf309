//! The stages, in order.

use std::borrow::Cow;
use std::path::Path;

use crate::checks::{check_config_references, missing_operations, split_accepted};
use crate::config::{Config, SkipRule};
use crate::diag::{Code, Diagnostic, Error, Severity};
use crate::emit::emit;
use crate::files::{Files, Mode, WriteReport, write_files};
use crate::ir::{Api, Pointer};
use crate::plan::{Plan, PlanOptions, plan};
use crate::source::RawDocument;
pub use crate::source::overlay::Strictness;
use crate::source::overlay::{RenamedKeys, apply_overlay};
use crate::{lower, refine, source, spec};

/// The result of generating one document.
#[derive(Debug)]
pub struct Output {
    /// The text of every file, by path.
    pub files: Files,
    /// The text of `names.lock`: the names that programs use. Pass it to [`Generator::lock`](crate::Generator::lock)
    /// the next time, so that they stay.
    pub lock: String,
    /// The parts of the document that cannot be expressed and that the configuration does not accept.
    pub diagnostics: Vec<Diagnostic>,
    /// The parts of the document that cannot be expressed and that the configuration accepts.
    pub accepted: Vec<Diagnostic>,
    /// Harmless faults of the document that the configuration does not accept, with what is generated instead.
    pub warnings: Vec<Diagnostic>,
    /// The document as it was read, overlay not applied.
    pub raw: RawDocument,
    /// Every decision.
    pub plan: Plan,
}

impl Output {
    /// Writes the files to the folder `dir`: only those that differ, and removes generated files that are no longer
    /// there.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write_to(&self, dir: &Path) -> Result<WriteReport, Error> {
        write_files(&self.files, dir, Mode::Write)
    }
}

/// A document after every stage up to the plan.
#[derive(Clone, Debug)]
pub struct PlannedDocument {
    /// The document as it was read, overlay not applied.
    pub raw: RawDocument,
    /// The original locations of what the overlay or normalization moved.
    pub moves: RenamedKeys,
    /// The API, independent of Rust.
    pub api: Api,
    /// Every decision about the Rust code.
    pub plan: Plan,
    /// The parts of the document that cannot be expressed, and harmless faults of the document.
    pub diags: Vec<Diagnostic>,
}

/// Runs the stages from the overlay to the plan.
///
/// # Errors
/// When the document or the overlay is invalid, or, if strict, when the overlay or the configuration refers to what the
/// document does not have.
pub fn plan_document(
    raw: RawDocument,
    overlay: Option<&RawDocument>,
    config: &Config,
    options: &PlanOptions,
    strictness: Strictness,
) -> Result<PlannedDocument, Error> {
    let mut value = Cow::Borrowed(&raw.value);
    let moves = match overlay {
        Some(overlay) => apply_overlay(value.to_mut(), overlay, strictness)?,
        None => RenamedKeys::default(),
    };
    let locate = |error: Error| {
        error
            .map_pointers(|at| moves.original(at))
            .with_source(raw.source())
    };
    let (canonical, mut diags) = source::normalize(&value).map_err(locate)?;
    let mut document = spec::parse(canonical).map_err(locate)?;
    let skipped = skip_operations(&mut document, config, strictness)?;
    let (mut api, lowering_diags) = lower::lower(&document).map_err(locate)?;
    diags.extend(lowering_diags);
    diags.extend(raw.faults.iter().cloned());
    // Freed before planning, so that the plan reuses its memory: pages that the kernel has to clear cost more.
    drop(document);
    refine::run(&mut api, config);
    if strictness == Strictness::Strict {
        check_config_references(config, &value, &api)?;
    }
    let unused_parts = api.unused_parts.iter();
    let plan = Plan {
        skipped,
        unused_parts: unused_parts.map(|at| moves.original(at)).collect(),
        ..plan(&api, config, options)
    };
    diags.extend(missing_operations(&value, &plan, &diags));
    diags
        .iter_mut()
        .for_each(|diag| diag.map_pointers(|at| moves.original(at)));
    explain_unresolved(&mut diags, &raw);
    diags.sort();
    diags.dedup();
    Ok(PlannedDocument {
        raw,
        moves,
        api,
        plan,
        diags,
    })
}

/// Removes the operations that the configuration leaves out, and returns their locations.
fn skip_operations(
    document: &mut spec::Document,
    config: &Config,
    strictness: Strictness,
) -> Result<Vec<Pointer>, Error> {
    let operations = &document.operations;
    let unused = |rule: &&SkipRule| !operations.iter().any(|operation| rule.includes(operation));
    if strictness == Strictness::Strict
        && let Some(rule) = config.skip.iter().find(unused)
    {
        let message = format!(
            "vendor.toml: no operation matches the skip rule with the reason `{}`",
            rule.reason
        );
        return Err(Error::new(
            Code::Config,
            message,
            Some("correct the rule, or remove it"),
        ));
    }
    let is_skipped =
        |operation: &spec::Operation| config.skip.iter().any(|rule| rule.includes(operation));
    let skipped = operations.iter().filter(|operation| is_skipped(operation));
    let skipped = skipped.map(|operation| operation.at.clone()).collect();
    document
        .operations
        .retain(|operation| !is_skipped(operation));
    Ok(skipped)
}

/// Replaces the diagnostics about references into other files by the reasons why the files were not read.
fn explain_unresolved(diags: &mut [Diagnostic], raw: &RawDocument) {
    for diag in diags
        .iter_mut()
        .filter(|diag| diag.code == Code::ExternalRef)
    {
        let mut reasons = raw.unresolved.iter();
        if let Some((_, reason)) = reasons.find(|(at, _)| *at == diag.at) {
            *diag = reason.clone();
        }
    }
}

/// Prints the files of a planned document, and separates the diagnostics that the configuration accepts.
///
/// # Errors
/// When the configuration accepts a gap that does not occur.
pub fn emit_output(planned: PlannedDocument, config: &Config) -> Result<Output, Error> {
    let PlannedDocument {
        raw, plan, diags, ..
    } = planned;
    let (accepted, others) =
        split_accepted(diags, config).map_err(|error| error.with_source(raw.source()))?;
    let is_error = |diag: &Diagnostic| diag.severity == Severity::Error;
    let (diagnostics, warnings) = others.into_iter().partition(is_error);
    Ok(Output {
        files: emit(&plan),
        lock: plan.lock.to_toml(&plan.options.command),
        diagnostics,
        accepted,
        warnings,
        raw,
        plan,
    })
}
