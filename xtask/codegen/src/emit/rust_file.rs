//! A generated file of Rust: the header, and the items with blank lines between them.

use syn::{File, Item, Visibility};

use super::layout::{item_text, unparse};
use super::module::{module_file_path, relocate};
use crate::files::{Files, GENERATED_MARKER};
use crate::plan::{Layout, Plan};

/// Prints a file under its header: the command that generates it, and the document it comes from. `place` is the JSON
/// pointer of the file's part of the document, or empty.
pub(super) fn insert_rust_file(
    plan: &Plan,
    files: &mut Files,
    path: String,
    place: &str,
    file: File,
) {
    let options = &plan.options;
    let (path, file) = match &options.layout {
        Layout::Crate => (path, file),
        Layout::Module(_) => (module_file_path(&path), relocate(file, plan)),
    };
    let version = if plan.version.is_empty() {
        String::new()
    } else {
        format!(" {}", to_one_line(&plan.version))
    };
    let place = if place.is_empty() {
        String::new()
    } else {
        format!(", {}", to_one_line(place))
    };
    let header = format!(
        "{GENERATED_MARKER}{}`\n// from {} ({}{version}){place}\n\n",
        options.command,
        options.document,
        to_one_line(&plan.title)
    );
    files.insert(path, header + &file_text(file));
}

/// Prints a file with a blank line between items, except between imports, modules and re-exports that follow each other.
fn file_text(file: File) -> String {
    let mut out = unparse(file.attrs, Vec::new());
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    let mut previous = None;
    for item in file.items {
        let group = ItemGroup::of(&item);
        let is_grouped = group.is_some() && group == previous;
        if !is_grouped && !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&item_text(item));
        previous = group;
    }
    out
}

/// Items that are written without blank lines between them.
#[derive(PartialEq)]
enum ItemGroup {
    Imports,
    ReExports,
    Modules,
}

impl ItemGroup {
    fn of(item: &Item) -> Option<Self> {
        match item {
            Item::Use(item) if matches!(item.vis, Visibility::Public(_)) => Some(Self::ReExports),
            Item::Use(_) => Some(Self::Imports),
            Item::Mod(item) if item.content.is_none() => Some(Self::Modules),
            _ => None,
        }
    }
}

/// Replaces characters that could end a line comment or reorder its text: text of the document may hold any character.
fn to_one_line(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' => ' ',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}
