//! The interface of a crate as text, one public item a line.

use std::path::{Path, PathBuf};
use std::process::Command;

use public_api::PublicItem;

/// A library to look at.
pub struct Library<'a> {
    /// Where its manifest lies, or that of its workspace.
    pub folder: &'a Path,
    pub package: &'a str,
    /// With these features and no others.
    pub features: &'a str,
    /// Where to compile what it depends on.
    pub target: &'a Path,
}

impl Library<'_> {
    /// Everything that programs can name.
    pub fn lines(&self) -> Vec<String> {
        let made = public_api::Builder::from_rustdoc_json(self.rustdoc())
            .omit_blanket_impls(true)
            .omit_auto_trait_impls(true)
            .build();
        let api = made.unwrap_or_else(|why| {
            panic!(
                "{why}\nrustdoc's JSON is of another version where the toolchain is: choose the version of `public-api` \
                 in tests/Cargo.toml that reads it"
            )
        });
        api.items().map(PublicItem::to_string).collect()
    }

    /// rustdoc's JSON, which the stable toolchain writes when it is told to behave like a nightly one.
    fn rustdoc(&self) -> PathBuf {
        let output = Command::new(env!("CARGO"))
            .current_dir(self.folder)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", self.target)
            .args(["rustdoc", "--quiet", "--package", self.package, "--lib"])
            .args(["--no-default-features", "--features", self.features])
            .args(["--", "-Z", "unstable-options", "--output-format", "json"])
            .args(["--cap-lints", "allow"])
            .output()
            .expect("there is a cargo, which runs this");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        let file = format!("{}.json", self.package.replace('-', "_"));
        self.target.join("doc").join(file)
    }
}
