//! Drafts the quick start: a call that logs something.

use serde_json::Value;

use super::{ConfigDraft, comment, toml_string};
use observatory_codegen::inventory::list_operations;
use observatory_codegen::plan::casing::split_words;

/// Words for what is logged, the most useful first.
const LOGGED: &[&str] = &[
    "trace",
    "span",
    "run",
    "log",
    "observation",
    "generation",
    "event",
    "request",
    "ingestion",
    "ingest",
];

/// Words for logging, after what is logged.
const VERBS: &[&str] = &["add", "create", "ingest", "insert", "log", "send"];

/// Words of operations that log nothing, though they create something of a logged thing.
const OTHER_WORDS: &[&str] = &[
    "annotation",
    "batch",
    "comment",
    "count",
    "delete",
    "export",
    "feedback",
    "fetch",
    "metric",
    "multipart",
    "note",
    "query",
    "retrieve",
    "rule",
    "score",
    "search",
    "session",
    "share",
    "stat",
    "status",
    "stream",
    "test",
    "thread",
    "transfer",
    "trigger",
    "validate",
    "view",
    "webhook",
];

impl ConfigDraft<'_> {
    /// Drafts the operation that the program in the README calls.
    pub(super) fn quick_start(&self) -> String {
        let operations = list_operations(self.document).into_iter();
        let ranked = operations.filter_map(|(path, method, at)| {
            let operation = at.value_in(self.document)?;
            let is_deprecated = operation.get("deprecated") == Some(&Value::Bool(true));
            if is_deprecated || !method.eq_ignore_ascii_case("post") {
                return None;
            }
            Some((rank(path)?, path, at))
        });
        match ranked.min() {
            Some((_, path, at)) => {
                let reason = format!(
                    "`POST {path}` seems to log something. Replace it by a program of your own: `feature`, `text` and `code`."
                );
                comment(&reason) + &format!("[quick-start]\noperation = {}\n", toml_string(&at.0))
            }
            None => "# No operation of the document seems to log something: the program in the README reads something.\n\
                     # [quick-start]\n"
                .to_owned(),
        }
    }
}

/// Returns how well a POST to this path suits a quick start: the less, the better. `None` if it does not.
fn rank(path: &str) -> Option<(usize, usize, usize)> {
    let segments: Vec<&str> = path
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let variables = segments
        .iter()
        .filter(|segment| segment.starts_with('{'))
        .count();
    let fixed = segments.iter().filter(|segment| !segment.starts_with('{'));
    let words: Vec<String> = fixed
        .flat_map(|segment| {
            let words = split_words(segment);
            words.split(' ').map(singular).collect::<Vec<_>>()
        })
        .collect();
    if words
        .iter()
        .any(|word| OTHER_WORDS.contains(&word.as_str()))
    {
        return None;
    }
    let (last, before) = words.split_last()?;
    let position = |word: &String| LOGGED.iter().position(|known| known == word);
    let before = before.last().filter(|_| VERBS.contains(&last.as_str()));
    let logged = before.and_then(position).or_else(|| position(last))?;
    // The body of OpenTelemetry is deeply nested.
    let is_otel = words.iter().any(|word| word == "otel");
    Some((variables + usize::from(is_otel), logged, segments.len()))
}

fn singular(word: &str) -> String {
    word.strip_suffix('s').unwrap_or(word).to_owned()
}
