//! Timestamps: parsing, comparison and conversions.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use observatory_runtime::Timestamp;

#[test]
fn parses_formats_that_servers_use() {
    for (text, nanos) in [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01T00:00:01", 1_000_000_000),
        ("1970-01-01 00:00:01+00:00", 1_000_000_000),
        ("1970-01-01t00:00:01z", 1_000_000_000),
        ("1970-01-01T02:00:00+02:00", 0),
        ("1969-12-31T19:00:00-0500", 0),
        ("1969-12-31T19:00:00-05", 0),
        ("1970-01-01 00:00:00 UTC", 0),
        ("1970-01-01 00:00:00 +0000", 0),
        ("1970-01-01T00:00:00.5Z", 500_000_000),
        ("1970-01-01T00:00:00,123456789", 123_456_789),
        ("1970-01-01T00:00:00.1234567891234Z", 123_456_789),
        ("1970-01-01T00:01Z", 60_000_000_000),
        ("1970-01-02", 86_400_000_000_000),
        ("1969-12-31T23:59:59.999999999Z", -1),
        ("2016-12-31T23:59:60Z", 1_483_228_800_000_000_000),
        ("2000-02-29T12:34:56Z", 951_827_696_000_000_000),
        ("0001-01-01T00:00:00Z", -62_135_596_800_000_000_000),
        ("9999-12-31T23:59:59Z", 253_402_300_799_000_000_000),
    ] {
        assert_eq!(Timestamp::from(text).unix_nanos(), Some(nanos), "{text}");
    }
}

#[test]
fn rejects_invalid_timestamps() {
    for text in [
        "",
        "now",
        "2024",
        "2024-13-01T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "2024-00-01",
        "2024-01-01T",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z",
        "2024-01-01T00:00:61Z",
        "2024-01-01T00:00:00.Z",
        "2024-01-01T00:00:00+",
        "2024-01-01T00:00:00Zx",
        "2024-01-01T00:00:00+24:00",
        "24-01-01T00:00:00Z",
        "2024-01-01T00:00:00 PST",
        "٢٠٢٤-01-01",
        "2024-1-1",
    ] {
        let timestamp = Timestamp::from(text);
        assert_eq!(timestamp.unix_nanos(), None, "{text}");
        assert_eq!(timestamp.as_str(), text);
        assert!(SystemTime::try_from(&timestamp).is_err());
        assert!(text.parse::<Timestamp>().is_err());
    }
}

#[test]
fn compares_by_time() {
    let at = |text: &str| Timestamp::from(text);
    assert_eq!(at("2024-05-01T10:00:00Z"), at("2024-05-01 12:00:00+02:00"));
    assert_ne!(at("soon"), at("later"));
    let sorted: BTreeSet<_> = [
        "soon",
        "2024-05-01T12:00:00+05:00",
        "2024-05-01T08:00:00Z",
        "2024-05-01T12:00:00+05:00",
        "later",
    ]
    .map(at)
    .into();
    let texts: Vec<_> = sorted.iter().map(Timestamp::as_str).collect();
    assert_eq!(
        texts,
        [
            "2024-05-01T12:00:00+05:00",
            "2024-05-01T08:00:00Z",
            "later",
            "soon"
        ]
    );
}

#[test]
fn converts_to_and_from_system_time() {
    for (nanos, text) in [
        (0, "1970-01-01T00:00:00Z"),
        (1_000_000, "1970-01-01T00:00:00.001Z"),
        (1_000, "1970-01-01T00:00:00.000001Z"),
        (-1, "1969-12-31T23:59:59.999999999Z"),
        (951_827_696_120_000_000, "2000-02-29T12:34:56.120Z"),
    ] {
        let timestamp = Timestamp::from_unix_nanos(nanos);
        assert_eq!(
            (timestamp.as_str(), timestamp.unix_nanos()),
            (text, Some(nanos))
        );
        let time = SystemTime::try_from(&timestamp).unwrap();
        assert_eq!(Timestamp::from(time).as_str(), text);
    }
    // Every day of 800 years, which covers every kind of leap year.
    for day in 0..292_194 {
        let timestamp = Timestamp::from_unix_seconds((day - 146_097) * 86_400);
        assert_eq!(
            timestamp.unix_millis(),
            Some((day - 146_097) * 86_400_000),
            "{timestamp}"
        );
    }
    let now = Timestamp::now();
    let since = SystemTime::now()
        .duration_since((&now).try_into().unwrap())
        .unwrap();
    assert!(since < Duration::from_secs(60), "{now}");
    assert!(
        now.as_str().len() <= "2024-05-01T10:00:00.123456Z".len(),
        "{now}"
    );
    // Extreme values can be formatted.
    for nanos in [i128::MIN, i128::MAX] {
        assert!(!Timestamp::from_unix_nanos(nanos).as_str().is_empty());
    }
}

#[cfg(feature = "jiff")]
#[test]
fn converts_to_and_from_jiff() {
    let at = Timestamp::from("2024-05-01 10:00:00.123456789");
    let moment = jiff::Timestamp::try_from(&at).unwrap();
    assert_eq!(moment.to_string(), "2024-05-01T10:00:00.123456789Z");
    assert_eq!(Timestamp::from(moment), at);
}

#[cfg(feature = "chrono")]
#[test]
fn converts_to_and_from_chrono() {
    let at = Timestamp::from("1924-05-01 10:00:00.123456789");
    let moment = chrono::DateTime::<chrono::Utc>::try_from(&at).unwrap();
    assert_eq!(moment.to_rfc3339(), "1924-05-01T10:00:00.123456789+00:00");
    assert_eq!(Timestamp::from(moment), at);
}

#[cfg(feature = "time")]
#[test]
fn converts_to_and_from_time() {
    let at = Timestamp::from("1924-05-01 10:00:00.123456789");
    let moment = time::OffsetDateTime::try_from(&at).unwrap();
    assert_eq!(moment.unix_timestamp_nanos(), at.unix_nanos().unwrap());
    assert_eq!(Timestamp::from(moment), at);
}
