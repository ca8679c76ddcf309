//! The entry point of the library: [`Generator`].

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::config::Config;
use crate::diag::{Code, ColorChoice, Diagnostic, Error, Severity, render};
use crate::loader::{FileLoader, Loader};
use crate::lock::NamesLock;
use crate::pipeline::{Output, PlannedDocument, Strictness, emit_output, plan_document};
use crate::plan::{Layout, PlanOptions, RuntimeDependency, is_windows_device};
use crate::source::{self, RawDocument};

/// A document or an overlay to read: a path, or a text in memory. References of a document lead into files relative to
/// its path or name, which the generator's [`Loader`] reads.
#[derive(Clone, Debug)]
pub enum Input {
    /// A path, read by the generator's [`Loader`].
    Path(PathBuf),
    /// Bytes in memory.
    Memory {
        /// The name that diagnostics show for it. Its extension does not matter.
        name: PathBuf,
        /// YAML or JSON, in UTF-8.
        bytes: Vec<u8>,
    },
    /// A document that has been parsed.
    Parsed(Box<RawDocument>),
}

impl Input {
    /// Creates an input from a text in memory; diagnostics show it as `name`.
    pub fn text(name: impl Into<PathBuf>, text: impl Into<Vec<u8>>) -> Self {
        Self::Memory {
            name: name.into(),
            bytes: text.into(),
        }
    }
}

impl<P: AsRef<Path> + ?Sized> From<&P> for Input {
    fn from(path: &P) -> Self {
        Self::Path(path.as_ref().to_path_buf())
    }
}

impl From<PathBuf> for Input {
    fn from(path: PathBuf) -> Self {
        Self::Path(path)
    }
}

impl From<RawDocument> for Input {
    fn from(parsed: RawDocument) -> Self {
        Self::Parsed(Box::new(parsed))
    }
}

/// Generates a client crate from an OpenAPI document.
///
/// A generator holds the configuration of one API. It writes nothing: [`Output::files`] holds the text of every file,
/// and [`Output::write_to`] writes them.
///
/// # Examples
///
/// A `build.rs` that generates a client into `OUT_DIR`, as one module of the crate that is being built:
///
/// ```no_run
/// use std::{env, path::Path};
///
/// use observatory_codegen::config::Config;
/// use observatory_codegen::plan::Layout;
/// use observatory_codegen::{Diagnostics, Generator};
///
/// fn main() -> Result<(), Diagnostics> {
///     println!("cargo::rerun-if-changed=petstore.yaml");
///     let output = Generator::new(Config::default())
///         .package(env!("CARGO_PKG_NAME"))
///         .layout(Layout::Module("crate::petstore".to_owned()))
///         .generate("petstore.yaml")?;
///     let out_dir = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
///     output.write_to(&Path::new(&out_dir).join("petstore"))?;
///     Ok(())
/// }
/// ```
///
/// The crate then includes the module, and depends on `observatory-runtime` with the features `client` and `rustls`:
///
/// ```ignore
/// pub mod petstore {
///     include!(concat!(env!("OUT_DIR"), "/petstore/mod.rs"));
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Generator {
    config: Config,
    overlay: Option<Input>,
    options: PlanOptions,
    loader: Arc<dyn Loader>,
    allowed_dirs: Vec<PathBuf>,
    strictness: Strictness,
    allow_gaps: bool,
    deny_warnings: bool,
}

impl Generator {
    /// Creates a generator for the API that `config` describes. [`Config::default`] suits a document that needs none.
    pub fn new(config: Config) -> Self {
        let package = match config.package.as_str() {
            "" => "client".to_owned(),
            package => package.to_owned(),
        };
        Self {
            config,
            overlay: None,
            options: PlanOptions {
                package,
                version: "0.1.0".to_owned(),
                command: "observatory-codegen".to_owned(),
                document: String::new(),
                runtime: RuntimeDependency::Version(env!("CARGO_PKG_VERSION").to_owned()),
                layout: Layout::Crate,
            },
            loader: Arc::new(FileLoader),
            allowed_dirs: Vec::new(),
            strictness: Strictness::Strict,
            allow_gaps: false,
            deny_warnings: false,
        }
    }

    /// Sets the OpenAPI Overlay that is applied to the document.
    #[must_use]
    pub fn overlay(mut self, overlay: impl Into<Input>) -> Self {
        self.overlay = Some(overlay.into());
        self
    }

    /// Sets the names that programs use already, as an earlier [`Output::lock`] holds them: they stay.
    #[must_use]
    pub fn lock(mut self, lock: NamesLock) -> Self {
        self.config.names.lock = lock;
        self
    }

    /// Sets the name of the generated package. Default: that of the configuration, or `client`.
    #[must_use]
    pub fn package(mut self, package: impl Into<String>) -> Self {
        self.options.package = package.into();
        self
    }

    /// Sets the version of the generated package, for `Cargo.toml` and deprecation notes. Default: `0.1.0`.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.options.version = version.into();
        self
    }

    /// Sets the command that the first line of every file names. Default: `observatory-codegen`.
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.options.command = command.into();
        self
    }

    /// Sets the path of the document as generated files show it. Default: the file name of the document.
    #[must_use]
    pub fn document_name(mut self, name: impl Into<String>) -> Self {
        self.options.document = name.into();
        self
    }

    /// Sets how the generated crate depends on `observatory-runtime`. Default: by version.
    #[must_use]
    pub fn runtime(mut self, runtime: RuntimeDependency) -> Self {
        self.options.runtime = runtime;
        self
    }

    /// Sets whether a crate or a module is generated. Default: [`Layout::Crate`]. For a module, the package is the
    /// crate that includes it.
    #[must_use]
    pub fn layout(mut self, layout: Layout) -> Self {
        self.options.layout = layout;
        self
    }

    /// Sets what reads paths. Default: [`FileLoader`].
    #[must_use]
    pub fn loader(mut self, loader: impl Loader + 'static) -> Self {
        self.loader = Arc::new(loader);
        self
    }

    /// Allows references of the document to lead into files below `dir`. Files below the folder of the document are
    /// always allowed. If the document is a URL, only references to the same origin are followed.
    #[must_use]
    pub fn allow_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.allowed_dirs.push(dir.into());
        self
    }

    /// Sets how strictly overlay and configuration must match the document. Default: [`Strictness::Strict`].
    #[must_use]
    pub fn strictness(mut self, strictness: Strictness) -> Self {
        self.strictness = strictness;
        self
    }

    /// Sets whether [`Generator::generate`] succeeds where parts of the document cannot be expressed. They are then
    /// left out and listed in [`Output::diagnostics`]. Default: `false`.
    #[must_use]
    pub fn allow_gaps(mut self, allow: bool) -> Self {
        self.allow_gaps = allow;
        self
    }

    /// Sets whether harmless faults of the document count as gaps: an undefined security scheme, a path parameter that
    /// the path lacks, a schema that no value satisfies. Otherwise they are listed in [`Output::warnings`]. Default:
    /// `false`.
    #[must_use]
    pub fn deny_warnings(mut self, deny: bool) -> Self {
        self.deny_warnings = deny;
        self
    }

    /// Returns the configuration.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Generates the files of the crate.
    ///
    /// # Errors
    /// When the document, the overlay or the configuration is invalid, when an overlay action or a configuration rule
    /// matches nothing, or when a part of the document cannot be expressed and neither the configuration nor
    /// [`Generator::allow_gaps`] accepts it.
    pub fn generate(&self, document: impl Into<Input>) -> Result<Output, Diagnostics> {
        self.emit(self.plan(document)?)
    }

    /// Prints the files of a planned document.
    ///
    /// # Errors
    /// As [`Generator::generate`], for parts of the document that cannot be expressed.
    pub fn emit(&self, planned: PlannedDocument) -> Result<Output, Diagnostics> {
        let mut output = emit_output(planned, &self.config)?;
        if self.deny_warnings {
            let warnings = std::mem::take(&mut output.warnings);
            output
                .diagnostics
                .extend(warnings.into_iter().map(|diag| Diagnostic {
                    severity: Severity::Error,
                    ..diag
                }));
            output.diagnostics.sort();
        }
        if self.allow_gaps || output.diagnostics.is_empty() {
            return Ok(output);
        }
        let source = output.raw.source();
        Err(Error::from_diagnostics(output.diagnostics)
            .with_source(source)
            .into())
    }

    /// Runs every stage up to the plan: every name and type is decided, and no code is printed.
    ///
    /// # Errors
    /// As [`Generator::generate`], but for parts of the document that cannot be expressed.
    pub fn plan(&self, document: impl Into<Input>) -> Result<PlannedDocument, Diagnostics> {
        self.check_package()?;
        self.check_layout()?;
        let raw = self.read(document.into())?;
        let raw = source::prepare(raw, &*self.loader, &self.allowed_dirs);
        let overlay = match &self.overlay {
            Some(overlay) => Some(self.read(overlay.clone())?),
            None => None,
        };
        let mut options = Cow::Borrowed(&self.options);
        if options.document.is_empty() {
            let name = raw.path.file_name().unwrap_or_default().to_string_lossy();
            options.to_mut().document = name.replace(char::is_control, " ");
        }
        let planned = plan_document(
            raw,
            overlay.as_ref(),
            &self.config,
            &options,
            self.strictness,
        )?;
        Ok(planned)
    }

    fn check_package(&self) -> Result<(), Error> {
        let name = &self.options.package;
        let is_valid = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let is_identifier = syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_ok();
        // Folders and files are named after a crate.
        if is_identifier
            && !is_windows_device(name)
            && name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(is_valid)
        {
            return Ok(());
        }
        let message = format!("`{}` is not a valid crate name", name.escape_debug());
        let help = "use letters, digits, `-` and `_`; start with a letter; do not use a keyword of Rust or the name of a device \
             on Windows";
        Err(Error::new(Code::Config, message, Some(help)))
    }

    fn check_layout(&self) -> Result<(), Error> {
        let Layout::Module(path) = &self.options.layout else {
            return Ok(());
        };
        let parsed = syn::parse_str::<syn::Path>(path);
        let starts_at_crate = parsed.is_ok_and(|parsed| {
            let mut segments = parsed.segments.iter();
            segments.next().is_some_and(|first| first.ident == "crate")
                && segments.all(|segment| segment.arguments.is_none())
        });
        if starts_at_crate {
            return Ok(());
        }
        let message = format!("`{}` is not the path of a module", path.escape_debug());
        let help = "write it from the root of the crate, such as `crate::petstore`";
        Err(Error::new(Code::Config, message, Some(help)))
    }

    fn read(&self, input: Input) -> Result<RawDocument, Error> {
        match input {
            Input::Path(path) => source::parse(&path, self.loader.load(&path)?),
            Input::Memory { name, bytes } => source::parse(&name, bytes),
            Input::Parsed(parsed) => Ok(*parsed),
        }
    }
}

/// Why a crate cannot be generated: one or more diagnostics, each with its location in the document.
///
/// `Display` and `Debug` both print them with the lines they refer to, so that returning it from the `main` of a
/// `build.rs` shows them.
#[derive(Clone)]
pub struct Diagnostics(Error);

impl Diagnostics {
    /// Returns the diagnostics that have a location in the document.
    pub fn located(&self) -> &[Diagnostic] {
        self.0.diags()
    }

    /// Returns the underlying error.
    pub fn as_error(&self) -> &Error {
        &self.0
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(render(&self.0, ColorChoice::Never).trim_end())
    }
}

impl fmt::Debug for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Diagnostics {}

impl From<Error> for Diagnostics {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<Diagnostics> for Error {
    fn from(diagnostics: Diagnostics) -> Self {
        diagnostics.0
    }
}
