//! Timestamps that keep their original text.

mod convert;
mod rfc3339;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::time::SystemTime;

use serde_core::de::Deserializer;
use serde_core::ser::Serializer;

use crate::wire::buffered::BufferedValue;
use crate::wire::match_score::{MatchScore, Matcher};
use crate::wire::{Wire, impl_serde_via_wire};

/// A point in time that keeps its original text.
///
/// Accepts RFC 3339 and common deviations from it: a space instead of the `T`, no time zone (read as UTC), and up to
/// nine fractional digits. A received timestamp is sent back unchanged.
///
/// Two timestamps are equal if they denote the same moment, and they are ordered by time. Text that is not a timestamp
/// is kept. It is equal only to the same text, and sorts after all timestamps.
///
/// Converts to and from [`SystemTime`] and, with the features of the same name, the types of `jiff`, `chrono` and
/// `time`.
///
/// ```
/// # use observatory_runtime::Timestamp;
/// # use std::time::{Duration, SystemTime};
/// let sent = Timestamp::from("2024-05-01 10:00:00.5");
/// assert_eq!(sent, Timestamp::from("2024-05-01T12:00:00.500+02:00"));
/// assert_eq!(sent.as_str(), "2024-05-01 10:00:00.5");
///
/// let moment: SystemTime = (&sent).try_into()?;
/// assert_eq!(moment, SystemTime::UNIX_EPOCH + Duration::from_millis(1_714_557_600_500));
/// assert_eq!(Timestamp::from(moment).as_str(), "2024-05-01T10:00:00.500Z");
/// # Ok::<(), observatory_runtime::InvalidTimestamp>(())
/// ```
#[derive(Clone)]
pub struct Timestamp(Box<str>);

impl Timestamp {
    /// Returns the current time in microseconds, because many servers do not accept more digits.
    pub fn now() -> Self {
        let nanos = rfc3339::unix_nanos(SystemTime::now());
        Self::from_unix_nanos(nanos - nanos.rem_euclid(1_000))
    }

    /// Creates a timestamp from seconds since the Unix epoch.
    pub fn from_unix_seconds(seconds: i64) -> Self {
        Self::from_unix_nanos(i128::from(seconds) * 1_000_000_000)
    }

    /// Creates a timestamp from milliseconds since the Unix epoch.
    pub fn from_unix_millis(millis: i64) -> Self {
        Self::from_unix_nanos(i128::from(millis) * 1_000_000)
    }

    /// Creates a timestamp from nanoseconds since the Unix epoch.
    pub fn from_unix_nanos(nanos: i128) -> Self {
        Self(rfc3339::format(nanos).into())
    }

    /// Returns the text, as it was received or will be sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether the text is a valid timestamp.
    pub fn is_valid(&self) -> bool {
        self.unix_nanos().is_some()
    }

    /// Returns the nanoseconds since the Unix epoch, or `None` if the text is not a valid timestamp.
    pub fn unix_nanos(&self) -> Option<i128> {
        rfc3339::parse(&self.0)
    }

    /// Returns the milliseconds since the Unix epoch, or `None` if the text is not a valid timestamp.
    pub fn unix_millis(&self) -> Option<i64> {
        self.unix_nanos()
            .and_then(|nanos| nanos.div_euclid(1_000_000).try_into().ok())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({})", &self.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.cmp(other).is_eq()
    }
}

impl Eq for Timestamp {}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.unix_nanos(), other.unix_nanos()) {
            (Some(this), Some(that)) => this.cmp(&that),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => self.0.cmp(&other.0),
        }
    }
}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.unix_nanos() {
            Some(nanos) => nanos.hash(state),
            None => self.0.hash(state),
        }
    }
}

/// Keeps the text without validating it. Use `str::parse` to validate it.
impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

/// Keeps the text without validating it. Use `str::parse` to validate it.
impl From<&String> for Timestamp {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<&str> for Timestamp {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl FromStr for Timestamp {
    type Err = InvalidTimestamp;

    fn from_str(text: &str) -> Result<Self, InvalidTimestamp> {
        let timestamp = Self::from(text);
        if timestamp.is_valid() {
            Ok(timestamp)
        } else {
            Err(InvalidTimestamp(timestamp.0))
        }
    }
}

/// Text that is not a valid timestamp, or a timestamp that is out of range for the target type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTimestamp(pub(crate) Box<str>);

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid or out-of-range timestamp: {:?}", self.0)
    }
}

impl std::error::Error for InvalidTimestamp {}

impl Wire for Timestamp {
    const IS_OBJECT: bool = false;

    fn placeholder() -> Self {
        Self::from(String::new())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::read(deserializer).map(Self::from)
    }

    fn match_score(value: &BufferedValue<'_>, _matcher: &mut Matcher) -> MatchScore {
        value
            .as_str()
            .map(|text| if rfc3339::parse(text).is_some() { 2 } else { 0 })
    }
}

impl_serde_via_wire!(Timestamp);
