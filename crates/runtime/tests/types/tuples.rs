//! Lists of fixed length.

use observatory_runtime::{Model, Union, Value};
use serde_json::{from_str, json, to_value};

#[derive(Clone, Debug, PartialEq, Model)]
struct Shape {
    at: [f64; 2],
    entry: Option<(i64, String)>,
    only: Option<[Option<String>; 1]>,
    path: Option<Vec<(f64, Option<bool>, String)>>,
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
#[non_exhaustive]
enum Either {
    Pair([f64; 2]),
    Tagged((String, f64)),
    Numbers(Vec<f64>),
    Unknown(Value),
}

#[test]
fn keeps_values_and_their_order() {
    let shape = Shape::new([1.0, 2.5])
        .entry((1, "a".to_owned()))
        .only([None])
        .path(vec![(0.5, None, "b".to_owned())]);
    let json =
        json!({"at": [1, 2.5], "entry": [1, "a"], "only": [null], "path": [[0.5, null, "b"]]});
    assert_eq!(to_value(&shape).unwrap(), json);
    assert_eq!(from_str::<Shape>(&json.to_string()).unwrap(), shape);
}

#[test]
fn rejects_other_lengths_with_the_path() {
    for (text, message) in [
        (r#"{"at": [1]}"#, "at `at`: expected 2 items, found 1"),
        (
            r#"{"at": [1, 2, 3]}"#,
            "at `at`: expected 2 items, found more",
        ),
        (
            r#"{"at": [1, 2], "entry": [1]}"#,
            "at `entry`: expected 2 items, found 1",
        ),
        (
            r#"{"at": [1, "b"]}"#,
            "at `at[1]`: invalid type: string \"b\", expected a number",
        ),
    ] {
        let error = from_str::<Shape>(text).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn a_union_chooses_by_length_and_types() {
    for (text, expected) in [
        ("[1, 2]", Either::Pair([1.0, 2.0])),
        ("[\"a\", 2]", Either::Tagged(("a".to_owned(), 2.0))),
        ("[1, 2, 3]", Either::Numbers(vec![1.0, 2.0, 3.0])),
        ("[\"a\"]", Either::Unknown(json!(["a"]))),
    ] {
        assert_eq!(from_str::<Either>(text).unwrap(), expected, "{text}");
    }
}
