//! The choice of a variant of an untagged union when several variants could match.

use std::collections::BTreeMap;

use observatory_runtime::{Model, Patch, Union, Value};
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
    for value in [json!({"request": "r"}), json!({})] {
        assert!(matches!(read(&value), Node::Leaf(_)), "{value}");
    }
    for value in [
        json!({"new": 1}),
        json!({"new": null, "newer": [1]}),
        json!({"request": "r", "new": 1}),
        json!({"request": null}),
    ] {
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

#[derive(Clone, Debug, PartialEq, Model)]
struct Detail {
    x: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct WithX {
    x: Option<i64>,
    detail: Option<Detail>,
}

#[derive(Clone, Debug, PartialEq, Model)]
struct WithY {
    y: Patch<i64>,
    detail: Option<BTreeMap<String, Value>>,
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
enum Overlap {
    X(WithX),
    Y(WithY),
    Unknown(Value),
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
enum Outer {
    Many(Vec<Overlap>),
    One(Overlap),
    Unknown(Value),
}

#[test]
fn keeps_what_another_variant_keeps() {
    let read = |value: &Value| from_value::<Overlap>(value.clone()).unwrap();
    for (value, expected) in [
        (json!({"x": 1}), "X"),
        (json!({"y": 1}), "Y"),
        // One variant keeps the null, or the nested property.
        (json!({"y": null}), "Y"),
        (json!({"detail": {"x": 1}}), "X"),
        (json!({"detail": {"x": 1, "z": 2}}), "Y"),
        // Only both together would keep everything.
        (json!({"x": 1, "y": 2}), "Unknown"),
        (json!({"x": 1, "y": null}), "Unknown"),
        (json!({"x": 1, "detail": {"z": 2}}), "Unknown"),
    ] {
        let found = read(&value);
        let name = format!("{found:?}");
        assert!(name.starts_with(expected), "{value}: {name}");
        assert_eq!(serde_json::to_value(&found).unwrap(), value);
        let nested = json!([value]);
        let outer: Outer = from_value(nested.clone()).unwrap();
        assert_eq!(serde_json::to_value(&outer).unwrap(), nested);
    }
    // What no variant keeps does not count: a server may send more than the document describes.
    let newer = json!({"x": 1, "newer": {"deep": [null]}});
    assert!(matches!(read(&newer), Overlap::X(_)));
}

#[test]
fn reads_many_dropped_parts_in_bounded_time() {
    let many: Vec<i64> = (0..200_000).collect();
    let value = json!({"x": 1, "newer": many});
    let started = std::time::Instant::now();
    assert!(matches!(
        from_value::<Overlap>(value).unwrap(),
        Overlap::X(_)
    ));
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

mod deep_values {
    use observatory_runtime::{Model, Union, Value};
    use serde_json::{from_value, json, to_value};

    /// Two models that differ only at the innermost of nine levels.
    macro_rules! nested {
        ($($name:ident { $field:ident: $ty:ty })*) => {
            $(
                #[derive(Clone, Debug, PartialEq, Model)]
                struct $name {
                    $field: $ty,
                }
            )*
        };
    }
    nested! {
        A1 { a: Vec<A2> }
        A2 { a: Vec<A3> }
        A3 { a: Vec<A4> }
        A4 { x: i64 }
        B1 { a: Vec<B2> }
        B2 { a: Vec<B3> }
        B3 { a: Vec<B4> }
        B4 { y: i64 }
    }

    #[derive(Clone, Debug, PartialEq, Union)]
    #[union(shape)]
    enum Deep {
        A(A1),
        B(B1),
        Unknown(Value),
    }

    #[test]
    fn finds_the_variant_by_a_difference_at_any_depth() {
        for key in ["x", "y"] {
            let value = json!({"a": [{"a": [{"a": [{key: 1}]}]}]});
            let read: Deep = from_value(value.clone()).unwrap();
            assert_eq!(matches!(read, Deep::A(_)), key == "x");
            assert_eq!(to_value(&read).unwrap(), value);
        }
    }

    /// Each level is a union of unions, so that all combinations would take ages.
    #[derive(Clone, Debug, PartialEq, Union)]
    #[union(shape)]
    enum Tree {
        Left(Left),
        Right(Right),
        Unknown(Value),
    }

    #[derive(Clone, Debug, PartialEq, Model)]
    struct Left {
        next: Option<Box<Tree>>,
        left: Option<i64>,
    }

    #[derive(Clone, Debug, PartialEq, Model)]
    struct Right {
        next: Option<Box<Tree>>,
        right: Option<i64>,
    }

    #[test]
    fn small_value_causes_small_work() {
        let mut value = json!({"left": 1});
        for level in 0..60 {
            let key = ["left", "right"][level % 2];
            value = json!({"next": value, key: level});
        }
        let started = std::time::Instant::now();
        let read: Tree = from_value(value.clone()).unwrap();
        assert_eq!(to_value(&read).unwrap(), value);
        // All combinations are more than 2^60.
        assert!(started.elapsed().as_secs() < 20);
    }
}
