//! Comparison of JSON values, which other tests rely on.

use observatory_tests::json::differences;
use serde_json::json;

#[test]
fn finds_only_differences_in_meaning() {
    let expected = json!({"a": 3, "b": null, "c": [1], "d/": 9_007_199_254_740_993_i64});
    let equal = json!({"d/": 9_007_199_254_740_993_i64, "c": [1.0], "b": null, "a": 3.0});
    assert_eq!(differences(&expected, &equal), Vec::<String>::new());
    let actual = json!({"a": "3", "c": [], "d/": 9_007_199_254_740_992_i64, "e": null});
    let mut found = differences(&expected, &actual);
    found.sort();
    let lines = [
        "/a was 3 and is \"3\"",
        "/b is missing",
        "/c was [1] and is []",
        "/d~1 was 9007199254740993 and is 9007199254740992",
        "/e was added",
    ];
    assert_eq!(found, lines);
}
