//! Conversions between timestamps and the types of other crates.

use std::time::{Duration, SystemTime};

use super::{InvalidTimestamp, Timestamp, rfc3339};

/// Converts to a timestamp in UTC, with full precision.
impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        Self::from_unix_nanos(rfc3339::unix_nanos(time))
    }
}

impl TryFrom<&Timestamp> for SystemTime {
    type Error = InvalidTimestamp;

    fn try_from(timestamp: &Timestamp) -> Result<Self, InvalidTimestamp> {
        convert(timestamp, |nanos| {
            let duration = u64::try_from(nanos.unsigned_abs() / 1_000_000_000).ok()?;
            let subsec_nanos = u32::try_from(nanos.unsigned_abs() % 1_000_000_000).ok()?;
            let duration = Duration::new(duration, subsec_nanos);
            let epoch = Self::UNIX_EPOCH;
            if nanos < 0 {
                epoch.checked_sub(duration)
            } else {
                epoch.checked_add(duration)
            }
        })
    }
}

/// Converts a timestamp with a function of the nanoseconds since the Unix epoch.
fn convert<T>(
    timestamp: &Timestamp,
    from_nanos: impl FnOnce(i128) -> Option<T>,
) -> Result<T, InvalidTimestamp> {
    timestamp
        .unix_nanos()
        .and_then(from_nanos)
        .ok_or_else(|| InvalidTimestamp(timestamp.0.clone()))
}

/// Converts to a timestamp in UTC.
#[cfg(feature = "jiff")]
impl From<jiff::Timestamp> for Timestamp {
    fn from(time: jiff::Timestamp) -> Self {
        Self::from_unix_nanos(time.as_nanosecond())
    }
}

#[cfg(feature = "jiff")]
impl TryFrom<&Timestamp> for jiff::Timestamp {
    type Error = InvalidTimestamp;

    fn try_from(timestamp: &Timestamp) -> Result<Self, InvalidTimestamp> {
        convert(timestamp, |nanos| Self::from_nanosecond(nanos).ok())
    }
}

/// Converts to a timestamp in UTC.
#[cfg(feature = "chrono")]
impl<Z: chrono::TimeZone> From<chrono::DateTime<Z>> for Timestamp {
    fn from(time: chrono::DateTime<Z>) -> Self {
        let subsec_nanos = i128::from(time.timestamp_subsec_nanos());
        Self::from_unix_nanos(i128::from(time.timestamp()) * 1_000_000_000 + subsec_nanos)
    }
}

#[cfg(feature = "chrono")]
impl TryFrom<&Timestamp> for chrono::DateTime<chrono::Utc> {
    type Error = InvalidTimestamp;

    fn try_from(timestamp: &Timestamp) -> Result<Self, InvalidTimestamp> {
        convert(timestamp, |nanos| {
            let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
            let subsec_nanos = u32::try_from(nanos.rem_euclid(1_000_000_000)).ok()?;
            Self::from_timestamp(seconds, subsec_nanos)
        })
    }
}

/// Converts to a timestamp in UTC.
#[cfg(feature = "time")]
impl From<time::OffsetDateTime> for Timestamp {
    fn from(time: time::OffsetDateTime) -> Self {
        Self::from_unix_nanos(time.unix_timestamp_nanos())
    }
}

#[cfg(feature = "time")]
impl TryFrom<&Timestamp> for time::OffsetDateTime {
    type Error = InvalidTimestamp;

    fn try_from(timestamp: &Timestamp) -> Result<Self, InvalidTimestamp> {
        convert(timestamp, |nanos| {
            Self::from_unix_timestamp_nanos(nanos).ok()
        })
    }
}
