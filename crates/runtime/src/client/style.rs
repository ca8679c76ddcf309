//! How parameters become text: OpenAPI's styles, which are RFC 6570's expansions and three more.

use super::encode::percent;
use super::node::Node;
use super::spec::Style;

/// Pairs for the query (or a form, or cookies).
pub(super) fn pairs(name: &str, style: Style, value: Node) -> Vec<(String, String)> {
    let one = |text: String| vec![(name.to_owned(), text)];
    match (value, style.kind) {
        (Node::Null, _) => Vec::new(),
        (value, "json") => one(value.into_text()),
        (Node::List(items), "form") if style.explode => items
            .into_iter()
            .map(|item| (name.to_owned(), item.into_text()))
            .collect(),
        (Node::List(items), kind) => {
            let separator = match kind {
                "spaceDelimited" => " ",
                "pipeDelimited" => "|",
                _ => ",",
            };
            if style.explode && kind != "form" {
                return items
                    .into_iter()
                    .map(|item| (name.to_owned(), item.into_text()))
                    .collect();
            }
            one(joined(items, separator))
        }
        (Node::Object(fields), "deepObject") => deep(name, fields),
        (Node::Object(fields), "form") if style.explode => fields
            .into_iter()
            .filter(|(_, value)| *value != Node::Null)
            .map(|(key, value)| (key, value.into_text()))
            .collect(),
        (Node::Object(fields), _) => one(flat(fields, ",", ",")),
        (value, _) => one(value.into_text()),
    }
}

/// `filter[a][b]=1`, and `filter[a]=1&filter[a]=2` for lists.
fn deep(name: &str, fields: Vec<(String, Node)>) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (key, value) in fields {
        let key = format!("{name}[{key}]");
        match value {
            Node::Null => {}
            Node::Object(fields) => out.extend(deep(&key, fields)),
            Node::List(items) => out.extend(
                items
                    .into_iter()
                    .map(|item| (key.clone(), item.into_text())),
            ),
            value => out.push((key, value.into_text())),
        }
    }
    out
}

fn joined(items: Vec<Node>, separator: &str) -> String {
    items
        .into_iter()
        .map(Node::into_text)
        .collect::<Vec<_>>()
        .join(separator)
}

fn flat(fields: Vec<(String, Node)>, between: &str, inside: &str) -> String {
    let field = |(key, value): (String, Node)| format!("{key}{inside}{}", value.into_text());
    fields
        .into_iter()
        .map(field)
        .collect::<Vec<_>>()
        .join(between)
}

/// The text of a header.
pub(super) fn header(style: Style, value: Node) -> String {
    match value {
        Node::List(items) => joined(items, ","),
        Node::Object(fields) => flat(fields, ",", if style.explode { "=" } else { "," }),
        value => value.into_text(),
    }
}

/// The text of a path variable, safe in a path. `None` if it would change the path's shape: nothing, or only dots.
pub(super) fn path(name: &str, style: Style, value: Node) -> Option<String> {
    let safe = |text: &str| percent(text, style.reserved);
    let values: Vec<String> = match value {
        Node::List(items) => items
            .into_iter()
            .map(|item| safe(&item.into_text()))
            .collect(),
        Node::Object(fields) => {
            let inside = if style.explode { "=" } else { "," };
            fields
                .into_iter()
                .map(|(key, value)| format!("{}{inside}{}", safe(&key), safe(&value.into_text())))
                .collect()
        }
        value => vec![safe(&value.into_text())],
    };
    let text = match (style.kind, style.explode) {
        ("label", true) => format!(".{}", values.join(".")),
        ("label", false) => format!(".{}", values.join(",")),
        ("matrix", true) => values
            .iter()
            .map(|value| format!(";{name}={value}"))
            .collect(),
        ("matrix", false) => format!(";{name}={}", values.join(",")),
        _ => values.join(","),
    };
    let harmless = !text.is_empty() && !text.split('/').any(|part| part == "." || part == "..");
    harmless.then_some(text)
}
