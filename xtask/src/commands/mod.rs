//! The command line.

mod bench;
mod calls;
mod codegen;
mod corpus;
mod coverage;
mod diff;
mod explain;
mod fuzz;
mod generate;
mod overview;
mod progress;
mod roundtrip;
mod spec;
mod unchanged;

use std::fmt;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Vendor;
use crate::diag::{Code, Error, Style, render};
use crate::lock::{self, Lock};
use crate::pipeline::{Inputs, repository};
use crate::plan::{PlanOptions, Runtime};

pub use codegen::{Outcome, codegen_vendor};
pub use corpus::{Corpus, Ending, Survey, corpus, documents};
pub use coverage::{Count, Coverage, Gap, measure};
pub use diff::changes;
pub use generate::{Generate, generate};

/// The generator of LLM Observatory: reads specs/, writes crates/.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    about,
    after_help = "Examples:
  cargo xtask codegen                           write every vendor's crate
  cargo xtask coverage                          what is generated of each document
  cargo xtask generate --spec petstore.yaml --out ../petstore --name petstore-client"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Bench(bench::Args),
    Calls(calls::Args),
    Codegen(codegen::Args),
    Corpus(corpus::Args),
    Coverage(coverage::Args),
    Explain(explain::Args),
    Fuzz(fuzz::Args),
    Generate(generate::Args),
    Roundtrip(roundtrip::Args),
    /// Keep the documents in specs/.
    #[command(
        subcommand,
        after_help = "Example:\n  cargo xtask spec pin helicone --from swagger.json"
    )]
    Spec(spec::Command),
}

/// Runs the command that the process was started with. Whatever goes wrong, the exit code is 1.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(why) => {
            // Help and version come this way, too. If they cannot be printed there is nobody to tell.
            let _ = why.print();
            return ExitCode::from(u8::from(why.use_stderr()));
        }
    };
    let result = match cli.command {
        Command::Bench(args) => bench::run(&args),
        Command::Calls(args) => calls::run(&args),
        Command::Codegen(args) => codegen::run(&args),
        Command::Corpus(args) => corpus::run(&args),
        Command::Coverage(args) => coverage::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Fuzz(args) => fuzz::run(&args),
        Command::Generate(args) => generate::run(&args),
        Command::Roundtrip(args) => roundtrip::run(&args),
        Command::Spec(command) => spec::run(&command),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// Prints a line. Whoever closes the pipe has read enough.
fn say(line: fmt::Arguments<'_>) -> Result<(), Error> {
    match writeln!(io::stdout().lock(), "{line}") {
        Err(why) if why.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::io(Path::new("standard output"), &why))
        }
        _ => Ok(()),
    }
}

/// Prints what went wrong.
fn complain(error: &Error) {
    warn(&render(error, Style::for_stderr()));
}

/// Prints to standard error; if that is closed there is nobody to tell.
fn warn(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", text.trim_end());
}

/// A vendor of the repository.
#[derive(Clone, Debug)]
pub struct VendorFolder {
    /// The folder's name.
    pub name: String,
    /// The repository.
    pub root: PathBuf,
}

impl VendorFolder {
    /// The vendors asked for, or all of them, by name.
    ///
    /// # Errors
    /// When there is no such vendor.
    pub fn find(asked: &[String]) -> Result<Vec<Self>, Error> {
        let root = repository()?;
        let specs = root.join("specs");
        let mut known = Vec::new();
        let entries = std::fs::read_dir(&specs).map_err(|why| Error::io(&specs, &why))?;
        for entry in entries {
            let path = entry.map_err(|why| Error::io(&specs, &why))?.path();
            if path.join("openapi.yaml").is_file() {
                known.extend(
                    path.file_name()
                        .map(|name| name.to_string_lossy().into_owned()),
                );
            }
        }
        known.sort();
        if let Some(unknown) = asked.iter().find(|name| !known.contains(name)) {
            let help = format!("there are: {}", known.join(", "));
            return Err(Error::plain(
                Code::UnknownVendor,
                format!("there is no vendor `{unknown}`"),
                Some(&help),
            ));
        }
        let wanted = known
            .into_iter()
            .filter(|name| asked.is_empty() || asked.contains(name));
        Ok(wanted
            .map(|name| Self {
                name,
                root: root.clone(),
            })
            .collect())
    }

    fn folder(&self) -> PathBuf {
        self.root.join("specs").join(&self.name)
    }

    /// Where its crate lies.
    pub fn krate(&self) -> PathBuf {
        self.root.join("crates").join(&self.name)
    }

    /// Its files.
    pub fn inputs(&self) -> Inputs {
        let overlay = self.folder().join("overlay.yaml");
        Inputs {
            document: self.folder().join("openapi.yaml"),
            overlay: overlay.is_file().then_some(overlay),
        }
    }

    /// Its configuration, and the names that programs use.
    ///
    /// # Errors
    /// When `vendor.toml` or `names.lock` cannot be read.
    pub fn config(&self) -> Result<Vendor, Error> {
        let mut vendor = Vendor::load(&self.folder().join("vendor.toml"))?;
        vendor.names.lock = Lock::load(&self.folder().join(lock::FILE))?;
        Ok(vendor)
    }

    /// What to tell the plan.
    pub fn options(&self, vendor: &Vendor) -> PlanOptions {
        PlanOptions {
            package: match vendor.package.as_str() {
                "" => format!("observatory-{}", self.name),
                package => package.to_owned(),
            },
            command: format!("cargo xtask codegen {}", self.name),
            document: format!("specs/{}/openapi.yaml", self.name),
            runtime: Runtime::Workspace,
        }
    }
}

/// Checks that `name` can be a vendor's folder: it becomes part of paths, commands and a crate's name.
fn vendor_name(name: &str) -> Result<&str, Error> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(good) {
        return Ok(name);
    }
    let message = format!("`{}` is no name for a vendor's folder", name.escape_debug());
    Err(Error::plain(
        Code::Config,
        message,
        Some("use small letters, digits, `-` and `_`, a letter first"),
    ))
}
