//! Reports and errors as events of the crate `tracing`.
//!
//! The layer of this crate leaves them out: delivering a report must not make another record.

use super::errors::DeliveryError;
use super::report::Report;

/// The target of the events.
#[cfg(feature = "tracing")]
pub(crate) const TARGET: &str = "llm_observatory::delivery";

/// Emits an event for each destination of a report: a warning where records are rejected, dropped or pending.
#[cfg(feature = "tracing")]
pub(super) fn emit_report(report: &Report) {
    for destination in &report.destinations {
        macro_rules! emit {
            ($level:ident) => {
                tracing::$level!(
                    target: TARGET,
                    destination = destination.name.as_str(),
                    accepted = destination.accepted,
                    acknowledged = destination.acknowledged,
                    rejected = destination.rejected,
                    dropped = destination.dropped(),
                    pending = destination.pending,
                    truncated = destination.truncated,
                    retries = destination.retries,
                    "{destination}"
                )
            };
        }
        if destination.acknowledged == destination.accepted {
            emit!(debug);
        } else {
            emit!(warn);
        }
    }
}

/// Emits an error of the delivery as a warning.
#[cfg(feature = "tracing")]
pub(super) fn emit_error(error: &DeliveryError) {
    tracing::warn!(
        target: TARGET,
        destination = error.destination.as_str(),
        kind = error.kind.as_str(),
        records = error.records,
        "{error}"
    );
}

#[cfg(not(feature = "tracing"))]
pub(super) fn emit_report(_report: &Report) {}

#[cfg(not(feature = "tracing"))]
pub(super) fn emit_error(_error: &DeliveryError) {}
