//! The public items of a crate, as rustdoc lists them.

use std::path::{Path, PathBuf};
use std::process::Command;

use public_api::PublicItem;

/// A library whose public items are listed.
pub(crate) struct Library<'a> {
    /// The folder of its manifest or of its workspace.
    pub(crate) folder: &'a Path,
    pub(crate) package: &'a str,
    /// The enabled features, separated by commas. Default features are disabled.
    pub(crate) features: &'a str,
    /// The target folder for its dependencies.
    pub(crate) target: &'a Path,
}

impl Library<'_> {
    /// Returns the public items, one each line.
    pub(crate) fn lines(&self) -> Vec<String> {
        let api = public_api::Builder::from_rustdoc_json(self.write_json())
            .omit_blanket_impls(true)
            .omit_auto_trait_impls(true)
            .build();
        let api = api.unwrap_or_else(|error| {
            panic!(
                "{error}\nhelp: use the version of `public-api` in tests/Cargo.toml that reads the JSON format of this \
                 toolchain's rustdoc"
            )
        });
        api.items().map(PublicItem::to_string).collect()
    }

    /// Writes rustdoc's JSON. `RUSTC_BOOTSTRAP` enables this unstable feature on the stable toolchain.
    fn write_json(&self) -> PathBuf {
        let output = Command::new(env!("CARGO"))
            .current_dir(self.folder)
            .env("RUSTC_BOOTSTRAP", "1")
            .env("CARGO_TARGET_DIR", self.target)
            .args(["rustdoc", "--quiet", "--package", self.package, "--lib"])
            .args(["--no-default-features", "--features", self.features])
            .args(["--", "-Z", "unstable-options", "--output-format", "json"])
            .args(["--cap-lints", "allow"])
            .output()
            .expect("cargo runs the tests");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{stderr}");
        let file = format!("{}.json", self.package.replace('-', "_"));
        self.target.join("doc").join(file)
    }
}
