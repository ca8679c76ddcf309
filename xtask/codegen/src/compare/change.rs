//! A change, its effect, and the version that a crate needs after it.

use std::fmt;

use serde::Serialize;

/// The effect of a change on code that uses the crate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// The code may not compile, or its credentials may go to another server.
    Breaking,
    /// The code compiles, and its requests or responses differ, or the server may no longer accept what programs send that
    /// were built before.
    Wire,
    /// The code compiles, and the crate offers more.
    Additive,
    /// No effect.
    None,
}

/// The part of an API that a change belongs to, in the order of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Area {
    /// Security schemes and requirements.
    Security,
    /// Servers.
    Server,
    /// Operations, parameters and bodies.
    Operation,
    /// Types, fields and values.
    Type,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Change {
    /// The part of the API.
    pub area: Area,
    /// The effect on code that uses the crate.
    pub effect: Effect,
    /// Whether the item did not exist before.
    pub is_new: bool,
    /// The changed item: `trace().log_traces`, `models::Trace::name`.
    pub subject: String,
    /// The change, in one sentence without a full stop.
    pub description: String,
    /// `old:` or `new:`, followed by the line in that document.
    pub location: String,
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

/// Returns the strongest effect of the changes, and the version that semantic versioning requires after `version`.
pub fn next_version(changes: &[Change], version: &str) -> (Effect, String) {
    let strongest = strongest_effect(changes);
    let mut parts = version
        .split('.')
        .map(|part| part.parse::<u64>().unwrap_or(0));
    let mut part = || parts.next().unwrap_or(0);
    let (major, minor, patch) = (part(), part(), part());
    let (major, minor, patch) = match (strongest, major) {
        (Effect::None, _) => (major, minor, patch),
        (Effect::Breaking, 0) => (0, minor + 1, 0),
        (Effect::Breaking, _) => (major + 1, 0, 0),
        // A compatible version, so that `cargo update` delivers what the server now expects.
        (Effect::Wire | Effect::Additive, 0) => (0, minor, patch + 1),
        (Effect::Wire | Effect::Additive, _) => (major, minor + 1, 0),
    };
    (strongest, format!("{major}.{minor}.{patch}"))
}

/// Returns the strongest effect of the changes.
pub(super) fn strongest_effect(changes: &[Change]) -> Effect {
    let effects = changes.iter().map(|change| change.effect);
    effects.min().unwrap_or(Effect::None)
}
