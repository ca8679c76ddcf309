//! Keeps emphasis and links of a document's Markdown.
//!
//! The text is untrusted. A link leads to a URL with http or https; everything else that could be markup is escaped.

use super::markdown::escape_markdown;

/// How deeply emphasis and links are nested.
const MAX_DEPTH: usize = 4;

/// The length of the longest target of a link, in bytes.
const MAX_TARGET: usize = 2_048;

/// Returns a block of text as safe Markdown, with its inline code, emphasis and links.
pub(super) fn format_inline(text: &str) -> String {
    format_nested(text, 0)
}

fn format_nested(text: &str, depth: usize) -> String {
    let is_markup = |b: u8| b"*[<".contains(&b);
    if depth > MAX_DEPTH || !text.bytes().any(is_markup) && !text.contains("://") {
        return escape_markdown(text);
    }
    let has_code = text.matches('`').count().is_multiple_of(2) && !text.contains("``");
    let mut out = String::with_capacity(text.len() + 8);
    let (mut plain_start, mut index) = (0, 0);
    while let Some(rest) = text.get(index..).filter(|rest| !rest.is_empty()) {
        let before = text
            .get(..index)
            .and_then(|before| before.chars().next_back());
        match parse_markup(rest, before, has_code, depth) {
            Some((markup, length)) => {
                out.push_str(&escape_markdown(
                    text.get(plain_start..index).unwrap_or_default(),
                ));
                out.push_str(&markup);
                index += length;
                plain_start = index;
            }
            // No emphasis starts within a run of marks, which is searched once.
            None if rest.starts_with('*') => index += count_leading(rest, b'*'),
            None => index += rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    out.push_str(&escape_markdown(
        text.get(plain_start..).unwrap_or_default(),
    ));
    out
}

/// Parses the markup at the start of `rest`. Returns it as safe Markdown, and its length.
fn parse_markup(
    rest: &str,
    before: Option<char>,
    has_code: bool,
    depth: usize,
) -> Option<(String, usize)> {
    match rest.bytes().next()? {
        b'`' if has_code => {
            let end = rest.get(1..)?.find('`')? + 2;
            Some((rest.get(..end)?.to_owned(), end))
        }
        b'*' => parse_emphasis(rest, before, depth),
        b'!' if rest.starts_with("![") => {
            let (link, length) = parse_link(rest.get(1..)?, depth)?;
            Some((link, length + 1))
        }
        b'[' => parse_link(rest, depth),
        b'<' => {
            let url = leading_web_url(rest.get(1..)?)?;
            let is_closed = rest.get(1 + url.len()..)?.starts_with('>');
            is_closed.then(|| (format!("<{url}>"), url.len() + 2))
        }
        b'h' if before.is_none_or(|before| !before.is_alphanumeric()) => {
            let url = leading_web_url(rest)?;
            let url = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*']);
            Some((format!("<{url}>"), url.len()))
        }
        _ => None,
    }
}

/// Parses `*emphasis*`, `**strong**` and `***both***`.
fn parse_emphasis(rest: &str, before: Option<char>, depth: usize) -> Option<(String, usize)> {
    let (marks, inner) = rest.split_at_checked(count_leading(rest, b'*'))?;
    let end = inner.find('*').filter(|_| marks.len() <= 3)?;
    let (inner, after) = inner.split_at_checked(end)?;
    let after = after.strip_prefix(marks)?;
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '*');
    let is_edge = |c: Option<char>, others: &str| {
        c.is_some_and(|c| c.is_alphanumeric() || others.contains(c))
    };
    let is_emphasis = !is_word(before)
        && !is_word(after.chars().next())
        && is_edge(inner.chars().next(), "[(\"'")
        && is_edge(inner.chars().next_back(), ".,:;!?%)\"'")
        && !inner.contains('`');
    let length = inner.len() + 2 * marks.len();
    is_emphasis.then(|| {
        (
            format!("{marks}{}{marks}", format_nested(inner, depth + 1)),
            length,
        )
    })
}

/// Parses `[label](https://…)`, with a title or without. The title is left out.
fn parse_link(rest: &str, depth: usize) -> Option<(String, usize)> {
    let label = rest.strip_prefix('[')?;
    let label = label.get(..label.find([']', '[', '`'])?)?;
    let target = rest.get(1 + label.len()..)?.strip_prefix("](")?;
    let mut bytes = target.bytes().take(MAX_TARGET);
    let target = target.get(..bytes.position(|byte| byte == b')')?)?;
    let url = target.split(' ').next()?.trim_matches(['<', '>']);
    let length = label.len() + target.len() + "[](".len() + ")".len();
    let is_link = is_web_url(url) && !label.trim().is_empty() && !label.contains("://");
    is_link.then(|| {
        (
            format!("[{}]({url})", format_nested(label, depth + 1)),
            length,
        )
    })
}

/// Returns the number of times that a text starts with `mark`.
fn count_leading(text: &str, mark: u8) -> usize {
    text.bytes().take_while(|byte| *byte == mark).count()
}

/// Returns whether a text is a URL of the web without characters that mean something in Markdown.
fn is_web_url(text: &str) -> bool {
    leading_web_url(text).is_some_and(|url| url.len() == text.len())
}

/// Returns the URL of the web at the start of a text, up to the first character that means something in Markdown.
fn leading_web_url(text: &str) -> Option<&str> {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))?;
    if !host.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let end = text.find(|c: char| !is_url_char(c)).unwrap_or(text.len());
    text.get(..end)
}

fn is_url_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~:/?#@!$&'*+,;=%".contains(c)
}
