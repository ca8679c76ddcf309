//! Programs that call a generated crate: written next to it, compiled and started.

use std::env;
use std::fs;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use observatory_codegen::Output;
use observatory_codegen::diag::{Code, Error};
use observatory_codegen::files::{Mode, write_files};
use xtask::cargo;
use xtask::repository::{build_root, repository_root};

/// How often progress is reported while cargo runs.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(500);

/// The source of a program. It imports the generated crate as `generated`.
pub(crate) struct ProgramSource<'a> {
    /// The tool that uses the program: the first part of its package name.
    pub(crate) tool: &'a str,
    /// The enabled features of the generated crate.
    pub(crate) features: Vec<&'a str>,
    /// The enabled features of the runtime.
    pub(crate) runtime_features: &'a [&'a str],
    /// More entries of `[dependencies]`, as TOML.
    pub(crate) dependencies: &'a str,
    /// The text of `src/main.rs`.
    pub(crate) main: String,
}

/// A program that was compiled with a generated crate.
pub(crate) struct CompiledProgram {
    pub(crate) path: PathBuf,
}

/// A started program, with pipes to its standard input and from its standard output.
pub(crate) struct RunningProgram {
    pub(crate) child: Child,
    pub(crate) input: ChildStdin,
    pub(crate) output: BufReader<ChildStdout>,
}

impl CompiledProgram {
    /// Starts the program, without its messages.
    pub(crate) fn start(&self) -> Result<RunningProgram, Error> {
        self.spawn(&[], Stdio::null())
            .map_err(|error| Error::io(&self.path, &error))
    }

    /// Starts the program with arguments. Its messages are those of this process.
    pub(crate) fn start_with(&self, arguments: &[String]) -> Result<RunningProgram, Error> {
        self.spawn(arguments, Stdio::inherit())
            .map_err(|error| Error::io(&self.path, &error))
    }

    fn spawn(&self, arguments: &[String], messages: Stdio) -> io::Result<RunningProgram> {
        let mut child = Command::new(&self.path)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(messages)
            .spawn()?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(input), Some(output)) => Ok(RunningProgram {
                child,
                input,
                output: BufReader::new(output),
            }),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}

/// Returns the feature names of a generated crate's resources and types.
pub(crate) fn feature_names(generated: &Output) -> impl Iterator<Item = &str> {
    generated
        .plan
        .features
        .iter()
        .map(|(name, _)| name.as_str())
}

impl ProgramSource<'_> {
    /// Writes the generated crate and the program to the target folder and compiles both. `progress` is called with the
    /// current step while cargo runs.
    ///
    /// # Errors
    /// When a file cannot be written or the compiler fails.
    pub(crate) fn compile(
        &self,
        name: &str,
        generated: &Output,
        progress: &mut dyn FnMut(&str),
    ) -> Result<CompiledProgram, Error> {
        let folder = cargo::target_dir(&repository_root()?)?.join("roundtrip");
        let home = folder.join(name);
        write_files(&generated.files, &home.join("crate"), Mode::Write)?;
        let package_folder = home.join(self.tool);
        let package = format!("{}-{name}", self.tool);
        write_if_changed(&package_folder.join("src/main.rs"), &self.main)?;
        write_if_changed(
            &package_folder.join("Cargo.toml"),
            &self.manifest(&package, generated)?,
        )?;
        if let Ok(lock) = fs::read_to_string(build_root().join("Cargo.lock")) {
            write_if_changed(&package_folder.join("Cargo.lock"), &lock)?;
        }
        let target = folder.join("target");
        build(&package_folder, &target, progress)?;
        let program = target.join("debug").join(package);
        Ok(CompiledProgram {
            path: program.with_extension(env::consts::EXE_EXTENSION),
        })
    }

    fn manifest(&self, package: &str, generated: &Output) -> Result<String, Error> {
        let quoted = |value: &dyn std::fmt::Debug| format!("{value:?}");
        let runtime = build_root().join("crates/runtime");
        Ok([
            format!(
                "[package]\nname = {}\nversion = \"0.0.0\"\nedition = \"2024\"\n",
                quoted(&package)
            ),
            "[dependencies.generated]\npath = \"../crate\"\ndefault-features = false".to_owned(),
            format!(
                "package = {}\nfeatures = {}\n",
                quoted(&generated.plan.options.package),
                quoted(&self.features)
            ),
            format!(
                "[dependencies.observatory-runtime]\npath = {}\nfeatures = {}\n",
                quoted(&path_text(&runtime)?),
                quoted(&self.runtime_features)
            ),
            format!("[dependencies]\n{}", self.dependencies),
            "[profile.dev]\ndebug = false\nincremental = false\n\n[workspace]\n".to_owned(),
        ]
        .join("\n"))
    }
}

/// Returns a path as text for a manifest.
///
/// # Errors
/// When the path is not UTF-8.
pub(crate) fn path_text(path: &Path) -> Result<String, Error> {
    path.to_str().map(str::to_owned).ok_or_else(|| {
        Error::new(
            Code::Io,
            format!("{}: the path is not UTF-8", path.display()),
            None,
        )
    })
}

/// Writes a file unless it has this text already: cargo compares modification times.
fn write_if_changed(path: &Path, text: &str) -> Result<(), Error> {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|error| Error::io(path, &error))
}

fn build(folder: &Path, target: &Path, progress: &mut dyn FnMut(&str)) -> Result<(), Error> {
    let mut command = cargo::command();
    command
        .args(["build", "--quiet"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target);
    let output = output_with_progress(command, "compiling the generated crate", progress)
        .map_err(|error| Error::io(folder, &error))?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(Error::new(
        Code::Internal,
        format!("the generated crate does not compile:\n{stderr}"),
        None,
    ))
}

/// Runs a command to its end and returns its output; reports `step` to `progress` while it runs.
pub(crate) fn output_with_progress(
    mut command: Command,
    step: &str,
    progress: &mut dyn FnMut(&str),
) -> io::Result<std::process::Output> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(command.output()));
    loop {
        progress(step);
        match receiver.recv_timeout(PROGRESS_INTERVAL) {
            Ok(output) => return output,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err(io::ErrorKind::BrokenPipe.into()),
        }
    }
}
