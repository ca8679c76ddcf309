//! Formatting and lenient parsing of RFC 3339 timestamps.

use std::time::{Duration, SystemTime};

const NANOS_PER_SECOND: i128 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;

/// Returns the nanoseconds from the Unix epoch to `time`.
pub(super) fn unix_nanos(time: SystemTime) -> i128 {
    let nanos = |duration: Duration| i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX);
    time.duration_since(SystemTime::UNIX_EPOCH)
        .map_or_else(|before| -nanos(before.duration()), nanos)
}

/// Formats nanoseconds since the Unix epoch in UTC, with 0, 3, 6 or 9 fractional digits as needed.
pub(super) fn format(nanos: i128) -> String {
    let seconds = i64::try_from(nanos.div_euclid(NANOS_PER_SECOND)).unwrap_or(i64::MAX);
    let subsec_nanos = nanos.rem_euclid(NANOS_PER_SECOND);
    let (year, month, day) = date_from_days(seconds.div_euclid(SECONDS_PER_DAY));
    let time_of_day = seconds.rem_euclid(SECONDS_PER_DAY);
    let (hour, minute, second) = (time_of_day / 3600, time_of_day / 60 % 60, time_of_day % 60);
    let fraction = match subsec_nanos {
        0 => String::new(),
        _ if subsec_nanos % 1_000_000 == 0 => format!(".{:03}", subsec_nanos / 1_000_000),
        _ if subsec_nanos % 1_000 == 0 => format!(".{:06}", subsec_nanos / 1_000),
        _ => format!(".{subsec_nanos:09}"),
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// Parses a timestamp and returns the nanoseconds since the Unix epoch.
pub(super) fn parse(text: &str) -> Option<i128> {
    let mut rest = Cursor(text.trim_ascii().as_bytes());
    let year = rest.digits(4)?;
    rest.take_one_of(b"-")?;
    let month = rest.digits(2)?;
    rest.take_one_of(b"-")?;
    let day = rest.digits(2)?;
    if !(1..=12).contains(&month) || !(1..=days_in_month(year, month)).contains(&day) {
        return None;
    }
    let midnight = days_from_date(year, month, day) * SECONDS_PER_DAY;
    if rest.0.is_empty() {
        return Some(i128::from(midnight) * NANOS_PER_SECOND);
    }
    rest.take_one_of(b"Tt ")?;
    let (time_of_day, subsec_nanos) = parse_time_of_day(&mut rest)?;
    let offset = parse_offset(&mut rest)?;
    rest.0.is_empty().then(|| {
        i128::from(midnight + time_of_day - offset) * NANOS_PER_SECOND + i128::from(subsec_nanos)
    })
}

/// Parses a time of day. Returns the seconds since midnight and the nanoseconds within the second.
fn parse_time_of_day(rest: &mut Cursor<'_>) -> Option<(i64, i64)> {
    let hour = rest.digits(2)?;
    rest.take_one_of(b":")?;
    let minute = rest.digits(2)?;
    let second = if rest.take_one_of(b":").is_some() {
        rest.digits(2)?
    } else {
        0
    };
    // A leap second is read as the first second of the next minute.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let subsec_nanos = if rest.take_one_of(b".,").is_some() {
        rest.fraction_nanos()?
    } else {
        0
    };
    Some((hour * 3600 + minute * 60 + second, subsec_nanos))
}

/// Parses a UTC offset. Returns the seconds that local time is ahead of UTC.
fn parse_offset(rest: &mut Cursor<'_>) -> Option<i64> {
    _ = rest.take_one_of(b" ");
    if rest.0.is_empty() || rest.take_one_of(b"Zz").is_some() {
        return Some(0);
    }
    if matches!(rest.0, b"UTC" | b"GMT") {
        rest.0 = &[];
        return Some(0);
    }
    let sign = if rest.take_one_of(b"+-")? == b'-' {
        -1
    } else {
        1
    };
    let hours = rest.digits(2)?;
    let minutes = if rest.take_one_of(b":").is_some() || !rest.0.is_empty() {
        rest.digits(2)?
    } else {
        0
    };
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

/// The rest of the text.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    /// Takes the next byte if it is one of `bytes`.
    fn take_one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        bytes.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    fn digit(&mut self) -> Option<i64> {
        self.take_one_of(b"0123456789")
            .map(|digit| i64::from(digit - b'0'))
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        (0..count).try_fold(0, |number, _| Some(number * 10 + self.digit()?))
    }

    /// Parses the fractional digits of a second as nanoseconds. Ignores further digits.
    fn fraction_nanos(&mut self) -> Option<i64> {
        let mut nanos = self.digit()? * 100_000_000;
        let mut unit = 10_000_000;
        while let Some(digit) = self.digit() {
            nanos += digit * unit;
            unit /= 10;
        }
        Some(nanos)
    }
}

fn days_in_month(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Returns the days from the Unix epoch to a date. The algorithm starts years in March, so that a leap day is the last
/// day of a year.
fn days_from_date(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Returns the year, month and day of a number of days since the Unix epoch.
fn date_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, next_year) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (era * 400 + year_of_era + next_year, month, day)
}
