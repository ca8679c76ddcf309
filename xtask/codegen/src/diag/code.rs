//! The closed list of diagnostic codes.

use std::fmt;

use super::Severity;

/// Defines the enum with the name and the description of every code.
macro_rules! codes {
    ($($variant:ident = $name:literal: $description:literal,)+) => {
        /// Classifies a [`Diagnostic`](super::Diagnostic) or an [`Error`](super::Error).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $description] $variant,)+
        }

        impl Code {
            /// Every code, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Returns the name that messages show and that `vendor.toml` uses.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// Returns a description of one sentence.
            pub fn description(self) -> &'static str {
                match self {
                    $(Self::$variant => $description,)+
                }
            }
        }
    };
}

codes! {
    Io = "io": "A file could not be read or written.",
    Syntax = "syntax": "The file is not valid JSON, YAML or TOML.",
    DuplicateKey = "duplicate-key": "An object has two members with the same key and different values.",
    TooBig = "too-big": "The document is larger than the generator's limit.",
    TooDeep = "too-deep": "The document is nested deeper than the generator's limit.",
    IgnoredKeyword = "ignored-keyword": "A keyword has no meaning where it is, or not the type that it must have, and is ignored.",
    UnsupportedVersion = "unsupported-version": "The document is neither OpenAPI 3.0, 3.1 or 3.2 nor Swagger 2.0.",
    WrongType = "wrong-type": "A value does not have the type that OpenAPI requires.",
    MissingKey = "missing-key": "A required key is missing and has no default.",
    DanglingRef = "dangling-ref": "The target of a reference does not exist.",
    ExternalRef = "external-ref": "The target of a reference is in another document.",
    CyclicRef = "cyclic-ref": "References form a cycle that no property or item interrupts.",
    OverlaySyntax = "overlay-syntax": "An overlay, or a JSONPath expression in it, is not valid.",
    OverlayTarget = "overlay-target": "An overlay action cannot be applied to the node that its target selects.",
    OverlayNoMatch = "overlay-no-match": "An overlay action has no effect; the document may have been corrected.",
    OverlayNoReason = "overlay-no-reason": "An overlay action has no description.",
    Config = "config": "A value in `vendor.toml` is not valid.",
    UnknownVendor = "unknown-vendor": "`specs/` has no folder of that name.",
    UnusedAcceptance = "unused-acceptance": "`vendor.toml` accepts a gap that does not occur.",
    PathOutside = "path-outside": "A generated file would be written outside of its crate.",
    ForeignFile = "foreign-file": "A file that was not generated would be overwritten.",
    StaleFile = "stale-file": "A generated file differs from what the generator would write now.",
    UndeclaredServerVariable = "undeclared-server-variable": "The URL of a server has a variable without a default.",
    UndeclaredPathVariable = "undeclared-path-variable": "A path has a variable without a parameter.",
    UnusedPathParameter = "unused-path-parameter": "A path parameter does not occur in the path.",
    DuplicateOperation = "duplicate-operation": "Two operations have the same method and the same path.",
    InvalidParameterName = "invalid-parameter-name": "A header or a cookie cannot have the name of a parameter.",
    UnsupportedParameter = "unsupported-parameter": "The runtime cannot serialize a parameter of this style.",
    UnsupportedConversion = "unsupported-conversion": "A part of a Swagger 2.0 document has no equivalent in OpenAPI 3.",
    UnsupportedMediaType = "unsupported-media-type": "The runtime cannot encode or decode this media type.",
    UnsupportedSecurity = "unsupported-security": "The runtime does not support this type of security scheme.",
    UndefinedSecurity = "undefined-security": "A security requirement names a scheme that is not defined.",
    UnsupportedSchema = "unsupported-schema": "A schema cannot be expressed as a Rust type.",
    ContradictorySchema = "contradictory-schema": "A schema has no valid instance.",
    NameCollision = "name-collision": "Two items would have the same name in Rust.",
    Internal = "internal": "The generator has a bug; please report it.",
}

impl Code {
    /// Returns the severity of a diagnostic with this code: [`Severity::Warning`] if the fault is the document's and
    /// harmless.
    pub fn severity(self) -> Severity {
        match self {
            Self::ContradictorySchema
            | Self::IgnoredKeyword
            | Self::UndeclaredServerVariable
            | Self::UndefinedSecurity
            | Self::UnusedPathParameter => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// Returns whether a gap with this code is due to the document, and not a limit of the generator: an error, or a part
    /// of Swagger 2.0 that OpenAPI 3 cannot describe.
    pub fn is_document_error(self) -> bool {
        matches!(
            self,
            Self::ContradictorySchema
                | Self::CyclicRef
                | Self::DanglingRef
                | Self::DuplicateOperation
                | Self::ExternalRef
                | Self::IgnoredKeyword
                | Self::InvalidParameterName
                | Self::MissingKey
                | Self::UndeclaredPathVariable
                | Self::UndeclaredServerVariable
                | Self::UndefinedSecurity
                | Self::UnsupportedConversion
                | Self::UnusedPathParameter
                | Self::WrongType
        )
    }

    /// Returns how to change the document so that a gap with this code is closed.
    pub fn suggestion(self) -> &'static str {
        match self {
            Self::ContradictorySchema => "remove one of the contradicting keywords",
            Self::DuplicateOperation => "remove one of the two operations",
            Self::IgnoredKeyword => "correct or remove the keyword",
            Self::UndeclaredPathVariable => "declare the variable as a parameter in `path`",
            Self::UndeclaredServerVariable => "declare the variable with a `default`",
            Self::UndefinedSecurity => "define the scheme in `components.securitySchemes`",
            Self::UnusedPathParameter => "change the location of the parameter, or remove it",
            _ => "describe it in another way, or remove it",
        }
    }

    /// Returns the code with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
