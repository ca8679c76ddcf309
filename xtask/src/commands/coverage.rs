//! `cargo xtask coverage`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::progress::Progress;
use super::{VendorFolder, say};
use crate::config::Vendor;
use crate::diag::{Code, Error};
use crate::pipeline::{Inputs, Made, operations, run as make, schemas};
use crate::plan::{PlanOptions, Runtime};

/// Compare documents with what is generated from them: operations, schemas, and every gap with its place.
///
/// Both sides are counted by themselves: the document as it was read, and the Rust as it was written. Fails where
/// something is missing that vendor.toml does not accept.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask coverage                        the vendors in specs/
  cargo xtask coverage --json                 the same, for machines
  cargo xtask coverage --spec petstore.yaml   any document")]
pub(super) struct Args {
    /// For machines
    #[arg(long)]
    json: bool,
    /// Any document, instead of the vendors in specs/
    #[arg(long, value_name = "FILE")]
    spec: Option<PathBuf>,
}

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

#[derive(Serialize)]
struct Vendors {
    vendors: Vec<Coverage>,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let mut vendors = Vec::new();
    let mut progress = Progress::start();
    if let Some(path) = &args.spec {
        vendors.push(of_document(path)?);
    } else {
        for vendor in VendorFolder::find(&[])? {
            progress.next(&vendor.name);
            let config = vendor.config()?;
            vendors.push(measure(
                &vendor.name,
                &make(&vendor.inputs(), &config, &vendor.options(&config))?,
            ));
        }
    }
    progress.clear();
    let whole = vendors.iter().all(Coverage::is_whole);
    if args.json {
        let text = serde_json::to_string_pretty(&Vendors { vendors })
            .map_err(|why| Error::plain(Code::Internal, why.to_string(), None))?;
        say(format_args!("{text}"))?;
    } else {
        table(&vendors)?;
    }
    Ok(whole)
}

fn table(vendors: &[Coverage]) -> Result<(), Error> {
    let share = |count: Count| format!("{}/{}", count.generated, count.document);
    let width = vendors
        .iter()
        .map(|v| v.vendor.chars().count())
        .max()
        .unwrap_or_default()
        .max("vendor".len());
    say(format_args!(
        "{:<width$}  {:>10}  {:>9}  {:>4}  {:>9}",
        "vendor", "operations", "schemas", "gaps", "ambiguous"
    ))?;
    for v in vendors {
        let (operations, schemas) = (share(v.operations), share(v.schemas));
        say(format_args!(
            "{:<width$}  {operations:>10}  {schemas:>9}  {:>4}  {:>9}",
            v.vendor,
            v.gaps.len(),
            v.ambiguities.len()
        ))?;
    }
    for gap in vendors.iter().flat_map(|v| &v.gaps) {
        let accepted = if gap.accepted { ", accepted" } else { "" };
        let file = gap.file.display();
        say(format_args!(
            "{file}:{}: {}: {} ({}{accepted})",
            gap.line, gap.code, gap.message, gap.pointer
        ))?;
    }
    for one in vendors.iter().flat_map(|v| &v.ambiguities) {
        let [read_as, or] = &one.variants;
        say(format_args!(
            "{}:{}: ambiguous: {} could be `{}::{read_as}` or `{or}`, and is read as the first ({})",
            one.file.display(),
            one.line,
            one.instance,
            one.union,
            one.pointer
        ))?;
    }
    Ok(())
}

fn of_document(path: &Path) -> Result<Coverage, Error> {
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let inputs = Inputs {
        document: path.to_path_buf(),
        overlay: None,
    };
    let options = PlanOptions {
        package: "covered".to_owned(),
        command: "cargo xtask coverage".to_owned(),
        document: name.clone(),
        runtime: Runtime::Workspace,
    };
    Ok(measure(
        &name,
        &make(&inputs, &Vendor::default(), &options)?,
    ))
}

/// Counts in the document as it was read, and in the text that was generated; nothing in between is asked.
pub fn measure(vendor: &str, made: &Made) -> Coverage {
    let document = &made.raw.value;
    let components: BTreeSet<&str> = schemas(document).collect();
    let (requests, types) = written(made);
    let named =
        made.plan.schemas.iter().filter(|(key, name)| {
            components.contains(key.as_str()) && types.contains(name.as_str())
        });
    let locator = made.raw.locator();
    let gaps = made
        .gaps
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
            document: operations(document).len(),
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
fn written(made: &Made) -> (usize, BTreeSet<&str>) {
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
