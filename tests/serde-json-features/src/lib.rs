//! The tests of observatory-runtime, with features of serde_json that other crates of a program can enable.
