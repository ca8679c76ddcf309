//! Scalar types in JSON: numbers, strings, bytes, files, secrets, timestamps, and the methods of `Patch`.

use std::collections::BTreeMap;
use std::fmt::Debug;

use observatory_runtime::private::{Wire, decode_json, encode_json};
use observatory_runtime::{Bytes, File, Patch, Secret, Timestamp, Value};

fn to_json<T: Wire>(value: &T) -> String {
    String::from_utf8(encode_json(value).unwrap()).unwrap()
}

fn from_json<T: Wire>(text: &str) -> Result<T, String> {
    decode_json(text.as_bytes()).map_err(|error| error.message)
}

/// Reads `text` as a `T`, both from text and from a `Value`, and writes it again.
fn rewrite<T: Wire>(text: &str) -> String {
    let from_text =
        to_json(&from_json::<T>(text).unwrap_or_else(|error| panic!("{text}: {error}")));
    let value: Value = serde_json::from_str(text).unwrap();
    assert_eq!(
        from_text,
        to_json(&T::read(&value).unwrap_or_else(|error| panic!("{text}: {error}")))
    );
    from_text
}

#[test]
fn writes_integral_floats_without_fraction() {
    for (value, text) in [
        (3.0, "3"),
        (-3.0, "-3"),
        (0.0, "0"),
        (0.1, "0.1"),
        (1e-7, "1e-7"),
        (1e15, "1000000000000000"),
        (9_007_199_254_740_992.0, "9007199254740992"),
        (1e17, "100000000000000000"),
        (-1e18, "-1000000000000000000"),
    ] {
        assert_eq!(to_json(&value), text);
    }
    for value in [
        -0.0,
        1e19,
        1e20,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
        1.7976931348623157e308,
        0.1 + 0.2,
    ] {
        let back: f64 = from_json(&to_json(&value)).unwrap();
        assert_eq!(back.to_bits(), value.to_bits(), "{value}");
    }
    assert!(!to_json(&1e19).contains(".0"), "{}", to_json(&1e19));
    for text in [
        "3",
        "3.0",
        "3e0",
        "18446744073709551615",
        "-9223372036854775808",
    ] {
        assert!(from_json::<f64>(text).is_ok(), "{text}");
    }
}

#[test]
fn rejects_nan_and_infinity() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let error =
            encode_json(&BTreeMap::from([("a b".to_owned(), vec![1.0, value])])).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("at `[\"a b\"][1]`: JSON cannot represent the number {value}")
        );
    }
}

#[test]
fn keeps_integers_exact() {
    for text in [
        "0",
        "-1",
        "9007199254740993",
        "9223372036854775807",
        "-9223372036854775808",
    ] {
        assert_eq!(rewrite::<i64>(text), text);
    }
    for text in [
        "0",
        "9007199254740993",
        "9223372036854775808",
        "18446744073709551615",
    ] {
        assert_eq!(rewrite::<u64>(text), text);
        assert_eq!(rewrite::<Value>(text), text);
        assert_eq!(rewrite::<observatory_runtime::Number>(text), text);
    }
    for (text, integer) in [
        ("3.0", "3"),
        ("-3.0", "-3"),
        ("1e3", "1000"),
        ("-0.0", "0"),
        ("1e18", "1000000000000000000"),
    ] {
        assert_eq!(rewrite::<i64>(text), integer);
    }
    assert_eq!(rewrite::<i32>("2147483647.0"), "2147483647");
    assert_eq!(rewrite::<u64>("1e19"), "10000000000000000000");
}

#[test]
fn rejects_values_of_other_types_or_out_of_range() {
    let error = |text| from_json::<i64>(text).unwrap_err();
    assert_eq!(
        error("3.5"),
        "invalid value: floating point `3.5`, expected an integer"
    );
    assert_eq!(
        error("\"3\""),
        "invalid type: string \"3\", expected an integer"
    );
    assert_eq!(error("null"), "invalid type: null, expected an integer");
    assert_eq!(
        error("9223372036854775808"),
        "9223372036854775808 is out of range for i64"
    );
    assert_eq!(error("{}"), "invalid type: map, expected an integer");
    for text in ["-1", "18446744073709551616", "1e20", "[]"] {
        assert!(from_json::<u64>(text).is_err(), "{text}");
    }
    for text in ["2147483648", "-2147483649", "1e10"] {
        assert!(from_json::<i32>(text).is_err(), "{text}");
    }
    for text in ["\"1\"", "null", "true", "{}"] {
        assert!(from_json::<f64>(text).is_err(), "{text}");
    }
    assert!(
        from_json::<bool>("0").is_err()
            && from_json::<String>("null").is_err()
            && from_json::<()>("0").is_err()
    );
}

#[test]
fn round_trips_containers_and_strings() {
    assert_eq!(rewrite::<Vec<Option<i64>>>("[1,null,3]"), "[1,null,3]");
    assert_eq!(
        rewrite::<BTreeMap<String, Box<f64>>>(r#"{"":1,"\"":2.5}"#),
        r#"{"":1,"\"":2.5}"#
    );
    assert_eq!(rewrite::<Vec<Patch<bool>>>("[true,null]"), "[true,null]");
    assert_eq!(rewrite::<Vec<Option<Value>>>("[null,1.0]"), "[null,1.0]");
    assert_eq!(rewrite::<Vec<()>>("[null]"), "[null]");
    let text = r#""\u0000\u001f\"\\ é 𝄞""#;
    assert_eq!(
        from_json::<String>(&rewrite::<String>(text)).unwrap(),
        "\0\u{1f}\"\\ é 𝄞"
    );
}

#[test]
fn encodes_and_decodes_base64() {
    for (bytes, text) in [
        (b"".as_slice(), ""),
        (b"f", "Zg=="),
        (b"fo", "Zm8="),
        (b"foo", "Zm9v"),
        (b"foob", "Zm9vYg=="),
        (b"\xff\xfe\xfd", "//79"),
        (b"\xfb\xef", "++8="),
    ] {
        assert_eq!(Bytes::from(bytes).to_base64(), text);
        assert_eq!(Bytes::from_base64(text), Bytes::from(bytes));
    }
    for (text, bytes) in [
        ("Zg", b"f".as_slice()),
        ("_-8", b"\xff\xef"),
        ("Zh==", b"f"),
        ("not base64!", b"not base64!"),
        ("Z", b"Z"),
    ] {
        let text = format!("\"{text}\"");
        assert_eq!(&*from_json::<Bytes>(&text).unwrap(), bytes, "{text}");
        assert_eq!(rewrite::<Bytes>(&text), text);
    }
    assert!(from_json::<Bytes>("1").is_err());
}

#[test]
fn writes_utf8_files_as_json_strings() {
    assert_eq!(rewrite::<File>("\"a,b\\n\""), "\"a,b\\n\"");
    let binary = vec![File::new(b"\xff".as_slice())];
    let error = encode_json(&binary).unwrap_err().to_string();
    assert_eq!(
        error,
        "at `[0]`: the file is not valid UTF-8, which JSON requires"
    );
    let file = File::from_bytes("a.csv", "x").with_content_type("text/csv");
    assert_eq!(
        (file.name(), file.content_type(), file.bytes()),
        (Some("a.csv"), Some("text/csv"), Some(b"x".as_slice()))
    );
    let manifest = File::from_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
    assert_eq!(manifest.unwrap().name(), Some("Cargo.toml"));
    assert_eq!(format!("{file:?}"), "File(a.csv, text/csv, 1 bytes)");
}

#[test]
fn writes_secrets_and_redacts_them_in_debug() {
    let secret = Secret::from("hush");
    assert_eq!(to_json(&secret), "\"hush\"");
    assert_eq!(from_json::<Secret>("\"hush\"").unwrap(), secret);
    assert_eq!(
        format!("{:?}", Some(vec![secret.clone()])),
        "Some([Secret(…)])"
    );
    assert_eq!(secret.expose(), "hush");
}

fn assert_same_type_eq<T: Debug + PartialEq>(left: T, right: T) {
    assert_eq!(left, right);
}

#[test]
fn patch_has_the_methods_of_option() {
    let value = Patch::Value("x".to_owned());
    assert_same_type_eq(value.as_deref(), Some("x"));
    assert_same_type_eq(value.clone().map(|text| text.len()), Patch::Value(1));
    assert_same_type_eq(value.as_ref().into_option(), Some(&"x".to_owned()));
    assert_same_type_eq(Patch::<i64>::Null.unwrap_or(3), 3);
    assert_same_type_eq(Patch::<i64>::Absent.unwrap_or_default(), 0);
    assert_same_type_eq(Patch::from(Some(1)), Patch::Value(1));
    assert_same_type_eq(Option::from(Patch::Value(1)), Some(1));
    let mut taken = value;
    assert_same_type_eq(
        taken.take().unwrap_or_else(|| "y".to_owned()),
        "x".to_owned(),
    );
    assert!(taken.is_absent() && !taken.is_null() && !taken.is_value());
}

#[test]
fn keeps_timestamp_text() {
    for text in [
        "2024-05-01T10:00:00+00:00",
        "2024-05-01 10:00:00",
        "2024-05-01T10:00:00.123456789Z",
        "soon",
        "",
    ] {
        let text = format!("\"{text}\"");
        assert_eq!(rewrite::<Timestamp>(&text), text);
    }
}
