//! Commands that are separate programs: `cargo xtask` builds and runs them.

use std::ffi::OsString;
use std::path::Path;

use observatory_codegen::diag::Error;

use crate::cargo;
use crate::repository::build_root;

/// The arguments, which are passed on unchanged.
#[derive(Debug, clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Args {
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "ARGS"
    )]
    args: Vec<OsString>,
}

/// Runs a command of `xtask/conformance`.
pub(crate) fn conformance(command: &str, args: &Args) -> Result<bool, Error> {
    run_package("observatory-conformance", Some(command), args)
}

/// Runs `xtask/bench`.
pub(crate) fn bench(args: &Args) -> Result<bool, Error> {
    run_package("observatory-bench", None, args)
}

/// Builds a package of this repository with the profile of `cargo xtask` and runs it. Returns whether it succeeded.
fn run_package(package: &str, command: Option<&str>, args: &Args) -> Result<bool, Error> {
    let manifest = build_root().join("Cargo.toml");
    let status = cargo::command()
        .args(["run", "--profile", "xtask", "--package", package])
        .arg("--manifest-path")
        .arg(&manifest)
        .arg("--")
        .args(command)
        .args(&args.args)
        .status()
        .map_err(|error| Error::io(Path::new("cargo"), &error))?;
    Ok(status.success())
}
