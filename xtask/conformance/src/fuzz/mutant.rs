//! Generates a mutant and checks the guarantees of the generator.

use std::path::Path;

use observatory_codegen::config::Config;
use observatory_codegen::diag::{ColorChoice, Error, render, render_diagnostics};
use observatory_codegen::files::{Mode, write_files};
use observatory_codegen::lock::NamesLock;
use observatory_codegen::{Generator, Input, Output};

/// The longest file name in bytes. File systems allow 255 bytes; temporary files need some of them.
const MAX_FILE_NAME: usize = 200;

/// The outcome of generating a mutant.
pub(super) enum MutantOutcome {
    Rejected,
    Gaps,
    Generated,
    /// The mutant broke a guarantee.
    Failed(String),
}

/// A document, and an overlay for it.
#[derive(Clone, Debug)]
pub(super) struct Mutant {
    /// The name of the document that was mutated.
    pub(super) name: String,
    pub(super) document: String,
    /// `json` or `yaml`.
    pub(super) extension: &'static str,
    pub(super) overlay: Option<String>,
}

impl Mutant {
    /// Returns the file names and texts.
    pub(super) fn files(&self) -> Vec<(&'static str, &str)> {
        let document = (self.extension, self.document.as_str());
        let overlay = self.overlay.as_deref();
        let overlay = overlay.map(|overlay| ("overlay.json", overlay));
        std::iter::once(document).chain(overlay).collect()
    }
}

/// Generates the crate of a mutant, in memory.
pub(super) fn generate(mutant: &Mutant, lock: NamesLock) -> Result<Output, Error> {
    let package = mutant.name.replace(['_', '.'], "-");
    let mut generator = Generator::new(Config::default())
        .package(format!("mutant-{package}"))
        .command("cargo xtask fuzz")
        .lock(lock)
        .allow_gaps(true);
    if let Some(overlay) = &mutant.overlay {
        generator = generator.overlay(Input::text("overlay.json", overlay.as_str()));
    }
    let document = format!("mutant.{}", mutant.extension);
    Ok(generator.generate(Input::text(document, mutant.document.as_str()))?)
}

/// Generates a mutant and checks its messages and files.
pub(super) fn check_mutant(mutant: &Mutant, lock: NamesLock) -> MutantOutcome {
    let generated = match generate(mutant, lock) {
        Ok(generated) => generated,
        Err(error) => {
            let message = render(&error, ColorChoice::Never);
            return match find_control_character(&message) {
                Some(c) => MutantOutcome::Failed(format!("{c:?} in an error message")),
                None => MutantOutcome::Rejected,
            };
        }
    };
    let source = generated.raw.source();
    let messages = render_diagnostics(&generated.diagnostics, &source, ColorChoice::Never);
    if let Some(c) = find_control_character(&messages) {
        return MutantOutcome::Failed(format!("{c:?} in a diagnostic"));
    }
    match find_file_error(&generated) {
        Some(error) => MutantOutcome::Failed(error),
        None if generated.diagnostics.is_empty() => MutantOutcome::Generated,
        None => MutantOutcome::Gaps,
    }
}

/// Returns the first error in the generated files: paths, control characters, syntax, and the names lock.
fn find_file_error(generated: &Output) -> Option<String> {
    if let Err(error) = write_files(&generated.files, Path::new("nowhere"), Mode::DryRun) {
        return Some(render(&error, ColorChoice::Never));
    }
    for (path, text) in generated.files.iter() {
        if path.split('/').any(|name| name.len() > MAX_FILE_NAME) {
            return Some(format!("{path}: the file name is too long"));
        }
        if let Some(c) = find_control_character(text) {
            return Some(format!("{path}: {c:?} in the text"));
        }
        let extension = Path::new(path)
            .extension()
            .and_then(|extension| extension.to_str());
        let error = match extension {
            Some("rs") => syn::parse_file(text).err().map(|error| error.to_string()),
            Some("toml") => text
                .parse::<toml::Table>()
                .err()
                .map(|error| error.to_string()),
            _ => None,
        };
        if let Some(error) = error {
            return Some(format!("{path}: {error}"));
        }
    }
    match toml::from_str::<NamesLock>(&generated.lock) {
        Ok(parsed) if parsed == generated.plan.lock => None,
        Ok(_) => Some("names.lock changes when it is written and read".to_owned()),
        Err(error) => Some(format!("names.lock: {error}")),
    }
}

/// Returns the first character that a terminal or editor does not display as it is: control and bidirectional
/// characters.
fn find_control_character(text: &str) -> Option<char> {
    let is_control = |c: &char| match c {
        '\n' | '\t' => false,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
        c => c.is_control(),
    };
    text.chars().find(is_control)
}
