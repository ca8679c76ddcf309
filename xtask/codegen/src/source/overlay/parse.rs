//! Parses the actions of an overlay.

use serde_json::{Map, Value};

use super::{Action, Edit, json_path};
use crate::diag::{Code, Diagnostic};
use crate::ir::Pointer;

/// The keys of the overlay object.
const OVERLAY_KEYS: &[&str] = &["overlay", "info", "extends", "actions"];
/// The keys of an action.
const ACTION_KEYS: &[&str] = &["target", "description", "update", "remove", RENAME_KEYS];
/// Our extension of an action.
const RENAME_KEYS: &str = "x-rename-keys";

/// Parses the overlay object. Adds all errors to `diags`.
pub(super) fn parse_actions(value: &Value, diags: &mut Vec<Diagnostic>) -> Vec<Action> {
    let root = Pointer::root();
    let Value::Object(overlay) = value else {
        let diag = syntax_error(&root, "an overlay must be an object");
        diags.push(diag.with_help("start it with `overlay: 1.0.0`"));
        return Vec::new();
    };
    check_version(overlay, diags);
    check_keys(overlay, OVERLAY_KEYS, &root, diags);
    for key in ["title", "version"] {
        if !overlay
            .get("info")
            .and_then(|info| info.get(key))
            .is_some_and(Value::is_string)
        {
            diags.push(syntax_error(
                &root.join("info"),
                format!("`info` must have a `{key}` that is a string"),
            ));
        }
    }
    let Some(Value::Array(actions)) = overlay.get("actions") else {
        diags.push(syntax_error(
            &root,
            "an overlay must have a list of `actions`",
        ));
        return Vec::new();
    };
    let at = root.join("actions");
    let actions = actions.iter().enumerate();
    actions
        .filter_map(|(index, action)| parse_action(action, at.join(&index.to_string()), diags))
        .collect()
}

fn check_version(overlay: &Map<String, Value>, diags: &mut Vec<Diagnostic>) {
    let root = Pointer::root();
    let version = overlay.get("overlay");
    match version.map(|version| version.as_str().unwrap_or_default()) {
        Some(version) if version == "1.0" || version.starts_with("1.0.") => {}
        Some(_) => diags.push(
            syntax_error(
                &root.join("overlay"),
                "the overlay version is not supported",
            )
            .with_help("write `overlay: 1.0.0`"),
        ),
        None => diags.push(
            syntax_error(&root, "the file is not an overlay: `overlay` is missing")
                .with_help("start it with `overlay: 1.0.0`"),
        ),
    }
}

fn parse_action(value: &Value, at: Pointer, diags: &mut Vec<Diagnostic>) -> Option<Action> {
    let Value::Object(action) = value else {
        diags.push(syntax_error(&at, "an action must be an object"));
        return None;
    };
    check_keys(action, ACTION_KEYS, &at, diags);
    let description = action.get("description").and_then(Value::as_str);
    let reason = match description.map(str::trim) {
        Some(reason) if !reason.is_empty() => reason.to_owned(),
        _ => {
            let diag = Diagnostic::new(
                Code::OverlayNoReason,
                &at,
                "the action has no `description`",
            );
            diags.push(diag.with_help(
                "add a `description`: why the action is needed, and the source of the information",
            ));
            return None;
        }
    };
    let Some(target) = action.get("target").and_then(Value::as_str) else {
        diags.push(syntax_error(
            &at,
            "an action must have a `target` that is a string",
        ));
        return None;
    };
    let path = match json_path::parse(target) {
        Ok(path) => path,
        Err(error) => {
            let message = format!("`{target}`, character {}: {}", error.column, error.message);
            diags.push(syntax_error(&at.join("target"), message));
            return None;
        }
    };
    let edit = parse_edit(action, &at, diags)?;
    Some(Action {
        at,
        target: target.to_owned(),
        path,
        reason,
        edit,
    })
}

fn parse_edit(
    action: &Map<String, Value>,
    at: &Pointer,
    diags: &mut Vec<Diagnostic>,
) -> Option<Edit> {
    let remove = action
        .get("remove")
        .filter(|remove| **remove != Value::Bool(false));
    match (action.get("update"), remove, action.get(RENAME_KEYS)) {
        (Some(update), None, None) => Some(Edit::Update(update.clone())),
        (None, Some(Value::Bool(_)), None) => Some(Edit::Remove),
        (None, Some(_), None) => {
            diags.push(syntax_error(
                &at.join("remove"),
                "`remove` must be true or false",
            ));
            None
        }
        (None, None, Some(keys)) => {
            parse_renamed_keys(keys, &at.join(RENAME_KEYS), diags).map(Edit::RenameKeys)
        }
        _ => {
            diags.push(syntax_error(
                at,
                format!("an action must have exactly one of `update`, `remove: true` and `{RENAME_KEYS}`"),
            ));
            None
        }
    }
}

fn parse_renamed_keys(
    keys: &Value,
    at: &Pointer,
    diags: &mut Vec<Diagnostic>,
) -> Option<Vec<(String, String)>> {
    let pairs = keys.as_object().filter(|keys| !keys.is_empty());
    let pairs: Option<Vec<_>> = pairs.and_then(|pairs| {
        pairs
            .iter()
            .map(|(old, new)| Some((old.clone(), new.as_str()?.to_owned())))
            .collect()
    });
    if pairs.is_none() {
        diags.push(syntax_error(
            at,
            format!("`{RENAME_KEYS}` must be an object that maps old keys to new keys"),
        ));
    }
    pairs
}

fn check_keys(
    object: &Map<String, Value>,
    known: &[&str],
    at: &Pointer,
    diags: &mut Vec<Diagnostic>,
) {
    for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
        // Extensions of other tools are allowed, misspellings of ours are not.
        if !key.starts_with("x-") || key.starts_with("x-rename") {
            let diag = syntax_error(&at.join(key), format!("unknown key `{key}`"));
            diags.push(diag.with_help(format!("use one of {}", known.join(", "))));
        }
    }
}

fn syntax_error(at: &Pointer, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::OverlaySyntax, at, message)
}
