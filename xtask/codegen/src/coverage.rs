//! Coverage: what of a document is generated.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

use crate::inventory::{list_operations, list_schemas};
use crate::pipeline::Output;

/// What is generated from one document.
#[derive(Clone, Debug, Serialize)]
pub struct Coverage {
    /// The vendor, or the document's file name.
    pub vendor: String,
    /// Operations.
    pub operations: Count,
    /// Component schemas.
    pub schemas: Count,
    /// What could not be expressed.
    pub gaps: Vec<Gap>,
    /// Members of unions that some values do not tell apart. Such a value is kept as it is; these are no gaps.
    pub ambiguities: Vec<Ambiguous>,
}

/// Two members of a union, and a value that fits both.
#[derive(Clone, Debug, Serialize)]
pub struct Ambiguous {
    /// The union's place.
    pub pointer: String,
    /// The line in the document.
    pub line: usize,
    /// The union's name.
    pub union: String,
    /// The members: the one that the value is read as first.
    pub variants: [String; 2],
    /// The value.
    pub instance: Value,
    /// The document, for people.
    #[serde(skip)]
    pub file: PathBuf,
}

/// How many there are, and how many are generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// In the document, counted without the generator's help.
    pub document: usize,
    /// In the generated crate, counted in its text.
    pub generated: usize,
}

/// A gap.
#[derive(Clone, Debug, Serialize)]
pub struct Gap {
    /// Its code.
    pub code: String,
    /// Its place.
    pub pointer: String,
    /// The line in the document.
    pub line: usize,
    /// What it is.
    pub message: String,
    /// The document, for people.
    #[serde(skip)]
    pub file: PathBuf,
    /// Whether `vendor.toml` accepts it.
    #[serde(skip)]
    pub accepted: bool,
}

impl Coverage {
    /// Whether everything is there, accepted gaps aside.
    pub fn is_whole(&self) -> bool {
        let whole = |count: Count| count.document == count.generated;
        let accepted = self.gaps.iter().any(|gap| gap.accepted);
        self.gaps.iter().all(|gap| gap.accepted)
            && (accepted || whole(self.operations) && whole(self.schemas))
    }
}

/// Counts in the document as it was read, and in the text that was generated; nothing in between is asked.
pub fn measure(vendor: &str, made: &Output) -> Coverage {
    let document = &made.raw.value;
    let components: BTreeSet<&str> = list_schemas(document).collect();
    let (requests, types) = written(made);
    let named =
        made.plan.schemas.iter().filter(|(key, name)| {
            components.contains(key.as_str()) && types.contains(name.as_str())
        });
    let locator = made.raw.locator();
    let gaps = made
        .diagnostics
        .iter()
        .map(|diag| (diag, false))
        .chain(made.accepted.iter().map(|diag| (diag, true)));
    let mut gaps: Vec<Gap> = gaps
        .map(|(diag, accepted)| Gap {
            code: diag.code.as_str().to_owned(),
            pointer: diag.at.0.clone(),
            line: locator.line(&diag.at),
            message: diag.message.clone(),
            file: made.raw.path.clone(),
            accepted,
        })
        .collect();
    gaps.sort_by_key(|gap| gap.line);
    let ambiguities = made.plan.ambiguities.iter().map(|one| Ambiguous {
        pointer: one.at.0.clone(),
        line: locator.line(&one.at),
        union: one.union.clone(),
        variants: [one.read_as.clone(), one.or.clone()],
        instance: one.instance.clone(),
        file: made.raw.path.clone(),
    });
    let mut ambiguities: Vec<Ambiguous> = ambiguities.collect();
    ambiguities.sort_by_key(|one| one.line);
    Coverage {
        vendor: vendor.to_owned(),
        operations: Count {
            document: list_operations(document).len(),
            generated: requests,
        },
        schemas: Count {
            document: components.len(),
            generated: named.count(),
        },
        gaps,
        ambiguities,
    }
}

/// How many requests the generated text declares, and which types.
fn written(made: &Output) -> (usize, BTreeSet<&str>) {
    let mut requests = 0;
    let mut types = BTreeSet::new();
    for (path, text) in made.files.iter() {
        if path.starts_with("src/api/") {
            requests += text
                .lines()
                .filter(|line| line.starts_with("#[derive(") && line.ends_with("Endpoint)]"))
                .count();
        }
        if path.starts_with("src/models/") {
            let declared = text.lines().filter_map(|line| {
                ["pub struct ", "pub enum ", "pub type "]
                    .iter()
                    .find_map(|key| line.strip_prefix(key))
            });
            types.extend(declared.filter_map(|rest| {
                rest.split(|c: char| !c.is_alphanumeric() && c != '_')
                    .next()
            }));
        }
    }
    (requests, types)
}
