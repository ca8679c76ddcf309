//! The stages, one after the other.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::config::Config;
use crate::diag::{Code, Diagnostic, Error};
use crate::emit::emit;
use crate::files::{Files, Mode, WriteReport, write_files};
use crate::inventory::{erase_path_variables, list_operations};
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

/// What comes after the plan: gaps told apart, and everything printed.
///
/// # Errors
/// When an acceptance is no longer needed.
pub fn emit_output(understood: PlannedDocument, vendor: &Config) -> Result<Output, Error> {
    let PlannedDocument {
        raw, plan, diags, ..
    } = understood;
    let (accepted, diagnostics) =
        accept(diags, vendor).map_err(|error| error.with_source(&raw.path, &raw.text))?;
    Ok(Output {
        files: emit(&plan),
        lock: plan.lock.text(&plan.options.command),
        diagnostics,
        accepted,
        raw,
        plan,
    })
}

/// A document, from its text to the plan.
#[derive(Clone, Debug)]
pub struct PlannedDocument {
    /// The document as it was read, overlay not applied.
    pub raw: RawDocument,
    /// Where renamed things stood before.
    pub moves: RenamedKeys,
    /// What it means.
    pub api: Api,
    /// Every decision.
    pub plan: Plan,
    /// What could not be expressed.
    pub diags: Vec<Diagnostic>,
}

/// Runs the stages up to the plan.
///
/// # Errors
/// When the document or the overlay cannot be read or understood, or, unless they fit loosely, the overlay or the
/// configuration speaks of things that the document does not have.
pub fn plan_document(
    raw: RawDocument,
    overlay: Option<&RawDocument>,
    vendor: &Config,
    options: &PlanOptions,
    strictness: Strictness,
) -> Result<PlannedDocument, Error> {
    let mut value = Cow::Borrowed(&raw.value);
    let mut moves = RenamedKeys::default();
    if let Some(overlay) = overlay {
        moves = apply_overlay(value.to_mut(), overlay, strictness)?;
    }
    let located = |error: Error| {
        error
            .map_pointers(|at| moves.original(at))
            .with_source(&raw.path, &raw.text)
    };
    let canonical = source::normalize(&value).map_err(located)?;
    let document = spec::parse(canonical).map_err(located)?;
    let (mut api, mut diags) = lower::lower(&document);
    // Its memory is the plan's next: pages that were never used before cost the kernel more than we do.
    drop(document);
    refine::run(&mut api, vendor);
    if strictness == Strictness::Strict {
        check_config_references(vendor, &value, &api)?;
    }
    let plan = plan(&api, vendor, options);
    diags.extend(missing_operations(&value, &plan, &diags));
    diags
        .iter_mut()
        .for_each(|diag| diag.at = moves.original(&diag.at));
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

/// Parts the gaps that `vendor.toml` accepts from the others. An acceptance that fits no gap is a fault: the gap is
/// closed, and a new one at the same place should not go unseen.
fn accept(
    diags: Vec<Diagnostic>,
    vendor: &Config,
) -> Result<(Vec<Diagnostic>, Vec<Diagnostic>), Error> {
    let fits = |diag: &Diagnostic, code: &str, pointer: &str| {
        diag.code.as_str() == code && diag.at.0 == pointer
    };
    let unused = vendor.accept.iter().filter(|rule| {
        !diags
            .iter()
            .any(|diag| fits(diag, &rule.code, &rule.pointer))
    });
    let unused: Vec<Diagnostic> = unused
        .map(|rule| {
            let message = format!("the accepted gap `{}` does not occur here", rule.code);
            let help = format!(
                "take it out of vendor.toml; its reason was: {}",
                rule.reason
            );
            Diagnostic::new(
                Code::UnusedAcceptance,
                &Pointer(rule.pointer.clone()),
                message,
            )
            .with_help(help)
        })
        .collect();
    if !unused.is_empty() {
        return Err(Error::from_diagnostics(unused));
    }
    let accepted = |diag: &Diagnostic| {
        vendor
            .accept
            .iter()
            .any(|rule| fits(diag, &rule.code, &rule.pointer))
    };
    Ok(diags.into_iter().partition(accepted))
}

/// Configuration for something that is not there would go unseen, and be wrong the day it is.
fn check_config_references(vendor: &Config, document: &Value, api: &Api) -> Result<(), Error> {
    let absent = |what: String| {
        let help = "name it as the document does, overlay applied, or take it out";
        Err(Error::new(
            Code::Config,
            format!("vendor.toml: {what}, but the document has no such thing"),
            Some(help),
        ))
    };
    for credential in &vendor.credential {
        if !api
            .schemes
            .iter()
            .any(|scheme| scheme.id == credential.scheme)
        {
            return absent(format!(
                "a credential is for the security scheme `{}`",
                credential.scheme
            ));
        }
    }
    if let Some(what) = refine::paging::find_unused_rule(api, vendor) {
        return absent(what);
    }
    for id in vendor.retry.iter().flat_map(|rule| &rule.idempotent) {
        let known = |operation: &crate::ir::Operation| operation.id.as_ref() == Some(id);
        if !api.operations.iter().any(known) {
            return absent(format!("`retry.idempotent` names the operation `{id}`"));
        }
    }
    for pointer in vendor.names.rename.keys() {
        if document.pointer(pointer.trim_start_matches('#')).is_none() {
            return absent(format!("`names.rename` names {pointer}"));
        }
    }
    Ok(())
}

/// Operations that the document has and the plan has not, and that no diagnostic speaks of. There are none, unless
/// the generator has a fault; but an operation that is lost without a word is the worst fault of all.
fn missing_operations(document: &Value, plan: &Plan, diags: &[Diagnostic]) -> Vec<Diagnostic> {
    let mut planned: BTreeMap<(String, String), usize> = BTreeMap::new();
    for method in plan
        .resources
        .iter()
        .flat_map(|resource| resource.files.iter().flatten())
    {
        *planned
            .entry((
                method.method.as_str().to_owned(),
                erase_path_variables(&method.path),
            ))
            .or_default() += 1;
    }
    let mut missing = Vec::new();
    for (path, key, at) in list_operations(document) {
        if let Some(left) = planned
            .get_mut(&(key.to_uppercase(), erase_path_variables(path)))
            .filter(|left| **left > 0)
        {
            *left -= 1;
        } else if !diags
            .iter()
            .any(|diag| diag.at == at || diag.at.0.starts_with(&format!("{at}/")))
        {
            missing.push(Diagnostic::new(
                Code::Internal,
                &at,
                "the operation is not among the generated ones",
            ));
        }
    }
    missing
}
