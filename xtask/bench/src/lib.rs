//! What the generator, the crates it writes and a call cost, beside others that do the same.
//!
//! Everything is a program that is run as its users run it: the generators, `cargo check`, and a call under valgrind.

pub mod budget;
mod call;
mod chart;
mod clean_build;
mod cli;
mod compile;
mod documents;
mod generation;
mod lower_bound;
mod measure;
mod missed_limits;
mod page;
mod peers;
mod report;
mod repository;
mod scaling;
mod size;

use std::cell::Cell;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use observatory_codegen::diag::Error;
use xtask::cargo;
use xtask::repository::repository as root_folder;

pub use cli::main;
pub use documents::Document;
pub use lower_bound::floor;
pub use page::{Page, write_page};
pub use report::{Limit, Section};

/// The parts of the benchmark, by the name that `--only` takes.
pub const PARTS: [&str; 8] = [
    "call",
    "repository",
    "generation",
    "compile",
    "size",
    "floor",
    "scaling",
    "cold",
];

/// What all parts need.
pub struct Bench {
    root: PathBuf,
    /// This program.
    program: PathBuf,
    /// Where cargo builds what is in the repository.
    target: PathBuf,
    /// Where everything else is written.
    work: PathBuf,
    runs: usize,
    peers: Option<PathBuf>,
    documents: Vec<Document>,
    progress: Box<dyn Fn(&str)>,
    /// How many folders were put out of the way.
    cleared: Cell<usize>,
}

/// Deletes what was put out of the way, whatever came of the run.
impl Drop for Bench {
    fn drop(&mut self) {
        self.empty_trash();
    }
}

impl Bench {
    /// Looks for all that is needed.
    ///
    /// # Errors
    /// When something is not there.
    pub fn new(
        runs: usize,
        peers: bool,
        folder: Option<&Path>,
        progress: Box<dyn Fn(&str)>,
    ) -> Result<Self, Error> {
        let root = root_folder()?;
        let program =
            env::current_exe().map_err(|why| Error::io(Path::new("this program"), &why))?;
        let target = cargo::target_folder(&root)?;
        let work = target.join("observatory-bench");
        fs::create_dir_all(&work).map_err(|why| Error::io(&work, &why))?;
        let bench = Self {
            peers: peers.then(|| peers::folder(&root)).transpose()?,
            documents: documents::documents(folder)?,
            root,
            program,
            target,
            work,
            runs,
            progress,
            cleared: Cell::new(0),
        };
        bench.empty_trash();
        Ok(bench)
    }

    /// Runs the parts that are asked for; after each, what is to be done with all that is [`kept`](Self::kept).
    ///
    /// # Errors
    /// When a program cannot be started, or the disk refuses.
    pub fn run(
        &self,
        wanted: impl Fn(&str) -> bool,
        mut so_far: impl FnMut() -> Result<(), Error>,
    ) -> Result<Vec<Section>, Error> {
        type Part = fn(&Bench) -> Result<Section, Error>;
        let parts: [Part; 8] = [
            call::section,
            repository::section,
            generation::section,
            compile::section,
            size::section,
            lower_bound::section,
            scaling::section,
            clean_build::section,
        ];
        let mut sections = Vec::new();
        for (name, part) in PARTS.into_iter().zip(parts) {
            if wanted(name) {
                (self.progress)(name);
                let mut section = part(self)?;
                section.measured = page::now(&self.root);
                self.keep(name, &section)?;
                sections.push(section);
                so_far()?;
            }
        }
        Ok(sections)
    }

    /// What was measured last of every part, now or before.
    pub fn kept(&self) -> Vec<Section> {
        let texts = PARTS.map(|name| fs::read(self.place(name)).unwrap_or_default());
        let sections = texts.iter().map(|text| serde_json::from_slice(text).ok());
        sections.flatten().collect()
    }

    fn keep(&self, name: &str, section: &Section) -> Result<(), Error> {
        let path = self.place(name);
        let text = serde_json::to_vec(section).unwrap_or_default();
        fs::write(&path, text).map_err(|why| Error::io(&path, &why))
    }

    fn place(&self, name: &str) -> PathBuf {
        self.work.join(format!("{name}.json"))
    }

    /// Where what programs say is kept.
    fn log(&self) -> PathBuf {
        self.work.join("said.log")
    }

    /// Where a generator writes its crate of a document.
    fn crate_of(&self, who: &str, document: &Document) -> PathBuf {
        self.work.join(format!("{who}-{}", document.slug))
    }

    /// Our generator, for any document.
    fn ours(&self, document: &Path, out: &Path, name: &str) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(["generate", "--allow-gaps", "--name", name, "--spec"])
            .arg(document)
            .arg("--out")
            .arg(out)
            .arg("--runtime-path")
            .arg(self.root.join("crates/runtime"));
        command
    }

    /// Puts out of the way what is in the place of a folder that somebody is to write.
    ///
    /// It is deleted when everything is measured: ext4 looks at every file that was deleted in the last half minute
    /// before it makes a new one, which would cost whoever writes many files several times their own work.
    fn clear(&self, folder: &Path) -> Result<(), Error> {
        let trash = self.trash();
        fs::create_dir_all(&trash).map_err(|why| Error::io(&trash, &why))?;
        let number = self.cleared.replace(self.cleared.get() + 1);
        match fs::rename(folder, trash.join(number.to_string())) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => Err(Error::io(folder, &why)),
            _ => Ok(()),
        }
    }

    fn empty_trash(&self) {
        let _there_is_none = fs::remove_dir_all(self.trash());
    }

    fn trash(&self) -> PathBuf {
        self.work.join("trash")
    }

    /// cargo, in the repository.
    fn cargo(&self) -> Command {
        let mut command = cargo::command();
        command.current_dir(&self.root);
        command
    }
}
