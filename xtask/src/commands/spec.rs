//! `cargo xtask spec`.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::diag::{Code, Error};
use crate::pipeline::repository;
use crate::source::{self, RawSpec, pin};

/// A larger document is not fetched.
const LARGEST: u64 = 64 * 1024 * 1024;

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    Pin(PinArgs),
}

/// Bring a published document down to its facts, and keep it as specs/<vendor>/openapi.yaml.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  cargo xtask spec pin helicone --from swagger.json --licence Apache-2.0\n  cargo xtask spec pin acme --from https://api.acme.example/openapi.json"
)]
pub(super) struct PinArgs {
    /// The vendor's folder
    vendor: String,
    /// The published document: a file, or an https address
    #[arg(long, value_name = "FILE|URL")]
    from: String,
    /// Keep summaries, descriptions and examples: for documents of your own
    #[arg(long)]
    keep_docs: bool,
    /// The document's licence, as an SPDX expression
    #[arg(long, value_name = "SPDX")]
    licence: Option<String>,
    /// When it was published
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<String>,
    /// Where it was published, if not where it is read from
    #[arg(long, value_name = "TEXT")]
    origin: Option<String>,
}

pub(super) fn run(command: &Command) -> Result<bool, Error> {
    match command {
        Command::Pin(args) => pin_document(args),
    }
}

fn pin_document(args: &PinArgs) -> Result<bool, Error> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if args.vendor.is_empty() || !args.vendor.chars().all(good) {
        let message = format!(
            "`{}` is no name for a vendor's folder",
            args.vendor.escape_debug()
        );
        return Err(Error::plain(
            Code::Config,
            message,
            Some("use small letters, digits, `-` and `_`"),
        ));
    }
    let raw = read(&args.from)?;
    // A document that cannot be used is not pinned.
    source::normalise(&raw.value).map_err(|error| error.in_source(&raw.path, &raw.text))?;
    let value = if args.keep_docs {
        raw.value.clone()
    } else {
        pin::facts(&raw.value)
    };
    let yaml = serde_yaml::to_string(&value)
        .map_err(|why| Error::plain(Code::Internal, why.to_string(), None))?;
    let origin = args
        .origin
        .clone()
        .unwrap_or_else(|| match args.from.contains("://") {
            true => args.from.clone(),
            false => Path::new(&args.from)
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default(),
        });
    let head = format!(
        "# Pinned by `cargo xtask spec pin {}` from {origin}; do not edit.\n",
        args.vendor
    );
    let folder = repository()?.join("specs").join(&args.vendor);
    fs::create_dir_all(&folder).map_err(|why| Error::io(&folder, &why))?;
    let vendor = vendor_toml(&folder.join("vendor.toml"), args, &origin, &raw)?;
    write(&folder.join("openapi.yaml"), &(head + &yaml))?;
    write(&folder.join("vendor.toml"), &vendor)?;
    println!(
        "{}: pinned {} ({} bytes from {})",
        args.vendor,
        origin,
        yaml.len(),
        raw.text.len()
    );
    Ok(true)
}

fn read(from: &str) -> Result<RawSpec, Error> {
    if !from.contains("://") {
        return source::load(Path::new(from));
    }
    let refused = |why: String| Error::io_message(Path::new(from), why);
    if !from.starts_with("https://") {
        return Err(refused("documents are fetched over https only".to_owned()));
    }
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(60)))
        .https_only(true)
        .build();
    let answer = ureq::Agent::new_with_config(config)
        .get(from)
        .call()
        .map_err(|why| refused(why.to_string()))?;
    let mut bytes = Vec::new();
    let mut reader = answer.into_body().into_reader().take(LARGEST + 1);
    reader
        .read_to_end(&mut bytes)
        .map_err(|why| refused(why.to_string()))?;
    source::parse(Path::new(from), bytes)
}

/// `vendor.toml` with its `[document]` brought up to date and everything else as it was.
fn vendor_toml(
    path: &PathBuf,
    args: &PinArgs,
    origin: &str,
    raw: &RawSpec,
) -> Result<String, Error> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(why) => return Err(Error::io(path, &why)),
    };
    let broken =
        |why: String| Error::plain(Code::Config, format!("{}: {why}", path.display()), None);
    let mut document: toml_edit::DocumentMut = text
        .parse()
        .map_err(|why: toml_edit::TomlError| broken(why.to_string()))?;
    let table = document.entry("document").or_insert_with(toml_edit::table);
    let table = table
        .as_table_mut()
        .ok_or_else(|| broken("`document` is no table".to_owned()))?;
    let mut set = |key: &str, value: &str| {
        table.insert(key, toml_edit::value(value));
    };
    set("origin", origin);
    set("sha256", &raw.sha256);
    if let Some(date) = &args.date {
        set("date", date);
    }
    if let Some(licence) = &args.licence {
        set("licence", licence);
    }
    Ok(document.to_string())
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let beside = path.with_extension("tmp-pin");
    fs::write(&beside, text).map_err(|why| Error::io(&beside, &why))?;
    fs::rename(&beside, path).map_err(|why| Error::io(path, &why))
}
