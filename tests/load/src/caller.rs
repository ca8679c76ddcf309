//! The implementations that are compared.

use crate::trace::question;
use crate::{generated, hand_written};

/// An implementation that logs traces.
#[derive(Clone)]
pub enum Caller {
    /// The generated client.
    Generated(observatory_galileo::Client),
    /// A client of reqwest, and the URL of the server.
    HandWritten(reqwest::Client, String),
}

impl Caller {
    /// Returns the generated client for the server at `url`.
    pub fn generated(url: &str) -> Self {
        Self::Generated(generated::client(url))
    }

    /// Returns the hand-written client for the server at `url`.
    pub fn hand_written(url: &str) -> Self {
        Self::HandWritten(hand_written::client(), url.to_owned())
    }

    /// Logs the trace with this number.
    pub async fn log(&self, number: u64) {
        match self {
            Self::Generated(client) => generated::log(client, question(number)).await,
            Self::HandWritten(client, url) => {
                hand_written::log(client, url, question(number)).await;
            }
        }
    }
}
