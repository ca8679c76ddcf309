//! The list of a resource's types in the docs of its module.
//!
//! Types are flat in `models`, so that a type keeps its path when another resource starts to use it. The page of each
//! resource lists what it uses.

use crate::plan::ResourceTypes;

/// The maximum width of a line of links.
const WIDTH: usize = 96;

/// Returns sections with links to the types of a resource: its own ones first, then those that it shares. Nothing if
/// there are none.
pub(super) fn type_list(types: &ResourceTypes, imports_models: bool) -> Vec<String> {
    let module = if imports_models {
        "models"
    } else {
        "crate::models"
    };
    let mut lines = Vec::new();
    for (title, names) in [
        ("# Types", &types.own),
        ("# Types shared with other resources", &types.shared),
    ] {
        if !names.is_empty() {
            lines.extend(["", title, ""].map(str::to_owned));
            lines.extend(links(module, names));
        }
    }
    lines
}

/// Returns links to types, separated by commas, in lines.
fn links(module: &str, names: &[String]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (i, name) in names.iter().enumerate() {
        let end = if i + 1 == names.len() { "." } else { "," };
        let link = format!("[`{name}`]({module}::{name}){end}");
        match lines.last_mut() {
            Some(line) if line.len() + 1 + link.len() <= WIDTH => {
                line.push(' ');
                line.push_str(&link);
            }
            _ => lines.push(link),
        }
    }
    lines
}
