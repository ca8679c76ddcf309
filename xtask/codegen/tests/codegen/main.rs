//! Tests of the generator, in one binary, so that it is linked once.

mod casing;
mod compare;
mod config;
mod files;
mod generator;
mod inventory;
mod locator;
mod overlay;
mod source;
