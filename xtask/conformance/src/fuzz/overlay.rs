//! Random overlays: actions whose targets are mutated paths.

use serde_json::{Value, json};

use super::hostile_text::hostile_string;
use super::mutate::collect_pointers;
use crate::shared::rng::Rng;
use observatory_codegen::ir::Pointer;

/// Parts of JSONPath (RFC 9535), and of what is none.
const WORDS: &[&str] = &[
    "$",
    "@",
    ".",
    "..",
    "*",
    "[*]",
    ".*",
    "..*",
    "[",
    "]",
    "['",
    "']",
    "[\"",
    "\"]",
    "[0]",
    "[-1]",
    "[99999999999999999999]",
    "[1:2]",
    "[::-1]",
    "[::0]",
    "[?@.a]",
    "[?(@.name=='id')]",
    "[?@.in!='path' && !@.required]",
    "[?@..a || $.info]",
    "[?length(@)>1]",
    "[?match(@.name,'(a+)+$')]",
    "[?@.a==1e400]",
    "[?((((((@",
    "['a','b']",
    ",",
    "(",
    ")",
    "'",
    "\\'",
    "\\u0041",
    "\\ud800",
    "~",
    "/",
    " ",
    "\n",
    "\u{1f600}",
    "\u{202e}",
];

/// How often a part is repeated at most.
const REPETITIONS: usize = 2_000;

/// Returns the text of an overlay for a document.
pub(super) fn make_overlay(document: &Value, rng: &mut Rng) -> String {
    let mut pointers = Vec::new();
    collect_pointers(document, Pointer(String::new()), &mut pointers);
    let actions: Vec<Value> = (0..=rng.below(4))
        .map(|_| make_action(document, &pointers, rng))
        .collect();
    let overlay = json!({
        "overlay": "1.0.0",
        "info": {"title": "Mutant", "version": "1"},
        "actions": actions,
    });
    overlay.to_string()
}

fn make_action(document: &Value, pointers: &[Pointer], rng: &mut Rng) -> Value {
    let at = rng.pick(pointers).cloned();
    let mut target = path_of(&at.unwrap_or(Pointer(String::new())));
    for _ in 0..rng.below(4) {
        mutate_path(&mut target, rng);
    }
    let mut action = json!({"target": target, "description": "A mutant."});
    let other = rng.pick(pointers).and_then(|at| document.pointer(&at.0));
    let (key, value) = match rng.below(5) {
        0 => ("remove", json!(true)),
        1 => {
            let new = hostile_string(rng, "new");
            ("x-rename-keys", json!({"schema": new, "get": "post"}))
        }
        2 => ("remove", other.cloned().unwrap_or_default()),
        _ => ("update", other.cloned().unwrap_or_default()),
    };
    if let Some(action) = action.as_object_mut() {
        action.insert(key.to_owned(), value);
    }
    action
}

/// Returns the JSONPath of a pointer.
fn path_of(pointer: &Pointer) -> String {
    let mut path = "$".to_owned();
    for part in pointer.0.split('/').skip(1) {
        let key = part.replace("~1", "/").replace("~0", "~");
        match key.parse::<usize>() {
            Ok(index) => path.push_str(&format!("[{index}]")),
            Err(_) => {
                let key = key.replace('\\', "\\\\").replace('\'', "\\'");
                path.push_str(&format!("['{key}']"));
            }
        }
    }
    path
}

fn mutate_path(path: &mut String, rng: &mut Rng) {
    let mut chars: Vec<char> = path.chars().collect();
    let start = rng.below(chars.len() + 1);
    let end = (start + rng.below(6)).min(chars.len());
    let word = rng.pick(WORDS).copied().unwrap_or_default();
    match rng.below(8) {
        0 => drop(chars.drain(start..end)),
        1 => {
            let part: Vec<char> = chars.get(start..end).unwrap_or_default().to_vec();
            chars.splice(start..start, part);
        }
        2 => drop(chars.splice(start..start, word.repeat(rng.below(REPETITIONS)).chars())),
        3 => drop(chars.splice(start..end, word.chars())),
        4 => chars.extend(word.chars()),
        _ => drop(chars.splice(start..start, word.chars())),
    }
    *path = chars.into_iter().collect();
}
