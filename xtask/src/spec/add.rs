//! `cargo xtask spec add`.

use std::path::Path;
use std::time::Instant;

use super::guess::{guess, overlay};
use super::staged::{Said, config_path, fetched, stage_parsed};
use crate::codegen::{complain_of_gaps, places, summary};
use crate::overview::overview;
use crate::repository::{VendorFolder, repository, vendor_name};
use observatory_codegen::Output;
use observatory_codegen::cli::terminal::{print_error, print_line, print_warning};
use observatory_codegen::config::Config;
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::files::{Files, Mode, TargetDir, commit_all};
use observatory_codegen::inventory::list_operations;
use observatory_codegen::source::{self, RawDocument};

/// Add a vendor from nothing: its document, guesses at what that does not say, and its crate.
///
/// Every guess stands in specs/<vendor>/vendor.toml with its reason; look at each one. Where the document has things
/// that cannot be expressed, the folder in specs/ is written and the crate is not, so that the overlay can mend it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask spec add acme --from openapi.yaml --license MIT --date 2026-08-22
  cargo xtask spec add acme --from https://api.acme.example/openapi.json")]
pub(crate) struct Args {
    /// The vendor's folder in specs/, which is not there yet
    vendor: String,
    /// The published document: a file, or an https address
    #[arg(long, value_name = "FILE|URL")]
    from: String,
    #[command(flatten)]
    said: Said,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let started = Instant::now();
    let vendor = VendorFolder {
        name: vendor_name(&args.vendor)?.to_owned(),
        root: repository()?,
    };
    for taken in [vendor.folder(), vendor.krate()] {
        if taken.exists() {
            return Err(is_there(&vendor.name, &taken));
        }
    }
    let fetched = fetched(&args.from, None)?.unwrap_or_default();
    let raw = source::parse(Path::new(&args.from), fetched.bytes)?;
    let text = guess(&vendor.name, &raw);
    let path = config_path(&vendor.folder());
    let document = (args.from.as_str(), fetched.etag, raw);
    let staged = stage_parsed(&vendor.name, document, &args.said, (&path, &text))?;
    let config = Config::parse(&path, &staged.config)?;
    let mut specs = staged.files();
    specs.insert("overlay.yaml".to_owned(), overlay(&config.title));
    let made = make(&vendor, &config, staged.facts()?);
    let good = matches!(&made, Ok(made) if made.diagnostics.is_empty());
    let all = match &made {
        Ok(made) if good => whole(&vendor, made, specs)?,
        _ => vec![folder(&vendor, specs)],
    };
    let report = commit_all(&all, Mode::Write)?;
    let name = &vendor.name;
    match made {
        Ok(made) if good => {
            print_line(format_args!(
                "{}",
                summary(name, &made, &report, Mode::Write, started.elapsed())
            ))?;
            next(name)?;
        }
        Ok(made) => complain_of_gaps(name, &made),
        Err(error) => print_error(&error),
    }
    if !good {
        let operations = list_operations(&staged.published.value).len();
        print_warning(&format!(
            "specs/{name} is written, for {operations} operations; crates/{name} is not. Mend specs/{name}/overlay.yaml, \
             then: cargo xtask codegen {name}"
        ));
    }
    Ok(good)
}

fn is_there(vendor: &str, path: &Path) -> Error {
    let message = format!("{} is there already", path.display());
    let help =
        format!("a new document for it comes with: cargo xtask spec update {vendor} --from …");
    Error::new(Code::Config, message, Some(&help))
}

fn make(vendor: &VendorFolder, config: &Config, raw: RawDocument) -> Result<Output, Error> {
    Ok(vendor.generator_with(config.clone()).generate(raw)?)
}

/// The vendor's folder, with what is not generated.
fn folder(vendor: &VendorFolder, files: Files) -> TargetDir {
    TargetDir {
        root: vendor.folder(),
        shown: format!("specs/{}", vendor.name),
        files,
    }
}

/// Everything: the folder, the crate, and the row in the README.
fn whole(vendor: &VendorFolder, made: &Output, files: Files) -> Result<Vec<TargetDir>, Error> {
    let [krate, mut specs] = places(vendor, made);
    specs.files.extend(files);
    let mut all = vec![krate, specs];
    all.extend(overview(&[(vendor, made)])?);
    Ok(all)
}

fn next(vendor: &str) -> Result<(), Error> {
    print_line(format_args!(
        "next: read the guesses in specs/{vendor}/vendor.toml, say in overlay.yaml what matters most, give it a \
         [quick-start], and run: cargo xtask codegen {vendor}"
    ))
}
