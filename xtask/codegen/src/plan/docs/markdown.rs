//! Converts text of the document to safe Markdown.
//!
//! The text is untrusted. It must not become code that is compiled, HTML or a link to a script, and must not cause warnings
//! of rustdoc.

use std::borrow::Cow;

use super::inline_markup::format_inline;

/// The maximum width of a line.
const MAX_WIDTH: usize = 96;

/// The maximum length of inline code.
const MAX_CODE_CHARS: usize = 120;

/// The maximum number of code points that represent a text of invisible characters.
const MAX_CODE_POINTS: usize = 8;

/// Returns the text as lines of Markdown, with its paragraphs, lists, code, emphasis and links. Headings become strong
/// text.
pub fn markdown_lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let is_kept = |c: &char| *c == '\n' || !is_unsafe_char(*c);
    let clean: Cow<'_, str> = match text.chars().all(|c| is_kept(&c)) {
        true => text.into(),
        false => text.chars().filter(is_kept).collect(),
    };
    let mut paragraph: Vec<&str> = Vec::new();
    let mut rest = clean.lines();
    while let Some(line) = rest.next() {
        if let Some(code) = fenced_code(line, &rest) {
            push_paragraph(&mut paragraph, &mut lines);
            push_code(&code, &mut lines);
            // The code and the closing fence.
            rest.nth(code.len());
        } else if let Some(heading) = heading(line) {
            push_paragraph(&mut paragraph, &mut lines);
            push_paragraph(&mut vec![&heading], &mut lines);
        } else if line.trim().is_empty() {
            push_paragraph(&mut paragraph, &mut lines);
        } else {
            paragraph.push(line);
        }
    }
    push_paragraph(&mut paragraph, &mut lines);
    lines
}

/// Adds a paragraph and clears it.
fn push_paragraph(paragraph: &mut Vec<&str>, lines: &mut Vec<String>) {
    let blocks = split_blocks(paragraph);
    paragraph.clear();
    if blocks.is_empty() {
        return;
    }
    if !lines.is_empty() {
        lines.push(String::new());
    }
    for (prefix, block) in blocks {
        wrap(prefix, &format_inline(&block), lines);
    }
}

/// Adds code, which is never a doctest.
fn push_code(code: &[&str], lines: &mut Vec<String>) {
    if !lines.is_empty() {
        lines.push(String::new());
    }
    lines.push("```text".to_owned());
    lines.extend(code.iter().map(|line| line.trim_end().to_owned()));
    lines.push("```".to_owned());
}

/// Returns the lines between the fence `line` and its closing fence.
fn fenced_code<'t>(line: &str, rest: &std::str::Lines<'t>) -> Option<Vec<&'t str>> {
    let fence = line.trim();
    let marks = ["```", "~~~"]
        .into_iter()
        .find(|marks| fence.starts_with(marks))?;
    let language = fence.trim_start_matches(['`', '~']);
    let code: Vec<&str> = rest
        .clone()
        .take_while(|line| !line.trim().starts_with(marks))
        .collect();
    let closing = rest.clone().nth(code.len())?;
    let is_closed = closing.trim().chars().all(|c| marks.starts_with(c));
    let has_other_fence = code.iter().any(|line| line.contains("```"));
    (is_closed && !has_other_fence && !language.contains(['`', '~'])).then_some(code)
}

/// Returns a heading as strong text.
fn heading(line: &str) -> Option<String> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    let text = text.strip_prefix(' ')?.trim().trim_end_matches('#').trim();
    let is_plain = !text.is_empty() && !text.contains(['*', '`']);
    ((1..=6).contains(&level) && is_plain).then(|| format!("**{text}**"))
}

/// Returns the text as one line of Markdown.
pub fn markdown_line(text: &str) -> String {
    escape_markdown(&plain_line(text))
}

/// Returns the text as one line without escapes, for where it is not read as Markdown.
pub fn plain_line(text: &str) -> String {
    let clean = text
        .chars()
        .map(|c| if is_unsafe_char(c) { ' ' } else { c });
    clean.collect::<String>().trim().to_owned()
}

/// Returns a value as inline code without backticks in it.
pub fn inline_code(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|c| !is_unsafe_char(*c) && *c != '`' && *c != '\n')
        .take(MAX_CODE_CHARS)
        .collect();
    if text.is_empty() {
        "an empty string".to_owned()
    } else if visible.trim().is_empty() {
        // Invisible characters are shown as code points.
        let code_points = text
            .chars()
            .take(MAX_CODE_POINTS)
            .map(|c| format!("U+{:04X}", u32::from(c)));
        format!("`{}`", code_points.collect::<Vec<_>>().join(" "))
    } else {
        format!("`{}`", visible.trim())
    }
}

/// Returns whether a character is a control or an invisible format character.
fn is_unsafe_char(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Splits a paragraph into list items and one block for all other lines, each with its prefix.
///
/// Lines are joined, so that none is read as a lazy continuation of a list item.
fn split_blocks(paragraph: &[&str]) -> Vec<(&'static str, String)> {
    let mut blocks: Vec<(&'static str, String)> = Vec::new();
    let lines = paragraph.iter().map(|line| line.trim());
    for line in lines.filter(|line| !line.is_empty()) {
        let item = ["- ", "* ", "+ "]
            .iter()
            .find_map(|bullet| line.strip_prefix(bullet));
        match (item, blocks.last_mut()) {
            (Some(item), _) => blocks.push(("- ", item.trim().to_owned())),
            (None, Some((_, block))) => {
                block.push(' ');
                block.push_str(line);
            }
            (None, None) => blocks.push(("", line.to_owned())),
        }
    }
    blocks
}

/// Wraps an escaped block at the maximum width. Later lines of a list item are indented.
///
/// Inline code is not broken: a line of it could start with a tag, which Markdown reads as HTML before it reads code.
fn wrap(prefix: &str, text: &str, lines: &mut Vec<String>) {
    let indent = " ".repeat(prefix.len());
    let mut line = prefix.to_owned();
    let mut width = prefix.len();
    let mut is_empty = true;
    for word in split_words(text) {
        let word_width = word.chars().count();
        let is_full = width + 1 + word_width > MAX_WIDTH;
        // A word that would start a list or a heading must not be the first of a line.
        let starts_block = word.starts_with(['-', '+', '*', '#', '>', '=', '|', '~'])
            || word.starts_with(|c: char| c.is_ascii_digit());
        if is_full && !is_empty && !starts_block {
            lines.push(std::mem::replace(&mut line, indent.clone()));
            width = indent.len();
            is_empty = true;
        }
        if !is_empty {
            line.push(' ');
            width += 1;
        }
        line.push_str(&word);
        width += word_width;
        is_empty = false;
    }
    lines.push(line);
}

/// Splits an escaped block at white space, but not within inline code, where it becomes one space.
fn split_words(text: &str) -> Vec<Cow<'_, str>> {
    if !text.contains('`') {
        return text.split_whitespace().map(Cow::from).collect();
    }
    let mut words: Vec<Cow<'_, str>> = Vec::new();
    let mut is_in_code = false;
    for word in text.split_whitespace() {
        let continues = is_in_code;
        let mut is_escaped = false;
        for c in word.chars() {
            match c {
                '`' if is_in_code || !is_escaped => is_in_code = !is_in_code,
                _ => {}
            }
            is_escaped = c == '\\' && !is_escaped && !is_in_code;
        }
        match words.last_mut().filter(|_| continues) {
            Some(last) => {
                let last = last.to_mut();
                last.push(' ');
                last.push_str(word);
            }
            None => words.push(word.into()),
        }
    }
    words
}

/// Escapes every character that is markup in Markdown or rustdoc. Balanced inline code is kept.
pub(super) fn escape_markdown(text: &str) -> String {
    let is_markup = |b: u8| b"`\\[]<>*|~/".contains(&b);
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) && !text.bytes().any(is_markup) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    let has_code = text.matches('`').count().is_multiple_of(2) && !text.contains("``");
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let mut is_in_code = false;
    for (index, c) in text.char_indices() {
        let before = text.get(..index).unwrap_or_default();
        match c {
            '`' if has_code => {
                is_in_code = !is_in_code;
                out.push(c);
            }
            _ if is_in_code => out.push(c),
            '\\' | '[' | ']' | '<' | '>' | '`' | '*' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '#' if index == 0 => out.push_str("\\#"),
            // `1.` would start a list.
            '.' | ')' if index > 0 && index == digits => {
                out.push('\\');
                out.push(c);
            }
            // A bare URL would be a link, and rustdoc warns about it.
            '/' if before.ends_with(':') => out.push_str("\\/"),
            '=' | '-' | '+' if index == 0 => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}
