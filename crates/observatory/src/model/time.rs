//! Times of records: a wall-clock anchor plus the monotonic clock.

use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// A time as nanoseconds since the Unix epoch. The largest value is in the year 2554.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnixNanos(pub u64);

impl UnixNanos {
    /// Returns whole milliseconds since the Unix epoch, rounded down.
    pub fn as_millis(self) -> u64 {
        self.0 / 1_000_000
    }

    /// Returns the time that passed since `earlier`, or zero where `earlier` is later.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.0.saturating_sub(earlier.0))
    }
}

impl From<SystemTime> for UnixNanos {
    /// Times before the epoch become 0, times after the year 2554 the largest value.
    fn from(time: SystemTime) -> Self {
        let since_epoch = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self(u64::try_from(since_epoch.as_nanos()).unwrap_or(u64::MAX))
    }
}

impl From<UnixNanos> for SystemTime {
    fn from(time: UnixNanos) -> Self {
        UNIX_EPOCH + Duration::from_nanos(time.0)
    }
}

/// Reads the wall clock once and counts on from there with the monotonic clock. A wall clock that is set back during
/// a span gives no negative duration.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    wall: UnixNanos,
    anchor: Instant,
}

impl Clock {
    /// Anchors a clock at the present wall-clock time.
    pub fn start() -> Self {
        Self {
            wall: SystemTime::now().into(),
            anchor: Instant::now(),
        }
    }

    /// Returns the present time. Never earlier than a time this clock has returned before.
    pub fn now(&self) -> UnixNanos {
        self.at(Instant::now())
    }

    /// Returns the wall-clock time of an instant. Instants before the anchor give the anchor's time.
    pub fn at(&self, instant: Instant) -> UnixNanos {
        let elapsed = instant.saturating_duration_since(self.anchor).as_nanos();
        let elapsed = u64::try_from(elapsed).unwrap_or(u64::MAX);
        UnixNanos(self.wall.0.saturating_add(elapsed))
    }
}
