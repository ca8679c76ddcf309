//! The table, for people and for files.

use std::collections::BTreeMap;

use super::outcome::{Ending, Outcome, Survey};

/// The outcomes by cause: how many documents, and whether the generator is to blame.
fn causes(survey: &Survey) -> Vec<(String, usize, bool)> {
    let mut causes: BTreeMap<(bool, bool, String), usize> = BTreeMap::new();
    for Outcome { ending, .. } in &survey.outcomes {
        let whole = matches!(ending, Ending::Whole { .. });
        *causes
            .entry((ending.is_ours(), !whole, ending.cause()))
            .or_default() += 1;
    }
    let causes = causes.into_iter();
    causes
        .map(|((ours, _, cause), count)| (cause, count, ours))
        .collect()
}

/// How many there are of everything, in one line.
fn totals(survey: &Survey) -> String {
    let (mut operations, mut types) = (0, 0);
    for outcome in &survey.outcomes {
        if let Ending::Whole {
            operations: more,
            types: more_types,
        } = outcome.ending
        {
            operations += more;
            types += more_types;
        }
    }
    let broken = |outcome: &&Outcome| matches!(outcome.ending, Ending::Broken(_));
    let broken = survey.outcomes.iter().filter(broken).count();
    let compiled = match survey.compiled {
        0 => "none compiled".to_owned(),
        some => format!(
            "{} of {some} crates compiled without a warning",
            some - broken
        ),
    };
    let whole = survey.whole();
    let all = survey.outcomes.len();
    format!("{whole} of {all} documents whole: {operations} operations, {types} types; {compiled}")
}

/// The table with one line for every document that is not whole.
pub fn text(survey: &Survey) -> String {
    let mut out = String::new();
    for (cause, count, ours) in causes(survey) {
        let ours = if ours { "  (ours)" } else { "" };
        out.push_str(&format!("{count:>6}  {cause}{ours}\n"));
    }
    out.push_str(&format!("{}\n", totals(survey)));
    for Outcome { document, ending } in &survey.outcomes {
        if let Some(reason) = ending.reason() {
            out.push_str(&format!("{document}:{reason}\n"));
        }
    }
    out
}

/// The same as Markdown.
pub fn markdown(survey: &Survey) -> String {
    let mut out = String::from(
        "# The corpus\n\n| outcome | documents | whose fault |\n| --- | ---: | --- |\n",
    );
    for (cause, count, ours) in causes(survey) {
        let whose = match (ours, cause.as_str()) {
            (true, _) => "the generator's",
            (false, "generated whole") => "",
            (false, _) => "the document's",
        };
        out.push_str(&format!("| {cause} | {count} | {whose} |\n"));
    }
    out.push_str(&format!("\n{}.\n", totals(survey)));
    let mut rest = survey
        .outcomes
        .iter()
        .filter_map(|outcome| Some((outcome, outcome.ending.reason()?)))
        .peekable();
    if rest.peek().is_some() {
        out.push_str("\n| document | why not whole |\n| --- | --- |\n");
    }
    for (Outcome { document, ending }, reason) in rest {
        let cell = |text: &str| text.replace('|', "\\|");
        out.push_str(&format!(
            "| {} | {}: {} |\n",
            cell(document),
            ending.cause(),
            cell(&reason)
        ));
    }
    out
}
