//! Integers beyond 64 bits. `tests/serde-json-features` runs these tests with the features of serde_json.

use std::collections::BTreeMap;

use observatory_runtime::private::{DecodeError, Wire, decode_json, encode_json};
use observatory_runtime::{Fixed, Model, Number, Patch, Union, Value};
use serde_json::json;

/// Integers of 65 to 128 bits.
const LARGE: [&str; 7] = [
    "18446744073709551616",
    "-9223372036854775809",
    "-18446744073709551617",
    "1000000000000000000000000000001",
    "170141183460469231731687303715884105727",
    "-170141183460469231731687303715884105728",
    "340282366920938463463374607431768211455",
];

#[derive(Clone, Debug, PartialEq, Model)]
struct Token {
    token: Option<Number>,
    list: Option<Vec<Number>>,
    patch: Patch<Number>,
    either: Option<Either>,
    price: Option<f64>,
    #[wire("type", fixed = "token", optional)]
    #[doc(hidden)]
    type_: Fixed,
    #[wire(extra)]
    extra: BTreeMap<String, Number>,
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
enum Either {
    Text(String),
    Number(Number),
    Unknown(Value),
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(tag = "type")]
enum Tagged {
    #[wire("token")]
    Token(Token),
    Unknown(Value),
}

fn decode<T: Wire>(text: &str) -> Result<T, DecodeError> {
    decode_json(text.as_bytes())
}

#[track_caller]
fn rewrite<T: Wire>(text: &str) -> String {
    let value: T = decode(text).unwrap();
    String::from_utf8(encode_json(&value).unwrap()).unwrap()
}

#[test]
fn keeps_digits_and_signs() {
    for digits in LARGE {
        assert_eq!(rewrite::<Number>(digits), digits);
        assert_eq!(rewrite::<Either>(digits), digits);
        let list = format!("[{digits},1,-2,{digits}]");
        assert_eq!(rewrite::<Vec<Number>>(&list), list);
        for object in [
            format!(
                r#"{{"token":{digits},"list":{list},"patch":{digits},"either":{digits},"price":2}}"#
            ),
            format!(r#"{{"price":0.5,"more \"\\ \u00e9":{digits}}}"#),
        ] {
            let expected = object.replace("\\u00e9", "é");
            assert_eq!(sorted(&rewrite::<Token>(&object)), sorted(&expected));
            // The union buffers the entries before the tag.
            let tagged = format!("{},\"type\":\"token\"}}", object.strip_suffix('}').unwrap());
            let written = rewrite::<Tagged>(&tagged);
            assert!(written.contains(digits), "{written}");
        }
        let spaced = format!(" \n[ {digits} ,\t{digits}\r\n] ");
        assert_eq!(
            rewrite::<Vec<Number>>(&spaced),
            format!("[{digits},{digits}]")
        );
    }
}

/// Returns the parts between commas in order. The two objects have the same.
fn sorted(text: &str) -> Vec<&str> {
    let mut parts: Vec<&str> = text.trim_matches(['{', '}']).split(',').collect();
    parts.sort_unstable();
    parts
}

#[test]
fn keeps_digits_beyond_128_bits() {
    let digits = "9".repeat(60);
    assert_eq!(decode::<Number>(&digits).unwrap().to_string(), digits);
    let list: Vec<Number> = decode(&format!("[{digits},-{digits}]")).unwrap();
    assert_eq!(list[1].to_string(), format!("-{digits}"));
    assert_eq!((list[0].as_i128(), list[0].as_u128()), (None, None));
    assert_eq!(list[0].as_f64(), Some(1e60));
    // What is written is a number of about this size, or has the same digits.
    assert!((rewrite::<Number>(&digits).parse::<f64>().unwrap() - 1e60).abs() < 1e45);
}

#[test]
fn other_types_read_large_integers_as_before() {
    for digits in LARGE {
        assert!(decode::<i64>(digits).is_err(), "{digits}");
        assert!(decode::<u64>(digits).is_err(), "{digits}");
        assert_eq!(
            decode::<f64>(digits).unwrap(),
            digits.parse::<f64>().unwrap()
        );
        let mixed: Token = decode(&format!(r#"{{"token":{digits},"price":{digits}}}"#)).unwrap();
        assert_eq!(mixed.price, digits.parse().ok());
        assert_eq!(mixed.token.unwrap().to_string(), digits);
        let value: Value = decode(digits).unwrap();
        assert_eq!(value.as_f64(), digits.parse().ok());
    }
    assert!(decode::<Token>(r#"{"token":18446744073709551616,"price":"x"}"#).is_err());
    assert!(decode::<Vec<Number>>("[18446744073709551616,{}]").is_err());
    assert!(decode::<Number>("\"18446744073709551616\"").is_err());
    let error = decode::<Token>("{\"token\":1,\n \"extra\":-9223372036854775809,\"price\":{}}")
        .unwrap_err();
    assert_eq!((error.path.as_str(), error.line), ("price", 2));
    for (text, integer) in [
        ("-9223372036854775808.0", i64::MIN),
        ("-9.223372036854775808e18", i64::MIN),
    ] {
        assert_eq!(decode::<i64>(text).unwrap(), integer);
    }
}

#[derive(Clone, Debug, PartialEq, Model)]
struct One {
    n: Option<Number>,
}

#[test]
fn keeps_digits_next_to_ignored_properties() {
    for digits in LARGE {
        for ignored in [
            "[".repeat(1000) + &"]".repeat(1000),
            r#"{"a":[1,-2.5e3,true,null,"\"]}"],"b":{}}"#.to_owned(),
            "12".to_owned(),
            "false".to_owned(),
        ] {
            for text in [
                format!(r#"{{"n":{digits},"ignored":{ignored}}}"#),
                format!(r#"{{"ignored": {ignored} ,"n":{digits} , "more":{ignored}}}"#),
            ] {
                let one: One = decode(&text).unwrap();
                assert_eq!(one.n.unwrap().to_string(), digits, "{text}");
            }
        }
    }
}

#[test]
fn reads_as_many_levels_next_to_large_integers_as_elsewhere() {
    let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    for (levels, is_read) in [(126, true), (127, false)] {
        // The list around them is a level, too.
        let text = format!("[18446744073709551616,{}]", nested(levels));
        assert_eq!(decode::<Vec<Either>>(&text).is_ok(), is_read, "{levels}");
        let text = format!("[1,{}]", nested(levels));
        assert_eq!(decode::<Vec<Either>>(&text).is_ok(), is_read, "{levels}");
    }
}

/// The reader that keeps digits reads the same language as serde_json.
#[test]
fn rejects_invalid_json_after_large_integers() {
    let large = "18446744073709551616";
    for rest in [
        "",
        ",",
        ",]",
        "]]",
        "] x",
        ",1.2.3]",
        ",01]",
        ",+1]",
        ",\"a\nb\"]",
        ",\"\\x\"]",
        ",{1:2}]",
        ",{\"a\" 1}]",
        ",tru]",
        ",nulll]",
        ",1 2]",
        ",'a']",
        "}",
        ",-]",
        ",\u{b}1]",
    ] {
        let text = format!("[{large}{rest}");
        assert!(decode::<Vec<Value>>(&text).is_err(), "{text}");
        assert!(decode::<Vec<Number>>(&text).is_err(), "{text}");
        assert!(decode::<Vec<Either>>(&text).is_err(), "{text}");
    }
    let deep = format!("[{large},{}{}]", "[".repeat(200_000), "]".repeat(200_000));
    assert!(decode::<Vec<Either>>(&deep).is_err());
    // The first error is that of the integer, so that serde_json does not get to the second one.
    let deep = format!("[1e19,{}{}]", "[".repeat(200_000), "]".repeat(200_000));
    assert!(decode::<Vec<i64>>(&deep).is_err());
    let valid = format!(r#"[{large},{{"a":[null,true,false,"\u00e9\n",1.5,-7,[],{{}}]}}]"#);
    let written = rewrite::<Vec<Either>>(&valid);
    assert_eq!(written, valid.replace("\\u00e9", "é"));
}

/// Whether a text has a number that is read twice does not decide which other texts are JSON, and which values they are.
#[test]
fn a_large_integer_changes_nothing_else() {
    let (large, huge) = ("18446744073709551616", "9".repeat(400));
    for value in [
        "nope", "nul1", "truth", "NaN", "1e400", "-1e400", &huge, "01", "-", "--1", "1.", "1.e3",
        "1e", "1e+", "1.5.5", "1e5e5", ".5", "+1",
    ] {
        for text in [format!("[{large},{value}]"), format!("[{value},{large}]")] {
            assert!(decode::<Vec<Option<Number>>>(&text).is_err(), "{text}");
            assert!(decode::<Vec<Value>>(&text).is_err(), "{text}");
            assert!(decode::<Vec<Either>>(&text).is_err(), "{text}");
        }
        // The first error is a type, so that serde_json does not get to the second one.
        let text = format!("[1e30,{value}]");
        assert!(decode::<Vec<Option<i128>>>(&text).is_err(), "{text}");
    }
}

#[test]
fn integers_with_fractions_and_exponents_are_exact() {
    for (text, integer) in [
        ("9007199254740993.0", 9_007_199_254_740_993),
        ("-9007199254740993.00", -9_007_199_254_740_993),
        ("9007199254740.993e3", 9_007_199_254_740_993),
        ("90071992547409930e-1", 9_007_199_254_740_993),
        ("0.09007199254740993E+17", 9_007_199_254_740_993),
        ("1e18", 1_000_000_000_000_000_000),
        ("9223372036854775807.0", i64::MAX),
        ("0e99999", 0),
        ("3.0", 3),
        ("3.00000000000000000000000000000", 3),
        ("-0.0", 0),
        ("12.50e1", 125),
    ] {
        assert_eq!(decode::<i64>(text).unwrap(), integer, "{text}");
        assert_eq!(
            decode::<Vec<i64>>(&format!("[{text},1]")).unwrap(),
            [integer, 1]
        );
    }
    for text in [
        "9007199254740993.5",
        "9223372036854775808.0",
        "1e19",
        "1e300",
        "0.5",
        "1e-1",
    ] {
        assert!(decode::<i64>(text).is_err(), "{text}");
    }
    assert_eq!(decode::<i128>("1e30").unwrap(), 10_i128.pow(30));
    assert_eq!(
        decode::<f64>("9007199254740993.0").unwrap(),
        9_007_199_254_740_992.0
    );
}

/// That serde_json passes numbers as maps does not make them objects.
#[test]
fn rejects_numbers_in_place_of_objects() {
    let large = "18446744073709551616";
    for number in [large, "1e2", "1.50", "7"] {
        for map in [
            number.to_owned(),
            format!("{{\"a\":{number},\"b\":{large}}}"),
        ] {
            let map = format!("[{large},{map}]");
            let maps = decode::<Vec<MapOrNumber>>(&map).unwrap();
            assert!(
                !matches!(maps[1], MapOrNumber::Map(_)) || map.contains('{'),
                "{map}"
            );
        }
        assert!(decode::<Maps>(&format!("{{\"number\":{large},\"map\":{number}}}")).is_err());
        assert!(decode::<Maps>(&format!("{{\"number\":{large},\"one\":{number}}}")).is_err());
        let tagged = format!("{{\"map\":{number},\"number\":{large},\"type\":\"maps\"}}");
        assert!(decode::<TaggedMaps>(&tagged).is_err(), "{tagged}");
    }
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Maps {
    number: Option<Number>,
    map: Option<BTreeMap<String, Value>>,
    one: Option<One>,
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(tag = "type")]
enum TaggedMaps {
    #[wire("maps")]
    Maps(Maps),
    Unknown(Value),
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
enum MapOrNumber {
    Map(BTreeMap<String, Number>),
    Number(Number),
    Unknown(Value),
}

#[test]
fn numbers_beyond_the_range_of_floats_are_errors() {
    for text in [
        "9".repeat(400),
        format!("-{}", "9".repeat(309)),
        "1e400".to_owned(),
    ] {
        assert!(decode::<Number>(&text).is_err(), "{text}");
        assert!(decode::<f64>(&text).is_err(), "{text}");
        assert!(decode::<Value>(&text).is_err(), "{text}");
        assert!(decode::<Either>(&text).is_err(), "{text}");
        assert!(text.parse::<Number>().is_err(), "{text}");
    }
}

#[test]
fn converts_numbers() {
    assert_eq!(Number::from(i128::MIN).to_string(), i128::MIN.to_string());
    assert_eq!(Number::from(u128::MAX).as_u128(), Some(u128::MAX));
    assert_eq!(Number::from(u128::MAX).as_i128(), None);
    assert_eq!(Number::from(7_i128), Number::from(7_u64));
    assert_eq!(Number::from(7_u64).as_i64(), Some(7));
    assert_eq!(Number::from(-7).as_u64(), None);
    for text in [
        "0",
        "-1",
        "1.5",
        "-0.25",
        "1e3",
        "9223372036854775807",
        "9223372036854775808",
    ] {
        let number: Number = text.parse().unwrap();
        assert_eq!(number.as_f64(), text.parse().ok(), "{text}");
        assert_eq!(format!("{number:?}"), format!("Number({number})"));
    }
    for digits in LARGE {
        let number: Number = digits.parse().unwrap();
        assert_eq!(number.to_string(), digits);
        assert_eq!(number, decode(digits).unwrap());
    }
    for text in [
        "",
        "-",
        "x",
        "1x",
        "+1",
        "00000000000000000000001",
        "-01",
        "1.",
        "NaN",
        " 1",
        "--1",
    ] {
        assert!(text.parse::<Number>().is_err(), "{text}");
    }
}

#[test]
fn numbers_keep_their_digits_through_serde_json() {
    // Up to 64 bits without `arbitrary_precision`.
    for digits in ["18446744073709551615", "-9223372036854775808", "1.5"] {
        let number: Number = serde_json::from_str(digits).unwrap();
        assert_eq!(serde_json::to_string(&number).unwrap(), digits);
    }
    let number: Number = serde_json::from_value(json!(1.5)).unwrap();
    assert_eq!(number.as_f64(), Some(1.5));
    for digits in LARGE {
        let number: Number = digits.parse().unwrap();
        assert_eq!(serde_json::to_string(&number).unwrap(), digits);
    }
}
