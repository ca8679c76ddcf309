//! The program that sends values through generated types: written beside the generated crate, compiled once a document.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

use super::targets::Target;
use crate::shared::program::{Beside, features};
use observatory_codegen::diag::Error;
use observatory_codegen::pipeline::Output;

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
pub(crate) type Answer = Result<String, String>;

/// The compiled program.
pub(crate) struct Driver {
    program: PathBuf,
    numbers: BTreeMap<String, usize>,
}

impl Driver {
    /// Writes the crate and the program, and compiles both.
    ///
    /// # Errors
    /// When the disk or the compiler refuses.
    pub(crate) fn build(name: &str, made: &Output, targets: &[Target]) -> Result<Self, Error> {
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
        let mut features: Vec<&str> = features(made).collect();
        if made.plan.has_extra {
            features.push("extra-types");
        }
        let program = Beside {
            kind: "roundtrip",
            features,
            runtime: &[],
            dependencies: "",
            main,
        }
        .build(name, made)?;
        Ok(Self { program, numbers })
    }

    /// Sends values through the type of a target.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(crate) fn send(&self, target: &Target, values: &[String]) -> Result<Vec<Answer>, Error> {
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
