//! JSON text as a tree, which can have what no JSON value has: keys that occur twice, and any number.

use serde_json::Value;

/// A JSON text.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// The text of a value without parts. It may be invalid.
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl From<&Value> for Node {
    fn from(value: &Value) -> Self {
        match value {
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(map) => {
                let entries = map.iter();
                Self::Object(
                    entries
                        .map(|(key, value)| (key.clone(), Self::from(value)))
                        .collect(),
                )
            }
            other => Self::Text(other.to_string()),
        }
    }
}

impl Node {
    /// Returns the number of nodes.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Text(_) => 1,
            Self::List(items) => 1 + items.iter().map(Self::count).sum::<usize>(),
            Self::Object(entries) => {
                1 + entries.iter().map(|(_, node)| node.count()).sum::<usize>()
            }
        }
    }

    /// Returns the node with this index, in the order of the text.
    pub(super) fn nth_mut(&mut self, index: usize) -> Option<&mut Self> {
        let mut rest = index;
        self.find_mut(&mut rest)
    }

    fn find_mut(&mut self, rest: &mut usize) -> Option<&mut Self> {
        if *rest == 0 {
            return Some(self);
        }
        *rest -= 1;
        match self {
            Self::Text(_) => None,
            Self::List(items) => items.iter_mut().find_map(|item| item.find_mut(rest)),
            Self::Object(entries) => entries.iter_mut().find_map(|(_, node)| node.find_mut(rest)),
        }
    }

    /// Appends the text.
    pub(super) fn write(&self, out: &mut String) {
        match self {
            Self::Text(text) => out.push_str(text),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(entries) => {
                out.push('{');
                for (index, (key, node)) in entries.iter().enumerate() {
                    out.push_str(if index > 0 { "," } else { "" });
                    out.push_str(&Value::from(key.as_str()).to_string());
                    out.push(':');
                    node.write(out);
                }
                out.push('}');
            }
        }
    }
}
