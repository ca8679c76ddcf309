//! The report: for people, for machines, and for the CHANGELOG.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Area, Change, Effect, next_version};

/// How many things of a kind the CHANGELOG names before it only counts them.
const NAMED: usize = 12;

/// What changed, and between what.
#[derive(Clone, Debug)]
pub struct Report {
    /// The vendor's folder.
    pub vendor: String,
    /// The crate.
    pub package: String,
    /// The old document's version.
    pub from: String,
    /// The new document's version.
    pub to: String,
    /// The crate's version.
    pub version: String,
    /// The changes, in order.
    pub changes: Vec<Change>,
}

impl Report {
    fn count(&self, effect: Effect) -> usize {
        let changes = self.changes.iter();
        changes.filter(|change| change.effect == effect).count()
    }

    /// How much changed, and what version that makes.
    fn summary(&self) -> String {
        let (worst, next) = next_version(&self.changes, &self.version);
        let why = match worst {
            Effect::Breaking => "programs may not compile",
            Effect::Wire => "what compiles compiles, but talks to the server in another way",
            Effect::Additive => "programs can do more",
            Effect::None => "no program sees a difference",
        };
        format!(
            "{} breaking, {} on the wire, {} additive; {}: {} → {next}, since {why}",
            self.count(Effect::Breaking),
            self.count(Effect::Wire),
            self.count(Effect::Additive),
            self.package,
            self.version
        )
    }

    /// The changes that stand together: security and servers by themselves, everything else by effect.
    fn groups(&self) -> Vec<(String, Vec<&Change>)> {
        let mut groups: Vec<(String, Vec<&Change>)> = Vec::new();
        for change in &self.changes {
            let title = match change.area {
                Area::Security => "Security".to_owned(),
                Area::Server => "Servers".to_owned(),
                Area::Operation | Area::Type => match change.effect {
                    Effect::Breaking => "Breaking".to_owned(),
                    Effect::Wire => "Compiles, but breaks on the wire".to_owned(),
                    Effect::Additive => "Additive".to_owned(),
                    Effect::None => "No effect".to_owned(),
                },
            };
            match groups.last_mut() {
                Some((last, group)) if *last == title => group.push(change),
                _ => groups.push((title, vec![change])),
            }
        }
        groups
    }

    /// For people at a terminal.
    pub fn text(&self) -> String {
        let mut out = format!("{}: {}\n", self.vendor, self.summary());
        for (title, changes) in self.groups() {
            out.push_str(&format!("\n{title}\n"));
            for (subject, change) in folded(&changes) {
                let Change {
                    effect,
                    what,
                    place,
                    ..
                } = change;
                out.push_str(&format!("  {effect:<8}  {subject}: {what} ({place})\n"));
            }
        }
        out.push_str(&format!("\nFor the CHANGELOG:\n\n{}", self.entry()));
        out
    }

    /// For a pull request.
    pub fn markdown(&self) -> String {
        let mut out = format!("# {}: what changed\n\n{}.\n", self.vendor, self.summary());
        for (title, changes) in self.groups() {
            out.push_str(&format!(
                "\n## {title}\n\n| effect | what | change | line |\n| --- | --- | --- | --- |\n"
            ));
            for (subject, change) in folded(&changes) {
                let Change {
                    effect,
                    what,
                    place,
                    ..
                } = change;
                let cell = |text: &str| text.replace('|', "\\|");
                let subject = match change.subject == subject {
                    true => format!("`{}`", subject.trim_matches('`')),
                    false => subject,
                };
                out.push_str(&format!(
                    "| {effect} | {} | {} | {place} |\n",
                    cell(&subject),
                    cell(what)
                ));
            }
        }
        out.push_str(&format!("\n## For the CHANGELOG\n\n{}", self.entry()));
        out
    }

    /// For machines.
    pub fn json(&self) -> Value {
        let (effect, next) = next_version(&self.changes, &self.version);
        json!({
            "vendor": self.vendor,
            "package": self.package,
            "from": self.from,
            "to": self.to,
            "effect": effect,
            "version": self.version,
            "next_version": next,
            "changes": self.changes,
        })
    }

    /// The entry of the CHANGELOG: security, servers and what breaks one by one, what is new by kind.
    pub fn entry(&self) -> String {
        let title = match self.to.as_str() {
            "" => self.package.clone(),
            version => format!("{}, for version {version} of the document", self.package),
        };
        let mut out = format!("### {title}\n");
        let mut lines: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let all: Vec<&Change> = self.changes.iter().collect();
        for (subject, change) in folded(&all) {
            let subject = match change.subject == subject {
                true => format!("`{}`", subject.trim_matches('`')),
                false => subject,
            };
            let line = format!("{subject}: {}", change.what);
            lines.entry(heading(change)).or_default().push(line);
        }
        for kind in ["Security", "Servers", "Breaking", "Changed on the wire"] {
            for line in lines.get(kind).into_iter().flatten() {
                out.push_str(&format!("- **{kind}**: {line}.\n"));
            }
        }
        for (kind, area) in [
            ("operations", Area::Operation),
            ("types, fields and values", Area::Type),
        ] {
            let added = self.changes.iter();
            let added =
                added.filter(|change| change.area == area && change.effect == Effect::Additive);
            let added: Vec<String> = added
                .map(|change| format!("`{}`", change.subject))
                .collect();
            match added.len() {
                0 => {}
                few @ 1..=NAMED => {
                    out.push_str(&format!("- Added, {few} {kind}: {}.\n", added.join(", ")))
                }
                many => out.push_str(&format!("- Added: {many} {kind}.\n")),
            }
        }
        if lines.is_empty() {
            out.push_str("- Nothing that programs see.\n");
        }
        out
    }
}

/// The changes with what they are about; one that many operations share is told once.
fn folded<'c>(changes: &[&'c Change]) -> Vec<(String, &'c Change)> {
    let mut out: Vec<(String, &'c Change)> = Vec::new();
    for change in changes {
        let same = |other: &&&Change| {
            (other.area, other.effect, &other.what) == (change.area, change.effect, &change.what)
        };
        let shared = matches!(change.area, Area::Security | Area::Server);
        match changes.iter().filter(same).count() {
            many @ 2.. if shared => {
                if !out.iter().any(|(_, known)| same(&known)) {
                    let subject = format!("{many} operations, the first `{}`", change.subject);
                    out.push((subject, change));
                }
            }
            _ => out.push((change.subject.clone(), change)),
        }
    }
    out
}

fn heading(change: &Change) -> &'static str {
    match (change.area, change.effect) {
        (Area::Security, _) => "Security",
        (Area::Server, _) => "Servers",
        (_, Effect::Breaking) => "Breaking",
        (_, Effect::Wire) => "Changed on the wire",
        _ => "Added",
    }
}
