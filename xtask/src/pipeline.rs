//! The stages, one after the other.

use std::path::{Path, PathBuf};

use crate::config::Vendor;
use crate::diag::{Code, Diag, Error};
use crate::emit::emit;
use crate::files::Files;
use crate::plan::{Plan, PlanOptions, plan};
use crate::source::RawSpec;
use crate::source::overlay::{self, Moves, Overlay};
use crate::{lower, refine, source, spec};

/// What came of a document.
#[derive(Debug)]
pub struct Made {
    /// The document as it was read, overlay not applied.
    pub raw: RawSpec,
    /// Every decision.
    pub plan: Plan,
    /// The crate.
    pub files: Files,
    /// What could not be expressed, and nobody accepted.
    pub gaps: Vec<Diag>,
}

/// Where a vendor keeps its files.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// The document.
    pub document: PathBuf,
    /// The overlay, if there is one.
    pub overlay: Option<PathBuf>,
}

/// Runs every stage but the last: nothing is written.
///
/// # Errors
/// When the document or the overlay cannot be read or understood, or an acceptance is no longer needed.
pub fn run(inputs: &Inputs, vendor: &Vendor, options: &PlanOptions) -> Result<Made, Error> {
    let raw = source::load(&inputs.document)?;
    let mut value = raw.value.clone();
    let mut moves = Moves::default();
    if let Some(path) = &inputs.overlay {
        moves = overlay::apply(&mut value, &Overlay::read(&source::load(path)?)?)?;
    }
    let located = |error: Error| error.in_source(&raw.path, &raw.text);
    let canonical = source::normalise(&value).map_err(located)?;
    let document = spec::parse(canonical).map_err(located)?;
    let (mut api, mut diags) = lower::lower(&document);
    diags.extend(refine::run(&mut api, vendor));
    diags
        .iter_mut()
        .for_each(|diag| diag.at = moves.original(&diag.at));
    let gaps = accepted(diags, vendor).map_err(located)?;
    let plan = plan(&api, vendor, options);
    let files = emit(&plan);
    Ok(Made {
        raw,
        plan,
        files,
        gaps,
    })
}

/// The gaps that `vendor.toml` does not accept. An acceptance that fits no gap is a fault: the gap is closed.
fn accepted(diags: Vec<Diag>, vendor: &Vendor) -> Result<Vec<Diag>, Error> {
    let fits =
        |diag: &Diag, code: &str, pointer: &str| diag.code.as_str() == code && diag.at.0 == pointer;
    let mut unused = Vec::new();
    for rule in &vendor.accept {
        if !diags
            .iter()
            .any(|diag| fits(diag, &rule.code, &rule.pointer))
        {
            let at = crate::ir::Pointer(rule.pointer.clone());
            let message = format!("the accepted gap `{}` does not occur here", rule.code);
            unused.push(
                Diag::new(Code::UnusedAcceptance, &at, message).help("take it out of vendor.toml"),
            );
        }
    }
    if !unused.is_empty() {
        return Err(Error::located(unused));
    }
    let open = |diag: &Diag| {
        !vendor
            .accept
            .iter()
            .any(|rule| fits(diag, &rule.code, &rule.pointer))
    };
    Ok(diags.into_iter().filter(open).collect())
}

/// The folder that holds `specs`: the one above, or the one xtask was built in.
///
/// # Errors
/// When there is none.
pub fn repository() -> Result<PathBuf, Error> {
    let here = std::env::current_dir().map_err(|why| Error::io(Path::new("."), &why))?;
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let found = here
        .ancestors()
        .chain(built)
        .find(|folder| folder.join("specs").is_dir() && folder.join("xtask").is_dir());
    found.map(Path::to_path_buf).ok_or_else(|| {
        Error::plain(
            Code::Io,
            "there is no `specs` folder here or above",
            Some("run it inside the repository"),
        )
    })
}
