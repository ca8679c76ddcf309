//! Settings of the generated crate that are not part of the document or its configuration.

/// Settings of the generated crate.
#[derive(Clone, Debug)]
pub struct PlanOptions {
    /// The name of the package.
    pub package: String,
    /// The version of the package, for `Cargo.toml` and deprecation notes.
    pub version: String,
    /// The command that generates the crate, for the first line of every file.
    pub command: String,
    /// The path of the document, for the second line of every file.
    pub document: String,
    /// The dependency on the runtime.
    pub runtime: RuntimeDependency,
    /// Whether a crate or a module is generated.
    pub layout: Layout,
}

impl PlanOptions {
    /// Returns the path of the generated code in other crates, for the examples in its documentation.
    pub(super) fn library_path(&self) -> String {
        let package = self.package.replace('-', "_");
        match &self.layout {
            Layout::Crate => package,
            Layout::Module(path) => path.replacen("crate", &package, 1),
        }
    }
}

/// Whether a crate or a module is generated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// A crate, with `Cargo.toml`, `README.md` and a Cargo feature for each resource.
    #[default]
    Crate,
    /// A module of an existing crate, for `include!`: a `mod.rs` and the files below it, without Cargo features.
    ///
    /// The string is the path of the module, such as `crate::petstore`.
    Module(String),
}

/// The source of the runtime in the dependencies of a generated crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuntimeDependency {
    /// This workspace.
    Workspace,
    /// The registry, with a version.
    Version(String),
    /// A path.
    Path(String),
}
