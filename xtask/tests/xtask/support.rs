//! A repository with one vendor, and the result of a command in it.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) type TestResult = Result<(), Box<dyn Error>>;

pub(crate) const DOCUMENT: &str = "openapi: 3.0.3
info: {title: Acme, version: 1.2.3, description: Prose., license: {name: MIT}}
paths:
  /things/{id}:
    get:
      tags: [thing]
      operationId: getThing
      summary: Prose.
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        '200': {description: Prose., content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}}
components:
  schemas:
    Thing: {type: object, properties: {description: {type: string, description: Prose.}}}
";

/// Parameters of which one is not in the path: a gap.
pub(crate) const GAP: &str = "      parameters: [{name: id, in: path, required: true, schema: {type: string}}, {name: other, in: path, required: true, schema: {type: string}}]";

/// A repository with one vendor.
pub(crate) struct Repo(pub(crate) PathBuf);

impl Repo {
    pub(crate) fn new(name: &str) -> Result<Self, Box<dyn Error>> {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("cli")
            .join(name);
        if root.exists() {
            fs::remove_dir_all(&root)?;
        }
        fs::create_dir_all(root.join("xtask"))?;
        let repo = Self(root);
        repo.put("specs/acme/openapi.yaml", DOCUMENT)?;
        Ok(repo)
    }

    pub(crate) fn put(&self, path: &str, text: &str) -> TestResult {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().unwrap_or(&self.0))?;
        Ok(fs::write(path, text)?)
    }

    pub(crate) fn read(&self, path: &str) -> Result<String, Box<dyn Error>> {
        Ok(fs::read_to_string(self.0.join(path))?)
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.0.join(path).exists()
    }

    pub(crate) fn run(&self, args: &[&str]) -> Result<Run, Box<dyn Error>> {
        let output = Command::new(crate::program())
            .args(args)
            .current_dir(&self.0)
            .output()?;
        Ok(Run::from(output))
    }

    /// Replaces the document by one with a gap.
    pub(crate) fn with_gap(&self) -> TestResult {
        self.with_gap_in("specs/acme/openapi.yaml")
    }

    /// Writes a document with a gap to `path`.
    pub(crate) fn with_gap_in(&self, path: &str) -> TestResult {
        let text: Vec<String> = DOCUMENT
            .lines()
            .map(|line| match line.trim_start().starts_with("parameters:") {
                true => GAP.to_owned(),
                false => line.to_owned(),
            })
            .collect();
        self.put(path, &(text.join("\n") + "\n"))
    }
}

/// Returns the path of a file or folder in `../shared`, or in the folder that `OBSERVATORY_SHARED` names.
///
/// # Panics
/// If it does not exist.
pub(crate) fn shared(part: &str) -> PathBuf {
    let default = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let folder = std::env::var_os("OBSERVATORY_SHARED").map_or(default, PathBuf::from);
    let path = folder.join(part);
    assert!(
        path.exists(),
        "{} does not exist; set OBSERVATORY_SHARED to the folder",
        path.display()
    );
    path
}

/// The result of a command.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        Self {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

impl Run {
    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn fails(self) -> Self {
        assert_eq!(self.code, Some(1), "{self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn prints(self, expected: &str) -> Self {
        assert!(
            self.out.contains(expected) || self.err.contains(expected),
            "`{expected}` is missing in {self:#?}"
        );
        self
    }
}
