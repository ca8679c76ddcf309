//! OpenAPI Overlay 1.0: our words and our corrections, laid over a document.
//!
//! Every action says why it is there (`description`) and has to match something: a correction that upstream has made
//! itself is to be taken out. One extension of ours, `x-rename-keys`, renames keys in place, which `update` cannot.

use serde_json::{Map, Value};

use super::RawSpec;
use crate::diag::{Code, Diag, Error};
use crate::ir::Pointer;

/// Applies every action, in order.
///
/// # Errors
/// Every action that is malformed, has no reason, or matches nothing, with its place in the overlay.
pub fn apply(document: &mut Value, overlay: &RawSpec) -> Result<(), Error> {
    let actions = overlay.value.get("actions").and_then(Value::as_array);
    let Some(actions) = actions.filter(|_| overlay.value.get("overlay").is_some()) else {
        let message = "an overlay has `overlay: 1.0.0` and a list of `actions`";
        let diag = Diag::new(Code::OverlaySyntax, &Pointer::root(), message);
        return Err(Error::located(vec![diag]).in_source(&overlay.path, &overlay.text));
    };
    let mut faults = Vec::new();
    for (index, action) in actions.iter().enumerate() {
        let at = Pointer::root().join("actions").join(&index.to_string());
        if let Err(fault) = act(document, action, &at) {
            faults.push(fault);
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::located(faults).in_source(&overlay.path, &overlay.text)) }
}

fn act(document: &mut Value, action: &Value, at: &Pointer) -> Result<(), Diag> {
    let target = action.get("target").and_then(Value::as_str);
    let target = target.ok_or_else(|| Diag::new(Code::OverlaySyntax, at, "an action has a `target`, a JSONPath"))?;
    let reason = action.get("description").and_then(Value::as_str).unwrap_or_default();
    if reason.trim().is_empty() {
        let message = format!("the action on `{target}` does not say why it is there");
        return Err(Diag::new(Code::OverlayNoReason, at, message).help("add a `description`"));
    }
    let path = parse(target).map_err(|why| Diag::new(Code::OverlaySyntax, &at.join("target"), why))?;
    if action.get("remove") == Some(&Value::Bool(true)) {
        return remove(document, &path).then_some(()).ok_or_else(|| no_match(at, target, reason));
    }
    let mut matched = false;
    let mut fault = None;
    visit(document, &path, &mut |node| {
        matched = true;
        if let Some(update) = action.get("update") {
            merge(node, update);
        }
        if let Some(renames) = action.get("x-rename-keys").and_then(Value::as_object) {
            fault = fault.take().or_else(|| rename(node, renames).err());
        }
    });
    match fault {
        Some(key) => {
            let message = format!("there is no key `{key}` to rename");
            Err(Diag::new(Code::OverlayNoMatch, &at.join("x-rename-keys"), message).help(format!("the action is there because: {reason}")))
        }
        None if matched => Ok(()),
        None => Err(no_match(at, target, reason)),
    }
}

fn no_match(at: &Pointer, target: &str, reason: &str) -> Diag {
    let message = format!("`{target}` matches nothing in the document");
    Diag::new(Code::OverlayNoMatch, &at.join("target"), message).help(format!("the action is there because: {reason}"))
}

/// Objects are merged, lists are added to, everything else is replaced.
fn merge(node: &mut Value, update: &Value) {
    match (node, update) {
        (Value::Object(node), Value::Object(update)) => {
            for (key, value) in update {
                match node.get_mut(key) {
                    Some(known) => merge(known, value),
                    None => {
                        node.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        (Value::Array(node), Value::Array(update)) => node.extend(update.iter().cloned()),
        (Value::Array(node), update) => node.push(update.clone()),
        (node, update) => *node = update.clone(),
    }
}

/// Renames keys without moving them. The first key that is missing, or whose new name is taken, is the fault.
fn rename(node: &mut Value, renames: &Map<String, Value>) -> Result<(), String> {
    let Value::Object(map) = node else { return Err("(not an object)".to_owned()) };
    if let Some(missing) = renames.keys().find(|key| !map.contains_key(*key)) {
        return Err(missing.clone());
    }
    let old = std::mem::take(map);
    for (key, value) in old {
        let key = renames.get(&key).and_then(Value::as_str).map_or(key, str::to_owned);
        map.insert(key, value);
    }
    Ok(())
}

/// A step of a JSONPath.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Key(String),
    Index(usize),
    Any,
    /// `[?@.name=='x']`: the elements whose property has this value.
    Where(String, String),
}

/// The part of JSONPath that overlays need: `$`, `.key`, `['key']`, `[0]`, `.*`, `[*]`, `[?@.name=='x']`.
fn parse(path: &str) -> Result<Vec<Step>, String> {
    let mut rest = path.strip_prefix('$').ok_or_else(|| format!("`{path}` does not start with `$`"))?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = if let Some(after) = rest.strip_prefix('.') {
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (key, after) = after.split_at(end);
            if key.is_empty() {
                return Err(format!("`{path}`: a key is missing before `{after}`"));
            }
            (if key == "*" { Step::Any } else { Step::Key(key.to_owned()) }, after)
        } else {
            bracket(rest).ok_or_else(|| format!("`{path}`: `{rest}` is not understood"))?
        };
        steps.push(step);
        rest = after;
    }
    Ok(steps)
}

fn bracket(text: &str) -> Option<(Step, &str)> {
    let inner = text.strip_prefix('[')?;
    if let Some(filter) = inner.strip_prefix("?@.") {
        let (name, rest) = filter.split_once("==")?;
        let (value, rest) = quoted(rest.trim_start())?;
        return Some((Step::Where(name.trim().to_owned(), value), rest.strip_prefix(']')?));
    }
    if let Some(rest) = inner.strip_prefix("*]") {
        return Some((Step::Any, rest));
    }
    if let Some((key, rest)) = quoted(inner) {
        return Some((Step::Key(key), rest.strip_prefix(']')?));
    }
    let (index, rest) = inner.split_once(']')?;
    Some((Step::Index(index.parse().ok()?), rest))
}

/// A quoted text and what follows; a quote inside is escaped by a backslash.
fn quoted(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let mut out = String::new();
    let mut escaped = false;
    for (index, c) in text.char_indices().skip(1) {
        match c {
            '\\' if !escaped => escaped = true,
            c if c == quote && !escaped => return Some((out, text.get(index + c.len_utf8()..)?)),
            c => {
                out.push(c);
                escaped = false;
            }
        }
    }
    None
}

fn matches(step: &Step, key: Option<&str>, index: Option<usize>, value: &Value) -> bool {
    match step {
        Step::Key(wanted) => key == Some(wanted.as_str()),
        Step::Index(wanted) => index == Some(*wanted),
        Step::Any => true,
        Step::Where(name, wanted) => value.get(name).and_then(Value::as_str) == Some(wanted.as_str()),
    }
}

/// Calls `change` on every node the path leads to.
fn visit(node: &mut Value, path: &[Step], change: &mut dyn FnMut(&mut Value)) {
    let Some((step, rest)) = path.split_first() else {
        change(node);
        return;
    };
    match node {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                if matches(step, Some(key), None, value) {
                    visit(value, rest, change);
                }
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter_mut().enumerate() {
                if matches(step, None, Some(index), value) {
                    visit(value, rest, change);
                }
            }
        }
        _ => {}
    }
}

/// Removes every node the path leads to; whether there was one.
fn remove(document: &mut Value, path: &[Step]) -> bool {
    let Some((last, parents)) = path.split_last() else { return false };
    let mut removed = false;
    visit(document, parents, &mut |node| match node {
        Value::Object(map) => map.retain(|key, value| {
            let gone = matches(last, Some(key), None, value);
            removed |= gone;
            !gone
        }),
        Value::Array(items) => {
            let mut index = 0;
            items.retain(|value| {
                let gone = matches(last, None, Some(index), value);
                index += 1;
                removed |= gone;
                !gone
            });
        }
        _ => {}
    });
    removed
}
