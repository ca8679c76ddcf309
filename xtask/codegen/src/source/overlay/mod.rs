//! Overlays: our words and our corrections, laid over a vendor's document before anyone else sees it.
//!
//! [OpenAPI Overlay 1.0](https://spec.openapis.org/overlay/v1.0.0.html), stricter in two ways and wider in one. Every
//! action says in its `description` why it is there, and does something: one that matches nothing, or that says what
//! the document says already, is a fault, because the vendor has moved and somebody should look. And `x-rename-keys`
//! renames keys where they stand, which `remove` and `update` together can not.

mod change;
mod path;
mod select;

use serde_json::{Map, Value};

use self::change::{Refusal, merge_into, remove, rename_keys};
use self::path::Path;
use crate::diag::{Code, Diagnostic, Error, SourceText};
use crate::ir::Pointer;
use crate::source::RawDocument;

/// Keys of the overlay itself.
const OVERLAY_KEYS: &[&str] = &["overlay", "info", "extends", "actions"];
/// Keys of an action.
const ACTION_KEYS: &[&str] = &["target", "description", "update", "remove", RENAME];
/// Our extension.
const RENAME: &str = "x-rename-keys";

/// An overlay, read.
#[derive(Clone, Debug)]
pub struct Overlay {
    source: SourceText,
    actions: Vec<Action>,
}

#[derive(Clone, Debug)]
struct Action {
    /// Where it stands in the overlay.
    at: Pointer,
    /// The path as it was written.
    target: String,
    path: Path,
    /// Why it is there.
    reason: String,
    change: Change,
}

#[derive(Clone, Debug)]
enum Change {
    Update(Value),
    Remove,
    /// Old and new.
    Rename(Vec<(String, String)>),
}

/// Where things that an overlay renamed stood before, so that messages point into the document as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RenamedKeys(Vec<(Pointer, Pointer)>);

impl RenamedKeys {
    /// The place in the document as it was read.
    #[must_use]
    pub fn original(&self, at: &Pointer) -> Pointer {
        let mut at = at.0.clone();
        for (new, old) in self.0.iter().rev() {
            if let Some(rest) = at
                .strip_prefix(&new.0)
                .filter(|rest| rest.is_empty() || rest.starts_with('/'))
            {
                at = format!("{}{rest}", old.0);
            }
        }
        Pointer(at)
    }
}

impl Overlay {
    /// Reads an overlay.
    ///
    /// # Errors
    /// All faults found, each with its place in the overlay.
    pub fn read(raw: &RawDocument) -> Result<Self, Error> {
        let mut faults = Vec::new();
        let actions = read(&raw.value, &mut faults);
        if faults.is_empty() {
            Ok(Self {
                source: raw.source(),
                actions,
            })
        } else {
            Err(Error::from_diagnostics(faults).with_source(&raw.path, &raw.text))
        }
    }
}

/// Applies the actions in order.
///
/// # Errors
/// All actions that match nothing, change nothing or do not fit what they match, each with its place in the overlay.
pub fn apply(document: &mut Value, overlay: &Overlay) -> Result<RenamedKeys, Error> {
    let (moves, faults) = apply_what_fits(document, overlay);
    if faults.is_empty() {
        Ok(moves)
    } else {
        Err(Error::from_diagnostics(faults).with_source(&overlay.source.path, &overlay.source.text))
    }
}

/// Applies the actions that can be, in order; the others are faults, each with its place in the overlay. For documents
/// that the overlay was not written for.
pub fn apply_what_fits(document: &mut Value, overlay: &Overlay) -> (RenamedKeys, Vec<Diagnostic>) {
    let mut moves = RenamedKeys::default();
    let mut faults = Vec::new();
    for action in &overlay.actions {
        if let Err(fault) = action.apply(document, &mut moves) {
            faults.push(fault);
        }
    }
    (moves, faults)
}

impl Action {
    fn apply(&self, document: &mut Value, moves: &mut RenamedKeys) -> Result<(), Diagnostic> {
        let places = select::select(document, &self.path);
        if places.is_empty() {
            return Err(self.idle(format!("`{}` matches nothing", self.target)));
        }
        let mut changed = false;
        // Last first, so that removing an item moves none that is yet to go.
        for place in places.iter().rev() {
            let done = match &self.change {
                Change::Update(update) => merge_into(document, place, update),
                Change::Remove => remove(document, place),
                Change::Rename(names) => rename_keys(document, place, names),
            };
            changed |= done.map_err(|why| self.refused(place, why))?;
            if let Change::Rename(names) = &self.change {
                moves.0.extend(
                    names
                        .iter()
                        .map(|(old, new)| (place.join(new), place.join(old))),
                );
            }
        }
        if changed {
            Ok(())
        } else {
            Err(self.idle(format!(
                "the document says at `{}` what this would say",
                self.target
            )))
        }
    }

    /// It does nothing.
    fn idle(&self, message: String) -> Diagnostic {
        let help = format!(
            "if the vendor has mended the document, take the action out; its reason was: {}",
            self.reason
        );
        Diagnostic::new(Code::OverlayNoMatch, &self.at.join("target"), message).help(help)
    }

    /// It does not fit.
    fn refused(&self, place: &Pointer, why: Refusal) -> Diagnostic {
        match why {
            Refusal::Missing(message) => self.idle(message),
            Refusal::Unfit(message) => {
                let message = format!("`{}` matches {place}: {message}", self.target);
                Diagnostic::new(Code::OverlayTarget, &self.at, message)
                    .help(format!("its reason was: {}", self.reason))
            }
        }
    }
}

fn read(value: &Value, faults: &mut Vec<Diagnostic>) -> Vec<Action> {
    let root = Pointer::root();
    let Value::Object(overlay) = value else {
        faults.push(syntax(&root, "an overlay is an object").help("start with `overlay: 1.0.0`"));
        return Vec::new();
    };
    match overlay
        .get("overlay")
        .map(|version| version.as_str().unwrap_or_default())
    {
        Some(version) if version == "1.0" || version.starts_with("1.0.") => {}
        Some(_) => faults.push(syntax(
            &root.join("overlay"),
            "only version 1.0.0 of overlays is understood",
        )),
        None => faults.push(
            syntax(&root, "this is no overlay: `overlay` is missing")
                .help("start with `overlay: 1.0.0`"),
        ),
    }
    unknown_keys(overlay, OVERLAY_KEYS, &root, faults);
    for key in ["title", "version"] {
        if !overlay
            .get("info")
            .and_then(|info| info.get(key))
            .is_some_and(Value::is_string)
        {
            faults.push(syntax(
                &root.join("info"),
                format!("`info` needs a `{key}` that is text"),
            ));
        }
    }
    let Some(Value::Array(actions)) = overlay.get("actions") else {
        faults.push(syntax(&root, "an overlay has a list of `actions`"));
        return Vec::new();
    };
    let at = root.join("actions");
    let actions = actions.iter().enumerate();
    actions
        .filter_map(|(index, action)| read_action(action, at.join(&index.to_string()), faults))
        .collect()
}

fn read_action(value: &Value, at: Pointer, faults: &mut Vec<Diagnostic>) -> Option<Action> {
    let Value::Object(action) = value else {
        faults.push(syntax(&at, "an action is an object"));
        return None;
    };
    unknown_keys(action, ACTION_KEYS, &at, faults);
    let reason = match action
        .get("description")
        .and_then(Value::as_str)
        .map(str::trim)
    {
        Some(reason) if !reason.is_empty() => reason.to_owned(),
        _ => {
            let fault =
                Diagnostic::new(Code::OverlayNoReason, &at, "an action says why it is there");
            faults.push(fault.help("give it a `description`: whose word or correction it is, and where that is known from"));
            return None;
        }
    };
    let Some(target) = action.get("target").and_then(Value::as_str) else {
        faults.push(syntax(&at, "an action has a `target` that is text"));
        return None;
    };
    let path = match path::parse(target) {
        Ok(path) => path,
        Err(fault) => {
            let message = format!("`{target}`, character {}: {}", fault.column, fault.message);
            faults.push(syntax(&at.join("target"), message));
            return None;
        }
    };
    let change = read_change(action, &at, faults)?;
    Some(Action {
        at,
        target: target.to_owned(),
        path,
        reason,
        change,
    })
}

fn read_change(
    action: &Map<String, Value>,
    at: &Pointer,
    faults: &mut Vec<Diagnostic>,
) -> Option<Change> {
    let remove = action
        .get("remove")
        .filter(|remove| **remove != Value::Bool(false));
    match (action.get("update"), remove, action.get(RENAME)) {
        (Some(update), None, None) => Some(Change::Update(update.clone())),
        (None, Some(Value::Bool(_)), None) => Some(Change::Remove),
        (None, Some(_), None) => {
            faults.push(syntax(&at.join("remove"), "`remove` is true or false"));
            None
        }
        (None, None, Some(names)) => {
            read_names(names, &at.join(RENAME), faults).map(Change::Rename)
        }
        _ => {
            faults.push(syntax(
                at,
                format!("an action has one of `update`, `remove: true` and `{RENAME}`"),
            ));
            None
        }
    }
}

fn read_names(
    names: &Value,
    at: &Pointer,
    faults: &mut Vec<Diagnostic>,
) -> Option<Vec<(String, String)>> {
    let pairs = names.as_object().filter(|names| !names.is_empty());
    let pairs: Option<Vec<_>> = pairs.and_then(|pairs| {
        pairs
            .iter()
            .map(|(old, new)| Some((old.clone(), new.as_str()?.to_owned())))
            .collect()
    });
    if pairs.is_none() {
        faults.push(syntax(
            at,
            format!("`{RENAME}` is an object of old and new names"),
        ));
    }
    pairs
}

fn unknown_keys(
    map: &Map<String, Value>,
    known: &[&str],
    at: &Pointer,
    faults: &mut Vec<Diagnostic>,
) {
    for key in map.keys().filter(|key| !known.contains(&key.as_str())) {
        // An extension of somebody else's may stay, but ours may not be misspelt.
        if !key.starts_with("x-") || key.starts_with("x-rename") {
            let fault = syntax(&at.join(key), format!("`{key}` is not known here"));
            faults.push(fault.help(format!("known are {}", known.join(", "))));
        }
    }
}

fn syntax(at: &Pointer, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::OverlaySyntax, at, message)
}
