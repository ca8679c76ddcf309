//! What all parts of the benchmark share: paths, documents and programs.

use std::cell::Cell;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use observatory_codegen::diag::Error;
use xtask::cargo;
use xtask::repository::repository_root;

use crate::documents::{BenchDocument, find_documents};
use crate::measure::run_checked;
use crate::peers::peers_folder;

/// The name of our generator in tables. The names of its variants start with it.
pub(crate) const GENERATOR: &str = "observatory-codegen";

/// Paths, documents and programs of the benchmark.
pub(crate) struct BenchContext {
    pub(crate) root: PathBuf,
    /// The program of `cargo xtask`, which generates crates.
    pub(crate) xtask: PathBuf,
    /// This program, which measures the lower bound.
    pub(crate) bench: PathBuf,
    /// The target folder of the repository.
    pub(crate) target: PathBuf,
    /// The folder for everything that the benchmark writes.
    pub(crate) work: PathBuf,
    /// How often each program runs.
    pub(crate) runs: usize,
    /// The folder of the other generators, if they are measured.
    pub(crate) peers: Option<PathBuf>,
    pub(crate) documents: Vec<BenchDocument>,
    pub(crate) progress: Box<dyn Fn(&str)>,
    /// The number of folders moved to the trash.
    trash_count: Cell<usize>,
}

impl Drop for BenchContext {
    fn drop(&mut self) {
        self.empty_trash();
    }
}

impl BenchContext {
    /// Builds `xtask` and finds the documents and the other generators.
    ///
    /// # Errors
    /// When `xtask` cannot be built, or a document or generator is missing.
    pub(crate) fn new(
        runs: usize,
        with_peers: bool,
        documents: Option<&Path>,
        progress: Box<dyn Fn(&str)>,
    ) -> Result<Self, Error> {
        let root = repository_root()?;
        let bench =
            env::current_exe().map_err(|error| Error::io(Path::new("this program"), &error))?;
        let target = cargo::target_dir(&root)?;
        let work = target.join("observatory-bench");
        fs::create_dir_all(&work).map_err(|error| Error::io(&work, &error))?;
        let context = Self {
            peers: with_peers.then(|| peers_folder(&root)).transpose()?,
            documents: find_documents(documents)?,
            xtask: target
                .join("xtask/xtask")
                .with_extension(env::consts::EXE_EXTENSION),
            root,
            bench,
            target,
            work,
            runs,
            progress,
            trash_count: Cell::new(0),
        };
        context.empty_trash();
        context.build_xtask()?;
        Ok(context)
    }

    fn build_xtask(&self) -> Result<(), Error> {
        (self.progress)("building xtask");
        let mut cargo = self.cargo();
        cargo.args(["build", "--quiet", "--profile", "xtask", "-p", "xtask"]);
        run_checked(&mut cargo, &self.log_path()).map(drop)
    }

    /// Returns the path of the file with the output of the last program.
    pub(crate) fn log_path(&self) -> PathBuf {
        self.work.join("output.log")
    }

    /// Returns the folder in which a generator writes its crate of a document.
    pub(crate) fn crate_folder(&self, generator: &str, document: &BenchDocument) -> PathBuf {
        self.work.join(crate_name(generator, document))
    }

    /// Returns the command with which our generator writes a crate.
    pub(crate) fn generate_command(&self, document: &Path, out: &Path, name: &str) -> Command {
        let mut command = Command::new(&self.xtask);
        command
            .args(["generate", "--allow-gaps", "--name", name, "--spec"])
            .arg(document)
            .arg("--out")
            .arg(out)
            .arg("--runtime-path")
            .arg(self.root.join("crates/runtime"));
        command
    }

    /// Returns a cargo command that runs in the repository.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = cargo::command();
        command.current_dir(&self.root);
        command
    }

    /// Moves a folder to the trash, so that a program can write it again.
    ///
    /// The trash is emptied after all measurements: ext4 examines the files that were deleted in the last half minute
    /// before it creates new ones, which multiplies the time of a program that writes many files.
    pub(crate) fn move_to_trash(&self, folder: &Path) -> Result<(), Error> {
        let trash = self.trash_folder();
        fs::create_dir_all(&trash).map_err(|error| Error::io(&trash, &error))?;
        let number = self.trash_count.replace(self.trash_count.get() + 1);
        match fs::rename(folder, trash.join(number.to_string())) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io(folder, &error)),
            _ => Ok(()),
        }
    }

    fn empty_trash(&self) {
        // The folder may not exist.
        let _ = fs::remove_dir_all(self.trash_folder());
    }

    fn trash_folder(&self) -> PathBuf {
        self.work.join("trash")
    }
}

/// Returns the name of the crate that a generator writes for a document. The names of all crates differ, so that they
/// share a target folder.
pub(crate) fn crate_name(generator: &str, document: &BenchDocument) -> String {
    format!("{generator}-{}", document.slug)
}
