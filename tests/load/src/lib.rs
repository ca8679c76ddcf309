//! One trace log, by our client and by hand, and a server that counts what it is sent: for the benchmarks, the programs
//! whose size is measured, and the test of many calls at once.
#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a program for developers: where a call fails there is nothing to measure"
)]

pub mod generated;
pub mod hand_written;
mod server;
mod server_process;

pub use server::{DONE, MARK, Server};
pub use server_process::{Elsewhere, serve_if_asked};

/// What is asked in the trace of this number.
pub fn question(number: u64) -> String {
    format!("Why is the sky blue #{number}?")
}

/// What is answered.
pub const ANSWER: &str = "Rayleigh scattering.";

/// Either of the two.
#[derive(Clone)]
pub enum Caller {
    /// reqwest and serde, as somebody writes it who needs no more, and where the server is.
    ByHand(reqwest::Client, String),
    /// The generated client.
    Ours(observatory_galileo::Client),
}

impl Caller {
    /// Calls by hand.
    pub fn by_hand(url: &str) -> Self {
        Self::ByHand(hand_written::client(), url.to_owned())
    }

    /// Calls by our client.
    pub fn ours(url: &str) -> Self {
        Self::Ours(generated::client(url))
    }

    /// Logs the trace of this number.
    pub async fn log(&self, number: u64) {
        match self {
            Self::ByHand(client, url) => hand_written::log(client, url, question(number)).await,
            Self::Ours(client) => generated::log(client, question(number)).await,
        }
    }
}
