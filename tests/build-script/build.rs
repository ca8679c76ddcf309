//! Generates the module `library` from library.yaml.

use std::env;
use std::path::Path;

use observatory_codegen::config::Config;
use observatory_codegen::plan::Layout;
use observatory_codegen::{Diagnostics, Generator};

fn main() -> Result<(), Diagnostics> {
    println!("cargo::rerun-if-changed=library.yaml");
    let output = Generator::new(Config::default())
        .package(env!("CARGO_PKG_NAME"))
        .layout(Layout::Module("crate::library".to_owned()))
        .generate("library.yaml")?;
    let out_dir = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    output.write_to(&Path::new(&out_dir).join("library"))?;
    Ok(())
}
