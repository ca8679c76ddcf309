//! Logs one trace with the generated client and with hand-written code, against a server that counts traces, and records
//! LLM calls with `llm-observatory` and with `tracing-opentelemetry`. Used by the benchmarks, the programs whose size is
//! measured, and the load test.
#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a program for developers: a failing call ends the measurement"
)]

mod caller;
pub mod callgrind;
pub mod generated;
pub mod hand_written;
#[cfg(feature = "tracer")]
pub mod llm_call;
pub mod ratios;
mod server;
mod server_process;
mod trace;

pub use caller::Caller;
pub use server::{NUMBER_PREFIX, RESPONSE, TraceServer};
pub use server_process::{ServerProcess, serve_if_requested};
pub use trace::{REPLY, question};
