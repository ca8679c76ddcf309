//! The content of the logged trace.

/// Returns the input of the trace with this number.
pub fn question(number: u64) -> String {
    format!("Why is the sky blue #{number}?")
}

/// The output of the trace.
pub const REPLY: &str = "Rayleigh scattering.";
