//! Ids in the form of UUIDs, which some vendors require.

use crate::model::SpanId;
#[cfg(any(feature = "galileo", feature = "helicone"))]
use crate::model::TraceId;

/// Returns the UUID of a trace: its id with the bits of version 4 (RFC 9562).
#[cfg(feature = "galileo")]
pub(super) fn of_trace(trace: TraceId) -> String {
    format(trace.to_bytes())
}

/// Returns the UUID of a span, made of all bits of its id and half of its trace's.
#[cfg(any(feature = "galileo", feature = "helicone"))]
pub(super) fn of_span(trace: TraceId, span: SpanId) -> String {
    let (trace, [a, b, c, d, e, f, g, h]) = (trace.to_bytes(), span.to_bytes());
    // The bytes 6 and 8 hold the version and the variant.
    let [t0, t1, t2, t3, t4, t5, t6, t7, ..] = trace;
    format([a, b, c, d, e, f, t0, g, t1, h, t2, t3, t4, t5, t6, t7])
}

/// Returns the UUID by which LangSmith refers to a span that it received over OTLP: the id, after zeros.
#[cfg(feature = "langsmith")]
pub(super) fn of_span_alone(span: SpanId) -> String {
    let [a, b, c, d, e, f, g, h] = span.to_bytes();
    plain([0, 0, 0, 0, 0, 0, 0, 0, a, b, c, d, e, f, g, h])
}

#[cfg(any(feature = "galileo", feature = "helicone"))]
fn format(mut bytes: [u8; 16]) -> String {
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    plain(bytes)
}

/// Returns bytes in the form of a UUID, without bits of a version.
pub(super) fn plain(bytes: [u8; 16]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let group = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    [
        group(0, 8),
        group(8, 12),
        group(12, 16),
        group(16, 20),
        group(20, 32),
    ]
    .join("-")
}
