//! Numbers in unions: the choice of a variant by their exact values. `tests/serde-json-features` runs these tests with the
//! features of serde_json.

use std::collections::BTreeMap;
use std::fmt;

use observatory_runtime::private::{DecodeError, Wire, decode_json, encode_json};
use observatory_runtime::{Fixed, IntegerEnum, Model, Number, Union, Value};

fn decode<T: Wire>(text: &str) -> Result<T, DecodeError> {
    decode_json(text.as_bytes())
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
enum Amount {
    Text(String),
    Integer(i64),
    Float(f64),
    Unknown(Value),
}

#[test]
fn unions_choose_floats_and_integers_by_their_exact_values() {
    for (text, amount) in [
        ("9007199254740993", Amount::Integer(9_007_199_254_740_993)),
        ("9007199254740993.0", Amount::Integer(9_007_199_254_740_993)),
        ("1e18", Amount::Integer(1_000_000_000_000_000_000)),
        // The shortest text of a float is not the integer that the float is.
        (
            "1.2345678901234567e+19",
            Amount::Float(1.2345678901234567e19),
        ),
        ("1e300", Amount::Float(1e300)),
        (
            "9007199254740993.5",
            Amount::Float("9007199254740993.5".parse().unwrap()),
        ),
        ("0.5", Amount::Float(0.5)),
    ] {
        assert_eq!(decode::<Amount>(text).unwrap(), amount, "{text}");
        let list = decode::<Vec<Amount>>(&format!("[{text},\"a\"]")).unwrap();
        assert_eq!(list, [amount, Amount::Text("a".to_owned())]);
    }
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
enum IntegerOrText {
    Integer(i64),
    Text(String),
    Unknown(Value),
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
enum FloatOrText {
    Float(f64),
    Text(String),
    Unknown(Value),
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
enum LevelOrText {
    Level(Level),
    Text(String),
    Unknown(Value),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, IntegerEnum)]
enum Level {
    #[wire(0)]
    Zero,
    #[wire(1)]
    One,
    Unknown(i64),
}

macro_rules! fixed_models {
    ($($name:ident: $literal:literal),*) => {$(
        #[derive(Clone, Debug, PartialEq, Model)]
        struct $name {
            n: Option<f64>,
            #[wire("v", fixed = $literal)]
            #[doc(hidden)]
            v: Fixed,
        }
    )*};
}
fixed_models!(FixedOne: 1, FixedZero: 0, FixedOdd: 9_007_199_254_740_993);

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
enum ByFixed {
    One(FixedOne),
    Zero(FixedZero),
    Odd(FixedOdd),
    Unknown(Value),
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(tag = "v")]
enum ByTag {
    #[wire(1)]
    One(FixedOne),
    #[wire(0)]
    Zero(FixedZero),
    #[wire(9_007_199_254_740_993)]
    Odd(FixedOdd),
    Unknown(Value),
}

/// Numbers near an integer, of which the nearest float is this integer or another one.
const NEAR_INTEGERS: [&str; 22] = [
    "0.99999999999999999999",
    "1.00000000000000000001",
    "-0.99999999999999999999",
    "99999999999999999999e-20",
    "1e-400",
    "-1e-400",
    "0.0",
    "-0.0",
    "-0",
    "1.0",
    "10e-1",
    "9007199254740991.99999999",
    "9007199254740992",
    "9007199254740993",
    "9007199254740994",
    "9007199254740993.0",
    "9007199254740993.5",
    "9223372036854775807.0",
    "9223372036854775807.5",
    "9223372036854775808",
    "170141183460469231731687303715884105727",
    "1.5",
];

/// Returns a number as its integer, or else as its digits before the exponent and the float that is nearest.
fn exact(text: &str) -> (Option<i128>, f64) {
    let number: Number = text.parse().unwrap();
    let float: f64 = text.parse().unwrap();
    let integer = match number.as_i128() {
        None if float.fract() == 0.0 => decode::<i128>(text).ok(),
        integer => integer,
    };
    (integer, float)
}

#[track_caller]
fn assert_number_is_kept<T: Wire + fmt::Debug>(text: &str, value: &str) {
    let read: T = decode(text).unwrap();
    let written = String::from_utf8(encode_json(&read).unwrap()).unwrap();
    let numbers = written.trim_matches(|c: char| !"+-.eE0123456789".contains(c));
    let (before, after) = (exact(value), exact(numbers));
    // Kept exactly, or as the float that serde_json reads; an integer never comes from another number.
    assert_eq!(
        before.1.to_bits(),
        after.1.to_bits(),
        "{value}: {read:?}, {written}"
    );
    let is_other_integer = format!("{read:?}").contains("Integer(") && before.0 != after.0;
    assert!(!is_other_integer, "{value}: {read:?}");
}

#[test]
fn unions_never_change_a_number() {
    for text in NEAR_INTEGERS {
        let is_zero = text.parse() == Ok(0.0);
        assert_number_is_kept::<Amount>(text, text);
        assert_number_is_kept::<FloatOrText>(text, text);
        assert_number_is_kept::<Vec<Amount>>(&format!("[{text}]"), text);
        assert_number_is_kept::<BTreeMap<String, Amount>>(&format!("{{\"k\":{text}}}"), text);
        // An integer has no negative zero.
        if !is_zero {
            assert_number_is_kept::<IntegerOrText>(text, text);
            assert_number_is_kept::<LevelOrText>(text, text);
            assert_number_is_kept::<ByFixed>(&format!("{{\"v\":{text}}}"), text);
            assert_number_is_kept::<ByTag>(&format!("{{\"v\":{text}}}"), text);
        }
    }
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
enum FloatOrNumber {
    Float(f64),
    Number(Number),
    Unknown(Value),
}

#[test]
fn a_float_matches_no_integer_that_it_does_not_equal() {
    for digits in [
        "9007199254740993",
        "170141183460469231731687303715884105727",
        "170141183460469231731687303715884105726",
    ] {
        let read: FloatOrNumber = decode(digits).unwrap();
        let number = FloatOrNumber::Number(digits.parse().unwrap());
        assert_eq!(read, number);
    }
}

#[test]
fn constants_equal_only_their_own_number() {
    for (text, is_one) in [
        ("1", true),
        ("1.0", true),
        ("10e-1", true),
        ("0.99999999999999999999", false),
        ("1.00000000000000000001", false),
    ] {
        let text = format!("{{\"v\":{text}}}");
        let (shape, tagged) = (
            decode::<ByFixed>(&text).unwrap(),
            decode::<ByTag>(&text).unwrap(),
        );
        assert_eq!(matches!(shape, ByFixed::One(_)), is_one, "{text}");
        assert_eq!(matches!(tagged, ByTag::One(_)), is_one, "{text}");
        let alone: FixedOne = decode(&text).unwrap();
        assert_eq!(alone.v == Fixed::Expected, is_one, "{text}");
    }
    for (text, is_odd) in [
        ("9007199254740993", true),
        ("9007199254740993.0", true),
        ("9007199254740992", false),
        ("9007199254740994", false),
        ("9007199254740993.5", false),
    ] {
        let text = format!("{{\"v\":{text}}}");
        let (shape, tagged) = (
            decode::<ByFixed>(&text).unwrap(),
            decode::<ByTag>(&text).unwrap(),
        );
        assert_eq!(matches!(shape, ByFixed::Odd(_)), is_odd, "{text}");
        assert_eq!(matches!(tagged, ByTag::Odd(_)), is_odd, "{text}");
    }
}
