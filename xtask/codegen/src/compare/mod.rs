//! Two versions of an API: what changed, by its effect on programs and on the wire.
//!
//! Compared is what the documents became, not where their text differs: names as Rust has them, types as callers see
//! them, and how requests travel. Words change nothing.

mod operations;
mod renames;
mod report;
mod security;
mod show;
mod types;

use std::fmt;

pub use report::Report;
use serde::Serialize;

use crate::ir::Pointer;
use crate::pipeline::PlannedDocument;
use crate::source::Locator;

/// What a change does to programs that were written before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// They may not compile.
    Breaking,
    /// They compile, and what travels is different.
    Wire,
    /// They can do more.
    Additive,
    /// Nothing.
    None,
}

/// What a change is about, in the order in which people want to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Area {
    /// Who may call.
    Security,
    /// Where requests go.
    Server,
    /// What can be called.
    Operation,
    /// What travels.
    Type,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// What it is about.
    pub area: Area,
    /// What it does.
    pub effect: Effect,
    /// Whose change it is: `trace().log_traces`, `models::Trace::name`.
    pub subject: String,
    /// What changed, in one sentence without a full stop.
    pub what: String,
    /// `old:` or `new:`, and the line in that document.
    pub place: String,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Breaking => "breaking",
            Self::Wire => "wire",
            Self::Additive => "additive",
            Self::None => "none",
        })
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Security => "security",
            Self::Server => "server",
            Self::Operation => "operation",
            Self::Type => "type",
        })
    }
}

/// Everything that changed from `old` to `new`: security and servers first, then by effect.
pub fn compare(old: &PlannedDocument, new: &PlannedDocument) -> Vec<Change> {
    let old = &renames::in_new_names(old, new);
    let mut cx = Cx {
        old,
        new,
        places: (old.raw.locator(), new.raw.locator()),
        changes: Vec::new(),
    };
    security::compare(&mut cx);
    operations::compare(&mut cx);
    types::compare(&mut cx);
    let mut changes = cx.changes;
    changes.sort_by(|a, b| {
        let rank = |change: &Change| {
            let first = matches!(change.area, Area::Security | Area::Server);
            (
                !first,
                first.then_some(change.area),
                change.effect,
                change.area,
            )
        };
        rank(a).cmp(&rank(b)).then_with(|| a.cmp(b))
    });
    changes.dedup();
    changes
}

/// The comparison in progress.
struct Cx<'a> {
    old: &'a PlannedDocument,
    new: &'a PlannedDocument,
    places: (Locator, Locator),
    changes: Vec<Change>,
}

/// In which document a change is seen.
#[derive(Clone, Copy)]
enum At<'a> {
    Old(&'a Pointer),
    New(&'a Pointer),
}

impl Cx<'_> {
    fn note(&mut self, area: Area, effect: Effect, subject: &str, at: At<'_>, what: String) {
        let place = match at {
            At::Old(at) => format!("old:{}", self.places.0.line(&self.old.moves.original(at))),
            At::New(at) => format!("new:{}", self.places.1.line(&self.new.moves.original(at))),
        };
        self.changes.push(Change {
            area,
            effect,
            subject: subject.to_owned(),
            what,
            place,
        });
    }
}

/// How far an API may break its callers before it needs a new version, and what that version is.
pub fn next_version(changes: &[Change], version: &str) -> (Effect, String) {
    let effects = changes.iter().map(|change| change.effect);
    let worst = effects.min().unwrap_or(Effect::None);
    let mut parts = version
        .split('.')
        .map(|part| part.parse::<u64>().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0);
    let (major, minor, patch) = (part(), part(), part());
    let next = match (worst, major) {
        (Effect::None, _) => (major, minor, patch),
        (Effect::Breaking, 0) => (0, minor + 1, 0),
        (Effect::Breaking, _) => (major + 1, 0, 0),
        // What compiled compiles: whoever runs `cargo update` gets what the server now wants.
        (Effect::Wire | Effect::Additive, 0) => (0, minor, patch + 1),
        (Effect::Wire | Effect::Additive, _) => (major, minor + 1, 0),
    };
    (worst, format!("{}.{}.{}", next.0, next.1, next.2))
}
