//! Open enums of integers.

use observatory_runtime::{IntegerEnum, Model, Patch, Union, Value};
use serde_json::{from_str, json, to_value};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, IntegerEnum)]
#[non_exhaustive]
enum Level {
    #[wire(-1)]
    Below,
    #[wire(0)]
    Ground,
    Unknown(i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, IntegerEnum)]
#[non_exhaustive]
enum Large {
    #[wire(18446744073709551615)]
    Most,
    Unknown(i128),
}

#[derive(Clone, Debug, PartialEq, Model)]
struct Holder {
    level: Level,
    #[wire(nullable)]
    nullable: Option<Level>,
    patch: Patch<Level>,
    large: Option<Large>,
}

#[derive(Clone, Debug, PartialEq, Union)]
#[union(shape)]
#[non_exhaustive]
enum Either {
    Integer(i64),
    Level(Level),
    Text(String),
    Unknown(Value),
}

#[test]
fn keeps_known_and_unknown_values() {
    for (text, level) in [
        ("-1", Level::Below),
        ("0", Level::Ground),
        ("0.0", Level::Ground),
        ("7", Level::Unknown(7)),
        ("9223372036854775807", Level::Unknown(i64::MAX)),
    ] {
        assert_eq!(from_str::<Level>(text).unwrap(), level, "{text}");
    }
    assert_eq!(to_value(Level::Below).unwrap(), json!(-1));
    assert_eq!(to_value(Level::Unknown(7)).unwrap(), json!(7));
    assert!(from_str::<Level>("\"0\"").is_err());
    assert!(from_str::<Level>("0.5").is_err());
}

#[test]
fn keeps_values_beyond_64_bits() {
    let text = "18446744073709551615";
    let most = from_str::<Large>(text).unwrap();
    assert_eq!(most, Large::Most);
    assert_eq!(serde_json::to_string(&most).unwrap(), text);
    assert_eq!(Large::from(-3), Large::Unknown(-3));
    assert_eq!(to_value(Large::Unknown(-3)).unwrap(), json!(-3));
}

#[test]
fn converts_from_and_to_integers_and_text() {
    assert_eq!(Level::from(-1), Level::Below);
    assert_eq!(Level::from(5_i64), Level::Unknown(5));
    assert_eq!(i64::from(Level::Below), -1);
    assert_eq!(Level::Unknown(5).as_i64(), 5);
    assert_eq!("-1".parse(), Ok(Level::Below));
    assert!("below".parse::<Level>().is_err());
    assert_eq!(format!("{:>3}", Level::Below), " -1");
}

#[test]
fn is_a_property_like_any_other() {
    let value = Holder::new(0)
        .nullable(Level::Below)
        .patch(7)
        .large(Large::Most);
    let json =
        json!({"level": 0, "nullable": -1, "patch": 7, "large": 18_446_744_073_709_551_615_u64});
    assert_eq!(to_value(&value).unwrap(), json);
    assert_eq!(from_str::<Holder>(&json.to_string()).unwrap(), value);
    let json = json!({"level": 3, "nullable": null, "patch": null});
    let value = from_str::<Holder>(&json.to_string()).unwrap();
    assert_eq!((value.nullable, &value.patch), (None, &Patch::Null));
    assert_eq!(to_value(&value).unwrap(), json);
}

#[test]
fn is_chosen_in_a_union_for_its_known_values() {
    assert_eq!(
        from_str::<Either>("0").unwrap(),
        Either::Level(Level::Ground)
    );
    assert_eq!(from_str::<Either>("1").unwrap(), Either::Integer(1));
    assert_eq!(
        from_str::<Either>("\"0\"").unwrap(),
        Either::Text("0".to_owned())
    );
    assert_eq!(
        from_str::<Either>("0.5").unwrap(),
        Either::Unknown(json!(0.5))
    );
}
