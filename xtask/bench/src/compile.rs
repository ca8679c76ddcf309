//! How long a user's build takes because of a generated crate.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use super::generation::{OURS, crate_name};
use super::measure::{Contender, Cost, Measured, by_turns, run};
use super::peers::{Peer, alone};
use super::report::{Picture, Point, Section, Table, figure};
use super::{Bench, Document};
use observatory_codegen::diag::Error;

/// What a whole crate may cost of the best peer's.
const WHOLE: f64 = 0.5;
/// What the resource that logs traces may cost, alone.
const RESOURCE: f64 = 0.15;

/// A crate that is checked.
struct Checked {
    name: String,
    folder: PathBuf,
    arguments: Vec<String>,
}

/// Every crate that there is of each published document; of the pinned ones where no other is at hand.
pub(super) fn section(bench: &Bench) -> Result<Section, Error> {
    let mut section = Section::new(
        "Compiling a generated crate",
        "`cargo check` of the crate alone, its dependencies built: CPU of cargo and rustc, and the most memory that one \
         of them held. As the first time, without anything that rustc kept (`CARGO_INCREMENTAL=0`), which is how cargo \
         compiles every dependency. Everyone has the features that it has by default; “one resource” is ours with the \
         feature that logs traces alone; “no resource” is ours without any, so what cargo, rustc and the dependencies \
         take whatever is generated.",
    );
    let published = bench.documents.iter().any(|document| document.published);
    let mut table = Table::new(&["document", "by", "s", "CPU s", "MB", "ours / it"]);
    for document in &bench.documents {
        if document.published == published {
            of(bench, document, &mut section, &mut table)?;
        }
    }
    section.tables.push(table);
    Ok(section)
}

fn of(
    bench: &Bench,
    document: &Document,
    section: &mut Section,
    table: &mut Table,
) -> Result<(), Error> {
    let (mut checked, mut stopped) = (Vec::new(), Vec::new());
    for krate in crates(bench, document)? {
        (bench.progress)(&format!("building what {} needs", krate.name));
        match run(&mut check(bench, &krate)?, &bench.log())? {
            Ok(_) => checked.push(krate),
            Err(why) => stopped.push((krate.name, errors(&bench.log(), &why.0))),
        }
    }
    let contenders: Vec<Contender<'_>> = checked
        .iter()
        .map(|one| Contender {
            name: one.name.clone(),
            command: Box::new(|| check(bench, one)),
        })
        .collect();
    let progress = |what: &str| (bench.progress)(&format!("checking {}: {what}", document.name));
    let measured = by_turns(&contenders, bench.runs, &bench.log(), progress)?;
    rows(document, &measured, &stopped, section, table);
    Ok(())
}

fn rows(
    document: &Document,
    measured: &[Measured],
    stopped: &[(String, String)],
    section: &mut Section,
    table: &mut Table,
) {
    let cost = |name: &str| {
        let one = measured.iter().find(|one| one.name == name);
        one.and_then(|one| one.outcome.as_ref().ok())
    };
    let own = cost(OURS);
    let peers: Vec<&Cost> = measured
        .iter()
        .filter(|one| !one.name.starts_with(OURS))
        .filter_map(|one| one.outcome.as_ref().ok())
        .collect();
    for one in measured {
        let (Ok(cost), Some(own)) = (&one.outcome, own) else {
            continue;
        };
        let ratio = match one.name.starts_with(OURS) {
            true => String::new(),
            false => figure(own.cpu / cost.cpu),
        };
        let [wall, cpu, peak] = cost.cells();
        let (name, who) = (document.name.clone(), one.name.clone());
        table.row([name, who.clone(), wall, cpu, peak, ratio]);
        section.points.push(Point {
            picture: Picture::Check,
            who,
            size: document.bytes,
            seconds: cost.cpu,
        });
    }
    for (name, why) in stopped {
        let stops = format!("{name}: does not compile: {why}");
        table.row([document.name.clone(), stops]);
    }
    if peers.is_empty() {
        return;
    }
    let best = |of: fn(&Cost) -> f64| {
        peers
            .iter()
            .map(|cost| of(cost))
            .fold(f64::INFINITY, f64::min)
    };
    let (cpu, peak) = (best(|cost| cost.cpu), best(|cost| cost.peak));
    let is = |name: &str, of: fn(&Cost) -> f64| cost(name).map_or(f64::NAN, of);
    let what = |what: &str| format!("{}: {what} / best peer", document.name);
    section.limit(what("CPU, whole"), is(OURS, |c| c.cpu) / cpu, WHOLE);
    section.limit(what("memory, whole"), is(OURS, |c| c.peak) / peak, WHOLE);
    section.limit(
        what("CPU, one resource"),
        is(ONE, |c| c.cpu) / cpu,
        RESOURCE,
    );
    section.limit(
        what("memory, one resource"),
        is(ONE, |c| c.peak) / peak,
        RESOURCE,
    );
}

/// Ours, with one feature, and with none.
const ONE: &str = "ours, one resource";
const NONE: &str = "ours, no resource";

/// All that can be made of a document. Who does not write a crate is not among them; the section on generation says so.
fn crates(bench: &Bench, document: &Document) -> Result<Vec<Checked>, Error> {
    let mut found = Vec::new();
    let out = bench.crate_of(OURS, document);
    bench.clear(&out)?;
    let name = crate_name(OURS, document);
    if run(&mut bench.ours(&document.path, &out, &name), &bench.log())?.is_ok() {
        alone(&out)?;
        let mut own = vec![(OURS, Vec::new())];
        let mut with = |name: &'static str, features: &str| {
            let arguments = ["--no-default-features", "--features", features];
            own.push((name, arguments.map(str::to_owned).to_vec()));
        };
        if let Some(resource) = &document.resource {
            with(ONE, &format!("client,rustls,{resource}"));
        }
        with(NONE, "client,rustls");
        found.extend(own.into_iter().map(|(name, arguments)| Checked {
            name: name.to_owned(),
            folder: out.clone(),
            arguments,
        }));
    }
    for (peer, folder) in bench
        .peers
        .iter()
        .flat_map(|folder| Peer::ALL.map(|peer| (peer, folder)))
    {
        let out = bench.crate_of(peer.name(), document);
        bench.clear(&out)?;
        let name = crate_name(peer.name(), document);
        let mut command = peer.command(folder, &document.path, &out, &name);
        if run(&mut command, &bench.log())?.is_ok() {
            peer.complete(&out, &name)?;
            found.push(Checked {
                name: peer.name().to_owned(),
                folder: out,
                arguments: Vec::new(),
            });
        }
    }
    Ok(found)
}

/// Checks a crate as if nobody ever had.
fn check(bench: &Bench, one: &Checked) -> Result<Command, Error> {
    let first = one.folder.join("src/lib.rs");
    let touched = fs::File::options()
        .append(true)
        .open(&first)
        .and_then(|file| file.set_modified(SystemTime::now()));
    touched.map_err(|why| Error::io(&first, &why))?;
    let mut cargo = bench.cargo();
    cargo
        .current_dir(&one.folder)
        .args(["check", "--lib", "--quiet"])
        .args(&one.arguments)
        .env("CARGO_TARGET_DIR", bench.work.join("target"))
        .env("CARGO_INCREMENTAL", "0")
        .env_remove("RUSTFLAGS");
    Ok(cargo)
}

/// How many errors the compiler found, and the first of them.
fn errors(log: &Path, otherwise: &str) -> String {
    let said = fs::read_to_string(log).unwrap_or_default();
    let mut errors = said.lines().filter(|line| line.starts_with("error["));
    let first = errors.next().unwrap_or(otherwise);
    let first: String = first.replace(['`', '|'], "'").chars().take(100).collect();
    format!("{} errors: `{first}`", errors.count() + 1)
}
