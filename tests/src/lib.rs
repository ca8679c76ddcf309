//! Helpers of the tests that need more than one crate of the workspace or an external program.

pub mod fixtures;
pub mod invalid_body;
pub mod json;
pub mod operations;
pub mod prism;
pub mod programs;
pub mod real_servers;
pub mod recordings;
pub mod repository;
pub mod scratch;
pub mod server;
pub mod shared;
