//! Tokens and cost of a model call.

use serde::{Deserialize, Serialize};

/// Counts of tokens. A count that the model's API did not give is `None`, which is not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Tokens of the input, cached ones included.
    pub input: Option<u64>,
    /// Tokens of the output, reasoning included.
    pub output: Option<u64>,
    /// Input tokens that were read from the provider's cache.
    pub cache_read: Option<u64>,
    /// Input tokens that were written to the provider's cache.
    pub cache_write: Option<u64>,
    /// Output tokens of reasoning.
    pub reasoning: Option<u64>,
}

impl Usage {
    /// Returns the usage of `input` and `output` tokens.
    pub fn tokens(input: u64, output: u64) -> Self {
        Self {
            input: Some(input),
            output: Some(output),
            ..Self::default()
        }
    }

    /// Returns the sum of input and output, or `None` where both are unknown.
    pub fn total(&self) -> Option<u64> {
        match (self.input, self.output) {
            (None, None) => None,
            (input, output) => Some(input.unwrap_or(0).saturating_add(output.unwrap_or(0))),
        }
    }

    /// Returns whether no count is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Cost of a model call in US dollars. This crate has no prices: the program supplies the cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cost {
    /// Cost of the input.
    pub input: Option<f64>,
    /// Cost of the output.
    pub output: Option<f64>,
    /// Cost of the call. May contain more than input and output.
    pub total: Option<f64>,
}

impl Cost {
    /// Returns a cost of which only the total is known.
    pub fn usd(total: f64) -> Self {
        Self {
            total: Some(total),
            ..Self::default()
        }
    }
}

impl From<f64> for Cost {
    /// A cost of which only the total in US dollars is known.
    fn from(total: f64) -> Self {
        Self::usd(total)
    }
}
