//! The program that sends values through generated types: written beside the generated crate, compiled once a document.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use super::targets::Target;
use crate::diag::{Code, Error};
use crate::files::{Mode, settle};
use crate::pipeline::{Made, repository};

/// Types are asked for by number; a line is a number, a tab and a value, and so is an answer, with `=` or `!` for the
/// number. Values stay text until the type reads them: nothing else may change them.
const MAIN: &str = r##"
fn through<T: Wire>(text: &str) -> Result<String, String> {
    let value: T = decode_json(text.as_bytes()).map_err(|why| why.to_string())?;
    let bytes = encode_json(&value).map_err(|why| why.to_string())?;
    String::from_utf8(bytes).map_err(|why| why.to_string())
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lines() {
        let line = line?;
        let Some((index, text)) = line.split_once('\t') else { continue };
        let through = index.parse().ok().and_then(|index: usize| TYPES.get(index));
        match through.map(|through| through(text)) {
            Some(Ok(text)) => writeln!(out, "=\t{text}")?,
            Some(Err(why)) => writeln!(out, "!\t{}", why.replace(['\n', '\r'], " "))?,
            None => writeln!(out, "!\tthere is no such type")?,
        }
        out.flush()?;
    }
    Ok(())
}
"##;

/// What the generated types said of a value.
pub(super) type Answer = Result<String, String>;

/// The compiled program.
pub(super) struct Driver {
    program: PathBuf,
    numbers: BTreeMap<String, usize>,
}

impl Driver {
    /// Writes the crate and the program, and compiles both.
    ///
    /// # Errors
    /// When the disk or the compiler refuses.
    pub(super) fn build(name: &str, made: &Made, targets: &[Target]) -> Result<Self, Error> {
        let target = target_folder()?.join("roundtrip");
        let home = target.join(name);
        settle(&made.files, &home.join("crate"), Mode::Write)?;
        let mut numbers = BTreeMap::new();
        for target in targets {
            let next = numbers.len();
            numbers.entry(path(target)).or_insert(next);
        }
        let mut types: Vec<(&usize, &String)> =
            numbers.iter().map(|(ty, index)| (index, ty)).collect();
        types.sort();
        let list: String = types
            .iter()
            .map(|(_, ty)| format!("    through::<{ty}>,\n"))
            .collect();
        let main = format!(
            "use std::io::Write as _;\n\nuse observatory_runtime::private::{{Wire, decode_json, encode_json}};\n\nstatic TYPES: &[fn(&str) -> Result<String, String>] = &[\n{list}];\n{MAIN}"
        );
        write(&home.join("driver/src/main.rs"), &main)?;
        write(&home.join("driver/Cargo.toml"), &manifest(name, made)?)?;
        if let Ok(lock) = fs::read_to_string(workspace().join("Cargo.lock")) {
            write(&home.join("driver/Cargo.lock"), &lock)?;
        }
        let built = target.join("target");
        compile(&home.join("driver"), &built)?;
        let program = built
            .join("debug")
            .join(package(name))
            .with_extension(env::consts::EXE_EXTENSION);
        Ok(Self { program, numbers })
    }

    /// Sends values through the type of a target.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(super) fn send(&self, target: &Target, values: &[String]) -> Result<Vec<Answer>, Error> {
        let number = self
            .numbers
            .get(&path(target))
            .copied()
            .unwrap_or(usize::MAX);
        let mut answers = Vec::new();
        while let Some(rest) = values.get(answers.len()..).filter(|rest| !rest.is_empty()) {
            let mut said = self.start(number, rest)?;
            if said.len() < rest.len() {
                // The process is gone, and with it the value that it died of.
                said.push(Err("the program died of it".to_owned()));
            }
            answers.append(&mut said);
        }
        Ok(answers)
    }

    /// The answers to as many values as the program lives for.
    fn start(&self, number: usize, values: &[String]) -> Result<Vec<Answer>, Error> {
        let failed = |why: &io::Error| Error::io(&self.program, why);
        let mut child: Child = Command::new(&self.program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|why| failed(&why))?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let answers = thread::scope(|scope| {
            scope.spawn(move || {
                let mut input = input.map(io::BufWriter::new);
                // A program that has died reads no more, which its missing answers tell.
                let _ = values.iter().try_for_each(|value| match &mut input {
                    Some(input) => writeln!(input, "{number}\t{value}"),
                    None => Ok(()),
                });
            });
            output.map(BufReader::new).map(answers).unwrap_or_default()
        });
        child.wait().map_err(|why| failed(&why))?;
        Ok(answers)
    }
}

fn answers(output: impl BufRead) -> Vec<Answer> {
    let lines = output.lines().map_while(Result::ok);
    let said = lines.filter_map(|line| match line.split_once('\t') {
        Some(("=", text)) => Some(Ok(text.to_owned())),
        Some(("!", why)) => Some(Err(why.to_owned())),
        _ => None,
    });
    said.collect()
}

/// The type as the program names it.
fn path(target: &Target) -> String {
    target.ty.path("generated::models::", "generated::")
}

fn package(name: &str) -> String {
    format!("roundtrip-{name}")
}

fn manifest(name: &str, made: &Made) -> Result<String, Error> {
    let mut features: Vec<&str> = made
        .plan
        .features
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    if made.plan.has_extra {
        features.push("extra-types");
    }
    let quoted = |value: &dyn std::fmt::Debug| format!("{value:?}");
    let runtime = workspace().join("crates/runtime");
    Ok([
        format!(
            "[package]\nname = {}\nversion = \"0.0.0\"\nedition = \"2024\"\n",
            quoted(&package(name))
        ),
        "[dependencies.generated]\npath = \"../crate\"\ndefault-features = false".to_owned(),
        format!(
            "package = {}\nfeatures = {}\n",
            quoted(&made.plan.options.package),
            quoted(&features)
        ),
        format!(
            "[dependencies.observatory-runtime]\npath = {}\n",
            quoted(&text(&runtime)?)
        ),
        "[profile.dev]\ndebug = false\nincremental = false\n\n[workspace]\n".to_owned(),
    ]
    .join("\n"))
}

/// The workspace that xtask was built in, where the runtime lies.
pub(super) fn workspace() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// A path as text, which a manifest is.
pub(super) fn text(path: &Path) -> Result<String, Error> {
    path.to_str().map(str::to_owned).ok_or_else(|| {
        Error::plain(
            Code::Io,
            format!("{}: the path is not UTF-8", path.display()),
            None,
        )
    })
}

fn target_folder() -> Result<PathBuf, Error> {
    let named = env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let folder = named.map_or_else(|| repository().map(|root| root.join("target")), Ok)?;
    std::path::absolute(&folder).map_err(|why| Error::io(&folder, &why))
}

/// Writes what has changed, so that nothing is compiled again that has not.
fn write(path: &Path, text: &str) -> Result<(), Error> {
    if fs::read_to_string(path).is_ok_and(|known| known == text) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|why| Error::io(path, &why))
}

fn compile(folder: &Path, target: &Path) -> Result<(), Error> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(cargo)
        .args(["build", "--quiet"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .map_err(|why| Error::io(folder, &why))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::plain(
        Code::Internal,
        format!("what was generated does not compile:\n{said}"),
        None,
    ))
}
