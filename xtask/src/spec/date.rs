//! Dates.

use std::time::{SystemTime, UNIX_EPOCH};

/// Checks that `text` is a date in the form `YYYY-MM-DD`.
pub(super) fn parse_date(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split('-').collect();
    let number =
        |part: &str, digits: usize| part.parse::<u32>().ok().filter(|_| part.len() == digits);
    match parts.as_slice() {
        [year, month, day]
            if number(year, 4).is_some()
                && number(month, 2).is_some_and(|month| (1..=12).contains(&month))
                && number(day, 2).is_some_and(|day| (1..=31).contains(&day)) =>
        {
            Ok(text.to_owned())
        }
        _ => Err("expected a date in the form YYYY-MM-DD".to_owned()),
    }
}

/// Returns the current date in UTC, in the form `YYYY-MM-DD`.
pub(super) fn current_date() -> String {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let mut days = seconds / 86_400;
    let is_leap_year = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut year = 1970;
    while days >= 365 + u64::from(is_leap_year(year)) {
        days -= 365 + u64::from(is_leap_year(year));
        year += 1;
    }
    let month_lengths = [
        31,
        28 + u64::from(is_leap_year(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let mut month = 1;
    for length in month_lengths {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    format!("{year:04}-{month:02}-{:02}", days + 1)
}
