//! The commands, run as people run them, in a repository of their own.

mod codegen;
mod documents;
mod reports;
mod support;
mod vendors;
