//! `cargo xtask spec`.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use super::{say, vendor_name};
use crate::config::Vendor;
use crate::diag::Error;
use crate::files::{Files, Mode, settle};
use crate::pipeline::{operations, repository, schemas};
use crate::source::pin::{self, Origin};
use crate::source::{self, RawSpec, input};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    Pin(PinArgs),
    Diff(super::diff::Args),
}

/// Bring a published document down to its facts, and keep it as specs/<vendor>/openapi.yaml.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  cargo xtask spec pin helicone --from swagger.json --licence Apache-2.0 --date 2026-04-04
  cargo xtask spec pin acme --from https://api.acme.example/openapi.json")]
pub(super) struct PinArgs {
    /// The vendor's folder in specs/; made if it is not there yet
    vendor: String,
    /// The published document: a file, or an https address
    #[arg(long, value_name = "FILE|URL")]
    from: String,
    /// Keep titles, summaries and descriptions: for documents that you may copy
    #[arg(long)]
    keep_docs: bool,
    /// The document's licence, as an SPDX expression [default: as recorded, or as the document says]
    #[arg(long, value_name = "SPDX")]
    licence: Option<String>,
    /// When it was published [default: as recorded for the same bytes, or today]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    date: Option<String>,
    /// Where it was published, if that is not where it is read from
    #[arg(long, value_name = "TEXT")]
    origin: Option<String>,
}

pub(super) fn run(command: &Command) -> Result<bool, Error> {
    match command {
        Command::Pin(args) => pin_document(args),
        Command::Diff(args) => super::diff::run(args),
    }
}

fn pin_document(args: &PinArgs) -> Result<bool, Error> {
    let vendor = vendor_name(&args.vendor)?;
    let raw = source::parse(Path::new(&args.from), input::bytes(&args.from)?)?;
    let folder = repository()?.join("specs").join(vendor);
    let path = folder.join("vendor.toml");
    let before = Vendor::load(&path)?;
    let text = input::text(&path)?.unwrap_or_else(|| minimal(vendor));
    let origin = Origin {
        origin: args.origin.clone(),
        read_from: read_from(&args.from),
        sha256: raw.sha256.clone(),
        date: args.date.clone(),
        licence: args.licence.clone(),
        stated_licence: stated_licence(&raw),
        today: today(),
    }
    .settle(&before.document);
    let head = format!(
        "The interface of the {vendor} API{}. Origin: {}\n\
         Written by `cargo xtask spec pin {vendor}`. Do not edit: words and corrections go into overlay.yaml.",
        if args.keep_docs {
            ""
        } else {
            ", without its prose"
        },
        origin.origin.replace(char::is_control, " "),
    );
    let mut files = Files::default();
    files.insert(
        "openapi.yaml".to_owned(),
        pin::pin(&raw, &head, args.keep_docs)?,
    );
    files.insert(
        "vendor.toml".to_owned(),
        pin::record(&path, &text, &origin)?,
    );
    let report = settle(&files, &folder, Mode::Write)?;
    let what = if report.is_clean() {
        "unchanged"
    } else {
        "pinned"
    };
    let (operations, schemas) = (operations(&raw.value).len(), schemas(&raw.value).count());
    say(format_args!(
        "{vendor}: {what}, {operations} operations, {schemas} schemas, sha256 {}",
        raw.sha256
    ))?;
    if !report.is_clean() {
        say(format_args!("next: cargo xtask codegen {vendor}"))?;
    }
    Ok(true)
}

/// What a new vendor starts with.
fn minimal(vendor: &str) -> String {
    let mut letters = vendor.chars();
    let title: String = letters
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(letters)
        .collect();
    format!("# {title}: what its document does not say.\ntitle = \"{title}\"\n")
}

/// Where the document is read from, without the folders of this machine.
fn read_from(from: &str) -> String {
    if from.contains("://") {
        return from.to_owned();
    }
    Path::new(from)
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn stated_licence(raw: &RawSpec) -> Option<String> {
    let licence = raw.value.pointer("/info/license")?;
    let stated = licence
        .get("identifier")
        .or_else(|| licence.get("name"))?
        .as_str()?;
    Some(stated.to_owned()).filter(|stated| !stated.is_empty())
}

/// Reads a day of the calendar.
fn date(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let number = |part: &str, len: usize| part.parse::<u32>().ok().filter(|_| part.len() == len);
    match parts.as_slice() {
        [year, month, day]
            if number(year, 4).is_some()
                && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
                && number(day, 2).is_some_and(|day| (1..=31).contains(&day)) =>
        {
            Ok(text.to_owned())
        }
        _ => Err("a date is written YYYY-MM-DD".to_owned()),
    }
}

/// Today, in UTC.
fn today() -> String {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let mut days = seconds / 86_400;
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [
        31,
        28 + u64::from(leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let mut month = 1;
    for length in lengths {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", days + 1)
}
