//! Random changes of the text of a YAML document.

use crate::shared::rng::Rng;

/// Parts of YAML: anchors and aliases, tags, block styles, markers of documents, scalars of several versions.
const WORDS: &[&str] = &[
    "&a ",
    "*a",
    "&b",
    "<<: *a\n",
    "<<: [*a, *b]\n",
    "!!binary ",
    "!!str ",
    "!!int ",
    "!!set ",
    "!<x> ",
    "!local ",
    "? ",
    "- ",
    "- - - ",
    "|\n",
    ">-\n",
    "|9\n",
    "---\n",
    "...\n",
    "%YAML 1.1\n",
    "%TAG ! x\n",
    "\t",
    " # ",
    "'",
    "\"",
    "\\x00",
    "\\ud800",
    "{",
    "}",
    "[",
    "]",
    ", ",
    ": ",
    "~",
    "0o7",
    "0x1F",
    ".inf",
    "-.nan",
    "1_000",
    "1e999",
    "2001-12-14t21:59:43.10-05:00",
    "yes",
    "=",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\r",
    "\r\n",
    "\u{0}",
    "\u{202e}",
];

/// How often a part is repeated at most.
const REPETITIONS: usize = 20_000;

/// Returns a text with one to five changes.
pub(super) fn mutate_yaml(text: &str, rng: &mut Rng) -> String {
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    for _ in 0..=rng.below(5) {
        change_lines(&mut lines, rng);
    }
    lines.concat()
}

fn change_lines(lines: &mut Vec<String>, rng: &mut Rng) {
    let index = rng.below(lines.len());
    let end = (index + 1 + rng.below(6)).min(lines.len());
    match rng.below(8) {
        0 => drop(lines.drain(index..end)),
        1 => {
            let part = lines.get(index..end).unwrap_or_default().to_vec();
            let at = rng.below(lines.len() + 1);
            lines.splice(at..at, part);
        }
        2 => {
            if let Some(line) = lines.get_mut(index) {
                *line = format!("{}{line}", " ".repeat(rng.below(9)));
            }
        }
        3 => {
            if let Some(line) = lines.get_mut(index) {
                *line = line.trim_start_matches(' ').to_owned();
            }
        }
        // A value gets an anchor, and another one becomes its alias.
        4 => {
            set_value(lines.get_mut(index), |value| format!("&a {value}"));
            let other = rng.below(lines.len());
            set_value(lines.get_mut(other), |_| "*a\n".to_owned());
        }
        5 => {
            let word = rng.pick(WORDS).copied().unwrap_or_default();
            let word = word.repeat(1 + rng.below(REPETITIONS) / word.len().max(1));
            insert_word(lines.get_mut(index), &word, rng);
        }
        _ => {
            let word = rng.pick(WORDS).copied().unwrap_or_default();
            insert_word(lines.get_mut(index), word, rng);
        }
    }
}

/// Changes what follows the first colon of a line.
fn set_value(line: Option<&mut String>, change: impl FnOnce(&str) -> String) {
    if let Some(line) = line
        && let Some((key, value)) = line.split_once(": ")
    {
        *line = format!("{key}: {}", change(value));
    }
}

fn insert_word(line: Option<&mut String>, word: &str, rng: &mut Rng) {
    if let Some(line) = line {
        let at = rng.below(line.len() + 1);
        // Not within a character.
        let at = (at..=line.len()).find(|at| line.is_char_boundary(*at));
        line.insert_str(at.unwrap_or_default(), word);
    }
}
