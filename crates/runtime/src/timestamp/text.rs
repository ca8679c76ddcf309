//! Timestamps as text: RFC 3339, and what servers make of it.

use std::time::{Duration, SystemTime};

const NANOS: i128 = 1_000_000_000;
const DAY: i64 = 86_400;

/// Nanoseconds from the epoch to `time`.
pub(super) fn since_epoch(time: SystemTime) -> i128 {
    let nanos = |duration: Duration| i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX);
    time.duration_since(SystemTime::UNIX_EPOCH)
        .map_or_else(|before| -nanos(before.duration()), nanos)
}

/// The moment as RFC 3339 in UTC, with as many groups of three digits below the second as it takes.
pub(super) fn format(nanos: i128) -> String {
    let seconds = i64::try_from(nanos.div_euclid(NANOS)).unwrap_or(i64::MAX);
    let below = nanos.rem_euclid(NANOS);
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    let clock = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
    let fraction = match below {
        0 => String::new(),
        _ if below % 1_000_000 == 0 => format!(".{:03}", below / 1_000_000),
        _ if below % 1_000 == 0 => format!(".{:06}", below / 1_000),
        _ => format!(".{below:09}"),
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// The moment that `text` means.
pub(super) fn parse(text: &str) -> Option<i128> {
    let mut rest = Cursor(text.trim_ascii().as_bytes());
    let year = rest.digits(4)?;
    rest.expect(b"-")?;
    let month = rest.digits(2)?;
    rest.expect(b"-")?;
    let day = rest.digits(2)?;
    if !(1..=12).contains(&month) || !(1..=days_in(year, month)).contains(&day) {
        return None;
    }
    let midnight = days(year, month, day) * DAY;
    if rest.0.is_empty() {
        return Some(i128::from(midnight) * NANOS);
    }
    rest.expect(b"Tt ")?;
    let (clock, below) = clock(&mut rest)?;
    let offset = offset(&mut rest)?;
    rest.0
        .is_empty()
        .then(|| i128::from(midnight + clock - offset) * NANOS + i128::from(below))
}

/// Seconds since midnight, and nanoseconds below.
fn clock(rest: &mut Cursor<'_>) -> Option<(i64, i64)> {
    let hour = rest.digits(2)?;
    rest.expect(b":")?;
    let minute = rest.digits(2)?;
    let second = if rest.take(b":").is_some() {
        rest.digits(2)?
    } else {
        0
    };
    // A minute may have a 61st second; it is the first of the next one to everything that has no leap seconds.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let below = if rest.take(b".,").is_some() {
        rest.fraction()?
    } else {
        0
    };
    Some((hour * 3600 + minute * 60 + second, below))
}

/// Seconds that the zone is ahead of UTC.
fn offset(rest: &mut Cursor<'_>) -> Option<i64> {
    _ = rest.take(b" ");
    if rest.0.is_empty() || rest.take(b"Zz").is_some() {
        return Some(0);
    }
    if matches!(rest.0, b"UTC" | b"GMT") {
        rest.0 = &[];
        return Some(0);
    }
    let sign = if rest.expect(b"+-")? == b'-' { -1 } else { 1 };
    let hours = rest.digits(2)?;
    let minutes = if rest.take(b":").is_some() || !rest.0.is_empty() {
        rest.digits(2)?
    } else {
        0
    };
    (hours <= 23 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

/// What is left of the text.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    /// One of `bytes`, if it is next.
    fn take(&mut self, bytes: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        bytes.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    /// One of `bytes`, which must be next. The name says what it is for.
    fn expect(&mut self, bytes: &[u8]) -> Option<u8> {
        self.take(bytes)
    }

    fn digit(&mut self) -> Option<i64> {
        self.take(b"0123456789")
            .map(|digit| i64::from(digit - b'0'))
    }

    fn digits(&mut self, count: usize) -> Option<i64> {
        (0..count).try_fold(0, |number, _| Some(number * 10 + self.digit()?))
    }

    /// Digits below the second as nanoseconds; what is smaller is left out.
    fn fraction(&mut self) -> Option<i64> {
        let mut nanos = self.digit()? * 100_000_000;
        let mut unit = 10_000_000;
        while let Some(digit) = self.digit() {
            nanos += digit * unit;
            unit /= 10;
        }
        Some(nanos)
    }
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from the epoch to a date. Years are counted from March, so that the odd day comes last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// The date so many days after the epoch.
fn civil(days: i64) -> (i64, i64, i64) {
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
