//! `cargo xtask coverage`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use super::VendorFolder;
use crate::config::Vendor;
use crate::diag::Error;
use crate::pipeline::{Inputs, Made, run as make};
use crate::plan::{PlanOptions, Runtime};

/// Compare documents with what is generated from them: operations, schemas, and every gap with its place.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  cargo xtask coverage\n  cargo xtask coverage --json\n  cargo xtask coverage --spec petstore.yaml"
)]
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
}

#[derive(Serialize)]
struct Vendors {
    vendors: Vec<Coverage>,
}

pub(super) fn run(args: &Args) -> Result<bool, Error> {
    let mut vendors = Vec::new();
    if let Some(path) = &args.spec {
        vendors.push(of_document(path)?);
    } else {
        for vendor in VendorFolder::find(&[])? {
            let config = vendor.config()?;
            vendors.push(measure(
                &vendor.name,
                &make(&vendor.inputs(), &config, &vendor.options(&config))?,
            ));
        }
    }
    let whole = |count: Count| count.document == count.generated;
    let complete = vendors
        .iter()
        .all(|v| whole(v.operations) && whole(v.schemas) && v.gaps.is_empty());
    if args.json {
        let text = serde_json::to_string_pretty(&Vendors { vendors });
        println!("{}", text.unwrap_or_default());
        return Ok(complete);
    }
    println!(
        "{:<24} {:>12} {:>12} {:>6}",
        "vendor", "operations", "schemas", "gaps"
    );
    for v in &vendors {
        let share = |count: Count| format!("{}/{}", count.generated, count.document);
        println!(
            "{:<24} {:>12} {:>12} {:>6}",
            v.vendor,
            share(v.operations),
            share(v.schemas),
            v.gaps.len()
        );
        for gap in &v.gaps {
            println!(
                "  line {}: {} {}: {}",
                gap.line, gap.code, gap.pointer, gap.message
            );
        }
    }
    Ok(complete)
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
    let mut requests = 0;
    let mut types: BTreeSet<&str> = BTreeSet::new();
    for (path, text) in made.files.iter() {
        if path.starts_with("src/api/") {
            requests += text.matches("Endpoint)]").count();
        }
        if path.starts_with("src/models/") {
            let declared = text.lines().filter_map(|line| {
                ["pub struct ", "pub enum ", "pub type "]
                    .iter()
                    .find_map(|key| line.strip_prefix(key))
            });
            types.extend(declared.map(|rest| {
                rest.split(|c: char| !c.is_alphanumeric())
                    .next()
                    .unwrap_or_default()
            }));
        }
    }
    let plans = made.plan.models.iter().flat_map(|file| &file.types);
    let named: BTreeSet<&str> = plans
        .map(|plan| plan.name.as_str())
        .filter(|name| types.contains(name))
        .collect();
    let generated = made
        .plan
        .schemas
        .iter()
        .filter(|(_, name)| named.contains(name.as_str()))
        .count();
    let locator = made.raw.locator();
    let gap = |diag: &crate::diag::Diag| Gap {
        code: diag.code.as_str().to_owned(),
        pointer: diag.at.0.clone(),
        line: locator.line(&diag.at),
        message: diag.message.clone(),
    };
    Coverage {
        vendor: vendor.to_owned(),
        operations: Count {
            document: operations(document),
            generated: requests,
        },
        schemas: Count {
            document: schemas(document),
            generated,
        },
        gaps: made.gaps.iter().map(gap).collect(),
    }
}

fn operations(document: &Value) -> usize {
    const METHODS: &[&str] = &[
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    let paths = document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let items = paths.filter_map(|(_, item)| item.as_object());
    items
        .map(|item| {
            item.keys()
                .filter(|key| METHODS.contains(&key.as_str()))
                .count()
        })
        .sum()
}

fn schemas(document: &Value) -> usize {
    document
        .pointer("/components/schemas")
        .and_then(Value::as_object)
        .map_or(0, serde_json::Map::len)
}
