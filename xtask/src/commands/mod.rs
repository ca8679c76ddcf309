//! The command line.

mod codegen;
mod coverage;
mod generate;
mod spec;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Vendor;
use crate::diag::{Code, Error, Style, render};
use crate::pipeline::{Inputs, repository};
use crate::plan::{PlanOptions, Runtime};

pub use codegen::{Outcome, codegen_vendor};
pub use coverage::{Coverage, measure};
pub use generate::{Generate, generate};

/// The generator of LLM Observatory.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Codegen(codegen::Args),
    Coverage(coverage::Args),
    Generate(generate::Args),
    /// Keep the documents in specs/.
    #[command(subcommand)]
    Spec(spec::Command),
}

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Codegen(args) => codegen::run(&args),
        Command::Coverage(args) => coverage::run(&args),
        Command::Generate(args) => generate::run(&args),
        Command::Spec(command) => spec::run(&command),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{}", render(&error, Style::for_stderr()).trim_end());
            ExitCode::FAILURE
        }
    }
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

    /// Its configuration.
    ///
    /// # Errors
    /// When `vendor.toml` cannot be read.
    pub fn config(&self) -> Result<Vendor, Error> {
        Vendor::load(&self.folder().join("vendor.toml"))
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
