//! Random changes of the structure of a JSON text.

use super::node::Node;
use crate::shared::rng::Rng;

/// Values that are unexpected in most places, as JSON texts.
const VALUES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1.0",
    "1.5",
    "1e2",
    "-1e-2",
    "9007199254740993",
    "9007199254740993.0",
    "0.1000000000000000055511151231257827",
    "1e-400",
    "5e-324",
    "1.7976931348623157e308",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "18446744073709551615",
    "18446744073709551616",
    "100000000000000000000000000000000000000000",
    // Beyond the range of `f64`, as an integer.
    concat!(
        "9999999999999999999999999999999999999999999999999999999999999999999999999999999999",
        "99999999999999999999999999999999999999999999999999999999999999999999999999999999999999",
        "99999999999999999999999999999999999999999999999999999999999999999999999999999999999999",
        "99999999999999999999999999999999999999999999999999999999999999999999999999999999999999"
    ),
    "1e400",
    "-1e400",
    "01",
    "1.",
    "NaN",
    "Infinity",
    "nope",
    "truth",
    "\"\"",
    "\"null\"",
    "\"0\"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\ud83d\\ude00\"",
    "\"\u{feff}\u{202e}\"",
    "\"2024-02-30T25:61:61Z\"",
    "\"2024-01-01 00:00:00\"",
    "[]",
    "{}",
    "[null]",
    "[[],{}]",
    "{\"\":null}",
    "{\"$serde_json::private::Number\":\"1\"}",
    "{\"$serde_json::private::Number\":\"1e999\"}",
    "{\"$serde_json::private::Number\":1}",
    "{\"$serde_json::private::RawValue\":\"[1]\"}",
    "{\"$serde_json::private::RawValue\":\"{\"}",
    "{\"$serde_json::private::Number\":\"18446744073709551616\",\"a\":1}",
    "{\"$serde_json::private::Number\":null}",
    "{\"$serde_json::private::RawValue\":[{\"$serde_json::private::RawValue\":\"0\"}]}",
    "{\"$__toml_private_datetime\":\"1979-05-27\"}",
    "{\"$__toml_private_Spanned\":1}",
    "{\"$__serde_spanned_private_value\":1,\"$__serde_spanned_private_start\":0}",
    "{\"$serde_yaml::private::Tagged\":\"!x\"}",
    "{\"@@TagStringValue@@\":1}",
    "{\"secs\":1,\"nanos\":2000000000}",
    "{\"Ok\":1}",
];

/// Keys to which libraries give a meaning, and keys of unions.
const KEYS: &[&str] = &[
    "$serde_json::private::Number",
    "$serde_json::private::RawValue",
    "$__toml_private_datetime",
    "$__serde_spanned_private_value",
    "$serde_yaml::private::Tagged",
    "$text",
    "$value",
    "@type",
    "type",
    "kind",
    "value",
    "id",
    "",
    "\u{0}",
    "unknown ☃",
];

/// How deeply a value is nested at most: deeper than any reader allows.
const MAX_NESTING: usize = 300;

/// Changes a text in one to four places.
pub(super) fn mutate(node: &mut Node, rng: &mut Rng) {
    for _ in 0..=rng.below(4) {
        let count = node.count();
        let other = node.nth_mut(rng.below(count)).cloned();
        let other = other.unwrap_or(Node::List(Vec::new()));
        if let Some(place) = node.nth_mut(rng.below(count)) {
            change(place, other, rng);
        }
    }
}

fn word(rng: &mut Rng) -> Node {
    Node::Text((*rng.pick(VALUES).unwrap_or(&"null")).to_owned())
}

fn key(rng: &mut Rng) -> String {
    (*rng.pick(KEYS).unwrap_or(&"")).to_owned()
}

/// Changes one node. `other` is another node of the same text.
fn change(node: &mut Node, other: Node, rng: &mut Rng) {
    match (rng.below(8), node) {
        (0 | 1, node) => *node = word(rng),
        (2, node) => *node = other,
        (3, node) => wrap(node, rng),
        (_, Node::Object(entries)) => change_object(entries, other, rng),
        (_, Node::List(items)) => change_list(items, other, rng),
        (_, node) => *node = word(rng),
    }
}

/// Puts a node into a list, an object, or many of them.
fn wrap(node: &mut Node, rng: &mut Rng) {
    let depth = match rng.below(4) {
        0 => rng.below(MAX_NESTING),
        _ => 1,
    };
    let name = rng.below(2) == 0;
    let key = key(rng);
    for _ in 0..depth {
        let inner = std::mem::replace(node, Node::List(Vec::new()));
        *node = match name {
            true => Node::Object(vec![(key.clone(), inner)]),
            false => Node::List(vec![inner]),
        };
    }
}

fn change_object(entries: &mut Vec<(String, Node)>, other: Node, rng: &mut Rng) {
    let index = rng.below(entries.len());
    match rng.below(6) {
        // A key twice, with the same value or another one.
        0 => {
            if let Some(entry) = entries.get(index).cloned() {
                let at = rng.below(entries.len() + 1);
                entries.insert(at, entry);
            }
        }
        1 => {
            if let Some((name, _)) = entries.get(index).cloned() {
                let at = rng.below(entries.len() + 1);
                entries.insert(at, (name, word(rng)));
            }
        }
        2 => entries.insert(rng.below(entries.len() + 1), (key(rng), other)),
        3 => {
            let name = key(rng);
            if let Some(entry) = entries.get_mut(index) {
                entry.0 = name;
            }
        }
        4 => {
            if index < entries.len() {
                entries.remove(index);
            }
        }
        // Two values change places.
        _ => {
            let second = rng.below(entries.len());
            let values = (entries.get(index).cloned(), entries.get(second).cloned());
            if let (Some((_, one)), Some((_, two))) = values {
                if let Some(entry) = entries.get_mut(index) {
                    entry.1 = two;
                }
                if let Some(entry) = entries.get_mut(second) {
                    entry.1 = one;
                }
            }
        }
    }
}

fn change_list(items: &mut Vec<Node>, other: Node, rng: &mut Rng) {
    let index = rng.below(items.len());
    match rng.below(4) {
        0 if index < items.len() => drop(items.remove(index)),
        1 => items.insert(index, other),
        2 => items.extend(std::iter::repeat_n(other, 1 + rng.below(20))),
        _ => items.insert(index, word(rng)),
    }
}
