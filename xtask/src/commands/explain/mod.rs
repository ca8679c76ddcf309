//! `cargo xtask explain`.

mod find;
mod tell;
mod why;

use super::{VendorFolder, say};
use crate::diag::{Code, Error};
use crate::emit::emit;
use crate::pipeline::{Fit, understand};
use crate::source;

/// Say what became of a part of a document, why, and where.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask explain galileo log_traces_projects__project_id__traces_post   an operationId
  cargo xtask explain galileo 'trace().log_traces'                           a method
  cargo xtask explain galileo LlmSpan                                        a schema, or a type
  cargo xtask explain galileo models::LlmSpan::input                         a field, a value or a member
  cargo xtask explain galileo '#/components/schemas/LlmSpan/properties/input'")]
pub(super) struct Args {
    /// The vendor's folder in specs/
    vendor: String,
    /// An operationId, `METHOD /path`, a schema, a name in Rust, or a JSON pointer
    what: String,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let asked = [args.vendor.clone()];
    let Some(vendor) = VendorFolder::find(&asked)?.into_iter().next() else {
        return Ok(false);
    };
    let config = vendor.config()?;
    let inputs = vendor.inputs();
    let raw = source::load(&inputs.document)?;
    let options = vendor.options(&config);
    let side = understand(
        raw,
        inputs.overlay.as_deref(),
        &config,
        &options,
        Fit::Exact,
    )?;
    let files = emit(&side.plan);
    let found = find::find(&side, &args.what);
    if found.is_empty() {
        let message = format!("{} has no `{}`", args.vendor, args.what.escape_debug());
        let help = find::similar(&side, &args.what).map(|name| format!("there is `{name}`"));
        return Err(Error::plain(Code::Config, message, help.as_deref()));
    }
    let teller = tell::Teller {
        side: &side,
        files: &files,
        config: &config,
        document: &options.document,
        krate: &format!("crates/{}", vendor.name),
        locator: side.raw.locator(),
    };
    for (index, thing) in found.iter().enumerate() {
        let gap = if index == 0 { "" } else { "\n" };
        say(format_args!("{gap}{}", teller.tell(*thing).trim_end()))?;
    }
    Ok(true)
}
