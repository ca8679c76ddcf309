//! Overlays: our descriptions and corrections, applied to a vendor's document before it is normalized.
//!
//! Implements [OpenAPI Overlay 1.0](https://spec.openapis.org/overlay/v1.0.0.html) with these differences:
//!
//! * An action must have a `description`, which gives its reason.
//! * An action must have an effect. One whose target matches nothing, or that changes nothing, is an error: the vendor
//!   has changed the document, and the action must be reviewed.
//! * The extension `x-rename-keys` renames keys and keeps their position, which `remove` and `update` cannot do.

mod edit;
mod growth;
mod json_path;
mod parse;
mod select;

use serde_json::Value;

use self::edit::{EditError, append_or_merge, remove_node, rename_keys};
use self::growth::{Growth, ValueSize, check_pointers};
use self::json_path::JsonPath;
use self::select::select_nodes;
use crate::diag::{Code, Diagnostic, Error, SourceText};
use crate::ir::Pointer;
use crate::source::load::RawDocument;

/// A parsed overlay.
#[derive(Clone, Debug)]
pub struct Overlay {
    source: SourceText,
    actions: Vec<Action>,
}

#[derive(Clone, Debug)]
struct Action {
    /// The pointer to the action in the overlay.
    at: Pointer,
    /// The text of the `target`.
    target: String,
    path: JsonPath,
    /// The `description`.
    reason: String,
    edit: Edit,
}

/// What an action does to every node that its target selects.
#[derive(Clone, Debug)]
enum Edit {
    Update(Value),
    Remove,
    /// Pairs of old and new keys.
    RenameKeys(Vec<(String, String)>),
}

/// How strictly an overlay and a configuration must match a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// An action or a rule that matches nothing is an error.
    Strict,
    /// What matches is applied, the rest is ignored: for a document that they were not written for.
    Lenient,
}

/// The keys that an overlay renamed, so that diagnostics can point into the document as it was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RenamedKeys(Vec<(Pointer, Pointer)>);

impl RenamedKeys {
    /// Returns the pointer to the same node in the document without overlay.
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

/// Parses an overlay and applies it to `document`.
///
/// # Errors
/// As [`Overlay::parse`] and [`Overlay::apply`].
pub fn apply_overlay(
    document: &mut Value,
    overlay: &RawDocument,
    strictness: Strictness,
) -> Result<RenamedKeys, Error> {
    Overlay::parse(overlay)?.apply(document, strictness)
}

impl Overlay {
    /// Parses an overlay.
    ///
    /// # Errors
    /// All errors of the overlay, each with its pointer.
    pub fn parse(raw: &RawDocument) -> Result<Self, Error> {
        let mut diags = Vec::new();
        let actions = parse::parse_actions(&raw.value, &mut diags);
        if diags.is_empty() {
            Ok(Self {
                source: raw.source(),
                actions,
            })
        } else {
            Err(Error::from_diagnostics(diags).with_source(raw.source()))
        }
    }

    /// Applies the actions to `document`, in their order.
    ///
    /// # Errors
    /// An action that makes the document too large. With [`Strictness::Strict`], all actions that match nothing, change nothing or cannot be applied, each with its
    /// pointer in the overlay.
    pub fn apply(
        &self,
        document: &mut Value,
        strictness: Strictness,
    ) -> Result<RenamedKeys, Error> {
        let mut renamed = RenamedKeys::default();
        let mut diags = Vec::new();
        let growth = Growth::new();
        for action in &self.actions {
            let diag = action.apply(document, &mut renamed, &growth).err();
            let is_too_large = diag.as_ref().is_some_and(|diag| diag.code == Code::TooBig);
            diags.extend(diag);
            if is_too_large {
                return Err(Error::from_diagnostics(diags).with_source(self.source.clone()));
            }
        }
        if let Err(diag) = check_pointers(document) {
            return Err(Error::from(diag).with_source(self.source.clone()));
        }
        if diags.is_empty() || strictness == Strictness::Lenient {
            Ok(renamed)
        } else {
            Err(Error::from_diagnostics(diags).with_source(self.source.clone()))
        }
    }
}

impl Action {
    fn apply(
        &self,
        document: &mut Value,
        renamed: &mut RenamedKeys,
        growth: &Growth,
    ) -> Result<(), Diagnostic> {
        let nodes = select_nodes(document, &self.path, growth);
        let visits = growth.check_visits();
        visits.map_err(|error| self.edit_error(&Pointer::root(), error))?;
        if nodes.is_empty() {
            return Err(self.no_effect(format!("`{}` matches nothing", self.target)));
        }
        let mut has_changed = false;
        let added = match &self.edit {
            Edit::Update(update) => Some(ValueSize::of(update)),
            Edit::Remove | Edit::RenameKeys(_) => None,
        };
        // In reverse order, so that removing an item does not change the index of another one.
        for node in nodes.iter().rev() {
            let growth = added.as_ref().map_or(Ok(()), |size| growth.add(node, size));
            growth.map_err(|error| self.edit_error(node, error))?;
            let result = match &self.edit {
                Edit::Update(update) => append_or_merge(document, node, update),
                Edit::Remove => remove_node(document, node),
                Edit::RenameKeys(keys) => rename_keys(document, node, keys),
            };
            has_changed |= result.map_err(|error| self.edit_error(node, error))?;
            if let Edit::RenameKeys(keys) = &self.edit {
                let pointers = keys
                    .iter()
                    .map(|(old, new)| (node.join(new), node.join(old)));
                renamed.0.extend(pointers);
            }
        }
        if has_changed {
            Ok(())
        } else {
            Err(self.no_effect(format!(
                "the action does not change the document at `{}`",
                self.target
            )))
        }
    }

    fn no_effect(&self, message: String) -> Diagnostic {
        let help = format!(
            "if the vendor has corrected the document, remove the action; its reason was: {}",
            self.reason
        );
        Diagnostic::new(Code::OverlayNoMatch, &self.at.join("target"), message).with_help(help)
    }

    fn edit_error(&self, node: &Pointer, error: EditError) -> Diagnostic {
        match error {
            EditError::NotFound(message) => self.no_effect(message),
            EditError::TooLarge(message) => {
                let help = format!(
                    "write a target that matches fewer nodes than `{}`, or a smaller `update`",
                    self.target
                );
                Diagnostic::new(Code::TooBig, &self.at, message).with_help(help)
            }
            EditError::NotApplicable(message) => {
                let message = format!(
                    "cannot change {node}, which `{}` matches: {message}",
                    self.target
                );
                let help = format!("correct the action; its reason was: {}", self.reason);
                Diagnostic::new(Code::OverlayTarget, &self.at, message).with_help(help)
            }
        }
    }
}
