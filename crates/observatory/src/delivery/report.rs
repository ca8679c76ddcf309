//! What became known about all records.

use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Why a record was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DropCause {
    /// The queue had no space.
    QueueFull,
    /// The vendor's API has no place for the record.
    Unsupported,
    /// It could not be delivered before the deadline of its retries.
    Deadline,
    /// It was recorded after the `Observatory` had been dropped.
    Closed,
    /// It was recorded in a process that was forked from the one that built the `Observatory`.
    Forked,
    /// The spool has reached its budget, or the disk is full.
    SpoolFull,
    /// The spool could not write the record, or could not read it again.
    SpoolFailed,
}

impl DropCause {
    /// All causes, in the order of their numbers.
    pub(super) const ALL: [Self; 7] = [
        Self::QueueFull,
        Self::Unsupported,
        Self::Deadline,
        Self::Closed,
        Self::Forked,
        Self::SpoolFull,
        Self::SpoolFailed,
    ];

    /// Returns the cause as a short text.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::QueueFull => "queue full",
            Self::Unsupported => "unsupported",
            Self::Deadline => "deadline",
            Self::Closed => "closed",
            Self::Forked => "forked",
            Self::SpoolFull => "spool full",
            Self::SpoolFailed => "spool failed",
        }
    }
}

/// The state of all records at one moment, by destination.
///
/// ```text
/// langfuse: 3 accepted, 3 acknowledged · galileo: 3 accepted, 2 acknowledged, 1 pending (503, retry in 4 s)
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Each destination, in the order in which it was added.
    pub destinations: Vec<DestinationReport>,
    /// Records of traces that are not in the sample. They are not accepted.
    pub sampled_out: u64,
}

impl Report {
    /// Returns the report of the destination with this name.
    pub fn destination(&self, name: &str) -> Option<&DestinationReport> {
        self.destinations.iter().find(|report| report.name == name)
    }

    /// Returns whether every destination has acknowledged every accepted record.
    pub fn is_delivered(&self) -> bool {
        let mut reports = self.destinations.iter();
        reports.all(|report| report.acknowledged == report.accepted)
    }
}

/// The state of all records for one destination. At every moment,
/// `accepted = acknowledged + rejected + dropped + pending`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct DestinationReport {
    /// The name of the destination.
    pub name: String,
    /// Records that were recorded, or found in the spool at start.
    pub accepted: u64,
    /// Records that the vendor has confirmed.
    pub acknowledged: u64,
    /// Records that the vendor refused. The last of them are among the dead letters.
    pub rejected: u64,
    /// Records that were dropped, by cause.
    pub dropped: BTreeMap<DropCause, u64>,
    /// Records that wait or are being sent.
    pub pending: u64,
    /// Records whose content was cut because they were over a limit of the vendor.
    pub truncated: u64,
    /// Records that an earlier process left in the spool. They are accepted by this one.
    pub recovered: u64,
    /// Requests that failed and were sent again.
    pub retries: u64,
    /// Why the last request failed, until one succeeds; or that there is no response yet.
    pub problem: Option<Problem>,
}

impl DestinationReport {
    /// Returns the number of records that were dropped for any cause.
    pub fn dropped(&self) -> u64 {
        self.dropped.values().sum()
    }
}

/// Why the last request of a destination failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// The cause, such as `503`. Text of vendors is escaped and at most 300 characters long.
    pub reason: String,
    /// How long the destination still waits before it tries again.
    pub retry_in: Option<Duration>,
}

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reports = self.destinations.iter().map(ToString::to_string);
        let sampled_out =
            (self.sampled_out > 0).then(|| format!("{} sampled out", self.sampled_out));
        let all: Vec<String> = reports.chain(sampled_out).collect();
        out.write_str(&all.join(" · "))
    }
}

impl fmt::Display for DestinationReport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{}: {} accepted, {} acknowledged",
            self.name, self.accepted, self.acknowledged
        )?;
        if self.rejected > 0 {
            write!(out, ", {} rejected", self.rejected)?;
        }
        if self.dropped() > 0 {
            let causes: Vec<String> = self
                .dropped
                .iter()
                .map(|(cause, count)| format!("{count} {}", cause.as_str()))
                .collect();
            write!(out, ", {} dropped ({})", self.dropped(), causes.join(", "))?;
        }
        if self.pending > 0 {
            write!(out, ", {} pending", self.pending)?;
            if let Some(problem) = &self.problem {
                write!(out, " ({problem})")?;
            }
        }
        if self.truncated > 0 {
            write!(out, ", {} truncated", self.truncated)?;
        }
        Ok(())
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.reason)?;
        match self.retry_in {
            None => Ok(()),
            Some(delay) if delay < Duration::from_secs(1) => {
                write!(out, ", retry in {} ms", delay.as_millis())
            }
            Some(delay) => write!(out, ", retry in {} s", delay.as_secs_f64().round()),
        }
    }
}
