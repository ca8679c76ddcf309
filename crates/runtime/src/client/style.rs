//! How parameters become text: OpenAPI's styles, which are RFC 6570's expansions and three more.
//!
//! As RFC 6570 has it, null is nothing wherever it stands, and a list or an object of nothing is nothing too. What
//! stands between the items of a list is not encoded, so that a comma within an item, which is, splits nothing.

use super::encode::{in_path, percent};
use super::node::Node;
use super::spec::Style;

/// A pair for the query, a form or cookies.
pub(super) struct Pair {
    pub name: String,
    items: Vec<String>,
    between: &'static str,
}

impl Pair {
    fn new(name: impl Into<String>, value: Node) -> Self {
        Self {
            name: name.into(),
            items: vec![value.into_text()],
            between: "",
        }
    }

    /// The value, each item of it encoded.
    pub(super) fn value(&self, encode: impl Fn(&str) -> String) -> String {
        let items: Vec<String> = self.items.iter().map(|item| encode(item)).collect();
        items.join(self.between)
    }
}

/// Pairs for the query, a form or cookies.
pub(super) fn pairs(name: &str, style: Style, value: Node) -> Vec<Pair> {
    let between = match style.kind {
        "spaceDelimited" => "%20",
        "pipeDelimited" => "%7C",
        _ => ",",
    };
    let joined = |items: Vec<String>| {
        let name = name.to_owned();
        (!items.is_empty()).then_some(Pair {
            name,
            items,
            between,
        })
    };
    match value {
        Node::Null => Vec::new(),
        Node::List(items) if style.explode || style.kind == "deepObject" => {
            given(items).map(|item| Pair::new(name, item)).collect()
        }
        Node::List(items) => joined(texts(items)).into_iter().collect(),
        Node::Object(fields) if style.kind == "deepObject" => deep(name, fields),
        Node::Object(fields) if style.explode => given_fields(fields)
            .map(|(key, value)| Pair::new(key, value))
            .collect(),
        Node::Object(fields) => joined(flat(fields)).into_iter().collect(),
        value => vec![Pair::new(name, value)],
    }
}

/// `filter[a][b]=1`, and `filter[a]=1&filter[a]=2` for lists.
fn deep(name: &str, fields: Vec<(String, Node)>) -> Vec<Pair> {
    let mut out = Vec::new();
    for (key, value) in given_fields(fields) {
        let key = format!("{name}[{key}]");
        match value {
            Node::Object(fields) => out.extend(deep(&key, fields)),
            Node::List(items) => out.extend(given(items).map(|item| Pair::new(key.as_str(), item))),
            value => out.push(Pair::new(key, value)),
        }
    }
    out
}

fn given(items: Vec<Node>) -> impl Iterator<Item = Node> {
    items.into_iter().filter(|item| *item != Node::Null)
}

fn given_fields(fields: Vec<(String, Node)>) -> impl Iterator<Item = (String, Node)> {
    fields.into_iter().filter(|(_, value)| *value != Node::Null)
}

fn texts(items: Vec<Node>) -> Vec<String> {
    given(items).map(Node::into_text).collect()
}

/// Keys and values in turn.
fn flat(fields: Vec<(String, Node)>) -> Vec<String> {
    given_fields(fields)
        .flat_map(|(key, value)| [key, value.into_text()])
        .collect()
}

/// The text of a header. `None` if there is nothing to say.
pub(super) fn header(style: Style, value: Node) -> Option<String> {
    let items = match value {
        Node::Null => return None,
        Node::List(items) => texts(items),
        Node::Object(fields) if style.explode => given_fields(fields)
            .map(|(key, value)| format!("{key}={}", value.into_text()))
            .collect(),
        Node::Object(fields) => flat(fields),
        value => vec![value.into_text()],
    };
    (!items.is_empty()).then(|| items.join(","))
}

/// The text of a path variable, safe in a path. `None` if it would change the path's shape: nothing, or only dots.
pub(super) fn path(name: &str, style: Style, value: Node) -> Option<String> {
    let safe = |text: &str| in_path(text, style.reserved);
    let named = matches!(value, Node::Object(_)) && style.explode;
    let values: Vec<String> = match value {
        Node::Null => return None,
        Node::List(items) => texts(items).iter().map(|item| safe(item)).collect(),
        Node::Object(fields) if named => given_fields(fields)
            .map(|(key, value)| format!("{}={}", safe(&key), safe(&value.into_text())))
            .collect(),
        Node::Object(fields) => flat(fields).iter().map(|item| safe(item)).collect(),
        value => vec![safe(&value.into_text())],
    };
    if values.is_empty() {
        return None;
    }
    let text = match (style.kind, style.explode) {
        ("label", true) => format!(".{}", values.join(".")),
        ("label", false) => format!(".{}", values.join(",")),
        ("matrix", true) if named => values.iter().map(|value| format!(";{value}")).collect(),
        ("matrix", true) => values.iter().map(|value| matrix(name, value)).collect(),
        ("matrix", false) => matrix(name, &values.join(",")),
        _ => values.join(","),
    };
    let harmless = !text.is_empty() && !text.split('/').any(|part| part == "." || part == "..");
    harmless.then_some(text)
}

fn matrix(name: &str, value: &str) -> String {
    let name = percent(name, false);
    if value.is_empty() {
        format!(";{name}")
    } else {
        format!(";{name}={value}")
    }
}
