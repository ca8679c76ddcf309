//! Formats the results of a corpus: as text for the terminal, and as Markdown.

use std::collections::BTreeMap;

use super::outcome::{CorpusReport, DocumentOutcome, DocumentResult};

/// How many documents had an outcome.
struct CauseCount {
    cause: String,
    documents: usize,
    is_generated: bool,
    is_generator_fault: bool,
}

/// Counts the outcomes by cause: generated documents, rejected documents, then the generator's faults.
fn count_causes(report: &CorpusReport) -> Vec<CauseCount> {
    let mut counts: BTreeMap<(bool, bool, String), usize> = BTreeMap::new();
    for DocumentResult { outcome, .. } in &report.results {
        let is_generated = matches!(outcome, DocumentOutcome::Generated { .. });
        let key = (outcome.is_generator_fault(), !is_generated, outcome.cause());
        *counts.entry(key).or_default() += 1;
    }
    let counts = counts.into_iter();
    counts
        .map(
            |((is_generator_fault, is_not_generated, cause), documents)| CauseCount {
                cause,
                documents,
                is_generated: !is_not_generated,
                is_generator_fault,
            },
        )
        .collect()
}

/// Formats the totals in one line.
fn format_totals(report: &CorpusReport) -> String {
    let (mut all_operations, mut all_types, mut broken) = (0, 0, 0);
    for DocumentResult { outcome, .. } in &report.results {
        match outcome {
            DocumentOutcome::Generated { operations, types } => {
                all_operations += operations;
                all_types += types;
            }
            DocumentOutcome::CompileError(_) => broken += 1,
            _ => {}
        }
    }
    let compiled = match report.compiled {
        0 => "no crate compiled".to_owned(),
        count => format!(
            "{} of {count} crates compile without a warning",
            count - broken
        ),
    };
    let (generated, documents) = (report.generated_count(), report.results.len());
    format!(
        "{generated} of {documents} documents generated: {all_operations} operations, {all_types} types; {compiled}"
    )
}

/// Formats the report for the terminal, with one line for every document that was not generated.
pub fn to_text(report: &CorpusReport) -> String {
    let mut out = String::new();
    for count in count_causes(report) {
        let fault = match count.is_generator_fault {
            true => "  (generator fault)",
            false => "",
        };
        out.push_str(&format!("{:>6}  {}{fault}\n", count.documents, count.cause));
    }
    out.push_str(&format!("{}\n", format_totals(report)));
    for DocumentResult { document, outcome } in &report.results {
        if let Some(reason) = outcome.reason() {
            out.push_str(&format!("{document}:{reason}\n"));
        }
    }
    out
}

/// Formats the report as Markdown.
pub fn to_markdown(report: &CorpusReport) -> String {
    let mut out =
        String::from("# Corpus\n\n| outcome | documents | fault of |\n| --- | ---: | --- |\n");
    for count in count_causes(report) {
        let fault = match count.is_generator_fault {
            true => "generator",
            false if count.is_generated => "",
            false => "document",
        };
        let (cause, documents) = (count.cause, count.documents);
        out.push_str(&format!("| {cause} | {documents} | {fault} |\n"));
    }
    out.push_str(&format!("\n{}.\n", format_totals(report)));
    let mut others = report
        .results
        .iter()
        .filter_map(|result| Some((result, result.outcome.reason()?)))
        .peekable();
    if others.peek().is_some() {
        out.push_str("\n| document | reason |\n| --- | --- |\n");
    }
    for (DocumentResult { document, outcome }, reason) in others {
        let cell = |text: &str| text.replace('|', "\\|");
        out.push_str(&format!(
            "| {} | {}: {} |\n",
            cell(document),
            outcome.cause(),
            cell(&reason)
        ));
    }
    out
}
