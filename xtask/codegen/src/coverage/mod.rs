//! Coverage: how much of a document is generated, and what of it is not.

mod keywords;
mod not_generated;

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

use crate::diag::Diagnostic;
use crate::inventory::{list_operations, list_schemas};
use crate::ir::Pointer;
use crate::pipeline::Output;
pub use keywords::ObjectKind;
pub use not_generated::{NotGenerated, NotGeneratedPlace};

/// The coverage of one document.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// The vendor, or the document's file name.
    pub vendor: String,
    /// The number of operations.
    pub operations: Count,
    /// The number of operations that the configuration leaves out; the others are counted in `operations`.
    pub skipped: usize,
    /// The number of component schemas.
    pub schemas: Count,
    /// The parts of the document that cannot be generated.
    pub gaps: Vec<Gap>,
    /// Pairs of union variants that some values match both. Such values are decoded without loss, so these are not gaps.
    pub ambiguities: Vec<Ambiguous>,
    /// Unions with too many variants to compare all of them: more pairs may be ambiguous.
    pub incomplete_comparisons: Vec<NamedPlace>,
    /// Types that are named by their position, because the document gives no word for them.
    pub positional_names: Vec<NamedPlace>,
    /// Harmless faults of the document, with what is generated instead.
    pub warnings: Vec<Gap>,
    /// What the document has and the generated code does not depend on.
    pub not_generated: Vec<NotGenerated>,
}

/// Two variants of a union, and a value that matches both.
#[derive(Clone, Debug, Serialize)]
pub struct Ambiguous {
    /// The pointer to the union.
    pub pointer: String,
    /// The line in the document.
    pub line: usize,
    /// The name of the union.
    pub union: String,
    /// The variant that the value is decoded as, and the other one.
    pub variants: [String; 2],
    /// The value.
    pub instance: Value,
    /// The path of the document.
    #[serde(skip)]
    pub file: PathBuf,
}

/// A type and where it is described.
#[derive(Clone, Debug, Serialize)]
pub struct NamedPlace {
    /// The pointer to the schema.
    pub pointer: String,
    /// The line in the document.
    pub line: usize,
    /// The name of the type.
    pub name: String,
    /// The path of the document.
    #[serde(skip)]
    pub file: PathBuf,
}

/// The number of items in the document and in the crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// In the document, counted without the stages of the generator.
    pub document: usize,
    /// In the generated crate, counted in its text.
    pub generated: usize,
}

/// A part of the document that cannot be generated.
#[derive(Clone, Debug, Serialize)]
pub struct Gap {
    /// The code of the diagnostic.
    pub code: String,
    /// The pointer to the part.
    pub pointer: String,
    /// The line in the document.
    pub line: usize,
    /// The message of the diagnostic.
    pub message: String,
    /// The path of the document.
    #[serde(skip)]
    pub file: PathBuf,
    /// Whether `vendor.toml` accepts it.
    #[serde(skip)]
    pub accepted: bool,
}

impl Coverage {
    /// Returns whether everything is generated, except for accepted gaps.
    pub fn is_complete(&self) -> bool {
        let is_complete = |count: Count| count.document == count.generated;
        let has_accepted_gaps = self.gaps.iter().any(|gap| gap.accepted);
        self.gaps.iter().all(|gap| gap.accepted)
            && (has_accepted_gaps || is_complete(self.operations) && is_complete(self.schemas))
    }
}

/// Returns the coverage of a document. Both sides are counted independently of the stages: in the document as it was
/// read, and in the generated text.
pub fn measure(vendor: &str, output: &Output) -> Coverage {
    let document = &output.raw.value;
    let components: BTreeSet<&str> = list_schemas(document).collect();
    let (requests, types) = count_generated(output);
    let methods = output
        .plan
        .resources
        .iter()
        .flat_map(|resource| &resource.methods);
    let variants = methods.filter(|method| method.is_variant).count();
    let schemas = output.plan.component_types.iter();
    let generated_schemas = schemas
        .filter(|(key, name)| components.contains(key.as_str()) && types.contains(name.as_str()));
    Coverage {
        vendor: vendor.to_owned(),
        operations: Count {
            document: list_operations(document).len() - output.plan.skipped.len(),
            generated: requests.saturating_sub(variants),
        },
        skipped: output.plan.skipped.len(),
        schemas: Count {
            document: components.len(),
            generated: generated_schemas.count(),
        },
        gaps: gaps(output),
        ambiguities: ambiguities(output),
        incomplete_comparisons: incomplete_comparisons(output),
        positional_names: positional_names(output),
        warnings: warnings(output),
        not_generated: not_generated::not_generated(output),
    }
}

/// Returns the gaps in the order of the document.
fn gaps(output: &Output) -> Vec<Gap> {
    let open = output.diagnostics.iter().map(|gap| (gap, false));
    let accepted = output.accepted.iter().map(|gap| (gap, true));
    locate_diagnostics(output, open.chain(accepted))
}

/// Returns the warnings in the order of the document.
fn warnings(output: &Output) -> Vec<Gap> {
    let warnings = output.warnings.iter();
    locate_diagnostics(output, warnings.map(|warning| (warning, false)))
}

fn locate_diagnostics<'o>(
    output: &'o Output,
    diagnostics: impl Iterator<Item = (&'o Diagnostic, bool)>,
) -> Vec<Gap> {
    let locator = output.raw.locator();
    let mut gaps: Vec<Gap> = diagnostics
        .map(|(diagnostic, accepted)| Gap {
            code: diagnostic.code.as_str().to_owned(),
            pointer: diagnostic.at.0.clone(),
            line: locator.line(&diagnostic.at),
            message: diagnostic.message.clone(),
            file: locator.file(&diagnostic.at).0.path().to_owned(),
            accepted,
        })
        .collect();
    gaps.sort_by_key(|gap| gap.line);
    gaps
}

/// Returns the ambiguities in the order of the document.
fn ambiguities(output: &Output) -> Vec<Ambiguous> {
    let locator = output.raw.locator();
    let ambiguities = output.plan.union_comparison.ambiguities.iter();
    let ambiguities = ambiguities.map(|ambiguity| Ambiguous {
        pointer: ambiguity.at.0.clone(),
        line: locator.line(&ambiguity.at),
        union: ambiguity.union.clone(),
        variants: [ambiguity.read_as.clone(), ambiguity.also_fits.clone()],
        instance: ambiguity.instance.clone(),
        file: locator.file(&ambiguity.at).0.path().to_owned(),
    });
    let mut ambiguities: Vec<Ambiguous> = ambiguities.collect();
    ambiguities.sort_by_key(|ambiguity| ambiguity.line);
    ambiguities
}

/// Returns the types that are named by their position, in the order of the document.
fn positional_names(output: &Output) -> Vec<NamedPlace> {
    let names = output.plan.positional_names.iter();
    locate_names(output, names.map(|found| (&found.name, &found.at)))
}

/// Returns the unions whose variants were not all compared, in the order of the document.
fn incomplete_comparisons(output: &Output) -> Vec<NamedPlace> {
    let unions = output.plan.union_comparison.incomplete.iter();
    locate_names(output, unions.map(|found| (&found.union, &found.at)))
}

fn locate_names<'o>(
    output: &'o Output,
    names: impl Iterator<Item = (&'o String, &'o Pointer)>,
) -> Vec<NamedPlace> {
    let locator = output.raw.locator();
    let places = names.map(|(name, at)| NamedPlace {
        pointer: at.0.clone(),
        line: locator.line(at),
        name: name.clone(),
        file: locator.file(at).0.path().to_owned(),
    });
    let mut places: Vec<NamedPlace> = places.collect();
    places.sort_by(|a, b| (a.line, &a.name).cmp(&(b.line, &b.name)));
    places
}

/// Returns the number of requests and the names of the types that the generated text declares.
fn count_generated(output: &Output) -> (usize, BTreeSet<&str>) {
    let mut requests = 0;
    let mut types = BTreeSet::new();
    for (path, text) in output.files.iter() {
        if path.starts_with("src/api/") {
            let lines = text.lines();
            requests += lines.filter(|line| is_request_derive(line)).count();
        }
        if path.starts_with("src/models/") {
            types.extend(text.lines().filter_map(declared_type));
        }
    }
    (requests, types)
}

fn is_request_derive(line: &str) -> bool {
    line.starts_with("#[derive(") && line.ends_with("Endpoint)]")
}

fn declared_type(line: &str) -> Option<&str> {
    let mut keywords = ["pub struct ", "pub enum ", "pub type "].iter();
    let rest = keywords.find_map(|keyword| line.strip_prefix(keyword))?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_')
        .next()
}
