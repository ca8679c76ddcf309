//! Sampling by trace.

use crate::model::TraceId;

/// Random bits of a trace id, of which W3C Trace Context (level 2) defines the last 56.
const RANDOM_BITS: u32 = 56;

/// The traces that are recorded. Depends only on the id of the trace, so that all services and processes with the same
/// ratio record the same traces, and scores follow their trace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sampling {
    /// Ids whose random bits are below are in the sample.
    threshold: u64,
}

impl Sampling {
    /// Contains this part of all traces. A ratio that is not a number contains all.
    pub fn new(ratio: f64) -> Self {
        let ratio = if ratio.is_nan() {
            1.0
        } else {
            ratio.clamp(0.0, 1.0)
        };
        let all = 1_u64 << RANDOM_BITS;
        // Exact for 0 and 1; rounded in between.
        Self {
            threshold: (ratio * all as f64) as u64,
        }
    }

    pub fn contains(self, trace: TraceId) -> bool {
        let [.., a, b, c, d, e, f, g] = trace.to_bytes();
        u64::from_be_bytes([0, a, b, c, d, e, f, g]) < self.threshold
    }
}

impl Default for Sampling {
    fn default() -> Self {
        Self::new(1.0)
    }
}
