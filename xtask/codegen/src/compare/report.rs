//! The report of a comparison: as text, Markdown, JSON, and as an entry of the CHANGELOG.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::change::{Area, Change, Effect, next_version, strongest_effect};

/// The number of additions of one kind that the CHANGELOG lists by name; more are only counted.
const MAX_LISTED: usize = 12;

/// The changes between two documents.
#[derive(Clone, Debug)]
pub struct Report {
    /// The vendor's folder, or the name of the document.
    pub name: String,
    /// The published crate, if there is one.
    pub package: Option<Package>,
    /// The version of the old document.
    pub old_version: String,
    /// The version of the new document.
    pub new_version: String,
    /// The changes, in order.
    pub changes: Vec<Change>,
}

/// The crate that is generated from the document.
#[derive(Clone, Debug)]
pub struct Package {
    /// The crate's name.
    pub name: String,
    /// The version that the old document was generated as.
    pub version: String,
}

impl Report {
    fn count(&self, effect: Effect) -> usize {
        let changes = self.changes.iter();
        changes.filter(|change| change.effect == effect).count()
    }

    /// Returns the number of changes by effect, and the next version of the crate.
    fn summary(&self) -> String {
        let counts = format!(
            "{} breaking, {} wire, {} additive",
            self.count(Effect::Breaking),
            self.count(Effect::Wire),
            self.count(Effect::Additive),
        );
        let consequence = match strongest_effect(&self.changes) {
            Effect::Breaking => "dependent code may not compile",
            Effect::Wire => "dependent code compiles, and requests or responses differ",
            Effect::Additive => "dependent code compiles and works as before",
            Effect::None => "dependent code is not affected",
        };
        match &self.package {
            None => format!("{counts}: {consequence}"),
            Some(Package { name, version }) => {
                let (_, next) = next_version(&self.changes, version);
                format!("{counts}; {name} {version} → {next}: {consequence}")
            }
        }
    }

    /// Returns the changes by section: security, servers, then by effect.
    fn sections(&self) -> Vec<(&'static str, Vec<&Change>)> {
        let mut sections: Vec<(&str, Vec<&Change>)> = Vec::new();
        for change in &self.changes {
            let title = section_title(change);
            match sections.last_mut() {
                Some((last, section)) if *last == title => section.push(change),
                _ => sections.push((title, vec![change])),
            }
        }
        sections
    }

    /// Returns the report for a terminal.
    pub fn to_text(&self) -> String {
        let mut out = format!("{}: {}\n", self.name, self.summary());
        for (title, changes) in self.sections() {
            out.push_str(&format!("\n{title}\n"));
            for (subject, change) in merge_shared_changes(&changes) {
                let Change {
                    effect,
                    description,
                    location,
                    ..
                } = change;
                out.push_str(&format!(
                    "  {effect:<8}  {subject}: {description} ({location})\n"
                ));
            }
        }
        out.push_str(&format!(
            "\nEntry for the CHANGELOG:\n\n{}",
            self.changelog_entry()
        ));
        out
    }

    /// Returns the report as Markdown, for a pull request.
    pub fn to_markdown(&self) -> String {
        let mut out = format!("# Changes of {}\n\n{}.\n", self.name, self.summary());
        for (title, changes) in self.sections() {
            out.push_str(&format!(
                "\n## {title}\n\n| effect | item | change | line |\n| --- | --- | --- | --- |\n"
            ));
            for (subject, change) in merge_shared_changes(&changes) {
                let Change {
                    effect,
                    description,
                    location,
                    ..
                } = change;
                let cell = |text: &str| text.replace('|', "\\|");
                out.push_str(&format!(
                    "| {effect} | {} | {} | {location} |\n",
                    cell(&code_subject(subject, change)),
                    cell(description)
                ));
            }
        }
        let entry = self.changelog_entry();
        out.push_str(&format!("\n## Entry for the CHANGELOG\n\n{entry}"));
        out
    }

    /// Returns the report as JSON.
    pub fn to_json(&self) -> Value {
        let mut report = json!({
            "name": self.name,
            "old_version": self.old_version,
            "new_version": self.new_version,
            "effect": strongest_effect(&self.changes),
            "changes": self.changes,
        });
        if let Some(Package { name, version }) = &self.package {
            let (_, next_version) = next_version(&self.changes, version);
            report["package"] =
                json!({ "name": name, "version": version, "next_version": next_version });
        }
        report
    }

    /// Returns the entry of the CHANGELOG: changes of existing items one by one, additions by kind.
    pub fn changelog_entry(&self) -> String {
        let package = self.package.as_ref();
        let name = package.map_or(&self.name, |package| &package.name);
        let mut out = match self.new_version.as_str() {
            "" => format!("### {name}\n"),
            version => format!("### {name}, document version {version}\n"),
        };
        let all: Vec<&Change> = self.changes.iter().collect();
        let mut lines: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for (subject, change) in merge_shared_changes(&all) {
            let line = format!("{}: {}", code_subject(subject, change), change.description);
            lines.entry(section_title(change)).or_default().push(line);
        }
        for title in [SECURITY, SERVERS, BREAKING, WIRE, COMPATIBLE] {
            for line in lines.get(title).into_iter().flatten() {
                out.push_str(&format!("- **{title}**: {line}.\n"));
            }
        }
        out.push_str(&self.additions("operations", Area::Operation));
        out.push_str(&self.additions("types, fields and values", Area::Type));
        if lines.is_empty() {
            out.push_str("- No changes that affect dependent code.\n");
        }
        out
    }

    /// Returns the line of the CHANGELOG about what was added to an area, or an empty string.
    fn additions(&self, kind: &str, area: Area) -> String {
        let changes = self.changes.iter();
        let added = changes.filter(|change| change.area == area && change.is_new);
        let subjects: Vec<String> = added
            .map(|change| format!("`{}`", change.subject))
            .collect();
        match subjects.len() {
            0 => String::new(),
            count @ 1..=MAX_LISTED => {
                format!("- **{ADDED}**, {count} {kind}: {}.\n", subjects.join(", "))
            }
            count => format!("- **{ADDED}**: {count} {kind}.\n"),
        }
    }
}

const SECURITY: &str = "Security";
const SERVERS: &str = "Servers";
const BREAKING: &str = "Breaking";
const WIRE: &str = "Changed on the wire";
const COMPATIBLE: &str = "Compatible";
const ADDED: &str = "Added";

fn section_title(change: &Change) -> &'static str {
    match (change.area, change.effect) {
        (Area::Security, _) => SECURITY,
        (Area::Server, _) => SERVERS,
        (_, Effect::Breaking) => BREAKING,
        (_, Effect::Wire) => WIRE,
        (_, Effect::Additive) if change.is_new => ADDED,
        (_, Effect::Additive) => COMPATIBLE,
        (_, Effect::None) => "No effect",
    }
}

/// Returns the subject as inline code, unless it represents several operations.
fn code_subject(subject: String, change: &Change) -> String {
    if change.subject == subject {
        format!("`{}`", subject.trim_matches('`'))
    } else {
        subject
    }
}

/// Returns the changes with their subjects. A change of security or servers that several operations share is listed once.
fn merge_shared_changes<'c>(changes: &[&'c Change]) -> Vec<(String, &'c Change)> {
    let mut out: Vec<(String, &'c Change)> = Vec::new();
    for change in changes {
        let is_same = |other: &&&Change| {
            let key = |change: &Change| (change.area, change.effect, change.description.clone());
            key(other) == key(change)
        };
        let can_be_shared = matches!(change.area, Area::Security | Area::Server);
        match changes.iter().filter(is_same).count() {
            count @ 2.. if can_be_shared => {
                if !out.iter().any(|(_, known)| is_same(&known)) {
                    let subject = format!("{count} operations, the first is `{}`", change.subject);
                    out.push((subject, change));
                }
            }
            _ => out.push((change.subject.clone(), change)),
        }
    }
    out
}
