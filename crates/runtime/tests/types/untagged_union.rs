//! The choice of a variant of an untagged union when several variants could match.

use std::collections::BTreeMap;

use observatory_runtime::{Model, Union, Value};
use serde_json::{from_str, from_value, json, to_string};

#[derive(Clone, Debug, PartialEq, Model)]
struct Leaf {
    request: Option<String>,
    response: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
enum Node {
    Leaf(Leaf),
    Free(BTreeMap<String, Value>),
    Unknown(Value),
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Monitor {
    kind: String,
    options: Vec<String>,
    frozen: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Table {
    order: Option<String>,
    frozen: Option<bool>,
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
enum View {
    Monitor(Monitor),
    Table(Table),
    Unknown(Value),
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
enum Amount {
    Integer(i64),
    Number(f64),
    Unknown(Value),
}

#[test]
fn prefers_variant_that_keeps_unknown_properties() {
    let read = |value: &Value| from_value::<Node>(value.clone()).unwrap();
    for value in [
        json!({"request": "r"}),
        json!({}),
        json!({"request": "r", "new": 1}),
    ] {
        assert!(matches!(read(&value), Node::Leaf(_)), "{value}");
    }
    for value in [json!({"new": 1}), json!({"new": null, "newer": [1]})] {
        let node = read(&value);
        assert!(matches!(node, Node::Free(_)), "{value}");
        assert_eq!(serde_json::to_value(&node).unwrap(), value);
    }
}

#[test]
fn rejects_variant_that_names_fewer_than_half_of_the_properties() {
    let read = |value: &Value| from_value::<View>(value.clone()).unwrap();
    let known = json!({"order": "a", "new": 1});
    assert!(matches!(read(&known), View::Table(_)));
    for value in [
        json!({"kind": 7, "options": []}),
        json!({"kind": 7, "options": [], "frozen": true}),
        json!({"new": 1}),
    ] {
        assert_eq!(read(&value), View::Unknown(value.clone()));
    }
}

#[test]
fn keeps_integers_and_floats_exact() {
    for text in [
        "9007199254740993",
        "-9223372036854775808",
        "18446744073709551615",
        "0.5",
        "1e300",
    ] {
        let amount: Amount = from_str(text).unwrap();
        let back: Value = from_str(&to_string(&amount).unwrap()).unwrap();
        assert_eq!(back, from_str::<Value>(text).unwrap(), "{amount:?}");
    }
    assert_eq!(from_str::<Amount>("3").unwrap(), Amount::Integer(3));
    assert_eq!(from_str::<Amount>("0.5").unwrap(), Amount::Number(0.5));
}
