//! The closed list of everything that can be wrong, each with a name and a meaning.

use std::fmt;

/// Writes the enum, its names and its meanings from one table, so that none can be forgotten.
macro_rules! codes {
    ($($variant:ident = $name:literal: $meaning:literal,)+) => {
        /// What kind of fault a [`Diagnostic`](super::Diagnostic) reports.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $meaning] $variant,)+
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name people write in `vendor.toml` and read in messages.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What it means, in one line.
            pub fn description(self) -> &'static str {
                match self {
                    $(Self::$variant => $meaning,)+
                }
            }
        }
    };
}

codes! {
    Io = "io": "A file could not be read or written.",
    Syntax = "syntax": "The file is not valid JSON, YAML or TOML.",
    DuplicateKey = "duplicate-key": "A key occurs twice in one object, so one of its values would be lost.",
    TooBig = "too-big": "The document is larger than the generator reads.",
    TooDeep = "too-deep": "The document is nested deeper than the generator follows.",
    UnsupportedVersion = "unsupported-version": "The document is not OpenAPI 3.0 or 3.1.",
    WrongType = "wrong-type": "A value is not of the kind that OpenAPI wants in its place.",
    MissingKey = "missing-key": "A key that OpenAPI demands, and nothing can stand in for, is absent.",
    DanglingRef = "dangling-ref": "A reference points at nothing.",
    ExternalRef = "external-ref": "A reference points into another document.",
    CyclicRef = "cyclic-ref": "References lead back to where they started, with nothing between.",
    OverlaySyntax = "overlay-syntax": "An overlay, or a JSONPath in it, cannot be understood.",
    OverlayTarget = "overlay-target": "An overlay action cannot be applied to what it matches.",
    OverlayNoMatch = "overlay-no-match": "An overlay action matches nothing; the document may have been mended.",
    OverlayNoReason = "overlay-no-reason": "An overlay action does not say why it is there.",
    Config = "config": "`vendor.toml` says something that cannot be.",
    UnknownVendor = "unknown-vendor": "There is no folder of that name in `specs/`.",
    UnusedAcceptance = "unused-acceptance": "`vendor.toml` accepts a gap that does not occur.",
    PathOutside = "path-outside": "A generated file would lie outside the crate it belongs to.",
    StaleFile = "stale-file": "A generated file is not what the generator would write now.",
    UndeclaredPathVariable = "undeclared-path-variable": "A path has a variable that no parameter declares.",
    UnusedPathParameter = "unused-path-parameter": "A path parameter is declared that the path has no place for.",
    DuplicateOperation = "duplicate-operation": "Two operations have the same method and the same path.",
    UnsupportedParameter = "unsupported-parameter": "A parameter travels in a way the runtime does not know.",
    UnsupportedMediaType = "unsupported-media-type": "A body has a media type the runtime does not know.",
    UnsupportedSecurity = "unsupported-security": "A security scheme is of a kind the runtime does not know.",
    UndefinedSecurity = "undefined-security": "A security scheme is asked for that the document does not define.",
    UnsupportedSchema = "unsupported-schema": "A schema says something that Rust types cannot.",
    ContradictorySchema = "contradictory-schema": "A schema asks for what no value can be.",
    NameCollision = "name-collision": "Two things would have the same name in Rust.",
    Internal = "internal": "The generator contradicts itself; please report it.",
}

impl Code {
    /// Whether a gap of this kind is a contradiction of the document, and not something the generator cannot do.
    pub fn is_document_error(self) -> bool {
        matches!(
            self,
            Self::ContradictorySchema
                | Self::DuplicateOperation
                | Self::UndeclaredPathVariable
                | Self::UndefinedSecurity
                | Self::UnusedPathParameter
        )
    }

    /// What mends a gap of this kind in the document.
    pub fn suggestion(self) -> &'static str {
        match self {
            Self::ContradictorySchema => "take out one of the parts that contradict each other",
            Self::DuplicateOperation => "remove one of the two",
            Self::UndeclaredPathVariable => "declare the variable as a parameter in `path`",
            Self::UndefinedSecurity => "define the scheme in `components.securitySchemes`",
            Self::UnusedPathParameter => "say where else it travels, or remove it",
            _ => "describe it in another way, or remove it",
        }
    }

    /// The code of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == name)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
