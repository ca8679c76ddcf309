//! Whether decoding lost digits of an integer beyond 64 bits.
//!
//! Without its feature `arbitrary_precision`, serde_json passes such an integer as a float. This is rare, so decoding
//! takes note of it, and [`decode_seed`](crate::json::decode_seed) decodes the text again.

use std::cell::Cell;

thread_local! {
    static HAS_LOST_DIGITS: Cell<bool> = const { Cell::new(false) };
}

/// Takes note of a float that may have been written as an integer.
pub(crate) fn check(float: f64) {
    // 2^53: `f64` does not have the next integer.
    if float.fract() == 0.0 && float.abs() >= 9_007_199_254_740_992.0 {
        HAS_LOST_DIGITS.set(true);
    }
}

/// Takes note of a float in place of an integer. It may have been another number, which is none or another integer
/// (`9007199254740993.0`, `1e-400`).
pub(crate) fn check_integer() {
    HAS_LOST_DIGITS.set(true);
}

/// Returns whether digits were lost since the last call, on this thread.
pub(crate) fn take() -> bool {
    HAS_LOST_DIGITS.replace(false)
}
