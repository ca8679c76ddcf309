//! Documentation text. What comes from a document is untrusted: it may say anything, but it may not become code, a
//! link, HTML, or a doctest, and it may not make `cargo doc` complain.

use std::borrow::Cow;

/// How wide paragraphs are set.
const WIDTH: usize = 96;

/// A text as lines of Markdown that show it and do nothing else.
pub fn lines(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let shown = |c: &char| *c == '\n' || !is_unsafe(*c);
    let clean: Cow<'_, str> = match text.chars().all(|c| shown(&c)) {
        true => text.into(),
        false => text.chars().filter(shown).collect(),
    };
    for paragraph in clean.split("\n\n") {
        let blocks = blocks(paragraph);
        if blocks.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(String::new());
        }
        for (lead, block) in blocks {
            wrap(lead, &escape(&block), &mut out);
        }
    }
    out
}

/// One line of text.
pub fn line(text: &str) -> String {
    escape(&plain(text))
}

/// One line of text for where nothing reads Markdown.
pub fn plain(text: &str) -> String {
    let clean = text.chars().map(|c| if is_unsafe(c) { ' ' } else { c });
    clean.collect::<String>().trim().to_owned()
}

/// A value as inline code that ends where it should.
pub fn code(text: &str) -> String {
    let shown: String = text
        .chars()
        .filter(|c| !is_unsafe(*c) && *c != '`' && *c != '\n')
        .take(120)
        .collect();
    if text.is_empty() {
        "an empty text".to_owned()
    } else if shown.trim().is_empty() {
        // Letters that nobody sees are told by their numbers.
        let numbers = text
            .chars()
            .take(8)
            .map(|c| format!("U+{:04X}", u32::from(c)));
        format!("`{}`", numbers.collect::<Vec<_>>().join(" "))
    } else {
        format!("`{}`", shown.trim())
    }
}

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The lines of a paragraph: list items one by one, everything else run together, so that no line hangs on lazily.
fn blocks(paragraph: &str) -> Vec<(&'static str, String)> {
    let mut blocks: Vec<(&'static str, String)> = Vec::new();
    for raw in paragraph
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let item = ["- ", "* ", "+ "]
            .iter()
            .find_map(|mark| raw.strip_prefix(mark));
        match (item, blocks.last_mut()) {
            (Some(item), _) => blocks.push(("- ", item.trim().to_owned())),
            (None, Some((_, block))) => {
                block.push(' ');
                block.push_str(raw);
            }
            (None, None) => blocks.push(("", raw.to_owned())),
        }
    }
    blocks
}

/// Sets a block to the page's width; lines after the first of a list item are indented under it.
fn wrap(lead: &str, text: &str, out: &mut Vec<String>) {
    let indent = " ".repeat(lead.len());
    let mut line = lead.to_owned();
    let mut width = lead.len();
    let mut empty = true;
    for word in text.split_whitespace() {
        let long = word.chars().count();
        let full = width + 1 + long > WIDTH;
        // A word that would start a list or a heading may not stand first on a line.
        let starts_block = word.starts_with(['-', '+', '*', '#', '>', '=', '|', '~'])
            || word.starts_with(|c: char| c.is_ascii_digit());
        if full && !empty && !starts_block {
            out.push(std::mem::replace(&mut line, indent.clone()));
            width = indent.len();
            empty = true;
        }
        if !empty {
            line.push(' ');
            width += 1;
        }
        line.push_str(word);
        width += long;
        empty = false;
    }
    out.push(line);
}

/// Takes the meaning out of every character that Markdown or rustdoc would act on; balanced `code` stays code.
fn escape(text: &str) -> String {
    let acts = |b: u8| b"`\\[]<>*|~/".contains(&b);
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) && !text.bytes().any(acts) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + 8);
    let balanced = text.matches('`').count().is_multiple_of(2) && !text.contains("``");
    let mut inside = false;
    for (index, c) in text.char_indices() {
        match c {
            '`' if balanced => {
                inside = !inside;
                out.push(c);
            }
            _ if inside => out.push(c),
            '\\' | '[' | ']' | '<' | '>' | '`' | '*' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            '#' if index == 0 => out.push_str("\\#"),
            // `1.` would start a list.
            '.' | ')'
                if index > 0
                    && text
                        .get(..index)
                        .is_some_and(|before| before.bytes().all(|b| b.is_ascii_digit())) =>
            {
                out.push('\\');
                out.push(c);
            }
            // A bare address is a lint's business and a stranger's link: it stays text.
            '/' if text
                .get(..index)
                .is_some_and(|before| before.ends_with(':')) =>
            {
                out.push_str("\\/")
            }
            '=' | '-' | '+' if index == 0 => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    out
}
