//! The table of vendors in the repository's README: a row a crate, kept by `codegen`.

use crate::repository::VendorFolder;
use observatory_codegen::Output;
use observatory_codegen::diag::Error;
use observatory_codegen::files::{Files, TargetDir};
use observatory_codegen::inventory::{list_operations, list_schemas};
use observatory_codegen::loader::read_text_if_exists;

/// The first line of the table.
const HEAD: &str = "| crate | vendor | operations | schemas |";

/// The README with the rows of these vendors as they should be; nothing where there is no such table.
pub(crate) fn overview(made: &[(&VendorFolder, &Output)]) -> Result<Vec<TargetDir>, Error> {
    let Some((first, _)) = made.first() else {
        return Ok(Vec::new());
    };
    let root = first.root.clone();
    let Some(text) = read_text_if_exists(&root.join("README.md"))? else {
        return Ok(Vec::new());
    };
    let Some((before, table)) = text.split_once(HEAD) else {
        return Ok(Vec::new());
    };
    let lines: Vec<&str> = table.split('\n').collect();
    let end = (1..lines.len()).find(|index| !lines.get(*index).is_some_and(|l| l.starts_with('|')));
    let (table, after) = lines.split_at(end.unwrap_or(lines.len()));
    let mut rows: Vec<String> = table.iter().map(|row| (*row).to_owned()).collect();
    for (vendor, made) in made {
        let row = row(vendor, made);
        match rows.iter_mut().find(|row| row.contains(&link(vendor))) {
            Some(known) => *known = row,
            None => rows.push(row),
        }
    }
    let text = format!("{before}{HEAD}{}\n{}", rows.join("\n"), after.join("\n"));
    let mut files = Files::default();
    files.insert("README.md".to_owned(), text);
    let shown = String::new();
    Ok(vec![TargetDir { root, shown, files }])
}

fn link(vendor: &VendorFolder) -> String {
    format!("](crates/{})", vendor.name)
}

fn row(vendor: &VendorFolder, made: &Output) -> String {
    let (package, link) = (&made.plan.options.package, link(vendor));
    let title = made.plan.title.replace('|', "\\|");
    let operations = list_operations(&made.raw.value).len();
    let schemas = list_schemas(&made.raw.value).count();
    format!("| [`{package}`{link} | {title} | {operations} | {schemas} |")
}
