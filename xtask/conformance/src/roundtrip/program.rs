//! The program that decodes and encodes values with the generated types.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};
use std::thread;

use super::targets::Target;
use crate::shared::program::{CompiledProgram, ProgramSource, feature_names};
use observatory_codegen::Output;
use observatory_codegen::diag::Error;

/// The program reads lines of a type index, a tab and a JSON text. It writes lines of `=` or `!`, a tab, and the
/// encoded value or the error. Values stay text until the type decodes them, so that nothing else changes them.
const MAIN: &str = r##"
fn round_trip<T: Wire>(text: &str) -> Result<String, String> {
    let value: T = decode_json(text.as_bytes()).map_err(|error| error.to_string())?;
    let bytes = encode_json(&value).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lines() {
        let line = line?;
        let Some((index, text)) = line.split_once('\t') else { continue };
        let round_trip = index.parse().ok().and_then(|index: usize| TYPES.get(index));
        match round_trip.map(|round_trip| round_trip(text)) {
            Some(Ok(text)) => writeln!(out, "=\t{text}")?,
            Some(Err(error)) => writeln!(out, "!\t{}", error.replace(['\n', '\r'], " "))?,
            None => writeln!(out, "!\tunknown type")?,
        }
        out.flush()?;
    }
    Ok(())
}
"##;

/// The error of a value that terminated the program.
pub(super) const TERMINATED: &str = "the program terminated";

/// A value encoded by its type, or the error of decoding it.
pub(super) type EncodedValue = Result<String, String>;

/// The compiled program.
pub(super) struct RoundtripProgram {
    program: CompiledProgram,
    /// The index of each type.
    type_indices: BTreeMap<String, usize>,
}

impl RoundtripProgram {
    /// Compiles the generated crate and the program.
    ///
    /// # Errors
    /// When a file cannot be written or the compiler fails.
    pub(super) fn compile(
        name: &str,
        generated: &Output,
        targets: &[Target],
        progress: &mut dyn FnMut(&str),
    ) -> Result<Self, Error> {
        let mut type_indices = BTreeMap::new();
        for target in targets {
            let next = type_indices.len();
            type_indices.entry(type_path(target)).or_insert(next);
        }
        let mut types: Vec<(&usize, &String)> =
            type_indices.iter().map(|(ty, index)| (index, ty)).collect();
        types.sort();
        let list: String = types
            .iter()
            .map(|(_, ty)| format!("    round_trip::<{ty}>,\n"))
            .collect();
        let main = format!(
            "use std::io::Write as _;\n\nuse observatory_runtime::private::{{Wire, decode_json, encode_json}};\n\nstatic TYPES: &[fn(&str) -> Result<String, String>] = &[\n{list}];\n{MAIN}"
        );
        let mut features: Vec<&str> = feature_names(generated).collect();
        if generated.plan.has_extra_types {
            features.push("extra-types");
        }
        let source = ProgramSource {
            tool: "roundtrip",
            features,
            runtime_features: &[],
            dependencies: "",
            main,
        };
        Ok(Self {
            program: source.compile(name, generated, progress)?,
            type_indices,
        })
    }

    /// Sends values through the type of a target.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub(super) fn send(
        &self,
        target: &Target,
        values: &[String],
    ) -> Result<Vec<EncodedValue>, Error> {
        let index = self.type_indices.get(&type_path(target));
        let index = index.copied().unwrap_or(usize::MAX);
        let mut encoded = Vec::new();
        while let Some(rest) = values.get(encoded.len()..).filter(|rest| !rest.is_empty()) {
            let mut batch = self.send_batch(index, rest)?;
            if batch.len() < rest.len() {
                // The first value without an output line terminated the program.
                batch.push(Err(TERMINATED.to_owned()));
            }
            encoded.append(&mut batch);
        }
        Ok(encoded)
    }

    /// Starts the program and sends values until it terminates.
    fn send_batch(&self, index: usize, values: &[String]) -> Result<Vec<EncodedValue>, Error> {
        let mut running = self.program.start()?;
        let input = running.input;
        let encoded = thread::scope(|scope| {
            scope.spawn(move || {
                let mut input = io::BufWriter::new(input);
                // Writing fails when the program has terminated: the missing lines show it.
                let _ = values
                    .iter()
                    .try_for_each(|value| writeln!(input, "{index}\t{value}"));
            });
            parse_lines(running.output)
        });
        let waited = running.child.wait();
        waited.map_err(|error| Error::io(&self.program.path, &error))?;
        Ok(encoded)
    }
}

fn parse_lines(output: impl BufRead) -> Vec<EncodedValue> {
    let lines = output.lines().map_while(Result::ok);
    let values = lines.filter_map(|line| match line.split_once('\t') {
        Some(("=", text)) => Some(Ok(text.to_owned())),
        Some(("!", error)) => Some(Err(error.to_owned())),
        _ => None,
    });
    values.collect()
}

/// Returns the path of the type in the program.
fn type_path(target: &Target) -> String {
    target.ty.to_source("generated::models::", "generated::")
}
