//! Points in time, as servers write them.

mod convert;
mod text;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;
use std::time::SystemTime;

use serde_core::de::Deserializer;
use serde_core::ser::Serializer;

use crate::wire::content::Content;
use crate::wire::fit::Fit;
use crate::wire::{Wire, serde_by_wire};

/// A point in time, kept as the text it came as.
///
/// Servers write `2024-05-01T10:00:00Z`, but also `…+00:00`, with a space for the `T`, without a zone, with nine digits
/// of a second. All of these are read, and each goes back as it came; what has no zone is taken for UTC.
///
/// Two timestamps are equal if they are the same moment, however written, and sort by time. Text that is no timestamp is
/// kept all the same: it is equal to the same text alone, and sorts last.
///
/// It converts from and to [`SystemTime`] and, with the features of these names, the types of `jiff`, `chrono` and
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
    /// This moment, to the microsecond: more digits are more than many servers read.
    pub fn now() -> Self {
        let nanos = text::since_epoch(SystemTime::now());
        Self::from_unix_nanos(nanos - nanos.rem_euclid(1_000))
    }

    /// The moment so many seconds after 1970 began, in UTC.
    pub fn from_unix_seconds(seconds: i64) -> Self {
        Self::from_unix_nanos(i128::from(seconds) * 1_000_000_000)
    }

    /// The moment so many milliseconds after 1970 began, in UTC.
    pub fn from_unix_millis(millis: i64) -> Self {
        Self::from_unix_nanos(i128::from(millis) * 1_000_000)
    }

    /// The moment so many nanoseconds after 1970 began, in UTC.
    pub fn from_unix_nanos(nanos: i128) -> Self {
        Self(text::format(nanos).into())
    }

    /// The text, as it came or as it will be sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the text is a timestamp.
    pub fn is_valid(&self) -> bool {
        self.unix_nanos().is_some()
    }

    /// Nanoseconds since 1970 began in UTC, if the text is a timestamp.
    pub fn unix_nanos(&self) -> Option<i128> {
        text::parse(&self.0)
    }

    /// Milliseconds since 1970 began in UTC, if the text is a timestamp.
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

/// Keeps the text, whatever it is; `str::parse` is the way to have it checked.
impl From<String> for Timestamp {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

/// Keeps the text, whatever it is; `str::parse` is the way to have it checked.
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

/// Text that is no timestamp, or one that the type it should become cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTimestamp(pub(crate) Box<str>);

impl fmt::Display for InvalidTimestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no timestamp, or out of range", self.0)
    }
}

impl std::error::Error for InvalidTimestamp {}

impl Wire for Timestamp {
    const OBJECT: bool = false;

    fn blank() -> Self {
        Self::from(String::new())
    }

    fn write<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::read(deserializer).map(Self::from)
    }

    fn fit(content: &Content<'_>, _depth: u8) -> Fit {
        content
            .as_str()
            .map(|text| if text::parse(text).is_some() { 2 } else { 0 })
    }
}

serde_by_wire!(Timestamp);
