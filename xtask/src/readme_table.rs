//! The table of vendors in the repository's README, which `codegen` updates.

use crate::repository::VendorFolder;
use observatory_codegen::Output;
use observatory_codegen::diag::Error;
use observatory_codegen::files::{Files, Ownership, TargetDir};
use observatory_codegen::inventory::{list_operations, list_schemas};
use observatory_codegen::loader::read_text_if_exists;

/// The first line of the table.
const HEADER: &str = "| crate | vendor | operations | schemas |";

/// Returns the README with updated rows of these vendors; `None` if there is no README with the table.
pub(crate) fn updated_readme(
    outputs: &[(&VendorFolder, &Output)],
) -> Result<Option<TargetDir>, Error> {
    let Some((first, _)) = outputs.first() else {
        return Ok(None);
    };
    let root = first.root.clone();
    let Some(text) = read_text_if_exists(&root.join("README.md"))? else {
        return Ok(None);
    };
    let Some((before, table)) = text.split_once(HEADER) else {
        return Ok(None);
    };
    let lines: Vec<&str> = table.split('\n').collect();
    let end = (1..lines.len()).find(|index| !lines.get(*index).is_some_and(|l| l.starts_with('|')));
    let (table, after) = lines.split_at(end.unwrap_or(lines.len()));
    let mut rows: Vec<String> = table.iter().map(|row| (*row).to_owned()).collect();
    for (vendor, output) in outputs {
        let new_row = table_row(vendor, output);
        match rows
            .iter_mut()
            .find(|row| row.contains(&crate_link(vendor)))
        {
            Some(row) => *row = new_row,
            None => rows.push(new_row),
        }
    }
    let text = format!("{before}{HEADER}{}\n{}", rows.join("\n"), after.join("\n"));
    let mut files = Files::default();
    files.insert("README.md".to_owned(), text);
    let display_path = String::new();
    Ok(Some(TargetDir {
        root,
        display_path,
        files,
        ownership: Ownership::Edited,
    }))
}

fn crate_link(vendor: &VendorFolder) -> String {
    format!("](crates/{})", vendor.name)
}

fn table_row(vendor: &VendorFolder, output: &Output) -> String {
    let (package, link) = (&output.plan.options.package, crate_link(vendor));
    let title = output.plan.title.replace('|', "\\|");
    let operations = list_operations(&output.raw.value).len();
    let schemas = list_schemas(&output.raw.value).count();
    format!("| [`{package}`{link} | {title} | {operations} | {schemas} |")
}
