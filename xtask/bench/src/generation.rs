//! How long it takes to generate a crate, ours and others'.

use super::measure::{Contender, by_turns};
use super::peers::Peer;
use super::report::{Picture, Point, Section, Table, figure};
use super::{Bench, Document};
use observatory_codegen::diag::Error;

/// What our own generator is called in tables.
pub(super) const OURS: &str = "ours";

/// Every generator, with every document.
pub(super) fn section(bench: &Bench) -> Result<Section, Error> {
    let mut section = Section::new(
        "Generation",
        "A crate from each document, into an empty folder. CPU is that of the program and of those that it starts; \
         memory is the most that one of them held. The limit is the fastest peer that writes a crate of the document \
         at all, in CPU time. openapi-generator-cli, which takes tens of times as long as the others, gets the published \
         documents alone.",
    );
    let mut table = Table::new(&["document", "by", "s", "CPU s", "MB", "ours / it"]);
    let (mut own, mut others) = (0.0, 0.0);
    for document in &bench.documents {
        let found = of(bench, document, &mut section, &mut table)?;
        if let Some((ours, fastest)) = found.filter(|_| !document.published) {
            own += ours;
            others += fastest;
        }
    }
    section.tables.push(table);
    if bench.peers.is_some() {
        let what = "the repository's documents together: CPU, ours / the fastest peer of each";
        section.limit(what, own / others, 1.0);
    }
    Ok(section)
}

/// One document: the time of ours, and of the fastest peer that manages it.
fn of(
    bench: &Bench,
    document: &Document,
    section: &mut Section,
    table: &mut Table,
) -> Result<Option<(f64, f64)>, Error> {
    let mut contenders = vec![Contender {
        name: OURS.to_owned(),
        command: Box::new(|| {
            let out = bench.crate_of(OURS, document);
            bench.clear(&out)?;
            Ok(bench.ours(&document.path, &out, &crate_name(OURS, document)))
        }),
    }];
    if let Some(folder) = &bench.peers {
        for peer in Peer::ALL {
            // Eight seconds each time are enough to see once a document.
            let twice = bench.documents.iter().any(|one| one.published) && !document.published;
            if peer == Peer::OpenapiGenerator && twice {
                continue;
            }
            contenders.push(Contender {
                name: peer.name().to_owned(),
                command: Box::new(move || {
                    let out = bench.crate_of(peer.name(), document);
                    bench.clear(&out)?;
                    let name = crate_name(peer.name(), document);
                    Ok(peer.command(folder, &document.path, &out, &name))
                }),
            });
        }
    }
    let progress = |what: &str| (bench.progress)(&format!("generating {}: {what}", document.name));
    let measured = by_turns(&contenders, bench.runs, &bench.log(), progress)?;
    let own = measured.first().and_then(|ours| ours.outcome.clone().ok());
    let mut fastest = f64::INFINITY;
    for one in &measured {
        let name = format!("{} ({:.0} kB)", document.name, document.bytes / 1e3);
        let by = one.name.clone();
        match (&one.outcome, own) {
            (Ok(cost), Some(own)) => {
                let ratio = own.cpu / cost.cpu;
                let is_peer = by != OURS;
                if is_peer {
                    fastest = fastest.min(cost.cpu);
                }
                section.points.push(Point {
                    picture: Picture::Generation,
                    who: by.clone(),
                    size: document.bytes,
                    seconds: cost.cpu,
                });
                let ratio = if is_peer {
                    figure(ratio)
                } else {
                    String::new()
                };
                let [wall, cpu, peak] = cost.cells();
                table.row([name, by, wall, cpu, peak, ratio]);
            }
            (Err(why), _) => {
                let stops = format!("{by}: stops: `{}`", why.0.replace(['`', '|'], "'"));
                table.row([name, stops]);
            }
            (Ok(_), None) => {}
        }
    }
    let own = own.map_or(f64::NAN, |own| own.cpu);
    if bench.peers.is_some() && (fastest.is_finite() || own.is_nan()) {
        let what = format!("{}: CPU, ours / fastest peer", document.name);
        section.limit(what, own / fastest, 1.0);
        return Ok(fastest.is_finite().then_some((own, fastest)));
    }
    Ok(None)
}

/// What a crate is called, so that all of them can be checked side by side.
pub(super) fn crate_name(who: &str, document: &Document) -> String {
    format!("{who}-{}", document.slug)
}
